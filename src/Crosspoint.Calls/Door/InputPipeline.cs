using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Calls.Door;

/// <summary>What happens to a text message, step by step, before and after its handler.</summary>
/// <remarks>One read loop per connection calls it, one message at a time; connections do not wait for each other.</remarks>
internal sealed class InputPipeline(RequestTable requests, int maxFrameBytes, int maxMalformedFrames, CallsMetrics metrics, TimeProvider time, ILogger log)
{
    // given to me
    private readonly RequestTable _requests = requests;
    private readonly int _maxMalformedFrames = maxMalformedFrames;
    private readonly CallsMetrics _metrics = metrics;
    private readonly TimeProvider _time = time;
    private readonly ILogger _log = log;

    /// <summary>Takes one text message through the whole door; everything it caused is queued when this completes.</summary>
    internal async ValueTask HandleAsync(Connection connection, ReadOnlyMemory<byte> text)
    {
        connection.Heard();

        // 1. Not JSON: dropped silently, but not for ever.
        EnvelopeStatus status = EnvelopeReader.Read(text.Span, out ClientFrame frame);
        if (status == EnvelopeStatus.NotJson)
        {
            DropMalformed(connection);
            return;
        }

        // Only one type may be larger than the others.
        if (text.Length > maxFrameBytes && frame.Type != MessageTypes.RekeyCommit)
        {
            connection.Close(CloseRequest.MessageTooBig);
            return;
        }

        // Floods are counted before anything else is done for them.
        RequestEntry? entry = _requests.Find(frame.Type);
        RateBucket family = entry?.Family ?? RateBucket.Global;
        if (!Allows(connection, connection.Rates, family, frame))
        {
            return;
        }

        // 2.–4. Envelope, own ACKs, seq.
        if (!IsWellFormed(connection, status, frame))
        {
            return;
        }

        // 5. A repeated frame gets its first answer and has no second effect.
        if (connection.Seen.TryGet(frame.MsgId!, out Task<Outcome>? known))
        {
            _metrics.Duplicate();
            connection.SendAck(frame.MsgId!, await known);
            return;
        }

        // 6. A new frame must be newer than the last one; gaps are allowed.
        if (frame.Seq <= connection.LastClientSeq)
        {
            Refuse(connection, frame, AckError.Of(ErrorCodes.ReplayDetected, "seq is not higher than the last one"));
            return;
        }

        // The type's own limit. Refused here the frame leaves no trace, so that its retry is executed and not taken for a repetition.
        if (entry?.Own is { } own && !Allows(connection, entry.PerDevice && connection.Session is { } session ? session.DeviceRates : connection.Rates, own, frame))
        {
            return;
        }

        // 7. Taken in: from here on the id is remembered with whatever comes of it.
        connection.LastClientSeq = frame.Seq;
        TaskCompletionSource<Outcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Seen.Remember(frame.MsgId!, outcome.Task);
        _metrics.MessageIn(entry is null ? "other" : frame.Type);
        long startedAt = _time.GetTimestamp();
        outcome.SetResult(await DispatchAsync(connection, frame, entry));
        connection.Seen.Remember(frame.MsgId!, outcome.Task); // HELLO may have changed the window to the resumed session's

        // 8. The ACK is the last frame a request causes.
        Outcome result = await outcome.Task;
        if (result.Error is { } error)
        {
            _metrics.Refused(entry is null ? "other" : frame.Type, error.Code);
        }

        connection.SendAck(frame.MsgId!, result);
        _metrics.RequestTook(entry is null ? "other" : frame.Type, _time.GetElapsedTime(startedAt));
    }

    private async ValueTask<Outcome> DispatchAsync(Connection connection, ClientFrame frame, RequestEntry? entry)
    {
        if (entry is null)
        {
            return Outcome.Refused(ErrorCodes.ValidationFailed, "Unsupported type: " + frame.Type);
        }

        Request request = new(connection, frame);
        if (entry.NeedsSession && request.Session is null)
        {
            return Outcome.Refused(ErrorCodes.Unauthenticated, "AUTH required");
        }

        try
        {
            return await entry.Handler(request);
        }
        catch (Exception exception)
        {
            _metrics.InternalError(frame.Type);
            _log.LogError(exception, "{Type} failed", frame.Type);
            return Outcome.Refused(ErrorCodes.InternalError, "The server failed at this request");
        }
    }

    private bool IsWellFormed(Connection connection, EnvelopeStatus status, ClientFrame frame)
    {
        switch (status)
        {
            case EnvelopeStatus.Ok:
                return true;
            case EnvelopeStatus.AckFrame:
                _metrics.MessageDropped("ack");
                return false;
            case EnvelopeStatus.InvalidSeq:
                Refuse(connection, frame, AckError.Of(ErrorCodes.ValidationFailed, "seq must be a whole number from 1", new() { Field = "$.seq" }));
                return false;
            default:
                Refuse(connection, frame, AckError.Of(ErrorCodes.ValidationFailed, "Invalid envelope"));
                return false;
        }
    }

    private bool Allows(Connection connection, RateCounter counter, RateBucket bucket, ClientFrame frame)
    {
        switch (counter.Count(bucket))
        {
            case RateVerdict.Allowed:
                return true;
            case RateVerdict.Abusive:
                _metrics.MessageDropped("flood");
                connection.Close(CloseRequest.RateLimited);
                return false;
            default:
                long wait = (long)Math.Ceiling(counter.RetryAfter(bucket).TotalMilliseconds);
                Refuse(connection, frame, AckError.Of(ErrorCodes.RateLimited, "Too many messages", new() { RetryAfterMs = wait, Reason = bucket.ToString() }));
                return false;
        }
    }

    private void Refuse(Connection connection, ClientFrame frame, AckError error)
    {
        _metrics.Refused("envelope", error.Code);
        connection.SendAck(frame.MsgId ?? Guid.NewGuid().ToString(), new(error));
    }

    private void DropMalformed(Connection connection)
    {
        _metrics.MessageDropped("not_json");
        if (++connection.MalformedFrames >= _maxMalformedFrames)
        {
            connection.Close(CloseRequest.MalformedFrames);
        }
        else if (connection.Rates.Count(RateBucket.Global) == RateVerdict.Abusive)
        {
            connection.Close(CloseRequest.RateLimited);
        }
    }
}
