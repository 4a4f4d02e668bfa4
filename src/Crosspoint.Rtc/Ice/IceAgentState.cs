using System.Buffers.Binary;
using System.Diagnostics;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>What an agent knows, shared by its parts: generations, role, state, path and counters. A change the owner must hear of is an event from here.</summary>
/// <remarks>Owned by one <see cref="IceAgent"/>.</remarks>
internal sealed class IceAgentState
{
    /// <summary>The counters; a field, so that parts count in place.</summary>
    public IceStatistics Statistics;

    // made by me
    private readonly Queue<IceEvent> _events = new();

    // state
    private IcePath _announcedPath;

    public IceAgentState(IceAgentOptions options, IceCredentials local, IRandomSource random)
    {
        Options = options;
        Random = random;
        Locals = new(options);
        Checks = new(options.MaxTransmissions);
        Responses = new(options.MaxQueuedResponses);
        Current = new(local, options);
        Role = options.Mode == IceMode.Lite ? IceRole.Controlled : options.Role;
        DrawTieBreaker();
    }

    public IceAgentOptions Options { get; }

    public IRandomSource Random { get; }

    public IceLocalCandidates Locals { get; }

    public IceChecksInFlight Checks { get; }

    public IceResponseQueue Responses { get; }

    public IceGeneration Current { get; private set; }

    /// <summary>During a restart: the generation whose pair still serves.</summary>
    public IceGeneration? Previous { get; private set; }

    /// <summary>Whose pair serves now.</summary>
    public IceGeneration Serving => Current.Selected is null && Previous is not null ? Previous : Current;

    public IceRole Role { get; private set; }

    public ulong TieBreaker { get; private set; }

    public IceState State { get; private set; }

    public IceFailureReason FailureReason { get; private set; }

    public bool IsFull => Options.Mode == IceMode.Full;

    public bool IsOver => State is IceState.Closed or IceState.Failed;

    /// <summary>The path the owner knows of; none when nothing is selected.</summary>
    public IcePath Path => _announcedPath;

    /// <summary>Until when a pair must be selected, and what it means when none is.</summary>
    public (Instant At, IceFailureReason Reason) Deadline { get; set; } = (Instant.Never, IceFailureReason.None);

    public void Tell(in IceEvent e) => _events.Enqueue(e);

    public bool TryDequeue(out IceEvent e) => _events.TryDequeue(out e);

    public void MoveTo(IceState state)
    {
        if (state == State)
        {
            return;
        }

        Debug.Assert(IceStateTransitions.IsAllowed(State, state), $"{State} → {state}");
        State = state;
        FailureReason = state == IceState.Failed ? FailureReason : IceFailureReason.None;
        Tell(new(IceEventKind.StateChanged, state, FailureReason));
    }

    public void AnnouncePath()
    {
        IcePath path = Serving.Selected?.Path ?? default;
        if (path == _announcedPath)
        {
            return;
        }

        Tell(new(IceEventKind.SelectedPairChanged, Previous: _announcedPath, Selected: path));
        _announcedPath = path;
        Statistics.SelectedPairChanges++;
    }

    /// <summary>Takes the other role; pair priorities turn round with it.</summary>
    public void SwitchRole()
    {
        Role = Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling;
        Current.Checklist.Reprioritize(Role);
        Previous?.Checklist.Reprioritize(Role);
        Tell(new(IceEventKind.RoleChanged, Role: Role));
    }

    public void DrawTieBreaker()
    {
        Span<byte> bytes = stackalloc byte[8];
        Random.Fill(bytes);
        TieBreaker = BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Puts a new generation in force; a serving pair of the old one is kept when asked.</summary>
    public void Replace(IceCredentials local, bool keepServing)
    {
        if (keepServing)
        {
            DropPrevious();
            Previous = Current;
        }
        else
        {
            Checks.RemoveAll(Current);
        }

        Current = new(local, Options);
    }

    public void DropPrevious()
    {
        if (Previous is not null)
        {
            Checks.RemoveAll(Previous);
            Previous = null;
        }
    }

    public void Fail(IceFailureReason reason)
    {
        Stop();
        FailureReason = reason;
        MoveTo(IceState.Failed);
    }

    /// <summary>Forgets everything under way: nothing is sent or served any more.</summary>
    public void Stop()
    {
        Checks.Clear();
        Responses.Clear();
        DropPrevious();
        Current.Selected = null;
        Current.Checklist.ClearTriggered();
        AnnouncePath();
        Deadline = (Instant.Never, Deadline.Reason);
    }
}
