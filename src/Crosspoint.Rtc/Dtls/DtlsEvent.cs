namespace Crosspoint.Rtc.Dtls;

/// <summary>What a <see cref="DtlsEvent"/> tells.</summary>
public enum DtlsEventKind
{
    /// <summary>A new <see cref="DtlsState"/>.</summary>
    StateChanged,

    /// <summary>There is something to fetch with <see cref="DtlsSession.TryReadApplicationData"/>; told once until all is fetched.</summary>
    ApplicationDataAvailable,
}

/// <summary>Something the owner of a session should know.</summary>
/// <param name="Kind">Which.</param>
/// <param name="State">The state entered, or the current one.</param>
/// <param name="Reason">Why, for <see cref="DtlsState.Closed"/> and <see cref="DtlsState.Failed"/>.</param>
public readonly record struct DtlsEvent(DtlsEventKind Kind, DtlsState State, DtlsCloseReason Reason);
