using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Crosspoint.Load.Native;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Floor;

/// <summary>
/// Stands where a server stands and hands every datagram on to its room's receivers with the socket our workers use: no keys, no reports, no timers,
/// nothing else in the process. For each datagram it sends it reads the clock for as long as a server computes, so that it fills its core alike.
/// What passes through it is delayed by waiting in line and by this machine alone.
/// </summary>
internal static class BareRelay
{
    /// <summary>The verb that <see cref="Scenarios.RelayFloorScenario"/> starts this with.</summary>
    public const string Verb = "bare-relay";

    /// <summary>What its first line begins with; its port follows.</summary>
    public const string Ready = "port ";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly Option<string> From = new("--from") { Required = true };
    private static readonly Option<string> To = new("--to") { Required = true };
    private static readonly Option<string> Ports = new("--ports") { Required = true, Description = "Separated by commas, room by room" };
    private static readonly Option<int> Fan = new("--fan") { Required = true, Description = "Receivers of a room" };
    private static readonly Option<int> Busy = new("--busy-ns") { Required = true, Description = "Computing for each datagram sent" };

    /// <summary>The hidden verb.</summary>
    public static Command Create()
    {
        Command command = new(Verb) { From, To, Ports, Fan, Busy };
        command.Hidden = true;
        command.SetAction(arguments =>
        {
            IPAddress to = IPAddress.Parse(arguments.GetValue(To)!);
            TransportAddress[][] rooms =
            [
                .. arguments.GetValue(Ports)!.Split(',').Select(port => TransportAddress.From(to, int.Parse(port, CultureInfo.InvariantCulture))).Chunk(arguments.GetValue(Fan)),
            ];
            return Run(IPAddress.Parse(arguments.GetValue(From)!), rooms, arguments.GetValue(Busy));
        });
        return command;
    }

    // Until it is ended from outside.
    private static int Run(IPAddress from, TransportAddress[][] rooms, int busyNanoseconds)
    {
        Punctuality.Ask(); // as the server's media threads do
        using UdpSocket socket = UdpSocket.Open(new UdpSocketOptions { ReceiveBufferBytes = 8 << 20, SendBufferBytes = 8 << 20 });
        TransportAddress local = TransportAddress.From(from, socket.LocalAddress.Port);
        DatagramBatch received = DatagramBatch.For(socket);
        SendBatch batch = new();
        Console.WriteLine(Ready + local.Port.ToString(CultureInfo.InvariantCulture));
        while (true)
        {
            socket.Wait(LongestWait);
            socket.Receive(received);
            for (int i = 0; i < received.Count;)
            {
                int count = AlikeFrom(received, i);
                foreach (TransportAddress receiver in rooms[BareRooms.RoomOf(received.Datagram(i))])
                {
                    Gather(socket, batch, received, i, count, receiver, local);
                    Compute(count * busyNanoseconds);
                }

                i += count;
            }

            socket.Send(batch);
        }
    }

    // A frame's datagrams come one after the other and are of one size: one kernel message.
    private static int AlikeFrom(DatagramBatch received, int first)
    {
        int room = BareRooms.RoomOf(received.Datagram(first));
        int bytes = received.Datagram(first).Length;
        int end = first + 1;
        while (end < received.Count && end - first < SendBatch.MaxSegments && (end - first + 1) * bytes <= SendBatch.MaxMessageBytes
            && received.Datagram(end).Length == bytes && BareRooms.RoomOf(received.Datagram(end)) == room)
        {
            end++;
        }

        return end - first;
    }

    private static void Gather(UdpSocket socket, SendBatch batch, DatagramBatch received, int first, int count, in TransportAddress receiver, in TransportAddress local)
    {
        int bytes = received.Datagram(first).Length;
        Span<byte> room = batch.Reserve(count * bytes);
        if (room.IsEmpty)
        {
            socket.Send(batch);
            room = batch.Reserve(count * bytes);
        }

        for (int i = 0; i < count; i++)
        {
            received.Datagram(first + i).CopyTo(room[(i * bytes)..]);
        }

        batch.Commit(count * bytes, bytes, receiver, local);
    }

    private static void Compute(int nanoseconds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalNanoseconds < nanoseconds)
        {
        }
    }
}
