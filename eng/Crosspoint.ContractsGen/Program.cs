namespace Crosspoint.ContractsGen;

/// <summary>Rewrites what is generated from the contracts: <c>dotnet run --project eng/Crosspoint.ContractsGen</c>.</summary>
internal static class Program
{
    private static int Main()
    {
        var root = FindRoot(AppContext.BaseDirectory);
        foreach (var stale in GeneratedFiles.Stale(root))
        {
            File.Delete(stale);
            Console.WriteLine($"removed {Path.GetRelativePath(root, stale)}");
        }

        foreach (var (path, text) in GeneratedFiles.All())
        {
            var full = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (!File.Exists(full) || !string.Equals(File.ReadAllText(full), text, StringComparison.Ordinal))
            {
                File.WriteAllText(full, text);
                Console.WriteLine($"wrote {path}");
            }
        }

        return 0;
    }

    private static string FindRoot(string from)
    {
        var directory = new DirectoryInfo(from);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Crosspoint.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Crosspoint.slnx is nowhere above " + from);
    }
}
