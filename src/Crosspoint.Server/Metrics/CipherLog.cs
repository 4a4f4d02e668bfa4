using System.Diagnostics.Metrics;
using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Server.Metrics;

/// <summary>Says whose ciphers protect media, and why: once in the log, and as labels of a metric.</summary>
internal static partial class CipherLog
{
    /// <summary>One line; a warning when the fast library was wanted and is there, but was found wrong.</summary>
    public static void Write(ILogger log, SrtpEngineChoice choice)
    {
        var isDoubtful = choice.Reason is IpsecMbStatus.LibraryBroken or IpsecMbStatus.SelfTestFailed or IpsecMbStatus.KnownAnswerWrong or IpsecMbStatus.ComparisonWrong;
        SayEngine(log, isDoubtful ? LogLevel.Warning : LogLevel.Information, choice.Name, choice.Instructions, MetricWords.Of(choice.Reason));
    }

    /// <summary>1, with the choice as labels.</summary>
    public static Measurement<double> Describe(SrtpEngineChoice choice) => new(
        1,
        new("engine", choice.Name),
        new("instructions", choice.Instructions),
        new("reason", MetricWords.Of(choice.Reason)));

    [LoggerMessage(Message = "Media ciphers: {Engine} {Instructions} ({Reason})")]
    private static partial void SayEngine(ILogger log, LogLevel level, string engine, string instructions, string reason);
}
