using System.Net;
using System.Net.Sockets;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

public sealed class SourceChoiceTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetworkV6, "127.0.0.1", "127.0.0.1", true)]
    [InlineData(AddressFamily.InterNetworkV6, "127.0.0.7", "127.0.0.1", true)]
    [InlineData(AddressFamily.InterNetworkV6, "127.0.0.1", "127.0.0.2", false)]
    [InlineData(AddressFamily.InterNetworkV6, "::1", "::1", true)]
    [InlineData(AddressFamily.InterNetworkV6, "::1", "::2", false)]
    [InlineData(AddressFamily.InterNetworkV6, "255.255.255.255", "127.0.0.1", false)]
    [InlineData(AddressFamily.InterNetwork, "127.0.0.1", "127.0.0.1", true)]
    [InlineData(AddressFamily.InterNetwork, "::1", "::1", false)]
    public void The_kernels_choice_is_known(AddressFamily family, string to, string from, bool same)
    {
        if (!LinuxUdpSocket.IsSupported)
        {
            return;
        }

        using SourceChoice choice = new(family);
        for (int i = 0; i < 3; i++)
        {
            choice.Begin();
            Assert.Equal(same, choice.IsKernels(Address(to), Address(from)));
            Assert.True(choice.IsKernels(Address("127.0.0.9"), Address("127.0.0.1")));
        }
    }

    [Fact]
    public void So_many_are_asked_for_a_send_and_the_others_later()
    {
        if (!LinuxUdpSocket.IsSupported)
        {
            return;
        }

        using SourceChoice choice = new(AddressFamily.InterNetwork);
        bool[] known = new bool[SourceChoice.AsksPerSend + 2];
        choice.Begin();
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = choice.IsKernels(Address($"127.0.0.{i + 1}"), Address("127.0.0.1"));
        }

        Assert.Equal(SourceChoice.AsksPerSend, known.Count(answer => answer));
        choice.Begin();
        Assert.True(choice.IsKernels(Address($"127.0.0.{known.Length}"), Address("127.0.0.1")));
    }

    private static TransportAddress Address(string ip) => TransportAddress.From(IPAddress.Parse(ip), 4711);
}
