using System.Net;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Workers.Client;

/// <summary>
/// A short call between two built-in peers over loopback, on a worker of its own, before the first person calls:
/// what is on a packet's way is compiled, and the first caller does not wait for it.
/// </summary>
public static class Rehearsal
{
    private const byte OpusType = 111;
    private const byte Vp8Type = 96;
    private const int EnoughPackets = 60;

    /// <summary>How long it may take at most. A machine that needs more is better off serving.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Runs the call; any thread.</summary>
    /// <exception cref="TimeoutException">It took longer than <see cref="Limit"/>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Loopback is not to be had.</exception>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        WorkerPoolOptions options = new()
        {
            WorkerCount = 1, ListenAddress = IPAddress.Loopback, AnnouncedAddresses = [IPAddress.Loopback], MinPort = 0, MaxPort = 0, EnableTcp = false,
        };
        await using WorkerPool pool = await WorkerPool.StartAsync(options, _ => { });
        await using RouterHandle router = await pool.CreateRouterAsync(CodecPolicy.Default);
        using DtlsIdentity identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);
        using ClientTransport sender = new(identity, await router.CreateTransportAsync());
        using ClientTransport receiver = new(identity, await router.CreateTransportAsync());
        foreach (ClientTransport peer in new[] { sender, receiver })
        {
            await router.ConnectTransportAsync(peer.Id, peer.LocalDtls);
            peer.Start();
        }

        await Task.WhenAll(sender.Connected, receiver.Connected).WaitAsync(Limit, cancellationToken);
        await PlayAsync(router, sender, receiver, new RtpCodecParameters { MimeType = "audio/opus", PayloadType = OpusType, ClockRate = 48_000, Channels = 2 });
        await PlayAsync(router, sender, receiver, new RtpCodecParameters
        {
            MimeType = "video/VP8",
            PayloadType = Vp8Type,
            ClockRate = 90_000,
            RtcpFeedback = [new() { Type = "nack", Parameter = "" }, new() { Type = "nack", Parameter = "pli" }],
        });
        await receiver.WaitForPacketsAsync(EnoughPackets).WaitAsync(Limit, cancellationToken);
    }

    private static async Task PlayAsync(RouterHandle router, ClientTransport sender, ClientTransport receiver, RtpCodecParameters codec)
    {
        MediaKind kind = codec.PayloadType == OpusType ? MediaKind.Audio : MediaKind.Video;
        SyntheticTrack track = new(kind, (byte)codec.PayloadType);
        string producer = await router.ProduceAsync(
            sender.Id, kind, new RtpParameters { Codecs = [codec], Encodings = [new RtpEncodingParameters { Ssrc = track.Stream.Ssrc.Value }] }, paused: false);
        ConsumerOffer offer = await router.ConsumeAsync(receiver.Id, producer, router.Capabilities, paused: false);
        receiver.Receive(offer.Rtp.Encodings[0].Ssrc!.Value, codec.ClockRate);
        sender.Send(track);
    }
}
