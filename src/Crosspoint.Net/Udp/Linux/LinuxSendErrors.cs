namespace Crosspoint.Net.Udp.Linux;

/// <summary>Which counter an error of sendmmsg ends in.</summary>
internal static class LinuxSendErrors
{
    /// <summary>
    /// True when the message may have been refused for being one of many datagrams: EIO, the device cannot finish checksums or there is IPsec
    /// on the way; EMSGSIZE, a segment is longer than the path takes, but the last may not be; EINVAL, more segments than this kernel likes.
    /// </summary>
    public static bool MayBeSegmentation(LinuxErrno error) => error is LinuxErrno.InputOutput or LinuxErrno.MessageSize or LinuxErrno.InvalidArgument;

    public static void Count(ref UdpSocketStatistics counters, LinuxErrno error, int datagrams)
    {
        switch (error)
        {
            case LinuxErrno.NoBuffers or LinuxErrno.NoMemory:
                counters.SendDroppedNoBuffers += datagrams;
                break;
            case LinuxErrno.MessageSize:
                counters.SendDroppedTooBig += datagrams;
                break;
            case LinuxErrno.NetworkUnreachable or LinuxErrno.HostUnreachable or LinuxErrno.NetworkDown or LinuxErrno.HostDown or LinuxErrno.AddressNotAvailable:
                counters.SendDroppedUnreachable += datagrams;
                break;
            case LinuxErrno.ConnectionRefused or LinuxErrno.ConnectionReset:
                counters.SendDroppedRefused += datagrams;
                break;
            case LinuxErrno.NotPermitted or LinuxErrno.AccessDenied:
                counters.SendDroppedNotPermitted += datagrams;
                break;
            case LinuxErrno.InvalidArgument or LinuxErrno.AddressFamilyNotSupported:
                counters.SendDroppedInvalidAddress += datagrams;
                break;
            default:
                counters.SendDroppedOther += datagrams;
                break;
        }
    }
}
