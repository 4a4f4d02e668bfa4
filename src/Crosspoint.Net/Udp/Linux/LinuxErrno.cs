namespace Crosspoint.Net.Udp.Linux;

/// <summary>errno of x86-64 and arm64 Linux, those that sockets answer with.</summary>
internal enum LinuxErrno
{
    None = 0,
    NotPermitted = 1, // EPERM
    Interrupted = 4, // EINTR
    InputOutput = 5, // EIO
    Again = 11, // EAGAIN
    NoMemory = 12, // ENOMEM
    AccessDenied = 13, // EACCES
    InvalidArgument = 22, // EINVAL
    MessageSize = 90, // EMSGSIZE
    ProtocolUnreachable = 92, // ENOPROTOOPT, from ICMP protocol unreachable
    AddressFamilyNotSupported = 97, // EAFNOSUPPORT
    AddressNotAvailable = 99, // EADDRNOTAVAIL
    NetworkDown = 100, // ENETDOWN
    NetworkUnreachable = 101, // ENETUNREACH
    ConnectionReset = 104, // ECONNRESET
    NoBuffers = 105, // ENOBUFS
    ConnectionRefused = 111, // ECONNREFUSED
    HostDown = 112, // EHOSTDOWN
    HostUnreachable = 113, // EHOSTUNREACH
}
