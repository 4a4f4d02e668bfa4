using Crosspoint.Sim;

return await SimCommand.Create().Parse(args).InvokeAsync();
