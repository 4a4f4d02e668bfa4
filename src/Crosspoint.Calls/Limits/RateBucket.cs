using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Limits;

/// <summary>What messages are counted together.</summary>
public enum RateBucket
{
    /// <summary>Everything but the media verbs and key messages, and what could not be read.</summary>
    Global,

    /// <summary>Media verbs and key messages.</summary>
    Media,

    /// <summary>HELLO.</summary>
    Hello,

    /// <summary>AUTH.</summary>
    Auth,

    /// <summary>E2EE_CAPS.</summary>
    E2eeCaps,

    /// <summary>ROOM_CREATE.</summary>
    RoomCreate,

    /// <summary>ROOM_JOIN.</summary>
    RoomJoin,

    /// <summary>KEY_PACKAGE, per device.</summary>
    KeyPackage,

    /// <summary>KEY_ACK, per device.</summary>
    KeyAck,

    /// <summary>REKEY_BEGIN, per device.</summary>
    RekeyBegin,

    /// <summary>REKEY_COMMIT, per device.</summary>
    RekeyCommit,

    /// <summary>REKEY_REQUEST, per device.</summary>
    RekeyRequest,

    /// <summary>E2EE_SYNC and E2EE_FAULT, per device.</summary>
    KeyTrouble,
}

/// <summary>How many of a bucket are allowed in which time.</summary>
public readonly record struct RateRule(int Limit, TimeSpan Window)
{
    /// <summary>Beyond this multiple of the limit the socket is closed.</summary>
    public const int AbuseFactor = 4;

    /// <summary>The rules of every bucket, indexed by it.</summary>
    public static RateRule[] Table(RateOptions rates)
    {
        TimeSpan minute = TimeSpan.FromSeconds(60);
        RateRule[] table = new RateRule[Enum.GetValues<RateBucket>().Length];
        table[(int)RateBucket.Global] = new(rates.Global, TimeSpan.FromSeconds(10));
        table[(int)RateBucket.Media] = new(rates.Media, TimeSpan.FromSeconds(10));
        table[(int)RateBucket.Hello] = new(rates.Hello, TimeSpan.FromSeconds(30));
        table[(int)RateBucket.Auth] = new(rates.Auth, minute);
        table[(int)RateBucket.E2eeCaps] = new(rates.E2eeCaps, minute);
        table[(int)RateBucket.RoomCreate] = new(rates.RoomCreate, minute);
        table[(int)RateBucket.RoomJoin] = new(rates.RoomJoin, minute);
        table[(int)RateBucket.KeyPackage] = new(rates.KeyPackage, minute);
        table[(int)RateBucket.KeyAck] = new(rates.KeyAck, minute);
        table[(int)RateBucket.RekeyBegin] = new(rates.RekeyBegin, minute);
        table[(int)RateBucket.RekeyCommit] = new(rates.RekeyCommit, minute);
        table[(int)RateBucket.RekeyRequest] = new(rates.RekeyRequest, minute);
        table[(int)RateBucket.KeyTrouble] = new(rates.KeyTrouble, minute);
        return table;
    }
}

/// <summary>What became of one more message.</summary>
public enum RateVerdict
{
    /// <summary>Let through.</summary>
    Allowed,

    /// <summary>Refused with RATE_LIMITED.</summary>
    Limited,

    /// <summary>Far beyond: the socket is closed.</summary>
    Abusive,
}
