namespace Crosspoint.Rtc.Streams;

/// <summary>
/// How long a packet may be late before it counts as lost. It grows at once to what reordering was seen to take, with a quarter to spare,
/// and shrinks by a sixteenth with every loss that was none of it, so that a quiet path does not pay for an unquiet one.
/// </summary>
/// <remarks>One owner.</remarks>
internal struct ReorderTolerance
{
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;

    /// <summary>Begins with the least.</summary>
    /// <param name="least">Never less.</param>
    /// <param name="most">Never more.</param>
    public ReorderTolerance(TimeSpan least, TimeSpan most)
    {
        _least = least;
        _most = most;
        Wait = least;
    }

    /// <summary>How long to wait now.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>A packet that was missing has come.</summary>
    /// <param name="lateness">Since it was missed.</param>
    /// <param name="wasAskedFor">Whether it may be an answer, which says nothing of reordering.</param>
    public void Update(TimeSpan lateness, bool wasAskedFor)
    {
        TimeSpan wanted = wasAskedFor ? Wait - ((Wait - _least) / 16) : lateness + (lateness / 4);
        TimeSpan next = wasAskedFor || wanted > Wait ? wanted : Wait;
        Wait = next > _most ? _most : next < _least ? _least : next;
    }
}
