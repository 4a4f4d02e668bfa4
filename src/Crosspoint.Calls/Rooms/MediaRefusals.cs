using Crosspoint.Calls.Door;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>What a media verb that names something unknown is answered with.</summary>
internal static class MediaRefusals
{
    internal static Outcome NoTransport => Outcome.Refused(ErrorCodes.TransportNotFound, "No such transport of this connection");

    internal static Outcome NoProducer => Outcome.Refused(ErrorCodes.ProducerNotFound, "No such producer");

    internal static Outcome NoConsumer => Outcome.Refused(ErrorCodes.ConsumerNotFound, "No such consumer of this connection");
}
