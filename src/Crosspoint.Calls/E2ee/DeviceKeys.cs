using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Encryption;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.E2ee;

/// <summary>What a device said of itself in E2EE_CAPS for rooms whose keys the server orders. Immutable.</summary>
public sealed record DeviceKeys(byte[] Key, byte[] Identity, string Device, IReadOnlyList<int> Suites, IReadOnlyList<int> SframeSuites, int Wire, E2eeSeen? Seen)
{
    /// <summary>From E2EE_CAPS; null when the device does not know the profile.</summary>
    /// <param name="caps">What it said.</param>
    /// <param name="problem">What of it cannot be read.</param>
    public static DeviceKeys? Read(E2eeCapsPayload caps, out PayloadProblem? problem)
    {
        problem = null;
        if (caps.Profiles?.Contains(RoomKeys.Profile, StringComparer.Ordinal) != true || caps.Device is not { } device)
        {
            return null;
        }

        if (!Jws.TryDecode(device.Key, out byte[] key) || !Jws.TryDecode(device.Identity, out byte[] identity))
        {
            problem = new("$.device", "base64url without padding is expected.");
            return null;
        }

        return new(key, identity, device.Dev, caps.Suites ?? [], caps.SframeSuites ?? [], caps.Wire ?? 0, caps.Seen);
    }

    /// <summary>Why a device may not come into a room of the profile; null when it may. A room never falls back to less.</summary>
    internal static string? Objection(DeviceKeys? keys, string deviceId, bool transforms, EncryptionOptions options) =>
        keys is null ? "PROFILE"
        : !transforms ? "TRANSFORM"
        : keys.Device != deviceId ? "DEVICE"
        : keys.Wire != options.Wire ? "WIRE"
        : !keys.Suites.Contains(options.Suite) ? "SUITE"
        : !keys.SframeSuites.Contains(options.SframeSuite) ? "SFRAME_SUITE"
        : null;
}
