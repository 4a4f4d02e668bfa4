namespace Crosspoint.Net.Udp.Linux;

/// <summary>The three system calls of the packet path, so that tests can answer with errors no loopback produces.</summary>
internal unsafe interface ILinuxSocketCalls
{
    /// <summary>recvmmsg, never blocking: the count, or -1 with the error.</summary>
    int Receive(MessageHeader* headers, int count, out LinuxErrno error);

    /// <summary>sendmmsg, never blocking: the count, or -1 with the error of the first message.</summary>
    int Send(MessageHeader* headers, int count, out LinuxErrno error);

    /// <summary>Waits until the socket takes datagrams again; false when the time ran out.</summary>
    bool AwaitWritable(TimeSpan timeout);
}
