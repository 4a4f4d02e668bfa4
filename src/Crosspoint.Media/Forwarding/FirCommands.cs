namespace Crosspoint.Media.Forwarding;

/// <summary>Tells a new FIR command from a repeated one by its sequence number (RFC 5104 §4.3.1.2).</summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct FirCommands
{
    private bool _started;
    private byte _last;

    /// <summary>True for a command that is not the last one again.</summary>
    public bool IsNew(byte sequence)
    {
        if (_started && sequence == _last)
        {
            return false;
        }

        _started = true;
        _last = sequence;
        return true;
    }
}
