using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>A subscriber behind a virtual link, which answers with transport-wide feedback, on a clock of one millisecond.</summary>
internal sealed class CongestedRoom
{
    private readonly VirtualLink<byte[]> _link;
    private readonly VirtualLink<byte[]> _back;
    private readonly TransportFeedbackGenerator _feedback = new(new TransportFeedbackGeneratorOptions());
    private readonly List<Track> _tracks = [];
    private readonly List<Track> _voices = [];
    private readonly List<RouterEvent> _events = [];
    private int _sent;

    public CongestedRoom(LinkPlan plan, RouterOptions? options = null)
    {
        Room = new Room(options);
        Receiver = Room.AddPeer();
        _link = new VirtualLink<byte[]>(plan, Instant.Zero);
        _back = new VirtualLink<byte[]>(new LinkPlan { Delay = plan.Delay }, Instant.Zero);
    }

    public Room Room { get; }

    public FakePeer Receiver { get; }

    public Instant Now { get; private set; }

    /// <summary>How large keyframes are at least, in kilobytes.</summary>
    public int KeyFrameKilobytes { get; set; } = 1;

    /// <summary>Videos have temporal layer ids.</summary>
    public bool IsLayered { get; init; }

    /// <summary>Keyframes that were sent.</summary>
    public int KeyFrames => _tracks.Sum(track => track.KeyFrames);

    public List<(Instant At, byte[] Packet)> Arrived { get; } = [];

    public IReadOnlyList<RouterEvent> Events => _events;

    public VirtualLink<byte[]> Link => _link;

    /// <summary>A video of one layer at a rate, thirty frames per second.</summary>
    public (Producer Producer, Consumer Consumer) AddVideo(int kilobits, byte priority = 1, string? capabilities = null)
    {
        (FakePeer sender, Producer producer) = Room.AddVideo();
        (_, Consumer consumer) = Room.Consume(producer, capabilities ?? ClientJson.ModernCapabilities, peer: Receiver);
        Room.Router.SetPriority(Now, consumer, priority);
        Track track = new(sender, producer, kilobits);
        _tracks.Add(track);
        return (producer, consumer);
    }

    /// <summary>Somebody who speaks all the time: a packet of 100 bytes every 20 ms, 58 kbit/s with what is around it. It has numbers where the capabilities have them.</summary>
    public Consumer AddVoice(string capabilities)
    {
        (FakePeer sender, Producer producer) = Room.AddAudio($"voice {_voices.Count}");
        _voices.Add(new Track(sender, producer, 40));
        return Room.ConsumeAudio(producer, Receiver, capabilities);
    }

    public void Run(double untilSeconds)
    {
        Instant end = Instant.FromMilliseconds(untilSeconds * 1000);
        while (Now < end)
        {
            Now += TimeSpan.FromMilliseconds(1);
            foreach (Track track in _tracks)
            {
                Send(track);
            }

            foreach (Track voice in _voices)
            {
                Speak(voice);
            }

            Carry();
            if (Room.Router.NextTimeout <= Now)
            {
                Room.Router.HandleTimeout(Now);
                Carry();
            }

            _events.AddRange(Room.Events());
        }
    }

    /// <summary>Bytes of a consumer's media that arrived between two seconds, in kbit/s.</summary>
    public double Kilobits(Consumer consumer, double from, double to) => Arrived
        .Where(one => one.At > Instant.FromMilliseconds(from * 1000) && one.At <= Instant.FromMilliseconds(to * 1000))
        .Where(one => Packets.Parse(one.Packet).Ssrc == consumer.Plan.Ssrc)
        .Sum(one => one.Packet.Length) * 8 / 1000.0 / (to - from);

    private void Send(Track track)
    {
        if (Now < track.Next)
        {
            return;
        }

        track.Next = Now + TimeSpan.FromMilliseconds(33);
        bool isKey = track.Frame % 90 == 0;
        track.KeyFrames += isKey ? 1 : 0;
        int parts = Math.Max(isKey ? KeyFrameKilobytes : 1, track.Kilobits / 8 / 30);
        for (int part = 0; part < parts; part++)
        {
            bool begins = part == 0;
            byte start = (byte)(begins ? 0x10 : 0x00);
            byte frame = (byte)(begins && isKey ? 0 : 1);
            byte[] payload = IsLayered ? [(byte)(0x80 | start), 0x20, 0x00, frame, .. new byte[996]] : [start, frame, .. new byte[998]];
            byte[] packet = Packets.Rtp(track.Producer.Plan, track.Sequence++, (uint)(track.Frame * 3000), payload);
            packet[1] = (byte)(part == parts - 1 ? packet[1] | 0x80 : packet[1] & 0x7F);
            Room.Router.HandleRtp(Now, track.Sender.Transport, packet);
        }

        foreach ((_, byte[] rtcp) in track.Sender.Sink.Rtcp)
        {
            track.Frame = Packets.Kinds([(Now, rtcp)]).Contains(RtcpKind.PictureLossIndication) ? 89 : track.Frame;
        }

        track.Sender.Sink.Rtcp.Clear();
        track.Frame++;
    }

    private void Speak(Track voice)
    {
        if (Now >= voice.Next)
        {
            voice.Next = Now + TimeSpan.FromMilliseconds(20);
            byte[] packet = Packets.Rtp(voice.Producer.Plan, voice.Sequence, (uint)(voice.Sequence * 960), new byte[100]);
            voice.Sequence++;
            Room.Router.HandleRtp(Now, voice.Sender.Transport, packet);
        }
    }

    private void Carry()
    {
        for (; _sent < Receiver.Sink.Rtp.Count; _sent++)
        {
            byte[] packet = Receiver.Sink.Rtp[_sent].Packet;
            _link.TryEnqueue(Now, packet.Length + 44, packet);
        }

        while (_link.TryDequeue(Now, out byte[]? packet))
        {
            Arrived.Add((Now, packet));
            if (Packets.Parse(packet).TryGetExtension(5, out ReadOnlySpan<byte> element) && TransportSequenceNumber.TryRead(element, out SequenceNumber number))
            {
                _feedback.Handle(Now, number, packet.Length + 44);
            }
        }

        while (_feedback.NextTimeout <= Now)
        {
            byte[] bytes = new byte[1200];
            RtcpWriter writer = new(bytes);
            Assert.True(_feedback.TryWrite(Now, ref writer, new Ssrc(1), new Ssrc(2)));
            _back.TryEnqueue(Now, writer.Length, writer.Written.ToArray());
        }

        while (_back.TryDequeue(Now, out byte[]? rtcp))
        {
            Room.Router.HandleRtcp(Now, Receiver.Transport, rtcp);
        }
    }

    private sealed class Track(FakePeer sender, Producer producer, int kilobits)
    {
        public FakePeer Sender { get; } = sender;

        public Producer Producer { get; } = producer;

        public int Kilobits { get; } = kilobits;

        public Instant Next { get; set; }

        public int Frame { get; set; }

        public int KeyFrames { get; set; }

        public int Sequence { get; set; }
    }
}
