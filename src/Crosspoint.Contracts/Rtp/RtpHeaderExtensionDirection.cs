using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Rtp;

/// <summary>In which direction an endpoint supports a header extension, from that endpoint's point of view.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<RtpHeaderExtensionDirection>))]
public enum RtpHeaderExtensionDirection
{
    /// <summary><c>"sendrecv"</c>.</summary>
    [JsonStringEnumMemberName("sendrecv")]
    SendRecv,

    /// <summary><c>"sendonly"</c>.</summary>
    [JsonStringEnumMemberName("sendonly")]
    SendOnly,

    /// <summary><c>"recvonly"</c>.</summary>
    [JsonStringEnumMemberName("recvonly")]
    RecvOnly,

    /// <summary><c>"inactive"</c>.</summary>
    Inactive,
}
