using Crosspoint.Calls.Door;
using Crosspoint.Calls.Encryption;
using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Sessions;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Rooms;

/// <summary>What every room needs from the house. Immutable.</summary>
internal sealed record RoomContext(
    CallsOptions Options,
    IMediaPlane Media,
    SessionDirectory Sessions,
    Frames Frames,
    CallsMetrics Metrics,
    IEpochStore Epochs,
    TimeProvider Time,
    ILogger Log);
