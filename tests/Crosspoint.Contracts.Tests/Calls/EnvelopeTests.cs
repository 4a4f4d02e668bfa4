using System.Buffers;
using System.Text;
using System.Text.Json;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Contracts.Tests.Calls;

public sealed class EnvelopeTests
{
    private static readonly Guid Id = Guid.Parse("0b0d3a52-5a54-4ef3-9a3c-1a3f0b1f9e11");

    [Theory]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1,"payload":{}}""", EnvelopeStatus.Ok)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1.5,"seq":1}""", EnvelopeStatus.Ok)]
    [InlineData("""{"v":1.0,"type":"PING","msgId":"a","ts":1,"seq":3.0,"payload":null,"more":[1]}""", EnvelopeStatus.Ok)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":9007199254740991}""", EnvelopeStatus.Ok)]
    [InlineData("""nonsense""", EnvelopeStatus.NotJson)]
    [InlineData("""{"v":1""", EnvelopeStatus.NotJson)]
    [InlineData("", EnvelopeStatus.NotJson)]
    [InlineData("""{"v":1} {"v":1}""", EnvelopeStatus.NotJson)]
    [InlineData("""[]""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""1""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":2,"type":"PING","msgId":"a","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":"1","type":"PING","msgId":"a","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":7,"msgId":"a","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"PING","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"PING","msgId":"","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"PING","msgId":"\ud800","ts":1,"seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":"1","seq":1}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1,"payload":[]}""", EnvelopeStatus.InvalidEnvelope)]
    [InlineData("""{"v":1,"type":"ACK","msgId":"a","ts":1,"ack":{"ackOfMsgId":"b","ok":true}}""", EnvelopeStatus.AckFrame)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1}""", EnvelopeStatus.InvalidSeq)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":0}""", EnvelopeStatus.InvalidSeq)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":-4}""", EnvelopeStatus.InvalidSeq)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1.5}""", EnvelopeStatus.InvalidSeq)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":"1"}""", EnvelopeStatus.InvalidSeq)]
    [InlineData("""{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1e300}""", EnvelopeStatus.InvalidSeq)]
    public void Reading_tells_apart_what_the_pipeline_treats_differently(string json, EnvelopeStatus expected) =>
        Assert.Equal(expected, EnvelopeReader.Read(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [InlineData("""{"m\ud80d":""}""")]
    [InlineData("""{"payl\ud80d":{}}""")]
    public void A_property_name_that_is_no_text_is_an_invalid_envelope(string json) =>
        Assert.Equal(EnvelopeStatus.InvalidEnvelope, EnvelopeReader.Read(System.Text.Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Bytes_that_are_not_utf8_are_not_json() =>
        Assert.Equal(EnvelopeStatus.NotJson, EnvelopeReader.Read([.. """{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1,"payload":{"a":"""u8, (byte)'"', 0xB9, .. "\"}}"u8], out _));

    [Fact]
    public void A_refused_frame_still_gives_the_id_to_acknowledge()
    {
        EnvelopeReader.Read("""{"v":9,"type":"PING","msgId":"abc"}"""u8, out var frame);
        Assert.Equal("abc", frame.MsgId);
        EnvelopeReader.Read("""{"v":9,"msgId":7}"""u8, out frame);
        Assert.Null(frame.MsgId);
        Assert.Equal(JsonValueKind.Object, frame.Payload.ValueKind);
    }

    [Fact]
    public void Nesting_without_end_is_not_json() =>
        Assert.Equal(EnvelopeStatus.NotJson, EnvelopeReader.Read(Encoding.UTF8.GetBytes(new string('[', 100_000)), out _));

    [Fact]
    public void Random_bytes_never_throw()
    {
        const int seed = 20261121;
        var random = new Random(seed);
        var template = """{"v":1,"type":"PING","msgId":"a","ts":1,"seq":1,"payload":{"a":"\u00e9"}}"""u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])template.Clone();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.True(Enum.IsDefined(EnvelopeReader.Read(bytes, out var frame)), $"seed {seed} round {round}");
            Assert.NotNull(frame.Type);
        }
    }

    [Fact]
    public void An_ack_carries_no_seq_and_an_empty_payload() => Assert.Equal(
        """{"v":1,"type":"ACK","msgId":"0b0d3a52-5a54-4ef3-9a3c-1a3f0b1f9e11","ts":5,"ack":{"ackOfMsgId":"x","ok":true},"payload":{}}""",
        Written(into => EnvelopeWriter.WriteAck(into, Id, 5, "x")));

    [Fact]
    public void A_refusal_carries_code_message_details_and_retryable() => Assert.Equal(
        """{"v":1,"type":"ACK","msgId":"0b0d3a52-5a54-4ef3-9a3c-1a3f0b1f9e11","ts":5,"ack":{"ackOfMsgId":"x","ok":false,"error":{"code":"E2EE_NOT_READY","message":"Say E2EE_READY first.","details":{"expectedEpoch":3},"retryable":true}},"payload":{}}""",
        Written(into => EnvelopeWriter.WriteAck(into, Id, 5, "x", AckError.Of(ErrorCodes.E2eeNotReady, "Say E2EE_READY first.", new ErrorDetails { ExpectedEpoch = 3 }))));

    [Fact]
    public void A_refusal_without_facts_carries_empty_details() => Assert.Contains(
        "\"details\":{}",
        Written(into => EnvelopeWriter.WriteAck(into, Id, 5, "x", AckError.Of(ErrorCodes.Unauthorized, "No."))),
        StringComparison.Ordinal);

    [Fact]
    public void A_direct_frame_carries_its_seq_and_a_broadcast_none()
    {
        var left = new RoomLeftPayload { RoomId = "r" };
        var direct = Written(into => EnvelopeWriter.Write(into, MessageTypes.RoomLeft, Id, 5, 7, left, CallsJson.Default.RoomLeftPayload));
        Assert.Equal("""{"v":1,"type":"ROOM_LEFT","msgId":"0b0d3a52-5a54-4ef3-9a3c-1a3f0b1f9e11","ts":5,"seq":7,"payload":{"roomId":"r"}}""", direct);
        var broadcast = Written(into => EnvelopeWriter.Write(into, MessageTypes.RoomLeft, Id, 5, null, left, CallsJson.Default.RoomLeftPayload));
        Assert.DoesNotContain("seq", broadcast, StringComparison.Ordinal);
        var envelope = JsonSerializer.Deserialize(direct, CallsJson.Default.Envelope)!;
        Assert.Equal(7, envelope.Seq);
        Assert.Equal("r", envelope.Payload!.Value.GetProperty("roomId").GetString());
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var into = new ArrayBufferWriter<byte>();
        write(into);
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }
}
