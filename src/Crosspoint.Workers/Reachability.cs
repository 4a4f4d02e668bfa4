using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using IceCandidate = Crosspoint.Contracts.Rtp.IceCandidate;
using IceCandidateType = Crosspoint.Contracts.Rtp.IceCandidateType;
using IceTcpType = Crosspoint.Contracts.Rtp.IceTcpType;

namespace Crosspoint.Workers;

/// <summary>How peers reach a worker: its host candidates, one for each announced address and protocol. Immutable; any thread.</summary>
internal sealed class Reachability
{
    private readonly List<Rtc.Ice.IceCandidate> _candidates = [];

    /// <param name="announced">What peers are told.</param>
    /// <param name="udpBase">The UDP socket's own address.</param>
    /// <param name="tcpBase">The shared TCP listener's own address; none when TCP is off.</param>
    public Reachability(IReadOnlyList<IPAddress> announced, in TransportAddress udpBase, in TransportAddress tcpBase)
    {
        ushort preference = ushort.MaxValue;
        foreach (IPAddress address in announced)
        {
            _candidates.Add(Rtc.Ice.IceCandidate.Host(udpBase, TransportAddress.From(address, udpBase.Port), preference--));
        }

        foreach (IPAddress address in tcpBase.IsNone ? [] : announced)
        {
            _candidates.Add(Rtc.Ice.IceCandidate.Host(tcpBase, TransportAddress.From(address, tcpBase.Port, TransportProtocol.Tcp), preference--));
        }

        Described = [.. _candidates.Select(Describe)];
    }

    /// <summary>The candidates as a client reads them.</summary>
    public IReadOnlyList<IceCandidate> Described { get; }

    /// <summary>Tells an agent its candidates.</summary>
    public void AddCandidatesTo(IceAgent agent)
    {
        foreach (Rtc.Ice.IceCandidate candidate in _candidates)
        {
            agent.AddLocalCandidate(candidate);
        }
    }

    /// <summary>The host's own unicast addresses, those of loopback only when there are no others.</summary>
    public static IReadOnlyList<IPAddress> HostAddresses()
    {
        IPAddress[] all =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(adapter => adapter.OperationalStatus == OperationalStatus.Up)
                .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork || !address.IsIPv6LinkLocal)
                .Order(Comparer<IPAddress>.Create((left, right) => left.AddressFamily.CompareTo(right.AddressFamily))),
        ];
        IPAddress[] reachable = [.. all.Where(address => !IPAddress.IsLoopback(address))];
        return reachable.Length > 0 ? reachable : all.Length > 0 ? all : [IPAddress.Loopback];
    }

    private static IceCandidate Describe(Rtc.Ice.IceCandidate candidate) => new()
    {
        Foundation = candidate.Foundation,
        Priority = candidate.Priority,
        Address = candidate.Address.ToIPAddress().ToString(),
        Protocol = candidate.Address.Protocol == TransportProtocol.Udp ? IceProtocol.Udp : IceProtocol.Tcp,
        Port = candidate.Address.Port,
        Type = IceCandidateType.Host,
        TcpType = candidate.Address.Protocol == TransportProtocol.Tcp ? IceTcpType.Passive : null,
    };
}
