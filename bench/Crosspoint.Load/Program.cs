using Crosspoint.Load;

return await LoadCommand.Create().Parse(args).InvokeAsync();
