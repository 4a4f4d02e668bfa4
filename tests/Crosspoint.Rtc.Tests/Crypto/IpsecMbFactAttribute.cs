using Crosspoint.Rtc.Crypto;

namespace Crosspoint.Rtc.Tests.Crypto;

/// <summary>A test that needs libipsec-mb (Debian: libipsec-mb1, which test.sh installs) and says so when it is not run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IpsecMbFactAttribute : FactAttribute
{
    public IpsecMbFactAttribute() => Skip = IpsecMb.Shared is null ? $"needs libipsec-mb: {IpsecMb.Status}" : null;
}

/// <summary>The same with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IpsecMbTheoryAttribute : TheoryAttribute
{
    public IpsecMbTheoryAttribute() => Skip = IpsecMb.Shared is null ? $"needs libipsec-mb: {IpsecMb.Status}" : null;
}
