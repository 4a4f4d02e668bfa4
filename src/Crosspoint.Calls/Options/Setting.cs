namespace Crosspoint.Calls.Options;

/// <summary>One thing an operator may set: its environment variable, what it means, and what is allowed.</summary>
/// <remarks>Immutable. The tables in docs/operations/configuration.md are printed from these.</remarks>
public abstract class Setting(string name, string description)
{
    /// <summary>The environment variable.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, and what it costs.</summary>
    public string Description { get; } = description;

    /// <summary>Other names read when <see cref="Name"/> is absent, in order.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The heading it stands under in the documentation.</summary>
    public string Section { get; internal set; } = "";

    /// <summary>True when the value never appears in errors, logs or ToString.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The default as the documentation shows it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>What is allowed, as errors and documentation say it.</summary>
    public abstract string AllowedText { get; }
}

/// <summary>A whole number inside a range; the unit is in the variable's name.</summary>
public sealed class IntegerSetting(string name, int defaultValue, int minimum, int maximum, string description) : Setting(name, description)
{
    /// <summary>Used when nothing is set.</summary>
    public int Default { get; } = defaultValue;

    /// <summary>Smallest allowed value, inclusive.</summary>
    public int Minimum { get; } = minimum;

    /// <summary>Largest allowed value, inclusive.</summary>
    public int Maximum { get; } = maximum;

    /// <summary>True when a value below the minimum is raised to it instead of refused ("floor" in the contract).</summary>
    public bool RaisesToMinimum { get; init; }

    /// <summary>Shown instead of the number when the default depends on something else.</summary>
    public string? DefaultNote { get; init; }

    /// <inheritdoc/>
    public override string DefaultText => DefaultNote ?? Default.ToString();

    /// <inheritdoc/>
    public override string AllowedText => RaisesToMinimum ? $"{Minimum} to {Maximum} (less is raised to {Minimum})" : $"{Minimum} to {Maximum}";
}

/// <summary>A switch: 1/true/on/yes or 0/false/off/no.</summary>
public sealed class SwitchSetting(string name, string defaultText, string description) : Setting(name, description)
{
    /// <inheritdoc/>
    public override string DefaultText { get; } = defaultText;

    /// <inheritdoc/>
    public override string AllowedText => "1, true, on, yes or 0, false, off, no";
}

/// <summary>Free text, optionally checked.</summary>
public sealed class TextSetting(string name, string defaultText, string allowedText, string description) : Setting(name, description)
{
    /// <inheritdoc/>
    public override string DefaultText { get; } = defaultText;

    /// <inheritdoc/>
    public override string AllowedText { get; } = allowedText;

    /// <summary>True when the text is acceptable.</summary>
    public Func<string, bool> IsAllowed { get; init; } = _ => true;
}
