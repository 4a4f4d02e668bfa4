namespace Crosspoint.Net.Udp;

/// <summary>Counters of one socket since it was opened; every datagram that was lost here is in exactly one of the drop counters.</summary>
public struct UdpSocketStatistics
{
    /// <summary>Kernel messages received, each one datagram or several merged ones; <see cref="DatagramsReceived"/> by this is how well merging works.</summary>
    public long MessagesReceived { get; internal set; }

    /// <summary>Datagrams handed to the owner.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>UDP payload bytes handed to the owner.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Receive system calls.</summary>
    public long ReceiveCalls { get; internal set; }

    /// <summary>Kernel messages sent, each one datagram or several; <see cref="DatagramsSent"/> by this is how well segmentation works.</summary>
    public long MessagesSent { get; internal set; }

    /// <summary>Those of the datagrams sent that left in a message of several.</summary>
    public long SegmentsSent { get; internal set; }

    /// <summary>Messages of several datagrams that were refused (EIO, EMSGSIZE, EINVAL) and sent again one by one.</summary>
    public long SegmentationFallbacks { get; internal set; }

    /// <summary>1 when the socket stopped asking for segmentation, because the device or the kernel cannot (EIO); 0 otherwise.</summary>
    public long SegmentationTurnedOff { get; internal set; }

    /// <summary>Datagrams the kernel took.</summary>
    public long DatagramsSent { get; internal set; }

    /// <summary>UDP payload bytes the kernel took.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Send system calls.</summary>
    public long SendCalls { get; internal set; }

    /// <summary>Times a send waited because the kernel's queue was full.</summary>
    public long SendStalls { get; internal set; }

    /// <summary>Times the owner was woken by another thread.</summary>
    public long Wakes { get; internal set; }

    /// <summary>Received datagrams dropped: longer than the batch keeps.</summary>
    public long ReceiveDroppedTruncated { get; internal set; }

    /// <summary>Received datagrams dropped: a source address of an unknown family.</summary>
    public long ReceiveDroppedBadAddress { get; internal set; }

    /// <summary>Received datagrams dropped: a merged message of more than <see cref="DatagramBatch.MaxSegments"/>; these were behind them.</summary>
    public long ReceiveDroppedBadSegments { get; internal set; }

    /// <summary>Messages the kernel dropped before us, merged or single: the receive buffer was full. Zero where the system does not tell.</summary>
    public long ReceiveDroppedKernelBufferFull { get; internal set; }

    /// <summary>ICMP errors (port or host unreachable …) that the kernel reported on a receive; no datagram was lost here.</summary>
    public long ReceiveIcmpErrors { get; internal set; }

    /// <summary>Receive calls that failed for any other reason.</summary>
    public long ReceiveErrors { get; internal set; }

    /// <summary>Sends dropped: the queue stayed full for the whole stall limit (EAGAIN).</summary>
    public long SendDroppedQueueFull { get; internal set; }

    /// <summary>Sends dropped: the kernel or the device had no memory for it (ENOBUFS, ENOMEM).</summary>
    public long SendDroppedNoBuffers { get; internal set; }

    /// <summary>Sends dropped: longer than the path or the protocol takes (EMSGSIZE).</summary>
    public long SendDroppedTooBig { get; internal set; }

    /// <summary>Sends dropped: no route, host or network down (ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL).</summary>
    public long SendDroppedUnreachable { get; internal set; }

    /// <summary>Sends dropped: an ICMP error of an earlier datagram came twice in place of this one.</summary>
    public long SendDroppedRefused { get; internal set; }

    /// <summary>Sends dropped: a firewall or policy said no (EPERM, EACCES).</summary>
    public long SendDroppedNotPermitted { get; internal set; }

    /// <summary>Sends dropped: not an address this socket can send to (EINVAL, EAFNOSUPPORT).</summary>
    public long SendDroppedInvalidAddress { get; internal set; }

    /// <summary>Sends dropped for any other reason.</summary>
    public long SendDroppedOther { get; internal set; }

    /// <summary>All sends dropped.</summary>
    public readonly long SendDropped =>
        SendDroppedQueueFull + SendDroppedNoBuffers + SendDroppedTooBig + SendDroppedUnreachable
        + SendDroppedRefused + SendDroppedNotPermitted + SendDroppedInvalidAddress + SendDroppedOther;
}
