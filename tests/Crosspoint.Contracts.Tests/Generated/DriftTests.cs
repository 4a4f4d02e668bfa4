using Crosspoint.ContractsGen;

namespace Crosspoint.Contracts.Tests.Generated;

public sealed class DriftTests
{
    [Fact]
    public void Client_types_and_schemas_are_what_the_contracts_say()
    {
        var differing = GeneratedFiles.All().Where(file => !Same(file.Key, file.Value)).Select(file => file.Key)
            .Concat(GeneratedFiles.Stale(Repository.Root)).ToList();
        Assert.True(differing.Count == 0, $"Out of date: {string.Join(", ", differing)}. Run: {GeneratedFiles.Command}");
    }

    [Fact]
    public void Generating_twice_gives_the_same() => Assert.Equal(GeneratedFiles.All(), GeneratedFiles.All());

    [Fact]
    public void Client_types_never_say_any() =>
        Assert.DoesNotMatch(@"[:<|\[]\s*any\b", GeneratedFiles.All()["web/sdk/src/protocol/generated.ts"]);

    private static bool Same(string path, string text)
    {
        var full = Repository.PathOf(path);
        return File.Exists(full) && string.Equals(File.ReadAllText(full), text, StringComparison.Ordinal);
    }
}
