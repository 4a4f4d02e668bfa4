using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Crosspoint.Contracts.Calls;
using Crosspoint.ContractsGen;

namespace Crosspoint.Contracts.Tests.Generated;

public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/protocol/calls.md"));

    public static TheoryData<string> Types => [.. MessageCatalogue.All.Select(m => m.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_message_has_an_example_that_its_schema_and_its_record_accept(string type)
    {
        var message = MessageCatalogue.Find(type)!;
        var examples = Examples(string.Empty).Select(text => JsonElement.Parse(text)).Where(e => e.GetProperty("type").GetString() == type).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            AssertValid(example, GeneratedFiles.FileName(type));
            Assert.NotNull(example.Deserialize(CallsJson.Default.Envelope));
            AssertRoundTrip(example.GetProperty("payload"), message.Payload);
            if (message.Direction.HasFlag(MessageDirection.ClientToServer))
            {
                Assert.Equal(EnvelopeStatus.Ok, EnvelopeReader.Read(JsonSerializer.SerializeToUtf8Bytes(example), out _));
            }
        }
    }

    [Fact]
    public void No_example_is_of_an_unknown_type() =>
        Assert.All(Examples(string.Empty), text => Assert.NotNull(MessageCatalogue.Find(JsonElement.Parse(text).GetProperty("type").GetString()!)));

    [Fact]
    public void The_http_bodies_are_what_their_schemas_and_records_say()
    {
        foreach (var (name, info) in new (string, JsonTypeInfo)[] { ("http-health", CallsJson.Default.HealthBody), ("http-metrics", CallsJson.Default.MetricsBody) })
        {
            var body = JsonElement.Parse(Assert.Single(Examples(name)));
            AssertValid(body, name + ".schema.json");
            AssertRoundTrip(body, info);
        }
    }

    [Fact]
    public void The_tables_of_errors_and_closes_are_those_of_the_code()
    {
        Assert.All(ErrorCatalogue.All, e => Assert.Contains($"| `{e.Code}` | {(e.Retryable ? "yes" : "no")} | {e.Meaning} |", Page, StringComparison.Ordinal));
        Assert.All(CloseCatalogue.All, c => Assert.Contains($"| {c.Code} | `{c.Reason}` | {(c.Reconnect ? "yes" : "no")} | {c.Meaning} |", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_schema_check_can_fail()
    {
        var wrong = JsonElement.Parse("""{"v":2,"type":"E2EE_READY","msgId":"","ts":1,"payload":{"epoch":"x"}}""");
        var check = new SchemaCheck(JsonElement.Parse(File.ReadAllText(SchemaPath("e2ee-ready.schema.json"))));
        check.Check(wrong);
        Assert.Equal(4, check.Problems.Count);
    }

    // What comes out must be what went in: a field of the example that the record does not know would be lost.
    private static void AssertRoundTrip(JsonElement json, JsonTypeInfo info)
    {
        var value = json.Deserialize(info);
        var again = JsonSerializer.SerializeToElement(value, info);
        Assert.True(Covers(again, json), $"lost in {info.Type.Name}:\n{json}\n{again}");
        Assert.True(JsonElement.DeepEquals(again, JsonSerializer.SerializeToElement(again.Deserialize(info), info)), info.Type.Name);
    }

    private static bool Covers(JsonElement all, JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object => part.EnumerateObject().All(p => all.TryGetProperty(p.Name, out var other) && Covers(other, p.Value)),
        JsonValueKind.Array => all.GetArrayLength() == part.GetArrayLength() && all.EnumerateArray().Zip(part.EnumerateArray(), Covers).All(same => same),
        _ => JsonElement.DeepEquals(all, part),
    };

    private static void AssertValid(JsonElement value, string schema)
    {
        var check = new SchemaCheck(JsonElement.Parse(File.ReadAllText(SchemaPath(schema))));
        check.Check(value);
        Assert.True(check.Problems.Count == 0, $"{schema}: {string.Join("; ", check.Problems)}");
    }

    private static string SchemaPath(string file) => Repository.PathOf($"{GeneratedFiles.SchemaFolder}/{file}");

    private static IEnumerable<string> Examples(string name) =>
        Fence().Matches(Page).Where(m => m.Groups[1].Value == name).Select(m => m.Groups[2].Value);

    [GeneratedRegex("^```json ?([a-z-]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 5000)]
    private static partial Regex Fence();
}
