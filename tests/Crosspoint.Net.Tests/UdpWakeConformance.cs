using Crosspoint.Net.Udp;

namespace Crosspoint.Net.Tests;

/// <summary>How the owner of a <see cref="UdpSocket"/> waits, and how others wake it; run over every implementation.</summary>
public abstract class UdpWakeConformance(bool portable, UdpOffload offload = UdpOffload.Auto) : UdpSocketRig(portable, offload)
{
    [Fact]
    public void A_wait_runs_out() => Assert.Equal(WaitResult.TimedOut, Open().Wait(TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void A_wake_before_the_wait_is_not_lost_and_many_are_one()
    {
        using UdpSocket socket = Open();
        socket.Wake();
        socket.Wake();
        socket.Wake();
        Assert.True(socket.Wait(Patience).HasFlag(WaitResult.Woken));
        Assert.Equal(1, socket.Statistics.Wakes);
        Assert.Equal(0, socket.Receive(new DatagramBatch()));
        Assert.Equal(WaitResult.TimedOut, socket.Wait(TimeSpan.Zero));
        Assert.Equal(0, socket.Statistics.DatagramsReceived);
    }

    [Fact]
    public void Rest_ends_at_a_wake_up_and_takes_no_datagram()
    {
        using UdpSocket socket = Open();
        using UdpSocket other = Open();
        SendBatch batch = new();
        batch.Reserve(3);
        batch.Commit(3, socket.LocalAddress);
        other.Send(batch);
        Assert.Equal(WaitResult.Readable, socket.Wait(Patience));
        socket.Wake();

        socket.Rest(Patience);

        var received = DatagramBatch.For(socket);
        Assert.True(socket.Wait(Patience).HasFlag(WaitResult.Readable));
        Assert.Equal(1, socket.Receive(received));
    }

    [Fact]
    public void Every_wake_from_another_thread_is_seen()
    {
        using UdpSocket socket = Open();
        var batch = new DatagramBatch();
        using var turn = new SemaphoreSlim(0);
        const int Rounds = 2000;
        int asked = 0;
        var other = new Thread(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Volatile.Write(ref asked, i + 1);
                socket.Wake();
                Assert.True(turn.Wait(Patience), "waited for the owner to see a wake-up");
            }
        });
        other.Start();
        for (int seen = 0; seen < Rounds;)
        {
            Assert.NotEqual(WaitResult.TimedOut, socket.Wait(Patience));
            socket.Receive(batch);
            if (Volatile.Read(ref asked) > seen)
            {
                seen++;
                turn.Release();
            }
        }

        Assert.True(other.Join(Patience));
    }

    [Fact]
    public void Wakes_while_the_owner_returns_leave_it_wakeable()
    {
        using UdpSocket socket = Open();
        var batch = new DatagramBatch();
        bool over = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                socket.Wake();
                Thread.SpinWait(5);
            }
        });
        other.Start();
        for (int i = 0; i < 2000; i++)
        {
            Assert.NotEqual(WaitResult.TimedOut, socket.Wait(Patience));
            socket.Receive(batch);
        }

        Volatile.Write(ref over, true);
        Assert.True(other.Join(Patience));
    }

    [Fact]
    public void Waking_a_closed_socket_is_harmless()
    {
        UdpSocket socket = Open();
        socket.Dispose();
        socket.Wake();
        socket.Dispose();
    }
}

public sealed class PortableUdpWakeTests() : UdpWakeConformance(portable: true);

public sealed class DefaultUdpWakeTests() : UdpWakeConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess));

public sealed class PlainUdpWakeTests() : UdpWakeConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess), UdpOffload.Off);
