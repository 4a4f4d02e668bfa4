using System.Text;

namespace Crosspoint.Calls.Options;

/// <summary>Writes docs/operations/configuration.md from the settings themselves, so that it cannot lag behind.</summary>
public static class ConfigurationDocument
{
    /// <summary>The whole document.</summary>
    public static string Write()
    {
        StringBuilder text = new();
        text.Append("""
            # Configuration

            Everything is set by environment variables. The server checks all of them at its start, says everything that is wrong at once
            (naming the variable, the value and what is allowed; never the value of a secret) and then exits with code 78.
            Blank counts as not set. This file is written from the settings in `src/Crosspoint.Calls/Options/Settings.cs`; a test fails when it lags behind
            (`CROSSPOINT_UPDATE_DOCS=1 dotnet test tests/Crosspoint.Calls.Tests` writes it anew).

            **How rooms are joined.** A room's creator and the users named in `ROOM_CREATE.allowedUserIds` enter by who they are. Without `allowedUserIds` the creator
            gets a join token that lets in whoever it is passed to: that is what a room link carries. Tokens are only ever given to the creator. A good token of a room
            that everybody left, or that a restart took away, makes the room again, which needs a fixed `CALLS_JOIN_TOKEN_SECRET` (development has one built in).

            """);
        foreach (IGrouping<string, Setting> section in Settings.All.GroupBy(setting => setting.Section))
        {
            text.Append("\n## ").Append(section.Key).Append("\n\n| variable | default | allowed | meaning |\n|---|---|---|---|\n");
            foreach (Setting setting in section)
            {
                text.Append("| `").Append(setting.Name).Append('`');
                foreach (string alias in setting.Aliases)
                {
                    text.Append("<br>or `").Append(alias).Append('`');
                }

                text.Append(" | ").Append(setting.DefaultText).Append(" | ").Append(setting.AllowedText).Append(setting.IsSecret ? " (secret)" : "")
                    .Append(" | ").Append(setting.Description).Append(" |\n");
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }
}
