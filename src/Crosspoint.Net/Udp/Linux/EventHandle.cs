using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>An eventfd: a counter in the kernel that poll can wait for and any thread may raise.</summary>
internal sealed class EventHandle : SafeHandle
{
    private EventHandle(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    public static EventHandle Create()
    {
        int descriptor = LinuxNative.EventDescriptor(0, LinuxNative.EventNonBlocking | LinuxNative.EventCloseOnExec);
        return descriptor >= 0 ? new EventHandle(descriptor) : throw new SocketException((int)SocketError.TooManyOpenSockets, $"eventfd: errno {LinuxNative.LastError}");
    }

    /// <summary>Any thread; nothing happens when it is closed.</summary>
    public unsafe void Raise()
    {
        ulong one = 1;
        try
        {
            LinuxNative.Write(this, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The owner is gone; nobody is left to be woken.
        }
    }

    public unsafe void Reset()
    {
        ulong value;
        LinuxNative.Read(this, &value, sizeof(ulong));
    }

    protected override bool ReleaseHandle() => LinuxNative.Close(handle) == 0;
}
