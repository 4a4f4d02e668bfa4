using Crosspoint.Primitives;

namespace Crosspoint.Rtc;

/// <summary>
/// A datagram that a protocol wants sent: the first <paramref name="Length"/> bytes of the buffer it was given,
/// from <paramref name="Local"/> (a base of the host; <see cref="TransportAddress.None"/> when the sender may choose) to <paramref name="Remote"/>.
/// </summary>
public readonly record struct Transmit(TransportAddress Local, TransportAddress Remote, int Length);
