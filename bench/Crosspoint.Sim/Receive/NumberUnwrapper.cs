namespace Crosspoint.Sim.Receive;

/// <summary>Makes whole numbers of numbers that come round, by nearness to the newest.</summary>
internal struct NumberUnwrapper(int bits)
{
    private readonly long _modulus = 1L << bits;
    private long _newest = -1;

    public long Unwrap(uint value)
    {
        if (_newest < 0)
        {
            _newest = (_modulus * 4) + value;
            return _newest;
        }

        long distance = (value - _newest) & (_modulus - 1);
        distance = distance > _modulus / 2 ? distance - _modulus : distance;
        long full = _newest + distance;
        _newest = Math.Max(_newest, full);
        return full;
    }
}
