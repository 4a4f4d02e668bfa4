namespace Crosspoint.Load.Measure;

/// <summary>Everything a round can measure, by the name it has in JSON and CSV; in the order of columns.</summary>
internal static class Figures
{
    public const string UsPerPacket = "usPerPacket";
    public const string PacketsPerSecond = "packetsPerSecond";
    public const string LostPercent = "lostPercent";
    public const string RssMb = "rssMb";
    public const string RssIdleMb = "rssIdleMb";
    public const string RssPerSubscriberKb = "rssPerSubscriberKb";
    public const string RssPerPublisherKb = "rssPerPublisherKb";
    public const string RssSlopeMbPerHour = "rssSlopeMbPerHour";
    public const string DelayP50Ms = "delayP50Ms";
    public const string DelayP99Ms = "delayP99Ms";
    public const string DelayP999Ms = "delayP999Ms";
    public const string DelayMaxMs = "delayMaxMs";
    public const string CalmDelayP99Ms = "calmDelayP99Ms";
    public const string JoinSeconds = "joinSeconds";
    public const string SettleSeconds = "settleSeconds";
    public const string ControlP95Ms = "controlP95Ms";
    public const string RecoverySeconds = "recoverySeconds";
    public const string ServerDrops = "serverDrops";
    public const string KernelDrops = "kernelDrops";
    public const string OverloadDrops = "overloadDrops";
    public const string Handles = "handles";
    public const string HandlesGrowth = "handlesGrowth";
    public const string Gen2Collections = "gen2Collections";
    public const string ServerCpuPercent = "serverCpuPercent";
    public const string KernelCpuPercent = "kernelCpuPercent";
    public const string LoadCpuPercent = "loadCpuPercent";
    public const string SendLateMs = "sendLateMs";
    public const string SendFailures = "sendFailures";
    public const string SilentStreams = "silentStreams";
    public const string Rooms = "rooms";
    public const string PausedPercent = "pausedPercent";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        UsPerPacket, PacketsPerSecond, LostPercent, RssMb, RssIdleMb, RssPerSubscriberKb, RssPerPublisherKb, RssSlopeMbPerHour,
        DelayP50Ms, DelayP99Ms, DelayP999Ms, DelayMaxMs, CalmDelayP99Ms, JoinSeconds, SettleSeconds, ControlP95Ms, RecoverySeconds, ServerDrops, KernelDrops, OverloadDrops,
        Handles, HandlesGrowth, Gen2Collections, ServerCpuPercent, KernelCpuPercent, LoadCpuPercent, SendLateMs, SendFailures, SilentStreams, Rooms, PausedPercent,
    ];
}
