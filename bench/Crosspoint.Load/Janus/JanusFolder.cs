using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Janus;

/// <summary>
/// The folder one Janus is started from: its configuration, and links to the videoroom plugin and the WebSocket
/// transport alone, so that nothing else is loaded. Below the working directory of the plan, whose owner deletes it.
/// </summary>
internal sealed class JanusFolder
{
    private const string Plugin = "libjanus_videoroom.so";
    private const string Transport = "libjanus_websockets.so";

    // Given to me.
    private readonly JanusOptions _options;
    private readonly ServerPlan _plan;

    /// <summary>Writes everything.</summary>
    /// <exception cref="FileNotFoundException">The plugin or the transport is not installed.</exception>
    public JanusFolder(JanusOptions options, ServerPlan plan)
    {
        _options = options;
        _plan = plan;
        Path = System.IO.Path.Combine(plan.WorkingDirectory, "janus");
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

    private int EventLoops => _plan.Workers > 0 ? _plan.Workers : Environment.ProcessorCount;

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private void Link(string folder, string library)
    {
        string target = System.IO.Path.Combine(_options.LibraryFolder, folder, library);
        if (!File.Exists(target))
        {
            throw new FileNotFoundException("Janus is not installed completely.", target);
        }

        Directory.CreateDirectory(In(folder));
        string link = System.IO.Path.Combine(In(folder), library);
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
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
          interface = "{{_plan.Address}}"
          debug_level = 2
          debug_colors = false
        {{(_options.HasEventLoops ? $"  event_loops = {EventLoops}" : "")}}
        }
        media: {
          ipv6 = false
          rtp_port_range = "{{_options.MediaPorts.Least}}-{{_options.MediaPorts.Most}}"
          slowlink_threshold = 0
        }
        nat: {
          full_trickle = false
          ignore_mdns = true
          ice_enforce_list = "{{_plan.Address}}"
        }
        """;

    private string WebSockets() => $$"""
        general: {
          json = "compact"
          ws = true
          ws_ip = "{{_plan.Address}}"
          ws_port = {{_options.Port}}
          wss = false
        }
        admin: {
          admin_ws = false
          admin_wss = false
        }
        """;
}
