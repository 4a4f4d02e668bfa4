using System.Runtime.CompilerServices;

namespace Crosspoint.Workers;

/// <summary>Why a worker dropped a datagram before any peer saw it. Also a metric label.</summary>
public enum WorkerDropReason : byte
{
    /// <summary>From an address no transport knows, and not a STUN request.</summary>
    UnknownSource = 0,

    /// <summary>A STUN request whose user name names no transport here.</summary>
    UnknownUsernameFragment,

    /// <summary>Strangers sent more than the flood gate lets through.</summary>
    Flood,

    /// <summary>The transport had no way to its peer (no selected pair yet).</summary>
    NoPath,

    /// <summary>The TCP connection's backlog was full; the peer reads too slowly.</summary>
    TcpBacklogFull,

    /// <summary>Protection failed: keys are used up, the packet is too large, or the cipher or a transport broke and took with it what waited beside it.</summary>
    ProtectFailed,

    /// <summary>It belongs to another worker of the shared port, which is too far behind to take it.</summary>
    HandoverFull,

    /// <summary>The pipe to another worker of the room was full: that worker reads too slowly.</summary>
    PipeFull,

    /// <summary>DTLS came faster than the worker makes handshakes, for so long that no more is kept.</summary>
    HandshakeBacklogFull,

    /// <summary>More media came than the worker forwards: it had waited too long, or its room had more waiting than any other when there was no place left.</summary>
    Overloaded,

    /// <summary>How many reasons there are.</summary>
    Count,
}

/// <summary>One counter for each <see cref="WorkerDropReason"/>, inline.</summary>
[InlineArray((int)WorkerDropReason.Count)]
public struct WorkerDropCounters
{
    private long _first;

    /// <summary>Counts one drop.</summary>
    public void Add(WorkerDropReason reason) => this[(int)reason]++;

    /// <summary>Counts so many drops.</summary>
    public void Add(WorkerDropReason reason, int count) => this[(int)reason] += count;

    /// <summary>How often it happened.</summary>
    public readonly long Of(WorkerDropReason reason) => this[(int)reason];
}

/// <summary>Counters of one worker: written by its thread alone, copied out by a command, so nothing is atomic on the packet's way.</summary>
public struct WorkerCounters
{
    /// <summary>Turns of the loop.</summary>
    public long Turns;

    /// <summary>Turns that began later so that packets could gather.</summary>
    public long Rests;

    /// <summary>Datagrams received over UDP and TCP.</summary>
    public long DatagramsReceived;

    /// <summary>Those of them that were given to another worker of the shared port.</summary>
    public long HandedOver;

    /// <summary>Datagrams of ours that another worker of the shared port received.</summary>
    public long ReceivedByHandover;

    /// <summary>Datagrams handed to the kernel.</summary>
    public long DatagramsSent;

    /// <summary>RTP packets handed to a router.</summary>
    public long RtpReceived;

    /// <summary>RTP packets protected for a consumer.</summary>
    public long RtpSent;

    /// <summary>Bytes of RTP padding added to packets that share a kernel message.</summary>
    public long PaddingBytesSent;

    /// <summary>RTCP packets handed to a router.</summary>
    public long RtcpReceived;

    /// <summary>Commands carried out.</summary>
    public long Commands;

    /// <summary>STUN and DTLS datagrams that a transport took.</summary>
    public long ProtocolReceived;

    /// <summary>DTLS datagrams that waited for a later turn, so that handshakes do not hold up media.</summary>
    public long HandshakesDelayed;

    /// <summary>RTP and RTCP packets that waited for a later turn, because their room had used its share of the one they came in.</summary>
    public long PacketsDelayed;

    /// <summary>Transports closed because their peer did not come, or did not come back.</summary>
    public long TransportsAbandoned;

    /// <summary>Transports refused because it held as many as it may.</summary>
    public long TransportsRefused;

    /// <summary>Transports that died of a bug of ours.</summary>
    public long TransportFaults;

    /// <summary>Routers that died of a bug of ours, each with its transports.</summary>
    public long RouterFaults;

    /// <summary>Pipes from other workers that died of a bug of ours.</summary>
    public long PipeFaults;

    /// <summary>RTP and RTCP packets written into pipes to other workers.</summary>
    public long PipedSent;

    /// <summary>RTP and RTCP packets taken from pipes of other workers.</summary>
    public long PipedReceived;

    /// <summary>Turns that threw outside any transport.</summary>
    public long TurnFaults;

    /// <summary>Drops by reason.</summary>
    public WorkerDropCounters Drops;
}

/// <summary>One worker at one moment.</summary>
public sealed record WorkerSnapshot
{
    /// <summary>Which worker, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>False when its thread has ended.</summary>
    public required bool IsAlive { get; init; }

    /// <summary>The UDP port it listens on.</summary>
    public required int UdpPort { get; init; }

    /// <summary>The core its thread is pinned to; null when it is not.</summary>
    public int? Core { get; init; }

    /// <summary>True when its thread runs before the rest of the process; false when the system did not permit it or nobody asked.</summary>
    public bool IsBeforeOthers { get; init; }

    /// <summary>Rooms that began on it.</summary>
    public required int Routers { get; init; }

    /// <summary>Routers of rooms that began on another worker and got too large for it.</summary>
    public int Branches { get; init; }

    /// <summary>Ends of pipes to other workers.</summary>
    public int Pipes { get; init; }

    /// <summary>Transports it owns.</summary>
    public required int Transports { get; init; }

    /// <summary>Producers in its routers.</summary>
    public required int Producers { get; init; }

    /// <summary>Consumers in its routers.</summary>
    public required int Consumers { get; init; }

    /// <summary>Those of them that are audio.</summary>
    public int AudioConsumers { get; init; }

    /// <summary>Transports by <see cref="Rtc.Peer.PeerState"/>, indexed by it; closed ones are forgotten, not counted.</summary>
    public IReadOnlyList<int> TransportsByState { get; init; } = [];

    /// <summary>The share of the time since the snapshot before that it spent outside waiting, 0 to 1.</summary>
    public double BusyRatio { get; init; }

    /// <summary>What placement and admission go by: how busy it is, smoothed over about a second, 0 to 1; read at the moment of asking.</summary>
    public double Load { get; init; }

    /// <summary>True while it takes no new rooms and transports; read at the moment of asking.</summary>
    public bool IsOverloaded { get; init; }

    /// <summary>Its longest turn since the snapshot before: what a packet waited at most for being forwarded once it was read.</summary>
    public TimeSpan LongestTurn { get; init; }

    /// <summary>Commands that wait for it; read at the moment of asking.</summary>
    public int MailboxDepth { get; init; }

    /// <summary>Frames of TCP peers that sent faster than the worker reads.</summary>
    public long TcpOverflows { get; init; }

    /// <summary>What its routers counted.</summary>
    public MediaTotals Media { get; init; }

    /// <summary>How its transports stand against their networks.</summary>
    public BandwidthTotals Bandwidth { get; init; }

    /// <summary>Its counters.</summary>
    public required WorkerCounters Counters { get; init; }

    /// <summary>What the system gives to its UDP socket.</summary>
    public required Net.Udp.NetworkCapabilities Network { get; init; }

    /// <summary>Counters of its UDP socket.</summary>
    public required Net.Udp.UdpSocketStatistics Socket { get; init; }

    /// <summary>Datagrams that peers dropped, summed over living and closed transports.</summary>
    public required Rtc.Peer.PeerDropCounters PeerDrops { get; init; }

    /// <summary>Why ICE refused what <see cref="Rtc.Peer.PeerDropReason.StunRefused"/> counts, summed likewise.</summary>
    public Rtc.Ice.IceDropCounters IceDrops { get; init; }

    /// <summary>Addresses its transports receive from over UDP.</summary>
    public int Sources { get; init; }

    /// <summary>TCP connections of its transports.</summary>
    public int TcpConnections { get; init; }
}
