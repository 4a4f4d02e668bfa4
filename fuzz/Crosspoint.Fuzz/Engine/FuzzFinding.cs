using System.Security.Cryptography;

namespace Crosspoint.Fuzz.Engine;

/// <summary>A problem with the smallest input that still causes it.</summary>
public sealed class FuzzFinding(string target, FuzzProblem problem, byte[] input)
{
    public string Target { get; } = target;

    public FuzzProblem Problem { get; } = problem;

    public byte[] Input { get; } = input;

    /// <summary>How often it was met.</summary>
    public long Times { get; internal set; } = 1;

    /// <summary>Writes the input as <c>target-hash.bin</c>, and beside it what happened; returns the first path.</summary>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Target}-{HashOf(Input)}.bin");
        File.WriteAllBytes(path, Input);
        File.WriteAllText(Path.ChangeExtension(path, ".txt"), $"{Problem.Kind}: {Problem.Key}\n{Problem.Detail}\n");
        return path;
    }

    internal static string HashOf(ReadOnlySpan<byte> input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6));
}
