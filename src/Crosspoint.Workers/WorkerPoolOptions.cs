using System.Net;
using Crosspoint.Media;
using Crosspoint.Net.Tcp;
using Crosspoint.Net.Udp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Workers;

/// <summary>What the operator says about the media workers. Immutable.</summary>
public sealed record WorkerPoolOptions
{
    /// <summary>Threads, each with its own UDP port; 1 to 256. Default: one for each core, because a worker keeps a core busy and shares nothing.</summary>
    public int WorkerCount { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Keeps each worker's thread on a core of its own, in turn among those the process may use. Default off: the kernel's placement serves
    /// a machine that does other work too; on one that does not, pinning saves the caches that a move would lose.
    /// </summary>
    public bool PinWorkers { get; init; }

    /// <summary>
    /// Lets worker threads run before the rest of the process (nice -10), where the system permits it. Default on: when a thousand join at once,
    /// those already in must not wait behind the joining. Off for a machine whose other programs matter more.
    /// </summary>
    public bool RaisePriority { get; init; } = true;

    /// <summary>Where to listen. Default: every address, IPv6 and IPv4; IPv4 alone where the host has no IPv6.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.IPv6Any;

    /// <summary>
    /// The addresses peers are told to send to, one host candidate each. Default: the host's own unicast addresses.
    /// Behind a NAT or on a cloud machine this must be the public one.
    /// </summary>
    public IReadOnlyList<IPAddress> AnnouncedAddresses { get; init; } = [];

    /// <summary>First port a worker may take, 1 to 65535. Default 40000 (SFU_RTC_MIN_PORT).</summary>
    public ushort MinPort { get; init; } = 40000;

    /// <summary>Last port a worker may take. Default 49999 (SFU_RTC_MAX_PORT). Each worker takes one UDP port, all together one TCP port.</summary>
    public ushort MaxPort { get; init; } = 49999;

    /// <summary>
    /// One UDP port for all workers instead of one for each (SFU_UDP_PORT); 0, the default, is off. For firewalls that shall open one port.
    /// Linux only. Costs a little where <see cref="SteerSharedPort"/> does not work: datagrams then go from worker to worker.
    /// </summary>
    public ushort SharedUdpPort { get; init; }

    /// <summary>Tells the kernel which worker of the shared port a peer belongs to (SFU_UDP_STEERING). Default on; needs CAP_BPF, and without it the workers hand over.</summary>
    public bool SteerSharedPort { get; init; } = true;

    /// <summary>
    /// Datagrams that may wait for a worker of the shared port because another one received them. Default 1024, 2 MiB: 10 ms of what a
    /// worker takes in at most; what does not fit is dropped and counted.
    /// </summary>
    public int HandoverQueueDatagrams { get; init; } = 1024;

    /// <summary>Offers ICE-TCP on one shared port for networks that block UDP (RFC 6544). Default on; off saves a listening port.</summary>
    public bool EnableTcp { get; init; } = true;

    /// <summary>Socket receive buffer in bytes. Default 4 MiB: about 100 ms of a saturated worker; the kernel may grant less.</summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>Socket send buffer in bytes. Default 4 MiB, for the same reason.</summary>
    public int SendBufferBytes { get; init; } = 4 << 20;

    /// <summary>Whether the kernel may cut and merge messages of several datagrams (SFU_UDP_OFFLOAD). Default: where a trial at start shows that it can; it saves up to half of what sending costs.</summary>
    public UdpOffload UdpOffload { get; init; } = UdpOffload.Auto;

    /// <summary>What moves the datagrams (SFU_UDP_IMPLEMENTATION); null, the default, is the fastest this system has.</summary>
    public UdpImplementation? UdpImplementation { get; init; }

    /// <summary>Whose ciphers protect media (SFU_SRTP_ENGINE). Default: libipsec-mb where it is installed and passes its tests; OpenSSL takes four times as long for a packet.</summary>
    public SrtpEngine SrtpEngine { get; init; } = SrtpEngine.Auto;

    /// <summary>Transports one worker may hold. Default 10,000: about what a core can forward audio for; more only costs memory in an attack.</summary>
    public int MaxTransportsPerWorker { get; init; } = 10_000;

    /// <summary>
    /// A room gets transports on another worker when its own is busier than this and the other clearly less, 0 to 1; above 1 a room never leaves its worker.
    /// Default 0.5: a worker that much loaded by joins alone has little room for media to grow. Costs one copy of each packet per worker.
    /// </summary>
    public double SpreadAbove { get; init; } = 0.5;

    /// <summary>
    /// Bytes under way between two workers of a room at most, for each direction tracks go; rounded up to a power of two, 64 KiB at least to be useful.
    /// Default 1 MiB: 100 ms of 80 Mbit/s, longer than any turn.
    /// </summary>
    public int PipeBytes { get; init; } = 1 << 20;

    /// <summary>
    /// A worker busier than this share of its core for two seconds takes no new rooms or transports until it is a tenth below; 0 to 1, above 1 it always takes them.
    /// Default 0.85: what is left covers keyframes, retransmissions and those who are still connecting.
    /// </summary>
    public double MaxLoad { get; init; } = 0.85;

    /// <summary>
    /// How long a transport may wait to be connected for the first time. Default 4 h: clients open a sending transport when they join
    /// and connect it when somebody first speaks; less would take it from a patient listener, more would keep what a client forgot.
    /// </summary>
    public TimeSpan UnusedTransportLifetime { get; init; } = TimeSpan.FromHours(4);

    /// <summary>
    /// How long a transport may be without its peer once TRANSPORT_CONNECT came or after the peer failed. Default 2 minutes:
    /// longer than ICE and DTLS try (60 s), and time enough for a restart after a lost network.
    /// </summary>
    public TimeSpan UnconnectedTransportLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Limits of the shared TCP port. Its address and ports are those of this record.</summary>
    public TcpListenerOptions Tcp { get; init; } = new();

    /// <summary>
    /// How long packets may gather in the socket before a worker under load takes them, 0 to 1 ms; 0 is off. Default 1 ms: packets of one
    /// peer that come within it leave together, which costs a loaded worker less, and nobody hears a millisecond.
    /// </summary>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The measured load, 0 to 1, from which packets gather. Default 0.7: below it a core has time to spare and takes every packet at once.</summary>
    public double GatherAboveLoad { get; init; } = 0.7;

    /// <summary>
    /// What a turn should take at most while several rooms have something to forward, 1 to 100 ms. Default 4 ms: under overload another room's packets
    /// wait about so long, which nobody hears; shorter turns make smaller kernel messages and so cost capacity. A room alone is not limited.
    /// </summary>
    public TimeSpan TurnTime { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// How long media may wait for its room's share of a worker that is overloaded; then it is dropped. Default 100 ms: more than the keyframes of
    /// all publishers of a room at once take, less than what a receiver's jitter buffer would still use.
    /// </summary>
    public TimeSpan LongestMediaWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Packets that may wait so on one worker. Default 4096: 100 ms of 400 Mbit/s, at most 8 MiB, touched only when it is used.</summary>
    public int BacklogPackets { get; init; } = 4096;

    /// <summary>Datagrams a second that one unknown source (an IPv4 address or an IPv6 /64) may have looked at. Default 200: a whole office behind one NAT can still join at once.</summary>
    public int StrangerDatagramsPerSecond { get; init; } = 200;

    /// <summary>The same for all unknown sources of a worker together. Default 20,000: about 5 % of a core.</summary>
    public int AllStrangersDatagramsPerSecond { get; init; } = 20_000;

    /// <summary>How routers behave: keyframe requests, retransmission, speakers, reports.</summary>
    public RouterOptions Routers { get; init; } = new();
}
