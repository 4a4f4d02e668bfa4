using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>A file descriptor that is closed when nobody needs it any more.</summary>
internal sealed class DescriptorHandle : SafeHandle
{
    public DescriptorHandle(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number; only while the handle is open.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => LinuxNative.Close(handle) == 0;
}
