using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Rtp;

/// <summary>Source-generated serialisation of the media descriptions: camelCase, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RtpCapabilities))]
[JsonSerializable(typeof(RtpParameters))]
[JsonSerializable(typeof(IceParameters))]
[JsonSerializable(typeof(IceCandidate))]
[JsonSerializable(typeof(DtlsParameters))]
public sealed partial class RtpJson : JsonSerializerContext;
