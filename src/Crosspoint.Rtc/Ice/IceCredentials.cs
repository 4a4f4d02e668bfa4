using System.Text;

namespace Crosspoint.Rtc.Ice;

/// <summary>A username fragment and its password (RFC 8445 §5.3). The password never appears in <see cref="ToString"/>.</summary>
public sealed class IceCredentials
{
    /// <summary>Fewest characters of a fragment.</summary>
    public const int MinUsernameFragmentLength = 4;

    /// <summary>Fewest characters of a password.</summary>
    public const int MinPasswordLength = 22;

    /// <summary>Most characters of either (RFC 8839 §5.4).</summary>
    public const int MaxLength = 256;

    // Eight characters are 48 bits: enough to name a peer on a server; 24 are 144 bits of secret, over the 128 the RFC asks for.
    private const int OwnUsernameFragmentLength = 8;
    private const int OwnPasswordLength = 24;

    private readonly byte[] _usernameFragment;
    private readonly byte[] _key;

    /// <summary>From what signalling brought.</summary>
    /// <exception cref="ArgumentException">A length or a character the grammar does not allow; ask <see cref="TryCreate"/> for untrusted input.</exception>
    public IceCredentials(string usernameFragment, string password)
    {
        if (!IsValid(usernameFragment, password))
        {
            throw new ArgumentException("The fragment takes 4 to 256 ice-chars and the password 22 to 256.");
        }

        UsernameFragment = usernameFragment;
        Password = password;
        _usernameFragment = Encoding.ASCII.GetBytes(usernameFragment);
        _key = Encoding.ASCII.GetBytes(password);
    }

    /// <summary>The fragment; public.</summary>
    public string UsernameFragment { get; }

    /// <summary>The password; for the peer's signalling only.</summary>
    public string Password { get; }

    internal ReadOnlySpan<byte> UsernameFragmentBytes => _usernameFragment;

    internal byte[] Key => _key;

    /// <summary>Draws new credentials.</summary>
    public static IceCredentials Create(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(IceCharacters.Random(random, OwnUsernameFragmentLength), IceCharacters.Random(random, OwnPasswordLength));
    }

    /// <summary>From untrusted input; false when the grammar does not allow it.</summary>
    public static bool TryCreate(string? usernameFragment, string? password, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IceCredentials? credentials)
    {
        credentials = IsValid(usernameFragment, password) ? new(usernameFragment!, password!) : null;
        return credentials is not null;
    }

    /// <summary>The fragment only.</summary>
    public override string ToString() => $"ufrag {UsernameFragment}, password hidden";

    private static bool IsValid(string? usernameFragment, string? password) =>
        usernameFragment is { Length: >= MinUsernameFragmentLength and <= MaxLength } && IceCharacters.AreAll(usernameFragment)
        && password is { Length: >= MinPasswordLength and <= MaxLength } && IceCharacters.AreAll(password);
}
