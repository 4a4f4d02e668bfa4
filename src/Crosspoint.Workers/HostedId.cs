using System.Globalization;

namespace Crosspoint.Workers;

/// <summary>Ids of transports, producers and consumers: random, and the last byte says which worker they live on, so that nobody keeps a list.</summary>
internal static class HostedId
{
    private const int Length = 36;

    /// <summary>A new id for something on a worker.</summary>
    /// <param name="worker">0 to 255.</param>
    public static string New(int worker) => string.Concat(Guid.NewGuid().ToString().AsSpan(0, Length - 2), worker.ToString("x2", CultureInfo.InvariantCulture));

    /// <summary>The worker an id names; −1 when it is none of ours. Clients send us what they like.</summary>
    public static int WorkerOf(string id) =>
        id.Length == Length && byte.TryParse(id.AsSpan(Length - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte worker) ? worker : -1;
}
