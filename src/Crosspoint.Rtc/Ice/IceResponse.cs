using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>An answer that is owed: written only when fetched, so that nothing is buffered but this.</summary>
internal readonly record struct IceResponse(StunTransactionId Id, IcePath Path, StunErrorCode Error, byte[]? Key, bool Sha256, ulong UnknownAttributes);

/// <summary>A bounded ring of answers.</summary>
internal sealed class IceResponseQueue(int capacity)
{
    private readonly IceResponse[] _ring = new IceResponse[capacity];
    private int _head;
    private int _count;

    public bool TryEnqueue(in IceResponse response)
    {
        if (_count == _ring.Length)
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
}
