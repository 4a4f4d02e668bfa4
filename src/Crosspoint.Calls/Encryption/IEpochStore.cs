namespace Crosspoint.Calls.Encryption;

/// <summary>Where rooms' epochs are kept. What <see cref="Write"/> returned from is found by <see cref="Read"/> after any crash.</summary>
/// <remarks>Called from the mailbox of the room in question, one call at a time for a room; rooms call side by side.</remarks>
public interface IEpochStore
{
    /// <summary>The last record of a room, or null.</summary>
    /// <exception cref="IOException">It cannot be read; the room must not begin at the beginning then.</exception>
    EpochRecord? Read(string roomId);

    /// <summary>Keeps a record in place of the room's last one.</summary>
    /// <exception cref="IOException">It is not kept; what it records must not happen.</exception>
    void Write(EpochRecord record);
}
