using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>Which offloads this kernel has.</summary>
internal readonly record struct Offloads(bool Segmentation, bool Receive);

/// <summary>Finds out, once a process, by using them: one message of two datagrams from us to ourselves.</summary>
internal static class OffloadProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly Lazy<Offloads> Found = new(Run);

    public static Offloads Result => Found.Value;

    private static Offloads Run()
    {
        try
        {
            Offloads known = new(Knows(LinuxControl.UdpSegment), Knows(LinuxControl.UdpReceiveOffload));
            return known.Segmentation ? Try(known) : known;
        }
        catch (SocketException)
        {
            return default;
        }
    }

    private static bool Knows(int option)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        return UdpSocketSetup.TrySet(socket, LinuxControl.UdpLevel, option, option == LinuxControl.UdpSegment ? 1000 : 1);
    }

    // A namespace may have no working loopback. Then nothing contradicts the kernel, which knows the options, and a refusal
    // of a real message later still switches segmentation off.
    private static Offloads Try(Offloads known)
    {
        UdpSocketOptions options = new() { Address = IPAddress.Loopback };
        using LinuxUdpSocket left = LinuxUdpSocket.OpenLinux(options, offloads: known);
        using LinuxUdpSocket right = LinuxUdpSocket.OpenLinux(options, offloads: known);
        var send = new SendBatch(1);
        var receive = DatagramBatch.For(right);
        right.Receive(receive); // Switches merging on before the message is on its way.
        send.Reserve(30).Fill(7);
        send.Commit(30, 20, right.LocalAddress, TransportAddress.None);
        if (left.Send(send) != 2 || left.Statistics.SegmentationFallbacks != 0)
        {
            return known with { Segmentation = left.Statistics.SendDroppedUnreachable + left.Statistics.SendDroppedNotPermitted > 0 };
        }

        long start = Stopwatch.GetTimestamp();
        int datagrams = 0;
        int bytes = 0;
        while (datagrams < 2 && right.Wait(Patience - Stopwatch.GetElapsedTime(start)) != WaitResult.TimedOut)
        {
            datagrams += right.Receive(receive);
            for (int i = 0; i < receive.Count; i++)
            {
                bytes += receive.Datagram(i).Length;
            }
        }

        bool arrived = datagrams == 2 && bytes == 30;
        return datagrams == 0 ? known : new Offloads(arrived, known.Receive && arrived);
    }
}
