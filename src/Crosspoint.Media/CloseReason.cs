namespace Crosspoint.Media;

/// <summary>Why a producer or consumer is no more. The names are metric labels.</summary>
public enum CloseReason : byte
{
    /// <summary>Its owner closed it.</summary>
    Requested,

    /// <summary>The producer it consumed was closed.</summary>
    ProducerClosed,

    /// <summary>Its transport was removed.</summary>
    TransportClosed,
}
