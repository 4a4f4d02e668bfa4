using System.Text;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Tests.Stun;

public class StunCodecTests
{
    private static readonly StunTransactionId Id = new(0x01020304, 0x05060708090a0b0c);
    private static readonly TransportAddress Somebody = TransportAddress.FromIPv4(0xC0000201, 4242);

    [Theory]
    [InlineData(StunClass.Request, 0x001, 0x0001)]
    [InlineData(StunClass.Indication, 0x001, 0x0011)]
    [InlineData(StunClass.Success, 0x001, 0x0101)]
    [InlineData(StunClass.Error, 0x001, 0x0111)]
    [InlineData(StunClass.Error, 0xFFF, 0x3FFF)]
    [InlineData(StunClass.Request, 0xFFF, 0x3EEF)]
    public void Message_types_interleave_class_and_method(StunClass messageClass, int method, int packed)
    {
        Assert.Equal(packed, StunMessageType.Pack(messageClass, (StunMethod)method));
        Assert.Equal(messageClass, StunMessageType.ClassOf((ushort)packed));
        Assert.Equal((StunMethod)method, StunMessageType.MethodOf((ushort)packed));
    }

    [Theory]
    [InlineData("", StunParseResult.TooShort)]
    [InlineData("000100002112a442010203040506070809", StunParseResult.TooShort)]
    [InlineData("800100002112a442010203040506070809101112", StunParseResult.NotStun)]
    [InlineData("000100002112a443010203040506070809101112", StunParseResult.BadMagicCookie)]
    [InlineData("000100042112a442010203040506070809101112", StunParseResult.LengthMismatch)]
    [InlineData("000100022112a4420102030405060708091011120000", StunParseResult.LengthMismatch)]
    [InlineData("000100002112a44201020304050607080910111200060000", StunParseResult.LengthMismatch)]
    [InlineData("000100042112a44201020304050607080910111200060001", StunParseResult.AttributeOverrun)]
    [InlineData("000100042112a4420102030405060708091011120006ffff", StunParseResult.AttributeOverrun)]
    [InlineData("000100082112a4420102030405060708091011120008000400000000", StunParseResult.BadAttributeLength)]
    [InlineData("000100082112a442010203040506070809101112001c000400000000", StunParseResult.BadAttributeLength)]
    [InlineData("000100042112a44201020304050607080910111280280000", StunParseResult.BadAttributeLength)]
    [InlineData("0001000c2112a44201020304050607080910111280280004000000000025 0000", StunParseResult.FingerprintNotLast)]
    [InlineData("000100002112a442010203040506070809101112", StunParseResult.Ok)]
    public void Bytes_that_lie_are_refused_with_the_reason(string hex, StunParseResult expected) =>
        Assert.Equal(expected, StunMessage.Parse(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void Every_attribute_survives_the_round_trip(string ip)
    {
        TransportAddress address = TransportAddress.From(System.Net.IPAddress.Parse(ip), 1234);
        Span<byte> buffer = stackalloc byte[512];
        var writer = new StunWriter(buffer, StunClass.Error, StunMethod.Binding, Id);
        writer.AddAddress(StunAttributeType.MappedAddress, address);
        writer.AddAddress(StunAttributeType.AlternateServer, address);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);
        writer.AddErrorCode(StunErrorCode.UnknownAttribute);
        writer.AddUnknownAttributes([0x7001, 0x7002, 0x7003]);
        writer.Add(StunAttributeType.Realm, "realm"u8);
        writer.AddMessageIntegrity("key"u8);
        writer.AddMessageIntegritySha256("key"u8);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        Assert.True(StunMessage.TryParse(buffer[..length], out StunMessage message));
        Assert.Equal(Id, message.TransactionId);
        Assert.True(message.TryGetAddress(StunAttributeType.MappedAddress, TransportProtocol.Udp, out TransportAddress mapped));
        Assert.True(message.TryGetAddress(StunAttributeType.AlternateServer, TransportProtocol.Udp, out TransportAddress alternate));
        Assert.True(message.TryGetXorMappedAddress(TransportProtocol.Udp, out TransportAddress xored));
        Assert.Equal((address, address, address), (mapped, alternate, xored));
        Assert.True(message.TryGetErrorCode(out StunErrorCode code, out ReadOnlySpan<byte> reason));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        Assert.Equal("Unknown Attribute", Encoding.UTF8.GetString(reason));
        Assert.True(message.TryGet(StunAttributeType.UnknownAttributes, out ReadOnlySpan<byte> unknown));
        Assert.Equal("700170027003", Convert.ToHexString(unknown));
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.VerifySha1(message, "key"u8));
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.VerifySha256(message, "key"u8));
        Assert.Equal(StunIntegrityResult.Mismatch, StunIntegrity.VerifySha1(message, "kez"u8));
        Assert.True(StunFingerprint.Verify(message));
    }

    [Fact]
    public void What_follows_the_integrity_attribute_does_not_count()
    {
        Span<byte> buffer = stackalloc byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddUInt32(StunAttributeType.Priority, 7);
        writer.AddMessageIntegrity("key"u8);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        Assert.True(StunMessage.TryParse(buffer[..length], out StunMessage message));
        Assert.True(message.TryGetUInt32(StunAttributeType.Priority, out _));
        Assert.False(message.HasUseCandidate);
        Assert.Equal(StunIntegrityResult.Ok, StunIntegrity.Verify(message, "key"u8));
    }

    [Fact]
    public void Changing_any_byte_breaks_the_fingerprint_or_the_parse()
    {
        byte[] bytes = Check(Id);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[i] ^= 0x10;
            Assert.False(StunMessage.TryParse(changed, out StunMessage message) && StunFingerprint.Verify(message), $"byte {i}");
        }
    }

    [Fact]
    public void Unknown_required_attributes_are_listed_once_and_optional_ones_are_not()
    {
        Span<byte> buffer = stackalloc byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddUInt32((StunAttributeType)0x7001, 1);
        writer.AddUInt32((StunAttributeType)0x7001, 1);
        writer.AddUInt32((StunAttributeType)0x9001, 1);
        writer.AddUInt32(StunAttributeType.Priority, 1);
        Assert.True(writer.TryFinish(out int length));
        Assert.True(StunMessage.TryParse(buffer[..length], out StunMessage message));
        Span<ushort> unknown = stackalloc ushort[4];
        Assert.Equal(1, message.FindUnknownRequired([StunAttributeType.Priority], unknown));
        Assert.Equal(0x7001, unknown[0]);
    }

    [Fact]
    public void A_writer_without_room_says_so()
    {
        for (int size = 0; size < 60; size++)
        {
            var writer = new StunWriter(new byte[size], StunClass.Request, StunMethod.Binding, Id);
            writer.Add(StunAttributeType.Username, "abcd:efgh"u8);
            writer.AddMessageIntegrity("key"u8);
            writer.AddFingerprint();
            Assert.Equal(size >= 20 + 16 + 24 + 8, writer.TryFinish(out _));
        }
    }

    [Theory]
    [InlineData("abcd:efgh", "abcd")]
    [InlineData("a:b:c", "a")]
    [InlineData(":efgh", null)]
    [InlineData("abcd:", null)]
    [InlineData("abcd", null)]
    public void The_local_fragment_can_be_peeked_at(string username, string? expected)
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.Add(StunAttributeType.Username, Encoding.ASCII.GetBytes(username));
        Assert.True(writer.TryFinish(out int length));
        bool found = StunUsername.TryReadLocalFragment(buffer.AsSpan(0, length), out ReadOnlySpan<byte> fragment);
        Assert.Equal(expected, found ? Encoding.ASCII.GetString(fragment) : null);
    }

    [Fact]
    public void Arbitrary_bytes_never_throw()
    {
        byte[] good = Check(Id);
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = (byte[])good.Clone();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Touch(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
                Touch(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    [Fact]
    public void Parsing_and_authenticating_allocates_nothing()
    {
        byte[] bytes = Check(Id);
        Assert.Equal(0, AllocationMeter.Count(100, () => Touch(bytes)));
    }

    private static void Touch(ReadOnlySpan<byte> bytes)
    {
        StunUsername.TryReadLocalFragment(bytes, out _);
        if (StunMessage.TryParse(bytes, out StunMessage message))
        {
            StunFingerprint.Verify(message);
            StunIntegrity.Verify(message, "key"u8);
            message.TryGetErrorCode(out _, out _);
            message.TryGetXorMappedAddress(TransportProtocol.Udp, out _);
            message.TryGetAddress(StunAttributeType.MappedAddress, TransportProtocol.Udp, out _);
            Span<ushort> unknown = stackalloc ushort[2];
            message.FindUnknownRequired([], unknown);
        }
    }

    private static byte[] Check(StunTransactionId id)
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        writer.Add(StunAttributeType.Username, "abcd:efgh"u8);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, Somebody);
        writer.AddErrorCode(StunErrorCode.RoleConflict);
        writer.AddMessageIntegrity("key"u8);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }
}
