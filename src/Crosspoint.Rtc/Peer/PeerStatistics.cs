using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Peer;

/// <summary>Counters of one peer; a plain struct, read and written by the owning thread.</summary>
public struct PeerStatistics
{
    /// <summary>Media and protocol datagrams received, refused ones included.</summary>
    public long DatagramsReceived;

    /// <summary>Bytes in them.</summary>
    public long BytesReceived;

    /// <summary>SRTP and SRTCP packets protected for sending.</summary>
    public long MediaPacketsSent;

    /// <summary>Bytes in them, tags included.</summary>
    public long MediaBytesSent;

    /// <summary>SRTP packets that came out in the clear.</summary>
    public long RtpPacketsReceived;

    /// <summary>SRTCP packets that came out in the clear.</summary>
    public long RtcpPacketsReceived;

    /// <summary>Datagrams dropped, by <see cref="PeerDropReason"/>.</summary>
    public PeerDropCounters Drops;
}

/// <summary>One counter for each <see cref="PeerDropReason"/>, inline.</summary>
[InlineArray((int)PeerDropReason.Count)]
public struct PeerDropCounters
{
    private long _first;

    /// <summary>Counts one drop.</summary>
    public void Add(PeerDropReason reason) => this[(int)reason]++;

    /// <summary>Adds the counts of another peer.</summary>
    public void AddAll(in PeerDropCounters other)
    {
        for (int i = 0; i < (int)PeerDropReason.Count; i++)
        {
            this[i] += other[i];
        }
    }

    /// <summary>How often it happened.</summary>
    public readonly long Of(PeerDropReason reason) => this[(int)reason];

    /// <summary>All drops together.</summary>
    public readonly long Total
    {
        get
        {
            long total = 0;
            foreach (long count in this)
            {
                total += count;
            }

            return total;
        }
    }
}
