namespace Crosspoint.Load.Janus;

/// <summary>
/// The folder one Janus is started from: its configuration, and links to the videoroom plugin and the WebSocket
/// transport alone, so that nothing else is loaded. Deleted with its owner.
/// </summary>
internal sealed class JanusFolder : IDisposable
{
    private const string Plugin = "libjanus_videoroom.so";
    private const string Transport = "libjanus_websockets.so";

    // Given to me.
    private readonly JanusOptions _options;

    /// <summary>Writes everything below a new folder.</summary>
    /// <exception cref="FileNotFoundException">The plugin or the transport is not installed.</exception>
    public JanusFolder(JanusOptions options)
    {
        _options = options;
        Path = Directory.CreateTempSubdirectory("crosspoint-janus-").FullName;
        Link("plugins", Plugin);
        Link("transports", Transport);
        Directory.CreateDirectory(In("none"));
        File.WriteAllText(Configuration, Core());
        File.WriteAllText(In("janus.transport.websockets.jcfg"), WebSockets());
        File.WriteAllText(In("janus.plugin.videoroom.jcfg"), "general: { }\n");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The main configuration file in it.</summary>
    public string Configuration => In("janus.jcfg");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private void Link(string folder, string library)
    {
        string target = System.IO.Path.Combine(_options.LibraryFolder, folder, library);
        if (!File.Exists(target))
        {
            throw new FileNotFoundException("Janus is not installed completely.", target);
        }

        Directory.CreateDirectory(In(folder));
        File.CreateSymbolicLink(System.IO.Path.Combine(In(folder), library), target);
    }

    // Errors only in the log. No STUN, no mDNS, no IPv6: the one address is known, so gathering takes no time and all
    // candidates stand in the descriptions (no full trickle).
    private string Core() => $$"""
        general: {
          configs_folder = "{{Path}}"
          plugins_folder = "{{In("plugins")}}"
          transports_folder = "{{In("transports")}}"
          events_folder = "{{In("none")}}"
          loggers_folder = "{{In("none")}}"
          interface = "{{_options.Address}}"
          debug_level = 2
          debug_colors = false
        {{(_options.EventLoops > 0 ? $"  event_loops = {_options.EventLoops}" : "")}}
        }
        media: {
          ipv6 = false
          rtp_port_range = "{{_options.MediaPorts.Least}}-{{_options.MediaPorts.Most}}"
          slowlink_threshold = 0
        }
        nat: {
          full_trickle = false
          ignore_mdns = true
          ice_enforce_list = "{{_options.Address}}"
        }
        """;

    private string WebSockets() => $$"""
        general: {
          json = "compact"
          ws = true
          ws_ip = "{{_options.Address}}"
          ws_port = {{_options.Port}}
          wss = false
        }
        admin: {
          admin_ws = false
          admin_wss = false
        }
        """;
}
