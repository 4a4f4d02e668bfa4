namespace Crosspoint.Load.Janus.Sdp;

/// <summary>Which way a stream goes, seen from the writer of the description (RFC 8866 §6.7).</summary>
internal enum SdpDirection : byte
{
    /// <summary>Both ways; what a section without the attribute means.</summary>
    SendRecv = 0,

    /// <summary>From the writer.</summary>
    SendOnly = 1,

    /// <summary>To the writer.</summary>
    RecvOnly = 2,

    /// <summary>Neither way.</summary>
    Inactive = 3,
}
