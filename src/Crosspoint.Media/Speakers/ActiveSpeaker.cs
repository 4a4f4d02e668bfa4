namespace Crosspoint.Media.Speakers;

/// <summary>Somebody who speaks.</summary>
/// <param name="Producer">Whose audio it is.</param>
/// <param name="LevelDbov">Smoothed level, −127 (silence) to 0 (full scale) dBov, RFC 6464 §3.</param>
public readonly record struct ActiveSpeaker(Producer Producer, int LevelDbov);
