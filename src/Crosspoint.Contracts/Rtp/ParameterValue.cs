using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Rtp;

/// <summary>What a <see cref="ParameterValue"/> holds.</summary>
public enum ParameterValueKind
{
    /// <summary>JSON null: the parameter is a bare flag.</summary>
    Null,

    /// <summary>A JSON boolean.</summary>
    Boolean,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>A JSON string.</summary>
    Text,
}

/// <summary>One codec or header-extension parameter: a number, a string, a boolean or null, kept as it came.</summary>
[JsonConverter(typeof(ParameterValueConverter))]
public readonly record struct ParameterValue
{
    private readonly string? _text;
    private readonly double _number;

    private ParameterValue(ParameterValueKind kind, string? text, double number)
    {
        Kind = kind;
        _text = text;
        _number = number;
    }

    /// <summary>What is in it.</summary>
    public ParameterValueKind Kind { get; }

    /// <summary>A bare flag.</summary>
    public static ParameterValue Null => default;

    /// <summary>A text value.</summary>
    public static ParameterValue From(string value) => new(ParameterValueKind.Text, value, 0);

    /// <summary>A numeric value; must be finite.</summary>
    public static ParameterValue From(double value) => double.IsFinite(value)
        ? new(ParameterValueKind.Number, null, value)
        : throw new ArgumentOutOfRangeException(nameof(value), "JSON has no such number");

    /// <summary>A boolean value.</summary>
    public static ParameterValue From(bool value) => new(ParameterValueKind.Boolean, null, value ? 1 : 0);

    /// <summary>A text value.</summary>
    public static implicit operator ParameterValue(string value) => From(value);

    /// <summary>A whole number.</summary>
    public static implicit operator ParameterValue(int value) => From((double)value);

    /// <summary>A boolean.</summary>
    public static implicit operator ParameterValue(bool value) => From(value);

    /// <summary>The whole number, also when it was written as text (<c>"1"</c>), as fmtp lines are.</summary>
    public bool TryGetInt32(out int value)
    {
        value = 0;
        if (Kind == ParameterValueKind.Text)
        {
            return int.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        if (Kind != ParameterValueKind.Number || _number != Math.Truncate(_number) || _number is < int.MinValue or > int.MaxValue)
        {
            return false;
        }

        value = (int)_number;
        return true;
    }

    /// <summary>The number, also when it was written as text.</summary>
    public bool TryGetDouble(out double value)
    {
        value = _number;
        return Kind == ParameterValueKind.Number
            || (Kind == ParameterValueKind.Text
                && double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value));
    }

    /// <summary>The boolean; 0 and 1 count too.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = _number != 0;
        return Kind == ParameterValueKind.Boolean || (Kind == ParameterValueKind.Number && _number is 0 or 1);
    }

    /// <summary>As fmtp would spell it: invariant digits, <c>true</c>/<c>false</c>, the text itself, empty for null.</summary>
    public override string ToString() => Kind switch
    {
        ParameterValueKind.Text => _text!,
        ParameterValueKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
        ParameterValueKind.Boolean => _number != 0 ? "true" : "false",
        _ => string.Empty,
    };

    internal void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ParameterValueKind.Text: writer.WriteStringValue(_text); break;
            case ParameterValueKind.Number: writer.WriteNumberValue(_number); break;
            case ParameterValueKind.Boolean: writer.WriteBooleanValue(_number != 0); break;
            default: writer.WriteNullValue(); break;
        }
    }
}
