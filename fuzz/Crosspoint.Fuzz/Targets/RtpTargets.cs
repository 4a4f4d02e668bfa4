using Crosspoint.Fuzz.Engine;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Fuzz.Targets;

/// <summary>RTP headers, extensions, rewriting and RTX.</summary>
internal static class RtpTargets
{
    private static readonly byte[] Scratch = new byte[4096];
    private static readonly RtpExtensionMap Map = RtpExtensionMap.Create([(1, 3), (2, 14), (3, 200), (4, 1), (14, 2), (15, 15), (255, 7)]);

    public static IEnumerable<FuzzTarget> All =>
    [
        new("rtp-parse", Parse, Seeds),
        new("rtp-rewrite", Rewrite, Seeds),
        new("rtx-unwrap", Unwrap, Seeds),
    ];

    internal static IEnumerable<byte[]> Seeds()
    {
        yield return Packet(0, false, false, 40, []);
        yield return Packet(2, false, false, 10, []);
        yield return Packet(0, false, true, 20, []);
        yield return Packet(0, false, false, 30, [(1, 1), (4, 3), (14, 16)]);
        yield return Packet(1, true, true, 30, [(1, 1), (20, 0), (255, 40)]);
        yield return Packet(15, true, false, 2, [(3, 2)]);
    }

    internal static byte[] Packet(int sources, bool marker, bool padding, int payload, (int Id, int Length)[] extensions)
    {
        byte[] bytes = new byte[600];
        var writer = new RtpHeaderWriter(bytes, new RtpHeaderFields(new PayloadType(100), marker, new SequenceNumber(65530), new RtpTimestamp(0xFFFF_FF00), new Ssrc(0x1234_5678)), padding: padding);
        for (uint i = 0; i < sources; i++)
        {
            writer.TryAddCsrc(new Ssrc(i));
        }

        foreach ((int id, int length) in extensions)
        {
            writer.TryAdd(id, Enumerable.Range(id, length).Select(i => (byte)i).ToArray());
        }

        int end = writer.Complete() + payload;
        if (padding)
        {
            bytes[end + 3] = 4;
            end += 4;
        }

        return bytes[..end];
    }

    private static int Parse(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        signature.Add(RtpPacket.TryParseHeader(input, out _, out RtpDropReason reason));
        signature.Add(reason);
        if (!RtpPacket.TryParse(input, out RtpPacket packet, out reason))
        {
            signature.Add(reason);
            return signature.Value;
        }

        if (packet.HeaderLength + packet.Payload.Length + packet.PaddingLength != input.Length)
        {
            throw new InvalidOperationException("The parts are not the whole.");
        }

        for (int i = 0; i < packet.CsrcCount; i++)
        {
            _ = packet.GetCsrc(i);
        }

        int elements = 0;
        int lengths = 0;
        foreach (RtpExtensionElement element in packet.Extensions)
        {
            elements++;
            lengths |= 1 << (32 - System.Numerics.BitOperations.LeadingZeroCount((uint)element.Value.Length));
            if (!packet.TryGetExtension(element.Id, out _))
            {
                throw new InvalidOperationException("An element that was seen is not found.");
            }
        }

        signature.AddMagnitude(packet.CsrcCount);
        signature.AddMagnitude(elements);
        signature.Add(lengths);
        signature.AddMagnitude(packet.PaddingLength);
        signature.Add(packet.HasExtension);
        return signature.Value;
    }

    // What the router does to each packet: a header of our own, extensions renumbered; it must parse again, and say the same.
    private static int Rewrite(ReadOnlySpan<byte> input)
    {
        if (!RtpPacket.TryParse(input, out RtpPacket packet))
        {
            return 0;
        }

        var fields = new RtpHeaderFields(new PayloadType(96), packet.Marker, new SequenceNumber(7), new RtpTimestamp(8), new Ssrc(9));
        var writer = new RtpHeaderWriter(Scratch, fields, allowTwoByte: (packet.PayloadType.Value & 1) == 0);
        int refused = writer.CopyExtensions(packet, Map);
        int length = writer.Complete();
        packet.Payload.CopyTo(Scratch.AsSpan(length));
        if (!RtpPacket.TryParse(Scratch.AsSpan(0, length + packet.Payload.Length), out RtpPacket again) || again.HeaderLength != length || !again.Payload.SequenceEqual(packet.Payload))
        {
            throw new InvalidOperationException("What was written does not parse, or parses to something else.");
        }

        int copied = 0;
        foreach (RtpExtensionElement element in again.Extensions)
        {
            copied++;
        }

        var signature = new Signature();
        signature.AddMagnitude(refused);
        signature.AddMagnitude(copied);
        return signature.Value;
    }

    private static int Unwrap(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        if (RtpPacket.TryParse(input, out RtpPacket packet))
        {
            signature.Add(RtxPacket.TryRead(packet, out _, out _));
            int wrapped = RtxPacket.Wrap(packet, new Ssrc(1), new PayloadType(97), new SequenceNumber(1), Scratch);
            signature.Add(wrapped > 0);
            if (wrapped > 0)
            {
                signature.Add(RtxPacket.TryUnwrapInPlace(Scratch.AsSpan(0, wrapped), packet.Ssrc, packet.PayloadType, out _));
            }
        }

        input.CopyTo(Scratch);
        signature.Add(RtxPacket.TryUnwrapInPlace(Scratch.AsSpan(0, input.Length), new Ssrc(1), new PayloadType(97), out _));
        return signature.Value;
    }
}
