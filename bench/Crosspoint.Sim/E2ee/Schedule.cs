using Crosspoint.Calls.Encryption;

namespace Crosspoint.Sim.E2ee;

/// <summary>One random schedule: some devices come, go, lose their sockets and their messages, misbehave; then it is quiet, and whoever behaves must be in.</summary>
internal static class Schedule
{
    private const int Steps = 40;
    private const long QuietMs = 100_000;

    private static readonly EncryptionOptions Options = new();

    public static ScheduleResult Run(ulong seed, EncryptionOptions? options = null)
    {
        ModelDice dice = new(seed);
        NetworkShape network = new(1 + dice.Next(60), 1 + dice.Next(dice.Chance(20) ? 900 : 120), dice.Chance(50) ? 0 : dice.Next(15), dice.Chance(50) ? 0 : dice.Next(15), 5 + dice.Next(60), dice.Next(30));
        ModelRoom room = new(dice, options ?? Options, network);
        int count = 2 + dice.Next(5);
        for (int index = 0; index < count; index++)
        {
            room.AddClient(ConductOf(dice));
        }

        for (int step = 0; step < Steps; step++)
        {
            room.RunUntil(room.NowMs + dice.Next(dice.Chance(10) ? 6000 : 400));
            Act(room, dice);
            Packets(room, dice);
        }

        Quieten(room);
        return new(room.Oracle.Violations, room.Oracle.PacketsLeaked, room.CommitMs, room.Actor.Epoch);
    }

    private static Conduct ConductOf(ModelDice dice) => dice.Next(20) switch
    {
        0 => Conduct.Dead,
        1 or 2 => Conduct.Slow,
        3 => Conduct.Forger,
        4 => Conduct.Breaker,
        _ => Conduct.Good,
    };

    private static void Act(ModelRoom room, ModelDice dice)
    {
        ModelClient client = room.Clients[dice.Next(room.Clients.Count)];
        switch (dice.Next(20))
        {
            case < 7:
                room.Join(client);
                break;
            case 7 or 8:
                room.Leave(client, isKicked: false);
                break;
            case 9:
                room.Leave(client, isKicked: dice.Chance(50));
                break;
            case 10 or 11:
                room.Drop(client);
                break;
            case 12 or 13:
                room.Reconnect(client);
                break;
            case 14:
                room.Request(client);
                break;
            case 15:
                Reload(room, client, dice);
                break;
            case 16 when dice.Chance(20):
                room.Restart();
                break;
            case 17:
                room.Haunt(client);
                break;
            case 18 when dice.Chance(30):
                room.Fork(client);
                break;
            default:
                room.Intend(client);
                client.Tick(room.NowMs);
                break;
        }
    }

    // The page is loaded again: a new session of the same device without its keys, and now and then with another identity.
    private static void Reload(ModelRoom room, ModelClient client, ModelDice dice)
    {
        if (!client.IsIn)
        {
            return;
        }

        room.Leave(client, isKicked: false);
        client.LoseState();
        if (dice.Chance(20))
        {
            client.Key = [(byte)client.Index, (byte)(client.Key[1] + 1)];
        }

        room.Join(client);
    }

    private static void Packets(ModelRoom room, ModelDice dice)
    {
        for (int packet = 0; packet < 3; packet++)
        {
            room.Packet(room.Clients[dice.Next(room.Clients.Count)], room.Clients[dice.Next(room.Clients.Count)]);
        }
    }

    // Nothing is lost any more. However slow or hostile some are, those who behave have the current epoch before long.
    private static void Quieten(ModelRoom room)
    {
        room.IsQuiet = true;
        foreach (ModelClient client in room.Clients)
        {
            room.Reconnect(client);
            if (client.Conduct == Conduct.Good)
            {
                room.Join(client);
            }
        }

        long end = room.NowMs + QuietMs;
        while (room.NowMs < end)
        {
            room.RunUntil(room.NowMs + 1000);
            foreach (ModelClient client in room.Clients)
            {
                client.Tick(room.NowMs);
                room.Intend(client);
            }

            if (AreIn(room))
            {
                return;
            }
        }

        foreach (ModelClient client in room.Clients)
        {
            if (client is { Conduct: Conduct.Good, IsIn: true } && !room.Actor.Admits(client.Device))
            {
                room.Oracle.Broken($"{client.Device} is kept out");
            }
        }
    }

    private static bool AreIn(ModelRoom room)
    {
        foreach (ModelClient client in room.Clients)
        {
            if (client is { Conduct: Conduct.Good, IsIn: true } && !room.Actor.Admits(client.Device))
            {
                return false;
            }
        }

        return room.Actor.IsActive || room.Clients.All(client => client is not { Conduct: Conduct.Good, IsIn: true });
    }
}

/// <summary>What a schedule showed.</summary>
internal sealed record ScheduleResult(IReadOnlyList<string> Violations, int PacketsLeaked, IReadOnlyList<int> CommitMs, long Epoch);
