using System.Net;
using Crosspoint.Net.Udp;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>Errors that a loopback never gives, played by a script in place of the system calls.</summary>
public sealed class LinuxUdpSocketErrorTests
{
    public static TheoryData<string, string, int> SendScripts => new()
    {
        // What each send call answers (a count, or an errno), which counter it ends in, how many of four datagrams are sent.
        { "4", "", 4 },
        { "1 NotPermitted 2", "SendDroppedNotPermitted", 3 },
        { "AccessDenied 3", "SendDroppedNotPermitted", 3 },
        { "NetworkUnreachable 3", "SendDroppedUnreachable", 3 },
        { "HostUnreachable 3", "SendDroppedUnreachable", 3 },
        { "3 AddressNotAvailable", "SendDroppedUnreachable", 3 },
        { "InvalidArgument 3", "SendDroppedInvalidAddress", 3 },
        { "2 MessageSize 1", "SendDroppedTooBig", 3 },
        { "NoBuffers 3", "SendDroppedNoBuffers", 3 },
        { "NoMemory 3", "SendDroppedNoBuffers", 3 },
        { "Interrupted Interrupted 4", "", 4 },
        { "ConnectionRefused 4", "", 4 },
        { "ConnectionRefused ConnectionRefused 3", "SendDroppedRefused", 3 },
        { "ConnectionRefused 1 ConnectionRefused 3", "", 4 },
        { "ProtocolUnreachable 3", "SendDroppedOther", 3 },
        { "1 Again/writable 3", "", 4 },
        { "1 Again/full", "SendDroppedQueueFull*3", 1 },
        { "Again/writable Again/full", "SendDroppedQueueFull*4", 0 },
    };

    [Theory]
    [MemberData(nameof(SendScripts))]
    public void Each_send_error_costs_only_what_it_must_and_is_counted(string script, string drop, int sent)
    {
        var calls = new ScriptedCalls(script);
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback, SendStallLimit = TimeSpan.FromSeconds(1) }, calls);
        var batch = new SendBatch();
        for (int i = 0; i < 4; i++)
        {
            UdpSocketRig.Put(batch, TransportAddress.From(IPAddress.Loopback, 9), 10, 0);
        }

        Assert.Equal(sent, socket.Send(batch));

        Assert.True(batch.IsEmpty);
        Assert.True(calls.IsOver, "the script was not played to its end");
        UdpSocketStatistics statistics = socket.Statistics;
        Assert.Equal(sent, statistics.DatagramsSent);
        Assert.Equal(sent * 10, statistics.BytesSent);
        Assert.Equal(4 - sent, statistics.SendDropped);
        if (drop.Length > 0)
        {
            string name = drop.Split('*')[0];
            Assert.Equal((long)(4 - sent), typeof(UdpSocketStatistics).GetProperty(name)!.GetValue(statistics));
        }

        Assert.Equal(script.Contains("Again", StringComparison.Ordinal) ? 1 : 0, statistics.SendStalls);
    }

    [Fact]
    public void A_batch_after_one_that_waited_in_vain_is_dropped_without_waiting()
    {
        var calls = new ScriptedCalls("Again/full Again");
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback, SendStallLimit = TimeSpan.FromSeconds(1) }, calls);
        for (int i = 0; i < 2; i++)
        {
            var batch = new SendBatch();
            UdpSocketRig.Put(batch, TransportAddress.From(IPAddress.Loopback, 9), 10, 0);
            Assert.Equal(0, socket.Send(batch));
        }

        Assert.True(calls.IsOver, "the script was not played to its end");
        Assert.Equal((1, 2), (socket.Statistics.SendStalls, socket.Statistics.SendDroppedQueueFull));
    }

    [Theory]
    [InlineData("Again", 0, 0)]
    [InlineData("Interrupted Again", 0, 0)]
    [InlineData("ConnectionRefused HostUnreachable Again", 2, 0)]
    [InlineData("InvalidArgument", 0, 1)]
    public void Each_receive_error_is_counted_and_ends_the_call(string script, int icmp, int other)
    {
        var calls = new ScriptedCalls(script);
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback }, calls);
        Assert.Equal(0, socket.Receive(new DatagramBatch()));
        Assert.True(calls.IsOver);
        Assert.Equal(icmp, socket.Statistics.ReceiveIcmpErrors);
        Assert.Equal(other, socket.Statistics.ReceiveErrors);
    }

    [Fact]
    public void A_flood_of_icmp_errors_does_not_hold_the_worker()
    {
        var calls = new ScriptedCalls(string.Join(' ', Enumerable.Repeat("ConnectionRefused", 1000)));
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback }, calls);
        Assert.Equal(0, socket.Receive(new DatagramBatch()));
        Assert.Equal(16, socket.Statistics.ReceiveIcmpErrors);
    }

    [Fact]
    public void Datagrams_that_the_kernel_dropped_are_counted()
    {
        if (!LinuxUdpSocket.IsSupported)
        {
            return;
        }

        using UdpSocket small = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback, ReceiveBufferBytes = 4096 });
        using UdpSocket sender = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback });
        for (int i = 0; i < 20; i++)
        {
            UdpSocketRig.SendSome(sender, small.LocalAddress, 50);
        }

        var batch = new DatagramBatch(256);
        int got = small.Receive(batch);
        Assert.True(got is > 0 and < 1000);
        Assert.Equal(1000 - got, small.Statistics.ReceiveDroppedKernelBufferFull);
    }

    public static TheoryData<string, int, int, int, string> SegmentScripts => new()
    {
        // Messages of 3, 1 and 2 datagrams: what each send call answers, datagrams sent, fallbacks, turned off, which counter the rest ends in.
        { "3", 6, 0, 0, "" },
        { "InputOutput 3 2", 6, 1, 1, "" },
        { "InputOutput 3 1 InputOutput 2", 6, 2, 1, "" },
        { "MessageSize 3 2", 6, 1, 0, "" },
        { "MessageSize MessageSize MessageSize 1 2", 4, 1, 0, "SendDroppedTooBig" },
        { "InvalidArgument 1 InvalidArgument 1 2", 5, 1, 0, "SendDroppedInvalidAddress" },
        { "NetworkUnreachable 2", 3, 0, 0, "SendDroppedUnreachable" },
        { "2 NoBuffers", 4, 0, 0, "SendDroppedNoBuffers" },
        { "1 InputOutput 1", 5, 0, 0, "SendDroppedOther" },
        { "Again/full", 0, 0, 0, "SendDroppedQueueFull" },
        { "InputOutput 1 Again/full Again/full", 1, 1, 1, "SendDroppedQueueFull" },
    };

    [Theory]
    [MemberData(nameof(SegmentScripts))]
    public void A_refused_message_of_several_datagrams_goes_one_by_one(string script, int sent, int fallbacks, int turnedOff, string drop)
    {
        var calls = new ScriptedCalls(script);
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback, SendStallLimit = TimeSpan.FromSeconds(1) }, calls, new Offloads(true, true));
        var batch = new SendBatch();
        foreach (int length in new[] { 25, 10, 20 })
        {
            UdpSocketRig.PutSegments(batch, TransportAddress.From(IPAddress.Loopback, 9), socket.LocalAddress, length, 10);
        }

        Assert.Equal(sent, socket.Send(batch));

        Assert.True(calls.IsOver, "the script was not played to its end");
        UdpSocketStatistics statistics = socket.Statistics;
        Assert.Equal((sent, 6 - sent), (statistics.DatagramsSent, statistics.SendDropped));
        Assert.Equal((fallbacks, turnedOff), (statistics.SegmentationFallbacks, statistics.SegmentationTurnedOff));
        if (drop.Length > 0)
        {
            Assert.Equal((long)(6 - sent), typeof(UdpSocketStatistics).GetProperty(drop)!.GetValue(statistics));
        }
    }

    [Fact]
    public void After_EIO_messages_are_cut_before_they_reach_the_kernel()
    {
        var calls = new ScriptedCalls("InputOutput 3 7 1");
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback }, calls, new Offloads(true, true));
        var batch = new SendBatch();
        TransportAddress to = TransportAddress.From(IPAddress.Loopback, 9);
        UdpSocketRig.PutSegments(batch, to, socket.LocalAddress, 25, 10);
        Assert.Equal(3, socket.Send(batch));
        UdpSocketRig.PutSegments(batch, to, socket.LocalAddress, 75, 10);
        Assert.Equal(8, socket.Send(batch));
        Assert.Equal((1, 11, 0), (socket.Statistics.SegmentationTurnedOff, socket.Statistics.MessagesSent, socket.Statistics.SegmentsSent));
    }

    // Message length as the kernel says, segment size as the kernel says, datagrams, bytes, dropped for too many, dropped for too long.
    [Theory]
    [InlineData(1000, 0, 1, 1000, 0, 0)]
    [InlineData(1000, -5, 1, 1000, 0, 0)]
    [InlineData(1000, int.MinValue, 1, 1000, 0, 0)]
    [InlineData(1000, int.MaxValue, 1, 1000, 0, 0)]
    [InlineData(1000, 1000, 1, 1000, 0, 0)]
    [InlineData(1000, 999, 2, 1000, 0, 0)]
    [InlineData(1000, 1, 128, 128, 872, 0)]
    [InlineData(uint.MaxValue, 512, 128, 65_536, 0, 0)]
    [InlineData(uint.MaxValue, 511, 128, 128 * 511, 1, 0)]
    [InlineData(uint.MaxValue, -1, 0, 0, 0, 1)]
    [InlineData(0, 5, 1, 0, 0, 0)]
    public unsafe void A_segment_size_that_is_wrong_never_leads_outside(uint length, int segment, int datagrams, int bytes, int tooMany, int tooLong)
    {
        var calls = new LyingCalls(length, segment);
        using LinuxUdpSocket socket = LinuxUdpSocket.OpenLinux(new UdpSocketOptions { Address = IPAddress.Loopback }, calls, new Offloads(true, true));
        var batch = new DatagramBatch(2, merging: true);

        Assert.Equal(datagrams, socket.Receive(batch));

        Assert.Equal(bytes, Enumerable.Range(0, datagrams).Sum(i => batch.Datagram(i).Length));
        Assert.All(Enumerable.Range(0, datagrams), i => Assert.Equal(LyingCalls.Source, batch.Source(i)));
        UdpSocketStatistics statistics = socket.Statistics;
        Assert.Equal((datagrams, bytes, tooMany, tooLong), (statistics.DatagramsReceived, statistics.BytesReceived, statistics.ReceiveDroppedBadSegments, statistics.ReceiveDroppedTruncated));
    }

    private sealed unsafe class LyingCalls(uint length, int segment) : ILinuxSocketCalls
    {
        public static readonly TransportAddress Source = TransportAddress.FromIPv4(0x7F000001, 4711);

        public int Receive(MessageHeader* headers, int count, out LinuxErrno error)
        {
            error = LinuxErrno.None;
            headers->NameLength = LinuxAddress.Write(ref *headers->Name, Source, ipv4Socket: true);
            headers->Length = length;
            headers->ControlLength = 24;
            long* control = (long*)headers->Control;
            (control[0], control[1], control[2]) = (20, LinuxControl.UdpLevel | ((long)LinuxControl.UdpReceiveOffload << 32), (uint)segment);
            return 1;
        }

        public int Send(MessageHeader* headers, int count, out LinuxErrno error) => throw new NotSupportedException();

        public bool AwaitWritable(TimeSpan timeout) => throw new NotSupportedException();
    }

    private sealed unsafe class ScriptedCalls(string script) : ILinuxSocketCalls
    {
        private readonly string[] _steps = script.Split(' ');
        private int _next;

        public bool IsOver => _next == _steps.Length;

        public int Receive(MessageHeader* headers, int count, out LinuxErrno error) => Step(out error);

        public int Send(MessageHeader* headers, int count, out LinuxErrno error)
        {
            int moved = Step(out error);
            Assert.True(moved <= count);
            return moved;
        }

        public bool AwaitWritable(TimeSpan timeout)
        {
            Assert.True(timeout > TimeSpan.Zero && timeout <= TimeSpan.FromSeconds(1));
            return _steps[_next - 1].EndsWith("/writable", StringComparison.Ordinal);
        }

        private int Step(out LinuxErrno error)
        {
            string step = _steps[_next++].Split('/')[0];
            error = LinuxErrno.None;
            if (int.TryParse(step, out int count))
            {
                return count;
            }

            error = Enum.Parse<LinuxErrno>(step);
            return -1;
        }
    }
}
