using System.Buffers.Binary;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Fuzz.Targets;

/// <summary>FlexFEC and RED: what comes in to repair, or comes twice.</summary>
internal static class FecTargets
{
    private static readonly Ssrc Source = new(0x1234_5678);
    private static readonly FecMutableExtensions Mutable = new(4);
    private static readonly byte[] Scratch = new byte[2048];

    // One pool for all runs, so that a run is not charged for slabs; each must leave it as it found it.
    private static readonly PacketBlockPool Pool = new(1024);

    public static IEnumerable<FuzzTarget> All =>
    [
        new("flexfec-header", Header, HeaderSeeds),
        new("flexfec-decode", Decode, DecodeSeeds),
        new("red-payload", Red, RedSeeds),
    ];

    // What was read and is written anew must be read the same.
    private static int Header(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        bool parsed = FlexFecHeader.TryParse(input, out FlexFecHeader header, out FlexFecDropReason reason);
        signature.Add(reason);
        if (!parsed)
        {
            return signature.Value;
        }

        int length = header.Write(Scratch);
        if (length > FlexFecHeader.MeasureParsed(input)
            || !FlexFecHeader.TryParse(Scratch.AsSpan(0, length), out FlexFecHeader again, out _)
            || again != header)
        {
            throw new InvalidOperationException("What was written is not what was read.");
        }

        signature.AddMagnitude(header.Mask.Count);
        signature.AddMagnitude(header.Mask.Span);
        return signature.Value;
    }

    // A script: a byte that says media or repair, two of length, the bytes. Blocks must all come back.
    private static int Decode(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        int before = Pool.InUse;
        using (FlexFecDecoder decoder = new(Source, Pool, Mutable, new FlexFecDecoderOptions { MaxRepairs = 8 }))
        {
            while (input.Length >= 3)
            {
                bool isRepair = (input[0] & 1) != 0;
                int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input[1..]), input.Length - 3);
                ReadOnlySpan<byte> bytes = input.Slice(3, length);
                input = input[(3 + length)..];
                if (isRepair)
                {
                    signature.Add(decoder.HandleRepair(bytes));
                }
                else
                {
                    decoder.HandleMedia(bytes);
                }

                Drain(decoder, ref signature);
            }

            FlexFecStatistics statistics = decoder.GetStatistics();
            signature.AddMagnitude((int)statistics.Recovered);
            signature.AddMagnitude((int)statistics.Unneeded);
            signature.AddMagnitude((int)statistics.Implausible);
        }

        if (Pool.InUse != before)
        {
            throw new InvalidOperationException("Blocks were not given back.");
        }

        return signature.Value;
    }

    private static void Drain(FlexFecDecoder decoder, ref Signature signature)
    {
        while (decoder.TryTake(Scratch, out int length))
        {
            if (!RtpPacket.TryParse(Scratch.AsSpan(0, length), out RtpPacket packet) || packet.Ssrc != Source)
            {
                throw new InvalidOperationException("What was recovered is no packet of the stream.");
            }

            signature.Add(packet.HasExtension);
        }
    }

    private static int Red(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        if (!RedPayload.TryRead(input, out RedPayload red))
        {
            return signature.Value;
        }

        int length = red.WriteHeaders(new PayloadType(100), Scratch);
        red.Blocks.CopyTo(Scratch.AsSpan(length));
        if (!RedPayload.TryRead(Scratch.AsSpan(0, input.Length), out RedPayload again)
            || !again.IsAll(new PayloadType(100))
            || !again.Primary.SequenceEqual(red.Primary)
            || !input.EndsWith(red.Primary))
        {
            throw new InvalidOperationException("Renumbered, it is something else.");
        }

        signature.Add(1);
        signature.AddMagnitude(red.Redundancy);
        signature.AddMagnitude(red.Primary.Length);
        return signature.Value;
    }

    private static IEnumerable<byte[]> HeaderSeeds()
    {
        foreach (int last in (int[])[0, 14, 15, 45, 46, 108])
        {
            byte[] bytes = new byte[FlexFecHeader.MaxLength];
            int length = new FlexFecHeader(0x1065, 44, 90_000, Source, new SequenceNumber(65_530), default(FecMask).With(0).With(last)).Write(bytes);
            yield return bytes[..length];
        }
    }

    private static IEnumerable<byte[]> DecodeSeeds()
    {
        foreach ((int size, int depth, int lost) in ((int, int, int)[])[(2, 1, 1), (3, 1, 0), (3, 2, 3), (4, 1, -1), (1, 1, 0)])
        {
            yield return Script(new FecProtection(size, depth), lost);
        }
    }

    private static byte[] Script(FecProtection protection, int lost)
    {
        using FlexFecEncoder encoder = new(Source, Pool, Mutable) { Protection = protection };
        using MemoryStream script = new();
        for (int i = 0; i < 8; i++)
        {
            byte[] packet = RtpTargets.Packet(0, i % 2 == 0, false, 5 + i, i % 3 == 0 ? [] : [(4, 3)]);
            var fields = new RtpHeaderFields(new PayloadType(100), i % 2 == 0, new SequenceNumber((ushort)(65_533 + i)), new RtpTimestamp((uint)i * 3000), Source);
            RtpHeaderWriter.Overwrite(packet, fields);
            if (i != lost)
            {
                Append(script, 0, packet);
            }

            if (encoder.Add(Instant.Zero, fields.SequenceNumber, packet, [], []))
            {
                byte[] repair = new byte[1500];
                Append(script, 1, repair.AsSpan(0, encoder.Take(repair)));
            }
        }

        return script.ToArray();
    }

    private static void Append(MemoryStream script, byte kind, ReadOnlySpan<byte> bytes)
    {
        script.Write([kind, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
        script.Write(bytes);
    }

    private static IEnumerable<byte[]> RedSeeds()
    {
        yield return Convert.FromHexString("6FAABB");
        yield return Convert.FromHexString("EF0F00026F0102AABB");
        yield return Convert.FromHexString("EF1E0001EF0F00026F010203AA");
        yield return Convert.FromHexString("EF0F00006FAA");
    }
}
