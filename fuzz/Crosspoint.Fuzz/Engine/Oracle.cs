using System.Diagnostics;

namespace Crosspoint.Fuzz.Engine;

/// <summary>Runs one input and judges: no exception, bounded allocation, bounded time.</summary>
public static class Oracle
{
    private const int Repeats = 3;

    /// <summary>Null when all is well. <paramref name="signature"/> tells which way the parser went, and how much it allocated by magnitude.</summary>
    public static FuzzProblem? Check(FuzzTarget target, ReadOnlySpan<byte> input, out int signature)
    {
        Run first = RunOnce(target, input);
        signature = first.Signature;
        if (first.Exception is not null)
        {
            return new FuzzProblem(FuzzProblemKind.Threw, KeyOf(first.Exception), first.Exception.ToString());
        }

        return first.Allocated > target.MaxAllocatedBytes || first.Elapsed > target.MaxTime ? Again(target, input) : null;
    }

    // The first run of a path also pays for its compilation and static state, and the machine may be busy: only what repeats counts.
    private static FuzzProblem? Again(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        long allocated = long.MaxValue;
        TimeSpan time = TimeSpan.MaxValue;
        for (int i = 0; i < Repeats; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Run run = RunOnce(target, input);
            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            allocated = Math.Min(allocated, run.Allocated);
            time = used < time ? used : time;
        }

        if (allocated > target.MaxAllocatedBytes)
        {
            return new FuzzProblem(FuzzProblemKind.Allocated, "allocated", $"{allocated} bytes for {input.Length} bytes of input; at most {target.MaxAllocatedBytes} are allowed");
        }

        return time > target.MaxTime
            ? new FuzzProblem(FuzzProblemKind.TookTooLong, "time", $"{time.TotalMilliseconds:0} ms of processor time at the least of {Repeats} runs; at most {target.MaxTime.TotalMilliseconds:0} ms are allowed")
            : null;
    }

    private static Run RunOnce(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        long exempt = Exempt.Bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        int answer = 0;
        Exception? exception = null;
        try
        {
            answer = target.Run(input);
        }
        catch (Exception e)
        {
            exception = e;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before - (Exempt.Bytes - exempt);
        var signature = new Signature();
        signature.Add(answer);
        // In steps of 8 KiB: below that the runtime's own one-off caches show, and the same seed would no longer do the same.
        signature.AddMagnitude(allocated >> 13);
        return new Run(signature.Value, allocated, elapsed, exception);
    }

    // The type and the innermost frame of our own: the same bug from other bytes is the same finding.
    private static string KeyOf(Exception exception)
    {
        StackFrame? frame = new StackTrace(exception, fNeedFileInfo: false).GetFrames()
            .FirstOrDefault(f => f.GetMethod()?.DeclaringType?.FullName?.StartsWith("Crosspoint.", StringComparison.Ordinal) == true);
        System.Reflection.MethodBase? method = frame?.GetMethod();
        return $"{exception.GetType().Name} in {method?.DeclaringType?.FullName}.{method?.Name}+{frame?.GetILOffset()}";
    }

    private readonly record struct Run(int Signature, long Allocated, TimeSpan Elapsed, Exception? Exception);
}
