using System.Buffers.Binary;
using System.Diagnostics;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Xunit.Abstractions;

namespace Crosspoint.Media.Tests.Routing;

public class AllocationTests(ITestOutputHelper output)
{
    private const int Consumers = 10;

    [Fact]
    public void A_packet_to_ten_consumers_allocates_nothing()
    {
        Room room = new();
        (FakePeer sender, Producer producer) = room.AddVideo();
        List<FakePeer> receivers = [.. Enumerable.Range(0, Consumers).Select(_ => room.Consume(producer).Peer)];
        receivers.ForEach(receiver => receiver.Sink.Keeps = false);
        sender.Sink.Keeps = false;
        byte[] packet = Packets.Rtp(producer.Plan, 0, 0, [.. Packets.Delta, .. new byte[1100]]);
        byte[] key = Packets.Rtp(producer.Plan, 0, 0, [.. Packets.Key, .. new byte[1100]]);
        room.Router.HandleRtp(Instant.Zero, sender.Transport, key);
        int sequence = 1;
        Send(5000);

        TimeSpan elapsed = default;
        long allocated = AllocationMeter.Count(() =>
        {
            long started = Stopwatch.GetTimestamp();
            Send(100_000);
            elapsed = Stopwatch.GetElapsedTime(started);
        });

        output.WriteLine($"{elapsed.TotalMicroseconds / (100_000 * Consumers):0.000} µs per forwarded packet");
        Assert.Equal(0, allocated);
        Assert.All(receivers, receiver => Assert.Equal(sequence, receiver.Sink.RtpCount));

        void Send(int count)
        {
            for (int i = 0; i < count; i++, sequence++)
            {
                // One in fifty comes late: gaps, NACKs and reordering are part of the path.
                int number = sequence % 50 == 7 ? sequence + 1 : sequence % 50 == 8 ? sequence - 1 : sequence;
                Instant now = Instant.FromMilliseconds(sequence);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)number * 90);
                room.Router.HandleRtp(now, sender.Transport, packet);
                if (room.Router.NextTimeout <= now)
                {
                    room.Router.HandleTimeout(now);
                }
            }
        }
    }
}
