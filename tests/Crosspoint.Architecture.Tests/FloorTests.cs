namespace Crosspoint.Architecture.Tests;

public class FloorTests
{
    public static TheoryData<string> Projects => [.. Repository.ProductProjects().Select(Repository.NameOf)];

    public static TheoryData<string> ProjectsThatMustNotKnow =>
        [.. Repository.ProductProjects().Select(Repository.NameOf).Where(Floors.MustNotKnow.ContainsKey)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_stands_on_a_floor(string project) => Assert.Contains(project, Floors.Of.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_floors_below_its_own(string project)
    {
        string file = Repository.ProductProjects().Single(candidate => Repository.NameOf(candidate) == project);
        foreach (string used in Repository.ReferencesOf(file))
        {
            Assert.True(Floors.Of[used] < Floors.Of[project], $"{project} (floor {Floors.Of[project]}) uses {used} (floor {Floors.Of[used]})");
        }
    }

    [Theory]
    [MemberData(nameof(ProjectsThatMustNotKnow))]
    public void A_project_refers_to_no_type_it_must_not_know(string project)
    {
        IEnumerable<string> found = Repository.TypesReferredToBy(project)
            .Where(type => Floors.MustNotKnow[project].Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)))
            .Where(type => !Allowed.Contains(type));
        Assert.Empty(found);
    }

    // Value types of time that carry no clock with them.
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal) { "System.DateTimeOffset", "System.DateTime" };

    [Fact]
    public void Sources_read_no_clock_below_the_shell()
    {
        string[] clocks = ["DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "Stopwatch.", "Environment.TickCount", "Thread.Sleep"];
        IEnumerable<string> found =
            from project in new[] { "Crosspoint.Primitives", "Crosspoint.Rtc", "Crosspoint.Netem", "Crosspoint.Media" }
            let folder = Path.Combine(Repository.Root, "src", project)
            where Directory.Exists(folder)
            from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            let text = File.ReadAllText(file)
            from clock in clocks
            where text.Contains(clock, StringComparison.Ordinal)
            where !(clock == "DateTimeOffset.UtcNow" && file.EndsWith("DtlsIdentity.cs", StringComparison.Ordinal))
            select $"{Path.GetRelativePath(Repository.Root, file)}: {clock}";
        Assert.Empty(found);
    }
}
