using Crosspoint.Calls.Encryption;

namespace Crosspoint.Sim.E2ee;

/// <summary>A large room on virtual time: how long an epoch takes to reach everybody, what it costs them, and how fast a crowd comes in.</summary>
/// <remarks>Computing takes what MLS was measured to take in browsers (docs/protocol/e2ee.md); sizes are those measured at that number of members.</remarks>
internal static class ScaleRun
{
    // A commit of a member with new keys at 200 members, cold; one from outside; GroupInfo with the tree; REKEY_ACTIVE, E2EE_READY and its ACK.
    private const int MemberCommitBytes = 4_616;
    private const int ExternalCommitBytes = 1_040;
    private const int GroupInfoBytesPerLeaf = 226;
    private const int SmallBytes = 180;

    public static ScaleResult Run(int members, int joiners, int rttMs, int computeMs, int processMs, ulong seed)
    {
        ModelDice dice = new(seed);
        ModelRoom room = new(dice, new EncryptionOptions(), new NetworkShape(rttMs / 2, 5, 0, 0, computeMs, processMs));
        long bytes = 0;
        room.OnSent = (_, what, leaves) => bytes += what switch
        {
            "commit" => (room.Clients.Count == members ? MemberCommitBytes : ExternalCommitBytes) * 4 / 3,
            "lease" => (leaves * GroupInfoBytesPerLeaf * 4 / 3) + SmallBytes,
            _ => SmallBytes,
        };
        for (int index = 0; index < members; index++)
        {
            room.Join(room.AddClient(Conduct.Good));
            room.RunUntil(room.NowMs + 400);
        }

        Settle(room);
        bytes = 0;
        List<int> applied = [];
        for (int rekey = 0; rekey < 50; rekey++)
        {
            long epoch = room.Actor.Epoch;
            room.Request(room.Clients[rekey % members]);
            Until(room, () => room.Actor.Epoch > epoch);
            long committedAt = room.NowMs;
            Until(room, () => room.Actor.Members.All(member => room.Actor.Admits(member.Device)));
            applied.Add((int)(room.NowMs - committedAt));
            room.RunUntil(room.NowMs + 300);
        }

        double bytesPerMember = bytes / 50.0 / members;
        long beganAt = room.NowMs;
        ModelClient[] crowd = [.. Enumerable.Range(0, joiners).Select(_ => room.AddClient(Conduct.Good))];
        foreach (ModelClient joiner in crowd)
        {
            room.Join(joiner);
        }

        Until(room, () => crowd.All(joiner => room.Actor.Admits(joiner.Device)));
        applied.Sort();
        return new(members, joiners, applied[(int)Math.Ceiling(applied.Count * 0.95) - 1], bytesPerMember, (int)(room.NowMs - beganAt), room.Oracle.Violations);
    }

    private static void Settle(ModelRoom room) => Until(room, () => room.Actor.IsActive && room.Actor.Members.All(member => room.Actor.Admits(member.Device)));

    private static void Until(ModelRoom room, Func<bool> isSo)
    {
        long end = room.NowMs + 120_000;
        while (!isSo() && room.NowMs < end)
        {
            room.RunUntil(room.NowMs + 1);
        }
    }
}

/// <summary>What a large room showed.</summary>
internal sealed record ScaleResult(int Members, int Joiners, int AppliedP95Ms, double BytesPerMember, int JoinedMs, IReadOnlyList<string> Violations);
