namespace Crosspoint.Rtc.Dtls;

/// <summary>Who sends the ClientHello: in SDP, setup active is the client, passive the server (RFC 5763 §5).</summary>
public enum DtlsRole
{
    /// <summary>Sends the ClientHello.</summary>
    Client,

    /// <summary>Waits for it.</summary>
    Server,
}
