using System.Numerics;

namespace Crosspoint.Netem;

/// <summary>
/// A small repeatable source of chance (xoshiro256** seeded by SplitMix64, both of Blackman and Vigna): integers only, so a seed
/// means the same on every machine and every version of .NET. Never for secrets.
/// </summary>
/// <remarks>One owner. A mutable struct: keep it in a field, not in a readonly one.</remarks>
public struct LinkRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Begins the sequence of a seed; streams of one seed with different names do not resemble each other.</summary>
    /// <param name="seed">Which sequence.</param>
    /// <param name="stream">Which of the seed's sequences.</param>
    public LinkRandom(long seed, int stream = 0)
    {
        ulong state = (ulong)seed ^ ((ulong)(uint)stream * 0xD1B5_4A32_D192_ED03);
        _s0 = Mix(ref state);
        _s1 = Mix(ref state);
        _s2 = Mix(ref state);
        _s3 = Mix(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> − 1; 0 for a bound below 2.</summary>
    public long Below(long bound) => bound < 2 ? 0 : (long)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public long Between(long low, long high) => low + Below(high - low + 1);

    /// <summary>Whether it happens this time. Certainties draw nothing.</summary>
    public bool Hits(Chance chance) => chance.PartsPerMillion switch
    {
        <= 0 => false,
        >= Chance.Whole => true,
        int parts => Below(Chance.Whole) < parts,
    };

    /// <summary>A bell from −<paramref name="span"/> to <paramref name="span"/>: the sum of four even draws, its deviation is 0.29 of the span.</summary>
    public long Bell(long span)
    {
        long sum = 0;
        for (int i = 0; i < 4; i++)
        {
            sum += Between(-span, span);
        }

        return sum / 4;
    }

    private static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
