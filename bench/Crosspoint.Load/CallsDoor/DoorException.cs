namespace Crosspoint.Load.CallsDoor;

/// <summary>The calls door refused a request, or closed.</summary>
internal sealed class DoorException(string type, string detail) : Exception($"{type}: {detail}");
