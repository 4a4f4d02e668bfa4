using System.CommandLine;
using Crosspoint.Cli;
using Crosspoint.Cli.Impair;
using Crosspoint.Cli.Smoke;

RootCommand root = new("Crosspoint: calls you can trust on your own servers.")
{
    ServeCommand.Create(),
    SmokeCommand.Create(),
    ImpairCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
