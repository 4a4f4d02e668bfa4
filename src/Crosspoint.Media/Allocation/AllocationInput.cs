using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>What is known of one subscriber's network when its videos are allotted.</summary>
/// <param name="Target">All that may be sent.</param>
/// <param name="Reserved">What audio and repair take of it.</param>
/// <param name="Waited">How long the oldest packet has waited for its turn.</param>
/// <param name="Queue">How long what was sent waits on the way.</param>
/// <param name="Foreseen">Where the link has collapsed: when what waits now will have arrived. Zero otherwise.</param>
/// <param name="IsStartup">Nothing is known of the network: lowest layers are sent whatever they cost.</param>
/// <param name="CanProbe">Probes will soon tell more: until they do, nothing above the smallest pictures is sent.</param>
/// <param name="HasShownLimit">Something has spoken against sending more. Otherwise what is given up for want of a target was not wrong, and is tried again as soon as there is room.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AllocationInput(Bitrate Target, Bitrate Reserved, TimeSpan Waited, TimeSpan Queue, TimeSpan Foreseen, bool IsStartup, bool CanProbe, bool HasShownLimit)
{
    /// <summary>How long packets wait, or will have waited: where that is known already, nothing is won by waiting for it.</summary>
    public TimeSpan Delay => Foreseen > Waited ? Foreseen : Waited;
}
