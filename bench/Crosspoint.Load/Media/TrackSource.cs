using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Load.Media;

/// <summary>Makes the packets of one track when they are due.</summary>
/// <remarks>Owned by the engine's thread.</remarks>
internal abstract class TrackSource
{
    private readonly RtpSendStream _stream;
    private readonly byte[] _mid;
    private SequenceNumber _sequence;

    protected TrackSource(TrackDescription description, int seed)
    {
        Description = description;
        Random = new Random(seed);
        _stream = new RtpSendStream(new RtpSendStreamOptions { Ssrc = new Ssrc(description.Ssrc), ClockRate = description.ClockRate }, new SeededRandomSource(seed));
        _mid = System.Text.Encoding.ASCII.GetBytes(description.Mid);
        _sequence = new SequenceNumber((ushort)Random.Next(0, 30_000));
        Random.NextBytes(Filler);
    }

    /// <summary>What signalling told.</summary>
    public TrackDescription Description { get; }

    /// <summary>When the next packet is due.</summary>
    public Instant Due { get; protected set; }

    /// <summary>Packets so far.</summary>
    public long PacketsSent { get; private set; }

    protected Random Random { get; }

    protected byte[] Filler { get; } = new byte[2048];

    protected RtpTimestamp Timestamp { get; set; }

    /// <summary>The first packet is due now, or a bit later: publishers do not beat in time.</summary>
    public abstract void Begin(Instant now);

    /// <summary>Writes the payload of the packet that is due and moves on; its length and whether it ends a frame.</summary>
    public abstract int WritePayload(Instant now, Span<byte> payload, out bool marker);

    /// <summary>Somebody needs a keyframe.</summary>
    public virtual void RequestKeyFrame()
    {
    }

    /// <summary>Leaves out what should have been sent during a pause of the machine: a burst of old frames would measure the pause.</summary>
    public virtual void Resume(Instant now) => Due = now;

    /// <summary>Another bitrate from the next frame on; audio keeps its own.</summary>
    public virtual void SetBitrate(double bitsPerSecond)
    {
    }

    /// <summary>Writes the header of a packet whose payload was just written; its length.</summary>
    public int WriteHeader(Instant now, Span<byte> header, bool marker, int payloadLength)
    {
        RtpHeaderWriter writer = new(header, new RtpHeaderFields(new PayloadType(Description.PayloadType), marker, _sequence, Timestamp, _stream.Ssrc));
        Span<byte> sendTime = stackalloc byte[AbsoluteSendTime.Length];
        AbsoluteSendTime.From(now).Write(sendTime);
        if (Description.Kind == Contracts.Rtp.MediaKind.Audio)
        {
            writer.TryAdd(TrackDescription.AudioLevelId, [0xA0]);
        }

        writer.TryAdd(TrackDescription.AbsoluteSendTimeId, sendTime);
        writer.TryAdd(TrackDescription.MidId, _mid);
        int length = writer.Complete();
        _sequence = _sequence.Next;
        _stream.HandleSent(now, Timestamp, length, payloadLength);
        PacketsSent++;
        return length;
    }

    /// <summary>Appends its sender report.</summary>
    public void WriteReport(Instant now, in NtpClock clock, ref RtcpWriter writer)
    {
        if (_stream.TryGetSenderInfo(now, clock, out SenderInfo info))
        {
            SenderReport.TryWrite(ref writer, _stream.Ssrc, info, []);
        }
    }
}
