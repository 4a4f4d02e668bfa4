using System.CommandLine;
using System.Net;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Floor;

/// <summary>
/// Stands where a server stands and sends a scenario's datagrams with the socket our workers use: no routing, no keys, no reports.
/// What this costs is what the kernel of this machine asks for the traffic, so no server with these system calls can be below it.
/// </summary>
internal static class BareSender
{
    /// <summary>The verb that <see cref="Scenarios.FloorScenario"/> starts this with.</summary>
    public const string Verb = "bare-sender";

    private static readonly Option<string> Pattern = new("--pattern") { Required = true };
    private static readonly Option<string> From = new("--from") { Required = true };
    private static readonly Option<string> To = new("--to") { Required = true };
    private static readonly Option<string> Ports = new("--ports") { Required = true, Description = "Separated by commas" };
    private static readonly Option<bool> OneByOne = new("--one-by-one") { Description = "A kernel message for each datagram" };

    /// <summary>The hidden verb.</summary>
    public static Command Create()
    {
        Command command = new(Verb) { Pattern, From, To, Ports, OneByOne };
        command.Hidden = true;
        command.SetAction(arguments => Run(
            BarePattern.Of(arguments.GetValue(Pattern)!),
            IPAddress.Parse(arguments.GetValue(From)!),
            [.. arguments.GetValue(Ports)!.Split(',').Select(port => TransportAddress.From(IPAddress.Parse(arguments.GetValue(To)!), int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)))],
            arguments.GetValue(OneByOne)));
        return command;
    }

    // Until it is ended from outside.
    private static int Run(IReadOnlyList<BareStream> streams, IPAddress from, TransportAddress[] receivers, bool oneByOne)
    {
        using UdpSocket socket = UdpSocket.Open(new UdpSocketOptions { Offload = oneByOne ? UdpOffload.Off : UdpOffload.Auto });
        TransportAddress local = TransportAddress.From(from, socket.LocalAddress.Port);
        SendBatch batch = new();
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        TimeSpan[] due = new TimeSpan[streams.Count];
        Console.WriteLine("ready");
        while (true)
        {
            int next = Array.IndexOf(due, due.Min());
            socket.Rest(due[next] - System.Diagnostics.Stopwatch.GetElapsedTime(begun));
            Burst(socket, batch, streams[next], local, receivers);
            due[next] += streams[next].Every;
        }
    }

    private static void Burst(UdpSocket socket, SendBatch batch, in BareStream stream, in TransportAddress local, TransportAddress[] receivers)
    {
        int bytes = stream.Datagrams * stream.Bytes;
        foreach (TransportAddress receiver in receivers)
        {
            if (batch.Reserve(bytes).IsEmpty)
            {
                socket.Send(batch);
                batch.Reserve(bytes);
            }

            batch.Commit(bytes, stream.Bytes, receiver, local);
        }

        socket.Send(batch);
    }
}
