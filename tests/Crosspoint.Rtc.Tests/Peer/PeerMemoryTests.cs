using System.Runtime.InteropServices;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Dtls;
using Xunit.Abstractions;

namespace Crosspoint.Rtc.Tests.Peer;

/// <summary>What a connected peer holds, on our heap and on that of OpenSSL and libipsec-mb, once its handshake is over.</summary>
[Collection(nameof(DtlsMemoryTests))]
public class PeerMemoryTests(ITestOutputHelper output)
{
    private const int Count = 200;
    private const long MaxManaged = 12 * 1024;
    private const long MaxNative = 52 * 1024;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void A_connected_peer_holds_little(SrtpProfile profile)
    {
        (long Ours, long Theirs) held = Measure(profile);
        for (int attempt = 0; attempt < 3 && held.Theirs > MaxNative; attempt++)
        {
            held = Measure(profile); // the compiler of the runtime works beside us and takes native memory, too
        }

        output.WriteLine($"{profile}: {held.Ours} bytes managed, {held.Theirs} bytes native");
        Assert.True(held.Ours < MaxManaged, $"{held.Ours} bytes managed each");
        Assert.True(held.Theirs < MaxNative, $"{held.Theirs} bytes native each: a handshake's buffers alone are 50 KB");
    }

    private static (long Ours, long Theirs) Measure(SrtpProfile profile)
    {
        Connect(20, profile).ForEach(session => session.Dispose()); // what is made once and kept
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        long native = NativeBytes();
        List<PeerSession> sessions = Connect(Count, profile);
        long ours = (GC.GetTotalMemory(forceFullCollection: true) - managed) / Count;
        long theirs = (NativeBytes() - native) / Count;
        Assert.All(sessions, session => Assert.Equal(PeerState.Connected, session.State));
        sessions.ForEach(session => session.Dispose());
        return (ours, theirs);
    }

    private static List<PeerSession> Connect(int count, SrtpProfile profile)
    {
        List<PeerSession> servers = [];
        for (int i = 0; i < count; i++)
        {
            PeerSimulation simulation = new(seed: i, profiles: [profile]);
            Assert.True(simulation.Connect(TimeSpan.FromSeconds(5)));
            simulation.Talk(2);
            simulation.Client.Session.Dispose();
            servers.Add(simulation.Server.Session);
        }

        return servers;
    }

    private static long NativeBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (long)mallinfo2().Used;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern MallInfo mallinfo2();

    /// <summary>glibc's struct mallinfo2: ten size_t, of which the eighth is what is in use.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallInfo
    {
        private readonly nuint _arena, _freeChunks, _fastChunks, _mappedChunks, _mapped, _unused, _fastFree;
        public readonly nuint Used;
        private readonly nuint _free, _keep;
    }
}
