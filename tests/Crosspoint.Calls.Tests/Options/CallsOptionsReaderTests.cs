using Crosspoint.Calls.Options;
using Crosspoint.Net.Udp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Calls.Tests.Options;

public class CallsOptionsReaderTests
{
    private static CallsOptions Read(params (string Name, string Value)[] environment) =>
        CallsOptionsReader.Read(name => environment.FirstOrDefault(pair => pair.Name == name).Value);

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] environment) =>
        Assert.Throws<InvalidConfigurationException>(() => Read(environment)).Errors;

    [Fact]
    public void The_defaults_are_those_of_the_contract()
    {
        CallsOptions options = Read(("CALLS_DEV_INSECURE_AUTH", "1"));
        Assert.Equal(8888, options.Node.Port);
        Assert.Equal("tr", options.Node.Region);
        Assert.Equal("local-sfu-1", options.Node.NodeId);
        Assert.True(options.E2ee.Required);
        Assert.False(options.E2ee.RequireSFrame);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Sessions.Heartbeat);
        Assert.Equal(TimeSpan.FromSeconds(25), options.Sessions.Silence);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Sessions.Grace);
        Assert.Equal(65_536, options.Limits.MaxFrameBytes);
        Assert.Equal(10, options.Limits.SocketsPerIp);
        Assert.Equal(50, options.Limits.PeersPerRoom);
        Assert.Equal((60, 2, 3, 3, 5), (options.Limits.Rates.Global, options.Limits.Rates.Hello, options.Limits.Rates.Auth, options.Limits.Rates.RoomCreate, options.Limits.Rates.RoomJoin));
        Assert.Equal((40_000, 49_999), (options.Media.MinPort, options.Media.MaxPort));
        Assert.True(options.Media.Enabled);
        Assert.Equal(TimeSpan.FromSeconds(600), options.Join.TokenLife);
    }

    [Fact]
    public void A_heartbeat_below_its_floor_is_raised() => Assert.Equal(5, Read(("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_HEARTBEAT_SEC", "1")).Sessions.Heartbeat.TotalSeconds);

    [Theory]
    [InlineData("NODE_ENV", "production")]
    [InlineData("ENV", "prod")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production")]
    public void Insecure_authentication_stops_the_start_in_production(string name, string value)
    {
        IReadOnlyList<string> errors = Errors((name, value), ("CALLS_DEV_INSECURE_AUTH", "1"));
        Assert.Contains(errors, error => error.Contains("CALLS_DEV_INSECURE_AUTH", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("No identity provider", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_starts_without_a_way_to_check_tokens()
    {
        Assert.Single(Errors());
        Assert.Single(Errors(("NODE_ENV", "production")));
        Assert.Single(Errors(("NODE_ENV", "production"), ("SUPABASE_URL", "https://p.supabase.co")));
        Assert.True(Read(("NODE_ENV", "production"), ("SUPABASE_URL", "https://p.supabase.co"), ("SUPABASE_ANON_KEY", "anon")).IsProduction);
        Assert.True(Read(("NODE_ENV", "production"), ("VITE_SUPABASE_URL", "https://p.supabase.co"), ("VITE_SUPABASE_PUBLISHABLE_KEY", "key")).Auth.HasRealProvider);
    }

    [Fact]
    public void Production_turns_the_strict_defaults_on()
    {
        CallsOptions options = Read(("NODE_ENV", "production"), ("CALLS_OIDC_ISSUER", "https://id.example"));
        Assert.True(options.Limits.RequireSecureWebSocket);
        Assert.Equal(V1Compatibility.Off, options.Join.Compatibility);
        Assert.Single(Errors(("NODE_ENV", "production"), ("CALLS_OIDC_ISSUER", "https://id.example"), ("SFU_MEDIA", "off")));
        Assert.False(Read(("NODE_ENV", "production"), ("CALLS_OIDC_ISSUER", "https://id.example"), ("SFU_MEDIA", "off"), ("SFU_REQUIRE_MEDIASOUP", "0")).Media.Enabled);
        Assert.Single(Errors(("NODE_ENV", "production"), ("CALLS_OIDC_ISSUER", "https://id.example"), ("CALLS_V1_COMPAT", "open")));
    }

    [Theory]
    [InlineData("SFU_PORT", "99999")]
    [InlineData("SFU_PORT", "eighty")]
    [InlineData("SFU_UDP_OFFLOAD", "1")]
    [InlineData("SFU_UDP_PORT", "65536")]
    [InlineData("SFU_UDP_STEERING", "yes")]
    [InlineData("SFU_UDP_IMPLEMENTATION", "windows")]
    [InlineData("SFU_SRTP_ENGINE", "nss")]
    [InlineData("SFU_REGION", "TR Land")]
    [InlineData("SFU_ANNOUNCED_IP", "example.com")]
    [InlineData("SFU_E2EE_REQUIRED", "maybe")]
    [InlineData("CALLS_MAX_PARTICIPANTS_PER_ROOM", "1")]
    [InlineData("SFU_TRUSTED_PROXIES", "10.0.0.0/99")]
    [InlineData("SUPABASE_URL", "ftp://x")]
    public void A_value_that_is_not_allowed_is_refused_by_name_with_what_is(string name, string value)
    {
        string error = Assert.Single(Errors(("CALLS_DEV_INSECURE_AUTH", "1"), (name, value)));
        Assert.StartsWith(name + ":", error, StringComparison.Ordinal);
        Assert.Contains(value, error, StringComparison.Ordinal);
        Assert.Contains("Allowed:", error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_secrets_never()
    {
        IReadOnlyList<string> errors = Errors(("SFU_PORT", "-1"), ("CALLS_JOIN_TOKEN_SECRET", "hunter2"), ("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_RTC_MIN_PORT", "50000"));
        Assert.Equal(3, errors.Count);
        Assert.DoesNotContain(errors, error => error.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Printing_the_options_shows_no_secret()
    {
        CallsOptions options = Read(("CALLS_AUTH_HS256_SECRET", new string('x', 40)), ("SUPABASE_ANON_KEY", "anon-key-value"), ("CALLS_JOIN_TOKEN_SECRET", new string('y', 40)));
        Assert.DoesNotContain("xxxx", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("yyyy", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("anon-key", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SFU_MEDIA", "off", false)]
    [InlineData("SFU_MEDIA", "native", true)]
    [InlineData("SFU_ENABLE_MEDIASOUP", "0", false)]
    [InlineData("SFU_ENABLE_MEDIASOUP", "1", true)]
    public void The_media_switches_of_both_generations_are_read(string name, string value, bool enabled) =>
        Assert.Equal(enabled, Read(("CALLS_DEV_INSECURE_AUTH", "1"), (name, value)).Media.Enabled);

    [Theory]
    [InlineData(null, true)]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public void Congestion_control_is_on_unless_it_is_turned_off(string? value, bool isOn) =>
        Assert.Equal(isOn, Read(("CALLS_DEV_INSECURE_AUTH", "1"), ("CALLS_CONGESTION_CONTROL", value ?? "")).Media.CongestionControl);

    [Theory]
    [InlineData("auto", "auto", UdpOffload.Auto, null)]
    [InlineData("OFF", "Portable", UdpOffload.Off, UdpImplementation.Portable)]
    [InlineData("auto", "linux", UdpOffload.Auto, UdpImplementation.Linux)]
    public void How_datagrams_are_moved_is_read(string offload, string implementation, UdpOffload expected, UdpImplementation? by)
    {
        MediaOptions media = Read(("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_UDP_OFFLOAD", offload), ("SFU_UDP_IMPLEMENTATION", implementation)).Media;
        Assert.Equal((expected, by), (media.UdpOffload, media.UdpImplementation));
    }

    [Theory]
    [InlineData("auto", SrtpEngine.Auto)]
    [InlineData("OpenSSL", SrtpEngine.OpenSsl)]
    public void Whose_ciphers_protect_media_is_read(string engine, SrtpEngine expected) =>
        Assert.Equal(expected, Read(("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_SRTP_ENGINE", engine)).Media.SrtpEngine);

    [Fact]
    public void One_UDP_port_is_read_and_portable_sockets_cannot_have_it()
    {
        MediaOptions media = Read(("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_UDP_PORT", "3478"), ("SFU_UDP_STEERING", "OFF")).Media;
        Assert.Equal((3478, false), (media.UdpPort, media.UdpSteering));
        Assert.Contains(
            Errors(("CALLS_DEV_INSECURE_AUTH", "1"), ("SFU_UDP_PORT", "3478"), ("SFU_UDP_IMPLEMENTATION", "portable")),
            error => error.StartsWith("SFU_UDP_PORT", StringComparison.Ordinal));
    }

    [Fact]
    public void What_bounds_encrypted_rooms_is_read()
    {
        E2eeOptions e2ee = Read(
            ("CALLS_DEV_INSECURE_AUTH", "1"), ("CALLS_E2EE_JOIN_LEASE_MS", "2500"), ("CALLS_E2EE_MEMBER_LEASE_MS", "4000"), ("CALLS_E2EE_PENALTY_SEC", "30"),
            ("CALLS_E2EE_LOG_COMMITS", "16"), ("CALLS_E2EE_REFUSED_FRAMES", "50"), ("CALLS_E2EE_REFUSED_WINDOW_SEC", "20")).E2ee;
        Assert.Equal((2500, 4000, 30, 16), (e2ee.Keys.JoinLease.TotalMilliseconds, e2ee.Keys.MemberLease.TotalMilliseconds, e2ee.Keys.Penalty.TotalSeconds, e2ee.Keys.LogCommits));
        Assert.Equal((50, TimeSpan.FromSeconds(20)), (e2ee.Frames.MaxRefusedFrames, e2ee.Frames.Window));
    }

    [Fact]
    public void What_is_not_set_of_encrypted_rooms_is_as_the_options_themselves_say()
    {
        E2eeOptions e2ee = Read(("CALLS_DEV_INSECURE_AUTH", "1")).E2ee;
        Assert.Equal(new(), e2ee.Keys);
        Assert.Equal(new(), e2ee.Frames);
    }

    [Fact]
    public void Every_setting_is_documented_where_it_is_read()
    {
        string path = Path.Combine(Root(), "docs", "operations", "configuration.md");
        string expected = ConfigurationDocument.Write();
        if (System.Environment.GetEnvironmentVariable("CROSSPOINT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == expected, "docs/operations/configuration.md is out of date: run this test with CROSSPOINT_UPDATE_DOCS=1");
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
