using System.Diagnostics;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>recvmmsg and sendmmsg on memory that never moves; ppoll on the socket and an eventfd to wait.</summary>
/// <remarks>The owning thread calls everything but <see cref="Wake"/>. Nothing is allocated after the constructor.</remarks>
internal sealed unsafe class LinuxUdpSocket : UdpSocket
{
    // An unconnected socket hears of few ICMP errors; a bound keeps a flood of them from holding the worker.
    private const int MaxErrorsPerReceive = 16;

    private readonly TimeSpan _stallLimit;
    private readonly ILinuxSocketCalls _calls;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly bool _ipv4Socket;
    private readonly EventHandle _wake = EventHandle.Create();
    private readonly MessageArrays _incoming = new();
    private readonly MessageArrays _outgoing = new();

    private int _wakePending;

    internal LinuxUdpSocket(Socket socket, UdpSocketOptions options, ILinuxSocketCalls? calls = null)
        : base(UdpSocketSetup.LocalAddress(socket), UdpSocketSetup.Finish(socket, UdpImplementation.Linux))
    {
        _stallLimit = options.SendStallLimit;
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _ipv4Socket = socket.AddressFamily == AddressFamily.InterNetwork;
        _calls = calls ?? new LinuxSocketCalls(_descriptor);
    }

    /// <summary>The structures are laid out for 64 bits.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static LinuxUdpSocket OpenLinux(UdpSocketOptions options, ILinuxSocketCalls? calls = null)
    {
        Socket socket = UdpSocketSetup.Open(options);
        try
        {
            return new LinuxUdpSocket(socket, options, calls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override int Receive(DatagramBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        for (int i = 0; i < batch.Capacity; i++)
        {
            _incoming.Headers[i].NameLength = SocketAddressStorage.Size;
            _incoming.ExpectPacketInfo(i, Capabilities.LocalAddresses);
            _incoming.Vectors[i].Base = batch.SlotPointer(i);
            _incoming.Vectors[i].Length = (nuint)batch.MaxDatagramBytes;
        }

        int received = ReceiveDespiteErrors(batch.Capacity);
        for (int i = 0; i < received; i++)
        {
            Accept(batch, i);
        }

        return batch.Count;
    }

    public override int Send(SendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (int i = 0; i < batch.Count; i++)
        {
            _outgoing.Headers[i].NameLength = LinuxAddress.Write(ref _outgoing.Addresses[i], batch.Destination(i), _ipv4Socket);
            _outgoing.SetPacketInfo(i, Capabilities.LocalAddresses ? batch.Source(i) : TransportAddress.None, _ipv4Socket);
            _outgoing.Vectors[i].Base = batch.Pointer(i);
            _outgoing.Vectors[i].Length = (nuint)batch.Length(i);
        }

        int sent = SendPrepared(batch.Count);
        batch.Clear();
        return sent;
    }

    public override WaitResult Wait(TimeSpan timeout)
    {
        LinuxNative.PollEntry* entries = stackalloc LinuxNative.PollEntry[2];
        entries[0] = new LinuxNative.PollEntry { Descriptor = _descriptor, Events = LinuxNative.PollIn };
        entries[1] = new LinuxNative.PollEntry { Descriptor = (int)_wake.DangerousGetHandle(), Events = LinuxNative.PollIn };
        LinuxNative.TimeSpec time = LinuxNative.TimeSpec.From(timeout);
        if (LinuxNative.Poll(entries, 2, timeout < TimeSpan.Zero ? null : &time, null) <= 0)
        {
            return WaitResult.TimedOut;
        }

        WaitResult result = entries[0].Returned != 0 ? WaitResult.Readable : WaitResult.TimedOut;
        if (entries[1].Returned != 0)
        {
            // First the flag, then the counter: a wake-up in between is part of this return, never lost.
            Interlocked.Exchange(ref _wakePending, 0);
            _wake.Reset();
            Counters.Wakes++;
            result |= WaitResult.Woken;
        }

        return result;
    }

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            _wake.Raise();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        _wake.Dispose();
    }

    private protected override void ReadKernelDrops(ref UdpSocketStatistics statistics) =>
        statistics.ReceiveDroppedKernelBufferFull = LinuxKernelDrops.Read(_descriptor, statistics.ReceiveDroppedKernelBufferFull);

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
        ref MessageHeader header = ref _incoming.Headers[index];
        if ((header.Flags & LinuxNative.Truncated) != 0)
        {
            Counters.ReceiveDroppedTruncated++;
        }
        else if (!LinuxAddress.TryRead(ref _incoming.Addresses[index], header.NameLength, out TransportAddress source))
        {
            Counters.ReceiveDroppedBadAddress++;
        }
        else
        {
            batch.Add(index, (int)header.Length, source, _incoming.Local(index, LocalAddress));
            Counters.DatagramsReceived++;
            Counters.BytesReceived += header.Length;
        }
    }

    // sendmmsg stops at the first message that fails, and tells why only when that one is first of a call.
    private int SendPrepared(int count)
    {
        long deadline = 0;
        int sent = 0;
        int next = 0;
        bool retried = false;
        while (next < count)
        {
            Counters.SendCalls++;
            int moved = _calls.Send(_outgoing.Headers + next, count - next, out LinuxErrno error);
            if (moved > 0)
            {
                CountSent(next, moved);
                next += moved;
                sent += moved;
                retried = false;
            }
            else if (error == LinuxErrno.Again && !AwaitWritable(ref deadline))
            {
                Counters.SendDroppedQueueFull += count - next;
                return sent;
            }
            else if (error is LinuxErrno.ConnectionRefused or LinuxErrno.ConnectionReset && !retried)
            {
                // The ICMP error of an earlier datagram, reported in this one's place and cleared by that.
                retried = true;
            }
            else if (error is not (LinuxErrno.Again or LinuxErrno.Interrupted))
            {
                CountDropped(error);
                next++;
                retried = false;
            }
        }

        return sent;
    }

    private bool AwaitWritable(ref long deadline)
    {
        long now = Stopwatch.GetTimestamp();
        if (deadline == 0)
        {
            Counters.SendStalls++;
            deadline = now + (long)(_stallLimit.TotalSeconds * Stopwatch.Frequency);
        }

        return deadline > now && _calls.AwaitWritable(Stopwatch.GetElapsedTime(now, deadline));
    }

    private void CountSent(int first, int count)
    {
        Counters.DatagramsSent += count;
        for (int i = first; i < first + count; i++)
        {
            Counters.BytesSent += (long)_outgoing.Vectors[i].Length;
        }
    }

    private void CountDropped(LinuxErrno error)
    {
        switch (error)
        {
            case LinuxErrno.NoBuffers or LinuxErrno.NoMemory:
                Counters.SendDroppedNoBuffers++;
                break;
            case LinuxErrno.MessageSize:
                Counters.SendDroppedTooBig++;
                break;
            case LinuxErrno.NetworkUnreachable or LinuxErrno.HostUnreachable or LinuxErrno.NetworkDown or LinuxErrno.HostDown or LinuxErrno.AddressNotAvailable:
                Counters.SendDroppedUnreachable++;
                break;
            case LinuxErrno.ConnectionRefused or LinuxErrno.ConnectionReset:
                Counters.SendDroppedRefused++;
                break;
            case LinuxErrno.NotPermitted or LinuxErrno.AccessDenied:
                Counters.SendDroppedNotPermitted++;
                break;
            case LinuxErrno.InvalidArgument or LinuxErrno.AddressFamilyNotSupported:
                Counters.SendDroppedInvalidAddress++;
                break;
            default:
                Counters.SendDroppedOther++;
                break;
        }
    }
}
