namespace Crosspoint.Media.Tests.Layers;

/// <summary>How spatial layers use the one below.</summary>
internal enum InterLayer
{
    /// <summary>In every picture.</summary>
    Always,

    /// <summary>In keyframes only.</summary>
    AtKeyFrames,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>One frame of one spatial layer, and which earlier ones it truly refers to.</summary>
internal sealed record EncodedFrame(int Id, int Picture, int Spatial, int Temporal, bool IsKey, int[] References, bool IsTop);

/// <summary>A scalability mode of W3C webrtc-svc, as an encoder that follows it.</summary>
internal sealed class Scalability(int spatial, int temporal, InterLayer interLayer)
{
    private static readonly int[][] Patterns = [[0], [0, 1], [0, 2, 1, 2]];

    private readonly int[,] _last = new int[4, 4];
    private int _picture;
    private int _inPattern;
    private int _id;

    public int Spatial => spatial;

    public int Temporal => temporal;

    public InterLayer InterLayer => interLayer;

    public static Scalability Parse(string mode)
    {
        (string layers, InterLayer kind) = mode.EndsWith("_KEY", StringComparison.Ordinal)
            ? (mode[..^4], InterLayer.AtKeyFrames)
            : (mode, mode[0] == 'S' ? InterLayer.Never : InterLayer.Always);
        return new Scalability(layers[1] - '0', layers[3] - '0', kind);
    }

    /// <summary>The frames of the next picture, from the lowest spatial layer up.</summary>
    /// <param name="key">A keyframe.</param>
    /// <param name="layers">How many spatial layers are being encoded.</param>
    public List<EncodedFrame> Next(bool key, int layers = 4)
    {
        _inPattern = key ? 0 : _inPattern;
        int[] pattern = Patterns[temporal - 1];
        int tid = pattern[_inPattern % pattern.Length];
        List<EncodedFrame> frames = [];
        int top = Math.Min(spatial, layers);
        for (int s = 0; s < top; s++)
        {
            List<int> references = [];
            bool hasLast = _last[s, 0] != 0;
            if (!key && hasLast)
            {
                // The second T2 of a pattern needs its T1, every other upper frame the last T0.
                bool second = tid == 2 && _inPattern % pattern.Length == 3;
                references.Add(second ? _last[s, 1] : _last[s, 0]);
            }

            if (s > 0 && (interLayer == InterLayer.Always || (interLayer == InterLayer.AtKeyFrames && key)))
            {
                references.Add(_id);
            }

            EncodedFrame frame = new(++_id, _picture, s, tid, key && (s == 0 || interLayer == InterLayer.Never), [.. references], s == top - 1);
            _last[s, tid] = frame.Id;
            frames.Add(frame);
        }

        for (int s = top; s < 4; s++)
        {
            _last[s, 0] = 0;
        }

        _picture++;
        _inPattern++;
        return frames;
    }

    /// <summary>What a frame is to a decode target: '-', 'D', 'S' or 'R'.</summary>
    public char Indication(EncodedFrame frame, bool keyPicture, int s, int t)
    {
        bool isBelow = frame.Spatial < s && interLayer != InterLayer.Never && (interLayer == InterLayer.Always || keyPicture);
        if (frame.Temporal > t || (frame.Spatial != s && !isBelow))
        {
            return '-';
        }

        if (frame.Spatial < s)
        {
            return keyPicture ? 'S' : 'R';
        }

        return frame.Temporal == 0 || frame.Temporal < t ? 'S' : 'D';
    }
}
