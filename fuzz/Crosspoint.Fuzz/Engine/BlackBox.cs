using System.IO.MemoryMappedFiles;
using System.Text;

namespace Crosspoint.Fuzz.Engine;

// 0         4          8                 72
// | length  | running  | name, UTF-8     | input …

/// <summary>
/// The input being run, in a file that outlives the process: what kills it (a native crash, a full stack) or hangs it is found
/// at the next start.
/// </summary>
public sealed class BlackBox : IDisposable
{
    private const int NameOffset = 8;
    private const int InputOffset = 72;
    private const int Capacity = InputOffset + (128 << 10);

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _copy = new byte[Capacity];
    private readonly Timer _watchdog;
    private long _runs;
    private long _runsSeen = -1;

    public BlackBox(string folder, TimeSpan hangLimit)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, $"running-{Environment.ProcessId}.blackbox");
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, mapName: null, Capacity);
        _view = _file.CreateViewAccessor();
        _watchdog = new Timer(_ => Watch(), null, hangLimit, hangLimit);
    }

    /// <summary>Turns what dead processes left behind into findings.</summary>
    public static IEnumerable<FuzzFinding> Recover(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string path in Directory.GetFiles(folder, "running-*.blackbox"))
        {
            if (IsAlive(path))
            {
                continue;
            }

            byte[] bytes = File.ReadAllBytes(path);
            File.Delete(path);
            int length = bytes.Length == Capacity ? BitConverter.ToInt32(bytes, 0) : 0;
            if (length is > 0 and <= Capacity - InputOffset && bytes[4] == 1)
            {
                string name = Encoding.UTF8.GetString(bytes, NameOffset, InputOffset - NameOffset).TrimEnd('\0');
                var problem = new FuzzProblem(FuzzProblemKind.Killed, "killed", "The process died or hung while it ran this input (or was killed from outside).");
                yield return new FuzzFinding(name, problem, bytes[InputOffset..(InputOffset + length)]);
            }
        }
    }

    public void Write(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        int length = Math.Min(input.Length, Capacity - InputOffset);
        Span<byte> copy = _copy;
        BitConverter.TryWriteBytes(copy, length);
        copy[4] = 1;
        copy[NameOffset..InputOffset].Clear();
        Encoding.UTF8.GetBytes(target.Name, copy[NameOffset..InputOffset]);
        input[..length].CopyTo(copy[InputOffset..]);
        _view.WriteArray(0, _copy, 0, InputOffset + length);
        Interlocked.Increment(ref _runs);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    private static bool IsAlive(string path)
    {
        string id = Path.GetFileNameWithoutExtension(path)["running-".Length..];
        return int.TryParse(id, out int process) && process != Environment.ProcessId && Directory.Exists($"/proc/{process}");
    }

    private void Watch()
    {
        long runs = Interlocked.Read(ref _runs);
        if (runs != 0 && runs == Interlocked.Exchange(ref _runsSeen, runs))
        {
            Environment.FailFast("An input has been running for too long; it is in " + _path);
        }
    }
}
