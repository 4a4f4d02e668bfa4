namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>
/// The functions that we call of libipsec-mb, copied out of one IMB_MGR. They hold no state of their own, except that the bursts
/// work in the manager they are given.
/// </summary>
internal unsafe struct IpsecMbTable
{
    /// <summary>key data, context, out, in, length, 12-byte IV, associated data and its length, tag and its length. Under a microsecond and never blocking, so the collector need not be told.</summary>
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Gcm128Encrypt;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Gcm128Decrypt;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Gcm256Encrypt;
    public delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> Gcm256Decrypt;

    /// <summary>key, key data out.</summary>
    public delegate* unmanaged[Cdecl]<byte*, byte*, void> Gcm128Prepare;
    public delegate* unmanaged[Cdecl]<byte*, byte*, void> Gcm256Prepare;

    /// <summary>key, round keys for encryption out, round keys for decryption out.</summary>
    public delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void> KeyExpansion128;

    /// <summary>64 bytes in, 20 bytes out: the hash state after one block, without padding.</summary>
    public delegate* unmanaged[Cdecl]<byte*, byte*, void> Sha1OneBlock;

    /// <summary>manager, jobs, count, cipher mode, direction, key length; returns how many are completed.</summary>
    public delegate* unmanaged[Cdecl]<nint, LibIpsecMb.Job*, uint, int, int, int, uint> CipherBurst;

    /// <summary>manager, jobs, count, hash algorithm; returns how many are completed, which is all of them.</summary>
    public delegate* unmanaged[Cdecl]<nint, LibIpsecMb.Job*, uint, int, uint> HashBurst;

    /// <summary>Allocates a manager for the best instructions this processor has.</summary>
    public delegate* unmanaged[Cdecl]<ulong, nint> AllocateManager;
    public delegate* unmanaged[Cdecl]<nint, uint*, void> InitializeManager;
    public delegate* unmanaged[Cdecl]<nint, void> FreeManager;

    /// <summary>Reads the table of an initialized manager of <see cref="LibIpsecMb.Version"/>; false when a pointer is missing.</summary>
    public bool TryRead(nint manager)
    {
        byte* m = (byte*)manager;
        Gcm128Encrypt = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)At(m, LibIpsecMb.Gcm128EncryptAt);
        Gcm128Decrypt = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)At(m, LibIpsecMb.Gcm128DecryptAt);
        Gcm256Encrypt = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)At(m, LibIpsecMb.Gcm256EncryptAt);
        Gcm256Decrypt = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)At(m, LibIpsecMb.Gcm256DecryptAt);
        Gcm128Prepare = (delegate* unmanaged[Cdecl]<byte*, byte*, void>)At(m, LibIpsecMb.Gcm128PrepareAt);
        Gcm256Prepare = (delegate* unmanaged[Cdecl]<byte*, byte*, void>)At(m, LibIpsecMb.Gcm256PrepareAt);
        KeyExpansion128 = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void>)At(m, LibIpsecMb.KeyExpansion128At);
        Sha1OneBlock = (delegate* unmanaged[Cdecl]<byte*, byte*, void>)At(m, LibIpsecMb.Sha1OneBlockAt);
        CipherBurst = (delegate* unmanaged[Cdecl]<nint, LibIpsecMb.Job*, uint, int, int, int, uint>)At(m, LibIpsecMb.CipherBurstAt);
        HashBurst = (delegate* unmanaged[Cdecl]<nint, LibIpsecMb.Job*, uint, int, uint>)At(m, LibIpsecMb.HashBurstAt);
        return Gcm128Encrypt is not null && Gcm128Decrypt is not null && Gcm256Encrypt is not null && Gcm256Decrypt is not null
            && Gcm128Prepare is not null && Gcm256Prepare is not null && KeyExpansion128 is not null && Sha1OneBlock is not null
            && CipherBurst is not null && HashBurst is not null;
    }

    private static void* At(byte* manager, int offset) => *(void**)(manager + offset);
}
