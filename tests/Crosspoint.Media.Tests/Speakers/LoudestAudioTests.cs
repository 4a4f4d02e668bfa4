using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Speakers;

public class LoudestAudioTests
{
    private const int Loud = 30;
    private const int Quiet = 100;

    private readonly Room _room = new(new RouterOptions { LoudestAudio = 2 });
    private readonly (FakePeer Peer, Producer Producer)[] _tracks = new (FakePeer, Producer)[4];
    private readonly Consumer[] _consumers = new Consumer[4];
    private readonly FakePeer _receiver;
    private double _now;

    public LoudestAudioTests()
    {
        _receiver = _room.AddPeer();
        for (int i = 0; i < 4; i++)
        {
            _tracks[i] = _room.AddAudio($"a{i}");
            _consumers[i] = _room.ConsumeAudio(_tracks[i].Producer, _receiver);
        }
    }

    [Fact]
    public void Two_are_heard_and_the_third_waits_until_one_is_silent()
    {
        Speak(1000, 0, 1);
        Assert.Equal([50, 50, 0, 0], Heard());
        Speak(1000, 0, 1, 2);
        Assert.Equal([50, 50, 0, 0], Heard());

        // Two seconds after he last spoke his place is free.
        Speak(3000, 0, 2);
        int[] heard = Heard();
        Assert.Equal(150, heard[0]);
        Assert.InRange(heard[2], 45, 145);
        Speak(1000, 0, 2);
        Assert.Equal([50, 0, 50, 0], Heard());
    }

    [Fact]
    public void Who_begins_is_heard_from_his_first_word_when_there_is_room()
    {
        Speak(100);
        Heard();
        Speak(40, 3);
        Assert.Equal([0, 0, 0, 2], Heard());
    }

    [Fact]
    public void Numbers_have_no_gap_and_a_spurt_begins_with_the_marker()
    {
        Speak(1000, 0, 1);
        Speak(6000, 1, 2);
        Speak(6000, 1, 0);
        List<RtpFacts> packets = [.. _receiver.Sink.Rtp.Select(one => RtpFacts.Of(one.Packet)).Where(one => one.Ssrc == _consumers[0].Plan.Ssrc.Value)];
        Assert.True(packets.Count > 100);
        for (int i = 1; i < packets.Count; i++)
        {
            Assert.Equal((ushort)(packets[i - 1].Sequence + 1), packets[i].Sequence);
        }

        int[] begins = [.. Enumerable.Range(1, packets.Count - 1).Where(i => packets[i].Timestamp - packets[i - 1].Timestamp > 960)];
        int begin = Assert.Single(begins);
        Assert.True(packets[begin].Marker);
        Assert.False(packets[begin + 1].Marker);
    }

    [Fact]
    public void Who_says_no_level_is_always_heard()
    {
        Speak(1000, 0, 1);
        Heard();
        for (int i = 0; i < 10; i++)
        {
            byte[] packet = Packets.Rtp(_tracks[3].Producer.Plan, 40_000 + i, (uint)(i * 960), [0xFC, 1, 2, 3]);
            packet[1] &= 0x7F;
            _room.Router.HandleRtp(Instant.FromMilliseconds(_now + i), _tracks[3].Peer.Transport, packet);
        }

        Assert.True(Heard()[3] >= 8);
    }

    private void Speak(double milliseconds, params int[] speakers)
    {
        double end = _now + milliseconds;
        for (; _now < end; _now += 20)
        {
            _room.RunUntil(_now);
            for (int i = 0; i < _tracks.Length; i++)
            {
                _tracks[i].Peer.SendAudio(Instant.FromMilliseconds(_now), _tracks[i].Producer, speakers.Contains(i) ? Loud : Quiet, marker: false);
            }
        }
    }

    private int _read;

    private int[] Heard()
    {
        int[] heard = new int[4];
        for (; _read < _receiver.Sink.Rtp.Count; _read++)
        {
            uint ssrc = RtpFacts.Of(_receiver.Sink.Rtp[_read].Packet).Ssrc;
            heard[Array.FindIndex(_consumers, consumer => consumer.Plan.Ssrc.Value == ssrc)]++;
        }

        return heard;
    }

    private readonly record struct RtpFacts(uint Ssrc, ushort Sequence, uint Timestamp, bool Marker)
    {
        public static RtpFacts Of(byte[] bytes)
        {
            RtpPacket packet = Packets.Parse(bytes);
            return new RtpFacts(packet.Ssrc.Value, packet.SequenceNumber.Value, packet.Timestamp.Value, packet.Marker);
        }
    }
}
