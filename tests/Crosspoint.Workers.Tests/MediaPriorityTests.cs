using System.Globalization;
using Crosspoint.Workers.Threads;

namespace Crosspoint.Workers.Tests;

public class MediaPriorityTests
{
    // The thread pool grows in whoever gives it work: had a worker's threads its priority, joins would run beside the media.
    [Fact]
    public void What_a_raised_thread_starts_is_not_raised()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        (bool raised, int own, int child) = (false, 0, 0);
        Thread thread = new(() =>
        {
            raised = MediaPriority.TryRaise();
            own = Nice();
            Thread started = new(() => child = Nice());
            started.Start();
            started.Join();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(raised ? -10 : 0, own);
        Assert.Equal(0, child);
    }

    // proc(5): the nineteenth field; the name before it may hold spaces and ends with the last parenthesis.
    private static int Nice()
    {
        string line = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
