namespace Crosspoint.Calls.Tests.Mls;

/// <summary>A test over public vectors that are not part of the repository: it counts as skipped where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    private static readonly string? Folder = Find();

    public VectorFactAttribute() => Skip = Folder is null ? "no shared/vectors beside the repository (mlswg/mls-implementations, test-vectors/)" : null;

    public static string PathOf(string file) => Path.Combine(Folder!, file);

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "vectors");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }
}
