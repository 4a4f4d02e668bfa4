using BenchmarkDotNet.Running;
using Crosspoint.Micro;
using Crosspoint.Micro.Allocations;

if (args is ["--check-allocations"])
{
    return AllocationCommand.Check(Console.Out);
}

if (args is ["--write-allocations"])
{
    return AllocationCommand.Write(Console.Out);
}

BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args, new MicroConfig());
return 0;
