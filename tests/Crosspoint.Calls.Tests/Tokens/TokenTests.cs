using Crosspoint.Calls.Tokens;

namespace Crosspoint.Calls.Tests.Tokens;

public class TokenTests
{
    private readonly ManualTime _time = new();
    private readonly JoinTokens _tokens;

    public TokenTests() => _tokens = new(new byte[32], _time);

    private JoinGrant Grant(params string[] users) => new()
    {
        RoomId = "r", CallId = "c", CreatorUserId = "alice", AllowedUserIds = users, TokenId = "t", ExpiresAt = _time.GetUtcNow().AddSeconds(60),
    };

    [Theory]
    [InlineData("r", "bob", JoinTokenRefusal.None)]
    [InlineData("r", "mallory", JoinTokenRefusal.WrongUser)]
    [InlineData("other", "bob", JoinTokenRefusal.WrongRoom)]
    public void A_token_names_its_room_and_its_users(string room, string user, JoinTokenRefusal expected)
    {
        JoinGrant? grant = _tokens.Verify(_tokens.Mint(Grant("alice", "bob")), room, user, out JoinTokenRefusal refusal);
        Assert.Equal(expected, refusal);
        Assert.Equal(expected == JoinTokenRefusal.None, grant is not null);
    }

    [Fact]
    public void A_link_is_for_anyone() => Assert.NotNull(_tokens.Verify(_tokens.Mint(Grant(JoinGrant.Anyone)), "r", "whoever", out _));

    [Fact]
    public void A_token_ends()
    {
        string token = _tokens.Mint(Grant("bob"));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(_tokens.Verify(token, "r", "bob", out JoinTokenRefusal refusal));
        Assert.Equal(JoinTokenRefusal.Expired, refusal);
    }

    [Fact]
    public void No_changed_character_survives_and_no_other_key_signs()
    {
        string token = _tokens.Mint(Grant("bob"));
        for (int index = 0; index < token.Length; index++)
        {
            char[] changed = token.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'Q' : 'A';
            Assert.Null(_tokens.Verify(new string(changed), "r", "bob", out _));
        }

        byte[] other = new byte[32];
        other[0] = 1;
        Assert.Null(new JoinTokens(other, _time).Verify(token, "r", "bob", out JoinTokenRefusal refusal));
        Assert.Equal(JoinTokenRefusal.BadSignature, refusal);
    }

    [Fact]
    public void Resume_tokens_are_long_random_and_remembered_as_hashes()
    {
        HashSet<string> seen = [];
        for (int count = 0; count < 1000; count++)
        {
            string token = ResumeToken.Create(out ResumeTokenHash hash);
            Assert.Equal(43, token.Length); // 256 bits
            Assert.True(seen.Add(token));
            Assert.Equal(hash, ResumeToken.Hash(token));
            Assert.NotEqual(hash, ResumeToken.Hash(token + "x"));
        }
    }
}
