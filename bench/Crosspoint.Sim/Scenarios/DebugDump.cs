using Crosspoint.Sim.Receive;

namespace Crosspoint.Sim.Scenarios;

/// <summary>What happened second by second, on standard error, for who looks for a defect (SIM_DEBUG=1).</summary>
internal static class DebugDump
{
    public static void Write(Stage stage)
    {
        foreach (LinkMeter meter in stage.Meters)
        {
            Console.Error.WriteLine("  second: capacity demand offered useful kbit/s");
            for (int i = 0; i + 10 <= meter.Samples.Count; i += 10)
            {
                LinkSample[] second = [.. meter.Samples.Skip(i).Take(10)];
                Console.Error.WriteLine($"  {second[0].At.TotalMilliseconds / 1000:0}: {second.Average(s => s.Capacity) / 1000:0} {second.Average(s => s.Demand) / 1000:0} {second.Average(s => s.Offered) / 1000:0} {second.Average(s => s.Useful) / 1000:0}");
            }
        }

        foreach (VideoReceiver video in stage.Subscribers.SelectMany(subscriber => subscriber.Videos))
        {
            Console.Error.WriteLine($"  video {video.Source}: shown {video.Meter.Shown}, now {video.Spatial}, delay {video.PlayoutDelay.TotalMilliseconds:0} ms, unreadable {video.Unreadable}, requests {string.Join(' ', video.KeyFrameRequests.Select(at => $"{at.TotalMilliseconds / 1000:0.0}"))}");
            Console.Error.WriteLine($"    switches {string.Join(' ', video.Switches.Select(s => $"{s.At.TotalMilliseconds / 1000:0.0}->{s.Spatial}"))}");
            Console.Error.WriteLine($"    gaps {string.Join(' ', video.Meter.Gaps.Select(g => $"{g.At.TotalMilliseconds / 1000:0.0}({g.Length.TotalMilliseconds:0})"))}");
            Console.Error.WriteLine($"    frozen {string.Join(' ', video.Meter.Frozens.Select(g => $"{g.At.TotalMilliseconds / 1000:0.0}({g.Length.TotalMilliseconds:0})"))}");
            Console.Error.WriteLine($"    announced {string.Join(' ', stage.Layers.Where(l => l.Consumer == video.Consumer).Select(l => $"{l.At.TotalMilliseconds / 1000:0.0}->{l.Layer}"))}");
            Console.Error.WriteLine($"    nack {video.Stream.GetStatistics()} server {video.Consumer.GetStatistics()}");
        }

        foreach (Subscriber subscriber in stage.Subscribers)
        {
            Netem.LinkStatistics link = subscriber.Port.Down.Path.Link.Statistics;
            Console.Error.WriteLine($"  subscriber {stage.Subscribers.IndexOf(subscriber)}: offered {link.Offered} full {link.DroppedFor(Netem.LinkDropReason.QueueFull)} p95 {link.QueueDelay.Percentile(95).TotalMilliseconds} ms, {subscriber.Videos[0].Consumer.Transport.GetDownlinkStatistics()}: {string.Join("; ", subscriber.Videos.Select(v => $"video {v.Consumer.Plan.Ssrc} changes {stage.Layers.Count(l => l.Consumer == v.Consumer)} gaps {string.Join(' ', v.Meter.Gaps.Select(g => $"{g.At.TotalMilliseconds / 1000:0.0}({g.Length.TotalMilliseconds:0})"))} now {v.Consumer.Current}"))}");
        }

        foreach (Publish.Publisher publisher in stage.Publishers)
        {
            Console.Error.WriteLine($"  publisher target {publisher.Control.Target} estimate {publisher.Control.Estimator.Target} {publisher.Control.Estimator.State}: {string.Join("; ", publisher.Tracks.Where(t => t.IsVideo).Select(t => $"keyframes {t.Encoder!.KeyFrames} asked {t.KeyFrameRequests} rates {string.Join('/', t.Encoder.Rates)}"))}");
        }
    }
}
