using System.Diagnostics.CodeAnalysis;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Load.Janus.Sdp;

/// <summary>Gathers ICE and DTLS attributes. All sections share one transport, so the first of each kind counts; sections repeat it.</summary>
internal sealed class SdpTransportBuilder
{
    private readonly List<DtlsFingerprint> _fingerprints = [];
    private readonly List<IceCandidate> _candidates = [];
    private string? _usernameFragment;
    private string? _password;
    private SdpSetup? _setup;
    private bool _isIceLite;

    /// <summary>Takes an attribute if it is one of the transport's; false when its value is not understood.</summary>
    public bool TryTake(in SdpAttribute attribute)
    {
        switch (attribute.Name)
        {
            case "ice-ufrag":
                _usernameFragment ??= attribute.Value.ToString();
                return true;
            case "ice-pwd":
                _password ??= attribute.Value.ToString();
                return true;
            case "ice-lite":
                _isIceLite = true;
                return true;
            case "setup":
                return TrySetup(attribute.Value);
            case "fingerprint":
                return TryFingerprint(attribute.Value);
            case "candidate":
                return TryCandidate(attribute.Value);
            default:
                return true;
        }
    }

    /// <summary>False when credentials or fingerprints are missing or of a wrong form.</summary>
    public bool TryBuild([NotNullWhen(true)] out SdpTransport? transport, out string error)
    {
        transport = null;
        error = "";
        if (!IceCredentials.TryCreate(_usernameFragment, _password, out IceCredentials? credentials))
        {
            error = "No usable ICE credentials.";
            return false;
        }

        if (_fingerprints.Count == 0)
        {
            error = "No fingerprint.";
            return false;
        }

        transport = new SdpTransport
        {
            Credentials = credentials,
            Fingerprints = _fingerprints,
            Candidates = _candidates,
            Setup = _setup ?? SdpSetup.ActPass,
            IsIceLite = _isIceLite,
        };
        return true;
    }

    private bool TrySetup(ReadOnlySpan<char> value)
    {
        SdpSetup? setup = value switch
        {
            "actpass" => SdpSetup.ActPass,
            "active" => SdpSetup.Active,
            "passive" => SdpSetup.Passive,
            _ => null,
        };
        _setup ??= setup;
        return setup is not null;
    }

    private bool TryFingerprint(ReadOnlySpan<char> value)
    {
        SdpAttribute.Cut(value, ' ', out ReadOnlySpan<char> algorithm, out ReadOnlySpan<char> hash);
        if (!DtlsFingerprint.TryParse(algorithm.ToString(), hash.ToString(), out DtlsFingerprint? fingerprint))
        {
            return false;
        }

        if (!_fingerprints.Contains(fingerprint!))
        {
            _fingerprints.Add(fingerprint!);
        }

        return true;
    }

    private bool TryCandidate(ReadOnlySpan<char> value)
    {
        IceCandidateParseResult result = IceCandidateAttribute.Parse(value, out IceCandidate candidate, out _);
        if (result == IceCandidateParseResult.Ok && candidate.Component == 1 && !_candidates.Any(known => known.Address == candidate.Address))
        {
            _candidates.Add(candidate);
        }

        // A candidate we cannot use (a name, another transport) is no reason to refuse the description.
        return result != IceCandidateParseResult.Malformed;
    }
}
