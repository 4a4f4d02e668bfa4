using System.Buffers.Binary;

namespace Crosspoint.Fuzz.Engine;

/// <summary>Makes a damaged input from one or two good ones, in a buffer of its own; the same from the same random numbers.</summary>
public sealed class Mutator(FuzzRandom random, int maxBytes, IReadOnlyList<byte[]> words)
{
    private static readonly byte[] Bytes8 = [0, 1, 2, 3, 4, 0x0F, 0x10, 0x1F, 0x20, 0x3F, 0x40, 0x7E, 0x7F, 0x80, 0x81, 0xBE, 0xBF, 0xC0, 0xFE, 0xFF];
    private static readonly ushort[] Words16 = [0, 1, 2, 3, 4, 0x7F, 0x80, 0xFF, 0x100, 0x1FF, 0x3FF, 0x7FF, 0x7FFF, 0x8000, 0xBEDE, 0x1000, 0xFFFC, 0xFFFE, 0xFFFF];
    private static readonly uint[] Words32 = [0, 1, 0x7F, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0x2112_A442, 0xFFFF_FFFE, 0xFFFF_FFFF];

    private readonly byte[] _buffer = new byte[maxBytes];
    private int _length;

    /// <summary>The result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Mutate(ReadOnlySpan<byte> original, ReadOnlySpan<byte> other)
    {
        _length = Math.Min(original.Length, maxBytes);
        original[.._length].CopyTo(_buffer);
        int before = _length;
        int steps = 1 << random.Below(5);
        for (int i = 0; i < steps; i++)
        {
            Step(other);
        }

        if (_length != before && random.Below(2) == 0)
        {
            RepairLengths(before);
        }

        return _buffer.AsSpan(0, _length);
    }

    private void Step(ReadOnlySpan<byte> other)
    {
        switch (random.Below(18))
        {
            case 0 or 1: FlipBit(); break;
            case 2: Set8((byte)random.Next()); break;
            case 3: Set8(Bytes8[random.Below(Bytes8.Length)]); break;
            case 4: Set16(Words16[random.Below(Words16.Length)]); break;
            case 5: Set32(Words32[random.Below(Words32.Length)]); break;
            case 6: AddTo8(); break;
            case 7: AddTo16(); break;
            case 8: Delete(); break;
            case 9: InsertRandom(); break;
            case 10: Duplicate(); break;
            case 11: CopyWithin(); break;
            case 12: SpliceTail(other); break;
            case 13: InsertFrom(other); break;
            case 14: Truncate(); break;
            case 15: TweakLengthField(); break;
            case 16: InsertFrom(words.Count == 0 ? other : words[random.Below(words.Count)]); break;
            default: OverwriteFrom(words.Count == 0 ? other : words[random.Below(words.Count)]); break;
        }
    }

    private int At(int width) => random.Below(_length - width + 1);

    private void FlipBit()
    {
        if (_length > 0)
        {
            _buffer[At(1)] ^= (byte)(1 << random.Below(8));
        }
    }

    private void Set8(byte value)
    {
        if (_length > 0)
        {
            _buffer[At(1)] = value;
        }
    }

    private void Set16(ushort value)
    {
        if (_length >= 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(At(2)), value);
        }
    }

    private void Set32(uint value)
    {
        if (_length >= 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(At(4)), value);
        }
    }

    private int SmallStep() => (random.Below(16) + 1) * (random.Below(2) == 0 ? 1 : -1);

    private void AddTo8()
    {
        if (_length > 0)
        {
            _buffer[At(1)] += (byte)SmallStep();
        }
    }

    private void AddTo16()
    {
        if (_length >= 2)
        {
            Span<byte> at = _buffer.AsSpan(At(2));
            BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(at) + SmallStep()));
        }
    }

    private void Delete()
    {
        int from = At(1);
        int count = Math.Min(_length - from, 1 + random.Below(random.Below(4) == 0 ? 64 : 8));
        _buffer.AsSpan(from + count, _length - from - count).CopyTo(_buffer.AsSpan(from));
        _length -= count;
    }

    private Span<byte> OpenGap(int at, int count)
    {
        count = Math.Min(count, maxBytes - _length);
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + count));
        _length += count;
        return _buffer.AsSpan(at, count);
    }

    private void InsertRandom()
    {
        Span<byte> gap = OpenGap(At(0), 1 + random.Below(random.Below(4) == 0 ? 64 : 4));
        if (random.Below(2) == 0)
        {
            gap.Fill((byte)random.Next());
        }
        else
        {
            random.Fill(gap);
        }
    }

    private void Duplicate()
    {
        int from = At(1);
        int count = Math.Min(_length - from, 1 + random.Below(random.Below(8) == 0 ? 512 : 32));
        byte[] copy = _buffer.AsSpan(from, count).ToArray();
        Span<byte> gap = OpenGap(random.Below(2) == 0 ? from : At(0), count);
        copy.AsSpan(0, gap.Length).CopyTo(gap);
    }

    private void CopyWithin()
    {
        int from = At(1);
        int to = At(1);
        int count = Math.Min(_length - Math.Max(from, to), 1 + random.Below(32));
        _buffer.AsSpan(from, count).CopyTo(_buffer.AsSpan(to));
    }

    private void SpliceTail(ReadOnlySpan<byte> other)
    {
        int keep = At(0);
        int from = random.Below(2) == 0 ? Math.Min(keep, other.Length) : random.Below(other.Length + 1);
        int count = Math.Min(other.Length - from, maxBytes - keep);
        other.Slice(from, count).CopyTo(_buffer.AsSpan(keep));
        _length = keep + count;
    }

    private void InsertFrom(ReadOnlySpan<byte> other)
    {
        int from = random.Below(4) == 0 ? random.Below(other.Length) : 0;
        int count = random.Below(4) == 0 ? random.Below(other.Length - from + 1) : other.Length - from;
        Span<byte> gap = OpenGap(At(0), count);
        other.Slice(from, gap.Length).CopyTo(gap);
    }

    private void OverwriteFrom(ReadOnlySpan<byte> other)
    {
        int at = At(1);
        int from = random.Below(other.Length);
        int count = Math.Min(Math.Min(other.Length - from, _length - at), 1 + random.Below(32));
        other.Slice(from, count).CopyTo(_buffer.AsSpan(at));
    }

    private void Truncate() => _length = random.Below(4) == 0 ? random.Below(_length + 1) : Math.Max(0, _length - 1 - random.Below(16));

    // A field that could count what follows it, in bytes or in words, is worth more than a random place.
    private void TweakLengthField()
    {
        for (int tries = 0; tries < 16 && _length >= 2; tries++)
        {
            int at = At(2);
            int value = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(at));
            int rest = _length - at - 2;
            if (value > 0 && (value <= rest || value * 4 <= rest + 8))
            {
                ReadOnlySpan<int> choices = [value - 1, value + 1, value - 4, value + 4, 0, rest, rest + 1, rest - 1, rest / 4, (rest / 4) + 1, 0xFFFF, 0x7FFF];
                BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(at), (ushort)choices[random.Below(choices.Length)]);
                return;
            }

            if (_buffer[at] > 0 && _buffer[at] <= rest + 1)
            {
                ReadOnlySpan<int> choices = [_buffer[at] - 1, _buffer[at] + 1, 0, 0xFF, rest, rest + 1, rest + 2];
                _buffer[at] = (byte)choices[random.Below(choices.Length)];
                return;
            }
        }
    }

    // Fields near the front that counted the whole (in bytes or in words) count it again, so that mutants get past the first check.
    private void RepairLengths(int before)
    {
        for (int at = 0; at + 2 <= Math.Min(_length, 32); at++)
        {
            Span<byte> field = _buffer.AsSpan(at, 2);
            int value = BinaryPrimitives.ReadUInt16BigEndian(field);
            if (value > 0 && value == (before / 4) - 1)
            {
                BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)((_length / 4) - 1));
                return;
            }

            if (value > 0 && value <= before - at - 2 && value >= before - at - 2 - 24)
            {
                BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)Math.Max(0, value + _length - before));
                return;
            }
        }
    }
}
