namespace Crosspoint.Contracts;

/// <summary>A field that is there in every frame this server and mediasoup clients write, and that may still be missing when read.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AlwaysWrittenAttribute : Attribute;
