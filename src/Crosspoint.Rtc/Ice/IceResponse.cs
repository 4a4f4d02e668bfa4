using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>An answer that is owed: written only when fetched, so that nothing is buffered but this.</summary>
internal readonly record struct IceResponse(StunTransactionId Id, IcePath Path, StunErrorCode Error, byte[]? Key, bool Sha256, ulong UnknownAttributes);

/// <summary>A bounded ring of answers. It grows when it must: an owner that drains after each datagram needs one place, and agents are many.</summary>
internal sealed class IceResponseQueue(int capacity)
{
    private IceResponse[] _ring = new IceResponse[1];
    private int _head;
    private int _count;

    public bool TryEnqueue(in IceResponse response)
    {
        if (_count == _ring.Length && !TryGrow())
        {
            return false;
        }

        _ring[(_head + _count++) % _ring.Length] = response;
        return true;
    }

    public bool TryDequeue(out IceResponse response)
    {
        response = _ring[_head];
        if (_count == 0)
        {
            return false;
        }

        _ring[_head] = default;
        _head = (_head + 1) % _ring.Length;
        _count--;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_ring);
        _count = 0;
    }

    private bool TryGrow()
    {
        if (_count >= capacity)
        {
            return false;
        }

        var larger = new IceResponse[Math.Min(capacity, 2 * _count)];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) % _ring.Length];
        }

        (_ring, _head) = (larger, 0);
        return true;
    }
}
