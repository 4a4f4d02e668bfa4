using System.Net;
using System.Net.Sockets;
using Crosspoint.Netem;
using Crosspoint.Primitives;

namespace Crosspoint.Cli.Impair;

/// <summary>One client behind the proxy: its link each way, and the socket by which the server knows it.</summary>
/// <remarks>One owner: the proxy's thread.</remarks>
internal sealed class ImpairedClient : IDisposable
{
    /// <summary>Headers of UDP and IPv4, which use the link too.</summary>
    private const int HeaderBytes = 28;

    public ImpairedClient(int number, IPEndPoint address, ImpairOptions options, LinkPlan up, LinkPlan down, Instant now)
    {
        Number = number;
        Address = address;
        LastHeard = now;
        Up = new VirtualLink<byte[]>(up with { Seed = options.Seed + (2 * number) }, now);
        Down = new VirtualLink<byte[]>(down with { Seed = options.Seed + (2 * number) + 1 }, now);
        Server = new Socket(options.To.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        Server.Connect(options.To);
    }

    /// <summary>Counted from 1 in the order in which clients came.</summary>
    public int Number { get; }

    public IPEndPoint Address { get; }

    public Socket Server { get; }

    public VirtualLink<byte[]> Up { get; private set; }

    public VirtualLink<byte[]> Down { get; private set; }

    public Instant LastHeard { get; private set; }

    public Instant NextDelivery => Instant.Min(Up.NextDelivery, Down.NextDelivery);

    public void TakeFromClient(Instant now, ReadOnlySpan<byte> datagram)
    {
        LastHeard = now;
        Up.TryEnqueue(now, datagram.Length + HeaderBytes, datagram.ToArray());
    }

    public void TakeFromServer(Instant now, ReadOnlySpan<byte> datagram) => Down.TryEnqueue(now, datagram.Length + HeaderBytes, datagram.ToArray());

    public void Change(Instant now, LinkPlan? up, LinkPlan? down)
    {
        if (up is not null)
        {
            Up.Change(now, up with { Seed = Up.Plan.Seed });
        }

        if (down is not null)
        {
            Down.Change(now, down with { Seed = Down.Plan.Seed });
        }
    }

    /// <summary>A line about each direction.</summary>
    public IEnumerable<string> Describe() => [Describe("up", Up), Describe("down", Down)];

    public void Dispose() => Server.Dispose();

    private string Describe(string direction, VirtualLink<byte[]> link)
    {
        LinkStatistics s = link.Statistics;
        string drops = string.Join(' ', Enum.GetValues<LinkDropReason>().Where(reason => s.DroppedFor(reason) > 0).Select(reason => $"{reason}={s.DroppedFor(reason)}"));
        return $"client {Number} {Address} {direction}: offered {s.Offered} packets {s.OfferedBytes} bytes, delivered {s.Delivered}, waiting p95 {s.QueueDelay.Percentile(95).TotalMilliseconds:0} ms, dropped {s.Dropped}{(drops.Length == 0 ? "" : $" ({drops})")}";
    }
}
