using Crosspoint.Calls.Door;
using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Rooms;

/// <summary>A room's line to the media plane: made when first needed, asked with a deadline, listened to, and made again after its worker died.</summary>
/// <remarks>The room's mailbox owns it. The deadline is there so that a stuck worker refuses requests instead of stopping the room.</remarks>
internal sealed class RoomPlane(Room room, RoomContext context, MediaReports reports) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;
    private readonly MediaReports _reports = reports;

    // state
    private IMediaRoom? _plane;
    private (ulong Current, ulong Oldest) _epochs;

    /// <summary>False where only the control plane runs.</summary>
    internal bool IsReal => _context.Media.Mode != MediaPlaneMode.ControlOnly;

    internal RtpCapabilities RouterRtpCapabilities => _plane?.RouterRtpCapabilities ?? new();

    /// <summary>Makes the room's media side if there is none; the refusal when that is impossible now.</summary>
    internal async ValueTask<Outcome?> EnsureAsync()
    {
        if (_plane is not null)
        {
            return default(Outcome?);
        }

        Outcome outcome = await WithDeadlineAsync(async token =>
        {
            _plane = await _context.Media.CreateRoomAsync(_room.Id, _room.Plan.Codecs, _room.Plan.Profile == RoomKeys.Profile, token);
            await SetKnownEpochsAsync(_plane, token);
            _ = PumpAsync(_plane);
            return Outcome.Done;
        });
        return outcome.Error is null ? default(Outcome?) : outcome;
    }

    /// <summary>Which epochs' frames pass; kept for a plane that is made again.</summary>
    internal ValueTask SetFrameEpochsAsync(ulong current, ulong oldest)
    {
        _epochs = (current, oldest);
        return QuietlyAsync((plane, token) => plane.SetFrameEpochsAsync(current, oldest, token));
    }

    /// <summary>Asks the plane; its refusal, or its silence, becomes the outcome.</summary>
    internal ValueTask<Outcome> AskAsync(Func<IMediaRoom, CancellationToken, ValueTask<Outcome>> question) => _plane is { } plane
        ? WithDeadlineAsync(token => question(plane, token))
        : new(Outcome.Refused(ErrorCodes.SfuNotReady, "The media plane is not up"));

    /// <summary>Tells the plane something whose failure changes nothing.</summary>
    internal async ValueTask QuietlyAsync(Func<IMediaRoom, CancellationToken, ValueTask> request)
    {
        if (_plane is not { } plane)
        {
            return;
        }

        using CancellationTokenSource deadline = new(Deadline, _context.Time);
        try
        {
            await request(plane, deadline.Token);
        }
        catch (Exception exception) when (exception is MediaPlaneException or OperationCanceledException)
        {
            _context.Metrics.MediaRefused("cleanup");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is { } plane)
        {
            _plane = null;
            await plane.DisposeAsync();
        }
    }

    private async ValueTask<Outcome> WithDeadlineAsync(Func<CancellationToken, ValueTask<Outcome>> question)
    {
        using CancellationTokenSource deadline = new(Deadline, _context.Time);
        try
        {
            return await question(deadline.Token);
        }
        catch (MediaPlaneException exception)
        {
            _context.Metrics.MediaRefused(exception.Code);
            return Outcome.Refused(exception);
        }
        catch (OperationCanceledException)
        {
            _context.Metrics.MediaRefused("deadline");
            return Outcome.Refused(ErrorCodes.SfuNotReady, "The media plane did not answer in time");
        }
    }

    // From the first packet on: before there is an epoch, nobody can have proved to have it.
    private ValueTask SetKnownEpochsAsync(IMediaRoom plane, CancellationToken token) =>
        _room.Plan.Profile == RoomKeys.Profile ? plane.SetFrameEpochsAsync(_epochs.Current, _epochs.Oldest, token) : ValueTask.CompletedTask;

    private async Task PumpAsync(IMediaRoom plane)
    {
        try
        {
            await foreach (MediaNotification notification in plane.Notifications.ReadAllAsync())
            {
                _room.Post(() => Report(plane, notification));
            }
        }
        catch (Exception exception)
        {
            _context.Log.LogWarning(exception, "The media plane gave up room {RoomId}", _room.Id);
        }

        _room.Post(() => LoseAsync(plane));
    }

    private ValueTask Report(IMediaRoom plane, MediaNotification notification)
    {
        if (plane != _plane)
        {
            return ValueTask.CompletedTask;
        }

        _reports.Handle(notification);
        return notification is FramesRefused refused
            ? QuietlyAsync((room, token) => room.CloseProducerAsync(refused.ProducerId, token))
            : ValueTask.CompletedTask;
    }

    private ValueTask LoseAsync(IMediaRoom plane)
    {
        if (plane != _plane)
        {
            return ValueTask.CompletedTask;
        }

        _plane = null;
        _reports.PlaneLost();
        return plane.DisposeAsync();
    }
}
