using System.Diagnostics;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>recvmmsg and sendmmsg on memory that never moves, with the kernel's offloads; ppoll on the socket and an eventfd to wait.</summary>
/// <remarks>The owning thread calls everything but <see cref="Wake"/>. Nothing is allocated after the constructor.</remarks>
internal sealed unsafe class LinuxUdpSocket : UdpSocket
{
    // An unconnected socket hears of few ICMP errors; a bound keeps a flood of them from holding the worker.
    private const int MaxErrorsPerReceive = 16;

    // A turn sends many batches: one that waited in vain is not followed by others that do, for so many times the limit.
    private const int NoWaitFactor = 8;

    // Given to me.
    private readonly TimeSpan _stallLimit;
    private readonly ILinuxSocketCalls _calls;

    // Made by me.
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly LinuxDoorbell _doorbell = new();
    private readonly IncomingMessages _incoming = new();
    private readonly OutgoingMessages _outgoing;
    private readonly OutgoingMessages _pieces;
    private readonly SourceChoice? _sources;

    // State.
    private long _noWaitBefore;
    private bool _segments;
    private bool _merges;

    internal LinuxUdpSocket(Socket socket, UdpSocketOptions options, ILinuxSocketCalls? calls, Offloads offloads)
        : base(UdpSocketSetup.LocalAddress(socket), UdpSocketSetup.Finish(socket, UdpImplementation.Linux, offloads))
    {
        _stallLimit = options.SendStallLimit;
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _calls = calls ?? new LinuxSocketCalls(_descriptor);
        bool ipv4Socket = socket.AddressFamily == AddressFamily.InterNetwork;
        _outgoing = new OutgoingMessages(MaxBatch, ipv4Socket);
        _pieces = new OutgoingMessages(SendBatch.MaxSegments, ipv4Socket);
        _sources = Capabilities.LocalAddresses ? new SourceChoice(socket.AddressFamily) : null;
        _segments = offloads.Segmentation;
    }

    /// <summary>The structures are laid out for 64 bits, little end first.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    public static LinuxUdpSocket OpenLinux(UdpSocketOptions options, ILinuxSocketCalls? calls = null, Offloads? offloads = null)
    {
        Offloads granted = options.Offload == UdpOffload.Off ? default : offloads ?? OffloadProbe.Result;
        Socket socket = UdpSocketSetup.Open(options);
        try
        {
            return new LinuxUdpSocket(socket, options, calls, granted);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal override Socket Handle => _socket;

    public override int Receive(DatagramBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        if (batch.IsMerging != _merges && Capabilities.ReceiveOffload)
        {
            // What is merged and queued already is too long for a batch without the room, and will be counted as truncated.
            _merges = batch.IsMerging;
            UdpSocketSetup.TrySet(_socket, LinuxControl.UdpLevel, LinuxControl.UdpReceiveOffload, _merges ? 1 : 0);
        }

        _incoming.Prepare(batch);
        int received = ReceiveDespiteErrors(batch.Capacity);
        _incoming.Use(received);
        for (int i = 0; i < received; i++)
        {
            Accept(batch, i);
        }

        return batch.Count;
    }

    public override int Send(SendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long deadline = 0;
        int sent = 0;
        int message = 0;
        int offset = 0;
        _sources?.Begin();
        while (message < batch.Count)
        {
            int count = Prepare(batch, ref message, ref offset);
            sent += SendPrepared(_outgoing, count, ref deadline);
        }

        batch.Clear();
        return sent;
    }

    public override WaitResult Wait(TimeSpan timeout)
    {
        WaitResult result = _doorbell.Wait(_descriptor, timeout);
        Counters.Wakes += (result & WaitResult.Woken) == WaitResult.Woken ? 1 : 0;
        return result;
    }

    public override void Rest(TimeSpan time) => Counters.Wakes += _doorbell.Rest(time) ? 1 : 0;

    public override void Wake() => _doorbell.Ring();

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        _sources?.Dispose();
        _doorbell.Dispose();
    }

    private protected override void ReadKernelDrops(ref UdpSocketStatistics statistics) =>
        statistics.ReceiveDroppedKernelBufferFull = LinuxKernelDrops.Read(_descriptor, statistics.ReceiveDroppedKernelBufferFull);

    // ---- receiving

    private int ReceiveDespiteErrors(int capacity)
    {
        for (int attempt = 0; attempt < MaxErrorsPerReceive; attempt++)
        {
            Counters.ReceiveCalls++;
            int received = _calls.Receive(_incoming.Headers, capacity, out LinuxErrno error);
            if (received >= 0)
            {
                return received;
            }

            switch (error)
            {
                case LinuxErrno.Again:
                    return 0;
                case LinuxErrno.Interrupted:
                    break;
                case LinuxErrno.ConnectionRefused or LinuxErrno.ConnectionReset or LinuxErrno.HostUnreachable or LinuxErrno.NetworkUnreachable
                    or LinuxErrno.HostDown or LinuxErrno.ProtocolUnreachable or LinuxErrno.MessageSize:
                    Counters.ReceiveIcmpErrors++;
                    break;
                default:
                    Counters.ReceiveErrors++;
                    return 0;
            }
        }

        return 0;
    }

    private void Accept(DatagramBatch batch, int index)
    {
        ref readonly MessageHeader header = ref _incoming.Headers[index];
        if ((header.Flags & LinuxNative.Truncated) != 0)
        {
            Counters.ReceiveDroppedTruncated++;
            return;
        }

        if (!_incoming.TryReadSource(index, out TransportAddress source))
        {
            Counters.ReceiveDroppedBadAddress++;
            return;
        }

        TransportAddress local = LocalAddress;
        int segmentBytes = _incoming.ReadControl(index, ref local);
        int length = (int)Math.Min(header.Length, (uint)batch.SlotBytes);
        DatagramBatch.MessageSplit split = batch.Add(index, length, segmentBytes, source, local);
        Counters.MessagesReceived++;
        Counters.DatagramsReceived += split.Datagrams;
        Counters.BytesReceived += split.Bytes;
        Counters.ReceiveDroppedTruncated += split.TooLong;
        Counters.ReceiveDroppedBadSegments += split.TooMany;
    }

    // ---- sending

    /// <summary>Fills the headers from datagram <paramref name="offset"/> of <paramref name="message"/> on, cutting messages when the kernel may not; returns how many.</summary>
    private int Prepare(SendBatch batch, ref int message, ref int offset)
    {
        int count = 0;
        while (message < batch.Count && count < _outgoing.Capacity)
        {
            ref readonly SendBatch.Entry entry = ref batch.At(message);
            int length = entry.Length - offset;
            length = _segments ? length : Math.Min(length, entry.SegmentBytes);
            _outgoing.Set(count++, batch.Start + entry.Offset + offset, length, entry.SegmentBytes, entry.To, SourceToTell(entry));
            offset += length;
            if (offset == entry.Length)
            {
                message++;
                offset = 0;
            }
        }

        return count;
    }

    // None where we cannot tell, need not, or the kernel would choose the same.
    private TransportAddress SourceToTell(in SendBatch.Entry entry) =>
        _sources is null || entry.From.IsUnspecified || _sources.IsKernels(entry.To, entry.From) ? TransportAddress.None : entry.From;

    // sendmmsg stops at the first message that fails, and tells why only when that one is first of a call.
    private int SendPrepared(OutgoingMessages messages, int count, ref long deadline)
    {
        int sent = 0;
        int next = 0;
        bool retried = false;
        while (next < count)
        {
            Counters.SendCalls++;
            int moved = _calls.Send(messages.Headers + next, count - next, out LinuxErrno error);
            if (moved > 0)
            {
                sent += CountSent(messages, next, moved);
                next += moved;
                retried = false;
            }
            else if (error == LinuxErrno.Again && !AwaitWritable(ref deadline))
            {
                Counters.SendDroppedQueueFull += CountDatagrams(messages, next, count - next);
                return sent;
            }
            else if (error is LinuxErrno.ConnectionRefused or LinuxErrno.ConnectionReset && !retried)
            {
                // The ICMP error of an earlier datagram, reported in this one's place and cleared by that.
                retried = true;
            }
            else if (error is not (LinuxErrno.Again or LinuxErrno.Interrupted))
            {
                sent += GiveUp(messages, next, error, ref deadline);
                next++;
                retried = false;
            }
        }

        return sent;
    }

    // A message that may have been refused for being several datagrams goes again as those; anything else is lost.
    private int GiveUp(OutgoingMessages messages, int index, LinuxErrno error, ref long deadline)
    {
        int datagrams = messages.Datagrams(index);
        if (datagrams == 1 || !LinuxSendErrors.MayBeSegmentation(error))
        {
            LinuxSendErrors.Count(ref Counters, error, datagrams);
            return 0;
        }

        Counters.SegmentationFallbacks++;
        if (error == LinuxErrno.InputOutput && _segments)
        {
            _segments = false;
            Counters.SegmentationTurnedOff++;
        }

        return SendPrepared(_pieces, _pieces.Split(messages, index), ref deadline);
    }

    private bool AwaitWritable(ref long deadline)
    {
        long now = Stopwatch.GetTimestamp();
        if (deadline == 0)
        {
            deadline = now;
            if (now >= _noWaitBefore)
            {
                Counters.SendStalls++;
                deadline += (long)(_stallLimit.TotalSeconds * Stopwatch.Frequency);
            }
        }

        if (deadline > now && _calls.AwaitWritable(Stopwatch.GetElapsedTime(now, deadline)))
        {
            return true;
        }

        _noWaitBefore = Math.Max(_noWaitBefore, now + (long)(NoWaitFactor * _stallLimit.TotalSeconds * Stopwatch.Frequency));
        return false;
    }

    private int CountSent(OutgoingMessages messages, int first, int count)
    {
        int datagrams = 0;
        for (int i = first; i < first + count; i++)
        {
            int inMessage = messages.Datagrams(i);
            datagrams += inMessage;
            Counters.SegmentsSent += inMessage > 1 ? inMessage : 0;
            Counters.BytesSent += messages.Bytes(i);
        }

        Counters.MessagesSent += count;
        Counters.DatagramsSent += datagrams;
        return datagrams;
    }

    private static int CountDatagrams(OutgoingMessages messages, int first, int count)
    {
        int datagrams = 0;
        for (int i = first; i < first + count; i++)
        {
            datagrams += messages.Datagrams(i);
        }

        return datagrams;
    }
}
