using Crosspoint.Calls.Conformance.Tests.Support;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>What may be sent in a room, decided by who makes it.</summary>
public class CodecTests
{
    [Fact]
    public async Task A_room_is_made_with_the_codecs_that_were_asked_for_and_made_again_with_them_from_its_link()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        using TestClient alice = await server.SignInAsync("alice");
        Reply created = await alice.RequestAsync("ROOM_CREATE", new { roomId = "r", codecs = (string[])["opus", "vp9", "VP8"] });
        Assert.True(created.Ok, created.ToString());
        string token = created["ROOM_CREATED"].GetProperty("joinToken").GetString()!;
        Assert.True((await alice.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Ok);
        Assert.Equal(["opus", "vp9", "VP8"], plane.Codecs);

        Assert.True((await alice.RequestAsync("ROOM_LEAVE", new { roomId = "r" })).Ok);
        using TestClient bob = await server.SignInAsync("bob");
        Assert.True((await bob.RequestAsync("ROOM_JOIN", new { roomId = "r", joinToken = token })).Ok);
        Assert.Equal(["opus", "vp9", "VP8"], plane.Codecs);
    }

    [Fact]
    public async Task A_room_that_says_nothing_leaves_it_to_the_plane()
    {
        ScriptedMediaPlane plane = new();
        await using TestServer server = await TestServer.StartAsync(media: plane);
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Assert.NotNull(plane.Room);
        Assert.Null(plane.Codecs);
        alice.Dispose();
    }

    [Theory]
    [InlineData("opus vp7")]
    [InlineData("opus vp8 vp8")]
    [InlineData("vp8 red")]
    [InlineData("flexfec-03")]
    [InlineData("")]
    public async Task Names_that_make_no_policy_are_refused(string names)
    {
        await using TestServer server = await TestServer.StartAsync();
        using TestClient alice = await server.SignInAsync("alice");
        Reply refused = await alice.RequestAsync("ROOM_CREATE", new { roomId = "r", codecs = names.Split(' ', StringSplitOptions.RemoveEmptyEntries) });
        Assert.Equal("VALIDATION_FAILED", refused.Code);
        Assert.Equal("$.codecs", refused.Details.GetProperty("field").GetString());
    }
}
