using Crosspoint.Media.Negotiation;

namespace Crosspoint.Workers;

/// <summary>What a room's routers have in common on every worker it lives on. Immutable.</summary>
/// <param name="Negotiator">What they can route.</param>
/// <param name="Notifications">Where they tell what happens.</param>
/// <param name="PipeBytes">Room in each pipe between them.</param>
internal sealed record RouterPlan(RtpNegotiator Negotiator, RoomNotifications Notifications, int PipeBytes);
