using Crosspoint.Load.Engine;

namespace Crosspoint.Load.Servers;

/// <summary>A media server that the load can start, fill and measure. Knows how to speak to it; measures nothing itself.</summary>
internal interface IServerUnderTest : IAsyncDisposable
{
    /// <summary>For the table: <c>crosspoint</c>, <c>janus</c>.</summary>
    string Name { get; }

    /// <summary>What it says of its version; known after <see cref="StartAsync"/>.</summary>
    string Version { get; }

    /// <summary>Its processes, whose CPU and memory are measured; known after <see cref="StartAsync"/>.</summary>
    IReadOnlyList<int> ProcessIds { get; }

    /// <summary>Starts it as <paramref name="plan"/> says and waits until it answers. Disposal ends it and waits for that.</summary>
    Task StartAsync(ServerPlan plan, CancellationToken cancellationToken);

    /// <summary>Makes a room whose legs are the engine's.</summary>
    Task<ILoadRoom> CreateRoomAsync(LoadEngine engine, string name, CancellationToken cancellationToken);
}
