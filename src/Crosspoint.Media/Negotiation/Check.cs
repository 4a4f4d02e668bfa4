using System.Text;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>Small checks that throw <see cref="NegotiationException"/> with the path they were given.</summary>
internal static class Check
{
    public static void Count<T>(IReadOnlyCollection<T> items, int limit, string path)
    {
        if (items.Count > limit)
        {
            throw new NegotiationException(NegotiationError.TooLarge, path, $"at most {limit} entries");
        }

        // JSON has null wherever a record may stand.
        foreach (T item in items)
        {
            if (item is null)
            {
                throw new NegotiationException(NegotiationError.Missing, path, "an entry is null");
            }
        }
    }

    public static void Text(string? text, int limit, string path)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new NegotiationException(NegotiationError.Missing, path, "must not be empty");
        }

        if (text.Length > limit)
        {
            throw new NegotiationException(NegotiationError.TooLarge, path, $"at most {limit} characters");
        }
    }

    public static void Range(long value, long least, long most, string path)
    {
        if (value < least || value > most)
        {
            throw new NegotiationException(NegotiationError.Invalid, path, $"must be {least} to {most}");
        }
    }

    /// <summary>A token for MID or RID: 1 to 16 visible ASCII characters.</summary>
    public static byte[] Identifier(string text, string path)
    {
        Text(text, Limits.Identifier, path);
        foreach (char character in text)
        {
            if (character is < '!' or > '~')
            {
                throw new NegotiationException(NegotiationError.Invalid, path, "must be visible ASCII");
            }
        }

        return Encoding.ASCII.GetBytes(text);
    }

    public static byte[] CanonicalName(string text, string path)
    {
        Text(text, Limits.CanonicalName, path);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Range(bytes.Length, 1, Limits.CanonicalName, path);
        return bytes;
    }

    /// <summary>What a codec is made of, wherever it stands.</summary>
    public static void Codec(string mimeType, int clockRate, int? channels, ParameterBag parameters, IReadOnlyList<RtcpFeedback> feedback, string path)
    {
        Text(mimeType, Limits.Text, $"{path}.mimeType");
        Range(clockRate, 1, 1_000_000, $"{path}.clockRate");
        Range(channels ?? 1, 1, 255, $"{path}.channels");
        Count(parameters, Limits.Parameters, $"{path}.parameters");
        foreach ((string name, ParameterValue value) in parameters)
        {
            Range(name.Length, 0, Limits.Text, $"{path}.parameters"); // none at all for audio/red
            Range(value.ToString().Length, 0, Limits.Text, $"{path}.parameters");
        }

        Count(feedback, Limits.Feedback, $"{path}.rtcpFeedback");
        for (int i = 0; i < feedback.Count; i++)
        {
            Text(feedback[i].Type, Limits.Text, $"{path}.rtcpFeedback[{i}].type");
            Range(feedback[i].Parameter?.Length ?? 0, 0, Limits.Text, $"{path}.rtcpFeedback[{i}].parameter");
        }
    }
}
