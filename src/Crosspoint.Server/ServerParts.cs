using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Media;

namespace Crosspoint.Server;

/// <summary>Parts a test or an embedding program brings itself; what is null is made from the options.</summary>
public sealed record ServerParts
{
    /// <summary>The clock of sessions, rooms and tokens.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where media comes from.</summary>
    public IMediaPlane? Media { get; init; }

    /// <summary>Who may come in.</summary>
    public IAccessTokenVerifier? Verifier { get; init; }

    /// <summary>What identity providers are asked through.</summary>
    public HttpMessageHandler? IdentityHandler { get; init; }

    /// <summary>The embedding program says itself where the server listens and how to stop it; the host then does not.</summary>
    public bool AnnouncesItself { get; init; }

    /// <summary>Keeps the console quiet.</summary>
    public bool QuietLogs { get; init; }
}
