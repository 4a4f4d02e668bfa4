using Crosspoint.Media.Allocation;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Media.Tests.Allocation;

/// <summary>The allocator of one transport, told what there is; its videos are one stream of VP8 with temporal layers. Rates in kbit/s, times in seconds.</summary>
public class TransportAllocatorTests
{
    // Nothing that would make the router ask the network itself.
    private const string Capabilities = """
        {"codecs":[{"mimeType":"video/VP8","kind":"video","preferredPayloadType":101,"clockRate":90000,"rtcpFeedback":[{"type":"nack"}]}],
         "headerExtensions":[{"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1}]}
        """;

    // Of 10 ms each: 200 kbit/s, 300 with the next layer, 500 with all.
    private static readonly (byte Temporal, int Bytes)[] Pattern = [(0, 1000), (2, 500), (1, 500), (2, 500)];

    private readonly List<(FakePeer Sender, Producer Producer, Consumer Consumer)> _videos = [];
    private Room _room = new();
    private FakePeer? _receiver;
    private TransportAllocator? _allocator;
    private Instant _now = Instant.FromMilliseconds(1000);
    private int _frame;

    [Fact]
    public void At_the_beginning_lowest_layers_may_take_three_times_what_is_guessed_and_no_more()
    {
        Build(new RouterOptions { Bandwidth = new BandwidthEstimatorOptions { Start = Bitrate.FromKilobits(100) } }, 1);
        Run(5, 100, isStartup: true);
        Assert.Equal(new LayerId(0, 0), Given(0));
        Build(new RouterOptions { Bandwidth = new BandwidthEstimatorOptions { Start = Bitrate.FromKilobits(50) } }, 1);
        Run(5, 50, isStartup: true);
        Assert.Null(Given(0));
    }

    // It fell from 530 at one time: back there only when that is held no more, or with half as much again.
    [Theory]
    [InlineData(700, 19.5, false)]
    [InlineData(700, 22, true)]
    [InlineData(790, 19.5, false)]
    [InlineData(800, 1.5, false)] // its own fall is not two seconds ago
    [InlineData(800, 3.5, true)]
    public void What_was_too_much_is_not_risen_to_again_soon(double target, double after, bool rises)
    {
        Build(new RouterOptions(), 1);
        Run(2, 1000);
        Assert.Equal(new LayerId(0, 2), Given(0));
        Run(1.5, 420);
        Assert.Equal(new LayerId(0, 1), Given(0));
        Run(after, target);
        Assert.Equal(new LayerId(0, rises ? (byte)2 : (byte)1), Given(0));
    }

    // Nothing spoke against what it was sent, only more was not known yet: then it is no failure, and two seconds are enough.
    [Theory]
    [InlineData(true, 3.5, false)]
    [InlineData(false, 1.5, false)]
    [InlineData(false, 3.5, true)]
    public void What_was_given_up_for_want_of_knowledge_is_risen_to_as_soon_as_there_is_room(bool hasShownLimit, double after, bool rises)
    {
        Build(new RouterOptions(), 1);
        Run(2, 1000, hasShownLimit: hasShownLimit);
        Assert.Equal(new LayerId(0, 2), Given(0));
        Run(1.5, 420, hasShownLimit: hasShownLimit);
        Assert.Equal(new LayerId(0, 1), Given(0));
        Run(after, 700, hasShownLimit: hasShownLimit);
        Assert.Equal(new LayerId(0, rises ? (byte)2 : (byte)1), Given(0));
    }

    // Two lowest layers of 212, and for one of them there was no room: it may be tried after a quarter of twenty seconds, or sooner by the option.
    [Theory]
    [InlineData(15, 4, 7)]
    [InlineData(3, 2, 4.5)]
    public void A_video_that_is_not_seen_is_tried_again_no_later_than_the_longest_hold_of_the_dark(double most, double dark, double seen)
    {
        Build(new RouterOptions { Allocation = new AllocationOptions { MaxHoldDark = TimeSpan.FromSeconds(most) } }, 2);
        _videos.ForEach(video => _room.Router.SetPreferredLayers(_now, video.Consumer, new LayerId(0, 0)));
        Run(2, 1000);
        Assert.All(_videos, video => Assert.Equal(new LayerId(0, 0), video.Consumer.Wish.Given));
        Run(3.5, 300);
        Assert.Equal(1, _videos.Count(video => video.Consumer.Wish.Given is null));
        Run(dark, 460);
        Assert.Equal(1, _videos.Count(video => video.Consumer.Wish.Given is null));
        Run(seen - dark, 460);
        Assert.All(_videos, video => Assert.Equal(new LayerId(0, 0), video.Consumer.Wish.Given));
    }

    // Two encodings of 13 and 64 kbit/s, the larger of 38 with half of its pictures, and room for those. Six a second are no fair rate, so they give way
    // to the smaller after three seconds; twelve may stay.
    [Theory]
    [InlineData(12, 0, 2)]
    [InlineData(24, 1, 1)]
    public void A_picture_that_stutters_gives_way_to_a_smaller_one_that_does_not(int framesPerSecond, byte last, byte lastRate)
    {
        Consumer consumer = BuildSimulcast();
        void Send(double seconds, double target) => SendSimulcast(framesPerSecond, seconds, target);
        Send(8, 1000);
        Assert.Equal(new LayerId(1, 2), consumer.Wish.Given);
        Send(2.5, 50);
        Assert.Equal(new LayerId(1, 1), consumer.Wish.Given);
        Send(3, 50);
        Assert.Equal(new LayerId(last, lastRate), consumer.Wish.Given);
    }

    // The same encodings, and room for the smaller only. Chromium's VP8 saves up after a keyframe, for up to a second; after three it is switched off.
    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(2.5, 0)]
    [InlineData(4, 1)]
    public void A_small_encoding_that_saves_up_is_not_given_up_for_a_larger_one_that_does_not_fit(double silent, byte spatial)
    {
        Consumer consumer = BuildSimulcast();
        SendSimulcast(24, 2, 30);
        Assert.Equal(new LayerId(0, 2), consumer.Wish.Given);
        SendSimulcast(24, silent, 30, isSmallSent: false);
        Assert.Equal(spatial, consumer.Wish.Given!.Value.Spatial);
    }

    [Fact]
    public void Where_a_picture_did_not_leave_in_time_a_smaller_one_follows()
    {
        Consumer consumer = BuildSimulcast();
        SendSimulcast(24, 8, 1000);
        Assert.Equal(new LayerId(1, 2), consumer.Wish.Given);
        _allocator!.HandleGivenUp(_now, consumer);
        Assert.Equal(new LayerId(0, 2), consumer.Target);
        SendSimulcast(24, 1.9, 1000);
        Assert.Equal((byte)0, consumer.Wish.Given!.Value.Spatial);
        SendSimulcast(24, 1, 1000);
        Assert.Equal(new LayerId(1, 2), consumer.Wish.Given);

        // There is nothing smaller than the smallest.
        SendSimulcast(24, 4, 20);
        LayerId least = consumer.Wish.Given!.Value;
        Assert.Equal(0, least.Spatial);
        _allocator.HandleGivenUp(_now, consumer);
        Assert.Equal(least, consumer.Wish.Given);
    }

    // 25, 38 and 64 kbit/s for 3, 6 and 12 pictures a second: three are no motion, so six come as soon as they fit, and twelve as after any fall. Of thirty,
    // the seven and a half of the lowest layer move.
    [Theory]
    [InlineData(12, 0.3, 1)]
    [InlineData(12, 1.9, 1)]
    [InlineData(12, 3, 2)]
    [InlineData(30, 0.3, 0)]
    [InlineData(30, 3, 2)]
    public void What_hardly_moves_gets_more_pictures_as_soon_as_there_is_room(int framesPerSecond, double after, byte temporal)
    {
        Consumer consumer = BuildSimulcast();
        _room.Router.SetPreferredLayers(_now, consumer, new LayerId(0, 2));
        SendSimulcast(framesPerSecond, 2, 1000);
        Assert.Equal(new LayerId(0, 2), consumer.Wish.Given);
        SendSimulcast(framesPerSecond, 1, 6);
        Assert.Equal(new LayerId(0, 0), consumer.Wish.Given);
        SendSimulcast(framesPerSecond, after, 1000);
        Assert.Equal(new LayerId(0, temporal), consumer.Wish.Given);
    }

    // A fifth too much is carried for a second; with a fifth of a second of it on the way already, no longer.
    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(150, 0, 2)]
    [InlineData(200, 0, 1)]
    [InlineData(0, 140, 2)]
    [InlineData(0, 150, 1)]
    [InlineData(100, 140, 2)] // what is foreseen is the whole of it
    public void What_waits_on_the_way_counts_as_what_waits_here_and_what_will_wait_does_when_a_link_has_collapsed(double queue, double foreseen, byte temporal)
    {
        Build(new RouterOptions(), 1);
        Run(2, 1000);
        Run(0.15, 440, queue: queue, foreseen: foreseen);
        Assert.Equal(new LayerId(0, temporal), Given(0));
    }

    // Two encodings of 13 and 64 kbit/s.
    private Consumer BuildSimulcast()
    {
        _room = new Room();
        (FakePeer sender, Producer producer) = _room.AddVideo(ClientJson.ChromeSimulcast);
        (FakePeer receiver, Consumer consumer) = _room.Consume(producer, Capabilities);
        _videos.Add((sender, producer, consumer));
        _allocator = new TransportAllocator(receiver.Transport);
        return consumer;
    }

    private void SendSimulcast(int framesPerSecond, double seconds, double target, bool isSmallSent = true)
    {
        (FakePeer sender, Producer producer, _) = _videos[0];
        for (int end = _frame + (int)(seconds * framesPerSecond); _frame < end; _frame++)
        {
            _now += TimeSpan.FromSeconds(1.0 / framesPerSecond);
            for (int encoding = isSmallSent ? 0 : 1; encoding < 2; encoding++)
            {
                (byte temporal, int bytes) = Pattern[_frame % Pattern.Length];
                byte[] payload = [0x90, 0x20, (byte)(temporal << 6), (byte)(_frame == 0 ? 0 : 1), .. new byte[((encoding == 0 ? bytes / 5 : bytes) * 12 / framesPerSecond) - 4]];
                _room.Router.HandleRtp(
                    _now,
                    sender.Transport,
                    Packets.Rtp(producer.Plan, new Ssrc(5000u + (uint)encoding), producer.Plan.PayloadType, _frame, (uint)(_now.Ticks * 9 / 1000), payload, (HeaderExtensionKind.RtpStreamId, [(byte)'r', (byte)('0' + encoding)])));
            }

            _allocator!.Run(_now, new AllocationInput(Bitrate.FromKilobits(target), Bitrate.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, false, true, true));
        }
    }

    private void Build(RouterOptions options, int videos)
    {
        _videos.Clear();
        _room = new Room(options);
        for (int i = 0; i < videos; i++)
        {
            (FakePeer sender, Producer producer) = _room.AddVideo();
            (FakePeer receiver, Consumer consumer) = _room.Consume(producer, Capabilities, peer: _receiver is null || i == 0 ? null : _receiver);
            _receiver = receiver;
            sender.Sink.Keeps = false;
            receiver.Sink.Keeps = false;
            _videos.Add((sender, producer, consumer));
        }

        Assert.Null(_receiver!.Transport.Downlink);
        _allocator = new TransportAllocator(_receiver.Transport);
        _frame = 0;
    }

    private LayerId? Given(int video) => _videos[video].Consumer.Wish.Given;

    private void Run(double seconds, double target, bool isStartup = false, bool canProbe = true, bool hasShownLimit = true, double queue = 0, double foreseen = 0)
    {
        Instant end = _now + TimeSpan.FromSeconds(seconds);
        while (_now < end)
        {
            _now += TimeSpan.FromMilliseconds(10);
            (byte temporal, int bytes) = Pattern[_frame % Pattern.Length];
            foreach ((FakePeer sender, Producer producer, _) in _videos)
            {
                byte[] payload = [0x90, 0x20, (byte)(temporal << 6), (byte)(_frame == 0 ? 0 : 1), .. new byte[bytes - 4]];
                _room.Router.HandleRtp(_now, sender.Transport, Packets.Rtp(producer.Plan, _frame, (uint)(_frame * 900), payload));
            }

            _frame++;
            _allocator!.Run(_now, new AllocationInput(Bitrate.FromKilobits(target), Bitrate.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(queue), TimeSpan.FromMilliseconds(foreseen), isStartup, canProbe, hasShownLimit));
        }
    }
}
