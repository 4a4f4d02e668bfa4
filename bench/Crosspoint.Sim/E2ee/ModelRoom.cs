using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Mls;
using Crosspoint.Primitives;

namespace Crosspoint.Sim.E2ee;

/// <summary>A room of the model: the real actor, devices that behave well and badly, and a network that loses, repeats and reorders between them.</summary>
/// <remarks>One schedule owns it; all time is virtual.</remarks>
internal sealed class ModelRoom : IEncryptionSink
{
    // given to me
    private readonly EncryptionOptions _options;
    private readonly NetworkShape _network;

    // made by me
    private readonly MemoryEpochStore _store = new();
    private readonly PriorityQueue<Action, (long, long)> _events = new();
    private readonly List<ModelClient> _clients = [];

    // state
    private readonly HashSet<string> _forwarded = new(StringComparer.Ordinal);
    private EncryptionActor _actor;
    private long _order;
    private long _groupSecret;
    private long _committedAtMs;
    private int _standing;

    public ModelRoom(ModelDice dice, EncryptionOptions options, NetworkShape network)
    {
        (Dice, _options, _network) = (dice, options, network);
        _actor = NewActor();
    }

    public ModelDice Dice { get; }

    public ModelWire Wire { get; } = new();

    public ModelOracle Oracle { get; } = new();

    public IReadOnlyList<ModelClient> Clients => _clients;

    public EncryptionActor Actor => _actor;

    public long NowMs { get; private set; }

    public long LastSecret { get; set; }

    /// <summary>From a commit to the switch, in ms.</summary>
    public List<int> CommitMs { get; } = [];

    /// <summary>Bytes that members were sent, if sizes are asked for.</summary>
    public Action<KeyMember, string, int>? OnSent { get; set; }

    /// <summary>Everybody is told of a commit here, before the network.</summary>
    public Action<CommitNotice>? OnCommitted { get; set; }

    /// <summary>While set nothing is lost any more: the end of a schedule.</summary>
    public bool IsQuiet { get; set; }

    public ModelClient AddClient(Conduct conduct)
    {
        ModelClient client = new(this, _clients.Count) { Conduct = conduct };
        _clients.Add(client);
        return client;
    }

    // --- running ---

    public void At(long delayMs, Action what) => _events.Enqueue(what, (NowMs + delayMs, ++_order));

    public void RunUntil(long untilMs)
    {
        while (true)
        {
            long timer = _actor.NextTimeout.IsNever ? long.MaxValue : (_actor.NextTimeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
            bool hasEvent = _events.TryPeek(out _, out (long AtMs, long) first);
            long next = Math.Min(timer, hasEvent ? first.AtMs : long.MaxValue);
            if (next > untilMs)
            {
                NowMs = untilMs;
                return;
            }

            NowMs = Math.Max(NowMs, next);
            if (timer <= next)
            {
                _actor.Advance(Now);
                if (_actor.NextTimeout <= Now && ++_standing > 1000)
                {
                    Oracle.Broken($"the actor's clock stands at {NowMs} ms");
                    (_standing, NowMs) = (0, untilMs);
                    return;
                }
            }
            else
            {
                _standing = 0;
                _events.Dequeue()();
            }

            Oracle.Check(NowMs, _actor, (long)_options.Activate.TotalMilliseconds + 1);
        }
    }

    private Instant Now => Instant.FromMilliseconds(NowMs);

    // --- what devices do ---

    public void Join(ModelClient client)
    {
        if (client.IsIn || client.IsKicked)
        {
            return;
        }

        (client.IsIn, client.IsConnected) = (true, true);
        client.Socket++;
        _actor.Join(Now, client.Device, client.Key, client.Key, client.HasState ? client.Generation : null, client.Epoch);
        Hear(client, static (to, role) => to.OnRole(role), _actor.RoleOf(client.Device));
    }

    public void Leave(ModelClient client, bool isKicked)
    {
        if (!client.IsIn)
        {
            return;
        }

        (client.IsIn, client.IsConnected, client.IsKicked) = (false, false, isKicked);
        client.Socket++;
        Oracle.OnRemovalOrdered(client.Device);
        _actor.Leave(Now, client.Device, isKicked);
    }

    public void Drop(ModelClient client)
    {
        if (client.IsConnected)
        {
            client.IsConnected = false;
            client.Socket++;
            _actor.Detach(Now, client.Device);
        }
    }

    public void Reconnect(ModelClient client)
    {
        if (client is { IsIn: true, IsConnected: false })
        {
            client.IsConnected = true;
            client.Socket++;
            _actor.Attach(Now, client.Device);
            Hear(client, static (to, role) => to.OnRole(role), _actor.RoleOf(client.Device));
        }
    }

    /// <summary>The node dies and comes back: all sockets are gone, and all that was not kept.</summary>
    public void Restart()
    {
        _actor = NewActor();
        Oracle.OnRestart(_actor.Epoch);
        _forwarded.Clear();
        foreach (ModelClient client in _clients)
        {
            client.Socket++;
            (client.IsIn, client.IsConnected) = (false, false);
        }
    }

    /// <summary>A device whose secrets are not the committer's says that it is ready.</summary>
    public void Fork(ModelClient client) => SendReady(client, _actor.Epoch, _groupSecret + 1);

    /// <summary>Somebody who is out says by whatever way remains that it is ready, with the right tag: it kept its socket open, or has an accomplice.</summary>
    public void Haunt(ModelClient client)
    {
        if (!client.IsIn && _actor.Ready(Now, client.Device, _actor.Epoch, ModelWire.Tag(_groupSecret)).IsDone)
        {
            Oracle.Broken($"{client.Device} is out and was ready");
        }
    }

    public void Request(ModelClient client) => _actor.Request(Now, client.Device, client.Epoch);

    /// <summary>A device wants a transport.</summary>
    public void Intend(ModelClient client)
    {
        if (client.IsConnected && !_actor.Admits(client.Device) && client.Conduct != Conduct.Dead)
        {
            client.OnRefused();
        }
    }

    public void Packet(ModelClient from, ModelClient to)
    {
        if (from != to)
        {
            Oracle.OnPacket(NowMs, from.Device, to.Device, _forwarded.Contains(from.Device) && _forwarded.Contains(to.Device), from.SendsWith);
        }
    }

    public void SendCommit(ModelClient client, CommitOffer offer, long secret) => Say(client, _network.ComputeMs, () =>
    {
        Verdict verdict = _actor.Commit(Now, client.Device, offer);
        if (verdict.IsDone && (_actor.Epoch < offer.Epoch || (_actor.Epoch == offer.Epoch && _groupSecret != secret)))
        {
            Oracle.Broken("a commit was acknowledged and did nothing");
        }
    });

    public void SendReady(ModelClient client, long epoch, long secret) => Say(client, _network.ProcessMs, () =>
    {
        Verdict verdict = _actor.Ready(Now, client.Device, epoch, ModelWire.Tag(secret));
        if (verdict.IsDone)
        {
            Oracle.OnBack(client.Device);
            Oracle.OnProved(client.Device, epoch, epoch == _actor.Epoch && secret == _groupSecret);
        }

        Hear(client, static (to, answer) => to.OnReadyAnswer(answer.IsDone, answer.IsForked), (verdict.IsDone, IsForked: verdict.Code == "E2EE_TAG_MISMATCH"));
    });

    public void SendSync(ModelClient client, long generation, long epoch)
    {
        if (client.Conduct != Conduct.Dead)
        {
            Say(client, 0, () =>
            {
                if (_actor.Sync(Now, client.Device, generation, epoch) is { RetryAfter: { } wait })
                {
                    At((long)wait.TotalMilliseconds, () => SendSync(client, 0, 0));
                }
            });
        }
    }

    public void SyncLater(ModelClient client) => SendSync(client, 0, 0);

    public void SendFault(ModelClient client, long epoch) => Say(client, 0, () => _actor.Fault(Now, client.Device, epoch, blamesCommit: true));

    public void SwitchLater(ModelClient client, long epoch, ulong mlsEpoch, TimeSpan after) => At((long)after.TotalMilliseconds, () =>
    {
        _ = mlsEpoch;
        client.OnActive(epoch);
    });

    // --- what the actor says ---

    public void TellRole(KeyMember member, KeyRole role) => Hear(ClientOf(member), static (to, told) => to.OnRole(told), role);

    public void TellLease(Lease lease)
    {
        List<MlsLeaf> leaves = [.. _actor.Members.Where(member => member.Leaf is not null).Select(member => new MlsLeaf((uint)member.Leaf!.Value, member.Identity, member.Key))];
        LeasedGroup group = new(_actor.GroupId.ToArray(), _actor.MlsEpoch ?? 0, _groupSecret, leaves, [.. lease.Removes.Select(removed => (uint)removed.Leaf!.Value)], (uint)(lease.Holder.Leaf ?? 0));
        OnSent?.Invoke(lease.Holder, "lease", lease.Cause.IsExternal() ? leaves.Count : 0);
        Hear(ClientOf(lease.Holder), static (to, told) => to.OnLease(told.lease, told.group), (lease, group));
    }

    public void TellCommit(CommitNotice commit)
    {
        _groupSecret = BitConverter.ToInt64(commit.Commit.Tag);
        _committedAtMs = NowMs;
        Oracle.OnCommitted(NowMs, commit);
        OnCommitted?.Invoke(commit);
        (long generation, long secret) = (_actor.Generation, _groupSecret);
        foreach (KeyMember member in _actor.Members)
        {
            if (member.Leaf is not null && member.Leaving is null && member.IsConnected)
            {
                OnSent?.Invoke(member, "commit", 1);
                Hear(ClientOf(member), static (to, told) => to.OnCommit(told.commit, told.generation, told.secret), (commit, generation, secret));
            }
        }
    }

    public void TellActive(long epoch, int ready, int total, bool forced)
    {
        CommitMs.Add((int)(NowMs - _committedAtMs));
        Oracle.OnActive(NowMs, epoch);
        foreach (KeyMember member in _actor.Members)
        {
            if (member.Leaf is not null && member.Leaving is null && member.IsConnected)
            {
                OnSent?.Invoke(member, "active", 1);
                Hear(ClientOf(member), static (to, told) => to.OnActive(told), epoch);
            }
        }
    }

    public void TellLog(KeyMember member, IReadOnlyList<LoggedCommit> commits, bool isActive)
    {
        long generation = _actor.Generation;
        Hear(ClientOf(member), static (to, told) => to.OnLog(told.commits, told.generation, told.isActive), (commits, generation, isActive));
    }

    public void TellEvicted(KeyMember member, EvictionReason reason, TimeSpan? retryAfter)
    {
        Oracle.OnRemovalOrdered(member.Device);
        Hear(ClientOf(member), static (to, _) => to.OnEvicted(), 0);
    }

    public void SetForwarding(KeyMember member, bool isForwarded)
    {
        if (isForwarded)
        {
            _forwarded.Add(member.Device);
        }
        else
        {
            _forwarded.Remove(member.Device);
        }
    }

    public void SetFrameLeaf(KeyMember member, int leaf)
    {
    }

    public void SetFrameEpochs(ulong current, ulong oldest) => Oracle.OnFrameEpochs(current, oldest);

    public void RequestKeyframes()
    {
    }

    public void Count(KeyEvent what)
    {
        if (what == KeyEvent.Generation)
        {
            Oracle.OnGenerationLost();
        }
    }

    private EncryptionActor NewActor() => new(Now, "room", _options, this, _store, Wire, new byte[] { 1 });

    private ModelClient ClientOf(KeyMember member) => _clients[int.Parse(member.Device.AsSpan(1))];

    // From a device to the server: over its socket, if that still is the same when it arrives.
    private void Say(ModelClient client, int computeMs, Action what)
    {
        int socket = client.Socket;
        if (!client.IsConnected)
        {
            return;
        }

        long late = client.Conduct == Conduct.Slow && !IsQuiet ? 800 + Dice.Next(3000) : 0;
        for (int copy = Copies(); copy > 0; copy--)
        {
            At(late + computeMs + Latency(), () =>
            {
                if (client.Socket == socket)
                {
                    what();
                }
            });
        }
    }

    private void Hear<T>(ModelClient client, Action<ModelClient, T> what, T with)
    {
        int socket = client.Socket;
        for (int copy = Copies(); copy > 0; copy--)
        {
            At(Latency(), () =>
            {
                if (client.Socket == socket && client.IsConnected)
                {
                    what(client, with);
                }
            });
        }
    }

    private int Copies() => IsQuiet || !Dice.Chance(_network.LossPercent + _network.RepeatPercent) ? 1 : Dice.Next(_network.LossPercent + _network.RepeatPercent) < _network.LossPercent ? 0 : 2;

    private long Latency() => _network.OneWayMs + (_network.JitterMs > 0 ? Dice.Next(IsQuiet ? Math.Min(_network.JitterMs, 30) : _network.JitterMs) : 0);
}

/// <summary>What the network between devices and server does to messages, and how long devices compute: to make a commit, to process one.</summary>
internal readonly record struct NetworkShape(int OneWayMs, int JitterMs, int LossPercent, int RepeatPercent, int ComputeMs, int ProcessMs);
