namespace Crosspoint.Net.Udp;

/// <summary>Why <see cref="UdpSocket.Wait"/> came back.</summary>
[Flags]
public enum WaitResult
{
    /// <summary>The time ran out, or the system call was interrupted.</summary>
    TimedOut = 0,

    /// <summary>There may be datagrams; a following receive may still find none.</summary>
    Readable = 1,

    /// <summary><see cref="UdpSocket.Wake"/> was called.</summary>
    Woken = 2,
}
