using System.Text;
using Crosspoint.Calls.Auth;

namespace Crosspoint.Calls.Tests.Auth;

public class ClaimPolicyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1000);
    private static readonly ClaimPolicy Policy = new() { Issuer = "me", Audience = "calls", Leeway = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":1001}""", TokenRefusal.None)]
    [InlineData("""{"iss":"me","aud":["x","calls"],"sub":"u","exp":1001.5,"nbf":1029}""", TokenRefusal.None)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":971}""", TokenRefusal.None)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":970}""", TokenRefusal.Expired)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u"}""", TokenRefusal.Expired)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":"1001"}""", TokenRefusal.Expired)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":1e300}""", TokenRefusal.Expired)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":1001,"nbf":1031}""", TokenRefusal.NotYetValid)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","exp":1001,"nbf":"x"}""", TokenRefusal.NotYetValid)]
    [InlineData("""{"iss":"you","aud":"calls","sub":"u","exp":1001}""", TokenRefusal.WrongIssuer)]
    [InlineData("""{"aud":"calls","sub":"u","exp":1001}""", TokenRefusal.WrongIssuer)]
    [InlineData("""{"iss":"me","aud":"mail","sub":"u","exp":1001}""", TokenRefusal.WrongAudience)]
    [InlineData("""{"iss":"me","sub":"u","exp":1001}""", TokenRefusal.WrongAudience)]
    [InlineData("""{"iss":"me","aud":"calls","exp":1001}""", TokenRefusal.NoSubject)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"","exp":1001}""", TokenRefusal.NoSubject)]
    [InlineData("""{"iss":"me","aud":"calls","sub":"u","sub":"root","exp":1001}""", TokenRefusal.Malformed)]
    [InlineData("[]", TokenRefusal.Malformed)]
    [InlineData("no", TokenRefusal.Malformed)]
    public void Claims_are_judged(string payload, TokenRefusal expected)
    {
        AccessTokenResult result = Policy.Judge(Encoding.UTF8.GetBytes(payload), Now);
        Assert.Equal(expected, result.Refusal);
        Assert.Equal(expected == TokenRefusal.None ? "u" : null, result.UserId);
    }
}
