namespace Crosspoint.Media.Negotiation;

/// <summary>Bounds on what a client may describe, so that no description costs more than a few microseconds to refuse.</summary>
internal static class Limits
{
    /// <summary>Chromium lists about 40 codecs with their RTX, Firefox fewer.</summary>
    public const int Codecs = 64;

    /// <summary>Both browsers list under 20 per kind.</summary>
    public const int HeaderExtensions = 64;

    /// <summary>Feedback lines of one codec; browsers have up to 7.</summary>
    public const int Feedback = 32;

    /// <summary>Format parameters of one codec.</summary>
    public const int Parameters = 32;

    /// <summary>Simulcast encodings; browsers send three, and there are four spatial layers at most.</summary>
    public const int Encodings = 4;

    /// <summary>MID and RID must fit a one-byte header extension (RFC 8285 §4.2).</summary>
    public const int Identifier = 16;

    /// <summary>A CNAME has an 8-bit length (RFC 3550 §6.5).</summary>
    public const int CanonicalName = 255;

    /// <summary>Codec names, URIs and parameter values.</summary>
    public const int Text = 256;
}
