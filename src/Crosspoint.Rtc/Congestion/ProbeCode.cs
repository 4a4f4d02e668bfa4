namespace Crosspoint.Rtc.Congestion;

/// <summary>A probe's id in one byte, for as long as fewer than 255 others have begun since: 0 for none, otherwise one more than the id modulo 255.</summary>
internal static class ProbeCode
{
    private const int Codes = 255;

    /// <summary>Of an id; 0 for none.</summary>
    public static byte Of(int id) => id <= 0 ? (byte)0 : (byte)((id % Codes) + 1);

    /// <summary>The id; <paramref name="newest"/> is the newest that was given a code.</summary>
    public static int IdOf(byte code, int newest) => code == 0 ? 0 : Math.Max(0, newest - ((newest - (code - 1) + Codes) % Codes));
}
