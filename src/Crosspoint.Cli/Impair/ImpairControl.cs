using System.Net;
using System.Net.Sockets;

namespace Crosspoint.Cli.Impair;

/// <summary>Takes orders from lines: of standard input, and of connections to a port of this machine. Each line is answered.</summary>
internal static class ImpairControl
{
    // An order is short; who sends more is not somebody with orders.
    private const int MaxLine = 1024;

    /// <summary>Reads to the end of the input.</summary>
    public static async Task ServeAsync(TextReader lines, TextWriter answers, ImpairProxy proxy, CancellationToken stop)
    {
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            string answer = line.Length > MaxLine ? "error: too long"
                : ImpairOrder.TryParse(line, out ImpairOrder order, out string error) ? await proxy.Ask(order).WaitAsync(stop)
                : $"error: {error}";
            await answers.WriteAsync(answer.AsMemory(), stop);
            await answers.WriteAsync("\n".AsMemory(), stop);
            await answers.FlushAsync(stop);
        }
    }

    /// <summary>Takes one connection after the other; they say little and seldom.</summary>
    public static async Task ListenAsync(TcpListener listener, ImpairProxy proxy, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using TcpClient connection = await listener.AcceptTcpClientAsync(stop);
            try
            {
                await using NetworkStream stream = connection.GetStream();
                using StreamReader reader = new(stream);
                await using StreamWriter writer = new(stream);
                await ServeAsync(reader, writer, proxy, stop);
            }
            catch (IOException)
            {
                // It went away; the next one may come.
            }
        }
    }

    /// <summary>A listener for this machine alone: who may give orders here may already do anything.</summary>
    public static TcpListener Open(int port)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        listener.Start(4);
        return listener;
    }
}
