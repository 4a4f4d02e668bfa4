using Crosspoint.Contracts.Calls;

namespace Crosspoint.Server.Endpoints;

/// <summary>Everything that is nothing: 404 with a JSON body.</summary>
internal static class NotFound
{
    internal static Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsJsonAsync(new HttpErrorBody { Error = "not_found" }, CallsJson.Default.HttpErrorBody);
    }
}
