namespace Crosspoint.Workers.Tests.Hostile;

/// <summary>Tests that measure memory, or fill the machine with datagrams: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
