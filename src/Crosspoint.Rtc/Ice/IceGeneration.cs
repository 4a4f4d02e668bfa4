using System.Text;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>What one pair of credentials is worth: everything a restart replaces (RFC 8445 §9).</summary>
/// <remarks>Owned by one agent, which has at most two: the current one, and during a restart the one whose pair still serves.</remarks>
internal sealed class IceGeneration(IceCredentials local, IceAgentOptions options)
{
    public IceCredentials Local { get; } = local;

    public IceCredentials? Remote { get; private set; }

    /// <summary>USERNAME of our checks: the receiver's fragment, a colon, ours (RFC 8445 §7.2.2).</summary>
    public byte[] Username { get; private set; } = [];

    public IceChecklist Checklist { get; } = new(options.MaxPairs);

    public List<IceCandidate> RemoteCandidates { get; } = [];

    public bool RemoteCandidatesEnded { get; set; }

    public IceCandidatePair? Selected { get; set; }

    public IceConsent Consent { get; } = new(options);

    /// <summary>When the first pair succeeded; the nomination delay counts from here.</summary>
    public Instant FirstValidAt { get; set; } = Instant.Never;

    public void SetRemote(IceCredentials remote)
    {
        Remote = remote;
        Username = Encoding.ASCII.GetBytes($"{remote.UsernameFragment}:{Local.UsernameFragment}");
    }
}
