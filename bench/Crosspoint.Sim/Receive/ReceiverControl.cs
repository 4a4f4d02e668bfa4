using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Receive;

/// <summary>What a receiver tells about the way as a whole: transport-wide feedback where packets are numbered, otherwise its own estimate.</summary>
internal sealed class ReceiverControl(Policy policy, Ssrc ssrc)
{
    private readonly TransportFeedbackGenerator _feedback = new(new TransportFeedbackGeneratorOptions());
    private readonly ReceiveSideEstimator _estimator = new(new ReceiveSideEstimatorOptions());
    private readonly List<Ssrc> _sources = [];
    private byte _numberId;
    private byte _sendTimeId;

    public Instant NextTimeout => _numberId != 0 ? _feedback.NextTimeout : policy.Adapts ? _estimator.NextTimeout : Instant.Never;

    public void Add(ConsumerPlan plan)
    {
        _sources.Add(plan.Ssrc);
        _numberId = IdOf(plan, RtpExtensionUris.TransportSequenceNumber);
        _sendTimeId = IdOf(plan, RtpExtensionUris.AbsoluteSendTime);
    }

    public void Handle(Instant now, in RtpPacket packet, int bytes, TimeSpan roundTrip)
    {
        if (_numberId != 0)
        {
            if (packet.TryGetExtension(_numberId, out ReadOnlySpan<byte> element) && TransportSequenceNumber.TryRead(element, out SequenceNumber number))
            {
                _feedback.Handle(now, number, bytes);
            }
        }
        else if (_sendTimeId != 0 && packet.TryGetExtension(_sendTimeId, out ReadOnlySpan<byte> element) && AbsoluteSendTime.TryRead(element, out AbsoluteSendTime time))
        {
            _estimator.Handle(now, time, bytes, roundTrip);
        }
    }

    /// <summary>Writes what is due; nothing when nothing is.</summary>
    public bool TryWrite(Instant now, ref RtcpWriter writer) => _numberId != 0
        ? _feedback.TryWrite(now, ref writer, ssrc, _sources[0])
        : _estimator.TryWrite(now, ref writer, ssrc, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_sources));

    private static byte IdOf(ConsumerPlan plan, string uri) => HeaderExtensionUris.TryParse(uri, out HeaderExtensionKind kind) ? plan.Extensions[kind] : (byte)0;
}
