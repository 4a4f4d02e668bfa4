using System.Runtime.CompilerServices;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Lets every sequence number of a stream through once. This is more than hygiene: a number that went out twice with other
/// bytes would reuse the nonce of the consumers' AES-GCM (RFC 7714 §9.1), and a producer can claim any number through RTX.
/// </summary>
/// <remarks>One bit per number, 2048 numbers back; what is older is refused. One owner: the producer's stream.</remarks>
internal struct ReceivedWindow
{
    private const int Words = 32;
    private const int Size = Words * 64;

    private Bits _bits;
    private bool _started;
    private ushort _highest;

    /// <summary>True the first time a number is seen.</summary>
    public bool TryTake(SequenceNumber sequence)
    {
        if (!_started)
        {
            _started = true;
            _highest = sequence.Value;
            Set(sequence.Value);
            return true;
        }

        int ahead = SequenceNumber.Distance(new(_highest), sequence);
        if (ahead > 0)
        {
            Advance(ahead);
            Set(sequence.Value);
            return true;
        }

        if (ahead <= -Size || IsSet(sequence.Value))
        {
            return false;
        }

        Set(sequence.Value);
        return true;
    }

    /// <summary>The stream began anew.</summary>
    public void Reset() => this = default;

    private void Advance(int ahead)
    {
        if (ahead >= Size)
        {
            _bits = default;
        }
        else
        {
            for (int i = 1; i <= ahead; i++)
            {
                Clear((ushort)(_highest + i));
            }
        }

        _highest = (ushort)(_highest + ahead);
    }

    private readonly bool IsSet(ushort number) => (_bits[number % Size / 64] & (1UL << (number % 64))) != 0;

    private void Set(ushort number) => _bits[number % Size / 64] |= 1UL << (number % 64);

    private void Clear(ushort number) => _bits[number % Size / 64] &= ~(1UL << (number % 64));

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _first;
    }
}
