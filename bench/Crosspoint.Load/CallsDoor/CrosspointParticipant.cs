using System.Net;
using Crosspoint.CallsClient;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Extensions;
using DtlsFingerprint = Crosspoint.Rtc.Dtls.DtlsFingerprint;
using DtlsRole = Crosspoint.Rtc.Dtls.DtlsRole;

namespace Crosspoint.Load.CallsDoor;

/// <summary>One device of the calls door with one transport, as a page that only sends or only watches.</summary>
/// <remarks>One caller.</remarks>
internal sealed class CrosspointParticipant : IAsyncDisposable
{
    private readonly CallsDoorClient _door;
    private RtpCapabilities _capabilities = new();
    private string _transportId = "";

    private CrosspointParticipant(CallsDoorClient door, GroupMember? keys) => (_door, Keys) = (door, keys);

    /// <summary>Its part in the group's keys; null in rooms whose frames are not encrypted.</summary>
    public GroupMember? Keys { get; }

    /// <summary>Its leg, once there is one.</summary>
    public Leg? Leg { get; private set; }

    /// <summary>Signs in.</summary>
    public static async Task<CrosspointParticipant> OpenAsync(Uri door, string token, bool isEncrypted, CancellationToken cancellationToken)
    {
        string device = $"load-{Guid.NewGuid():N}";
        CallsDoorClientOptions options = new()
        {
            Client = new() { Platform = "load", AppVersion = "1", DeviceId = device },
            KeepAliveInterval = TimeSpan.Zero,
        };
        options = isEncrypted ? options with { Encryption = GroupMember.Capabilities(device) } : options;
        CallsDoorClient client = await CallsDoorClient.OpenAsync(door, token, options, cancellationToken);
        return new(client, isEncrypted ? new GroupMember(client, device) : null);
    }

    /// <summary>Makes the room; answers its join token.</summary>
    public Task<string?> CreateRoomAsync(string room, CancellationToken cancellationToken) => _door.CreateRoomAsync(room, cancellationToken);

    /// <summary>Enters the room and is ready for its epoch.</summary>
    public async Task JoinAsync(string room, string? joinToken, CancellationToken cancellationToken)
    {
        RoomJoinOkPayload joined = await _door.JoinAsync(room, joinToken, cancellationToken);
        _capabilities = joined.Mediasoup.RouterRtpCapabilities;
        if (Keys is not null)
        {
            return; // it will be ready when its own commit is taken
        }

        await _door.ReadyAsync(joined.Epoch, cancellationToken);
    }

    /// <summary>Makes a transport and begins to connect it.</summary>
    public async Task<Leg> OpenTransportAsync(LoadEngine engine, LegOptions options, TransportDirection direction, CancellationToken cancellationToken)
    {
        TransportCreatedPayload created = await _door.AskAsync(
            MessageTypes.TransportCreate, new TransportCreatePayload { Direction = direction }, CallsJson.Default.TransportCreatePayload,
            MessageTypes.TransportCreated, CallsJson.Default.TransportCreatedPayload, cancellationToken);
        _transportId = created.TransportId;
        Leg = engine.Open(options);
        DtlsParameters ours = new()
        {
            Role = Contracts.Rtp.DtlsRole.Client,
            Fingerprints = [new Contracts.Rtp.DtlsFingerprint { Algorithm = Leg.Fingerprint.Algorithm, Value = Leg.Fingerprint.Value }],
        };
        await _door.RequestAsync(
            MessageTypes.TransportConnect, new TransportConnectPayload { TransportId = _transportId, DtlsParameters = ours },
            CallsJson.Default.TransportConnectPayload, cancellationToken);
        Leg.Connect(ToRemote(created));
        return Leg;
    }

    /// <summary>Publishes a track; answers the producer's id.</summary>
    public async Task<string> ProduceAsync(TrackDescription track, CancellationToken cancellationToken)
    {
        RtpParameters parameters = new()
        {
            Mid = track.Mid,
            Codecs = [Codec(track)],
            HeaderExtensions = [.. track.HeaderExtensions.Select(extension => new RtpHeaderExtensionParameters { Uri = extension.Uri, Id = extension.Id })],
            Encodings = [new RtpEncodingParameters { Ssrc = track.Ssrc }],
            Rtcp = new RtcpParameters { Cname = "load", ReducedSize = true },
        };
        ProducedPayload produced = await _door.AskAsync(
            MessageTypes.Produce, new ProducePayload { TransportId = _transportId, Kind = track.Kind, RtpParameters = parameters }, CallsJson.Default.ProducePayload,
            MessageTypes.Produced, CallsJson.Default.ProducedPayload, cancellationToken);
        return produced.ProducerId;
    }

    /// <summary>Subscribes to a producer and announces its stream to the leg.</summary>
    public async Task ConsumeAsync(string producerId, CancellationToken cancellationToken)
    {
        ConsumerAddedPayload added = await _door.AskAsync(
            MessageTypes.Consume, new ConsumePayload { ProducerId = producerId, TransportId = _transportId, RtpCapabilities = _capabilities },
            CallsJson.Default.ConsumePayload, MessageTypes.ConsumerAdded, CallsJson.Default.ConsumerAddedPayload, cancellationToken);
        RtpEncodingParameters encoding = added.RtpParameters.Encodings[0];
        Leg!.Expect(added.Kind, encoding.Ssrc!.Value);
        if (added.RtpParameters.HeaderExtensions.FirstOrDefault(extension => extension.Uri == RtpExtensionUris.TransportSequenceNumber) is { } numbers)
        {
            Leg.ExpectNumbers(numbers.Id);
        }

        if (encoding.Rtx is { } repair)
        {
            Leg.ExpectRepair(repair.Ssrc);
        }
    }

    /// <summary>Keeps the socket alive; its round trip is the control plane's.</summary>
    public Task PingAsync(CancellationToken cancellationToken) =>
        _door.RequestAsync(MessageTypes.Ping, new EmptyPayload(), CallsJson.Default.EmptyPayload, cancellationToken);

    /// <summary>Leaves by closing its socket, as a page that is closed does.</summary>
    public ValueTask DisposeAsync() => _door.DisposeAsync();

    private static RtpCodecParameters Codec(TrackDescription track) => track.Kind == MediaKind.Audio
        ? new RtpCodecParameters { MimeType = track.MimeType, PayloadType = track.PayloadType, ClockRate = track.ClockRate, Channels = 2 }
        : new RtpCodecParameters
        {
            MimeType = track.MimeType,
            PayloadType = track.PayloadType,
            ClockRate = track.ClockRate,
            RtcpFeedback = [new RtcpFeedback { Type = "nack" }, new RtcpFeedback { Type = "nack", Parameter = "pli" }, new RtcpFeedback { Type = "ccm", Parameter = "fir" }],
        };

    private static RemotePeer ToRemote(TransportCreatedPayload created) => new(
        created.IceParameters.UsernameFragment,
        created.IceParameters.Password,
        [.. created.IceCandidates.Where(candidate => candidate.Protocol == IceProtocol.Udp)
            .Select(candidate => TransportAddress.From(IPAddress.Parse(candidate.Address), candidate.Port))],
        [.. created.DtlsParameters.Fingerprints.Select(ToFingerprint)],
        DtlsRole.Client);

    private static DtlsFingerprint ToFingerprint(Contracts.Rtp.DtlsFingerprint fingerprint) =>
        DtlsFingerprint.TryParse(fingerprint.Algorithm, fingerprint.Value, out DtlsFingerprint? parsed)
            ? parsed!
            : throw new DoorException(MessageTypes.TransportCreated, "the server's fingerprint cannot be read");
}
