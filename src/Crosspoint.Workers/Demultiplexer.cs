using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Workers;

/// <summary>
/// Finds the transport a datagram belongs to: by source address once ICE validated it there, by the user name of a STUN
/// request before that (RFC 8445 §7.3). One lookup per packet, no string built for a stranger.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Demultiplexer
{
    private readonly Dictionary<TransportAddress, WebRtcTransport> _byAddress = [];
    private readonly Dictionary<string, WebRtcTransport> _byFragment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WebRtcTransport>.AlternateLookup<ReadOnlySpan<char>> _byFragmentSpan;

    public Demultiplexer() => _byFragmentSpan = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The transport that receives from this address, if one does.</summary>
    public WebRtcTransport? Find(in TransportAddress source) => _byAddress.GetValueOrDefault(source);

    /// <summary>The transport that a STUN request is meant for, if one is.</summary>
    public WebRtcTransport? FindByUsername(ReadOnlySpan<byte> datagram)
    {
        if (!StunUsername.TryReadLocalFragment(datagram, out ReadOnlySpan<byte> fragment) || fragment.Length > 256)
        {
            return null;
        }

        // ice-char is ASCII (RFC 8839 §5.4); anything else cannot match.
        Span<char> characters = stackalloc char[256];
        for (int i = 0; i < fragment.Length; i++)
        {
            characters[i] = (char)fragment[i];
        }

        return _byFragmentSpan.TryGetValue(characters[..fragment.Length], out WebRtcTransport? transport) ? transport : null;
    }

    /// <summary>From now on this user name fragment means this transport.</summary>
    public void AddFragment(string fragment, WebRtcTransport transport) => _byFragment.Add(fragment, transport);

    /// <summary>The fragment is out of use.</summary>
    public void RemoveFragment(string fragment) => _byFragment.Remove(fragment);

    /// <summary>How many addresses are known.</summary>
    public int SourceCount => _byAddress.Count;

    /// <summary>Packets from this address belong to this transport; the newest claim wins, because ICE has just authenticated it. False when it was known.</summary>
    public bool Bind(in TransportAddress source, WebRtcTransport transport)
    {
        if (_byAddress.TryGetValue(source, out WebRtcTransport? before))
        {
            if (ReferenceEquals(before, transport))
            {
                return false;
            }

            before.Sources.Remove(source);
        }

        _byAddress[source] = transport;
        transport.Sources.Add(source);
        return true;
    }

    /// <summary>Forgets one address.</summary>
    public void Unbind(in TransportAddress source)
    {
        if (_byAddress.Remove(source, out WebRtcTransport? transport))
        {
            transport.Sources.Remove(source);
        }
    }

    /// <summary>Forgets every address of a transport.</summary>
    public void UnbindAll(WebRtcTransport transport)
    {
        foreach (TransportAddress source in transport.Sources)
        {
            _byAddress.Remove(source);
        }

        transport.Sources.Clear();
    }
}
