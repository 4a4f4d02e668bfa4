namespace Crosspoint.Workers;

/// <summary>The packets of one transport in the <see cref="Flight"/>: indices of the first and the last.</summary>
internal readonly record struct PacketChain(int First, int Last)
{
    /// <summary>No packets.</summary>
    public static readonly PacketChain Empty = new(-1, -1);

    /// <summary>True without packets.</summary>
    public bool IsEmpty => First < 0;
}
