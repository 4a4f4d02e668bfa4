namespace Crosspoint.Rtc.Ice;

/// <summary>Which state may follow which.</summary>
/// <remarks>
/// <code>
/// from \ to      Checking  Connected  Disconnected  Failed  Closed
/// New            start     nominated                timeout  yes
/// Checking                 nominated                timeout  yes
/// Connected      restart¹             silence       expiry   yes
/// Disconnected   restart¹  heard                    expiry   yes
/// Failed         restart                                     yes
/// Closed
/// </code>
/// ¹ and when, during a restart, the old pair dies before a new one is nominated.
/// </remarks>
public static class IceStateTransitions
{
    /// <summary>True when <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool IsAllowed(IceState from, IceState to) => (from, to) switch
    {
        (IceState.New, IceState.Checking or IceState.Connected or IceState.Failed or IceState.Closed) => true,
        (IceState.Checking, IceState.Connected or IceState.Failed or IceState.Closed) => true,
        (IceState.Connected, IceState.Checking or IceState.Disconnected or IceState.Failed or IceState.Closed) => true,
        (IceState.Disconnected, IceState.Checking or IceState.Connected or IceState.Failed or IceState.Closed) => true,
        (IceState.Failed, IceState.Checking or IceState.Closed) => true,
        _ => false,
    };
}
