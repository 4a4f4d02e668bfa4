using Crosspoint.Sim.Encode;

namespace Crosspoint.Sim.Publish;

/// <summary>A packet that waits for the pacer.</summary>
internal readonly record struct Outgoing(Track Track, SendStream Stream, ushort Sequence, uint Timestamp, EncodedPart Part, bool IsResend);
