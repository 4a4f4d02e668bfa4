using System.Globalization;

namespace Crosspoint.Load.Measure;

/// <summary>
/// The kernel's own threads that take packets from veth when a core has too many of them: their work is nobody's CPU time.
/// It is shown beside the server's, so that nobody looks cheap because ksoftirqd paid.
/// </summary>
internal static class KernelThreads
{
    /// <summary>ksoftirqd of every core.</summary>
    public static IReadOnlyList<int> OfNetwork()
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && NameOf(folder).StartsWith("ksoftirqd/", StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/comm");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
