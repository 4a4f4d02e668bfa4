return await Crosspoint.Server.CrosspointServer.RunAsync();
