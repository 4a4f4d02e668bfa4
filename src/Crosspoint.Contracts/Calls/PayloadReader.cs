using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Reads a payload and checks lengths and ranges, all that the records declare, in one step.</summary>
public static class PayloadReader
{
    /// <summary>Reads <paramref name="element"/> as a <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">The payload record.</typeparam>
    /// <param name="element">The payload.</param>
    /// <param name="typeInfo">From <see cref="CallsJson.Default"/>.</param>
    /// <param name="payload">What was read; null when false is returned.</param>
    /// <param name="problem">What is wrong; the offending values are never repeated.</param>
    public static bool TryRead<T>(
        JsonElement element,
        JsonTypeInfo<T> typeInfo,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? payload,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out PayloadProblem? problem)
        where T : class
    {
        payload = null;
        if (UnpairedSurrogates.AreIn(JsonMarshal.GetRawUtf8Value(element)))
        {
            // Refused here, also in members of the sender's own: they would throw later, when they are relayed.
            problem = new PayloadProblem("$", "A string is not valid text.");
            return false;
        }

        try
        {
            payload = element.Deserialize(typeInfo);
            problem = payload is null ? new PayloadProblem("$", "An object is expected.") : PayloadRules.Check(payload, typeInfo);
        }
        catch (JsonException e)
        {
            problem = new PayloadProblem(Bounded(e.Path), "Not the expected type, or something required is missing.");
        }

        if (problem is not null)
        {
            payload = null;
        }

        return payload is not null;
    }

    private static string Bounded(string? path) => path is null ? "$" : path.Length <= 128 ? path : path[..128];
}
