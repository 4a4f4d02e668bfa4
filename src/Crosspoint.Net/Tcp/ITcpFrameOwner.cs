namespace Crosspoint.Net.Tcp;

/// <summary>
/// Who receives the frames of a connection. Calls of one connection come one after the other, on threads of the pool,
/// and must return soon: a worker copies the frame into its mailbox.
/// </summary>
public interface ITcpFrameOwner
{
    /// <summary>A frame that is not empty; the bytes are valid until the call returns.</summary>
    void OnFrame(TcpFramedConnection connection, ReadOnlySpan<byte> frame);

    /// <summary>The connection ended; comes once, after the last frame.</summary>
    void OnClosed(TcpFramedConnection connection, TcpCloseReason reason);
}

/// <summary>
/// Decides by the first frame who owns a connection; <see langword="null"/> closes it with <see cref="TcpCloseReason.NoOwner"/>.
/// The owner is then given that same frame. Called on threads of the pool, for several connections at a time.
/// </summary>
public delegate ITcpFrameOwner? TcpOwnerSelector(TcpFramedConnection connection, ReadOnlySpan<byte> firstFrame);
