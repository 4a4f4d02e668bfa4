using Crosspoint.Rtc.Ice;

namespace Crosspoint.Rtc.Peer;

/// <summary>What a <see cref="PeerEvent"/> tells.</summary>
public enum PeerEventKind : byte
{
    /// <summary><see cref="PeerEvent.State"/> and <see cref="PeerEvent.Reason"/> changed.</summary>
    StateChanged,

    /// <summary>Media now goes to <see cref="PeerEvent.Path"/>.</summary>
    PathChanged,
}

/// <summary>Something the owner of a peer should know.</summary>
public readonly record struct PeerEvent(PeerEventKind Kind, PeerState State, PeerReason Reason, IcePath Path);
