using System.Globalization;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>The parameters of <c>audio/red</c> (RFC 2198 §5): payload types parted by slashes, under no name. Each block must be of the one codec.</summary>
internal static class RedBlocks
{
    /// <summary>The name under which JSON carries what SDP has without a name.</summary>
    private const string Nameless = "";

    /// <summary>One redundant block and the primary, both of one type; senders may put in more.</summary>
    public static ParameterBag Parameters(int payloadType) => new()
    {
        [Nameless] = string.Create(CultureInfo.InvariantCulture, $"{payloadType}/{payloadType}"),
    };

    /// <summary>
    /// True when all blocks are of this type. Nothing said is taken as that: mediasoup-client loses parameters without a name on the way
    /// from SDP, and a packet that breaks the promise is a counted drop.
    /// </summary>
    public static bool AreAll(int payloadType, ParameterBag parameters)
    {
        string text = parameters.GetText(Nameless) ?? "";
        string wanted = payloadType.ToString(CultureInfo.InvariantCulture);
        return text.Length == 0 || text.Split('/').All(type => type == wanted);
    }
}
