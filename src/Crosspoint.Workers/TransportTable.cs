using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Ice;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Workers;

/// <summary>The transports of a worker, and how a datagram finds its own: by address or by user name fragment.</summary>
/// <remarks>Owned by one worker thread.</remarks>
/// <param name="worker">Whose they are.</param>
/// <param name="directory">Where other threads look for them by fragment.</param>
/// <param name="port">Where other workers look for them by address; null when the worker has a port of its own.</param>
internal sealed class TransportTable(Worker worker, FragmentDirectory directory, SharedUdpPort? port)
{
    /// <summary>
    /// Addresses one transport may have in the demultiplexer: what ICE keeps of one path before and one after a restart.
    /// Its peer makes them for free by changing its port.
    /// </summary>
    public const int MaxSourcesPerTransport = 32;

    // Made by me.
    private readonly Demultiplexer _demultiplexer = new();
    private readonly HashSet<WebRtcTransport> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<WebRtcTransport> All => _all;

    /// <summary>Addresses known.</summary>
    public int SourceCount => _demultiplexer.SourceCount;

    public WebRtcTransport? Find(in TransportAddress source) => _demultiplexer.Find(source);

    public WebRtcTransport? FindByUsername(ReadOnlySpan<byte> datagram) => _demultiplexer.FindByUsername(datagram);

    public void Add(WebRtcTransport transport)
    {
        _all.Add(transport);
        AddFragment(transport, transport.Session.Ice.LocalCredentials.UsernameFragment);
    }

    /// <summary>New credentials; the old ones go on being answered until the next restart, because media still uses their path.</summary>
    public void RestartIce(Instant now, WebRtcTransport transport)
    {
        IceCredentials credentials = IceCredentials.Create(SystemRandomSource.Instance);
        transport.Session.RestartIce(now, credentials);
        if (transport.Fragments.Count > 1)
        {
            RemoveFragment(transport.Fragments[0]);
            transport.Fragments.RemoveAt(0);
        }

        AddFragment(transport, credentials.UsernameFragment);
    }

    /// <summary>ICE has validated the address; from now on its datagrams are the transport's.</summary>
    public void Bind(in TransportAddress local, in TransportAddress source, WebRtcTransport transport)
    {
        if (!_demultiplexer.Bind(source, transport))
        {
            return;
        }

        port?.Bind(source, worker);
        if (transport.Sources.Count > MaxSourcesPerTransport)
        {
            TransportAddress superfluous = Superfluous(transport, local);
            _demultiplexer.Unbind(superfluous);
            port?.Unbind(superfluous, worker);
        }
    }

    /// <summary>Another worker of the port has validated the address since.</summary>
    public void LoseSource(in TransportAddress source)
    {
        if (port?.OwnerOf(source) != worker)
        {
            _demultiplexer.Unbind(source);
        }
    }

    public void Remove(WebRtcTransport transport)
    {
        foreach (TransportAddress source in transport.Sources)
        {
            port?.Unbind(source, worker);
        }

        _demultiplexer.UnbindAll(transport);
        foreach (string fragment in transport.Fragments)
        {
            RemoveFragment(fragment);
        }

        _all.Remove(transport);
    }

    // One that ICE has given up, otherwise the oldest that carries nothing. A living peer's next check brings it back.
    private static TransportAddress Superfluous(WebRtcTransport transport, in TransportAddress local)
    {
        _ = transport.Session.TryGetPath(out _, out TransportAddress selected);
        TransportAddress oldest = default;
        foreach (TransportAddress source in transport.Sources)
        {
            if (source == selected)
            {
                continue;
            }

            if (!transport.Session.Ice.IsValidated(local, source))
            {
                return source;
            }

            oldest = oldest.IsNone ? source : oldest;
        }

        return oldest;
    }

    private void AddFragment(WebRtcTransport transport, string fragment)
    {
        transport.Fragments.Add(fragment);
        _demultiplexer.AddFragment(fragment, transport);
        directory.Add(fragment, worker);
    }

    private void RemoveFragment(string fragment)
    {
        _demultiplexer.RemoveFragment(fragment);
        directory.Remove(fragment);
    }
}
