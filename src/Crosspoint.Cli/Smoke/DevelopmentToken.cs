using System.Net.Http.Json;
using System.Text.Json;

namespace Crosspoint.Cli.Smoke;

/// <summary>Asks a development server for an access token.</summary>
internal static class DevelopmentToken
{
    /// <summary>A token of the server whose calls door is at <paramref name="endpoint"/>.</summary>
    public static async Task<string> AskAsync(Uri endpoint, string name, CancellationToken cancellationToken)
    {
        UriBuilder address = new(endpoint) { Scheme = endpoint.Scheme == "wss" ? "https" : "http", Path = "/api/dev/token" };
        using HttpClient http = new();
        using HttpResponseMessage response = await http.PostAsJsonAsync(address.Uri, new Dictionary<string, string> { ["name"] = name }, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{address.Uri} answered {(int)response.StatusCode}: give an access token with --token or CALLS_SMOKE_ACCESS_TOKEN.");
        }

        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return body.GetProperty("accessToken").GetString()!;
    }
}
