using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Load.Media;

/// <summary>Makes frames look to the server as encrypted ones do: an SFrame header where one belongs. What follows it is noise in any room.</summary>
/// <remarks>The room sets the epoch, the engine's thread writes. Headers take the place of noise, so that sizes stay those of a room in the clear.</remarks>
/// <param name="leaf">The publisher's, in the group's tree.</param>
internal sealed class FrameSeal(int leaf)
{
    private int _epoch;
    private ulong _counter;

    /// <summary>The last byte of the group's epoch.</summary>
    public byte Epoch
    {
        get => (byte)Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>Writes the next frame's header.</summary>
    public void Write(SFrameKind kind, Span<byte> frame) => new SFrameHeader(new SFrameKeyId(1, kind, leaf, Epoch).Value, _counter++).Write(frame);
}
