namespace Crosspoint.Sim.E2ee;

/// <summary>Chance from a seed: the same schedule for the same number, on every machine (xorshift64*, seeded through splitmix64).</summary>
internal sealed class ModelDice
{
    private ulong _state;

    public ModelDice(ulong seed)
    {
        ulong mixed = seed + 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        _state = (mixed ^ (mixed >> 31)) | 1;
    }

    public int Next(int below)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)(((_state * 0x2545f4914f6cdd1d) >> 33) % (uint)below);
    }

    public bool Chance(int percent) => Next(100) < percent;
}
