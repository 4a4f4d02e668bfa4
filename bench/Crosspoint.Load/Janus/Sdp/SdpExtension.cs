namespace Crosspoint.Load.Janus.Sdp;

/// <summary><c>a=extmap</c>: an RTP header extension and the id it goes by (RFC 8285 §8).</summary>
internal readonly record struct SdpExtension(byte Id, string Uri);
