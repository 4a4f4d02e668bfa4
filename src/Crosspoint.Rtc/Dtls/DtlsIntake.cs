namespace Crosspoint.Rtc.Dtls;

/// <summary>Looks at the records of a datagram before OpenSSL does: what cannot belong to an association costs neither an object nor a buffer of its.</summary>
/// <remarks>A value; one owner, the session.</remarks>
internal struct DtlsIntake
{
    private const int MaxEarlyRecords = 16; // an honest peer's are one Finished, a few times, and the first data

    private int _earlyRecords;

    /// <summary>Why the datagram is not taken; null when it is.</summary>
    /// <param name="datagram">One or more records (RFC 6347 §4.1).</param>
    /// <param name="isFirst">There is no association yet: only a ClientHello may begin one.</param>
    /// <param name="isHandshakeDone">Records of the next epoch are no longer early.</param>
    public DtlsDropReason? Refuse(ReadOnlySpan<byte> datagram, bool isFirst, bool isHandshakeDone)
    {
        var early = 0;
        var rest = datagram;
        do
        {
            if (!DtlsRecord.TryParse(rest, out var record) || !record.IsPlausible)
            {
                return DtlsDropReason.Malformed;
            }

            if (isFirst && rest.Length == datagram.Length && !record.StartsClientHello)
            {
                return DtlsDropReason.NotClientHello;
            }

            early += record.Epoch > 0 ? 1 : 0;
            rest = rest[record.Length..];
        }
        while (!rest.IsEmpty);

        // OpenSSL keeps records of the next epoch for later, each in a buffer of 17 KiB
        if (!isHandshakeDone && (_earlyRecords += early) > MaxEarlyRecords && early > 0)
        {
            return DtlsDropReason.TooManyEarlyRecords;
        }

        return null;
    }
}
