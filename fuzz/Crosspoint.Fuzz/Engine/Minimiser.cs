namespace Crosspoint.Fuzz.Engine;

/// <summary>Makes a failing input smaller as long as it fails in the same way.</summary>
public static class Minimiser
{
    private const int MaxRuns = 3000;

    public static byte[] Minimise(FuzzTarget target, byte[] input, string key)
    {
        int runs = 0;
        bool Fails(byte[] candidate) => runs++ < MaxRuns && Oracle.Check(target, candidate, out _)?.Key == key;

        for (int chunk = Math.Max(1, input.Length / 2); chunk > 0; chunk /= 2)
        {
            for (int at = 0; at + chunk <= input.Length;)
            {
                byte[] without = [.. input.AsSpan(0, at), .. input.AsSpan(at + chunk)];
                if (Fails(without))
                {
                    input = without;
                }
                else
                {
                    at += chunk;
                }
            }
        }

        for (int at = 0; at < input.Length; at++)
        {
            byte[] zeroed = [.. input];
            zeroed[at] = 0;
            if (input[at] != 0 && Fails(zeroed))
            {
                input = zeroed;
            }
        }

        return input;
    }
}
