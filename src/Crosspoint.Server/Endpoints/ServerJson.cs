using System.Text.Json.Serialization;

namespace Crosspoint.Server.Endpoints;

/// <summary>What the page asks before its first call.</summary>
internal sealed record PageConfig
{
    /// <summary>Path of the WebSocket on this origin.</summary>
    public required string WsPath { get; init; }

    /// <summary>Whether POST /api/dev/token gives tokens.</summary>
    public required bool DevLogin { get; init; }

    /// <summary>The node's region.</summary>
    public required string Region { get; init; }

    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Whether media waits for end-to-end encryption.</summary>
    public required bool E2eeRequired { get; init; }
}

/// <summary>Somebody who wants to try the page.</summary>
internal sealed record DevTokenRequest
{
    /// <summary>How they call themselves.</summary>
    public string? Name { get; init; }
}

/// <summary>Their token.</summary>
internal sealed record DevTokenAnswer
{
    /// <summary>For AUTH.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Who they are by it.</summary>
    public required string UserId { get; init; }
}

/// <summary>Source-generated serialisation of the server's own small bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageConfig))]
[JsonSerializable(typeof(DevTokenRequest))]
[JsonSerializable(typeof(DevTokenAnswer))]
internal sealed partial class ServerJson : JsonSerializerContext;
