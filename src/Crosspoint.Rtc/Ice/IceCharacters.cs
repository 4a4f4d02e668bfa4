using System.Buffers;

namespace Crosspoint.Rtc.Ice;

/// <summary>ice-char = ALPHA / DIGIT / "+" / "/" (RFC 8839 §5.1): 64 of them, so six random bits make one.</summary>
internal static class IceCharacters
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static readonly SearchValues<char> Values = SearchValues.Create(Alphabet);

    public static bool AreAll(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Values);

    public static string Random(IRandomSource random, int length)
    {
        Span<byte> bytes = stackalloc byte[64];
        Span<char> text = stackalloc char[64];
        random.Fill(bytes[..length]);
        for (int i = 0; i < length; i++)
        {
            text[i] = Alphabet[bytes[i] & 63];
        }

        return new string(text[..length]);
    }
}
