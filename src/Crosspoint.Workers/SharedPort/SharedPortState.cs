namespace Crosspoint.Workers.SharedPort;

/// <summary>Whether the workers share one UDP port, and who brings a peer's datagrams to its worker. Also a metric label.</summary>
public enum SharedPortState
{
    /// <summary>Each worker has a port of its own.</summary>
    NotShared,

    /// <summary>The kernel, which was told; only a peer's first datagrams are handed over.</summary>
    Steered,

    /// <summary>The workers hand over what the kernel's hash gives to the wrong one: steering was turned off.</summary>
    HandedOver,

    /// <summary>The same, because the system does not allow steering.</summary>
    SteeringRefused,
}
