using System.Buffers.Binary;
using Crosspoint.Primitives;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Load.Media;

/// <summary>VP8-shaped: frames of the right size and pace, cut as libwebrtc cuts them, with descriptors and headers a server can read.</summary>
/// <remarks>Owned by the engine's thread.</remarks>
internal sealed class Vp8Source(TrackDescription description, MediaProfile profile, int seed, FrameSeal? seal = null) : TrackSource(description, seed)
{
    private const int DescriptorLength = 4;
    private static readonly TimeSpan LeastBetweenKeyFrames = TimeSpan.FromMilliseconds(300);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / profile.FramesPerSecond;
    private readonly uint _ticksPerFrame = (uint)(90_000 / profile.FramesPerSecond);
    private double _bitsPerSecond = profile.VideoBitsPerSecond;
    private Instant _frameDue;
    private Instant _lastKeyFrame = new(long.MinValue / 2);
    private FrameSplit _split;
    private int _packet;
    private ushort _pictureId;
    private bool _keyFrameWanted = true;
    private bool _isKeyFrame;

    /// <inheritdoc/>
    public override void Begin(Instant now) => Due = _frameDue = now + (_interval * Random.NextDouble());

    /// <inheritdoc/>
    public override void RequestKeyFrame() => _keyFrameWanted = true;

    /// <inheritdoc/>
    public override void Resume(Instant now) => Due = _frameDue = now;

    /// <inheritdoc/>
    public override void SetBitrate(double bitsPerSecond) => _bitsPerSecond = bitsPerSecond;

    /// <inheritdoc/>
    public override int WritePayload(Instant now, Span<byte> payload, out bool marker)
    {
        if (_packet == 0)
        {
            BeginFrame(now);
        }

        int bytes = _split.Bytes(_packet);
        WriteDescriptor(payload);
        Filler.AsSpan(0, bytes).CopyTo(payload[DescriptorLength..]);
        if (_packet == 0)
        {
            WriteFrameHeader(payload[DescriptorLength..]);
        }

        marker = ++_packet == _split.Packets;
        Due = marker ? EndFrame() : _frameDue + (profile.Pacing * _packet / _split.Packets);
        return DescriptorLength + bytes;
    }

    private void BeginFrame(Instant now)
    {
        _isKeyFrame = now - _lastKeyFrame >= (_keyFrameWanted ? LeastBetweenKeyFrames : profile.KeyFrameInterval);
        double mean = _bitsPerSecond / 8 / profile.FramesPerSecond;
        double variation = 1 + (profile.FrameVariation * ((2 * Random.NextDouble()) - 1));
        if (_isKeyFrame)
        {
            _keyFrameWanted = false;
            _lastKeyFrame = now;
            variation *= profile.KeyFrameFactor;
        }

        _split = FrameSplit.Of(Math.Max(16, (int)(mean * variation)), profile.MaxPayloadBytes - DescriptorLength);
        Timestamp += _ticksPerFrame;
        _pictureId = (ushort)((_pictureId + 1) & 0x7FFF);
    }

    private Instant EndFrame()
    {
        _packet = 0;
        return _frameDue += _interval;
    }

    // RFC 7741 §4.2: X, S on the first packet; I; a picture id of 15 bits.
    private void WriteDescriptor(Span<byte> payload)
    {
        payload[0] = (byte)(0x80 | (_packet == 0 ? 0x10 : 0));
        payload[1] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | _pictureId));
    }

    // RFC 7741 §4.3, RFC 6386 §9.1: the inverted P bit says keyframe, then start code and size (1280 × 720).
    private void WriteFrameHeader(Span<byte> frame)
    {
        frame[0] = (byte)(_isKeyFrame ? 0x10 : 0x11);
        if (_isKeyFrame)
        {
            ReadOnlySpan<byte> start = [0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02];
            start.CopyTo(frame[3..]);
        }

        // What stays readable of an encrypted frame (docs/protocol/e2ee.md): ten bytes of a keyframe, one of others.
        seal?.Write(SFrameKind.Camera, frame[(_isKeyFrame ? 10 : 1)..]);
    }
}
