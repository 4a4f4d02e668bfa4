using Crosspoint.Contracts.Calls;

namespace Crosspoint.ContractsGen;

/// <summary>Everything that is generated, in memory.</summary>
public static class GeneratedFiles
{
    /// <summary>The command that rewrites the files.</summary>
    public const string Command = "dotnet run --project eng/Crosspoint.ContractsGen";

    /// <summary>Where the schemas are, from the root of the repository.</summary>
    public const string SchemaFolder = "docs/protocol/schemas/calls";

    /// <summary>Path from the root of the repository, and text.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var model = new ContractModel(CallsJson.Default.Options, XmlDocs.Of(typeof(MessageTypes).Assembly));
        files["web/sdk/src/protocol/generated.ts"] = new TypeScriptWriter(model).Write();
        var schemas = new SchemaWriter(model);
        foreach (var message in MessageCatalogue.All)
        {
            files[$"{SchemaFolder}/{FileName(message.Type)}"] = schemas.Frame(message);
        }

        files[$"{SchemaFolder}/http-health.schema.json"] = schemas.Body(CallsJson.Default.HealthBody, "http-health");
        files[$"{SchemaFolder}/http-metrics.schema.json"] = schemas.Body(CallsJson.Default.MetricsBody, "http-metrics");
        return files;
    }

    /// <summary>Schemas under <paramref name="root"/> that no message has any more.</summary>
    public static IEnumerable<string> Stale(string root)
    {
        var folder = Path.Combine(root, SchemaFolder);
        var wanted = All().Keys.Select(path => Path.GetFullPath(Path.Combine(root, path))).ToHashSet(StringComparer.Ordinal);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.schema.json").Select(Path.GetFullPath).Where(file => !wanted.Contains(file))
            : [];
    }

    /// <summary>The schema's file for a message type.</summary>
    public static string FileName(string type) => type.ToLowerInvariant().Replace('_', '-') + ".schema.json";
}
