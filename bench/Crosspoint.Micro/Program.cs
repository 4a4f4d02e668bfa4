using BenchmarkDotNet.Running;
using Crosspoint.Micro;
using Crosspoint.Micro.Allocations;
using Crosspoint.Micro.Media;

if (args is ["--check-allocations"])
{
    return AllocationCommand.Check(Console.Out);
}

if (args is ["--write-allocations"])
{
    return AllocationCommand.Write(Console.Out);
}

if (args is ["--encrypted-room"])
{
    return EncryptedRoomRatio.Print(Console.Out);
}

BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args, new MicroConfig());
return 0;
