namespace Crosspoint.Rtc.Streams;

/// <summary>
/// How long the answer to a NACK takes: a round trip, and what the sender's pacer adds, which no report tells. Who asks again after exactly
/// a round trip asks for what is on its way, and gets it twice.
/// </summary>
/// <remarks>A value; one owner. Mean and deviation as in RFC 6298 §2.</remarks>
internal struct AnswerTime
{
    private const int Deviations = 2; // not the 4 of RFC 6298: an answer too many costs less there than a picture that waits does here

    private TimeSpan _mean;
    private TimeSpan _deviation;

    /// <summary>An answer came.</summary>
    public void Add(TimeSpan took)
    {
        if (_mean == TimeSpan.Zero)
        {
            (_mean, _deviation) = (took, TimeSpan.Zero);
            return;
        }

        TimeSpan error = took - _mean;
        _deviation += (error.Duration() - _deviation) / 4;
        _mean += error / 8;
    }

    /// <summary>How long to wait for one: a round trip until one has come, and then between one and two of them.</summary>
    public readonly TimeSpan Expected(TimeSpan roundTrip)
    {
        TimeSpan expected = _mean + (_deviation * Deviations);
        return expected < roundTrip ? roundTrip : expected > roundTrip * 2 ? roundTrip * 2 : expected;
    }
}
