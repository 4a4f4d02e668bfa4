using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Engine;

/// <summary>How a leg behaves.</summary>
internal sealed record LegOptions
{
    /// <summary>The one SRTP profile it offers.</summary>
    public SrtpProfile Profile { get; init; } = SrtpProfile.AeadAes128Gcm;

    /// <summary>Decrypts and checks every packet, not a sample.</summary>
    public bool ChecksEverything { get; init; }

    /// <summary>Answers with transport-wide feedback what comes with numbers, as every browser does. Default yes.</summary>
    public bool AnswersTransportWide { get; init; } = true;

    /// <summary>The least time between two of those answers. Default 62.5 ms, as Chromium 156 does for all that it receives (16.0 a second); Firefox 153 takes 51.</summary>
    public TimeSpan FeedbackInterval { get; init; } = TimeSpan.FromMilliseconds(62.5);

    /// <summary>Has the kernel stamp its datagrams and measures their delay; decrypts everything.</summary>
    public bool IsProbe { get; init; }
}
