using System.Diagnostics;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>The real system calls on one descriptor.</summary>
internal sealed unsafe class LinuxSocketCalls(int descriptor) : ILinuxSocketCalls
{
    public int Receive(MessageHeader* headers, int count, out LinuxErrno error)
    {
        int moved = LinuxNative.ReceiveMany(descriptor, headers, (uint)count, LinuxNative.DoNotWait, null);
        error = moved < 0 ? LinuxNative.LastError : LinuxErrno.None;
        return moved;
    }

    public int Send(MessageHeader* headers, int count, out LinuxErrno error)
    {
        int moved = LinuxNative.SendMany(descriptor, headers, (uint)count, LinuxNative.DoNotWait | LinuxNative.NoSignal);
        error = moved < 0 ? LinuxNative.LastError : LinuxErrno.None;
        return moved;
    }

    public bool AwaitWritable(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        var entry = new LinuxNative.PollEntry { Descriptor = descriptor, Events = LinuxNative.PollOut };
        while (true)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            LinuxNative.TimeSpec time = LinuxNative.TimeSpec.From(left < TimeSpan.Zero ? TimeSpan.Zero : left);
            int ready = LinuxNative.Poll(&entry, 1, &time, null);
            if (ready >= 0 || LinuxNative.LastError != LinuxErrno.Interrupted)
            {
                return ready > 0;
            }
        }
    }
}
