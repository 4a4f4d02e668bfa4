namespace Crosspoint.Sim.Receive;

/// <summary>The frames that a decoder has, as many as anything could still refer to.</summary>
internal sealed class DecodedFrames
{
    private const int Kept = 512;

    private readonly HashSet<long> _frames = [];
    private readonly Queue<long> _order = new();

    /// <summary>Whether everything a picture refers to is there or in the picture itself. A keyframe always can; nothing else can be the first.</summary>
    public bool CanDecode(Picture picture)
    {
        if (_frames.Count == 0 && !picture.IsKey)
        {
            return false;
        }

        foreach (FrameFacts frame in picture.Frames)
        {
            References r = frame.References;
            if (!Has(picture, r.A) || !Has(picture, r.B) || !Has(picture, r.C) || !Has(picture, r.D))
            {
                return false;
            }
        }

        return true;
    }

    public void Decode(Picture picture)
    {
        foreach (FrameFacts frame in picture.Frames)
        {
            Add(frame.Frame);
            if (frame.Alias != 0)
            {
                Add(frame.Alias);
            }
        }
    }

    private void Add(long frame)
    {
        if (_frames.Add(frame))
        {
            _order.Enqueue(frame);
        }

        if (_order.Count > Kept)
        {
            _frames.Remove(_order.Dequeue());
        }
    }

    private bool Has(Picture picture, long reference)
    {
        if (reference == 0 || _frames.Contains(reference))
        {
            return true;
        }

        foreach (FrameFacts frame in picture.Frames)
        {
            if (frame.Frame == reference)
            {
                return true;
            }
        }

        return false;
    }
}
