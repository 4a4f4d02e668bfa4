namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// RTP packets of any number of <see cref="SrtpProtector"/>s that are being protected together: multi-buffer ciphers need
/// many packets at once to be fast. What was handed to
/// <see cref="SrtpProtector.ProtectRtp(SrtpBatch, Span{byte}, int, ReadOnlySpan{byte})"/> may be sent after <see cref="Complete"/>, not before.
/// </summary>
/// <remarks>Owned by one thread, the worker's; one for all its peers. Nothing is allocated per packet.</remarks>
public sealed class SrtpBatch : IDisposable
{
    private bool _isDisposed;

    /// <summary>Packets handed in since the last <see cref="Complete"/> whose bytes are not final yet.</summary>
    public int Pending => 0;

    /// <summary>Finishes every packet handed in since the last call; costs nothing when there is none.</summary>
    /// <returns>How many of them failed, which no packet can cause: those are overwritten with zeroes, and whoever laid out the memory sends none of it.</returns>
    public int Complete()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return 0;
    }

    /// <summary>Frees the cipher's memory. Packets that are not complete stay unusable.</summary>
    public void Dispose() => _isDisposed = true;
}
