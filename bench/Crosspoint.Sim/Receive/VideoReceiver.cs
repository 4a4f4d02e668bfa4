using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Sim.Receive;

/// <summary>
/// One video at a receiver that behaves as a browser: puts pictures together, decodes what can be decoded, shows it when it is due, asks
/// for what is missing, and for a keyframe when nothing goes on.
/// </summary>
internal sealed class VideoReceiver
{
    // What browsers wait before they ask for a keyframe: long where pictures come, short where none has come yet.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeyFrameAfter = TimeSpan.FromMilliseconds(200);
    private const int MaxWaiting = 300;

    private readonly IFrameReader _reader;
    private readonly PictureAssembler _assembler = new();
    private const int Unknown = -2;

    private readonly PlayoutClock _clock = new();
    private readonly DecodedFrames _decoded = new();
    private readonly SortedList<long, Picture> _waiting = [];
    private readonly List<Picture> _completed = [];
    private readonly byte _dependencyId;

    // The first, and each that followed another.
    private readonly List<(Instant At, byte Spatial)> _shownLayers = [];

    private int _first = Unknown;
    private long _shownTimestamp = -1;
    private Instant _lastProgress;
    private Instant _lastRequest = Instant.Zero;
    private bool _wantsKey = true;

    public VideoReceiver(Instant now, Consumer consumer, ushort source, byte dependencyId)
    {
        Consumer = consumer;
        Source = source;
        _dependencyId = dependencyId;
        _lastProgress = now;
        WatchedSince = now;
        Meter.Start(now);
        _reader = consumer.Plan.Codec switch
        {
            PayloadFormat.Vp8 => new Vp8FrameReader(),
            PayloadFormat.Vp9 => new Vp9FrameReader(),
            _ => new Av1FrameReader(),
        };
        Stream = new RtpReceiveStream(new RtpReceiveStreamOptions
        {
            Ssrc = consumer.Plan.Ssrc,
            RtxSsrc = consumer.Plan.RtxSsrc,
            ClockRate = consumer.Plan.ClockRate,
            Nack = new NackOptions { MaxRepairTime = TimeSpan.MaxValue }, // Browsers ask for all.
        });
    }

    public Consumer Consumer { get; }

    public ushort Source { get; }

    public RtpReceiveStream Stream { get; }

    public FreezeMeter Meter { get; } = new();

    /// <summary>Pictures shown, by their number at the encoder.</summary>
    public HashSet<int> ShownPictures { get; } = [];

    /// <summary>When it began to wait for its first picture.</summary>
    public Instant WatchedSince { get; }

    /// <summary>The spatial layer of what is shown.</summary>
    public byte? Spatial { get; private set; }

    /// <summary>When the spatial layer of what is shown changed, and to which.</summary>
    public IEnumerable<(Instant At, byte Spatial)> Switches => _shownLayers.Skip(1);

    /// <summary>When a picture of a spatial layer or a higher one was first shown; never while none was.</summary>
    public Instant FirstShownAt(int spatial) => _shownLayers.Where(shown => shown.Spatial >= spatial).Select(shown => shown.At).FirstOrDefault(Instant.Never);

    /// <summary>Share of the time from <paramref name="from"/> to <paramref name="to"/> in which what was shown last was of another layer than these, in percent.</summary>
    public double OutsidePercent(Instant from, Instant to, int lowest, int highest)
    {
        double outside = 0;
        Instant at = from;
        int? shown = null;
        foreach ((Instant changed, byte spatial) in _shownLayers.Where(entry => entry.At < to).Append((to, (byte)0)))
        {
            bool isInside = shown is { } known && known >= lowest && known <= highest;
            outside += changed > at && !isInside ? (changed - at).TotalSeconds : 0;
            (at, shown) = (Instant.Max(at, changed), spatial);
        }

        return 100 * outside / (to - from).TotalSeconds;
    }

    /// <summary>Keyframes asked for.</summary>
    public List<Instant> KeyFrameRequests { get; } = [];

    /// <summary>Packets whose descriptor made no sense.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The playout delay.</summary>
    public TimeSpan PlayoutDelay => _clock.Delay;

    /// <summary>Its sender is silent by intention; nothing is missing.</summary>
    public bool IsMuted { get; set; }

    public Instant NextTimeout
    {
        get
        {
            Instant due = FirstDecodable() is var first && first >= 0 ? _clock.Due(_waiting.GetKeyAtIndex(first)) : Instant.Never;
            return IsMuted ? due : Instant.Min(due, NextRequest);
        }
    }

    private Instant NextRequest => Instant.Max(_lastProgress + (_wantsKey ? KeyFrameAfter : StuckAfter), _lastRequest + KeyFrameAfter);

    /// <summary>Pictures are due again after the sender was silent.</summary>
    public void Unmute(Instant now)
    {
        IsMuted = false;
        _lastProgress = now;
        Meter.Start(now);
    }

    /// <summary>The sender falls silent.</summary>
    public void Mute(Instant now)
    {
        IsMuted = true;
        Meter.Stop(now);
    }

    /// <summary>Takes a packet of its own stream or one that was repaired. Returns true when a keyframe is to be asked for at once.</summary>
    public bool Handle(Instant now, in RtpPacket packet, NackVerdict verdict)
    {
        if (packet.Payload.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> dependencies = default;
        if (_dependencyId != 0)
        {
            packet.TryGetExtension(_dependencyId, out dependencies);
        }

        if (!_reader.TryRead(packet.Payload, dependencies, packet.Marker, out FrameFacts facts))
        {
            Unreadable++;
            return verdict == NackVerdict.KeyFrameNeeded && TryAsk(now);
        }

        if (facts is { IsKey: true, StartsFrame: true })
        {
            Stream.HandleKeyFrame(packet.SequenceNumber);
        }

        _completed.Clear();
        _assembler.Add(packet.SequenceNumber, packet.Timestamp.Value, packet.Marker, facts, _completed);
        foreach (Picture picture in _completed)
        {
            Take(now, picture);
        }

        ShowDue(now);
        return verdict == NackVerdict.KeyFrameNeeded && TryAsk(now);
    }

    /// <summary>Shows what is due. Returns true when a keyframe is to be asked for.</summary>
    public bool HandleTimeout(Instant now)
    {
        ShowDue(now);
        return !IsMuted && now >= NextRequest && TryAsk(now);
    }

    private bool TryAsk(Instant now)
    {
        if (KeyFrameRequests.Count > 0 && now < _lastRequest + KeyFrameAfter)
        {
            return false;
        }

        if (Environment.GetEnvironmentVariable("SIM_DEBUG") is not null)
        {
            Console.Error.WriteLine($"{now}: video {Source} asks; shown {_shownTimestamp} missing {Stream.GetStatistics().PacketsLost}");
            foreach ((long timestamp, Picture picture) in _waiting.Take(6))
            {
                Console.Error.WriteLine($"   waits {timestamp} {picture.Top} {string.Join(' ', picture.Frames.Select(f => $"{f.Frame}<-{f.References} key {f.IsKey}"))} {_decoded.CanDecode(picture)}");
            }
        }

        _lastRequest = now;
        _wantsKey = true;
        KeyFrameRequests.Add(now);
        return true;
    }

    private void Take(Instant now, Picture picture)
    {
        long timestamp = _clock.Unwrap(picture.Timestamp);
        if (timestamp <= _shownTimestamp)
        {
            return; // Later than what has been shown instead.
        }

        _clock.Note(now, timestamp);
        _waiting[timestamp] = picture;
        _first = Unknown;
        while (_waiting.Count > MaxWaiting)
        {
            _waiting.RemoveAt(0);
        }
    }

    // The oldest that can be decoded is shown when it is due; what is older and cannot be decoded by then is never shown.
    private void ShowDue(Instant now)
    {
        for (int i = FirstDecodable(); i >= 0; i = FirstDecodable())
        {
            long timestamp = _waiting.GetKeyAtIndex(i);
            if (_clock.Due(timestamp) > now)
            {
                return;
            }

            Show(now, timestamp, _waiting.GetValueAtIndex(i));
            _first = Unknown;
            for (; i >= 0; i--)
            {
                _waiting.RemoveAt(i);
            }
        }
    }

    // −1 when there is none. Looked for once after something came or was shown: behind a link that is never good hundreds wait in vain.
    private int FirstDecodable()
    {
        if (_first == Unknown)
        {
            _first = -1;
            for (int i = 0; i < _waiting.Count && _first < 0; i++)
            {
                _first = _decoded.CanDecode(_waiting.GetValueAtIndex(i)) ? i : -1;
            }
        }

        return _first;
    }

    private void Show(Instant now, long timestamp, Picture picture)
    {
        _decoded.Decode(picture);
        _shownTimestamp = timestamp;
        _lastProgress = now;
        _wantsKey = false;
        Meter.Show(now);
        ShownPictures.Add(picture.Top.Picture);
        if (Spatial != picture.Top.Spatial)
        {
            _shownLayers.Add((now, picture.Top.Spatial));
        }

        Spatial = picture.Top.Spatial;
    }
}
