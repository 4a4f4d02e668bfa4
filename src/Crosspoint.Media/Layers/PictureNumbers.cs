using System.Runtime.CompilerServices;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Gives every picture of a stream a running number of 16 bits, from its picture id where there is one, from its timestamp otherwise.
/// Later pictures have higher numbers, whatever the ids do: an id that jumps back with a newer timestamp is an encoder that began anew.
/// </summary>
/// <remarks>One owner: the producer's stream.</remarks>
internal struct PictureNumbers
{
    // So far ahead that nothing is remembered of, or refers to, what was before.
    private const int Jump = 512;
    private const int Remembered = 32;

    private Ring _recent;
    private bool _started;
    private ushort _newest;
    private ushort _newestId;
    private RtpTimestamp _newestTimestamp;

    /// <summary>The number of a packet's picture; false when it is older than what is remembered, or contradicts itself.</summary>
    /// <param name="timestamp">The packet's.</param>
    /// <param name="picture">Its picture id, when it has one.</param>
    /// <param name="number">The running number.</param>
    public bool TryNumber(RtpTimestamp timestamp, in PictureFields picture, out ushort number)
    {
        number = _newest;
        bool hasId = picture.PictureIdAt != 0;
        if (!_started)
        {
            _started = true;
            return Take(timestamp, picture.PictureId, _newest);
        }

        int later = RtpTimestamp.Distance(_newestTimestamp, timestamp);
        if (!hasId)
        {
            if (later > 0)
            {
                number = (ushort)(_newest + 1);
                return Take(timestamp, 0, number);
            }

            return later == 0 || TryRecall(timestamp, out number);
        }

        int ahead = Distance(_newestId, picture.PictureId, picture.IsPictureIdLong);
        if (later > 0)
        {
            number = (ushort)(_newest + (ahead > 0 ? ahead : Jump));
            return Take(timestamp, picture.PictureId, number);
        }

        number = (ushort)(_newest + ahead);
        return later == 0 ? ahead == 0 : ahead < 0;
    }

    /// <summary>The stream began anew; numbers go on.</summary>
    public void Restart()
    {
        _newest += Jump;
        _started = false;
        _recent = default;
    }

    private static int Distance(ushort from, ushort to, bool isLong)
    {
        int bits = isLong ? 15 : 7;
        int difference = (to - from) & ((1 << bits) - 1);
        return difference >= 1 << (bits - 1) ? difference - (1 << bits) : difference;
    }

    private bool Take(RtpTimestamp timestamp, ushort id, ushort number)
    {
        (_newest, _newestId, _newestTimestamp) = (number, id, timestamp);
        _recent[number % Remembered] = new Entry(timestamp, number, true);
        return true;
    }

    private readonly bool TryRecall(RtpTimestamp timestamp, out ushort number)
    {
        foreach (Entry entry in _recent)
        {
            if (entry.IsTaken && entry.Timestamp == timestamp)
            {
                number = entry.Number;
                return true;
            }
        }

        number = 0;
        return false;
    }

    private readonly record struct Entry(RtpTimestamp Timestamp, ushort Number, bool IsTaken);

    [InlineArray(Remembered)]
    private struct Ring
    {
        private Entry _first;
    }
}
