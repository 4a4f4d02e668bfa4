using System.Buffers.Binary;
using Crosspoint.Fuzz.Engine;

// Targets keep scratch buffers, and processor time is the whole process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Crosspoint.Fuzz.Tests;

/// <summary>The fuzzer finds what it is there to find: planted bugs, from fixed seeds.</summary>
public sealed class OracleTests
{
    private static readonly byte[] Seed = [0x80, 0x60, 0, 8, 1, 2, 3, 4, 5, 6];

    [Fact]
    public void A_parser_that_trusts_a_length_field_is_found_and_its_input_made_small()
    {
        FuzzFinding finding = Assert.Single(Fuzz(TrustsLength, 20_000));
        Assert.Equal(FuzzProblemKind.Threw, finding.Problem.Kind);
        Assert.StartsWith("ArgumentOutOfRangeException in Crosspoint.Fuzz.Tests.OracleTests.TrustsLength", finding.Problem.Key, StringComparison.Ordinal);
        Assert.InRange(finding.Input.Length, 4, 5);
        Assert.True(finding.Times > 1);
    }

    [Fact]
    public void A_parser_that_allocates_what_it_is_told_to_is_found()
    {
        FuzzFinding finding = Assert.Single(Fuzz(AllocatesAnnounced, 50_000));
        Assert.Equal(FuzzProblemKind.Allocated, finding.Problem.Kind);
    }

    [Fact]
    public void A_parser_that_never_seems_to_end_is_found()
    {
        FuzzFinding finding = Assert.Single(Fuzz(SpinsForLong, 300));
        Assert.Equal(FuzzProblemKind.TookTooLong, finding.Problem.Kind);
    }

    [Fact]
    public void A_bug_behind_several_gates_is_reached_by_keeping_what_went_a_new_way()
    {
        FuzzFinding finding = Assert.Single(Fuzz(Gates, 400_000));
        Assert.Equal(FuzzProblemKind.Threw, finding.Problem.Kind);
        Assert.Equal(4, finding.Input.Length);
    }

    [Fact]
    public void A_parser_without_a_bug_is_left_in_peace() => Assert.Empty(Fuzz(Harmless, 50_000));

    [Fact]
    public void The_same_seed_does_the_same_and_another_does_not()
    {
        (int, int) One(int seed)
        {
            var fuzzer = new Fuzzer(new FuzzTarget("planted", Harmless, () => []), seed, [Seed]);
            fuzzer.RunTimes(5_000);
            return (fuzzer.Entries, fuzzer.Signatures);
        }

        Assert.Equal(One(7), One(7));
        var left = new Mutator(FuzzRandom.For("x", 1), 100, []);
        var right = new Mutator(FuzzRandom.For("x", 1), 100, []);
        var other = new Mutator(FuzzRandom.For("x", 2), 100, []);
        bool differs = false;
        for (int i = 0; i < 1000; i++)
        {
            byte[] expected = left.Mutate(Seed, Seed).ToArray();
            Assert.Equal(expected, right.Mutate(Seed, Seed).ToArray());
            differs |= !expected.AsSpan().SequenceEqual(other.Mutate(Seed, Seed));
        }

        Assert.True(differs);
    }

    [Fact]
    public void Allocation_of_the_scaffolding_is_not_held_against_the_input()
    {
        var target = new FuzzTarget("planted", _ =>
        {
            using (Exempt.Begin())
            {
                GC.KeepAlive(new byte[1 << 20]);
            }

            return 0;
        }, () => []);
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(Oracle.Check(target, [1], out _));
        }
    }

    [Fact]
    public void Mutants_stay_within_their_bounds()
    {
        var mutator = new Mutator(FuzzRandom.For("bounds", 3), 12, [[1, 2, 3]]);
        byte[] current = [];
        for (int i = 0; i < 50_000; i++)
        {
            current = mutator.Mutate(i % 100 == 0 ? [] : current, Seed).ToArray();
            Assert.InRange(current.Length, 0, 12);
        }
    }

    private static IReadOnlyCollection<FuzzFinding> Fuzz(FuzzRun run, int times)
    {
        var reported = new List<FuzzFinding>();
        var fuzzer = new Fuzzer(new FuzzTarget("planted", run, () => []), 1, [Seed], reported.Add);
        fuzzer.RunTimes(times);
        Assert.Equal(fuzzer.Findings, reported);
        return fuzzer.Findings;
    }

    private static int TrustsLength(ReadOnlySpan<byte> input) =>
        input.Length < 4 ? 0 : input.Slice(4, BinaryPrimitives.ReadUInt16BigEndian(input[2..]) & 0x1F).Length > 3 ? 1 : 2;

    private static int AllocatesAnnounced(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 4)
        {
            GC.KeepAlive(new uint[BinaryPrimitives.ReadUInt16BigEndian(input[2..])]);
        }

        return input.Length;
    }

    private static int SpinsForLong(ReadOnlySpan<byte> input)
    {
        // Processor time, as the oracle counts it: the clock on the wall also runs while others work.
        TimeSpan end = Environment.CpuUsage.TotalTime + TimeSpan.FromMilliseconds(150);
        while (input.Length > 4 && input[2] == 0xFF && Environment.CpuUsage.TotalTime < end)
        {
            Thread.SpinWait(100);
        }

        return 0;
    }

    private static int Gates(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> secret = [0x13, 0x57, 0x9B, 0xDF];
        int open = 0;
        while (open < input.Length && open < secret.Length && input[open] == secret[open])
        {
            open++;
        }

        return open == secret.Length ? throw new InvalidOperationException("A planted bug.") : open;
    }

    private static int Harmless(ReadOnlySpan<byte> input) => input.Length > 3 ? input[3] & 7 : 0;
}
