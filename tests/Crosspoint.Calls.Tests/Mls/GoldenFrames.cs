using System.Text.Json;

namespace Crosspoint.Calls.Tests.Mls;

/// <summary>Frames that ts-mls made, with what it reads in them (Golden/make-golden.mjs).</summary>
internal static class GoldenFrames
{
    private static readonly Lazy<IReadOnlyList<GoldenFrame>> Frames = new(Load);

    public static IReadOnlyList<GoldenFrame> Commits => Of("commit");

    public static IReadOnlyList<GoldenFrame> GroupInfos => Of("groupInfo");

    public static IReadOnlyList<GoldenFrame> Refused => Of("refused");

    public static byte[] Bytes(string name) => Frames.Value.Single(f => f.Name == name).Bytes;

    private static GoldenFrame[] Of(string kind) => [.. Frames.Value.Where(f => f.Kind == kind)];

    private static GoldenFrame[] Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Mls", "Golden", "ts-mls-1.6.4.json")));
        return [.. document.RootElement.GetProperty("frames").EnumerateArray().Select(frame => new GoldenFrame(
            frame.GetProperty("kind").GetString()!,
            frame.GetProperty("name").GetString()!,
            Convert.FromHexString(frame.GetProperty("hex").GetString()!),
            frame.Clone()))];
    }
}

internal sealed record GoldenFrame(string Kind, string Name, byte[] Bytes, JsonElement Expected)
{
    public long Number(string name) => Expected.GetProperty(name).GetInt64();

    public bool Flag(string name) => Expected.GetProperty(name).GetBoolean();

    public string Text(string name) => Expected.GetProperty(name).GetString()!;

    public IEnumerable<JsonElement> Items(string name) => Expected.GetProperty(name).EnumerateArray();
}
