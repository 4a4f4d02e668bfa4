using Crosspoint.Load.Measure;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>A kind of load: which cases it has, and how one of them is measured once.</summary>
internal abstract class Scenario
{
    /// <summary>Its name on the command line and in the table.</summary>
    public abstract string Name { get; }

    /// <summary>True when a run that names no scenario has it too.</summary>
    public virtual bool IsInFullRun => true;

    /// <summary>Whether a run of under two minutes has it.</summary>
    public virtual bool IsQuick => false;

    /// <summary>Its cases for one server, in the order of measuring.</summary>
    public abstract IEnumerable<Case> Cases(string server, LoadOptions options);

    /// <summary>Starts a server, measures once, ends the server.</summary>
    public abstract Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken);

    /// <summary>The SRTP profiles that were asked for.</summary>
    protected static IEnumerable<SrtpProfile> Profiles(LoadOptions options)
    {
        if (options.Profiles.Count == 0 || options.Profiles.Contains("gcm"))
        {
            yield return SrtpProfile.AeadAes128Gcm;
        }

        if (options.Profiles.Count == 0 || options.Profiles.Contains("cm"))
        {
            yield return SrtpProfile.Aes128CmHmacSha1Tag80;
        }
    }
}
