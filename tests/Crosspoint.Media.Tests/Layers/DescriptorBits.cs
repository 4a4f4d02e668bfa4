namespace Crosspoint.Media.Tests.Layers;

/// <summary>Writes dependency descriptors (AV1 RTP, A.8), each frame saying all of it itself.</summary>
internal sealed class DescriptorBits
{
    private readonly List<bool> _bits = [];

    public static byte[] Write(Scalability mode, EncodedFrame frame, bool keyPicture, bool start, bool end, int numberOffset)
    {
        DescriptorBits bits = new();
        bool structure = frame is { IsKey: true, Spatial: 0 } && start;
        bits.Add(start ? 1 : 0, 1).Add(end ? 1 : 0, 1).Add((frame.Spatial * mode.Temporal) + frame.Temporal, 6).Add((frame.Id + numberOffset) & 0xFFFF, 16);
        bits.Add(structure ? 1 : 0, 1).Add(0b0_1_1_0, 4);
        if (structure)
        {
            bits.AddStructure(mode);
        }

        for (int s = 0; s < mode.Spatial; s++)
        {
            for (int t = 0; t < mode.Temporal; t++)
            {
                bits.Add("-DSR".IndexOf(mode.Indication(frame, keyPicture, s, t)), 2);
            }
        }

        foreach (int reference in frame.References)
        {
            bits.Add(3, 2).Add(frame.Id - reference - 1, 12);
        }

        return bits.Add(0, 2).ToArray();
    }

    private void AddStructure(Scalability mode)
    {
        int targets = mode.Spatial * mode.Temporal;
        Add(0, 6).Add(targets - 1, 5);
        for (int template = 0; template < targets; template++)
        {
            bool last = template == targets - 1;
            Add(last ? 3 : (template + 1) % mode.Temporal == 0 ? 2 : 1, 2);
        }

        for (int template = 0; template < targets; template++)
        {
            EncodedFrame frame = new(0, 0, template / mode.Temporal, template % mode.Temporal, false, [], false);
            for (int target = 0; target < targets; target++)
            {
                // Of a template what its frames are but in keyframes.
                Add("-DSR".IndexOf(mode.Indication(frame, false, target / mode.Temporal, target % mode.Temporal)), 2);
            }
        }

        for (int template = 0; template < targets; template++)
        {
            Add(0, 1); // references are told by each frame
        }

        Add(0, System.Numerics.BitOperations.Log2((uint)(targets + 1))); // no chains
        Add(0, 1); // no resolutions
    }

    private DescriptorBits Add(int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            _bits.Add(((value >> i) & 1) != 0);
        }

        return this;
    }

    private byte[] ToArray()
    {
        byte[] bytes = new byte[(_bits.Count + 7) / 8];
        for (int i = 0; i < _bits.Count; i++)
        {
            bytes[i / 8] |= (byte)(_bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return bytes;
    }
}
