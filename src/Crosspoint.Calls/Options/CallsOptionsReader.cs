using System.Net;
using Crosspoint.Calls.E2ee;
using Crosspoint.Media.Negotiation;
using Crosspoint.Net.Udp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Calls.Options;

/// <summary>Turns an environment into <see cref="CallsOptions"/>, or says everything that is wrong with it.</summary>
public static class CallsOptionsReader
{
    /// <summary>Reads the process environment.</summary>
    /// <exception cref="InvalidConfigurationException">Something is not allowed; the message says what.</exception>
    public static CallsOptions Read() => Read(System.Environment.GetEnvironmentVariable);

    /// <summary>Reads any environment: a name in, its value or null out.</summary>
    /// <exception cref="InvalidConfigurationException">Something is not allowed; the message says what.</exception>
    public static CallsOptions Read(Func<string, string?> environment)
    {
        SettingsReader reader = new(environment);
        bool production = IsProductionLike(environment);
        CallsOptions options = new()
        {
            IsProduction = production,
            EnvironmentName = ReadEnvironmentName(environment),
            Node = ReadNode(reader),
            Auth = ReadAuth(reader),
            Join = ReadJoin(reader, production),
            E2ee = ReadE2ee(reader),
            Sessions = ReadSessions(reader),
            Limits = ReadLimits(reader, production),
            Media = ReadMedia(reader, production),
        };
        CheckTogether(options, reader);
        return reader.Errors.Count == 0 ? options : throw new InvalidConfigurationException(reader.Errors);
    }

    // Any one of the three names is enough: an image that sets one of them must not be outvoted by a leftover of another.
    private static bool IsProductionLike(Func<string, string?> environment) => EnvironmentNames(environment).Any(IsProductionLike);

    // The one that decides: a production-like value if there is one, else the first.
    private static string ReadEnvironmentName(Func<string, string?> environment)
    {
        string[] names = [.. EnvironmentNames(environment)];
        return names.FirstOrDefault(IsProductionLike) ?? names.FirstOrDefault() ?? CallsOptions.DefaultEnvironment;
    }

    private static IEnumerable<string> EnvironmentNames(Func<string, string?> environment) =>
        ((IEnumerable<string>)[Settings.Environment.Name, .. Settings.Environment.Aliases])
            .Select(name => environment(name)?.Trim() ?? "").Where(value => value.Length > 0);

    private static bool IsProductionLike(string name) => name.ToUpperInvariant() is "PRODUCTION" or "PROD" or "STAGING";

    private static NodeOptions ReadNode(SettingsReader reader) => new()
    {
        Port = reader.Integer(Settings.Port),
        BindAddress = reader.Text(Settings.BindAddress, null),
        Region = reader.Text(Settings.Region, "tr")!,
        NodeId = reader.Text(Settings.NodeId, "local-sfu-1")!,
        WebRoot = reader.Text(Settings.WebRoot, null),
        Drain = TimeSpan.FromSeconds(reader.Integer(Settings.DrainSeconds)),
    };

    private static AuthOptions ReadAuth(SettingsReader reader) => new()
    {
        SupabaseUrl = reader.Text(Settings.SupabaseUrl, null) is { } url && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri : null,
        SupabaseKey = Secret(reader, Settings.SupabaseKey),
        OidcIssuer = reader.Text(Settings.OidcIssuer, null),
        OidcAudience = reader.Text(Settings.OidcAudience, null),
        Hs256Secret = Secret(reader, Settings.Hs256Secret),
        Hs256Issuer = reader.Text(Settings.Hs256Issuer, null),
        Hs256Audience = reader.Text(Settings.Hs256Audience, null),
        Leeway = TimeSpan.FromSeconds(reader.Integer(Settings.TokenLeewaySeconds)),
        EnforceExpiry = reader.Switch(Settings.EnforceTokenExpiry, true),
        DevInsecure = reader.Switch(Settings.DevInsecureAuth, false),
    };

    private static JoinOptions ReadJoin(SettingsReader reader, bool production) => new()
    {
        TokenSecret = Secret(reader, Settings.JoinTokenSecret),
        TokenLife = TimeSpan.FromSeconds(reader.Integer(Settings.JoinTokenTtlSeconds)),
        LinkLife = TimeSpan.FromSeconds(reader.Integer(Settings.LinkTokenTtlSeconds)),
        Compatibility = reader.Text(Settings.V1Compatibility, production ? "off" : "auto-create")!.ToUpperInvariant() switch
        {
            "AUTO-CREATE" => V1Compatibility.AutoCreate,
            "OPEN" or "1" => V1Compatibility.Open,
            _ => V1Compatibility.Off,
        },
    };

    private static E2eeOptions ReadE2ee(SettingsReader reader) => new()
    {
        Required = reader.Switch(Settings.E2eeRequired, true),
        RequireSFrame = reader.Switch(Settings.RequireSFrame, false),
        RekeyOnJoin = reader.Switch(Settings.RekeyOnJoin, true),
        RekeyDeadline = TimeSpan.FromMilliseconds(reader.Integer(Settings.RekeyDeadlineMs)),
        Profile = reader.Text(Settings.E2eeProfile, RoomEpoch.Profile)!.ToLowerInvariant(),
        RoomSecretRequired = reader.Switch(Settings.E2eeRoomSecret, false),
        StateFolder = reader.Text(Settings.StateFolder, null),
        Keys = new()
        {
            RekeyInterval = TimeSpan.FromSeconds(reader.Integer(Settings.E2eeRekeySeconds)),
            Activate = TimeSpan.FromMilliseconds(reader.Integer(Settings.E2eeQuorumMax)),
            Overlap = TimeSpan.FromSeconds(reader.Integer(Settings.E2eeOverlapSeconds)),
            Evict = TimeSpan.FromSeconds(reader.Integer(Settings.E2eeEvictSeconds)),
            Grace = TimeSpan.FromSeconds(reader.Integer(Settings.ResumeGraceSeconds)),
            JoinLease = TimeSpan.FromMilliseconds(reader.Integer(Settings.E2eeJoinLease)),
            MemberLease = TimeSpan.FromMilliseconds(reader.Integer(Settings.E2eeMemberLease)),
            Penalty = TimeSpan.FromSeconds(reader.Integer(Settings.E2eePenaltySeconds)),
            LogCommits = reader.Integer(Settings.E2eeLogCommits),
            MinIdentity = reader.Integer(Settings.E2eeMinIdentity),
        },
        Frames = new()
        {
            MaxRefusedFrames = reader.Integer(Settings.E2eeRefusedFrames),
            Window = TimeSpan.FromSeconds(reader.Integer(Settings.E2eeRefusedWindowSeconds)),
        },
    };

    private static SessionOptions ReadSessions(SettingsReader reader)
    {
        int heartbeat = reader.Integer(Settings.HeartbeatSeconds);
        return new()
        {
            Heartbeat = TimeSpan.FromSeconds(heartbeat),
            Silence = TimeSpan.FromSeconds(reader.Integer(Settings.SilenceSeconds, heartbeat * 5 / 2)),
            Grace = TimeSpan.FromSeconds(reader.Integer(Settings.ResumeGraceSeconds)),
            AuthDeadline = TimeSpan.FromSeconds(reader.Integer(Settings.AuthDeadlineSeconds)),
            IdleRoom = TimeSpan.FromSeconds(reader.Integer(Settings.IdleRoomSeconds)),
        };
    }

    private static LimitOptions ReadLimits(SettingsReader reader, bool production) => new()
    {
        MaxFrameBytes = reader.Integer(Settings.MaxFrameBytes),
        MaxMalformedFrames = reader.Integer(Settings.MaxMalformedFrames),
        OutboundFrames = reader.Integer(Settings.OutboundFrames),
        OutboundBytes = reader.Integer(Settings.OutboundBytes),
        SocketsPerIp = reader.Integer(Settings.SocketsPerIp),
        Sockets = reader.Integer(Settings.MaxSockets),
        JoinRate = reader.Integer(Settings.JoinRate),
        JoinBurst = reader.Integer(Settings.JoinBurst),
        JoinWait = TimeSpan.FromSeconds(reader.Integer(Settings.JoinWaitSeconds)),
        PeersPerRoom = reader.Integer(Settings.PeersPerRoom),
        Rooms = reader.Integer(Settings.MaxRooms),
        ProducersPerPeer = reader.Integer(Settings.ProducersPerPeer),
        TransportsPerPeer = reader.Integer(Settings.TransportsPerPeer),
        RequireSecureWebSocket = reader.Switch(Settings.RequireSecureWs, production),
        TrustedProxies = ReadProxies(reader),
        Rates = new()
        {
            Global = reader.Integer(Settings.RateGlobal),
            Media = reader.Integer(Settings.RateMedia),
            Hello = reader.Integer(Settings.RateHello),
            Auth = reader.Integer(Settings.RateAuth),
            E2eeCaps = reader.Integer(Settings.RateE2eeCaps),
            RoomCreate = reader.Integer(Settings.RateRoomCreate),
            RoomJoin = reader.Integer(Settings.RateRoomJoin),
            KeyPackage = reader.Integer(Settings.RateKeyPackage),
            KeyAck = reader.Integer(Settings.RateKeyAck),
            RekeyBegin = reader.Integer(Settings.RateRekeyBegin),
            RekeyCommit = reader.Integer(Settings.RateRekeyCommit),
            RekeyRequest = reader.Integer(Settings.RateRekeyRequest),
            KeyTrouble = reader.Integer(Settings.RateKeyTrouble),
        },
    };

    private static MediaOptions ReadMedia(SettingsReader reader, bool production)
    {
        bool enabled = reader.Text(Settings.Media, null)?.ToUpperInvariant() switch
        {
            "OFF" or "0" or "FALLBACK" => false,
            null => reader.Switch(Settings.EnableMediasoup, true),
            _ => true,
        };
        if (!enabled && reader.Switch(Settings.RequireMediasoup, production))
        {
            reader.Refuse("SFU_REQUIRE_MEDIASOUP is on (its default in production) but the media engine is off: set SFU_MEDIA=native, or SFU_REQUIRE_MEDIASOUP=0 for a control plane without media.");
        }

        string? announced = reader.Text(Settings.AnnouncedIp, null);
        return new()
        {
            Enabled = enabled,
            Codecs = reader.Text(Settings.Codecs, null) is { } codecs && CodecPolicy.TryParse(Settings.NamesOf(codecs), out CodecPolicy policy, out _) ? policy : CodecPolicy.Default,
            CongestionControl = reader.Switch(Settings.CongestionControl, true),
            MaxDownlinkMegabits = reader.Integer(Settings.MaxDownlinkMegabits),
            AnnouncedAddresses = announced is null ? [] : [.. announced.Split(',').Select(part => IPAddress.TryParse(part.Trim(), out IPAddress? ip) ? ip : IPAddress.None)],
            MinPort = reader.Integer(Settings.RtcMinPort),
            MaxPort = reader.Integer(Settings.RtcMaxPort),
            Workers = reader.Integer(Settings.Workers),
            RaiseWorkers = reader.Switch(Settings.RaiseWorkers, true),
            GatherTime = TimeSpan.FromMicroseconds(reader.Integer(Settings.GatherTime)),
            MaxWorkerLoadPercent = reader.Integer(Settings.MaxWorkerLoad),
            UdpPort = reader.Integer(Settings.UdpPort),
            UdpSteering = !string.Equals(reader.Text(Settings.UdpSteering, null), "off", StringComparison.OrdinalIgnoreCase),
            UdpOffload = Word<UdpOffload>(reader, Settings.UdpOffload) ?? UdpOffload.Auto,
            UdpImplementation = Word<UdpImplementation>(reader, Settings.UdpImplementation),
            SrtpEngine = Word<SrtpEngine>(reader, Settings.SrtpEngine) ?? SrtpEngine.Auto,
            RoomSpreadLoadPercent = reader.Integer(Settings.RoomSpreadLoad),
            PinWorkers = reader.Switch(Settings.PinWorkers, false),
            LogLevel = reader.Text(Settings.MediaLogLevel, "warn")!,
        };
    }

    // "auto" is no value of an implementation, and so null.
    private static T? Word<T>(SettingsReader reader, TextSetting setting)
        where T : struct, Enum => Enum.TryParse(reader.Text(setting, null), ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : null;

    private static IReadOnlyList<IPNetwork> ReadProxies(SettingsReader reader)
    {
        string? text = reader.Text(Settings.TrustedProxies, null);
        if (text is null)
        {
            return new LimitOptions().TrustedProxies;
        }

        List<IPNetwork> networks = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out IPNetwork network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out IPAddress? single))
            {
                networks.Add(new IPNetwork(single, single.GetAddressBytes().Length * 8));
            }
            else
            {
                reader.Refuse($"{Settings.TrustedProxies.Name}: \"{part}\" is not allowed. Allowed: {Settings.TrustedProxies.AllowedText}.");
            }
        }

        return networks;
    }

    private static void CheckTogether(CallsOptions options, SettingsReader reader)
    {
        if (options.IsProduction && options.Auth.DevInsecure)
        {
            reader.Refuse("CALLS_DEV_INSECURE_AUTH is on in a production-like environment: it lets anybody in. Unset it.");
        }

        if (!options.Auth.HasRealProvider && (options.IsProduction || !options.Auth.DevInsecure))
        {
            reader.Refuse("No identity provider is configured: set SUPABASE_URL with SUPABASE_PUBLISHABLE_KEY, or CALLS_OIDC_ISSUER, or CALLS_AUTH_HS256_SECRET"
                + (options.IsProduction ? "." : ", or CALLS_DEV_INSECURE_AUTH=1 for development."));
        }

        if (options.IsProduction && options.Join.Compatibility != V1Compatibility.Off)
        {
            reader.Refuse("CALLS_V1_COMPAT opens rooms to every authenticated user: production allows only off.");
        }

        if (options.Media is { UdpPort: not 0, UdpImplementation: UdpImplementation.Portable })
        {
            reader.Refuse("SFU_UDP_PORT: portable sockets cannot share a port. Unset it, or SFU_UDP_IMPLEMENTATION.");
        }

        if (options.Media.MaxPort < options.Media.MinPort)
        {
            reader.Refuse($"SFU_RTC_MAX_PORT: {options.Media.MaxPort} is below SFU_RTC_MIN_PORT ({options.Media.MinPort}).");
        }
    }

    private static Secret? Secret(SettingsReader reader, TextSetting setting) =>
        reader.Text(setting, null) is { } text ? new Secret(text) : null;
}
