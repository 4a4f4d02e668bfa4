using Crosspoint.Calls.Options;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Crosspoint.Server.Endpoints;

/// <summary>The calls page: built files from a folder, the page itself for / and for room links.</summary>
internal static class WebApp
{
    private const string Page = "index.html";

    // Only our own code runs; media and sockets may go to other nodes of the deployment.
    private const string ContentSecurityPolicy =
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
        + "style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    internal static void Use(WebApplication app, NodeOptions options)
    {
        if (FindRoot(options) is not { } root)
        {
            return;
        }

        PhysicalFileProvider files = new(root);
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SetHeaders });
        app.MapGet("/", context => SendPageAsync(context, files));
        app.MapGet("/r/{**room}", context => SendPageAsync(context, files));
    }

    private static string? FindRoot(NodeOptions options)
    {
        string? root = options.WebRoot ?? Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, Page)));
        return root is not null && Directory.Exists(root) ? Path.GetFullPath(root) : null;
    }

    // Where the page lies when nobody says so: beside the server, or built in the source tree.
    private static IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "web");
        for (DirectoryInfo? folder = new(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "web", "app", "dist");
        }
    }

    private static async Task SendPageAsync(HttpContext context, PhysicalFileProvider files)
    {
        IFileInfo page = files.GetFileInfo(Page);
        if (!page.Exists)
        {
            await NotFound.AnswerAsync(context);
            return;
        }

        SetSecurity(context.Response.Headers);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.SendFileAsync(page, context.RequestAborted);
    }

    private static void SetHeaders(StaticFileResponseContext context)
    {
        // Built files carry a hash in their name: they never change. Everything else is asked for again.
        bool hashed = context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
        context.Context.Response.Headers.CacheControl = hashed ? "public, max-age=31536000, immutable" : "no-cache";
        SetSecurity(context.Context.Response.Headers);
    }

    private static void SetSecurity(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // a room link carries its join token
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)";
    }
}
