namespace Crosspoint.CallsClient;

/// <summary>The calls door refused a request, or closed.</summary>
/// <param name="type">The message it is about; "socket" for the connection itself.</param>
/// <param name="detail">The door's code and its text.</param>
public sealed class DoorException(string type, string detail) : Exception($"{type}: {detail}");
