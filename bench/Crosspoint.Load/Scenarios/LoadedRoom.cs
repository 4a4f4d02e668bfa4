using Crosspoint.Load.Engine;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>A room that is full and sending.</summary>
internal sealed class LoadedRoom(LoadEngine engine, ILoadRoom room, IReadOnlyList<Leg> publishers) : IAsyncDisposable
{
    /// <summary>For those who come and go besides.</summary>
    public ILoadRoom Room => room;

    /// <summary>What each publisher sends from now on, in Mbit/s of video.</summary>
    public void SetMegabits(double megabitsPerSecond)
    {
        foreach (Leg leg in publishers)
        {
            engine.SetBitrate(leg, megabitsPerSecond * 1e6);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => room.DisposeAsync();
}
