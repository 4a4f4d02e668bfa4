namespace Crosspoint.Rtc.SFrame;

/// <summary>The cipher suites of RFC 9605 §4.5 by their registered numbers.</summary>
public enum SFrameSuite : ushort
{
    Aes128CtrHmacSha256Tag80 = 1,
    Aes128CtrHmacSha256Tag64 = 2,
    Aes128CtrHmacSha256Tag32 = 3,
    Aes128GcmSha256Tag128 = 4,
    Aes256GcmSha512Tag128 = 5,
}
