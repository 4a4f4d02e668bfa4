using Crosspoint.Media.Allocation;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Media.Tests.Allocation;

/// <summary>What whoever comes is given of a simulcast of 100, 300 and 600 kbit/s while 1,000 are only a guess.</summary>
public class TransportStartupTests
{
    private const int StartKilobits = 1000;
    private static readonly int[] Kilobits = [100, 300, 600];
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(10);

    private readonly Room _room = new(new RouterOptions { Bandwidth = new BandwidthEstimatorOptions { Start = Bitrate.FromKilobits(StartKilobits) } });
    private readonly FakePeer _sender;
    private readonly Producer _producer;
    private readonly Consumer _consumer;
    private readonly TransportAllocator _allocator;
    private Instant _now = Instant.FromMilliseconds(1000);
    private int _frame;

    public TransportStartupTests()
    {
        (_sender, _producer) = _room.AddVideo(ClientJson.ChromeSimulcast);
        (FakePeer receiver, _consumer) = _room.Consume(_producer);
        Assert.Null(receiver.Transport.Downlink); // the router's own allocation is not in the way
        (_sender.Sink.Keeps, receiver.Sink.Keeps) = (false, false);
        _allocator = new TransportAllocator(receiver.Transport);
    }

    [Fact]
    public void No_larger_picture_is_begun_until_something_came_back()
    {
        Run(2, StartKilobits, isStartup: true);
        Assert.Equal(0, SpatialGiven);
        Run(2, StartKilobits * 1.04, isStartup: true);
        Assert.Equal(0, SpatialGiven);
        Run(2, StartKilobits * 1.06, isStartup: true);
        Assert.Equal(2, SpatialGiven);
    }

    [Theory]
    [InlineData(false, true)] // the beginning is over
    [InlineData(true, false)] // nothing will tell more
    public void What_is_guessed_has_to_do_where_no_probe_will_tell_more(bool isStartup, bool canProbe)
    {
        Run(2, StartKilobits, isStartup, canProbe);
        Assert.Equal(2, SpatialGiven);
    }

    private int SpatialGiven => _consumer.Wish.Given?.Spatial ?? -1;

    private void Run(double seconds, double target, bool isStartup, bool canProbe = true)
    {
        Instant end = _now + TimeSpan.FromSeconds(seconds);
        while (_now < end)
        {
            _now += FrameInterval;
            for (int layer = 0; layer < Kilobits.Length; layer++)
            {
                byte[] payload = [0x10, (byte)(_frame == 0 ? 0 : 1), .. new byte[(int)(Kilobits[layer] * 125 * FrameInterval.TotalSeconds)]];
                byte[] packet = Packets.Rtp(
                    _producer.Plan, new Ssrc(5000u + (uint)layer), _producer.Plan.PayloadType, _frame, (uint)(_frame * 900), payload, (HeaderExtensionKind.RtpStreamId, [(byte)'r', (byte)('0' + layer)]));
                _room.Router.HandleRtp(_now, _sender.Transport, packet);
            }

            _frame++;
            _allocator.Run(_now, new AllocationInput(Bitrate.FromKilobits(target), Bitrate.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, isStartup, canProbe, HasShownLimit: true));
        }
    }
}
