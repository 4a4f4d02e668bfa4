using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Encryption;
using Crosspoint.Rtc.SFrame;
using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

/// <summary>What the control plane orders of an encrypted room holds on every worker of it.</summary>
public class EncryptedRoomTests
{
    [Theory]
    [InlineData(MediaKind.Audio)]
    [InlineData(MediaKind.Video)]
    public async Task Of_a_removed_sender_no_packet_leaves_any_worker_after_the_order(MediaKind kind)
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport[] receivers = [await call.ConnectAsync(Place.Home), await call.ConnectAsync(Place.Away)];
        (string id, SyntheticTrack track) = await call.ProduceAsync(sender, kind);
        foreach (ClientTransport receiver in receivers)
        {
            await call.SubscribeAsync(receiver, id);
        }

        sender.Send(track);
        foreach (ClientTransport receiver in receivers)
        {
            await receiver.WaitForPacketsAsync(60).WaitAsync(TestCall.Limit);
        }

        await call.Router.SetForwardingAsync(sender.Id, sends: false, receives: false);
        long sent = sender.PacketsSent;
        (WorkerSnapshot home, WorkerSnapshot away) = (await call.SnapshotAsync(Place.Home), await call.SnapshotAsync(Place.Away));
        long until = home.Counters.RtpReceived + 100;
        while ((await call.SnapshotAsync(Place.Home)).Counters.RtpReceived < until)
        {
            await Task.Yield(); // the sender goes on sending
        }

        Assert.Equal(home.Counters.RtpSent, (await call.SnapshotAsync(Place.Home)).Counters.RtpSent);
        Assert.Equal(away.Counters.RtpSent, (await call.SnapshotAsync(Place.Away)).Counters.RtpSent);
        Assert.All(receivers, receiver => Assert.InRange(receiver.PacketsReceived, 60, sent));

        await call.Router.SetForwardingAsync(sender.Id, sends: true, receives: true);
        foreach (ClientTransport receiver in receivers)
        {
            await receiver.WaitForPacketsAsync(receiver.PacketsReceived + 60).WaitAsync(TestCall.Limit);
        }

        Assert.Empty(call.Incidents);
    }

    [Fact]
    public async Task To_a_removed_receiver_no_packet_leaves_after_the_order()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport sender = await call.ConnectAsync(Place.Home);
        ClientTransport[] receivers = [await call.ConnectAsync(Place.Home), await call.ConnectAsync(Place.Away)];
        string id = await call.PublishAsync(sender, MediaKind.Video);
        foreach (ClientTransport receiver in receivers)
        {
            await call.SubscribeAsync(receiver, id);
            await receiver.WaitForPacketsAsync(60).WaitAsync(TestCall.Limit);
        }

        await call.Router.SetForwardingAsync(receivers[1].Id, sends: false, receives: false);
        WorkerSnapshot away = await call.SnapshotAsync(Place.Away);
        await receivers[0].WaitForPacketsAsync(receivers[0].PacketsReceived + 100).WaitAsync(TestCall.Limit);
        Assert.Equal(away.Counters.RtpSent, (await call.SnapshotAsync(Place.Away)).Counters.RtpSent);
    }

    [Fact]
    public async Task Plaintext_reaches_nobody_wherever_its_sender_is()
    {
        await using TestCall call = await TestCall.StartAsync(workers: 2);
        ClientTransport receiver = await call.ConnectAsync(Place.Home);
        await call.Router.SetFrameEpochsAsync(new FrameEpochs(1, null));
        Dictionary<string, ClientTransport> senders = [];
        foreach (Place place in (Place[])[Place.Home, Place.Away]) // the second worker joins an encrypted room
        {
            ClientTransport sender = await call.ConnectAsync(place);
            string id = await call.PublishAsync(sender, MediaKind.Audio);
            await call.Router.SetFrameLeafAsync(id, 3, SFrameKind.Audio);
            await call.SubscribeAsync(receiver, id);
            senders.Add(id, sender);
        }

        while (senders.Count > 0)
        {
            RouterNotification told = await call.Router.Notifications.ReadAsync().AsTask().WaitAsync(TestCall.Limit);
            if (told is RouterNotification.FramesRefused refused)
            {
                Assert.True(senders.Remove(refused.ProducerId));
                await call.Router.CloseProducerAsync(refused.ProducerId);
            }
        }

        Assert.Equal(0, receiver.PacketsReceived);
        MediaTotals totals = (await call.SnapshotAsync(Place.Home)).Media;
        Assert.True(Enum.GetValues<FrameRefusal>().Sum(refusal => totals.FrameRefusals[0, refusal]) >= 5);
    }
}
