namespace Crosspoint.Load.Floor;

/// <summary>What a scenario's subscriber is sent, as bare datagrams: how often a burst, of how many, how long.</summary>
/// <param name="Every">From burst to burst.</param>
/// <param name="Datagrams">Of each burst, for each receiver; one kernel message.</param>
/// <param name="Bytes">Of each datagram.</param>
internal readonly record struct BareStream(TimeSpan Every, int Datagrams, int Bytes);

/// <summary>The traffic of a scenario without anything that a media server does.</summary>
internal static class BarePattern
{
    // 2 Mbit/s at 30 fps: eight packets a frame; Opus at 20 ms. Sizes as the load's sources make them, SRTP included.
    private static readonly BareStream Video = new(TimeSpan.FromSeconds(1.0 / 30), 8, 1085);
    private static readonly BareStream Opus = new(TimeSpan.FromMilliseconds(20), 1, 140);

    /// <summary>The streams of <c>call</c> or <c>audio</c>.</summary>
    public static IReadOnlyList<BareStream> Of(string scenario) => scenario switch
    {
        "call" => [Video, Opus],
        // Ten who talk, each with a phase of its own.
        "audio" => [Opus with { Every = Opus.Every / 10 }],
        _ => throw new ArgumentException($"There is no bare pattern of {scenario}.", nameof(scenario)),
    };
}
