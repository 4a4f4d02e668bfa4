using System.Collections.Concurrent;

namespace Crosspoint.Workers;

/// <summary>
/// Which worker answers to a user name fragment, for connections that arrive on a port all workers share.
/// </summary>
/// <remarks>Any thread. Not on the way of a UDP packet.</remarks>
internal sealed class FragmentDirectory
{
    private readonly ConcurrentDictionary<string, Worker> _workers = new(StringComparer.Ordinal);

    /// <summary>The worker takes the fragment.</summary>
    public void Add(string fragment, Worker worker) => _workers[fragment] = worker;

    /// <summary>The fragment is out of use.</summary>
    public void Remove(string fragment) => _workers.TryRemove(fragment, out _);

    /// <summary>The worker a STUN request is meant for, if one is.</summary>
    public Worker? Find(ReadOnlySpan<byte> datagram) =>
        Rtc.Stun.StunUsername.TryReadLocalFragment(datagram, out ReadOnlySpan<byte> fragment) && fragment.Length <= 256
            ? _workers.GetValueOrDefault(System.Text.Encoding.ASCII.GetString(fragment))
            : null;
}
