namespace Crosspoint.Media.Tests.Simulation;

/// <summary>A test over a capture that is not part of the repository: skipped, and saying so, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CaptureFactAttribute : FactAttribute
{
    public CaptureFactAttribute(string path)
    {
        Path = path;
        Skip = File.Exists(path) ? null! : $"{path} is absent";
    }

    public string Path { get; }
}
