using System.Text;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Forwarding;

public class ForwardHeaderTests
{
    private const int Seed = 2211;

    [Fact]
    public void A_header_changed_in_place_is_the_header_written_anew()
    {
        Random random = new(Seed);
        ForwardHeader reused = new();
        for (int round = 0; round < 500; round++)
        {
            HeaderExtensionIds ids = new([(HeaderExtensionKind.Mid, 1), (HeaderExtensionKind.DependencyDescriptor, 4), (HeaderExtensionKind.AudioLevel, 6)]);
            byte[] bytes = Incoming(random);
            Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
            ExtensionSlots slots = ExtensionSlots.Find(packet, ids);
            Instant now = Instant.FromMilliseconds(round);
            reused.Begin();
            for (int consumer = 0; consumer < 12; consumer++)
            {
                ConsumerPlan plan = Plan(random, consumer);
                RtpHeaderFields fields = new(plan.PayloadType, packet.Marker, new((ushort)random.Next()), new((uint)random.Next()), plan.Ssrc);
                ForwardHeader fresh = new();

                byte[] expected = fresh.Write(now, plan, fields, packet, slots).ToArray();
                byte[] actual = reused.Write(now, plan, fields, packet, slots).ToArray();

                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
            }
        }
    }

    [Fact]
    public void Ids_tell_their_kinds_apart_in_the_signature()
    {
        HeaderExtensionIds one = new([(HeaderExtensionKind.Mid, 1), (HeaderExtensionKind.AudioLevel, 2)]);
        HeaderExtensionIds same = new([(HeaderExtensionKind.AudioLevel, 2), (HeaderExtensionKind.Mid, 1)]);
        HeaderExtensionIds other = new([(HeaderExtensionKind.Mid, 2), (HeaderExtensionKind.AudioLevel, 1)]);

        Assert.Equal(one.Signature, same.Signature);
        Assert.NotEqual(one.Signature, other.Signature);
    }

    // A dependency descriptor above 16 bytes turns the extension into its two-byte form (RFC 8285 §4.3), and moves the MID.
    private static byte[] Incoming(Random random)
    {
        byte[] bytes = new byte[200];
        RtpHeaderWriter writer = new(bytes, new RtpHeaderFields(new(96), random.Next(2) == 0, new((ushort)random.Next()), new((uint)random.Next()), new(7)));
        byte[] descriptor = new byte[random.Next(1, 40)];
        random.NextBytes(descriptor);
        writer.TryAdd(4, descriptor);
        writer.TryAdd(6, [(byte)random.Next(128)]);
        return bytes[..(writer.Complete() + 20)];
    }

    private static ConsumerPlan Plan(Random random, int consumer)
    {
        List<(HeaderExtensionKind, byte)> ids = [];
        byte next = (byte)(1 + random.Next(2));
        foreach (HeaderExtensionKind kind in new[] { HeaderExtensionKind.Mid, HeaderExtensionKind.AbsoluteSendTime, HeaderExtensionKind.DependencyDescriptor, HeaderExtensionKind.AudioLevel })
        {
            if (random.Next(4) != 0)
            {
                ids.Add((kind, next++));
            }
        }

        return new ConsumerPlan
        {
            Kind = MediaKind.Video,
            Codec = PayloadFormat.Vp8,
            ClockRate = 90_000,
            PayloadType = new((byte)(96 + random.Next(2))),
            RtxPayloadType = random.Next(2) == 0 ? null : new PayloadType(99),
            Ssrc = new((uint)random.Next()),
            Feedback = FeedbackFlags.Nack,
            Extensions = new HeaderExtensionIds(ids),
            Mid = Encoding.ASCII.GetBytes(random.Next(3) == 0 ? "" : $"{consumer * random.Next(2)}"),
            CanonicalName = default,
        };
    }
}
