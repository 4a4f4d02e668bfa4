using System.Buffers.Binary;
using System.Net;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Floor;

/// <summary>
/// The rooms of <c>delay</c> as bare datagrams, for <see cref="BareRelay"/>: each has one that sends a camera's frames and a microphone's packets,
/// and receivers, the first of which is timed. Their thread looks and sends every half millisecond, as the load engine does.
/// </summary>
/// <remarks><see cref="Received"/> is for any thread; <see cref="Stop"/> ends it.</remarks>
internal sealed class BareRooms : IDisposable
{
    // A keyframe every ten seconds, five times as long, as the load's camera makes them.
    private const int FramesToKeyFrame = 300;
    private const int KeyFrameFactor = 5;
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(500);

    private readonly int _fan;
    private readonly LegSocket[] _receivers;
    private readonly LegSocket _sending;
    private readonly Epoll _epoll = new();
    private readonly Flow[] _flows;
    private readonly DelayProbe _probe = new() { IsOn = true };
    private readonly BareMessages _outgoing = new();
    private readonly BareMessages _incoming = new();
    private Thread? _thread;
    private SocketAddressStorage _relay;
    private volatile bool _isKept;
    private volatile bool _stopping;
    private long _received;

    /// <param name="address">Where its sockets are bound.</param>
    /// <param name="rooms">How many rooms.</param>
    /// <param name="fan">Receivers of each.</param>
    /// <param name="seed">Of the phases.</param>
    public BareRooms(IPAddress address, int rooms, int fan, int seed)
    {
        _fan = fan;
        _sending = new LegSocket(address, isTimestamped: false);
        _receivers = [.. Enumerable.Range(0, rooms * fan).Select(i => new LegSocket(address, IsProbe(i)))];
        Random random = new(seed);
        _flows = [.. Enumerable.Range(0, rooms).SelectMany(room => BarePattern.Of("call").Select(stream => new Flow(room, stream, random)))];
        for (int i = 0; i < _receivers.Length; i++)
        {
            _epoll.Add(_receivers[i].Descriptor, i);
        }
    }

    /// <summary>The receivers' ports, room by room.</summary>
    public IEnumerable<int> Ports => _receivers.Select(receiver => (int)receiver.LocalAddress.Port);

    /// <summary>Datagrams so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Whether delays are kept.</summary>
    public bool IsKept
    {
        get => _isKept;
        set => _isKept = value;
    }

    /// <summary>The room a datagram belongs to.</summary>
    public static int RoomOf(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadInt32BigEndian(datagram);

    /// <summary>Begins to send.</summary>
    public void Start(in TransportAddress relay)
    {
        LinuxAddress.Write(ref _relay, relay, ipv4Socket: true);
        _thread = new Thread(Run) { Name = "bare-rooms", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Sends no more, and tells what was kept, in ms.</summary>
    public float[] Stop()
    {
        _stopping = true;
        _thread?.Join();
        return _probe.Take();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _epoll.Dispose();
        _sending.Dispose();
        foreach (LegSocket receiver in _receivers)
        {
            receiver.Dispose();
        }
    }

    private bool IsProbe(int receiver) => receiver % _fan == 0;

    private void Run()
    {
        Punctuality.Ask();
        LoadClock clock = new();
        using Epoll sleep = new();
        Instant next = clock.Now;
        while (!_stopping)
        {
            if (next > clock.Now)
            {
                sleep.Wait(next - clock.Now);
            }

            next = clock.Now + Tick;
            ReceiveAll();
            Instant now = clock.Now;
            foreach (Flow flow in _flows)
            {
                while (flow.Due <= now)
                {
                    Send(flow);
                }
            }
        }
    }

    private void Send(Flow flow)
    {
        int count = flow.Next();
        for (int i = 0; i < count; i++)
        {
            Span<byte> datagram = _outgoing.ToSend(i, flow.Stream.Bytes, _relay);
            BinaryPrimitives.WriteInt32BigEndian(datagram, flow.Room);
            _probe.Stamp(i, datagram);
        }

        _probe.NoteSent(count);
        for (int sent = 0; sent < count;)
        {
            int moved = _outgoing.Send(_sending, sent, count);
            sent += moved;
            if (moved == 0)
            {
                ReceiveAll();
            }
        }
    }

    private void ReceiveAll()
    {
        for (int ready = Epoll.MaxEvents; ready == Epoll.MaxEvents;)
        {
            ready = _epoll.Wait(TimeSpan.Zero);
            for (int i = 0; i < ready; i++)
            {
                Receive(_epoll.Key(i));
            }
        }
    }

    private void Receive(int receiver)
    {
        if (receiver < 0)
        {
            return;
        }

        int count = _incoming.Receive(_receivers[receiver], IsProbe(receiver));
        Interlocked.Add(ref _received, count);
        for (int i = 0; i < count && _isKept && IsProbe(receiver); i++)
        {
            _probe.NoteReceived(_incoming.Received(i), _incoming.ReceivedAt(i));
        }
    }

    private sealed class Flow(int room, BareStream stream, Random random)
    {
        private int _frame = random.Next(FramesToKeyFrame);

        public int Room => room;

        public BareStream Stream => stream;

        public Instant Due { get; private set; } = Instant.Zero + (stream.Every * random.NextDouble());

        /// <summary>How many datagrams are due now.</summary>
        public int Next()
        {
            Due += stream.Every;
            bool isKeyFrame = stream.Datagrams > 1 && ++_frame % FramesToKeyFrame == 0;
            return isKeyFrame ? stream.Datagrams * KeyFrameFactor : stream.Datagrams;
        }
    }
}
