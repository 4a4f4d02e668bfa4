using System.Globalization;

namespace Crosspoint.Calls.Options;

/// <summary>Reads settings from an environment and gathers every mistake, so that an operator sees all of them at once.</summary>
/// <remarks>One thread, one use.</remarks>
public sealed class SettingsReader(Func<string, string?> environment)
{
    // given to me
    private readonly Func<string, string?> _environment = environment;

    // made by me
    private readonly List<string> _errors = [];

    /// <summary>What is wrong, one sentence each, naming the variable and the allowed range, never a secret's value.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The raw text of a setting or of its first alias that is set; null when none is. Blank counts as not set.</summary>
    public string? Raw(Setting setting) => Find(setting).Value;

    /// <summary>Text, or the fallback when not set; a text that is not allowed is an error.</summary>
    public string? Text(TextSetting setting, string? fallback)
    {
        (string name, string? value) = Find(setting);
        if (value is null)
        {
            return fallback;
        }

        if (!setting.IsAllowed(value))
        {
            Refuse(setting, name, value);
        }

        return value;
    }

    /// <summary>A whole number in the setting's range.</summary>
    public int Integer(IntegerSetting setting) => Integer(setting, setting.Default);

    /// <summary>A whole number in the setting's range, with a default that depends on another setting.</summary>
    public int Integer(IntegerSetting setting, int fallback)
    {
        (string name, string? value) = Find(setting);
        if (value is null)
        {
            return fallback;
        }

        bool parsed = int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number);
        if (parsed && setting.RaisesToMinimum && number < setting.Minimum)
        {
            return setting.Minimum;
        }

        if (!parsed || number < setting.Minimum || number > setting.Maximum)
        {
            Refuse(setting, name, value);
            return fallback;
        }

        return number;
    }

    /// <summary>A switch, or the fallback when not set.</summary>
    public bool Switch(SwitchSetting setting, bool fallback)
    {
        (string name, string? value) = Find(setting);
        switch (value?.ToUpperInvariant())
        {
            case null: return fallback;
            case "1" or "TRUE" or "ON" or "YES": return true;
            case "0" or "FALSE" or "OFF" or "NO": return false;
            default:
                Refuse(setting, name, value);
                return fallback;
        }
    }

    /// <summary>Adds a mistake that concerns more than one setting.</summary>
    public void Refuse(string sentence) => _errors.Add(sentence);

    private void Refuse(Setting setting, string name, string value) =>
        _errors.Add(setting.IsSecret
            ? $"{name}: the given value is not allowed. Allowed: {setting.AllowedText}."
            : $"{name}: \"{value}\" is not allowed. Allowed: {setting.AllowedText}.");

    private (string Name, string? Value) Find(Setting setting)
    {
        foreach (string name in (IEnumerable<string>)[setting.Name, .. setting.Aliases])
        {
            string? value = _environment(name)?.Trim();
            if (!string.IsNullOrEmpty(value))
            {
                return (name, value);
            }
        }

        return (setting.Name, null);
    }
}

/// <summary>The configuration cannot be used; the message lists every reason.</summary>
public sealed class InvalidConfigurationException : Exception
{
    /// <summary>With the reasons, one sentence each.</summary>
    public InvalidConfigurationException(IReadOnlyList<string> errors)
        : base("The configuration is not usable:" + Environment.NewLine + string.Join(Environment.NewLine, errors.Select(error => "  - " + error))) =>
        Errors = errors;

    /// <summary>The reasons.</summary>
    public IReadOnlyList<string> Errors { get; }
}
