using System.Text.Json;

namespace Crosspoint.Calls.Conformance.Tests.Support;

/// <summary>A room of profile mls-sframe-v1 on a test's server.</summary>
public static class MlsRoom
{
    public const string Id = "r";

    /// <summary>Devices in the room, one after the other, each ready for the last epoch.</summary>
    public static async Task<(MlsDevice[] Devices, string JoinToken)> TogetherAsync(TestServer server, params string[] names)
    {
        MlsDevice[] devices = new MlsDevice[names.Length];
        string token = "";
        for (int index = 0; index < names.Length; index++)
        {
            devices[index] = await SignInAsync(server, names[index]);
            token = index == 0 ? await CreateAsync(devices[0]) : token;
            await devices[index].EnterAsync(Id, index == 0 ? null : token, Seats(devices[..index]));
            foreach (MlsDevice earlier in devices[..index])
            {
                await FollowToAsync(earlier, index + 1);
            }
        }

        return (devices, token);
    }

    public static async Task<MlsDevice> SignInAsync(TestServer server, string name)
    {
        MlsDevice device = new(await server.SignInAsync(name), name);
        Reply caps = await device.CapsAsync();
        Assert.True(caps.Ok, caps.ToString());
        return device;
    }

    /// <summary>Makes the room; its join token.</summary>
    public static async Task<string> CreateAsync(MlsDevice device)
    {
        Reply created = await device.Client.RequestAsync("ROOM_CREATE", new { roomId = Id, e2eeProfile = "mls-sframe-v1" });
        Assert.True(created.Ok, created.ToString());
        return created["ROOM_CREATED"].GetProperty("joinToken").GetString()!;
    }

    /// <summary>Hears of an epoch and says that it has it.</summary>
    public static async Task FollowToAsync(MlsDevice device, long epoch)
    {
        while (device.Epoch < epoch)
        {
            device.Epoch = Math.Max(device.Epoch, (await device.Client.EventAsync("REKEY_COMMIT")).Payload.GetProperty("epoch").GetInt64());
        }

        Reply ready = await device.ReadyAsync();
        Assert.True(ready.Ok, ready.ToString());
    }

    /// <summary>Whoever of them is given the next lease for an epoch that the first does not have, and that lease.</summary>
    public static async Task<(MlsDevice Holder, JsonElement Lease)> HolderAsync(params MlsDevice[] devices)
    {
        JsonElement begin;
        MlsDevice? holder;
        do
        {
            begin = (await devices[0].Client.EventAsync("REKEY_BEGIN")).Payload;
            holder = devices.SingleOrDefault(device => device.Device == begin.GetProperty("leaderDeviceId").GetString());
        }
        while (holder is null || begin.GetProperty("newEpoch").GetInt64() <= devices[0].Epoch);

        JsonElement lease = holder == devices[0] ? begin : await holder.LeaseAsync();
        while (lease.GetProperty("newEpoch").GetInt64() != begin.GetProperty("newEpoch").GetInt64())
        {
            lease = await holder.LeaseAsync();
        }

        return (holder, lease);
    }

    /// <summary>Who sits where when they came in this order.</summary>
    public static Dictionary<int, MlsDevice> Seats(params MlsDevice[] devices) => devices.Select((device, leaf) => (device, leaf)).ToDictionary(seat => seat.leaf, seat => seat.device);
}
