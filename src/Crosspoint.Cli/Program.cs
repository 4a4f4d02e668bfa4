using System.CommandLine;
using Crosspoint.Cli;
using Crosspoint.Cli.Smoke;

RootCommand root = new("Crosspoint: calls you can trust on your own servers.")
{
    ServeCommand.Create(),
    SmokeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
