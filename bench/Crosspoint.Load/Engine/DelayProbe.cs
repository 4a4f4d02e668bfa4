using System.Buffers.Binary;

namespace Crosspoint.Load.Engine;

/// <summary>
/// Measures the way through the server. Every packet's payload carries a number at a fixed place, which the server relays unchanged;
/// the time just before the publisher's send call is kept here under that number, and the kernel stamps the packet when it reaches a probe.
/// </summary>
/// <remarks>Owned by the engine's thread. Nothing is allocated per packet.</remarks>
internal sealed class DelayProbe
{
    /// <summary>Where the mark is: behind the VP8 descriptor and the frame header.</summary>
    public const int Offset = 16;

    private const ulong Magic = 0x43_72_6F_73_73_70_00_01; // "Crossp"
    private const int MarkBytes = 16;
    private const int Slots = 1 << 16;

    private readonly long[] _sentAt = new long[Slots];
    private readonly long[] _pending = new long[64];
    private readonly List<float> _samples = new(1 << 20);
    private long _next;

    /// <summary>Delays are kept only while this is on.</summary>
    public bool IsOn { get; set; }

    /// <summary>Marks the payload of message <paramref name="index"/> of the batch in the making.</summary>
    public void Stamp(int index, Span<byte> payload)
    {
        _pending[index] = -1;
        if (IsOn && payload.Length >= Offset + MarkBytes)
        {
            _pending[index] = _next;
            BinaryPrimitives.WriteUInt64BigEndian(payload[Offset..], Magic);
            BinaryPrimitives.WriteInt64BigEndian(payload[(Offset + 8)..], _next++);
        }
    }

    /// <summary>The batch leaves now.</summary>
    public void NoteSent(int count)
    {
        if (!IsOn)
        {
            return;
        }

        long now = LoadClock.UnixNanoseconds;
        for (int i = 0; i < count; i++)
        {
            if (_pending[i] >= 0)
            {
                _sentAt[_pending[i] & (Slots - 1)] = now;
            }
        }
    }

    /// <summary>A packet in the clear reached a probe.</summary>
    public void NoteReceived(ReadOnlySpan<byte> payload, long unixNanoseconds)
    {
        if (!IsOn || payload.Length < Offset + MarkBytes || BinaryPrimitives.ReadUInt64BigEndian(payload[Offset..]) != Magic)
        {
            return;
        }

        long number = BinaryPrimitives.ReadInt64BigEndian(payload[(Offset + 8)..]);
        if (number < _next && number > _next - Slots && _samples.Count < _samples.Capacity)
        {
            _samples.Add((unixNanoseconds - _sentAt[number & (Slots - 1)]) / 1e6f);
        }
    }

    /// <summary>The delays since the last time, in ms.</summary>
    public float[] Take()
    {
        float[] taken = [.. _samples];
        _samples.Clear();
        return taken;
    }
}
