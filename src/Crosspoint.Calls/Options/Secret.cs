using System.Text;

namespace Crosspoint.Calls.Options;

/// <summary>Text that must not be printed. Reading it is a deliberate act.</summary>
public sealed class Secret(string value)
{
    private readonly string _value = value;

    /// <summary>The text itself.</summary>
    public string Reveal() => _value;

    /// <summary>The text's UTF-8 bytes.</summary>
    public byte[] RevealBytes() => Encoding.UTF8.GetBytes(_value);

    /// <summary>Never the text.</summary>
    public override string ToString() => "***";
}
