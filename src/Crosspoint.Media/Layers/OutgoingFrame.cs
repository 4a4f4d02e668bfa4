using Crosspoint.Rtc;

namespace Crosspoint.Media.Layers;

/// <summary>How a packet of a layered track is to be sent to one consumer.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="TimestampOffset">Added to its timestamp.</param>
/// <param name="FrameOffset">Added to the frame number of its dependency descriptor.</param>
/// <param name="Sent">What is remembered of it.</param>
/// <param name="Targets">The decode targets it has to tell of (<see cref="DecodeTargetSignal"/>); 0 for none.</param>
internal readonly record struct OutgoingFrame(SequenceNumber Sequence, uint TimestampOffset, ushort FrameOffset, SentPacket Sent, uint Targets = 0);
