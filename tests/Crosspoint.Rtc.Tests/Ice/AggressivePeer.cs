using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Stun;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>
/// A controlling agent of RFC 5245 that nominates aggressively (§8.1.1.2): every check carries USE-CANDIDATE, from each of its addresses.
/// What succeeded is not checked again, but for the best, which it uses.
/// </summary>
internal sealed class AggressivePeer(IceCredentials local, IceCredentials remote, TransportAddress server, IReadOnlyList<TransportAddress> addresses, Random random) : IVirtualEndpoint
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(1);

    private readonly Queue<(TransportAddress From, byte[] Bytes)> _out = new();
    private readonly HashSet<StunTransactionId>[] _sent = [.. addresses.Select(_ => new HashSet<StunTransactionId>())];
    private readonly bool[] _answered = new bool[addresses.Count];
    private readonly Instant[] _next = new Instant[addresses.Count];

    /// <summary>Index of the best address that was answered; −1 before.</summary>
    public int Best => Array.IndexOf(_answered, true);

    public Instant NextTimeout => _next.Min();

    public static byte[] Check(IceCredentials local, IceCredentials remote, StunTransactionId id, uint priority)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        writer.Add(StunAttributeType.Username, System.Text.Encoding.ASCII.GetBytes($"{remote.UsernameFragment}:{local.UsernameFragment}"));
        writer.AddUInt32(StunAttributeType.Priority, priority);
        writer.AddUInt64(StunAttributeType.IceControlling, ulong.MaxValue);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddMessageIntegrity(System.Text.Encoding.ASCII.GetBytes(remote.Password));
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }

    public static byte[] Answer(IceCredentials local, StunTransactionId id, TransportAddress mapped)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Success, StunMethod.Binding, id);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, mapped);
        writer.AddMessageIntegrity(System.Text.Encoding.ASCII.GetBytes(local.Password));
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }

    public void HandleTimeout(Instant now)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (_next[i] > now)
            {
                continue;
            }

            bool done = _answered[i] && i != Best;
            _next[i] = done ? Instant.Never : now + (_answered[i] ? Confirm : Retry);
            if (!done)
            {
                StunTransactionId id = new((uint)random.Next(), (ulong)random.NextInt64());
                _sent[i].Add(id);
                _out.Enqueue((addresses[i], Check(local, remote, id, (uint)(1000 - i))));
            }
        }
    }

    public void Receive(Instant now, TransportAddress at, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        Assert.True(StunMessage.TryParse(datagram, out StunMessage message));
        if (message.Class == StunClass.Request)
        {
            _out.Enqueue((at, Answer(local, message.TransactionId, from)));
            return;
        }

        for (int i = 0; i < addresses.Count; i++)
        {
            _answered[i] |= message.Class == StunClass.Success && addresses[i] == at && _sent[i].Contains(message.TransactionId);
        }
    }

    public bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit)
    {
        if (!_out.TryDequeue(out (TransportAddress From, byte[] Bytes) next))
        {
            transmit = default;
            return false;
        }

        next.Bytes.CopyTo(into);
        transmit = new(next.From, server, next.Bytes.Length);
        return true;
    }
}
