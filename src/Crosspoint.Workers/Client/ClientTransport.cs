using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Streams;
using DtlsRole = Crosspoint.Rtc.Dtls.DtlsRole;
using IceCandidate = Crosspoint.Rtc.Ice.IceCandidate;

namespace Crosspoint.Workers.Client;

/// <summary>
/// One transport of a built-in peer: our own stack in the client role (full ICE, controlling; DTLS client) on its own UDP socket
/// or TCP connection, sending synthetic tracks and counting what it receives.
/// </summary>
/// <remarks>Has a thread of its own, which owns everything but what is marked volatile or locked.</remarks>
public sealed class ClientTransport : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(5);

    // Made by me.
    private readonly MonotonicClock _clock = new();
    private readonly ClientLink _link;
    private readonly PeerSession _session;
    private readonly Lock _lock = new();
    private readonly List<SyntheticTrack> _tracks = [];
    private readonly Dictionary<uint, RtpReceiveStream> _received = [];
    private readonly List<double> _roundTrips = [];
    private readonly TransportFeedbackGenerator _feedback = new(new TransportFeedbackGeneratorOptions());
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstMedia = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly NtpClock _ntp;
    private readonly IceCandidate[] _remoteCandidates;

    // State.
    private volatile bool _stopping;
    private volatile bool _aborting;
    private TransportAddress _local;
    private Instant _nextReport;
    private long _packetsReceived;
    private long _awaitedPackets;
    private TaskCompletionSource? _packetsCame;

    /// <summary>Prepares both ends of ICE and DTLS; nothing is sent before <see cref="Start"/>.</summary>
    /// <param name="identity">The peer's certificate; shared by its transports.</param>
    /// <param name="remote">What the server said of its end.</param>
    /// <param name="protocol">Which of the server's candidates it uses; with TCP the first one alone.</param>
    /// <exception cref="InvalidOperationException">The server has no candidate of the protocol.</exception>
    public ClientTransport(DtlsIdentity identity, TransportOffer remote, TransportProtocol protocol = TransportProtocol.Udp)
    {
        _remoteCandidates = OfferReader.Candidates(remote, protocol);
        TransportAddress server = _remoteCandidates.First().Address;
        _link = protocol == TransportProtocol.Udp ? new UdpClientLink(server.ToIPEndPoint()) : new TcpClientLink(server);
        _ntp = new NtpClock(Instant.Zero, NtpTimestamp.From(_clock.Epoch));
        _session = new PeerSession(PeerSessionOptions.Client, identity, IceCredentials.Create(SystemRandomSource.Instance), SystemRandomSource.Instance);
        Instant now = _clock.Now;
        _session.Ice.SetRemoteCredentials(now, new IceCredentials(remote.Ice.UsernameFragment, remote.Ice.Password));
        foreach (IceCandidate candidate in _remoteCandidates)
        {
            _session.Ice.AddRemoteCandidate(now, candidate);
        }

        _session.StartDtls(now, DtlsRole.Client, OfferReader.Fingerprints(remote));
        Id = remote.Id;
        LocalDtls = new DtlsParameters
        {
            Role = Contracts.Rtp.DtlsRole.Client,
            Fingerprints = [new Contracts.Rtp.DtlsFingerprint { Algorithm = identity.Sha256.Algorithm, Value = identity.Sha256.Value }],
        };
        _thread = new Thread(Run) { Name = "client-peer", IsBackground = true };
    }

    /// <summary>The server's id of it.</summary>
    public string Id { get; }

    /// <summary>For TRANSPORT_CONNECT.</summary>
    public DtlsParameters LocalDtls { get; }

    /// <summary>Completes when media may flow; fails with the reason when it cannot.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Completes at the first media packet in the clear.</summary>
    public Task FirstMedia => _firstMedia.Task;

    /// <summary>Completes when the server ended it: it said goodbye, or closed the connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The SRTP profile in use.</summary>
    public string Profile { get; private set; } = "";

    /// <summary>Begins to look for the server.</summary>
    public void Start() => _thread.Start();

    /// <summary>Begins to send a track.</summary>
    public void Send(SyntheticTrack track)
    {
        lock (_lock)
        {
            _tracks.Add(track);
        }
    }

    /// <summary>Expects a stream.</summary>
    public void Receive(uint ssrc, int clockRate)
    {
        lock (_lock)
        {
            _received.Add(ssrc, new RtpReceiveStream(new RtpReceiveStreamOptions { Ssrc = new Ssrc(ssrc), ClockRate = clockRate }));
        }
    }

    /// <summary>Media packets sent so far.</summary>
    public long PacketsSent
    {
        get
        {
            lock (_lock)
            {
                return _tracks.Sum(track => track.PacketsSent);
            }
        }
    }

    /// <summary>Media packets received so far, of the streams that were expected.</summary>
    public long PacketsReceived
    {
        get
        {
            lock (_lock)
            {
                return _packetsReceived;
            }
        }
    }

    /// <summary>Completes when so many media packets have come.</summary>
    public Task WaitForPacketsAsync(long count)
    {
        lock (_lock)
        {
            _awaitedPackets = count;
            _packetsCame = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SignalPackets();
            return _packetsCame.Task;
        }
    }

    /// <summary>Takes the server's new credentials and draws its own (RFC 8445 §9).</summary>
    public void RestartIce(IceParameters remote)
    {
        lock (_lock)
        {
            Instant now = _clock.Now;
            _session.RestartIce(now, IceCredentials.Create(SystemRandomSource.Instance));
            _session.Ice.SetRemoteCredentials(now, new IceCredentials(remote.UsernameFragment, remote.Password));
            foreach (IceCandidate candidate in _remoteCandidates)
            {
                _session.Ice.AddRemoteCandidate(now, candidate);
            }
        }
    }

    /// <summary>True when no restart is under way.</summary>
    public bool IsRestartDone
    {
        get
        {
            lock (_lock)
            {
                return !_session.Ice.IsRestarting;
            }
        }
    }

    /// <summary>Round trips measured so far, in ms.</summary>
    public IReadOnlyList<double> RoundTrips
    {
        get
        {
            lock (_lock)
            {
                return [.. _roundTrips];
            }
        }
    }

    /// <summary>Ends all tracks; what is under way still arrives.</summary>
    public void StopSending()
    {
        lock (_lock)
        {
            _tracks.ForEach(track => track.Stop());
        }
    }

    /// <summary>Goes without a goodbye, as a crashed client does.</summary>
    public void Abort()
    {
        _aborting = true;
        Dispose();
    }

    /// <summary>Says goodbye, stops the thread and waits for it.</summary>
    public void Dispose()
    {
        _stopping = true;
        _link.Wake();
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        _session.Dispose();
        _link.Dispose();
        _connected.TrySetCanceled();
        _firstMedia.TrySetCanceled();
    }

    private void Run()
    {
        try
        {
            Open();
            while (!_stopping)
            {
                _link.Wait(LongestWait);
                lock (_lock)
                {
                    Turn(_clock.Now);
                }
            }

            if (!_aborting)
            {
                _session.Close(_clock.Now);
                Transmit(_clock.Now);
            }
        }
        catch (Exception exception)
        {
            _connected.TrySetException(exception);
            _firstMedia.TrySetException(exception);
        }
    }

    private void Open()
    {
        IceCandidate candidate = _link.Open();
        lock (_lock)
        {
            _local = candidate.Base;
            _session.Ice.AddLocalCandidate(candidate);
        }
    }

    private void Turn(Instant now)
    {
        while (_link.TryReceive(out TransportAddress source, out Span<byte> datagram))
        {
            Take(now, source, datagram);
        }

        if (_link.IsClosed)
        {
            TakeEnd(now);
        }

        if (_session.NextTimeout <= now)
        {
            _session.HandleTimeout(now);
        }

        while (_session.TryDequeue(out PeerEvent peerEvent))
        {
            Take(peerEvent);
        }

        if (_session.CanSendMedia)
        {
            SendMedia(now);
        }

        Transmit(now);
    }

    private void TakeEnd(Instant now)
    {
        _ended.TrySetResult();
        if (_session.TryGetPath(out TransportAddress local, out TransportAddress remote))
        {
            _session.HandlePathClosed(now, local, remote);
        }
    }

    private void Take(Instant now, in TransportAddress source, Span<byte> datagram)
    {
        switch (_session.Handle(now, _local, source, datagram, out int length))
        {
            case PeerInput.Rtp when RtpPacket.TryParse(datagram[..length], out RtpPacket packet):
                NoteArrival(now, packet);
                if (_received.TryGetValue(packet.Ssrc.Value, out RtpReceiveStream? stream))
                {
                    stream.Handle(now, packet);
                    _packetsReceived++;
                    _firstMedia.TrySetResult();
                    SignalPackets();
                }

                break;
            case PeerInput.Rtcp:
                TakeRtcp(now, datagram[..length]);
                break;
            default:
                break;
        }
    }

    // As a browser does for whatever comes with a number, also repair and padding.
    private void NoteArrival(Instant now, in RtpPacket packet)
    {
        if (packet.TryGetExtension(RtpNegotiator.TransportSequenceNumberId, out ReadOnlySpan<byte> element) && TransportSequenceNumber.TryRead(element, out SequenceNumber number))
        {
            _feedback.Handle(now, number, packet.Bytes.Length);
        }
    }

    private void SendFeedback(Instant now)
    {
        Span<byte> plain = stackalloc byte[1024];
        while (_feedback.NextTimeout <= now)
        {
            RtcpWriter writer = new(plain);
            if (!_feedback.TryWrite(now, ref writer, new Ssrc(1), new Ssrc(2)))
            {
                return;
            }

            Span<byte> room = _link.Reserve(writer.Length + 64);
            Commit(_session.ProtectRtcp(writer.Written, room));
        }
    }

    private void SignalPackets()
    {
        if (_packetsReceived >= _awaitedPackets)
        {
            _packetsCame?.TrySetResult();
        }
    }

    private void TakeRtcp(Instant now, ReadOnlySpan<byte> datagram)
    {
        if (!RtcpReader.TryOpen(datagram, out RtcpReader reader))
        {
            return;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (SenderReport.TryParse(packet, out SenderReport sent) && _received.TryGetValue(sent.Ssrc.Value, out RtpReceiveStream? stream))
            {
                stream.HandleSenderReport(now, sent.Info);
            }
            else if (ReceiverReport.TryParse(packet, out ReceiverReport received))
            {
                for (int i = 0; i < received.Blocks.Count; i++)
                {
                    TakeReport(now, received.Blocks[i]);
                }
            }
        }
    }

    private void TakeReport(Instant now, in ReportBlock block)
    {
        foreach (SyntheticTrack track in _tracks)
        {
            if (track.Stream.Ssrc == block.Ssrc)
            {
                track.Stream.HandleReport(_ntp.ToNtp(now), block);
                if (track.Stream.RoundTripTime.HasSample)
                {
                    _roundTrips.Add(track.Stream.RoundTripTime.Last.TotalMilliseconds);
                }
            }
        }
    }

    private void Take(in PeerEvent peerEvent)
    {
        if (peerEvent.Kind != PeerEventKind.StateChanged)
        {
            return;
        }

        if (peerEvent.State == PeerState.Connected)
        {
            Profile = _session.Profile.ToString();
            _connected.TrySetResult();
        }
        else if (peerEvent.State == PeerState.Failed)
        {
            _ended.TrySetResult();
            _connected.TrySetException(new InvalidOperationException($"the transport failed: {peerEvent.Reason}"));
        }
    }

    private void SendMedia(Instant now)
    {
        Span<byte> header = stackalloc byte[64];
        foreach (SyntheticTrack track in _tracks)
        {
            while (track.TryNext(now, header, out int headerLength, out ReadOnlySpan<byte> payload))
            {
                Protect(header[..headerLength], payload);
            }
        }

        SendFeedback(now);
        if (_nextReport <= now)
        {
            _nextReport = now + TimeSpan.FromSeconds(1);
            SendReports(now);
        }
    }

    private void Protect(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Span<byte> room = _link.Reserve(header.Length + payload.Length + 64);
        Commit(_session.ProtectRtp(header, payload, room));
    }

    private void SendReports(Instant now)
    {
        Span<byte> plain = stackalloc byte[1024];
        RtcpWriter writer = new(plain);
        foreach (SyntheticTrack track in _tracks)
        {
            if (track.Stream.TryGetSenderInfo(now, _ntp, out SenderInfo info))
            {
                SenderReport.TryWrite(ref writer, track.Stream.Ssrc, info, []);
            }
        }

        foreach (RtpReceiveStream stream in _received.Values)
        {
            if (stream.TryTakeReport(now, out ReportBlock block))
            {
                ReceiverReport.TryWrite(ref writer, new Ssrc(1), [block]);
            }
        }

        if (writer.Length > 0)
        {
            Span<byte> room = _link.Reserve(writer.Length + 64);
            Commit(_session.ProtectRtcp(writer.Written, room));
        }
    }

    private void Commit(int length)
    {
        if (length > 0 && _session.TryGetPath(out _, out TransportAddress remote))
        {
            _link.Commit(length, remote);
        }
    }

    private void Transmit(Instant now)
    {
        Span<byte> datagram = stackalloc byte[2048];
        while (_session.TryTransmit(now, datagram, out Transmit transmit))
        {
            Span<byte> room = _link.Reserve(transmit.Length);
            datagram[..transmit.Length].CopyTo(room);
            _link.Commit(transmit.Length, transmit.Remote);
        }

        _link.Flush();
    }
}
