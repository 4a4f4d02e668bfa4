using Crosspoint.Netem;
using Crosspoint.Primitives;

namespace Crosspoint.Sim.Encode;

/// <summary>
/// Sizes of the frames of one layer: about its rate, by a bell of a third to either side, keyframes so many times as large; what was too
/// much or too little is made up for over the next second, as a rate control does.
/// </summary>
internal sealed class FrameSizer(long seed, int stream, int framesPerSecond, int keyFrameFactor)
{
    private const int Least = 60;

    private LinkRandom _random = new(seed, stream);
    private long _debt;

    public int Next(Bitrate rate, int weight, bool isKey)
    {
        long mean = rate.BitsPerSecond / 8 / framesPerSecond;
        long wanted = isKey ? mean * keyFrameFactor : mean * weight / 1000;
        long size = wanted + _random.Bell(wanted / 3) - (isKey ? 0 : _debt / framesPerSecond);
        size = Math.Max(Least, Math.Max(size, wanted / 3));

        // Of a keyframe only what exceeds a frame is owed.
        long owed = size - (isKey ? mean : mean * weight / 1000);
        _debt = Math.Clamp(_debt + owed, -mean * framesPerSecond, mean * framesPerSecond);
        return (int)size;
    }
}
