using System.Net.WebSockets;
using Crosspoint.CallsClient;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Workers;
using Crosspoint.Workers.Client;

namespace Crosspoint.Cli.Smoke;

/// <summary>A participant made of our own stack: signs in, joins, sends a microphone and a camera, receives the other's.</summary>
/// <remarks>One caller.</remarks>
internal sealed class SmokePeer : IAsyncDisposable
{
    private const byte OpusPayloadType = 111;
    private const byte Vp8PayloadType = 96;

    // One call on an idle server: what takes longer is not well.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly CallsDoorClient _door;
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);
    private RtpCapabilities _capabilities = new();

    private SmokePeer(string name, CallsDoorClient door) => (Name, _door) = (name, door);

    /// <summary>For the report.</summary>
    public string Name { get; }

    /// <summary>Client to server.</summary>
    public ClientTransport Sender { get; private set; } = null!;

    /// <summary>Server to client.</summary>
    public ClientTransport Receiver { get; private set; } = null!;

    /// <summary>The producers it made.</summary>
    public List<string> ProducerIds { get; } = [];

    private readonly List<SyntheticTrack> _tracks = [];

    /// <summary>Signs in.</summary>
    public static async Task<SmokePeer> OpenAsync(Uri endpoint, string accessToken, string name, CancellationToken cancellationToken)
    {
        CallsDoorClientOptions options = new()
        {
            Client = new() { Platform = "cli", AppVersion = "smoke", DeviceId = $"smoke-{name}-{Guid.NewGuid():N}" },
            AnswerLimit = AnswerLimit,
        };
        return new(name, await CallsDoorClient.OpenAsync(endpoint, accessToken, options, cancellationToken));
    }

    /// <summary>Makes the room; answers its join token.</summary>
    public Task<string?> CreateRoomAsync(string roomId, CancellationToken cancellationToken) => _door.CreateRoomAsync(roomId, cancellationToken);

    /// <summary>Joins and opens both transports; they begin to connect.</summary>
    public async Task JoinAsync(string roomId, string? joinToken, CancellationToken cancellationToken)
    {
        RoomJoinOkPayload joined = await _door.JoinAsync(roomId, joinToken, cancellationToken);
        await _door.ReadyAsync(joined.Epoch, cancellationToken);
        _capabilities = joined.Mediasoup.RouterRtpCapabilities;
        Sender = await OpenTransportAsync(TransportDirection.Send, cancellationToken);
        Receiver = await OpenTransportAsync(TransportDirection.Recv, cancellationToken);
    }

    /// <summary>Switches microphone and camera on; before that nothing is sent, so that every packet has somebody to receive it.</summary>
    public void BeginSending() => _tracks.ForEach(Sender.Send);

    /// <summary>Publishes a microphone and a camera.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(MediaKind.Audio, new RtpCodecParameters { MimeType = "audio/opus", PayloadType = OpusPayloadType, ClockRate = 48_000, Channels = 2 }, cancellationToken);
        await PublishAsync(MediaKind.Video, new RtpCodecParameters { MimeType = "video/VP8", PayloadType = Vp8PayloadType, ClockRate = 90_000 }, cancellationToken);
    }

    /// <summary>Receives what another peer published.</summary>
    public async Task SubscribeAsync(SmokePeer other, CancellationToken cancellationToken)
    {
        foreach (string producerId in other.ProducerIds)
        {
            ConsumerAddedPayload added = await _door.AskAsync(
                MessageTypes.Consume, new ConsumePayload { ProducerId = producerId, TransportId = Receiver.Id, RtpCapabilities = _capabilities },
                CallsJson.Default.ConsumePayload, MessageTypes.ConsumerAdded, CallsJson.Default.ConsumerAddedPayload, cancellationToken);
            Receiver.Receive(added.RtpParameters.Encodings[0].Ssrc!.Value, added.RtpParameters.Codecs[0].ClockRate);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Sender?.Dispose();
        Receiver?.Dispose();
        await LeaveAsync();
        await _door.DisposeAsync();
        _identity.Dispose();
    }

    // So that nobody waits for this peer to come back; what stands in the way is ignored.
    private async Task LeaveAsync()
    {
        try
        {
            await _door.RequestAsync(MessageTypes.RoomLeave, new RoomLeavePayload(), CallsJson.Default.RoomLeavePayload, CancellationToken.None);
        }
        catch (Exception exception) when (exception is DoorException or WebSocketException or TimeoutException or InvalidOperationException)
        {
            // The socket is gone or the room is: either way nobody waits.
        }
    }

    private async Task<ClientTransport> OpenTransportAsync(TransportDirection direction, CancellationToken cancellationToken)
    {
        TransportCreatedPayload created = await _door.AskAsync(
            MessageTypes.TransportCreate, new TransportCreatePayload { Direction = direction }, CallsJson.Default.TransportCreatePayload,
            MessageTypes.TransportCreated, CallsJson.Default.TransportCreatedPayload, cancellationToken);
        ClientTransport transport = new(_identity, new TransportOffer(created.TransportId, created.IceParameters, created.IceCandidates, created.DtlsParameters));
        await _door.RequestAsync(
            MessageTypes.TransportConnect, new TransportConnectPayload { TransportId = created.TransportId, DtlsParameters = transport.LocalDtls },
            CallsJson.Default.TransportConnectPayload, cancellationToken);
        transport.Start();
        return transport;
    }

    private async Task PublishAsync(MediaKind kind, RtpCodecParameters codec, CancellationToken cancellationToken)
    {
        SyntheticTrack track = new(kind, (byte)codec.PayloadType);
        RtpParameters parameters = new()
        {
            Codecs = [codec],
            Encodings = [new RtpEncodingParameters { Ssrc = track.Stream.Ssrc.Value }],
            Rtcp = new RtcpParameters { Cname = $"smoke-{Name}", ReducedSize = true },
        };
        ProducedPayload produced = await _door.AskAsync(
            MessageTypes.Produce, new ProducePayload { TransportId = Sender.Id, Kind = kind, RtpParameters = parameters }, CallsJson.Default.ProducePayload,
            MessageTypes.Produced, CallsJson.Default.ProducedPayload, cancellationToken);
        ProducerIds.Add(produced.ProducerId);
        _tracks.Add(track);
    }
}
