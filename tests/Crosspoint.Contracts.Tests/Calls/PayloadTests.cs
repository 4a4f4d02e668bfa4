using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Tests.Calls;

public sealed class PayloadTests
{
    [Theory]
    [InlineData("""{"epoch":3}""", 3)]
    [InlineData("""{"epoch":"3"}""", 3)]
    [InlineData("""{"epoch":3.0,"roomId":null}""", 3)]
    public void An_epoch_is_read_from_a_number_or_a_numeric_string(string json, long expected) =>
        Assert.Equal(expected, Read(json, CallsJson.Default.E2eeReadyPayload).Epoch);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"epoch":null}""")]
    [InlineData("""{"epoch":-1}""")]
    [InlineData("""{"epoch":1.5}""")]
    [InlineData("""{"epoch":"x"}""")]
    [InlineData("""{"epoch":""}""")]
    [InlineData("""{"epoch":1e300}""")]
    [InlineData("""{"epoch":true}""")]
    [InlineData("""{"epoch":1,"roomId":7}""")]
    [InlineData("""{"epoch":1,"roomId":""}""")]
    [InlineData("""{"epoch":1,"roomId":"\ud800"}""")]
    public void An_epoch_that_is_none_is_refused(string json) => Refuse(json, CallsJson.Default.E2eeReadyPayload);

    [Fact]
    public void Both_spellings_of_a_rekey_are_read_and_other_fields_survive_a_relay()
    {
        Assert.Equal(4, Read("""{"epoch":"4"}""", CallsJson.Default.RekeyBeginPayload).EffectiveEpoch);
        var rekey = Read("""{"newEpoch":4,"deadlineMs":8000,"proposal":{"a":[1,2]}}""", CallsJson.Default.RekeyBeginPayload);
        Assert.Equal(4, rekey.EffectiveEpoch);
        var relayed = JsonSerializer.Serialize(rekey with { Epoch = rekey.EffectiveEpoch, NewEpoch = null, FromDeviceId = "d" }, CallsJson.Default.RekeyBeginPayload);
        Assert.Equal("""{"epoch":4,"deadlineMs":8000,"fromDeviceId":"d","proposal":{"a":[1,2]}}""", relayed);
    }

    [Theory]
    [InlineData("""{"epoch":4,"own":"\ud800"}""")]
    [InlineData("""{"epoch":4,"own":["\udc00\ud800"]}""")]
    [InlineData("""{"epoch":4,"own":{"\uD800x":1}}""")]
    [InlineData("""{"epoch":4,"\ud83d\u0041":1}""")]
    [InlineData("""{"epoch":4,"own":"\\\ud800\\ud800"}""")]
    public void Text_that_is_none_is_refused_even_in_fields_of_the_senders_own(string json)
    {
        // They were taken in, and threw when they were relayed.
        Refuse(json, CallsJson.Default.RekeyBeginPayload);
        Refuse(json, CallsJson.Default.KeyPackagePayload);
        Refuse($$"""{"transportId":"t","kind":"audio","appData":{{json}}}""", CallsJson.Default.ProducePayload);
    }

    [Theory]
    [InlineData("""{"epoch":4,"own":"\ud83d\ude00 \\ud800 \u0041\n"}""")]
    [InlineData("""{"epoch":4,"own":"\uD83D\uDE00\ud83d\ude00"}""")]
    public void Paired_surrogates_and_escaped_backslashes_survive_a_relay(string json)
    {
        using JsonDocument sent = JsonDocument.Parse(json);
        string relayed = JsonSerializer.Serialize(Read(json, CallsJson.Default.RekeyBeginPayload), CallsJson.Default.RekeyBeginPayload);
        using JsonDocument received = JsonDocument.Parse(relayed);
        Assert.Equal(sent.RootElement.GetProperty("own").GetString(), received.RootElement.GetProperty("own").GetString());
    }

    [Theory]
    [InlineData("""{"insertableStreams":true,"sframe":true}""", true, true)]
    [InlineData("""{"insertableStreams":true}""", true, false)]
    [InlineData("""{"deviceId":"d","platform":"web","caps":{"supportsE2ee":true,"mode":"web_insertable_streams","protocolVersion":1}}""", true, false)]
    [InlineData("""{"caps":{"supportsE2ee":true,"mode":"native_sframe_style"}}""", false, true)]
    [InlineData("""{"caps":{"supportsE2ee":false,"mode":"native_sframe_style"}}""", false, false)]
    [InlineData("{}", false, false)]
    public void Both_shapes_of_capabilities_are_read(string json, bool transforms, bool sframe)
    {
        var caps = Read(json, CallsJson.Default.E2eeCapsPayload);
        Assert.Equal((transforms, sframe), (caps.CanTransformFrames, caps.CanSframe));
    }

    [Fact]
    public void Hello_may_ask_to_resume()
    {
        var hello = Read("""{"client":{"platform":"web","deviceId":"dev_1"},"resume":{"resumeToken":"t","lastServerSeqSeen":17}}""", CallsJson.Default.HelloPayload);
        Assert.Equal(("t", 17L), (hello.Resume!.ResumeToken, hello.Resume.LastServerSeqSeen));
        Assert.Null(Read("{}", CallsJson.Default.HelloPayload).Client);
    }

    [Theory]
    [InlineData("""{"direction":"recv"}""", TransportDirection.Recv)]
    [InlineData("""{"direction":"send"}""", TransportDirection.Send)]
    [InlineData("""{"direction":"both"}""", TransportDirection.Send)]
    [InlineData("""{"direction":{"a":1},"forceTcp":true}""", TransportDirection.Send)]
    [InlineData("{}", TransportDirection.Send)]
    public void Anything_but_recv_means_send(string json, TransportDirection expected) =>
        Assert.Equal(expected, Read(json, CallsJson.Default.TransportCreatePayload).Direction);

    [Fact]
    public void The_first_clients_empty_descriptions_are_read()
    {
        Assert.Empty(Read("""{"transportId":"t","dtlsParameters":{}}""", CallsJson.Default.TransportConnectPayload).DtlsParameters.Fingerprints);
        Assert.Empty(Read("""{"transportId":"t","kind":"audio","rtpParameters":{}}""", CallsJson.Default.ProducePayload).RtpParameters.Codecs);
        Assert.Empty(Read("""{"producerId":"p","rtpCapabilities":{},"mode":"low-latency"}""", CallsJson.Default.ConsumePayload).RtpCapabilities.Codecs);
        Assert.Empty(Read("""{"producerId":"p"}""", CallsJson.Default.ConsumePayload).RtpCapabilities.Codecs);
    }

    [Theory]
    [InlineData("""{"transportId":"t","kind":"audio"}""", MediaSource.Microphone)]
    [InlineData("""{"transportId":"t","kind":"video"}""", MediaSource.Camera)]
    [InlineData("""{"transportId":"t","kind":"video","appData":{"source":"screen"}}""", MediaSource.Screen)]
    [InlineData("""{"transportId":"t","kind":"video","appData":{"source":"other"}}""", MediaSource.Camera)]
    [InlineData("""{"transportId":"t","kind":"video","appData":7}""", MediaSource.Camera)]
    [InlineData("""{"transportId":"t","kind":"audio","source":"screen","appData":{"source":"camera"}}""", MediaSource.Screen)]
    public void The_source_of_a_track_has_defaults(string json, MediaSource expected) =>
        Assert.Equal(expected, Read(json, CallsJson.Default.ProducePayload).EffectiveSource);

    [Fact]
    public void A_problem_names_the_field_and_not_the_value()
    {
        var problem = Refuse("""{"transportId":"t","kind":"audio","rtpParameters":{"codecs":[{"mimeType":"audio/opus","payloadType":300,"clockRate":48000}]}}""", CallsJson.Default.ProducePayload);
        Assert.Equal("$.rtpParameters.codecs[0].payloadType", problem.Field);
        Assert.DoesNotContain("300", problem.Message, StringComparison.Ordinal);
        Assert.Equal("$.kind", Refuse("""{"transportId":"t","kind":"s3cret"}""", CallsJson.Default.ProducePayload).Field);
        Assert.DoesNotContain("s3cret", Refuse("""{"transportId":"t","kind":"s3cret"}""", CallsJson.Default.ProducePayload).ToError().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_bounded_and_hold_no_nulls()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"algorithm":"sha-256","value":"AA:BB"}""", 9));
        Assert.Equal("$.dtlsParameters.fingerprints", Refuse($$$"""{"transportId":"t","dtlsParameters":{"fingerprints":[{{{many}}}]}}""", CallsJson.Default.TransportConnectPayload).Field);
        Assert.Equal("$.dtlsParameters.fingerprints[0]", Refuse("""{"transportId":"t","dtlsParameters":{"fingerprints":[null]}}""", CallsJson.Default.TransportConnectPayload).Field);
        Assert.Equal("$.allowedUserIds[1]", Refuse($$"""{"allowedUserIds":["a","{{new string('b', 257)}}"]}""", CallsJson.Default.RoomCreatePayload).Field);
    }

    [Fact]
    public void Join_placeholders_are_empty_objects()
    {
        var json = JsonSerializer.Serialize(new TransportPlaceholder { Id = "send_d" }, CallsJson.Default.TransportPlaceholder);
        Assert.Equal("""{"id":"send_d","iceParameters":{},"dtlsParameters":{}}""", json);
        Assert.NotNull(JsonSerializer.Deserialize("""{"id":"x"}""", CallsJson.Default.TransportPlaceholder)!.IceParameters);
    }

    [Fact]
    public void Secrets_stay_out_of_ToString()
    {
        const string secret = "s3cret-s3cret-s3cret-s3cret";
        object[] holders =
        [
            new AuthPayload { AccessToken = secret }, new ResumeRequest { ResumeToken = secret },
            new HelloPayload { Resume = new ResumeRequest { ResumeToken = secret } },
            new RoomJoinPayload { RoomId = "r", JoinToken = secret }, new RoomJoinSecretPayload { RoomId = "r", JoinToken = secret },
            new KeyPackagePayload { Ciphertext = secret }, new IceServer { Urls = [], Credential = secret },
            new IceParameters { UsernameFragment = "u", Password = secret },
        ];
        Assert.All(holders, holder => Assert.DoesNotContain(secret, holder.ToString(), StringComparison.Ordinal));
    }

    private static T Read<T>(string json, JsonTypeInfo<T> info)
        where T : class
    {
        Assert.True(PayloadReader.TryRead(JsonElement.Parse(json), info, out var payload, out var problem), problem?.ToString());
        return payload!;
    }

    private static PayloadProblem Refuse<T>(string json, JsonTypeInfo<T> info)
        where T : class
    {
        Assert.False(PayloadReader.TryRead(JsonElement.Parse(json), info, out _, out var problem));
        return problem!;
    }
}
