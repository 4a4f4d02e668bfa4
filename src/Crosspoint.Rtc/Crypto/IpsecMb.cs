using System.Runtime.InteropServices;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// Intel's multi-buffer library, loaded once and only trusted when its version is one we know and its answers are right;
/// any doubt means OpenSSL.
/// </summary>
/// <remarks>Immutable and shared by all threads; what has state (keys, managers) is made from it.</remarks>
internal sealed unsafe class IpsecMb
{
    private static readonly Lazy<(IpsecMb? Library, IpsecMbStatus Status)> Only = new(() => Load(LibIpsecMb.Paths));

    private readonly IpsecMbTable _table;

    private IpsecMb(in IpsecMbTable table, uint architecture)
    {
        _table = table;
        Architecture = architecture;
    }

    /// <summary>The library, or null; <see cref="Status"/> says why.</summary>
    public static IpsecMb? Shared => Only.Value.Library;

    /// <summary>Why <see cref="Shared"/> is what it is.</summary>
    public static IpsecMbStatus Status => Only.Value.Status;

    /// <summary>IMB_ARCH of the instructions in use.</summary>
    public uint Architecture { get; }

    /// <summary>The functions.</summary>
    public ref readonly IpsecMbTable Table => ref _table;

    /// <param name="paths">Where to look; the first file that exists is the one.</param>
    /// <param name="tamper">Changes the table before it is tested; for the tests of the tests.</param>
    internal static (IpsecMb? Library, IpsecMbStatus Status) Load(IReadOnlyList<string> paths, Func<IpsecMbTable, IpsecMbTable>? tamper = null)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            return (null, IpsecMbStatus.PlatformUnsupported);
        }

        var path = paths.FirstOrDefault(File.Exists);
        if (path is null)
        {
            return (null, IpsecMbStatus.LibraryMissing);
        }

        // Never unloaded: keys and managers made from it may outlive any owner we could name.
        if (!NativeLibrary.TryLoad(path, out var handle) || !NativeLibrary.TryGetExport(handle, "imb_get_version", out var version))
        {
            return (null, IpsecMbStatus.LibraryBroken);
        }

        if (((delegate* unmanaged[Cdecl]<uint>)version)() != LibIpsecMb.Version)
        {
            return (null, IpsecMbStatus.VersionUnknown);
        }

        var status = TryBind(handle, tamper, out var library);
        return status == IpsecMbStatus.Loaded ? (library, status) : (null, status);
    }

    /// <summary>A manager of its own for one thread: about 200 KB. 0 when there is no memory.</summary>
    public nint NewManager()
    {
        var manager = _table.AllocateManager(0);
        if (manager != 0)
        {
            uint architecture;
            _table.InitializeManager(manager, &architecture);
        }

        return manager;
    }

    private static IpsecMbStatus TryBind(nint handle, Func<IpsecMbTable, IpsecMbTable>? tamper, out IpsecMb? library)
    {
        library = null;
        if (!TryGetExports(handle, out var table))
        {
            return IpsecMbStatus.LibraryBroken;
        }

        var manager = table.AllocateManager(0);
        if (manager == 0)
        {
            return IpsecMbStatus.SelfTestFailed;
        }

        uint architecture;
        table.InitializeManager(manager, &architecture);
        try
        {
            if (!IsHealthy(manager, architecture, out var status) || !table.TryRead(manager))
            {
                return status == IpsecMbStatus.Loaded ? IpsecMbStatus.LibraryBroken : status;
            }

            library = new IpsecMb(tamper is null ? table : tamper(table), architecture);
            return IpsecMbSelfTest.Run(library);
        }
        finally
        {
            table.FreeManager(manager);
        }
    }

    private static bool IsHealthy(nint manager, uint architecture, out IpsecMbStatus status)
    {
        var features = *(ulong*)((byte*)manager + LibIpsecMb.FeaturesAt);
        var used = *(uint*)((byte*)manager + LibIpsecMb.UsedArchitectureAt);
        var hasFailed = *(int*)((byte*)manager + LibIpsecMb.ErrorAt) != 0
            || used != architecture
            || ((features & LibIpsecMb.FeatureSelfTest) != 0 && (features & LibIpsecMb.FeatureSelfTestPass) == 0);
        status = hasFailed ? IpsecMbStatus.SelfTestFailed
            : architecture is not (LibIpsecMb.ArchitectureAvx2 or LibIpsecMb.ArchitectureAvx512) ? IpsecMbStatus.ProcessorUnsupported
            : IpsecMbStatus.Loaded;
        return status == IpsecMbStatus.Loaded;
    }

    private static bool TryGetExports(nint handle, out IpsecMbTable table)
    {
        table = default;
        if (!NativeLibrary.TryGetExport(handle, "alloc_mb_mgr", out var allocate)
            || !NativeLibrary.TryGetExport(handle, "init_mb_mgr_auto", out var initialize)
            || !NativeLibrary.TryGetExport(handle, "free_mb_mgr", out var free))
        {
            return false;
        }

        table.AllocateManager = (delegate* unmanaged[Cdecl]<ulong, nint>)allocate;
        table.InitializeManager = (delegate* unmanaged[Cdecl]<nint, uint*, void>)initialize;
        table.FreeManager = (delegate* unmanaged[Cdecl]<nint, void>)free;
        return true;
    }
}
