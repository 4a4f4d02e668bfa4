using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>The consent timer of a selected pair (RFC 7675 §5.1). A lite agent uses only its expiry: it asks nothing, it listens.</summary>
internal sealed class IceConsent(IceAgentOptions options)
{
    private const double Spread = 0.2; // 0.8 to 1.2 times the interval

    public Instant LastRenewed { get; private set; } = Instant.Never;

    public Instant NextCheckAt { get; private set; } = Instant.Never;

    public Instant DisconnectedAt => LastRenewed + options.DisconnectedAfter;

    public Instant ExpiresAt => LastRenewed + options.ConsentTimeout;

    public void Renew(Instant now) => LastRenewed = now;

    /// <summary>Draws the time of the next check, so that many agents do not ask in step.</summary>
    public void ScheduleNext(Instant now, IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[4];
        random.Fill(bytes);
        double unit = BinaryPrimitives.ReadUInt32LittleEndian(bytes) / (double)uint.MaxValue;
        NextCheckAt = now + (options.ConsentInterval * (1 - Spread + (2 * Spread * unit)));
    }

    public void Stop() => NextCheckAt = Instant.Never;
}
