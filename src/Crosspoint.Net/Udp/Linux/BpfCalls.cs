using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>The bpf(2) system call, which libc has no function for.</summary>
internal static unsafe partial class BpfCalls
{
    public const uint LruHash = 9; // BPF_MAP_TYPE_LRU_HASH
    public const uint SocketArray = 20; // BPF_MAP_TYPE_REUSEPORT_SOCKARRAY

    private const int CreateMapCommand = 0;
    private const int UpdateCommand = 2;
    private const int DeleteCommand = 3;
    private const int LoadProgramCommand = 5;
    private const uint SocketReusePort = 21; // BPF_PROG_TYPE_SK_REUSEPORT
    private const int AttributeBytes = 128;

    private static nint CallNumber => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>A map of fixed size; invalid with the reason in <see cref="LinuxNative.LastError"/>.</summary>
    public static DescriptorHandle CreateMap(uint type, int keyBytes, int valueBytes, int entries)
    {
        // map_type 0, key_size 4, value_size 8, max_entries 12
        uint* attribute = stackalloc uint[AttributeBytes / sizeof(uint)];
        new Span<uint>(attribute, AttributeBytes / sizeof(uint)).Clear();
        (attribute[0], attribute[1], attribute[2], attribute[3]) = (type, (uint)keyBytes, (uint)valueBytes, (uint)entries);
        return new DescriptorHandle((int)Call(CallNumber, CreateMapCommand, attribute, AttributeBytes));
    }

    /// <summary>Sets one entry, new or not.</summary>
    public static bool TryUpdate(DescriptorHandle map, void* key, void* value) => Element(map, UpdateCommand, key, value);

    /// <summary>Removes one entry; false when it was not there.</summary>
    public static bool TryDelete(DescriptorHandle map, void* key) => Element(map, DeleteCommand, key, null);

    /// <summary>Has the kernel verify and translate a program; invalid with the reason in <see cref="LinuxNative.LastError"/>.</summary>
    public static DescriptorHandle LoadProgram(ReadOnlySpan<BpfInstruction> instructions)
    {
        // prog_type 0, insn_cnt 4, insns 8, license 16
        ulong* attribute = stackalloc ulong[AttributeBytes / sizeof(ulong)];
        new Span<ulong>(attribute, AttributeBytes / sizeof(ulong)).Clear();
        fixed (BpfInstruction* first = instructions)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            attribute[0] = SocketReusePort | ((ulong)instructions.Length << 32);
            attribute[1] = (ulong)first;
            attribute[2] = (ulong)license;
            return new DescriptorHandle((int)Call(CallNumber, LoadProgramCommand, attribute, AttributeBytes));
        }
    }

    private static bool Element(DescriptorHandle map, int command, void* key, void* value)
    {
        // map_fd 0, key 8, value 16, flags 24 (0: new or not)
        ulong* attribute = stackalloc ulong[4];
        (attribute[0], attribute[1], attribute[2], attribute[3]) = ((ulong)map.Number, (ulong)key, (ulong)value, 0);
        return Call(CallNumber, command, attribute, 4 * sizeof(ulong)) == 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Call(nint number, nint command, void* attribute, nint size);
}
