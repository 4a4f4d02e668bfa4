using System.Diagnostics.CodeAnalysis;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Congestion;

/// <summary>What waits to leave one transport, repair before media, and what of it is taken out when it is of no use any more.</summary>
/// <remarks>One owner: the router's thread.</remarks>
internal sealed class WaitingPackets(PacketBlockPool pool, PacingOptions options)
{
    // The most of a picture that is sent to its end before a keyframe that all wait for: more than a packet of a narrow link, less than anybody sees.
    private static readonly TimeSpan RestTime = TimeSpan.FromMilliseconds(70);

    /// <summary>What repairs.</summary>
    public PacingQueue Repair { get; } = new(pool);

    /// <summary>Video that is sent for the first time.</summary>
    public PacingQueue Media { get; } = new(pool);

    /// <summary>Bytes that wait, before protection.</summary>
    public int Bytes => Media.Bytes + Repair.Bytes;

    /// <summary>True while nothing waits.</summary>
    public bool IsEmpty => Media.IsEmpty && Repair.IsEmpty;

    /// <summary>Where what leaves next waits.</summary>
    public PacingQueue Next => Repair.IsEmpty ? Media : Repair;

    /// <summary>When what leaves next has waited too long; never while nothing waits.</summary>
    public Instant NextTimeout => Repair.IsEmpty ? MediaTimeout : RepairTimeout;

    private Instant RepairTimeout => Repair.IsEmpty ? Instant.Never : Repair.Head.QueuedAt + options.MaxDelay;

    private Instant MediaTimeout => Media.IsEmpty ? Instant.Never : Media.Head.QueuedAt + PatienceWith(Media.Head);

    /// <summary>How long the oldest has waited; zero while nothing does.</summary>
    public TimeSpan Age(Instant now)
    {
        Instant oldest = Instant.Min(Media.IsEmpty ? now : Media.Head.QueuedAt, Repair.IsEmpty ? now : Repair.Head.QueuedAt);
        return now - oldest;
    }

    /// <summary>True when a packet has to wait behind others.</summary>
    public bool IsBehindOthers(SentKind kind) => !Repair.IsEmpty || (kind == SentKind.Media && !Media.IsEmpty);

    /// <summary>Copies a packet; false when no more can wait.</summary>
    public bool TryAdd(Instant now, in OutgoingRtp packet) =>
        Bytes + packet.Length <= options.MaxBytes && (packet.Kind == SentKind.Media ? Media : Repair).TryAdd(now, packet);

    /// <summary>Takes out a repair packet that has waited too long.</summary>
    public bool TryTakeStaleRepair(Instant now, [NotNullWhen(true)] out Consumer? consumer)
    {
        bool isStale = now >= RepairTimeout;
        consumer = isStale ? Repair.Head.Consumer : null;
        if (isStale)
        {
            Repair.RemoveHead();
        }

        return isStale;
    }

    /// <summary>Whose media has waited too long; null for nobody's.</summary>
    public Consumer? StaleMedia(Instant now) => now >= MediaTimeout ? Media.Head.Consumer : null;

    /// <summary>Takes out all of one consumer; says how many.</summary>
    public int Remove(Consumer consumer) => Media.Remove(consumer) + Repair.Remove(consumer);

    /// <summary>
    /// Takes out what media waits of a consumer that begins anew, but for the rest of a picture that is begun: for a moment of the link, what has left
    /// of it would be of no use. Says how many.
    /// </summary>
    /// <param name="now">From when on that waits.</param>
    /// <param name="consumer">Whose.</param>
    /// <param name="carried">What the link carries; zero for nothing to be kept.</param>
    public int TakeOut(Instant now, Consumer consumer, Bitrate carried)
    {
        bool isBegun = Media.TryFindFirstPicture(consumer, out SequenceNumber first, out RtpTimestamp picture, out int bytes)
            && Bitrate.Of(bytes, RestTime) < carried
            && consumer.HasSent(now, first - 1, picture);
        return Media.Remove(consumer, isBegun ? picture : null, now);
    }

    /// <summary>Nothing waits any more.</summary>
    public void Clear()
    {
        Media.Clear();
        Repair.Clear();
    }

    // A keyframe is worth its wait: given up, it would be asked for again and be as large.
    private TimeSpan PatienceWith(in PacingQueue.Entry entry) =>
        entry.QueuedAt - entry.Consumer.BeganAt < options.MaxKeyFrameDelay ? options.MaxKeyFrameDelay : options.MaxDelay;
}
