using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Workers;

namespace Crosspoint.Cli.Impair;

/// <summary>
/// A UDP proxy that runs a virtual link in real time between each client and the server, each way. Sockets, links and clients belong to
/// one thread; others reach it through <see cref="Ask"/>.
/// </summary>
internal sealed class ImpairProxy : IDisposable
{
    // Longer than this it does not sleep, so that it notices orders and its own end.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(20);
    private const int MaxPerTurn = 256;

    private const int DatagramLength = 65_536;

    private readonly ImpairOptions _options;
    private readonly Socket _listen;
    private readonly MonotonicClock _clock = new();
    private readonly ConcurrentQueue<(ImpairOrder Order, TaskCompletionSource<string> Answer)> _orders = new();
    private readonly Dictionary<IPEndPoint, ImpairedClient> _clients = [];
    private readonly List<string> _gone = [];
    private readonly byte[] _buffer = new byte[DatagramLength];

    private LinkPlan _up;
    private LinkPlan _down;
    private int _lastNumber;
    private long _refused;

    public ImpairProxy(ImpairOptions options)
    {
        _options = options;
        _up = options.Up;
        _down = options.Down;
        _listen = new Socket(options.Listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _listen.Bind(options.Listen);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listen.LocalEndPoint!;

    /// <summary>Has an order carried out between two packets; any thread. The answer is a line or several.</summary>
    public Task<string> Ask(ImpairOrder order)
    {
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Enqueue((order, answer));
        return answer.Task;
    }

    /// <summary>Forwards until it is told to stop.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Instant now = _clock.Now;
            CarryOut(now);
            Instant next = Deliver(now);
            Sleep(next);
            ReceiveFromClients();
            ReceiveFromServer();
            Forget(_clock.Now);
        }

        while (_orders.TryDequeue(out (ImpairOrder Order, TaskCompletionSource<string> Answer) late))
        {
            late.Answer.TrySetResult("stopped");
        }
    }

    /// <summary>What every client's links did; after <see cref="Run"/>, or by an order.</summary>
    public IReadOnlyList<string> Report()
    {
        List<string> lines = [.. _gone, .. _clients.Values.OrderBy(client => client.Number).SelectMany(client => client.Describe())];
        if (_refused > 0)
        {
            lines.Add($"{_refused} packets of clients beyond the {_options.MaxClients}th were ignored");
        }

        return lines;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listen.Dispose();
        foreach (ImpairedClient client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private void CarryOut(Instant now)
    {
        while (_orders.TryDequeue(out (ImpairOrder Order, TaskCompletionSource<string> Answer) asked))
        {
            asked.Answer.TrySetResult(CarryOut(now, asked.Order));
        }
    }

    private string CarryOut(Instant now, ImpairOrder order)
    {
        if (order.IsReport)
        {
            return string.Join('\n', Report().Prepend($"{_clients.Count} clients"));
        }

        if (order.Client is null)
        {
            _up = order.Up ?? _up;
            _down = order.Down ?? _down;
        }

        ImpairedClient[] meant = [.. _clients.Values.Where(client => order.Client is null || client.Number == order.Client)];
        foreach (ImpairedClient client in meant)
        {
            client.Change(now, order.Up, order.Down);
        }

        return order.Client is not null && meant.Length == 0 ? $"error: no client {order.Client}" : "ok";
    }

    private Instant Deliver(Instant now)
    {
        Instant next = Instant.Never;
        foreach (ImpairedClient client in _clients.Values)
        {
            while (client.Up.TryDequeue(now, out byte[] datagram))
            {
                Send(client.Server, datagram, _options.To);
            }

            while (client.Down.TryDequeue(now, out byte[] datagram))
            {
                Send(_listen, datagram, client.Address);
            }

            next = Instant.Min(next, client.NextDelivery);
        }

        return next;
    }

    private static void Send(Socket socket, byte[] datagram, IPEndPoint to)
    {
        try
        {
            socket.SendTo(datagram, to);
        }
        catch (SocketException)
        {
            // What the system does not take is lost, as on any network.
        }
    }

    private void Sleep(Instant next)
    {
        TimeSpan wait = next.IsNever ? LongestSleep : next - _clock.Now;
        wait = wait < LongestSleep ? wait : LongestSleep;
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        List<Socket> readable = [_listen, .. _clients.Values.Select(client => client.Server)];
        Socket.Select(readable, null, null, wait);
    }

    // Each packet comes at the time that is read after it: with the time of the turn it would have come before it was sent whenever this process stood
    // still in between, and a way that was short once makes every later packet look late for half a minute.
    private void ReceiveFromClients()
    {
        EndPoint from = new IPEndPoint(_options.Listen.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        for (int i = 0; i < MaxPerTurn && TryReceive(_listen, ref from, out int length); i++)
        {
            if (length >= 0 && FindOrAdd((IPEndPoint)from) is { } client)
            {
                client.TakeFromClient(_clock.Now, _buffer.AsSpan(0, length));
            }
        }
    }

    private void ReceiveFromServer()
    {
        foreach (ImpairedClient client in _clients.Values)
        {
            EndPoint from = _options.To;
            for (int i = 0; i < MaxPerTurn && TryReceive(client.Server, ref from, out int length); i++)
            {
                if (length >= 0)
                {
                    client.TakeFromServer(_clock.Now, _buffer.AsSpan(0, length));
                }
            }
        }
    }

    // False when there is nothing. A length below zero stands for an error: some systems tell that a port is closed by failing the next receive.
    private bool TryReceive(Socket socket, ref EndPoint from, out int length)
    {
        length = -1;
        try
        {
            if (socket.Available == 0 && !socket.Poll(0, SelectMode.SelectRead))
            {
                return false;
            }

            length = socket.ReceiveFrom(_buffer, ref from);
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not SocketError.WouldBlock;
        }
    }

    private ImpairedClient? FindOrAdd(IPEndPoint address)
    {
        if (_clients.TryGetValue(address, out ImpairedClient? client))
        {
            return client;
        }

        if (_clients.Count >= _options.MaxClients)
        {
            _refused++;
            return null;
        }

        client = new ImpairedClient(++_lastNumber, address, _options, _up, _down, _clock.Now);
        _clients.Add(address, client);
        return client;
    }

    private void Forget(Instant now)
    {
        foreach (ImpairedClient client in _clients.Values.Where(client => now - client.LastHeard > _options.ForgetAfter).ToArray())
        {
            if (_gone.Count < 2 * _options.MaxClients)
            {
                _gone.AddRange(client.Describe());
            }

            _clients.Remove(client.Address);
            client.Dispose();
        }
    }
}
