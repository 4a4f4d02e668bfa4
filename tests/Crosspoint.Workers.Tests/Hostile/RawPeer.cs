using System.Net;
using System.Net.Sockets;
using System.Text;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Workers.Tests.Hostile;

/// <summary>A UDP socket on a loopback address of its own that says whatever it is told to.</summary>
internal sealed class RawPeer : IDisposable
{
    private static int s_transaction;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 250 };
    private readonly EndPoint _server;
    private readonly byte[] _received = new byte[2048];

    /// <param name="serverPort">On 127.0.0.1.</param>
    /// <param name="host">Last two bytes of our 127.0.x.y.</param>
    public RawPeer(int serverPort, int host)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(host >> 8), (byte)host]), 0));
    }

    public static byte[] Check(IceParameters server, string? password = null, bool useCandidate = true, int padding = 0)
    {
        var buffer = new byte[2048 + padding];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new((uint)Interlocked.Increment(ref s_transaction), 77));
        writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes($"{server.UsernameFragment}:raw"));
        writer.AddUInt32(StunAttributeType.Priority, 1);
        writer.AddUInt64(StunAttributeType.IceControlling, 1);
        if (useCandidate)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        if (padding > 0)
        {
            writer.Add((StunAttributeType)0xC001, new byte[padding]); // may be ignored by who does not know it
        }

        writer.AddMessageIntegrity(Encoding.ASCII.GetBytes(password ?? server.Password));
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }

    /// <summary>A real first flight of our own DTLS client.</summary>
    public static byte[] ClientHello(DtlsIdentity identity)
    {
        using DtlsSession client = new(identity);
        client.SetRemoteFingerprints([identity.Sha256]);
        client.Start(Instant.Zero, Rtc.Dtls.DtlsRole.Client);
        byte[] buffer = new byte[2048];
        Assert.True(client.TryTransmit(Instant.Zero, buffer, out int length));
        return buffer[..length];
    }

    public void Send(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, _server);

    /// <summary>Checks until it is answered, so that everything sent to the worker before has been dealt with.</summary>
    public void Validate(IceParameters server)
    {
        for (int attempt = 0; attempt < 80; attempt++)
        {
            byte[] check = Check(server);
            Send(check);
            if (TryAwait(bytes => bytes.Length >= 20 && bytes[0] == 1 && bytes[1] == 1 && bytes.AsSpan(4, 16).SequenceEqual(check.AsSpan(4, 16))))
            {
                return;
            }
        }

        Assert.Fail("no check was answered within 20 s");
    }

    /// <summary>Waits for a datagram that fits, passing over others; false when none came for a while.</summary>
    public bool TryAwait(Predicate<byte[]> fits)
    {
        try
        {
            while (true)
            {
                int length = _socket.Receive(_received);
                if (fits(_received[..length]))
                {
                    return true;
                }
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
