using BenchmarkDotNet.Attributes;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Micro.Rtc;

/// <summary>A compound packet as subscribers send it: a receiver report with two blocks, and a NACK for three packets.</summary>
public class RtcpBenchmarks
{
    private readonly byte[] _compound = new byte[256];
    private readonly byte[] _into = new byte[256];
    private int _length;

    /// <summary>Writes what is read later.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        RtcpWriter writer = new(_compound);
        WriteTo(ref writer);
        _length = writer.Length;
    }

    /// <summary>Reads every packet, report block and number in it.</summary>
    [Benchmark]
    public int Parse()
    {
        int found = 0;
        if (!RtcpReader.TryOpen(_compound.AsSpan(0, _length), out RtcpReader reader))
        {
            return found;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (ReceiverReport.TryParse(packet, out ReceiverReport report))
            {
                found += report.Blocks.Count;
            }
            else if (GenericNack.TryParse(packet, out GenericNack nack))
            {
                foreach (SequenceNumber _ in nack)
                {
                    found++;
                }
            }
        }

        return found;
    }

    /// <summary>Writes it.</summary>
    [Benchmark]
    public int Write()
    {
        RtcpWriter writer = new(_into);
        WriteTo(ref writer);
        return writer.Length;
    }

    private static void WriteTo(ref RtcpWriter writer)
    {
        ReportBlock block = new(new Ssrc(2), 3, 4, 1000, 5, default, default);
        ReceiverReport.TryWrite(ref writer, new Ssrc(1), [block, block]);
        GenericNack.TryWrite(ref writer, new Ssrc(1), new Ssrc(2), [new SequenceNumber(7), new SequenceNumber(9), new SequenceNumber(40)]);
    }
}
