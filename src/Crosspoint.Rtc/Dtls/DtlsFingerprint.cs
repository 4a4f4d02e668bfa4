using System.Security.Cryptography;

namespace Crosspoint.Rtc.Dtls;

/// <summary>
/// A certificate's hash as SDP names it: <c>a=fingerprint:sha-256 AA:BB:…</c> (RFC 8122 §5).
/// Any algorithm name can be carried; only SHA-256, SHA-384 and SHA-512 are accepted as proof.
/// </summary>
public sealed class DtlsFingerprint : IEquatable<DtlsFingerprint>
{
    private readonly byte[] _value;

    /// <param name="algorithm">The hash's name of RFC 8122, any case: "sha-256".</param>
    /// <param name="value">The hash; copied.</param>
    public DtlsFingerprint(string algorithm, ReadOnlySpan<byte> value)
    {
        Algorithm = algorithm.ToLowerInvariant();
        _value = value.ToArray();
    }

    /// <summary>The hash's name in lower case.</summary>
    public string Algorithm { get; }

    /// <summary>The hash.</summary>
    public ReadOnlySpan<byte> Bytes => _value;

    /// <summary>The hash as SDP and mediasoup write it: "AA:BB:…".</summary>
    public string Value => string.Join(':', _value.Select(b => b.ToString("X2")));

    /// <summary>Zero when we do not accept the algorithm, else higher for a longer hash.</summary>
    internal int Strength => (Algorithm, _value.Length) switch
    {
        ("sha-256", SHA256.HashSizeInBytes) => 1,
        ("sha-384", SHA384.HashSizeInBytes) => 2,
        ("sha-512", SHA512.HashSizeInBytes) => 3,
        _ => 0, // SHA-1 and MD5 can be forged
    };

    /// <summary>Reads "AA:BB:…" in either case.</summary>
    public static bool TryParse(string algorithm, string value, out DtlsFingerprint? fingerprint)
    {
        fingerprint = null;
        if (algorithm.Length is 0 or > 16 || value.Length is < 2 or > 3 * 64 || value.Length % 3 != 2)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[(value.Length + 1) / 3];
        for (var i = 0; i < bytes.Length; i++)
        {
            var at = 3 * i;
            if (!char.IsAsciiHexDigit(value[at]) || !char.IsAsciiHexDigit(value[at + 1]) || (at + 2 < value.Length && value[at + 2] != ':'))
            {
                return false;
            }

            bytes[i] = Convert.ToByte(value.Substring(at, 2), 16);
        }

        fingerprint = new DtlsFingerprint(algorithm, bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(DtlsFingerprint? other) =>
        other is not null && string.Equals(Algorithm, other.Algorithm, StringComparison.Ordinal) && CryptographicOperations.FixedTimeEquals(_value, other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DtlsFingerprint);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.Length >= 4 ? BitConverter.ToInt32(_value) : _value.Length;

    /// <summary>As in SDP: "sha-256 AA:BB:…".</summary>
    public override string ToString() => $"{Algorithm} {Value}";
}
