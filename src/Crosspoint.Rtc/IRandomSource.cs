namespace Crosspoint.Rtc;

/// <summary>Where protocol code gets its randomness, so that a simulation can be repeated from its seed.</summary>
public interface IRandomSource
{
    /// <summary>Fills the span. In production the bytes are unpredictable (a CSPRNG).</summary>
    void Fill(Span<byte> bytes);
}

/// <summary>The operating system's CSPRNG. Stateless; any thread.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    /// <summary>The one instance.</summary>
    public static readonly SystemRandomSource Instance = new();

    private SystemRandomSource()
    {
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
}

/// <summary>A repeatable source for simulations and tests; never for production, it is predictable.</summary>
public sealed class SeededRandomSource(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
