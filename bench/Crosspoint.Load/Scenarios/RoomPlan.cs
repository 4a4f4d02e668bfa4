using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>One room of a load.</summary>
internal sealed record RoomPlan(string Name, SrtpProfile Profile, int Publishers, int Subscribers, MediaProfile Media)
{
    /// <summary>Decides SSRCs, sizes and phases.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many of the subscribers are probes of the delay.</summary>
    public int Probes { get; init; }

    /// <summary>The first subscriber checks every packet.</summary>
    public LegOptions Subscriber(int index) => new() { Profile = Profile, ChecksEverything = index == 0, IsProbe = index > 0 && index <= Probes };
}
