using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Rtc.Tests.Ice;

public class IceValuesTests
{
    [Theory]
    [InlineData(IceCandidateType.Host, 65535, 2130706431u)]
    [InlineData(IceCandidateType.ServerReflexive, 65535, 1694498815u)]
    [InlineData(IceCandidateType.PeerReflexive, 65535, 1862270975u)]
    [InlineData(IceCandidateType.Relayed, 65535, 16777215u)]
    public void Priorities_follow_the_formula(IceCandidateType type, int localPreference, uint expected) =>
        Assert.Equal(expected, IcePriority.Of(type, IceTcpType.None, (ushort)localPreference, 1));

    [Fact]
    public void Tcp_comes_after_udp_and_active_before_passive()
    {
        uint udp = IcePriority.Of(IceCandidateType.Host, IceTcpType.None, 0, 1);
        uint active = IcePriority.Of(IceCandidateType.Host, IceTcpType.Active, 65535, 1);
        uint passive = IcePriority.Of(IceCandidateType.Host, IceTcpType.Passive, 65535, 1);
        Assert.True(udp > active && active > passive);
    }

    [Fact]
    public void A_pair_has_one_order_seen_from_both_sides()
    {
        Assert.Equal((100UL << 32) + 400 + 1, IcePriority.OfPair(200, 100));
        Assert.Equal((100UL << 32) + 400, IcePriority.OfPair(100, 200));
    }

    [Fact]
    public void Foundations_tell_types_ips_and_protocols_apart_but_not_ports()
    {
        TransportAddress a = TransportAddress.FromIPv4(1, 1000);
        string foundation = IceFoundation.Of(IceCandidateType.Host, a);
        Assert.Equal(foundation, IceFoundation.Of(IceCandidateType.Host, a with { Port = 2000 }));
        Assert.NotEqual(foundation, IceFoundation.Of(IceCandidateType.Relayed, a));
        Assert.NotEqual(foundation, IceFoundation.Of(IceCandidateType.Host, TransportAddress.FromIPv4(2, 1000)));
        Assert.NotEqual(foundation, IceFoundation.Of(IceCandidateType.Host, a with { Protocol = TransportProtocol.Tcp }));
    }

    [Fact]
    public void Own_credentials_are_long_enough_random_and_hide_the_password()
    {
        var random = new SeededRandomSource(1);
        IceCredentials first = IceCredentials.Create(random);
        IceCredentials second = IceCredentials.Create(random);
        Assert.NotEqual(first.UsernameFragment, second.UsernameFragment);
        Assert.NotEqual(first.Password, second.Password);
        Assert.True(IceCredentials.TryCreate(first.UsernameFragment, first.Password, out _));
        Assert.Contains(first.UsernameFragment, first.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(first.Password, first.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc", "0123456789012345678901")]
    [InlineData("abcd", "012345678901234567890")]
    [InlineData("ab:d", "0123456789012345678901")]
    [InlineData("abcd", "0123456789012345678 01")]
    [InlineData(null, "0123456789012345678901")]
    [InlineData("abcd", null)]
    public void Bad_credentials_are_refused(string? ufrag, string? password) => Assert.False(IceCredentials.TryCreate(ufrag, password, out _));

    [Fact]
    public void Agent_states_move_only_along_the_table()
    {
        (IceState From, IceState To)[] allowed =
        [
            (IceState.New, IceState.Checking), (IceState.New, IceState.Connected), (IceState.New, IceState.Failed), (IceState.New, IceState.Closed),
            (IceState.Checking, IceState.Connected), (IceState.Checking, IceState.Failed), (IceState.Checking, IceState.Closed),
            (IceState.Connected, IceState.Checking), (IceState.Connected, IceState.Disconnected), (IceState.Connected, IceState.Failed), (IceState.Connected, IceState.Closed),
            (IceState.Disconnected, IceState.Checking), (IceState.Disconnected, IceState.Connected), (IceState.Disconnected, IceState.Failed), (IceState.Disconnected, IceState.Closed),
            (IceState.Failed, IceState.Checking), (IceState.Failed, IceState.Closed),
        ];
        Walk(allowed, IceStateTransitions.IsAllowed);
    }

    [Fact]
    public void Pair_states_move_only_along_the_table()
    {
        const IceCandidatePairState Frozen = IceCandidatePairState.Frozen, Waiting = IceCandidatePairState.Waiting, InProgress = IceCandidatePairState.InProgress;
        const IceCandidatePairState Succeeded = IceCandidatePairState.Succeeded, Failed = IceCandidatePairState.Failed;
        (IceCandidatePairState From, IceCandidatePairState To)[] allowed =
        [
            (Frozen, Waiting), (Frozen, Failed), (Frozen, Succeeded), (Waiting, InProgress), (Waiting, Failed), (Waiting, Succeeded),
            (InProgress, Succeeded), (InProgress, Failed), (InProgress, Waiting), (Succeeded, Waiting), (Succeeded, Failed), (Failed, Waiting), (Failed, Succeeded),
        ];
        Walk(allowed, IceCandidatePairTransitions.IsAllowed);
    }

    private static void Walk<T>((T From, T To)[] allowed, Func<T, T, bool> isAllowed)
        where T : struct, Enum
    {
        foreach (T from in Enum.GetValues<T>())
        {
            foreach (T to in Enum.GetValues<T>())
            {
                Assert.True(allowed.Contains((from, to)) == isAllowed(from, to), $"{from} → {to}");
            }
        }
    }
}
