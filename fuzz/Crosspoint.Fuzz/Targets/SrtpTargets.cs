using Crosspoint.Fuzz.Engine;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Fuzz.Targets;

/// <summary>SRTP and SRTCP: raw bytes, and plaintext that is protected with the right key so that what lies behind authentication is reached.</summary>
internal static class SrtpTargets
{
    private static readonly SrtpProfile[] Profiles = [SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm];
    private static readonly byte[] Scratch = new byte[4096];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("srtp-unprotect", Raw, RawSeeds),
        new("srtp-authentic", Authentic, PlainSeeds),
    ];

    // | bits 0-1 profile, bit 2 RTCP | packet … |
    private static int Raw(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        using SrtpUnprotector unprotector = MakeUnprotector(Profile(input[0]));
        Span<byte> packet = Scratch.AsSpan(0, input.Length - 1);
        input[1..].CopyTo(packet);
        var signature = new Signature();
        signature.Add(Profile(input[0]));
        // Twice: the second time it is a replay, if it was anything.
        for (int i = 0; i < 2; i++)
        {
            signature.Add(Unprotect(unprotector, (input[0] & 4) != 0, packet, out int length));
            signature.AddMagnitude(length);
            input[1..].CopyTo(packet);
        }

        return signature.Value;
    }

    private static SrtpResult Unprotect(SrtpUnprotector unprotector, bool rtcp, Span<byte> packet, out int length)
    {
        length = 0;
        if (rtcp)
        {
            return unprotector.UnprotectRtcp(packet, out length);
        }

        return RtpPacket.TryParseHeader(packet, out RtpPacket parsed) ? unprotector.UnprotectRtp(packet, parsed.HeaderLength, out length) : SrtpResult.TooShort;
    }

    // | bits 0-1 profile, bit 2 RTCP | length (8 bit, in words) | packet | length | packet … |
    private static int Authentic(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        SrtpProfile profile = Profile(input[0]);
        bool rtcp = (input[0] & 4) != 0;
        using SrtpProtector protector = MakeProtector(profile);
        using SrtpUnprotector unprotector = MakeUnprotector(profile);
        var signature = new Signature();
        signature.Add(profile);
        input = input[1..];
        for (int i = 0; i < 8 && !input.IsEmpty; i++)
        {
            int length = Math.Min(input[0] * 4, input.Length - 1);
            ReadOnlySpan<byte> plain = input.Slice(1, length);
            input = input[(1 + length)..];
            signature.Add(RoundTrip(protector, unprotector, rtcp, plain));
        }

        return signature.Value;
    }

    private static int RoundTrip(SrtpProtector protector, SrtpUnprotector unprotector, bool rtcp, ReadOnlySpan<byte> plain)
    {
        int length;
        if (rtcp)
        {
            length = plain.Length < 8 ? 0 : protector.ProtectRtcp(plain, Scratch);
        }
        else
        {
            length = RtpPacket.TryParseHeader(plain, out RtpPacket packet) ? protector.ProtectRtp(packet.Header, plain[packet.HeaderLength..], Scratch) : 0;
        }

        if (length <= 0)
        {
            return -1;
        }

        SrtpResult result = Unprotect(unprotector, rtcp, Scratch.AsSpan(0, length), out int opened);
        if (result == SrtpResult.Ok && !Scratch.AsSpan(0, opened).SequenceEqual(plain))
        {
            throw new InvalidOperationException("What was opened is not what was protected.");
        }

        return (int)result;
    }

    private static SrtpProfile Profile(byte selector) => Profiles[(selector & 3) % Profiles.Length];

    private static SrtpUnprotector MakeUnprotector(SrtpProfile profile)
    {
        using (Exempt.Begin())
        {
            using SrtpMasterKey key = Key(profile);
            return new SrtpUnprotector(key);
        }
    }

    private static SrtpProtector MakeProtector(SrtpProfile profile)
    {
        using (Exempt.Begin())
        {
            using SrtpMasterKey key = Key(profile);
            return new SrtpProtector(key);
        }
    }

    private static SrtpMasterKey Key(SrtpProfile profile)
    {
        SrtpProfileParameters lengths = SrtpProfileParameters.Of(profile);
        byte[] secret = new byte[lengths.KeyLength + lengths.SaltLength];
        for (int i = 0; i < secret.Length; i++)
        {
            secret[i] = (byte)i;
        }

        return new SrtpMasterKey(profile, secret.AsSpan(0, lengths.KeyLength), secret.AsSpan(lengths.KeyLength));
    }

    private static IEnumerable<byte[]> RawSeeds()
    {
        byte[] into = new byte[1500];
        for (byte i = 0; i < Profiles.Length; i++)
        {
            using SrtpProtector protector = MakeProtector(Profiles[i]);
            foreach (byte[] rtp in RtpTargets.Seeds())
            {
                int length = RtpPacket.TryParseHeader(rtp, out RtpPacket packet) ? protector.ProtectRtp(packet.Header, rtp.AsSpan(packet.HeaderLength), into) : 0;
                if (length > 0)
                {
                    yield return [i, .. into.AsSpan(0, length)];
                }
            }

            foreach (byte[] rtcp in RtcpTargets.Seeds())
            {
                int length = protector.ProtectRtcp(rtcp, into);
                yield return [(byte)(i | 4), .. into.AsSpan(0, length)];
            }
        }
    }

    private static IEnumerable<byte[]> PlainSeeds()
    {
        for (byte i = 0; i < Profiles.Length; i++)
        {
            yield return [i, .. RtpTargets.Seeds().SelectMany(Framed)];
            yield return [(byte)(i | 4), .. RtcpTargets.Seeds().SelectMany(Framed)];
        }
    }

    private static byte[] Framed(byte[] packet) => [(byte)((packet.Length + 3) / 4), .. packet, .. new byte[((packet.Length + 3) & ~3) - packet.Length]];
}
