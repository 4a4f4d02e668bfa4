using System.Collections.Concurrent;
using System.Net;
using Crosspoint.Load.Media;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc;

namespace Crosspoint.Load.Engine;

/// <summary>
/// One thread that plays every publisher and subscriber: waits with epoll, receives, keeps ICE and DTLS alive, sends media when it is due.
/// Others talk to it through <see cref="Post"/>.
/// </summary>
/// <remarks>Its thread owns all legs and counters.</remarks>
internal sealed unsafe class LoadEngine : IDisposable
{
    // Sockets are looked at once in a while and not at every packet: several packets a call are what makes the load cheap, and the server
    // does not pay for waking us. The kernel stamps what is timed, so no figure hangs on it.
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(500);
    private const int MaxRounds = 8;
    private static readonly TimeSpan ScanInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // Given to me.
    private readonly IPAddress _address;

    // Made by me.
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);
    private readonly Epoll _epoll = new();
    private readonly Epoll _sleep = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<Leg?> _legs = [];
    private readonly List<Leg> _publishers = [];
    private readonly MediaReceiver _receiver;
    private readonly MediaSender _sender;
    private readonly byte[] _datagram = GC.AllocateArray<byte>(2048, pinned: true);
    private readonly byte[] _report = new byte[2048];
    private readonly Thread _thread;

    // State.
    private volatile bool _stopping;
    private Instant _nextTick;
    private Instant _nextScan;
    private Instant _nextMedia = Instant.Never;
    private LoadCounters _counters;
    private Exception? _fault;

    /// <param name="address">Where its sockets are bound.</param>
    public LoadEngine(IPAddress address)
    {
        _address = address;
        _receiver = new MediaReceiver(this);
        _sender = new MediaSender(this);
        _thread = new Thread(Run) { Name = "load-engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Its time.</summary>
    public LoadClock Clock { get; } = new();

    /// <summary>Delays of probe legs.</summary>
    public DelayProbe Probe { get; } = new();

    /// <summary>A new leg, not yet connected.</summary>
    public Leg Open(LegOptions options)
    {
        Leg leg = new(this, new LegSocket(_address, options.IsProbe || options.AnswersTransportWide), _identity, options);
        Post(() => Register(leg));
        return leg;
    }

    /// <summary>Says goodbye and closes a leg.</summary>
    public void Close(Leg leg) => Post(() => Unregister(leg));

    /// <summary>Begins to send tracks on a connected leg.</summary>
    public void Publish(Leg leg, IReadOnlyList<TrackSource> tracks) => Post(() =>
    {
        Instant now = Clock.Now;
        foreach (TrackSource track in tracks)
        {
            track.Begin(now);
        }

        leg.Tracks.AddRange(tracks);
        _publishers.Add(leg);
        _nextMedia = now;
    });

    /// <summary>Changes the bitrate of everything a leg sends.</summary>
    public void SetBitrate(Leg leg, double bitsPerSecond) => Post(() => leg.Tracks.ForEach(track => track.SetBitrate(bitsPerSecond)));

    /// <summary>Sends no more on a leg.</summary>
    public void StopPublishing(Leg leg) => Post(() =>
    {
        leg.Tracks.Clear();
        _publishers.Remove(leg);
    });

    /// <summary>Runs something on the engine's thread.</summary>
    public void Post(Action command)
    {
        _commands.Enqueue(command);
        _sleep.Wake();
    }

    /// <summary>Runs something on the engine's thread and returns its answer.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(question()));
        if (_fault is { } fault)
        {
            answer.TrySetException(fault);
        }

        return answer.Task;
    }

    /// <summary>The counters now.</summary>
    public Task<LoadCounters> SnapshotAsync() => AskAsync(Snapshot);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _sleep.Wake();
        _thread.Join();
        foreach (Leg leg in _legs.OfType<Leg>())
        {
            leg.Session.Dispose();
            leg.Socket.Dispose();
        }

        _epoll.Dispose();
        _sleep.Dispose();
        _identity.Dispose();
    }

    /// <summary>Drains what a change of a leg's session caused. Engine's thread.</summary>
    internal void Pump(Leg leg, Instant now)
    {
        while (leg.Session.TryDequeue(out PeerEvent peerEvent))
        {
            if (peerEvent.Kind == PeerEventKind.StateChanged && peerEvent.State == PeerState.Connected)
            {
                leg.MarkConnected(now);
                leg.NextReport = now + (ReportInterval * Random.Shared.NextDouble());
            }
            else if (peerEvent.Kind == PeerEventKind.StateChanged && peerEvent.State == PeerState.Failed)
            {
                leg.MarkFailed(peerEvent.Reason.ToString());
            }
        }

        while (leg.Session.TryTransmit(now, _datagram, out Rtc.Transmit transmit))
        {
            Send(leg, transmit.Remote, transmit.Length);
        }
    }

    private void Run()
    {
        Punctuality.Ask();
        try
        {
            while (!_stopping)
            {
                Turn();
            }
        }
        catch (Exception exception)
        {
            _fault = exception;
            Console.Error.WriteLine($"error: the load engine died: {exception}");
        }
    }

    private void Turn()
    {
        Instant now = Clock.Now;
        if (_nextTick > now && _sleep.Wait(_nextTick - now) > 0)
        {
            _sleep.ClearWake();
        }

        RunCommands();
        now = Clock.Now;
        if (now < _nextTick)
        {
            return; // woken for a command: the tick is still to come
        }

        _nextTick = now + Tick;
        ReceiveAll();
        now = Clock.Now;
        SendMedia(now);
        if (_nextScan <= now)
        {
            _nextScan = now + ScanInterval;
            Scan(now);
        }
    }

    // The list of the ready is finite, or a server faster than us would keep us from sending.
    internal void ReceiveAll()
    {
        Instant now = Clock.Now;
        for (int round = 0; round < MaxRounds; round++)
        {
            int ready = _epoll.Wait(TimeSpan.Zero);
            for (int i = 0; i < ready; i++)
            {
                if (_legs[_epoll.Key(i)] is { } leg)
                {
                    _receiver.Receive(leg, now, ref _counters);
                }
            }

            if (ready < Epoll.MaxEvents)
            {
                return;
            }
        }
    }

    private void RunCommands()
    {
        while (_commands.TryDequeue(out Action? command))
        {
            command();
        }
    }

    private void SendMedia(Instant now)
    {
        if (_nextMedia > now)
        {
            return;
        }

        Instant next = Instant.Never;
        foreach (Leg leg in _publishers)
        {
            next = Instant.Min(next, _sender.Send(leg, now, ref _counters));
        }

        _nextMedia = next;
    }

    private void Scan(Instant now)
    {
        foreach (Leg? leg in _legs)
        {
            if (leg is null)
            {
                continue;
            }

            if (leg.Session.NextTimeout <= now)
            {
                leg.Session.HandleTimeout(now);
                Pump(leg, now);
            }

            if (leg.IsConnected && leg.Feedback?.NextTimeout <= now)
            {
                SendFeedback(leg, leg.Feedback, now);
            }

            if (leg.IsConnected && leg.NextReport <= now)
            {
                leg.NextReport += ReportInterval;
                SendReport(leg, now);
            }
        }
    }

    private void SendReport(Leg leg, Instant now)
    {
        SendRtcp(leg, Reports.Write(leg, now, Clock.Ntp, _report));
    }

    private void SendFeedback(Leg leg, TransportFeedbackGenerator feedback, Instant now)
    {
        RtcpWriter writer = new(_report);
        if (feedback.TryWrite(now, ref writer, new Ssrc(1), new Ssrc(2)))
        {
            SendRtcp(leg, writer.Length);
        }
    }

    private void SendRtcp(Leg leg, int plain)
    {
        int length = plain == 0 ? 0 : leg.Session.ProtectRtcp(_report.AsSpan(0, plain), _datagram);
        if (length > 0 && leg.Session.TryGetPath(out _, out TransportAddress remote))
        {
            Send(leg, remote, length);
        }
    }

    private void Send(Leg leg, in TransportAddress remote, int length)
    {
        SocketAddressStorage address = default;
        uint addressLength = LinuxAddress.Write(ref address, remote, ipv4Socket: true);
        fixed (byte* datagram = _datagram)
        {
            LoadNative.SendTo(leg.Socket.Descriptor, datagram, (nuint)length, LinuxNative.NoSignal | LinuxNative.DoNotWait, &address, addressLength);
        }
    }

    private void Register(Leg leg)
    {
        int free = _legs.IndexOf(null);
        leg.Key = free >= 0 ? free : _legs.Count;
        if (free >= 0)
        {
            _legs[free] = leg;
        }
        else
        {
            _legs.Add(leg);
        }

        _epoll.Add(leg.Socket.Descriptor, leg.Key);
    }

    private void Unregister(Leg leg)
    {
        if (leg.Key < 0)
        {
            return;
        }

        _publishers.Remove(leg);
        leg.AddTo(ref _counters, isClosed: true);
        leg.Session.Close(Clock.Now);
        Pump(leg, Clock.Now);
        _epoll.Remove(leg.Socket.Descriptor);
        _legs[leg.Key] = null;
        leg.Key = -2;
        leg.Session.Dispose();
        leg.Socket.Dispose();
    }

    private LoadCounters Snapshot()
    {
        LoadCounters snapshot = _counters;
        _counters.SendLateMs = 0;
        foreach (Leg? leg in _legs)
        {
            leg?.AddTo(ref snapshot);
        }

        return snapshot;
    }
}
