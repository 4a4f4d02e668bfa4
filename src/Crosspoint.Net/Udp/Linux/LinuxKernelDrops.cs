namespace Crosspoint.Net.Udp.Linux;

/// <summary>Reads what the kernel dropped before a socket's owner could take it (SO_MEMINFO, the counter that <c>ss -m</c> shows as d).</summary>
internal static unsafe class LinuxKernelDrops
{
    private const int SolSocket = 1;
    private const int SoMemInfo = 55;
    private const int DropsIndex = 8;
    private const int Values = 9;

    /// <summary>The total so far, given the last total: the kernel counts in 32 bits and wraps.</summary>
    public static long Read(int descriptor, long previous)
    {
        uint* values = stackalloc uint[Values];
        uint length = Values * sizeof(uint);
        return LinuxNative.GetOption(descriptor, SolSocket, SoMemInfo, values, &length) == 0 && length == Values * sizeof(uint)
            ? previous + unchecked(values[DropsIndex] - (uint)previous)
            : previous;
    }
}
