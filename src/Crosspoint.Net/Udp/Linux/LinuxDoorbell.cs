namespace Crosspoint.Net.Udp.Linux;

/// <summary>How other threads end a socket owner's wait: an eventfd beside the socket in ppoll, and a flag that keeps many rings one system call.</summary>
/// <remarks>The owning thread waits; any thread may ring, also after disposal.</remarks>
internal sealed unsafe class LinuxDoorbell : IDisposable
{
    // Made by me.
    private readonly EventHandle _event = EventHandle.Create();

    // State.
    private int _rung;

    /// <summary>Until the socket is readable, somebody rings, or the time is over; a negative time is for ever.</summary>
    public WaitResult Wait(int socket, TimeSpan timeout)
    {
        LinuxNative.PollEntry* entries = stackalloc LinuxNative.PollEntry[2];
        entries[0] = new LinuxNative.PollEntry { Descriptor = socket, Events = LinuxNative.PollIn };
        entries[1] = new LinuxNative.PollEntry { Descriptor = (int)_event.DangerousGetHandle(), Events = LinuxNative.PollIn };
        LinuxNative.TimeSpec time = LinuxNative.TimeSpec.From(timeout);
        if (LinuxNative.Poll(entries, 2, timeout < TimeSpan.Zero ? null : &time, null) <= 0)
        {
            return WaitResult.TimedOut;
        }

        WaitResult result = entries[0].Returned != 0 ? WaitResult.Readable : WaitResult.TimedOut;
        if (entries[1].Returned != 0)
        {
            Answer();
            result |= WaitResult.Woken;
        }

        return result;
    }

    /// <summary>Until somebody rings, which it says, or the time is over.</summary>
    public bool Rest(TimeSpan time)
    {
        LinuxNative.PollEntry entry = new() { Descriptor = (int)_event.DangerousGetHandle(), Events = LinuxNative.PollIn };
        LinuxNative.TimeSpec span = LinuxNative.TimeSpec.From(time < TimeSpan.Zero ? TimeSpan.Zero : time);
        bool rung = LinuxNative.Poll(&entry, 1, &span, null) > 0;
        if (rung)
        {
            Answer();
        }

        return rung;
    }

    /// <summary>Any thread; cheap when it was rung already.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _event.Raise();
        }
    }

    public void Dispose() => _event.Dispose();

    // First the counter, then the flag: who rings in between finds the flag set, raises nothing, and is part of this return.
    // The other way round it would raise what is then reset, leave the flag set, and nothing would ever be raised again.
    private void Answer()
    {
        _event.Reset();
        Interlocked.Exchange(ref _rung, 0);
    }
}
