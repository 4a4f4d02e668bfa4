using Crosspoint.Rtc;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Gives a consumer one unbroken run of sequence numbers although many packets are left out on purpose, and remembers of the last 512 what
/// was sent under which number, so that the same can be sent again.
/// </summary>
/// <remarks>
/// <para>A packet that is missing when a later one comes may be wanted or not: a number is kept free for it. If it comes and is not wanted,
/// the number is to be filled with an empty packet, or the receiver would ask for it for ever.</para>
/// <code>
/// input    10 11 12 13 14 15 16 17        11, 12: other layer    14: lost, comes after 16
/// output    1  –  –  2 (3) 4  –  5        14 wanted: sent as 3; not wanted: 3 is sent empty
/// </code>
/// <para>One owner: the consumer.</para>
/// </remarks>
internal sealed class OutputMap(SequenceNumber highestOutput)
{
    // 2 s of 2 Mbit/s; the store of a stream keeps 1 s.
    private const int Size = 512;

    private readonly InputEntry[] _inputs = new InputEntry[Size];
    private readonly SentPacket[] _sent = new SentPacket[Size];

    private SequenceNumber _highestInput;
    private SequenceNumber _highestOutput = highestOutput;

    /// <summary>The highest number given out or kept free.</summary>
    public SequenceNumber HighestOutput => _highestOutput;

    /// <summary>Another numbering of packets begins; the output goes on where it was.</summary>
    /// <param name="first">The first packet that is wanted.</param>
    public void Begin(SequenceNumber first)
    {
        Array.Clear(_inputs);
        _highestInput = first - 1;
    }

    /// <summary>True when no later packet was placed before.</summary>
    public bool IsAhead(SequenceNumber input) => SequenceNumber.Distance(_highestInput, input) > 0;

    /// <summary>Places a packet that comes for the first time.</summary>
    /// <param name="input">The producer's number.</param>
    /// <param name="keep">Whether it is to be sent.</param>
    /// <param name="output">Its number, or the one that is to be filled.</param>
    public Placement Place(SequenceNumber input, bool keep, out SequenceNumber output)
    {
        int ahead = SequenceNumber.Distance(_highestInput, input);
        if (ahead <= 0)
        {
            return PlaceLate(input, keep, ahead, out output);
        }

        for (int i = 1; i < ahead; i++)
        {
            Reserve(_highestInput + i, InputState.Free);
        }

        _highestInput = input;
        output = keep ? Reserve(input, InputState.Taken) : default;
        if (!keep)
        {
            _inputs[input.Value % Size] = new InputEntry(default, InputState.LeftOut);
        }

        return keep ? Placement.Send : Placement.LeaveOut;
    }

    /// <summary>Remembers what was sent under a number.</summary>
    public void Note(SequenceNumber output, in SentPacket sent) => _sent[output.Value % Size] = sent;

    /// <summary>What was sent under a number; false when nothing was, or it is forgotten.</summary>
    public bool TryFind(SequenceNumber output, out SentPacket sent)
    {
        sent = _sent[output.Value % Size];
        int back = SequenceNumber.Distance(output, _highestOutput);
        return back is >= 0 and < Size && sent.IsSent;
    }

    private Placement PlaceLate(SequenceNumber input, bool keep, int ahead, out SequenceNumber output)
    {
        ref InputEntry entry = ref _inputs[input.Value % Size];
        output = entry.Output;
        if (ahead <= -Size || entry.State != InputState.Free || SequenceNumber.Distance(output, _highestOutput) >= Size)
        {
            return Placement.TooLate;
        }

        entry = entry with { State = InputState.Taken };
        return keep ? Placement.Send : Placement.Fill;
    }

    private SequenceNumber Reserve(SequenceNumber input, InputState state)
    {
        _highestOutput = _highestOutput.Next;
        _inputs[input.Value % Size] = new InputEntry(_highestOutput, state);
        _sent[_highestOutput.Value % Size] = default;
        return _highestOutput;
    }

    private enum InputState : byte
    {
        Unknown,
        Free,
        Taken,
        LeftOut,
    }

    private readonly record struct InputEntry(SequenceNumber Output, InputState State);
}
