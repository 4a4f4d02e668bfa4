using System.Globalization;

namespace Crosspoint.Load.Measure;

/// <summary>
/// CPU time of processes, thread by thread and to the nanosecond. A thread's time is kept after its end, so that
/// the total never falls; what it ran between the last reading and its end is missed, so read often.
/// </summary>
/// <remarks>One caller.</remarks>
internal sealed class ProcessCpu(IReadOnlyList<int> processIds)
{
    private readonly Dictionary<string, long> _threads = new(StringComparer.Ordinal);

    /// <summary>CPU time so far in ns, of all threads that were ever seen.</summary>
    public long Read()
    {
        foreach (int id in processIds)
        {
            ReadThreads($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/task");
        }

        return _threads.Values.Sum();
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ReadResidentBytes() => processIds.Sum(ResidentBytes);

    private void ReadThreads(string folder)
    {
        try
        {
            foreach (string thread in Directory.EnumerateDirectories(folder))
            {
                if (SchedStat.TryParse(File.ReadAllText(thread + "/schedstat"), out long run))
                {
                    _threads[thread] = run;
                }
            }
        }
        catch (IOException)
        {
            // A thread ended between the listing and the reading.
        }
    }

    private static long ResidentBytes(int id)
    {
        try
        {
            string line = File.ReadLines($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
