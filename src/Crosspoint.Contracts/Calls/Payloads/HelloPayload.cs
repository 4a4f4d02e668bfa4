namespace Crosspoint.Contracts.Calls;

/// <summary>First frame of a client. Answered by WELCOME.</summary>
public sealed record HelloPayload
{
    /// <summary>Who is calling.</summary>
    public ClientInfo? Client { get; init; }

    /// <summary>Present when a lost session is to be taken up again; WELCOME says whether it was. AUTH may follow, to renew the access token.</summary>
    public ResumeRequest? Resume { get; init; }
}
