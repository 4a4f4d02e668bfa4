using Crosspoint.Rtc;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// A small map from SSRC to what it stands for: open addressing, linear probing, at most half full, bounded.
/// One multiplication and usually one comparison per packet.
/// </summary>
/// <remarks>One owner: the router's thread.</remarks>
/// <typeparam name="T">What an SSRC stands for.</typeparam>
internal sealed class SsrcTable<T>(int maxEntries)
    where T : class
{
    private uint[] _keys = new uint[8];
    private T?[] _values = new T?[8];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What an SSRC stands for; false when it stands for nothing.</summary>
    public bool TryGet(Ssrc ssrc, out T? value)
    {
        T?[] values = _values;
        int mask = values.Length - 1;
        for (int i = Home(ssrc.Value, mask); values[i] is { } found; i = (i + 1) & mask)
        {
            if (_keys[i] == ssrc.Value)
            {
                value = found;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>False when the SSRC is taken or the table full.</summary>
    public bool TryAdd(Ssrc ssrc, T value)
    {
        if (Count >= maxEntries || TryGet(ssrc, out _))
        {
            return false;
        }

        if ((Count + 1) * 2 > _values.Length)
        {
            Grow();
        }

        Insert(ssrc.Value, value);
        Count++;
        return true;
    }

    /// <summary>False when it stood for nothing.</summary>
    public bool Remove(Ssrc ssrc)
    {
        int mask = _values.Length - 1;
        int i = Home(ssrc.Value, mask);
        while (_values[i] is not null && _keys[i] != ssrc.Value)
        {
            i = (i + 1) & mask;
        }

        if (_values[i] is null)
        {
            return false;
        }

        CloseGap(i, mask);
        Count--;
        return true;
    }

    // Entries after the gap that could live nearer to their home move back, so that lookups need no tombstones.
    private void CloseGap(int gap, int mask)
    {
        int i = gap;
        while (true)
        {
            i = (i + 1) & mask;
            if (_values[i] is null)
            {
                _values[gap] = null;
                return;
            }

            int home = Home(_keys[i], mask);
            if (((i - home) & mask) >= ((i - gap) & mask))
            {
                _keys[gap] = _keys[i];
                _values[gap] = _values[i];
                gap = i;
            }
        }
    }

    private void Grow()
    {
        (uint[] keys, T?[] values) = (_keys, _values);
        _keys = new uint[keys.Length * 2];
        _values = new T?[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value)
            {
                Insert(keys[i], value);
            }
        }
    }

    private void Insert(uint key, T value)
    {
        int mask = _values.Length - 1;
        int i = Home(key, mask);
        while (_values[i] is not null)
        {
            i = (i + 1) & mask;
        }

        _keys[i] = key;
        _values[i] = value;
    }

    private static int Home(uint key, int mask) => (int)((key * 0x9E37_79B1u) >> 16) & mask;
}
