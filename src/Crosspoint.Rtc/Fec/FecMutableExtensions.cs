using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Fec;

/// <summary>
/// Header extensions that are filled when a packet leaves: absolute send time, transport-wide sequence number, transmission offset.
/// Both ends count their values as zero in the parity, as Chromium does, so that a packet can be protected before it is sent
/// and one that is recovered carries zeros there.
/// </summary>
/// <remarks>A set of local ids of one session. Immutable.</remarks>
/// <param name="ids">The ids, 1 to 255; zeros are passed over, so that what was not negotiated may be named.</param>
public sealed class FecMutableExtensions(params ReadOnlySpan<byte> ids)
{
    /// <summary>None.</summary>
    public static readonly FecMutableExtensions None = new();

    private readonly byte[] _ids = ids.ToArray();

    /// <summary>Folds the values into the parity once more, which takes them out again.</summary>
    internal void TakeOut(Span<byte> parity, ReadOnlySpan<byte> header)
    {
        if (_ids.Length == 0 || !RtpPacket.TryParseHeader(header, out RtpPacket packet))
        {
            return;
        }

        foreach (RtpExtensionElement element in packet.Extensions)
        {
            if (element.Id != 0 && _ids.AsSpan().Contains((byte)element.Id))
            {
                nint offset = Unsafe.ByteOffset(in MemoryMarshal.GetReference(header), in MemoryMarshal.GetReference(element.Value));
                FecParity.Fold(parity[(int)offset..], element.Value);
            }
        }
    }

    /// <summary>Sets the values to zero.</summary>
    internal void Clear(Span<byte> header)
    {
        if (_ids.Length == 0 || !RtpPacket.TryParseHeader(header, out RtpPacket packet))
        {
            return;
        }

        foreach (RtpExtensionElement element in packet.Extensions)
        {
            if (element.Id != 0 && _ids.AsSpan().Contains((byte)element.Id))
            {
                nint offset = Unsafe.ByteOffset(in MemoryMarshal.GetReference((ReadOnlySpan<byte>)header), in MemoryMarshal.GetReference(element.Value));
                header.Slice((int)offset, element.Value.Length).Clear();
            }
        }
    }
}
