namespace Crosspoint.Media.Congestion;

/// <summary>What a router does about networks that carry less than there is.</summary>
public enum CongestionControl : byte
{
    /// <summary>Nothing: every packet leaves at once and everybody is sent the best layer wanted. For comparison.</summary>
    None,

    /// <summary>Receivers say by REMB what they take; without it their reports decide. For comparison, and for receivers that know no more.</summary>
    EstimatedMaximumBitrate,

    /// <summary>Transport-wide feedback where it is negotiated, else REMB.</summary>
    TransportWide,
}
