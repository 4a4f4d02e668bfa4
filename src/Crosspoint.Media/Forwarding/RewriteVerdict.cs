namespace Crosspoint.Media.Forwarding;

/// <summary>What became of a sequence number on its way to a consumer.</summary>
internal enum RewriteVerdict : byte
{
    /// <summary>It has a number on the other side.</summary>
    Mapped,

    /// <summary>It lies before the first start, or so far back that its rule is forgotten.</summary>
    BeforeStart,

    /// <summary>It lies in a stretch that was left out on purpose.</summary>
    LeftOut,
}
