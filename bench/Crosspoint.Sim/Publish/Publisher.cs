using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Plans;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Scenarios;
using Crosspoint.Sim.Server;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Publish;

/// <summary>
/// Somebody who sends as a browser does: encodes thirty times a second at the rate his congestion control allows, paces, repeats what
/// is asked for again, makes keyframes when asked, and reports.
/// </summary>
internal sealed class Publisher : Actor
{
    private static readonly TimeSpan PictureInterval = TimeSpan.FromTicks(TimeSpan.TicksPerSecond / EncoderShape.FramesPerSecond);
    private static readonly TimeSpan AudioInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly SimServer _server;
    private readonly ServerPort _port;
    private readonly UplinkControl _control;
    private readonly NtpClock _clock = new(Instant.Zero, new NtpTimestamp(0xE456_0000_0000_0000));
    private readonly Queue<Outgoing> _paced = new();
    private readonly Queue<Outgoing> _repairs = new();
    private readonly List<LayerFrame> _frames = [];
    private readonly List<Track> _tracks = [];
    private readonly Policy _policy;
    private Outgoing? _lastVideo;
    private readonly long _seed;

    private Instant _nextPicture;
    private Instant _nextAudio;
    private Instant _nextReport;

    public Publisher(SimServer server, Policy policy, NetPath up, NetPath down, Bitrate most, long seed)
    {
        _server = server;
        _policy = policy;
        _seed = seed;
        _port = server.AddPort(up, down, HandleDown);
        _control = new UplinkControl(server.Time.Now, policy, most);

        // Cameras do not tick together.
        LinkRandom random = new(seed, 1);
        _nextPicture = server.Time.Now + new TimeSpan(random.Below(PictureInterval.Ticks));
        _nextAudio = server.Time.Now + new TimeSpan(random.Below(AudioInterval.Ticks));
        _nextReport = server.Time.Now + TimeSpan.FromMilliseconds(300 + random.Below(300));
    }

    public ServerPort Port => _port;

    public UplinkControl Control => _control;

    public IReadOnlyList<Track> Tracks => _tracks;

    /// <inheritdoc/>
    public override Instant NextTimeout =>
        Instant.Min(Instant.Min(Instant.Min(_nextPicture, _nextAudio), _nextReport), Instant.Min(_control.NextTimeout, TryPeek(out Outgoing next) ? _control.NextPass(SizeOf(next)) : Instant.Never));

    public Track AddVideo(EncoderShape shape, ushort source)
    {
        uint ssrc = 0x1000_0000u + (source * 16u);
        ProducerNegotiation negotiation = SimServer.Negotiate(MediaKind.Video, TrackParameters.Video(shape, ssrc, $"v{source}", _policy), $"p{source}");
        int streams = shape.IsSimulcast ? shape.Layers.Count : 1;
        return Add(new Track
        {
            Source = source,
            Negotiation = negotiation,
            Shape = shape,
            Encoder = new VideoEncoder(shape, _seed + (source * 1000)),
            Packetizers = [.. Enumerable.Range(0, streams).Select(i => new Packetizer(shape, source))],
            Streams = [.. Enumerable.Range(0, streams).Select(i => new SendStream(ssrc + (uint)(i * 2), ssrc + (uint)(i * 2) + 1, shape.IsSimulcast ? [(byte)'r', (byte)('0' + i)] : []))],
            Producer = _server.Router.Produce(_server.Time.Now, _port.Transport, negotiation.Plan, paused: false),
        });
    }

    public Track AddAudio(ushort source)
    {
        uint ssrc = 0x2000_0000u + (source * 16u);
        ProducerNegotiation negotiation = SimServer.Negotiate(MediaKind.Audio, TrackParameters.Audio(ssrc, $"a{source}", _policy), $"p{source}");
        return Add(new Track
        {
            Source = source,
            Negotiation = negotiation,
            Streams = [new SendStream(ssrc, 0, [])],
            Producer = _server.Router.Produce(_server.Time.Now, _port.Transport, negotiation.Plan, paused: false),
            Random = new LinkRandom(_seed, 50 + source),
        });
    }

    /// <inheritdoc/>
    public override void HandleTimeout(Instant now)
    {
        _control.HandleTimeout(now);
        if (now >= _nextAudio)
        {
            _nextAudio += AudioInterval;
            _tracks.ForEach(track => MakeAudio(now, track));
        }

        if (now >= _nextPicture)
        {
            _nextPicture += PictureInterval;
            MakePictures(now);
        }

        if (now >= _nextReport)
        {
            _nextReport += ReportInterval;
            _tracks.ForEach(track => Report(now, track));
        }

        Drain(now);
    }

    private Track Add(Track track)
    {
        _tracks.Add(track);
        _server.Time.Arm(this);
        return track;
    }

    private void MakeAudio(Instant now, Track track)
    {
        if (track.IsVideo || track.IsMuted)
        {
            return;
        }

        // Opus of 32 kbit/s: 80 bytes more or less, SILK with fullband, 20 ms.
        byte[] payload = new byte[60 + (int)track.Random.Below(41)];
        payload[0] = 0x78;
        new PacketStamp(track.Source, track.Count, 0, 0, IsKey: true).Write(payload);
        uint timestamp = (uint)(track.Count++ * 960);
        EncodedPart part = new(payload, null, Marker: false);
        SendStream stream = track.Streams[0];
        _control.Charge(now, Transmit(now, new Outgoing(track, stream, stream.Take(timestamp, part), timestamp, part, IsResend: false)));
    }

    private void MakePictures(Instant now)
    {
        // Chromium's congestion window: no picture while more is under way, or waits here, than the rate carries in a round trip and 350 ms.
        if (!_control.HasRoom(WaitingBytes))
        {
            return;
        }

        // Sound comes first; and what waits has to go besides what comes, for who looks at a rate at all.
        List<Track> videos = [.. _tracks.Where(track => track.IsVideo && !track.IsMuted)];
        long sound = (long)Demand.Audio * _tracks.Count(track => !track.IsVideo && !track.IsMuted);
        long left = Math.Max(0, _control.Target.BitsPerSecond - sound - (_control.IsSteered ? WaitingBytes * 8L : 0));
        foreach (Track track in videos)
        {
            // 8 % of what may be sent goes into headers and repairs.
            track.Encoder!.SetRate(new Bitrate(left * 92 / 100 / videos.Count));
            _frames.Clear();
            track.Encoder.Encode(_frames);
            track.Count++;
            uint timestamp = Timestamp(now);
            foreach (LayerFrame frame in _frames)
            {
                SendStream stream = track.Streams[frame.Encoding];
                foreach (EncodedPart part in track.Packetizers[frame.Encoding].Cut(frame))
                {
                    _paced.Enqueue(new Outgoing(track, stream, stream.Take(timestamp, part), timestamp, part, IsResend: false));
                }
            }
        }
    }

    private void Drain(Instant now)
    {
        while (TryPeek(out Outgoing next) && _control.TryPass(now, SizeOf(next)))
        {
            Transmit(now, Dequeue());
        }

        // A probe goes with media that is sent anyway, and with copies of the last packet where there is too little of it.
        while (_control.IsProbeDue(now))
        {
            if (TryPeek(out _))
            {
                _control.Charge(now, Transmit(now, Dequeue()));
            }
            else if (_lastVideo is { } last)
            {
                _control.Charge(now, Transmit(now, last with { IsResend = true }));
            }
            else
            {
                _control.CancelProbe();
            }
        }
    }

    private int WaitingBytes => _paced.Sum(static item => SizeOf(item)) + _repairs.Sum(static item => SizeOf(item));

    // What repairs goes first, as in browsers.
    private bool TryPeek(out Outgoing next) => _repairs.TryPeek(out next) || _paced.TryPeek(out next);

    private Outgoing Dequeue() => _repairs.Count > 0 ? _repairs.Dequeue() : _paced.Dequeue();

    private static int SizeOf(in Outgoing item) => item.Part.Payload.Length + SimPacket.RtpOverhead + 40;

    private int Transmit(Instant now, in Outgoing item)
    {
        ProducerPlan plan = item.Track.Negotiation.Plan;
        SimPacket packet = _server.Pool.Rent(!item.Track.IsVideo ? PacketPurpose.Audio : item.IsResend ? PacketPurpose.Resend : PacketPurpose.Video);
        bool rtx = item.IsResend && plan.RtxPayloadType is not null;
        RtpHeaderFields fields = rtx
            ? new(plan.RtxPayloadType!.Value, item.Part.Marker, new(item.Stream.NextRtxSequence++), new(item.Timestamp), new(item.Stream.RtxSsrc))
            : new(plan.PayloadType, item.Part.Marker, new(item.Sequence), new(item.Timestamp), new(item.Stream.Ssrc));
        RtpHeaderWriter writer = new(packet.Buffer, fields);
        SequenceNumber number = _control.NextSequence;
        WriteExtensions(ref writer, now, item, plan, number, rtx);
        int at = writer.Complete();
        if (rtx)
        {
            RtxPacket.WriteOriginalSequenceNumber(packet.Buffer.AsSpan(at), new(item.Sequence));
            at += RtxPacket.OriginalSequenceNumberLength;
        }

        item.Part.Payload.CopyTo(packet.Buffer, at);
        packet.Length = at + item.Part.Payload.Length;
        int bytes = packet.WireLength;
        _lastVideo = item.Track.IsVideo ? item : _lastVideo;
        _control.HandleSent(now, bytes, !item.Track.IsVideo ? SentKind.Audio : item.IsResend ? SentKind.Resend : SentKind.Media);
        _port.Up.Send(now, packet);
        return bytes;
    }

    private static void WriteExtensions(ref RtpHeaderWriter writer, Instant now, in Outgoing item, ProducerPlan plan, SequenceNumber number, bool rtx)
    {
        HeaderExtensionIds ids = plan.Extensions;
        Span<byte> value = stackalloc byte[4];
        Add(ref writer, ids, RtpExtensionUris.Mid, plan.Mid.Span);
        Add(ref writer, ids, rtx ? RtpExtensionUris.RepairedRtpStreamId : RtpExtensionUris.RtpStreamId, item.Stream.Rid);
        AbsoluteSendTime.From(now).Write(value);
        Add(ref writer, ids, RtpExtensionUris.AbsoluteSendTime, value[..AbsoluteSendTime.Length]);
        TransportSequenceNumber.Write(number, value);
        Add(ref writer, ids, RtpExtensionUris.TransportSequenceNumber, value[..TransportSequenceNumber.Length]);
        if (!item.Track.IsVideo)
        {
            // A voice of middle loudness.
            value[0] = 0x80 | 30;
            Add(ref writer, ids, RtpExtensionUris.AudioLevel, value[..1]);
        }
        else if (item.Part.Dependencies is { } dependencies)
        {
            Add(ref writer, ids, RtpExtensionUris.DependencyDescriptor, dependencies);
        }
    }

    private static void Add(ref RtpHeaderWriter writer, HeaderExtensionIds ids, string uri, scoped ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty && HeaderExtensionUris.TryParse(uri, out HeaderExtensionKind kind) && ids[kind] != 0 && writer.TryReserve(ids[kind], value.Length, out Span<byte> into))
        {
            value.CopyTo(into);
        }
    }

    private static uint Timestamp(Instant now) => (uint)(now.Ticks * 9 / 1000);

    private void Report(Instant now, Track track)
    {
        foreach (SendStream stream in track.Streams.Where(stream => stream.Packets > 0))
        {
            SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
            RtcpWriter writer = new(packet.Buffer);
            uint timestamp = track.IsVideo ? Timestamp(now) : (uint)(track.Count * 960);
            SenderReport.TryWrite(ref writer, new(stream.Ssrc), new SenderInfo(_clock.ToNtp(now), new(timestamp), stream.Packets, stream.Octets), []);
            packet.Length = writer.Length;
            _port.Up.Send(now, packet);
        }
    }

    private void HandleDown(Instant now, SimPacket packet)
    {
        if (packet.Purpose != PacketPurpose.Control || !RtcpReader.TryOpen(packet.Bytes, out RtcpReader reader))
        {
            return;
        }

        while (reader.TryRead(out RtcpPacket rtcp))
        {
            Handle(now, rtcp);
            if (Environment.GetEnvironmentVariable("SIM_TRACE_PUB") is not null)
            {
                BandwidthEstimator e = _control.Estimator;
                Console.Error.WriteLine($"PUB {now} {rtcp.Type}/{rtcp.Count} target {e.Target} sust {e.Sustained} {e.State} drain {e.IsDraining} coll {e.HasCollapsed} q {e.QueueDelay.TotalMilliseconds:0} ack {e.Acknowledged} loss {e.LossRatio:0.00} pace {_control.PacingRate} paced {_paced.Count} {_paced.Sum(o => SizeOf(o))}");
            }
        }

        _server.Time.Arm(this);
    }

    private void Handle(Instant now, in RtcpPacket packet)
    {
        if (PictureLossIndication.TryParse(packet, out PictureLossIndication pli))
        {
            RequestKeyFrame(pli.MediaSsrc);
        }
        else if (FullIntraRequest.TryParse(packet, out FullIntraRequest fir))
        {
            RequestKeyFrame(fir[0].Ssrc);
        }
        else if (GenericNack.TryParse(packet, out GenericNack nack))
        {
            foreach (SequenceNumber sequence in nack)
            {
                Resend(now, nack.MediaSsrc, sequence);
            }
        }
        else if (ExtendedReport.TryParse(packet, out ExtendedReport report) && !report.ReferenceTime.IsNone)
        {
            Answer(now, report);
        }
        else
        {
            _control.HandleRtcp(now, packet);
        }
    }

    private void RequestKeyFrame(Ssrc ssrc)
    {
        if (Find(ssrc, out Track? track, out int encoding))
        {
            track!.KeyFrameRequests++;
            track.Encoder?.RequestKeyFrame(encoding);
        }
    }

    private void Resend(Instant now, Ssrc ssrc, SequenceNumber sequence)
    {
        if (Find(ssrc, out Track? track, out int encoding) && track!.Streams[encoding].TryFind(sequence, out uint timestamp, out EncodedPart part)
            && _control.TryRepair(now, SizeOf(new Outgoing(track, track.Streams[encoding], sequence.Value, timestamp, part, IsResend: true))))
        {
            _repairs.Enqueue(new Outgoing(track, track.Streams[encoding], sequence.Value, timestamp, part, IsResend: true));
        }
    }

    // RFC 3611 §4.5: so that the server learns its round trip to somebody who only sends.
    private void Answer(Instant now, in ExtendedReport report)
    {
        SimPacket packet = _server.Pool.Rent(PacketPurpose.Control);
        RtcpWriter writer = new(packet.Buffer);
        if (ExtendedReport.TryWriteDelays(ref writer, new(_tracks[0].Streams[0].Ssrc), [new DelaySinceLastReceiverReport(report.SenderSsrc, report.ReferenceTime.Middle, NtpShort.Zero)]))
        {
            packet.Length = writer.Length;
            _port.Up.Send(now, packet);
        }
    }

    private bool Find(Ssrc ssrc, out Track? track, out int encoding)
    {
        foreach (Track candidate in _tracks)
        {
            for (encoding = 0; encoding < candidate.Streams.Count; encoding++)
            {
                if (candidate.Streams[encoding].Ssrc == ssrc.Value)
                {
                    track = candidate;
                    return true;
                }
            }
        }

        track = null;
        encoding = 0;
        return false;
    }
}
