namespace Crosspoint.Fuzz.Engine;

/// <summary>The inputs kept with the sources: <c>corpus/target/hash.bin</c>.</summary>
public static class Corpus
{
    public static IEnumerable<byte[]> Load(string folder, FuzzTarget target)
    {
        string path = Path.Combine(folder, target.Name);
        return Directory.Exists(path)
            ? Directory.GetFiles(path, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [];
    }

    /// <summary>The kept inputs and the seeds, each once.</summary>
    public static IReadOnlyList<byte[]> LoadWithSeeds(string folder, FuzzTarget target) =>
        [.. Load(folder, target).Concat(target.Seeds()).DistinctBy(b => FuzzFinding.HashOf(b))];

    /// <summary>Writes the seeds that are not there yet; returns how many.</summary>
    public static int WriteSeeds(string folder, FuzzTarget target)
    {
        string path = Path.Combine(folder, target.Name);
        Directory.CreateDirectory(path);
        int written = 0;
        foreach (byte[] seed in target.Seeds())
        {
            string file = Path.Combine(path, FuzzFinding.HashOf(seed) + ".bin");
            if (!File.Exists(file))
            {
                File.WriteAllBytes(file, seed);
                written++;
            }
        }

        return written;
    }
}
