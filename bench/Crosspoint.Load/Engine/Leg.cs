using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using DtlsFingerprint = Crosspoint.Rtc.Dtls.DtlsFingerprint;
using IceCandidate = Crosspoint.Rtc.Ice.IceCandidate;
using IceCandidateType = Crosspoint.Rtc.Ice.IceCandidateType;

namespace Crosspoint.Load.Engine;

/// <summary>
/// One transport of the load: a UDP socket and our own stack behind it. A driver opens it at the engine, tells signalling its local side,
/// calls <see cref="Connect"/> with what signalling answered, and awaits <see cref="Connected"/>.
/// </summary>
/// <remarks>The driver's thread until it is connected to the engine; after <see cref="Connect"/> everything internal is the engine's thread's.</remarks>
internal sealed class Leg
{
    // Given to me.
    private readonly LoadEngine _engine;

    // Made by me.
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // State.
    private ReceivedStream[] _streams = [];
    private int _lastStream;

    public Leg(LoadEngine engine, LegSocket socket, DtlsIdentity identity, LegOptions options)
    {
        _engine = engine;
        Socket = socket;
        Reads = (uint)socket.Descriptor;
        Options = options;
        IceCredentials = IceCredentials.Create(SystemRandomSource.Instance);
        Fingerprint = identity.Sha256;
        PeerSessionOptions session = PeerSessionOptions.Client with { Dtls = new DtlsSessionOptions { Profiles = [options.Profile] } };
        Session = new PeerSession(session, identity, IceCredentials, SystemRandomSource.Instance);
        Session.Ice.AddLocalCandidate(IceCandidate.Host(socket.LocalAddress));
        Feedback = options.AnswersTransportWide ? new TransportFeedbackGenerator(new TransportFeedbackGeneratorOptions { MinInterval = options.FeedbackInterval }) : null;
    }

    /// <summary>For signalling: our one host candidate.</summary>
    public TransportAddress LocalAddress => Socket.LocalAddress;

    /// <summary>For signalling.</summary>
    public IceCredentials IceCredentials { get; }

    /// <summary>For signalling: our certificate's.</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>Completes when media may flow; fails with the reason when it cannot.</summary>
    public Task Connected => _connected.Task;

    /// <summary>When media could flow.</summary>
    public Instant ConnectedAt { get; private set; }

    internal LegSocket Socket { get; }

    internal LegOptions Options { get; }

    internal PeerSession Session { get; }

    internal int Key { get; set; } = -2;

    internal List<TrackSource> Tracks { get; } = [];

    internal Instant NextReport { get; set; }

    /// <summary>The header extension that carries transport-wide numbers; 0 when none was negotiated.</summary>
    internal byte NumberId { get; private set; }

    /// <summary>What it tells the server of the way its packets come; null when it tells nothing.</summary>
    internal TransportFeedbackGenerator? Feedback { get; }

    internal bool IsConnected { get; private set; }

    /// <summary>How often it was read. Legs begin apart, so that they do not all decrypt in one turn.</summary>
    internal uint Reads { get; set; }

    internal Span<ReceivedStream> Streams => _streams;

    /// <summary>Goes to look for the server, as the controlling side.</summary>
    public void Connect(RemotePeer remote) => _engine.Post(() =>
    {
        Instant now = _engine.Clock.Now;
        Session.Ice.SetRemoteCredentials(now, new IceCredentials(remote.UsernameFragment, remote.Password));
        for (int i = 0; i < remote.Candidates.Count; i++)
        {
            Session.Ice.AddRemoteCandidate(now, new IceCandidate
            {
                Address = remote.Candidates[i], Foundation = "1", Component = 1, Priority = uint.MaxValue / 2 - (uint)i, Type = IceCandidateType.Host,
            });
        }

        Session.StartDtls(now, remote.OurRole, remote.Fingerprints);
        _engine.Pump(this, now);
    });

    /// <summary>Announces a stream that the server is to send; one that never comes counts as lost.</summary>
    public void Expect(MediaKind kind, uint ssrc) => _engine.Post(() =>
    {
        ref ReceivedStream stream = ref Find(ssrc);
        stream.IsExpected = true;
        stream.Kind = kind;
    });

    /// <summary>Takes what was negotiated about transport-wide feedback: it is given from now on.</summary>
    public void ExpectNumbers(int extensionId) => _engine.Post(() => NumberId = (byte)extensionId);

    /// <summary>Announces a stream that repairs or pads another.</summary>
    public void ExpectRepair(uint ssrc) => _engine.Post(() => Find(ssrc).IsRepair = true);

    /// <summary>The counters of a stream; one that nobody announced is noted as such.</summary>
    internal ref ReceivedStream Find(uint ssrc)
    {
        ReceivedStream[] streams = _streams;
        if ((uint)_lastStream < (uint)streams.Length && streams[_lastStream].Ssrc == ssrc)
        {
            return ref streams[_lastStream];
        }

        for (int i = 0; i < streams.Length; i++)
        {
            if (streams[i].Ssrc == ssrc)
            {
                _lastStream = i;
                return ref streams[i];
            }
        }

        _lastStream = streams.Length;
        Array.Resize(ref _streams, streams.Length + 1);
        _streams[_lastStream] = new ReceivedStream { Ssrc = ssrc };
        return ref _streams[_lastStream];
    }

    /// <summary>Adds what its streams counted. A leg that is closed is no longer waited for: whoever comes and goes within a second may have got nothing.</summary>
    internal void AddTo(ref LoadCounters counters, bool isClosed = false)
    {
        foreach (ref ReceivedStream stream in _streams.AsSpan())
        {
            if (stream.IsRepair)
            {
                continue;
            }

            counters.Expected += stream.Sequence.Expected;
            counters.Lost += stream.Sequence.Lost;
            counters.Duplicates += stream.Sequence.Duplicates;
            counters.Reordered += stream.Sequence.Reordered;
            bool isAwaited = stream.IsExpected && !isClosed;
            counters.SilentStreams += isAwaited && stream.Sequence.Received == 0 ? 1 : 0;
            counters.IdleStreams += stream.TakeIdle() && isAwaited ? 1 : 0;
            counters.AnnouncedStreams += isAwaited ? 1 : 0;
            counters.UnannouncedStreams += stream.IsExpected ? 0 : 1;
        }
    }

    internal void MarkConnected(Instant now)
    {
        IsConnected = true;
        ConnectedAt = now;
        _connected.TrySetResult();
    }

    internal void MarkFailed(string reason)
    {
        IsConnected = false;
        PeerStatistics seen = Session.Statistics;
        string drops = string.Join(", ", Enum.GetValues<PeerDropReason>().Where(drop => drop < PeerDropReason.Count && seen.Drops.Of(drop) > 0).Select(drop => $"{drop} {seen.Drops.Of(drop)}"));
        _connected.TrySetException(new InvalidOperationException($"a leg failed: {reason}; it took {seen.DatagramsReceived} datagrams in, dropped {(drops.Length > 0 ? drops : "none")}"));
    }
}
