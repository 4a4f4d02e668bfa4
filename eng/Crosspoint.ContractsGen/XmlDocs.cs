using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Crosspoint.ContractsGen;

/// <summary>The summaries of an assembly's XML documentation as plain text with Markdown code marks.</summary>
public sealed partial class XmlDocs
{
    private readonly Dictionary<string, string> _summaries;

    private XmlDocs(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the file beside <paramref name="assembly"/>.</summary>
    public static XmlDocs Of(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        var members = XDocument.Load(path).Descendants("member");
        return new XmlDocs(members.ToDictionary(m => m.Attribute("name")!.Value, m => Plain(m.Element("summary")), StringComparer.Ordinal));
    }

    /// <summary>The summary of a type.</summary>
    public string Of(Type type) => Find("T:" + type.FullName);

    /// <summary>The summary of a property.</summary>
    public string Of(PropertyInfo property) => Find($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string Find(string id) => _summaries.TryGetValue(id, out var text) && text.Length > 0
        ? text
        : throw new InvalidOperationException($"{id} needs a summary: it goes into the client types and schemas.");

    private static string Plain(XElement? summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{Target(see)}`",
                XElement other => other.Value,
                _ => string.Empty,
            });
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    private static string Target(XElement see)
    {
        var id = see.Attribute("cref")?.Value ?? see.Value;
        var name = id[(id.LastIndexOf('.') + 1)..];
        return id.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
