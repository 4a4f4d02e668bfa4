using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Fuzz.Targets;

/// <summary>What clients send as JSON: frames of the calls door, their payloads, and the media parameters inside.</summary>
internal static class JsonTargets
{
    // A message, not a datagram: building records from text costs some multiple of the text.
    private const long JsonBudget = 512 << 10;

    private static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default);
    private static readonly Dictionary<string, Func<JsonElement, bool>> Readers = MessageCatalogue.All
        .Where(m => MessageCatalogue.IsRequest(m.Type)).ToDictionary(m => m.Type, ReaderOf, StringComparer.Ordinal);

    private static readonly ArrayBufferWriter<byte> Written = new(1 << 20);

    private static readonly byte[][] Words =
    [
        .. new[] { "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "0", "1e999", "9007199254740993", "\\ud800", "\\u0000", "\"v\":1", "{\"a\":", "[[[[[[[[", "\"ssrc\":", "\"mid\":", "\"codecs\":", "\"encodings\":", "\"apt\":", "\"rtx\"", "\"payloadType\":" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("calls-frame", Frame, FrameSeeds) { MaxInputBytes = 4096, MaxAllocatedBytes = JsonBudget, Words = Words },
        new("negotiate-producer", Producer, ProducerSeeds) { MaxInputBytes = 8192, MaxAllocatedBytes = JsonBudget, Words = Words },
        new("negotiate-capabilities", Capabilities, CapabilitySeeds) { MaxInputBytes = 8192, MaxAllocatedBytes = JsonBudget, Words = Words },
    ];

    private static int Frame(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        EnvelopeStatus status = EnvelopeReader.Read(input, out ClientFrame frame);
        signature.Add(status);
        if (status == EnvelopeStatus.Ok && Readers.TryGetValue(frame.Type, out Func<JsonElement, bool>? read))
        {
            signature.Add(string.GetHashCode(frame.Type, StringComparison.Ordinal) & 0xFF);
            signature.Add(read(frame.Payload));
        }

        // Whatever the frame was, its id goes back into an ACK.
        Written.ResetWrittenCount();
        EnvelopeWriter.WriteAck(Written, Guid.Empty, 1, frame.MsgId ?? string.Empty);
        return signature.Value;
    }

    private static Func<JsonElement, bool> ReaderOf(MessageDescriptor message) =>
        typeof(JsonTargets).GetMethod(nameof(ReaderFor), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(message.Payload.Type).Invoke(null, [message.Payload]) as Func<JsonElement, bool> ?? throw new InvalidOperationException(message.Type);

    private static Func<JsonElement, bool> ReaderFor<T>(JsonTypeInfo<T> type)
        where T : class => payload =>
        {
            if (!PayloadReader.TryRead(payload, type, out T? read, out _))
            {
                return false;
            }

            // What was taken in is passed on to others, and must be JSON again.
            Written.ResetWrittenCount();
            EnvelopeWriter.Write(Written, "RELAYED", Guid.Empty, 1, null, read, type);
            Check(Written.WrittenSpan);
            Written.ResetWrittenCount();
            EnvelopeWriter.WriteRaw(Written, "RELAYED", Guid.Empty, 1, null, payload);
            Check(Written.WrittenSpan);
            return read is not ProducePayload produce || Enum.IsDefined(produce.EffectiveSource);
        };

    private static void Check(ReadOnlySpan<byte> written)
    {
        if (EnvelopeReader.Read(written, out ClientFrame again) is not EnvelopeStatus.InvalidSeq || again.Type != "RELAYED")
        {
            throw new InvalidOperationException("A frame of ours is none.");
        }
    }

    private static int Producer(ReadOnlySpan<byte> input)
    {
        RtpParameters? parameters = Read(input, RtpJson.Default.RtpParameters);
        if (parameters is null)
        {
            return 0;
        }

        var signature = new Signature();
        foreach (MediaKind kind in new[] { MediaKind.Audio, MediaKind.Video })
        {
            try
            {
                ProducerNegotiation producer = Negotiator.MapProducer(kind, parameters, "cname");
                signature.Add(1);
                signature.Add(RtpNegotiator.CanConsume(producer, Negotiator.Capabilities));
            }
            catch (NegotiationException e)
            {
                signature.Add(e.Error);
            }
        }

        return signature.Value;
    }

    private static int Capabilities(ReadOnlySpan<byte> input)
    {
        RtpCapabilities? capabilities = Read(input, RtpJson.Default.RtpCapabilities);
        if (capabilities is null)
        {
            return 0;
        }

        var signature = new Signature();
        foreach (ProducerNegotiation producer in KnownProducers.Value)
        {
            try
            {
                signature.Add(RtpNegotiator.CanConsume(producer, capabilities));
                ConsumerNegotiation consumer = RtpNegotiator.MapConsumer(producer, capabilities, "0", new Rtc.SeededRandomSource(1));
                signature.Add(consumer is not null);
            }
            catch (NegotiationException e)
            {
                signature.Add(e.Error);
            }
        }

        return signature.Value;
    }

    private static readonly Lazy<ProducerNegotiation[]> KnownProducers = new(() =>
    [
        Negotiator.MapProducer(MediaKind.Audio, Read(Encoding.UTF8.GetBytes(AudioParameters), RtpJson.Default.RtpParameters)!, "a"),
        Negotiator.MapProducer(MediaKind.Video, Read(Encoding.UTF8.GetBytes(VideoParameters), RtpJson.Default.RtpParameters)!, "v"),
    ]);

    private static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate; PayloadReader treats it alike.
            return null;
        }
    }

    private const string AudioParameters = """
        {"mid":"0","codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,"parameters":{"minptime":10,"useinbandfec":1},"rtcpFeedback":[{"type":"transport-cc","parameter":""}]}],"headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},{"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1}],"encodings":[{"ssrc":1111,"dtx":false}],"rtcp":{"cname":"abc","reducedSize":true}}
        """;

    private const string VideoParameters = """
        {"mid":"1","codecs":[{"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},"rtcpFeedback":[{"type":"nack"},{"type":"nack","parameter":"pli"},{"type":"ccm","parameter":"fir"}]},{"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96}}],"headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4}],"encodings":[{"ssrc":2222,"rtx":{"ssrc":2223}}],"rtcp":{"cname":"abc"}}
        """;

    private static IEnumerable<byte[]> ProducerSeeds() => [Encoding.UTF8.GetBytes(AudioParameters), Encoding.UTF8.GetBytes(VideoParameters)];

    private static IEnumerable<byte[]> CapabilitySeeds() =>
    [
        JsonSerializer.SerializeToUtf8Bytes(Negotiator.Capabilities, RtpJson.Default.RtpCapabilities),
        """{"codecs":[{"kind":"audio","mimeType":"audio/opus","clockRate":48000,"channels":2,"preferredPayloadType":111}],"headerExtensions":[]}"""u8.ToArray(),
    ];

    private static IEnumerable<byte[]> FrameSeeds() => new[]
    {
        ("HELLO", """{"client":{"platform":"web","appVersion":"1.4.0","deviceId":"dev_ada"},"resume":{"resumeToken":"rt_Zm9v","lastServerSeqSeen":41}}"""),
        ("AUTH", """{"accessToken":"aaa.bbb.ccc"}"""),
        ("PING", "{}"),
        ("E2EE_CAPS", """{"insertableStreams":true,"sframe":true,"profiles":["epoch-v1"]}"""),
        ("ROOM_CREATE", """{"roomId":"r1","preferredRegion":"tr","allowedUserIds":["bob"],"maxPeers":4}"""),
        ("ROOM_JOIN", """{"roomId":"r1","joinToken":"t"}"""),
        ("ROOM_LEAVE", """{"reason":"hangup"}"""),
        ("TRANSPORT_CREATE", """{"direction":"send"}"""),
        ("TRANSPORT_CONNECT", """{"transportId":"t1","dtlsParameters":{"role":"client","fingerprints":[{"algorithm":"sha-256","value":"AA:BB"}]}}"""),
        ("ICE_RESTART", """{"transportId":"t1","policy":"all","reason":"FAILED"}"""),
        ("PRODUCE", $$"""{"transportId":"t1","kind":"audio","rtpParameters":{{AudioParameters}},"appData":{"source":"screen"} }"""),
        ("PRODUCER_PAUSE", """{"producerId":"p1"}"""),
        ("CONSUME", """{"producerId":"p1","rtpCapabilities":{"codecs":[],"headerExtensions":[]}}"""),
        ("CONSUMER_CLOSE", """{"consumerId":"c1"}"""),
        ("E2EE_READY", """{"roomId":"r1","epoch":0}"""),
        ("REKEY_BEGIN", """{"epoch":1,"memberSetVersion":2,"leaderDeviceId":"dev_ada","deadlineMs":8000,"extra":{"a":["b"]}}"""),
        ("REKEY_COMMIT", """{"epoch":"1","extra":"a"}"""),
        ("KEY_PACKAGE", """{"epoch":1,"targetDeviceId":"dev_bob","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","sig":"AAAA","senderPublicKey":"AAAA","own":{"a":"b"}}"""),
        ("KEY_ACK", """{"epoch":1,"targetDeviceId":"dev_bob","refId":"m1","own":"a"}"""),
    }.Select(m => Encoding.UTF8.GetBytes($$"""{"v":1,"type":"{{m.Item1}}","msgId":"m1","seq":1,"ts":1700000000000,"payload":{{m.Item2}}}"""));
}
