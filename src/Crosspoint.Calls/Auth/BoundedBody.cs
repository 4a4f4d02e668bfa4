namespace Crosspoint.Calls.Auth;

/// <summary>Reads what an identity provider answers, up to a bound.</summary>
internal static class BoundedBody
{
    /// <summary>The body, or null when it is longer than the bound.</summary>
    internal static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream into = new();
        byte[] buffer = new byte[8192];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (into.Length + read > maxBytes)
            {
                return null;
            }

            into.Write(buffer, 0, read);
        }

        return into.ToArray();
    }
}
