using System.Net.Sockets;
using System.Runtime.InteropServices;
using Crosspoint.Net.Udp.Linux;
using static Crosspoint.Net.Udp.Linux.LinuxNative;

namespace Crosspoint.Load.Native;

/// <summary>An epoll instance with an eventfd to wake its owner. Level-triggered: what is not read now is told again.</summary>
/// <remarks>Owned by one thread, except <see cref="Wake"/>.</remarks>
internal sealed unsafe class Epoll : IDisposable
{
    /// <summary>What <see cref="Key"/> answers for a wake-up.</summary>
    public const int WakeKey = -1;

    /// <summary>The most that one <see cref="Wait"/> tells of.</summary>
    public const int MaxEvents = 64;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int KeyOffset = Stride - 8;

    private readonly int _descriptor;
    private readonly EventHandle _wake = EventHandle.Create();
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);
    private int _wakePending;

    public Epoll()
    {
        _descriptor = Check(LoadNative.EpollCreate(LoadNative.CloseOnExec), "epoll_create1");
        Add((int)_wake.DangerousGetHandle(), WakeKey);
    }

    public void Add(int descriptor, int key)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = LoadNative.EpollIn;
        *(long*)(entry + KeyOffset) = key;
        Check(LoadNative.EpollControl(_descriptor, LoadNative.EpollAdd, descriptor, entry), "epoll_ctl");
    }

    public void Remove(int descriptor)
    {
        byte* entry = stackalloc byte[16];
        LoadNative.EpollControl(_descriptor, LoadNative.EpollDelete, descriptor, entry);
    }

    /// <summary>How many are ready; their keys are read with <see cref="Key"/>.</summary>
    public int Wait(TimeSpan timeout)
    {
        TimeSpec time = TimeSpec.From(timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout);
        fixed (byte* events = _events)
        {
            return LoadNative.EpollWait(_descriptor, events, MaxEvents, &time, null);
        }
    }

    public int Key(int index) => (int)BitConverter.ToInt64(_events, (index * Stride) + KeyOffset);

    /// <summary>Any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            _wake.Raise();
        }
    }

    /// <summary>After a <see cref="WakeKey"/> and before looking for what it was about.</summary>
    public void ClearWake()
    {
        Interlocked.Exchange(ref _wakePending, 0);
        _wake.Reset();
    }

    public void Dispose()
    {
        _wake.Dispose();
        LinuxNative.Close(_descriptor);
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new SocketException((int)SocketError.SocketError, $"{call}: errno {LinuxNative.LastError}");
}
