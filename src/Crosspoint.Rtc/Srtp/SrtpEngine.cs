namespace Crosspoint.Rtc.Srtp;

/// <summary>Whose ciphers protect media.</summary>
public enum SrtpEngine
{
    /// <summary>libipsec-mb where it is installed and passes its tests, OpenSSL otherwise.</summary>
    Auto,

    /// <summary>OpenSSL, whatever is installed.</summary>
    OpenSsl,
}
