using Crosspoint.Contracts.Rtp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Workers.Client;

/// <summary>
/// A track without a codec behind it: packets of the right shape, size and pace, so that every step of the media path is real
/// and only the picture is not. Opus: 50 packets a second of 80 bytes. VP8: 30 frames a second, a keyframe each second.
/// </summary>
/// <remarks>Owned by its transport's thread.</remarks>
public sealed class SyntheticTrack
{
    private const int VideoPacketBytes = 1100;
    private const int PacketsPerKeyFrame = 6;
    private const int PacketsPerFrame = 3;
    private const int FramesPerKeyFrame = 30;

    private readonly MediaKind _kind;
    private readonly PayloadType _payloadType;
    private readonly byte[] _payload = new byte[VideoPacketBytes];
    private readonly TimeSpan _interval;

    private SequenceNumber _sequence;
    private RtpTimestamp _timestamp;
    private Instant _next;
    private int _frame;
    private int _packetOfFrame;
    private bool _stopped;

    /// <summary>A track that begins when its transport sends it.</summary>
    public SyntheticTrack(MediaKind kind, byte payloadType)
    {
        _kind = kind;
        _payloadType = new PayloadType(payloadType);
        _interval = kind == MediaKind.Audio ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1) / 30;
        Stream = new RtpSendStream(
            new RtpSendStreamOptions { Ssrc = new Ssrc((uint)Random.Shared.Next(1, int.MaxValue)), ClockRate = ClockRate },
            SystemRandomSource.Instance);
        _sequence = new SequenceNumber((ushort)Random.Shared.Next(0, 32768));
        Random.Shared.NextBytes(_payload);
    }

    /// <summary>What the sender side of RTCP needs.</summary>
    public RtpSendStream Stream { get; }

    /// <summary>Ticks a second of its timestamps.</summary>
    public int ClockRate => _kind == MediaKind.Audio ? 48_000 : 90_000;

    /// <summary>Packets so far.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>No more packets from now on.</summary>
    public void Stop() => _stopped = true;

    /// <summary>The next packet that is due; false when none is.</summary>
    public bool TryNext(Instant now, Span<byte> header, out int headerLength, out ReadOnlySpan<byte> payload)
    {
        headerLength = 0;
        payload = default;
        if (_stopped || (_packetOfFrame == 0 && now < _next))
        {
            return false;
        }

        int packets = PacketsIn(_frame);
        bool isLast = _packetOfFrame == packets - 1;
        RtpHeaderWriter writer = new(header, new RtpHeaderFields(_payloadType, isLast && _kind == MediaKind.Video, _sequence, _timestamp, Stream.Ssrc));
        headerLength = writer.Complete();
        payload = Payload();
        Stream.HandleSent(now, _timestamp, headerLength, payload.Length);
        PacketsSent++;
        _sequence = _sequence.Next;
        Advance(now, isLast);
        return true;
    }

    private int PacketsIn(int frame) => _kind == MediaKind.Audio ? 1 : frame % FramesPerKeyFrame == 0 ? PacketsPerKeyFrame : PacketsPerFrame;

    private ReadOnlySpan<byte> Payload()
    {
        if (_kind == MediaKind.Audio)
        {
            return _payload.AsSpan(0, 80);
        }

        // RFC 7741 §4.2: S in the first packet of a frame; §4.3: the inverted P bit says keyframe, then start code and size.
        _payload[0] = (byte)(_packetOfFrame == 0 ? 0x10 : 0);
        if (_packetOfFrame == 0)
        {
            bool isKeyFrame = _frame % FramesPerKeyFrame == 0;
            _payload[1] = (byte)(isKeyFrame ? 0x10 : 0x11);
            ReadOnlySpan<byte> start = [0x00, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00];
            start.CopyTo(_payload.AsSpan(2));
        }

        return _payload;
    }

    private void Advance(Instant now, bool frameEnds)
    {
        _packetOfFrame++;
        if (!frameEnds)
        {
            return;
        }

        _packetOfFrame = 0;
        _frame++;
        _timestamp += (uint)(ClockRate * _interval.TotalSeconds);
        // After a stall the pace goes on from now: a burst of stale frames would measure the stall, not the path.
        _next = now - _next > 5 * _interval ? now + _interval : _next + _interval;
    }
}
