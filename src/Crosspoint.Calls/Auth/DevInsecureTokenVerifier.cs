using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crosspoint.Calls.Auth;

/// <summary>Development only: every token is its own user. The configuration refuses it in production.</summary>
public sealed class DevInsecureTokenVerifier : IAccessTokenVerifier
{
    private const int UserCharacters = 20;

    /// <inheritdoc/>
    public ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken) => new(
        accessToken.Length is < UserCharacters or > Jws.MaxLength
            ? AccessTokenResult.Refuse(TokenRefusal.Malformed)
            : AccessTokenResult.Accept("dev_" + accessToken[..UserCharacters], null));

    /// <summary>A token for somebody who wants to try the page: 20 random characters that become the user, then the name.</summary>
    public static string NewToken(string name)
    {
        Span<byte> random = stackalloc byte[UserCharacters * 3 / 4];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));
    }

    /// <summary>The user id a token stands for.</summary>
    public static string UserIdOf(string token) => "dev_" + token[..UserCharacters];
}
