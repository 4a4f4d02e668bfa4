using System.Collections.Concurrent;

namespace Crosspoint.Workers;

/// <summary>
/// Which worker answers to a user name fragment, for what arrives where all workers listen: on the TCP port, and on a shared UDP port.
/// </summary>
/// <remarks>Any thread; looking up takes no lock and allocates nothing.</remarks>
internal sealed class FragmentDirectory
{
    private readonly ConcurrentDictionary<string, Worker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Worker>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public FragmentDirectory() => _bySpan = _workers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The worker takes the fragment.</summary>
    public void Add(string fragment, Worker worker) => _workers[fragment] = worker;

    /// <summary>The fragment is out of use.</summary>
    public void Remove(string fragment) => _workers.TryRemove(fragment, out _);

    /// <summary>The worker a STUN request is meant for, if one is.</summary>
    public Worker? Find(ReadOnlySpan<byte> datagram)
    {
        if (!Rtc.Stun.StunUsername.TryReadLocalFragment(datagram, out ReadOnlySpan<byte> fragment) || fragment.Length > 256)
        {
            return null;
        }

        // ice-char is ASCII (RFC 8839 §5.4); anything else cannot match.
        Span<char> characters = stackalloc char[256];
        for (int i = 0; i < fragment.Length; i++)
        {
            characters[i] = (char)fragment[i];
        }

        return _bySpan.TryGetValue(characters[..fragment.Length], out Worker? worker) ? worker : null;
    }
}
