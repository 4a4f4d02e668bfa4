namespace Crosspoint.Media;

/// <summary>How long the memory of a packet's payload may be used by those it is handed to.</summary>
public enum PayloadLifetime : byte
{
    /// <summary>Only during the call: who needs it longer copies it.</summary>
    Call = 0,

    /// <summary>Until the owner thread's turn ends, at an address that does not change: it is encrypted from where it was received.</summary>
    Turn,
}
