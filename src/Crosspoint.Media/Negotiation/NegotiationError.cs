namespace Crosspoint.Media.Negotiation;

/// <summary>What is wrong with media parameters a client gave. The names are metric labels.</summary>
public enum NegotiationError
{
    /// <summary>A list or text is longer than the limits allow.</summary>
    TooLarge,

    /// <summary>Something required is absent.</summary>
    Missing,

    /// <summary>A value is outside its range or not of its syntax.</summary>
    Invalid,

    /// <summary>An identifier appears twice.</summary>
    Duplicate,

    /// <summary>The codec's kind is not the track's kind.</summary>
    KindMismatch,

    /// <summary>The router does not speak this codec with these parameters.</summary>
    UnsupportedCodec,

    /// <summary>An RTX codec names no media codec in its <c>apt</c> parameter (RFC 4588 §8.1).</summary>
    RtxWithoutCodec,

    /// <summary>The encodings of a track use different codecs, which the router does not do.</summary>
    CodecPerEncoding,

    /// <summary>An encoding has no SSRC, and no header extension by which its packets could be recognised.</summary>
    EncodingNotIdentifiable,

    /// <summary>Encrypted header extensions (RFC 6904) are not supported.</summary>
    EncryptedExtension,

    /// <summary>The consumer's capabilities have no codec in common with the producer.</summary>
    CannotConsume,
}
