using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Srtp;

/// <summary>
/// A session's encryption key, and its authentication key if the profile has one, for RTP or RTCP of one direction. Ciphers are made
/// from it when the first packet needs them: a peer that only receives never needs those for RTP from it.
/// </summary>
internal sealed unsafe class SrtpSessionKey : IDisposable
{
    private readonly SecretMemory _memory;
    private readonly int _encryptionLength;
    private readonly int _authenticationLength;

    private SrtpSessionKey(int encryptionLength, int authenticationLength)
    {
        (_encryptionLength, _authenticationLength) = (encryptionLength, authenticationLength);
        _memory = new SecretMemory(encryptionLength + authenticationLength);
    }

    /// <summary>Empty once disposed.</summary>
    public ReadOnlySpan<byte> Encryption => Bytes(0, _encryptionLength);

    /// <summary>Empty for GCM, and once disposed.</summary>
    public ReadOnlySpan<byte> Authentication => Bytes(_encryptionLength, _authenticationLength);

    /// <summary>A copy of a given encryption key.</summary>
    public static SrtpSessionKey Of(ReadOnlySpan<byte> encryption)
    {
        var key = new SrtpSessionKey(encryption.Length, 0);
        encryption.CopyTo(key.Bytes(0, encryption.Length));
        return key;
    }

    /// <summary>RFC 3711 §4.3.</summary>
    /// <param name="master">Stays the caller's.</param>
    /// <param name="isRtcp">Which of the two.</param>
    public static SrtpSessionKey Derive(SrtpMasterKey master, bool isRtcp)
    {
        var authenticates = master.Profile == SrtpProfile.Aes128CmHmacSha1Tag80;
        var key = new SrtpSessionKey(master.Key.Length, authenticates ? SrtpKeyDerivation.AuthenticationKeyLength : 0);
        SrtpKeyDerivation.Derive(master, isRtcp ? SrtpKeyDerivation.RtcpEncryption : SrtpKeyDerivation.RtpEncryption, key.Bytes(0, key._encryptionLength));
        if (authenticates)
        {
            SrtpKeyDerivation.Derive(
                master,
                isRtcp ? SrtpKeyDerivation.RtcpAuthentication : SrtpKeyDerivation.RtpAuthentication,
                key.Bytes(key._encryptionLength, key._authenticationLength));
        }

        return key;
    }

    public void Dispose() => _memory.Dispose();

    private Span<byte> Bytes(int at, int length) => _memory.IsClosed ? default : new Span<byte>(_memory.Pointer + at, length);
}
