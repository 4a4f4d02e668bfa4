using System.Security.Cryptography;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Dtls;

/// <summary>
/// One DTLS 1.2 association with one peer, either role (RFC 6347, RFC 5763, RFC 5764): the handshake with retransmission by the
/// caller's clock, the fingerprint check, the SRTP keys, application data, close_notify. After <see cref="Handle"/>,
/// <see cref="HandleTimeout"/> or any other mutation, drain <see cref="TryTransmit"/> and <see cref="TryDequeue"/>.
/// </summary>
/// <remarks>
/// Owned by one thread, its peer's worker. A server holds nothing of OpenSSL's until a ClientHello comes; at the end the keys are
/// wiped and OpenSSL's objects freed at once, while what is still to be sent (an alert) stays to be drained.
/// </remarks>
public sealed class DtlsSession : IDisposable
{
    private const int RecordOverhead = DtlsRecord.HeaderLength + DtlsRecord.CipherOverhead;

    [ThreadStatic]
    private static byte[]? t_scratch;

    // given to me
    private readonly DtlsIdentity _identity;
    private readonly DtlsSessionOptions _options;
    private IReadOnlyList<DtlsFingerprint>? _fingerprints;

    // made by me
    private readonly DtlsDatagramQueue _output;
    private readonly DtlsDatagramQueue _received;
    private readonly DtlsFlight _flight = new();
    private readonly Queue<DtlsEvent> _events = new();

    // state
    private DtlsConnection? _connection;
    private DtlsRole _role;
    private bool _isHandshakeDone;
    private bool _hasShrunk;
    private DtlsIntake _intake;
    private Instant _deadline = Instant.Never;
    private Instant _retransmitAt = Instant.Never;
    private TimeSpan _interval;
    private DtlsCounters _counters;

    /// <param name="identity">Stays the caller's.</param>
    /// <param name="options">Defaults when null.</param>
    public DtlsSession(DtlsIdentity identity, DtlsSessionOptions? options = null)
    {
        _identity = identity;
        _options = options ?? new DtlsSessionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Mtu, DtlsSessionOptions.MinMtu, nameof(options));
        if (_options.Profiles.Count == 0)
        {
            throw new ArgumentException("at least one SRTP profile is needed", nameof(options));
        }

        _output = new DtlsDatagramQueue(_options.MaxQueuedBytes);
        _received = new DtlsDatagramQueue(_options.MaxQueuedBytes);
    }

    /// <summary>Where the session stands.</summary>
    public DtlsState State { get; private set; } = DtlsState.New;

    /// <summary>Why it ended.</summary>
    public DtlsCloseReason CloseReason { get; private set; }

    /// <summary>The SRTP profile agreed upon; <see cref="SrtpProfile.None"/> before the handshake is complete.</summary>
    public SrtpProfile NegotiatedProfile { get; private set; }

    /// <summary>What the session did.</summary>
    public DtlsCounters Counters => _counters;

    /// <summary>The most that <see cref="TrySendApplicationData"/> takes at once, in bytes, so that the record fits the MTU.</summary>
    public int MaxApplicationData => _options.Mtu - RecordOverhead;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called: for a retransmission or the end of patience.</summary>
    public Instant NextTimeout => Instant.Min(_retransmitAt, _deadline);

    /// <summary>Starts the handshake: a client queues its ClientHello, a server waits for one.</summary>
    public void Start(Instant now, DtlsRole role)
    {
        if (State != DtlsState.New)
        {
            throw new InvalidOperationException($"a DTLS session starts once; this one is {State}");
        }

        _role = role;
        _deadline = now + _options.HandshakeTimeout;
        Enter(DtlsState.Connecting);
        if (role == DtlsRole.Client)
        {
            _connection = new DtlsConnection(_identity, role, _options) { ExpectedFingerprints = _fingerprints };
            Advance(now);
        }
    }

    /// <summary>
    /// The fingerprints that signalling named, any time before or after the handshake. The peer must prove one of those with
    /// the strongest hash. Naming others later judges again.
    /// </summary>
    public void SetRemoteFingerprints(IReadOnlyList<DtlsFingerprint> fingerprints)
    {
        if (fingerprints.Count == 0)
        {
            throw new ArgumentException("at least one fingerprint is needed", nameof(fingerprints));
        }

        _fingerprints = [.. fingerprints];
        if (_connection is not null)
        {
            _connection.ExpectedFingerprints = _fingerprints;
        }

        if (_isHandshakeDone)
        {
            Verify();
        }
    }

    /// <summary>Takes one datagram that the demultiplexer found to be DTLS (RFC 7983), from the path that ICE validated.</summary>
    public void Handle(Instant now, ReadOnlySpan<byte> datagram)
    {
        var refusal = State == DtlsState.New ? DtlsDropReason.NotStarted
            : DtlsStateTransitions.IsFinal(State) ? DtlsDropReason.Ended
            : datagram.Length > _options.MaxDatagram ? DtlsDropReason.TooLarge
            : _intake.Refuse(datagram, isFirst: _connection is null, _isHandshakeDone);
        if (refusal is { } reason)
        {
            _counters.Add(reason);
            return;
        }

        _counters.DatagramsReceived++;
        _connection ??= new DtlsConnection(_identity, _role, _options) { ExpectedFingerprints = _fingerprints };
        _connection.Feed(datagram);
        Advance(now);
    }

    /// <summary>Gives the next datagram to send.</summary>
    /// <param name="now">Unused; the shape of every protocol here.</param>
    /// <param name="into">At least <see cref="DtlsSessionOptions.Mtu"/> bytes.</param>
    /// <param name="length">The datagram is the first so many bytes.</param>
    public bool TryTransmit(Instant now, Span<byte> into, out int length)
    {
        if (into.Length < _output.NextLength)
        {
            throw new ArgumentException("the buffer is shorter than the MTU", nameof(into));
        }

        if (_output.TryDequeue(into, out length))
        {
            return true;
        }

        if (_isHandshakeDone && !_hasShrunk)
        {
            _hasShrunk = true;
            _output.Wipe(); // the flights of a handshake are the most it ever holds without data channels
        }

        return false;
    }

    /// <summary>Gives the next event.</summary>
    public bool TryDequeue(out DtlsEvent e) => _events.TryDequeue(out e);

    /// <summary>Does what is due: sends the flight again, or gives up.</summary>
    public void HandleTimeout(Instant now)
    {
        if (DtlsStateTransitions.IsFinal(State))
        {
            return;
        }

        if (now >= _deadline)
        {
            End(DtlsState.Failed, DtlsCloseReason.HandshakeTimeout);
            return;
        }

        if (now < _retransmitAt)
        {
            return;
        }

        if (_flight.HasNext)
        {
            _counters.Retransmissions++;
            Enqueue(_flight.TakeNext());
            _interval = Min(_interval * 2, _options.MaxRetransmission);
        }

        _retransmitAt = _flight.HasNext ? now + _interval : Instant.Never;
    }

    /// <summary>Gives the SRTP keys (RFC 5764 §4.2): only when connected, that is, when the fingerprint was verified, and with a profile.</summary>
    public bool TryExportSrtpKeys(out SrtpKeyingMaterial? keys)
    {
        keys = null;
        if (State != DtlsState.Connected || _connection is null || NegotiatedProfile == SrtpProfile.None)
        {
            return false;
        }

        Span<byte> exported = stackalloc byte[SrtpKeyingMaterial.ExportLength(NegotiatedProfile)];
        if (_connection.TryExport(exported))
        {
            keys = SrtpKeyingMaterial.FromExporter(NegotiatedProfile, exported, _role == DtlsRole.Client);
        }

        CryptographicOperations.ZeroMemory(exported);
        return keys is not null;
    }

    /// <summary>Queues application data as one record. False when not connected, empty, longer than <see cref="MaxApplicationData"/>, or too much waits already.</summary>
    public bool TrySendApplicationData(ReadOnlySpan<byte> data)
    {
        if (State != DtlsState.Connected || _connection is null || data.IsEmpty || data.Length > MaxApplicationData)
        {
            return false;
        }

        return _connection.Write(data) && DrainConnection();
    }

    /// <summary>Fetches application data, a record at a time; <paramref name="into"/> takes up to 16,384 bytes.</summary>
    public bool TryReadApplicationData(Span<byte> into, out int length)
    {
        if (into.Length < _received.NextLength)
        {
            throw new ArgumentException("the buffer is shorter than the record", nameof(into));
        }

        return _received.TryDequeue(into, out length);
    }

    /// <summary>Ends the session; sends close_notify if there is somebody to hear it.</summary>
    public void Close(Instant now)
    {
        if (!DtlsStateTransitions.IsFinal(State))
        {
            End(DtlsState.Closed, DtlsCloseReason.LocalClosed);
        }
    }

    /// <summary>Frees and wipes everything, without a word to the peer.</summary>
    public void Dispose()
    {
        if (!DtlsStateTransitions.IsFinal(State))
        {
            _isHandshakeDone = false;
            End(DtlsState.Closed, DtlsCloseReason.LocalClosed);
        }

        _output.Wipe();
        _received.Wipe();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void Advance(Instant now)
    {
        if (!_isHandshakeDone)
        {
            var step = _connection!.Handshake();
            DrainConnection(now);
            if (step != DtlsStep.Done)
            {
                EndIf(step);
                return;
            }

            FinishHandshake();
        }

        ReadAll();
    }

    private void FinishHandshake()
    {
        _isHandshakeDone = true;
        _flight.Clear();
        _retransmitAt = Instant.Never;
        NegotiatedProfile = _connection!.SrtpProfile;
        if (_options.RequireSrtp && NegotiatedProfile == SrtpProfile.None)
        {
            End(DtlsState.Failed, DtlsCloseReason.NoSrtpProfile);
        }
        else if (_options.RequireExtendedMasterSecret && !_connection.HasExtendedMasterSecret)
        {
            End(DtlsState.Failed, DtlsCloseReason.NoExtendedMasterSecret);
        }
        else
        {
            Verify();
        }
    }

    private void Verify()
    {
        if (DtlsStateTransitions.IsFinal(State))
        {
            return;
        }

        if (_fingerprints is null)
        {
            Enter(DtlsState.Verifying);
            return;
        }

        var verdict = _connection?.Peer?.Judge(_fingerprints) ?? DtlsCloseReason.InternalError;
        if (verdict != DtlsCloseReason.None)
        {
            End(DtlsState.Failed, verdict);
        }
        else if (State != DtlsState.Connected)
        {
            _deadline = Instant.Never;
            Enter(DtlsState.Connected);
        }
    }

    private void ReadAll()
    {
        Span<byte> data = stackalloc byte[1 << 14];
        while (_connection is not null)
        {
            var step = _connection.Read(data, out var length);
            DrainConnection(); // a peer that repeats its Finished gets our last flight again
            if (step != DtlsStep.Done)
            {
                EndIf(step);
                return;
            }

            Receive(data[..length]);
        }
    }

    private void Receive(ReadOnlySpan<byte> data)
    {
        if (State != DtlsState.Connected)
        {
            _counters.Add(DtlsDropReason.Unverified);
            return;
        }

        var isFirst = _received.IsEmpty;
        if (!_received.TryEnqueue(data))
        {
            _counters.Add(DtlsDropReason.ReceiveQueueFull);
        }
        else if (isFirst)
        {
            _events.Enqueue(new DtlsEvent(DtlsEventKind.ApplicationDataAvailable, State, DtlsCloseReason.None));
        }
    }

    private void EndIf(DtlsStep step)
    {
        switch (step)
        {
            case DtlsStep.Closed:
                End(DtlsState.Closed, DtlsCloseReason.RemoteClosed);
                break;
            case DtlsStep.RemoteAlert:
                End(DtlsState.Failed, DtlsCloseReason.RemoteAlert);
                break;
            case DtlsStep.Failed:
                var verdict = _connection!.Verdict;
                End(DtlsState.Failed, verdict == DtlsCloseReason.None ? DtlsCloseReason.HandshakeFailed : verdict);
                break;
        }
    }

    private void End(DtlsState state, DtlsCloseReason reason)
    {
        if (_connection is not null)
        {
            if (_isHandshakeDone)
            {
                _connection.Shutdown();
                DrainConnection();
            }

            _connection.Dispose();
            _connection = null;
        }

        _flight.Clear();
        _deadline = _retransmitAt = Instant.Never;
        CloseReason = reason;
        Enter(state);
    }

    private void Enter(DtlsState state)
    {
        if (state == State || !DtlsStateTransitions.IsAllowed(State, state))
        {
            throw new InvalidOperationException($"DTLS cannot go from {State} to {state}");
        }

        State = state;
        _events.Enqueue(new DtlsEvent(DtlsEventKind.StateChanged, state, CloseReason));
    }

    // Output of a handshake step: the flight to send now, and its retransmissions to keep.
    private void DrainConnection(Instant now)
    {
        var buffer = t_scratch ??= new byte[16 * 1024];
        var length = _connection!.TakeOutput(ref buffer);
        t_scratch = buffer;
        var spares = _connection.SpareStarts;
        if (spares.IsEmpty)
        {
            Enqueue(buffer.AsSpan(0, length));
            return;
        }

        Enqueue(buffer.AsSpan(0, spares[0]));
        Span<int> starts = stackalloc int[spares.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = spares[i] - spares[0];
        }

        _flight.Replace(buffer.AsSpan(spares[0], length - spares[0]), starts);
        _interval = _options.InitialRetransmission;
        _retransmitAt = now + _interval;
    }

    private bool DrainConnection()
    {
        var buffer = t_scratch ??= new byte[16 * 1024];
        var length = _connection!.TakeOutput(ref buffer);
        t_scratch = buffer;
        return Enqueue(buffer.AsSpan(0, length));
    }

    // OpenSSL's writes have run together in the BIO. A record never exceeds the MTU; as many as fit share a datagram (RFC 6347 §4.1.1).
    private bool Enqueue(ReadOnlySpan<byte> records)
    {
        var ok = true;
        while (!records.IsEmpty)
        {
            var length = 0;
            while (DtlsRecord.TryParse(records[length..], out var record) && (length == 0 || length + record.Length <= _options.Mtu))
            {
                length += record.Length;
            }

            if (length == 0 || !_output.TryEnqueue(records[..length]))
            {
                _counters.Add(DtlsDropReason.SendQueueFull);
                ok = false;
            }
            else
            {
                _counters.DatagramsQueued++;
            }

            records = length == 0 ? default : records[length..];
        }

        return ok;
    }
}
