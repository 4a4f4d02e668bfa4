using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Workers.Tests.Fairness;

/// <summary>A room with one publisher of audio and video that has really shaken hands, and an audience of which only the number of packets is real.</summary>
internal sealed class FairRoom : IDisposable
{
    private readonly MicroPeers _peers = new(SrtpProfile.AeadAes128Gcm);

    public FairRoom(Worker worker, Egress egress, RouterPlan plan, int audience)
    {
        Router = worker.OpenRouter(plan, isBranch: false);
        Transport = new WebRtcTransport(Instant.Zero, new WorkerPoolOptions(), egress, Router, "publisher", _peers.Server.Session);
        Transport.Port = Router.Router.AddTransport(Transport);
        WebRtcTransport listener = new(Instant.Zero, new WorkerPoolOptions(), egress, Router, "audience", null!);
        Video = Publish(MediaKind.Video, new RtpCodecParameters { MimeType = "video/VP8", PayloadType = 96, ClockRate = 90_000 }, 1000);
        Audio = Publish(MediaKind.Audio, new RtpCodecParameters { MimeType = "audio/opus", PayloadType = 111, ClockRate = 48_000, Channels = 2 }, 2000);

        FairTrack Publish(MediaKind kind, RtpCodecParameters codec, uint ssrc)
        {
            FairTrack track = new(_peers, (byte)codec.PayloadType, ssrc, egress, listener, audience);
            RtpParameters parameters = new() { Codecs = [codec], Encodings = [new RtpEncodingParameters { Ssrc = ssrc }] };
            ProducerNegotiation negotiation = plan.Negotiator.MapProducer(kind, parameters, "peer");
            Producer producer = Router.Router.Produce(Instant.Zero, Transport.Port, negotiation.Plan, paused: false);
            RouterTransport receiver = Router.Router.AddTransport(track);
            Router.Router.Consume(Instant.Zero, receiver, producer, RtpNegotiator.MapConsumer(negotiation, plan.Negotiator.Capabilities, "0", SystemRandomSource.Instance).Plan, paused: false);
            return track;
        }
    }

    public HostedRouter Router { get; }

    public WebRtcTransport Transport { get; }

    public FairTrack Video { get; }

    public FairTrack Audio { get; }

    public void Dispose() => _peers.Dispose();
}
