using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Workers.Client;

/// <summary>What carries a built-in peer's datagrams: a UDP socket, or one framed TCP connection.</summary>
/// <remarks>Owned by the peer's thread, except <see cref="Wake"/>.</remarks>
internal abstract class ClientLink : IDisposable
{
    /// <summary>Opens it; the candidate it stands for. May wait for the network.</summary>
    public abstract IceCandidate Open();

    /// <summary>Ends <see cref="Wait"/>. Any thread.</summary>
    public abstract void Wake();

    /// <summary>Until there is something to receive, or so long.</summary>
    public abstract void Wait(TimeSpan timeout);

    /// <summary>The next datagram, valid until the next call; false when none waits.</summary>
    public abstract bool TryReceive(out TransportAddress source, out Span<byte> datagram);

    /// <summary>Room for a datagram.</summary>
    public abstract Span<byte> Reserve(int bytes);

    /// <summary>Completes what <see cref="Reserve"/> began.</summary>
    public abstract void Commit(int length, in TransportAddress remote);

    /// <summary>Sends what was gathered.</summary>
    public abstract void Flush();

    /// <summary>True once the other side ended it; a UDP socket never is.</summary>
    public virtual bool IsClosed => false;

    /// <inheritdoc/>
    public abstract void Dispose();
}
