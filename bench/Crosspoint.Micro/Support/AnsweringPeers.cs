using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Micro.Support;

/// <summary>The subscribers of a room, which answer every 50 ms with transport-wide feedback: all came, at once.</summary>
/// <remarks>Each gets the same packets, so the feedback of one is that of all; it is written once. Owned by one thread.</remarks>
public sealed class AnsweringPeers(Router router)
{
    private const int Every = 50;

    private readonly List<RouterTransport> _transports = [];
    private readonly Instant[] _arrivals = new Instant[Every];
    private readonly byte[] _feedback = new byte[400];
    private int _count;
    private int _first;
    private byte _number;

    /// <summary>One more answers.</summary>
    public void Add(RouterTransport transport) => _transports.Add(transport);

    /// <summary>A packet left to each.</summary>
    public void Note(Instant now)
    {
        _arrivals[_count++] = now + TimeSpan.FromMilliseconds(20);
        if (_count < Every)
        {
            return;
        }

        RtcpWriter writer = new(_feedback);
        TransportFeedbackWriter.TryWrite(ref writer, new Ssrc(1), new Ssrc(2), _number++, new((ushort)_first), _arrivals);
        _first += Every;
        _count = 0;
        foreach (RouterTransport transport in _transports)
        {
            router.HandleRtcp(now, transport, writer.Written);
        }
    }
}
