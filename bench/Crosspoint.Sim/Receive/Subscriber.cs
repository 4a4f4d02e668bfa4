using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Server;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>Somebody who watches as a browser does: receives, repairs, reports, and shows pictures.</summary>
internal sealed class Subscriber : Actor
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
    private static readonly NtpClock Clock = new(Instant.Zero, new NtpTimestamp(0xD000_0000_0000_0000));

    private readonly SimServer _server;
    private readonly ServerPort _port;
    private readonly RtpCapabilities _capabilities;
    private readonly Dictionary<uint, VideoReceiver> _videoBySsrc = [];
    private readonly Dictionary<uint, RtpReceiveStream> _audioBySsrc = [];
    private readonly List<VideoReceiver> _videos = [];
    private readonly byte[] _scratch = new byte[2048];
    private readonly ReceiverControl _control;
    private readonly Ssrc _ssrc;

    private Instant _nextReport;
    private TimeSpan _roundTrip = TimeSpan.FromMilliseconds(100);
    private int _mids;

    public Subscriber(SimServer server, Policy policy, NetPath up, NetPath down, long seed)
    {
        LinkRandom random = new(seed, 2);
        _server = server;
        _capabilities = policy.ReduceReceiver(SimServer.Capabilities);
        _port = server.AddPort(up, down, HandleDown);
        _ssrc = new Ssrc((uint)random.Between(1, uint.MaxValue));
        _control = new ReceiverControl(policy, _ssrc);
        _nextReport = server.Time.Now + TimeSpan.FromMilliseconds(200 + random.Below(800));
        server.Time.Arm(this);
    }

    public ServerPort Port => _port;

    public IReadOnlyList<VideoReceiver> Videos => _videos;

    /// <summary>Voices it hears.</summary>
    public int AudioTracks => _audioBySsrc.Count;

    /// <summary>Audio frames that came.</summary>
    public long AudioFrames { get; private set; }

    /// <inheritdoc/>
    public override Instant NextTimeout
    {
        get
        {
            Instant next = Instant.Min(_nextReport, _control.NextTimeout);
            foreach (VideoReceiver video in _videos)
            {
                next = Instant.Min(next, Instant.Min(video.NextTimeout, video.Stream.NextTimeout));
            }

            return next;
        }
    }

    public VideoReceiver WatchVideo(Track track)
    {
        ConsumerNegotiation negotiation = _server.Negotiate(track.Negotiation, _capabilities, $"{_mids++}");
        Consumer consumer = _server.Router.Consume(_server.Time.Now, _port.Transport, track.Producer, negotiation.Plan, paused: false);
        _port.Describe(consumer);
        byte dependencies = HeaderExtensionUris.TryParse(RtpExtensionUris.DependencyDescriptor, out HeaderExtensionKind kind) ? negotiation.Plan.Extensions[kind] : (byte)0;
        VideoReceiver video = new(_server.Time.Now, consumer, track.Source, dependencies);
        _videos.Add(video);
        _videoBySsrc[consumer.Plan.Ssrc.Value] = video;
        if (consumer.Plan.RtxSsrc != Ssrc.None)
        {
            _videoBySsrc[consumer.Plan.RtxSsrc.Value] = video;
        }

        _control.Add(consumer.Plan);
        _server.Router.RequestKeyFrame(_server.Time.Now, consumer);
        _server.Settle(_server.Time.Now);
        return video;
    }

    public void HearAudio(Track track)
    {
        ConsumerNegotiation negotiation = _server.Negotiate(track.Negotiation, _capabilities, $"{_mids++}");
        Consumer consumer = _server.Router.Consume(_server.Time.Now, _port.Transport, track.Producer, negotiation.Plan, paused: false);
        _port.Describe(consumer);
        _control.Add(consumer.Plan);
        _audioBySsrc[consumer.Plan.Ssrc.Value] = new RtpReceiveStream(new RtpReceiveStreamOptions { Ssrc = consumer.Plan.Ssrc, ClockRate = consumer.Plan.ClockRate });
        _server.Settle(_server.Time.Now);
    }

    /// <inheritdoc/>
    public override void HandleTimeout(Instant now)
    {
        foreach (VideoReceiver video in _videos)
        {
            if (video.HandleTimeout(now))
            {
                AskForKeyFrame(now, video);
            }

            SendNack(now, video);
        }

        if (now >= _nextReport)
        {
            _nextReport += ReportInterval;
            Report(now);
        }

        SendControl(now);
    }

    private void HandleDown(Instant now, SimPacket packet)
    {
        if (packet.Purpose == PacketPurpose.Control)
        {
            HandleRtcp(now, packet.Bytes);
        }
        else if (RtpPacket.TryParse(packet.Bytes, out RtpPacket rtp))
        {
            _control.Handle(now, rtp, packet.WireLength, _roundTrip);
            HandleRtp(now, rtp);
            SendControl(now);
        }

        _server.Time.Arm(this);
    }

    private void HandleRtp(Instant now, in RtpPacket packet)
    {
        if (_audioBySsrc.TryGetValue(packet.Ssrc.Value, out RtpReceiveStream? audio))
        {
            audio.Handle(now, packet);
            AudioFrames++;
        }
        else if (_videoBySsrc.TryGetValue(packet.Ssrc.Value, out VideoReceiver? video))
        {
            bool stuck = packet.Ssrc == video.Stream.Ssrc
                ? video.Handle(now, packet, video.Stream.Handle(now, packet).Nack)
                : HandleRtx(now, video, packet);
            if (stuck)
            {
                AskForKeyFrame(now, video);
            }

            SendNack(now, video);
        }
    }

    private bool HandleRtx(Instant now, VideoReceiver video, in RtpPacket packet)
    {
        Span<byte> copy = _scratch.AsSpan(0, packet.Bytes.Length);
        packet.Bytes.CopyTo(copy);
        return video.Stream.TryHandleRtx(now, copy, video.Consumer.Plan.PayloadType, out NackVerdict verdict)
            && verdict != NackVerdict.Duplicate
            && RtpPacket.TryParse(copy[RtxPacket.OriginalSequenceNumberLength..], out RtpPacket original)
            && video.Handle(now, original, verdict);
    }

    private void HandleRtcp(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (!RtcpReader.TryOpen(bytes, out RtcpReader reader))
        {
            return;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (SenderReport.TryParse(packet, out SenderReport report))
            {
                RtpReceiveStream? stream = _videoBySsrc.TryGetValue(report.Ssrc.Value, out VideoReceiver? video) ? video.Stream : _audioBySsrc.GetValueOrDefault(report.Ssrc.Value);
                stream?.HandleSenderReport(now, report.Info);
            }
            else if (ExtendedReport.TryParse(packet, out ExtendedReport extended))
            {
                for (int i = 0; i < extended.DelayCount; i++)
                {
                    MeasureRoundTrip(now, extended.GetDelay(i));
                }
            }
        }
    }

    private void MeasureRoundTrip(Instant now, DelaySinceLastReceiverReport delay)
    {
        if (delay.Ssrc == _ssrc && delay.LastReceiverReport != NtpShort.Zero)
        {
            uint trip = Clock.ToNtp(now).Middle.Value - delay.LastReceiverReport.Value - delay.Delay.Value;
            _roundTrip = new NtpShort(trip).ToTimeSpan();
        }
    }

    private void Report(Instant now)
    {
        List<ReportBlock> blocks = [];
        foreach (RtpReceiveStream stream in _videos.Select(video => video.Stream).Concat(_audioBySsrc.Values))
        {
            if (blocks.Count < 31 && stream.TryTakeReport(now, out ReportBlock block))
            {
                blocks.Add(block);
            }
        }

        SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
        RtcpWriter writer = new(packet.Buffer);
        ReceiverReport.TryWrite(ref writer, _ssrc, [.. blocks]);
        ExtendedReport.TryWriteReferenceTime(ref writer, _ssrc, Clock.ToNtp(now));
        Send(now, packet, writer.Length);
    }

    private void SendNack(Instant now, VideoReceiver video)
    {
        if (video.Stream.NextTimeout > now)
        {
            return;
        }

        SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
        RtcpWriter writer = new(packet.Buffer.AsSpan(0, 1200));
        video.Stream.TryWriteNack(now, _roundTrip, ref writer, _ssrc);
        Send(now, packet, writer.Length);
    }

    private void AskForKeyFrame(Instant now, VideoReceiver video)
    {
        SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
        RtcpWriter writer = new(packet.Buffer);
        PictureLossIndication.TryWrite(ref writer, _ssrc, video.Stream.Ssrc);
        Send(now, packet, writer.Length);
    }

    private void SendControl(Instant now)
    {
        while (_control.NextTimeout <= now)
        {
            SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
            RtcpWriter writer = new(packet.Buffer.AsSpan(0, 1200));
            bool more = _control.TryWrite(now, ref writer);
            Send(now, packet, writer.Length);
            if (!more)
            {
                return;
            }
        }
    }

    private void Send(Instant now, SimPacket packet, int length)
    {
        packet.Length = length;
        if (length == 0)
        {
            _server.Pool.Return(packet);
        }
        else
        {
            _port.Up.Send(now, packet);
        }
    }
}
