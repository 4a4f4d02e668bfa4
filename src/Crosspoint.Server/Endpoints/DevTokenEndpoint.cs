using System.Text.Json;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Options;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Server.Endpoints;

/// <summary>POST /api/dev/token {name}: a token for trying the page. Not mapped at all unless authentication is insecure on purpose.</summary>
internal static class DevTokenEndpoint
{
    private const int MaxNameLength = 64;

    internal static void Map(WebApplication app, CallsOptions options)
    {
        if (options.Auth.DevInsecure)
        {
            app.MapPost("/api/dev/token", AnswerAsync);
        }
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        DevTokenRequest? request = null;
        try
        {
            request = await context.Request.ReadFromJsonAsync(ServerJson.Default.DevTokenRequest, context.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException or InvalidOperationException)
        {
            // answered below like a missing name
        }

        if (request?.Name is not { Length: > 0 and <= MaxNameLength } name)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new HttpErrorBody { Error = "name_required" }, CallsJson.Default.HttpErrorBody);
            return;
        }

        string token = DevInsecureTokenVerifier.NewToken(name);
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new DevTokenAnswer { AccessToken = token, UserId = DevInsecureTokenVerifier.UserIdOf(token) }, ServerJson.Default.DevTokenAnswer);
    }
}
