using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Calls.Encryption;

/// <summary>Keeps each room's record in a file of its own: written beside the old one, forced to the disk, then put in its place.</summary>
/// <remarks>Any thread. After a crash there is the old record or the new one, never a part of one. One process owns the folder.</remarks>
public sealed class DurableEpochStore : IEpochStore
{
    // Long enough that nobody who saw a room's epochs still has a page open on it.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    // given to me
    private readonly string _folder;

    /// <summary>In a folder, which is made if need be. Records of rooms long gone are deleted.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public DurableEpochStore(string folder, DateTimeOffset now)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            if (file.Extension == ".new" || (file.Extension == ".epoch" && file.LastWriteTimeUtc < (now - Life).UtcDateTime))
            {
                file.Delete();
            }
        }
    }

    /// <inheritdoc/>
    public EpochRecord? Read(string roomId)
    {
        string path = PathOf(roomId);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            EpochRecord? record = JsonSerializer.Deserialize(File.ReadAllBytes(path), EpochJson.Default.EpochRecord);
            return record?.RoomId == roomId ? record : throw new IOException($"{path} is another room's.");
        }
        catch (JsonException exception)
        {
            throw new IOException($"{path} cannot be read.", exception);
        }
    }

    /// <inheritdoc/>
    public void Write(EpochRecord record)
    {
        string path = PathOf(record.RoomId);
        string fresh = path + ".new";
        try
        {
            using (FileStream file = new(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, record, EpochJson.Default.EpochRecord);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
            FlushName(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{path} cannot be written.", exception);
        }
    }

    // Room ids are anybody's text; a hash is a file name everywhere.
    private string PathOf(string roomId) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(roomId))) + ".epoch");

    // The new name must survive too. Renaming changes the file's own record, so forcing that out takes the rename along on file systems with a journal; folders cannot be opened here.
    private static void FlushName(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }
}

/// <summary>Source-generated serialisation of records.</summary>
[JsonSerializable(typeof(EpochRecord))]
internal sealed partial class EpochJson : JsonSerializerContext;
