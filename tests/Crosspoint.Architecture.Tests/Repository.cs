using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Crosspoint.Architecture.Tests;

/// <summary>Reads the source tree and the built assemblies; knows nothing of the rules.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    // The tools that measure the products stand above them.
    private static readonly string[] Rooms = ["src", "bench"];

    internal static IEnumerable<string> ProductProjects() =>
        Rooms.SelectMany(room => Directory.EnumerateFiles(Path.Combine(Root, room), "*.csproj", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);

    internal static string NameOf(string projectFile) => Path.GetFileNameWithoutExtension(projectFile);

    internal static IEnumerable<string> ReferencesOf(string projectFile) =>
        XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    /// <summary>Full names of every type and of every member's declaring type that an assembly refers to outside itself.</summary>
    internal static IReadOnlyList<string> TypesReferredToBy(string assemblyName)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assemblyName + ".dll"));
        using PEReader pe = new(file);
        MetadataReader metadata = pe.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle))
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
