namespace Crosspoint.Net.Tcp;

/// <summary>Why a TCP connection ended; every connection ends for exactly one of these.</summary>
public enum TcpCloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>Our side asked for it.</summary>
    Requested,

    /// <summary>The peer closed its side in good order.</summary>
    PeerClosed,

    /// <summary>The peer reset the connection, or the network did.</summary>
    PeerReset,

    /// <summary>No frame within <see cref="TcpConnectionOptions.FirstFrameDeadline"/> of the accept.</summary>
    FirstFrameDeadline,

    /// <summary>A frame that was begun did not end within <see cref="TcpConnectionOptions.FrameDeadline"/>.</summary>
    FrameDeadline,

    /// <summary>Nothing came for <see cref="TcpConnectionOptions.IdleLimit"/>.</summary>
    Idle,

    /// <summary>A frame longer than <see cref="TcpConnectionOptions.MaxFrameBytes"/>.</summary>
    FrameTooLong,

    /// <summary>Nobody wanted its first frame.</summary>
    NoOwner,

    /// <summary>The peer did not read: more than <see cref="TcpConnectionOptions.MaxBacklogBytes"/> waited for it.</summary>
    BacklogFull,

    /// <summary>More connections than <see cref="TcpListenerOptions.MaxConnections"/>.</summary>
    TooManyConnections,

    /// <summary>More connections from one address than <see cref="TcpListenerOptions.MaxConnectionsPerAddress"/>.</summary>
    TooManyFromAddress,

    /// <summary>The owner threw while it handled a frame.</summary>
    OwnerFailed,

    /// <summary>The host was disposed.</summary>
    HostStopped,
}
