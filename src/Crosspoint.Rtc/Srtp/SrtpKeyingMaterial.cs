namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// Both directions of a DTLS-SRTP association (RFC 5764 §4.2), already turned to our side:
/// <see cref="Send"/> protects what we send, <see cref="Receive"/> opens what the peer sends. Dispose once the
/// <see cref="SrtpProtector"/> and <see cref="SrtpUnprotector"/> are made.
/// </summary>
public sealed class SrtpKeyingMaterial : IDisposable
{
    /// <summary>Takes ownership of both keys.</summary>
    public SrtpKeyingMaterial(SrtpMasterKey send, SrtpMasterKey receive)
    {
        Send = send;
        Receive = receive;
    }

    /// <summary>The negotiated profile.</summary>
    public SrtpProfile Profile => Send.Profile;

    /// <summary>For <see cref="SrtpProtector"/>.</summary>
    public SrtpMasterKey Send { get; }

    /// <summary>For <see cref="SrtpUnprotector"/>.</summary>
    public SrtpMasterKey Receive { get; }

    /// <summary>Wipes both.</summary>
    public void Dispose()
    {
        Send.Dispose();
        Receive.Dispose();
    }

    /// <summary>
    /// Cuts the exporter's output (RFC 5764 §4.2): client key, server key, client salt, server salt.
    /// </summary>
    internal static SrtpKeyingMaterial FromExporter(SrtpProfile profile, ReadOnlySpan<byte> exported, bool isClient)
    {
        var (key, salt, _) = SrtpProfileParameters.Of(profile);
        var client = new SrtpMasterKey(profile, exported[..key], exported.Slice(2 * key, salt));
        var server = new SrtpMasterKey(profile, exported.Slice(key, key), exported.Slice((2 * key) + salt, salt));
        return isClient ? new(client, server) : new(server, client);
    }

    /// <summary>Bytes to ask of the exporter.</summary>
    internal static int ExportLength(SrtpProfile profile)
    {
        var (key, salt, _) = SrtpProfileParameters.Of(profile);
        return 2 * (key + salt);
    }
}
