using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// Encrypts with AES-128-CTR, then authenticates with HMAC-SHA1 cut to 80 bits, many messages of many keys at once: SHA-1 cannot
/// be made parallel within a message, so the library hashes sixteen side by side.
/// <code>
/// packet | clear | ciphertext | suffix (4), then overwritten by the tag (10) |      authenticated: all before the tag, then the suffix
/// </code>
/// </summary>
/// <remarks>Owned by one thread. Nothing is allocated per message.</remarks>
internal sealed unsafe class IpsecMbCounterHmac : IDisposable
{
    /// <summary>Messages that wait at most; one more, and they are run.</summary>
    public const int Capacity = LibIpsecMb.MaxBurst;

    /// <summary>The longest packet, in bytes: the library counts a lane's bytes in 16 bits.</summary>
    public const int MaxLength = 16_384;

    public const int TagLength = 10;
    private const int FullTagLength = 12; // the shortest that the library writes
    private const int TagRoom = 16;

    /// <summary>
    /// From so many messages on hashing side by side wins. Measured on an EPYC with AVX-512 and SHA-NI, 1,216 bytes: a run of the
    /// lanes costs 2,300 ns however many are taken, OpenSSL 690 ns a message.
    /// </summary>
    private const int MinHashBurst = 4;

    // given to me
    private readonly IpsecMb _library;

    // made by me
    private readonly nint _manager;
    private readonly LibIpsecMb.Job* _jobs;
    private readonly byte* _counters;
    private readonly byte* _tags;
    private readonly IpsecMbCounterHmacKey[] _keys = new IpsecMbCounterHmacKey[Capacity];

    // state
    private int _count;
    private bool _isDisposed;

    private IpsecMbCounterHmac(IpsecMb library, nint manager)
    {
        _library = library;
        _manager = manager;

        _jobs = (LibIpsecMb.Job*)NativeMemory.AlignedAlloc((nuint)(Capacity * sizeof(LibIpsecMb.Job)), LibIpsecMb.CacheLine);
        _counters = (byte*)NativeMemory.AlignedAlloc(Capacity * AesCtr.BlockLength, LibIpsecMb.CacheLine);
        _tags = (byte*)NativeMemory.AlignedAlloc(Capacity * TagRoom, LibIpsecMb.CacheLine);
        for (var i = 0; i < Capacity; i++)
        {
            _jobs[i] = new LibIpsecMb.Job
            {
                KeyLength = 16,
                Iv = _counters + (i * AesCtr.BlockLength),
                IvLength = AesCtr.BlockLength,
                Tag = _tags + (i * TagRoom),
                TagLength = FullTagLength,
                CipherMode = LibIpsecMb.CipherCounter,
                CipherDirection = LibIpsecMb.Encrypt,
                HashAlgorithm = LibIpsecMb.HashHmacSha1,
                ChainOrder = LibIpsecMb.OrderCipherHash,
            };
        }
    }

    /// <summary>Null when there is no memory for the library's manager.</summary>
    public static IpsecMbCounterHmac? TryCreate(IpsecMb library) =>
        library.NewManager() is var manager && manager != 0 ? new IpsecMbCounterHmac(library, manager) : null;

    /// <summary>How many messages wait for <see cref="Run"/>.</summary>
    public int Count => _count;

    public bool IsFull => _count == Capacity;

    /// <summary>Adds a message while not <see cref="IsFull"/>. Packet, payload and keys must stay until <see cref="Run"/>.</summary>
    /// <param name="key">Not disposed before <see cref="Run"/>.</param>
    /// <param name="counter">The first counter block, 16 bytes, whose last two count up.</param>
    /// <param name="packet">Pinned: the clear part, room for the payload and <see cref="TagLength"/>; at most <see cref="MaxLength"/>.</param>
    /// <param name="clearLength">Bytes that are not encrypted.</param>
    /// <param name="payload">Pinned, not empty; where it lands, or elsewhere.</param>
    /// <param name="suffix">Authenticated after the packet, not sent.</param>
    public void Add(IpsecMbCounterHmacKey key, ReadOnlySpan<byte> counter, Span<byte> packet, int clearLength, ReadOnlySpan<byte> payload, uint suffix)
    {
        var length = clearLength + payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(packet.Slice(length, TagLength), suffix);
        counter[..AesCtr.BlockLength].CopyTo(new Span<byte>(_counters + (_count * AesCtr.BlockLength), AesCtr.BlockLength));
        _keys[_count] = key;
        var job = _jobs + _count++;
        job->EncryptionKeys = job->DecryptionKeys = key.RoundKeys;
        job->HashedInnerKey = key.HashedInnerKey;
        job->HashedOuterKey = key.HashedOuterKey;
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(packet));
        job->Source = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(payload));
        job->Destination = start + clearLength;
        job->CipherLength = (ulong)payload.Length;
        job->HashLength = (ulong)(length + sizeof(uint));
        job->Status = 0;
    }

    /// <summary>Finishes all that wait. Whatever failed is overwritten with zeroes.</summary>
    /// <returns>How many failed.</returns>
    public int Run()
    {
        var count = _count;
        if (count == 0)
        {
            return 0;
        }

        _count = 0;
        var isEncrypted = _library.Table.CipherBurst(_manager, _jobs, (uint)count, LibIpsecMb.CipherCounter, LibIpsecMb.Encrypt, 16) == (uint)count;
        for (var i = 0; i < count; i++)
        {
            // encrypt-then-MAC: the hash reads the packet, where the ciphertext now is
            var job = _jobs + i;
            isEncrypted &= job->Status == LibIpsecMb.StatusCompleted;
            job->Source = job->Destination - ((int)job->HashLength - sizeof(uint) - (int)job->CipherLength);
            job->Status = 0;
        }

        var areHashed = isEncrypted && (count < MinHashBurst ? HashEach(count) : HashTogether(count));
        return areHashed ? WriteTags(count) : Fail(count);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _library.Table.FreeManager(_manager);
            NativeMemory.AlignedFree(_jobs);
            NativeMemory.AlignedFree(_counters);
            NativeMemory.AlignedFree(_tags);
        }
    }

    private bool HashTogether(int count)
    {
        var ok = _library.Table.HashBurst(_manager, _jobs, (uint)count, LibIpsecMb.HashHmacSha1) == (uint)count;
        for (var i = 0; i < count; i++)
        {
            ok &= _jobs[i].Status == LibIpsecMb.StatusCompleted;
        }

        return ok;
    }

    private bool HashEach(int count)
    {
        Span<byte> tag = stackalloc byte[HmacSha1.TagLength];
        var ok = true;
        for (var i = 0; i < count; i++)
        {
            var job = _jobs + i;
            ok &= _keys[i].Alone.Compute(new ReadOnlySpan<byte>(job->Source, (int)job->HashLength), default, tag);
            tag[..FullTagLength].CopyTo(new Span<byte>(job->Tag, TagRoom));
        }

        return ok;
    }

    private int WriteTags(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var job = _jobs + i;
            var at = job->Destination + job->CipherLength;
            Unsafe.WriteUnaligned(at, *(ulong*)job->Tag);
            Unsafe.WriteUnaligned(at + sizeof(ulong), *(ushort*)(job->Tag + sizeof(ulong)));
        }

        return 0;
    }

    // Cannot happen with the arguments we give; that is why it takes all of them.
    private int Fail(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var job = _jobs + i;
            new Span<byte>(job->Source, (int)(job->HashLength - sizeof(uint)) + TagLength).Clear();
        }

        return count;
    }
}
