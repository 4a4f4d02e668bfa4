using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>A sent packet and what feedback newly says of it.</summary>
/// <param name="SentAt">On our clock.</param>
/// <param name="ReceivedAt">On the reporter's clock, unwrapped; meaningless when not received.</param>
/// <param name="Bytes">On the wire.</param>
/// <param name="Kind">What it carried.</param>
/// <param name="ProbeId">The probe it belongs to; 0 for none.</param>
/// <param name="Received">False: reported missing.</param>
/// <param name="WasLost">It had been reported missing before.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PacketReport(Instant SentAt, Instant ReceivedAt, int Bytes, SentKind Kind, int ProbeId, bool Received, bool WasLost);
