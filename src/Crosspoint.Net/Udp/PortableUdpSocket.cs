using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// The framework's socket, one datagram a call. It is woken by a datagram from a second socket on this machine,
/// which the receive path recognises by its source and swallows.
/// </summary>
/// <remarks>The owning thread calls everything but <see cref="Wake"/>.</remarks>
internal sealed class PortableUdpSocket : UdpSocket
{
    // sockaddr of every system we run on: port at 2, IPv4 at 4, IPv6 at 8; only the family's place differs.
    private const int PortOffset = 2;
    private const int IPv4Offset = 4;
    private const int IPv6Offset = 8;

    private readonly TimeSpan _stallLimit;

    private readonly Socket _socket;
    private readonly Socket _waker;
    private readonly SocketAddress _wakeTarget;
    private readonly TransportAddress _wakeSource;
    private readonly SocketAddress _source;
    private readonly SocketAddress _destination;
    private readonly byte[] _scratch = new byte[ushort.MaxValue + 1];

    private int _wakePending;

    private PortableUdpSocket(Socket socket, UdpSocketOptions options)
        : base(UdpSocketSetup.LocalAddress(socket), UdpSocketSetup.Finish(socket, UdpImplementation.Portable, default))
    {
        _stallLimit = options.SendStallLimit;
        _socket = socket;
        _source = new SocketAddress(socket.AddressFamily);
        _destination = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();
        IPAddress target = WakeAddress(((IPEndPoint)socket.LocalEndPoint!).Address);
        _waker = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _waker.Bind(new IPEndPoint(target, 0));
        _wakeSource = UdpSocketSetup.LocalAddress(_waker);
        _wakeTarget = new IPEndPoint(target, LocalAddress.Port).Serialize();
    }

    public static PortableUdpSocket OpenPortable(UdpSocketOptions options)
    {
        Socket socket = UdpSocketSetup.Open(options);
        try
        {
            return new PortableUdpSocket(socket, options);
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
        // Asking first keeps "nothing there" free of exceptions. The bound covers datagrams that are swallowed.
        for (int i = 0; i < batch.Capacity && _socket.Poll(0, SelectMode.SelectRead); i++)
        {
            ReceiveOne(batch);
        }

        return batch.Count;
    }

    public override int Send(SendBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long deadline = 0;
        int sent = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            WriteAddress(batch.Destination(i));
            int segmentBytes = batch.SegmentBytes(i);
            for (ReadOnlySpan<byte> rest = batch.Message(i); !rest.IsEmpty; rest = rest[Math.Min(segmentBytes, rest.Length)..])
            {
                sent += SendDatagram(rest[..Math.Min(segmentBytes, rest.Length)], ref deadline);
            }
        }

        batch.Clear();
        return sent;
    }

    public override WaitResult Wait(TimeSpan timeout)
    {
        // A wake-up since the last return may have lost its datagram to a receive in between; the flag has not.
        bool woken = Interlocked.Exchange(ref _wakePending, 0) != 0;
        bool readable = _socket.Poll(woken ? TimeSpan.Zero : timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : timeout, SelectMode.SelectRead);
        woken |= Interlocked.Exchange(ref _wakePending, 0) != 0;
        WaitResult result = readable ? WaitResult.Readable : WaitResult.TimedOut;
        if (woken)
        {
            Counters.Wakes++;
            result |= WaitResult.Woken;
        }

        return result;
    }

    // Wake-ups come as datagrams here.
    public override void Rest(TimeSpan time)
    {
    }

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) != 0)
        {
            return;
        }

        try
        {
            lock (_waker)
            {
                _waker.SendTo([0], SocketFlags.None, _wakeTarget);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Closed, or the receive buffer is full: then the owner does not sleep either.
        }
    }

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        _waker.Dispose();
    }

    private protected override void ReadKernelDrops(ref UdpSocketStatistics statistics)
    {
    }

    private static IPAddress WakeAddress(IPAddress bound) =>
        bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : bound;

    private void ReceiveOne(DatagramBatch batch)
    {
        Counters.ReceiveCalls++;
        int length;
        try
        {
            length = _socket.ReceiveFrom(_scratch, SocketFlags.None, _source);
        }
        catch (SocketException e)
        {
            CountReceiveError(e.SocketErrorCode);
            return;
        }

        if (!TryReadAddress(out TransportAddress source))
        {
            Counters.ReceiveDroppedBadAddress++;
        }
        else if (source == _wakeSource)
        {
            // Only there to end a wait.
        }
        else if (length > batch.MaxDatagramBytes)
        {
            Counters.ReceiveDroppedTruncated++;
        }
        else
        {
            int slot = batch.Count;
            _scratch.AsSpan(0, length).CopyTo(batch.SlotSpan(slot));
            batch.Add(slot, length, 0, source, LocalAddress);
            Counters.MessagesReceived++;
            Counters.DatagramsReceived++;
            Counters.BytesReceived += length;
        }
    }

    private void CountReceiveError(SocketError error)
    {
        switch (error)
        {
            case SocketError.WouldBlock or SocketError.Interrupted:
                break;
            case SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkReset:
                Counters.ReceiveIcmpErrors++;
                break;
            case SocketError.MessageSize:
                Counters.ReceiveDroppedTruncated++;
                break;
            default:
                Counters.ReceiveErrors++;
                break;
        }
    }

    private bool TryReadAddress(out TransportAddress address)
    {
        ReadOnlySpan<byte> bytes = _source.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        switch (_source.Family)
        {
            case AddressFamily.InterNetwork:
                address = TransportAddress.FromBytes(bytes.Slice(IPv4Offset, 4), port);
                return true;
            case AddressFamily.InterNetworkV6:
                address = TransportAddress.FromBytes(bytes.Slice(IPv6Offset, 16), port);
                return true;
            default:
                address = default;
                return false;
        }
    }

    private void WriteAddress(in TransportAddress to)
    {
        Span<byte> bytes = _destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], to.Port);
        if (_destination.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[IPv4Offset..], to.IPv4);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[IPv6Offset..], to.Ip);
        }
    }

    private int SendDatagram(ReadOnlySpan<byte> datagram, ref long deadline)
    {
        while (true)
        {
            SocketError error = SendOne(datagram);
            if (error != SocketError.WouldBlock || !AwaitWritable(ref deadline))
            {
                return Account(error, datagram.Length);
            }
        }
    }

    private SocketError SendOne(ReadOnlySpan<byte> datagram)
    {
        Counters.SendCalls++;
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destination);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private bool AwaitWritable(ref long deadline)
    {
        long now = Stopwatch.GetTimestamp();
        if (deadline == 0)
        {
            Counters.SendStalls++;
            deadline = now + (long)(_stallLimit.TotalSeconds * Stopwatch.Frequency);
        }

        return deadline > now && _socket.Poll(Stopwatch.GetElapsedTime(now, deadline), SelectMode.SelectWrite);
    }

    private int Account(SocketError error, int length)
    {
        if (error != SocketError.Success)
        {
            PortableSendErrors.Count(ref Counters, error);
            return 0;
        }

        Counters.MessagesSent++;
        Counters.DatagramsSent++;
        Counters.BytesSent += length;
        return 1;
    }
}
