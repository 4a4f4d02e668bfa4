using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// RTP packets of any number of <see cref="SrtpProtector"/>s that are being protected together: multi-buffer ciphers need
/// many packets at once to be fast. What was handed to
/// <see cref="SrtpProtector.ProtectRtp(SrtpBatch, Span{byte}, int, ReadOnlySpan{byte})"/> may be sent after <see cref="Complete"/>, not before.
/// </summary>
/// <remarks>Owned by one thread, the worker's; one for all its peers. Nothing is allocated per packet.</remarks>
public sealed class SrtpBatch : IDisposable
{
    // made by me, with the first packet that needs it: it holds 250 KB
    private IpsecMbCounterHmac? _counterHmac;

    // state
    private int _failures;
    private bool _isDisposed;

    /// <summary>Packets handed in since the last <see cref="Complete"/> whose bytes are not final yet.</summary>
    public int Pending => _counterHmac?.Count ?? 0;

    /// <summary>Finishes every packet handed in since the last call; costs nothing when there is none.</summary>
    /// <returns>How many of them failed, which no packet can cause: those are overwritten with zeroes, and whoever laid out the memory sends none of it.</returns>
    public int Complete()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Settle();
        var failures = _failures;
        _failures = 0;
        return failures;
    }

    /// <summary>Frees the cipher's memory. Packets that are not complete stay unusable.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _counterHmac?.Dispose();
        _counterHmac = null;
    }

    /// <summary>Finishes what is pending before <see cref="Complete"/> asks: the queue is full, or keys are about to be wiped. Failures are kept for it.</summary>
    internal void Settle() => _failures += _counterHmac?.Run() ?? 0;

    /// <summary>A packet that could not be protected at once, and was overwritten.</summary>
    internal void CountFailure() => _failures++;

    /// <summary>The queue of the counter-mode profile, with room for a packet; null when there is no memory for it.</summary>
    internal IpsecMbCounterHmac? CounterHmac(IpsecMb library)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var queue = _counterHmac ??= IpsecMbCounterHmac.TryCreate(library);
        if (queue is { IsFull: true })
        {
            Settle();
        }

        return queue;
    }
}
