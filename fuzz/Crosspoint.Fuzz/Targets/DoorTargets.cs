using System.Net;
using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;
using Crosspoint.Fuzz.Engine;
using Microsoft.Extensions.Logging;

namespace Crosspoint.Fuzz.Targets;

/// <summary>The whole calls door: three clients that say anything in any order, lose their sockets and come back.</summary>
internal static class DoorTargets
{
    private const int MaxLines = 60;

    private static readonly IPAddress[] Peers = [IPAddress.Loopback, IPAddress.Parse("192.0.2.1")];

    private static readonly byte[][] Words =
    [
        .. new[] { "\n", "\na ", "\nb ", "\nc ", "\n+a", "\n-b", "\n!a", "\nt9", "$T", "$P", "$C", "$J", "$R", "null", "\"\\ud800\"", "{}", "[]", "\"roomId\":\"r\"", "\"epoch\":1", "\"paused\":true" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("calls-door", Run, Seeds) { MaxInputBytes = 4096, MaxTime = TimeSpan.FromSeconds(1), Words = Words },
        new("client-origin", Origin, OriginSeeds) { MaxInputBytes = 300 },
    ];

    // Lines: "a TYPE {payload}" says it, "a" alone or "a" and no type says it raw; "+a" opens a socket, "-a" breaks it, "!a" leaves, "t9" lets 9 s pass.
    private static int Run(ReadOnlySpan<byte> input)
    {
        using (Exempt.Begin())
        {
            using var house = new House();
            int lines = 0;
            foreach (Range range in input.Split((byte)'\n'))
            {
                if (lines++ == MaxLines)
                {
                    break;
                }

                house.Step(input[range]);
            }

            return house.Describe();
        }
    }

    private static int Origin(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        var signature = new Signature();
        foreach (IPAddress peer in Peers)
        {
            ClientOrigin origin = ClientOrigin.Resolve(peer, false, text, text, new LimitOptions().TrustedProxies);
            if (!IPAddress.IsLoopback(peer) && (origin.IsSecure || !origin.Address.Equals(peer)))
            {
                throw new InvalidOperationException("A stranger's header was believed.");
            }

            signature.Add((int)origin.Address.AddressFamily);
            signature.Add(IPAddress.IsLoopback(origin.Address));
            signature.Add(origin.IsSecure);
        }

        return signature.Value;
    }

    private static IEnumerable<byte[]> OriginSeeds() => ["203.0.113.9, 127.0.0.1"u8.ToArray(), "[2001:db8::1]:443,::1"u8.ToArray(), "https"u8.ToArray()];

    private static IEnumerable<byte[]> Seeds() => Scripts.Select(s => Encoding.UTF8.GetBytes(s.ReplaceLineEndings("\n")));

    private static readonly string[] Scripts =
    [
        """
        b ROOM_JOIN {"roomId":"r","joinToken":"$J"}
        a E2EE_READY {"epoch":0}
        b E2EE_READY {"epoch":0}
        a TRANSPORT_CREATE {"direction":"send"}
        a TRANSPORT_CONNECT {"transportId":"$T","dtlsParameters":{"role":"client","fingerprints":[{"algorithm":"sha-256","value":"AA:BB"}]}}
        a PRODUCE {"transportId":"$T","kind":"audio","rtpParameters":{"codecs":[],"encodings":[]},"appData":{"source":"screen"}}
        b TRANSPORT_CREATE {"direction":"recv"}
        b CONSUME {"producerId":"$P","rtpCapabilities":{"codecs":[],"headerExtensions":[]}}
        b CONSUMER_PAUSE {"consumerId":"$C"}
        a PRODUCER_PAUSE {"producerId":"$P"}
        a PRODUCER_CLOSE {"producerId":"$P"}
        b TRANSPORT_STATS_GET {"transportId":"$T"}
        b ICE_RESTART {"transportId":"$T","policy":"all"}
        """,
        """
        b ROOM_JOIN {"roomId":"r","joinToken":"$J"}
        a REKEY_BEGIN {"epoch":1,"deadlineMs":8000,"own":{"a":"b"}}
        a KEY_PACKAGE {"epoch":1,"targetDeviceId":"device-b","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","sig":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","senderPublicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
        b KEY_ACK {"epoch":1,"targetDeviceId":"device-a"}
        a REKEY_COMMIT {"epoch":1,"own":"x"}
        b REKEY_BEGIN {"epoch":2}
        t9
        a KEY_PACKAGE {"own":[1]}
        a ROOM_STATE_GET {}
        a GET_ROUTER_RTP_CAPABILITIES {}
        """,
        """
        b ROOM_JOIN {"roomId":"r","joinToken":"$J"}
        -b
        +b
        b HELLO {"client":{"deviceId":"device-b"},"resume":{"resumeToken":"$R"}}
        b AUTH {"accessToken":"bbbbbbbbbbbbbbbbbbbbbbbb","client":{"deviceId":"device-b"}}
        +c
        c AUTH {"accessToken":"bbbbbbbbbbbbbbbbbbbbbbbb","client":{"deviceId":"device-b"}}
        c PING {}
        !a
        t90
        b ROOM_LEAVE {"reason":"x"}
        """,
        "a E2EE_CAPS {\"sframe\":true}\na \n{\"v\":1}\na NOTHING {}\nc PING {}\nc {\"v\":1,\"type\":\"PING\",\"msgId\":\"1\",\"ts\":1,\"seq\":1}\nt200\na ROOM_CREATE {\"roomId\":\"s\",\"allowedUserIds\":[]}",
    ];

    /// <summary>Client a has made room r and is in it, b is authenticated, c has no socket.</summary>
    private sealed class House : IDisposable
    {
        private static readonly CallsOptions Options = new()
        {
            Auth = new AuthOptions { DevInsecure = true },
            Limits = new LimitOptions { SocketsPerIp = 1000, JoinRate = 0, Rates = Unlimited() },
        };

        private readonly ManualClock _clock = new();
        private readonly FailureLog _log = new();
        private readonly CallsMetrics _metrics = new();
        private readonly CallsDoor _door;
        private readonly Connection?[] _connections = new Connection?[3];
        private readonly string[] _resumeTokens = ["", "", ""];
        private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
        private string _transport = "";
        private string _producer = "";
        private string _consumer = "";
        private string _join = "";
        private int _seq;

        public House()
        {
            _door = new CallsDoor(Options, new ControlOnlyMediaPlane(), new DevInsecureTokenVerifier(), _clock, _metrics, _log);
            Step("+a"u8);
            Step("a HELLO {\"client\":{\"deviceId\":\"device-a\"}}"u8);
            Step("a AUTH {\"accessToken\":\"aaaaaaaaaaaaaaaaaaaaaaaa\"}"u8);
            Step("a ROOM_CREATE {\"roomId\":\"r\"}"u8);
            Step("a ROOM_JOIN {\"roomId\":\"r\"}"u8);
            Step("+b"u8);
            Step("b HELLO {\"client\":{\"deviceId\":\"device-b\"}}"u8);
            Step("b AUTH {\"accessToken\":\"bbbbbbbbbbbbbbbbbbbbbbbb\"}"u8);
            if (_join.Length == 0 || !_seen.Contains("ROOM_JOIN_OK"))
            {
                throw new InvalidOperationException("The house was not set up.");
            }

            _seen.Clear();
        }

        public void Step(ReadOnlySpan<byte> line)
        {
            if (line.IsEmpty)
            {
                return;
            }

            int who = Math.Abs((line.Length > 1 ? line[1] : 0) - 'a') % 3;
            switch (line[0])
            {
                case (byte)'+':
                    Close(who, null);
                    _connections[who] = Open();
                    break;
                case (byte)'-':
                    Close(who, null);
                    break;
                case (byte)'!':
                    Close(who, CloseCodes.GoingAway);
                    break;
                case (byte)'t':
                    _clock.Pass(TimeSpan.FromSeconds(int.TryParse(line[1..], out int seconds) ? Math.Clamp(seconds, 0, 600) : 1));
                    break;
                default:
                    Say(Math.Abs(line[0] - 'a') % 3, line[Math.Min(2, line.Length)..]);
                    break;
            }

            Drain();
        }

        // Joins are not paced here, so the answer is there at once.
        private Connection? Open()
        {
            ValueTask<Opening> opening = _door.OpenAsync(new ClientOrigin(IPAddress.Loopback, true), isReturning: false, CancellationToken.None);
            return opening.IsCompletedSuccessfully ? opening.Result.Connection : throw new InvalidOperationException("A join waits though none is paced.");
        }

        public int Describe()
        {
            var signature = new Signature();
            foreach (string word in _seen)
            {
                foreach (char c in word)
                {
                    signature.Add(c);
                }
            }

            return signature.Value;
        }

        public void Dispose()
        {
            for (int i = 0; i < _connections.Length; i++)
            {
                Close(i, CloseCodes.GoingAway);
            }

            _door.Dispose();
            _metrics.Dispose();
        }

        private static RateOptions Unlimited() => new()
        {
            Global = 100_000, Media = 100_000, Hello = 100_000, Auth = 100_000, E2eeCaps = 100_000, RoomCreate = 100_000,
            RoomJoin = 100_000, KeyPackage = 100_000, KeyAck = 100_000, RekeyBegin = 100_000, RekeyCommit = 100_000,
        };

        private void Close(int who, int? code)
        {
            if (_connections[who] is { } connection)
            {
                _door.OnClosed(connection, code);
                _connections[who] = null;
            }
        }

        private void Say(int who, ReadOnlySpan<byte> said)
        {
            if (_connections[who] is not { CloseRequested: null } connection)
            {
                return;
            }

            int space = said.IndexOf((byte)' ');
            byte[] frame = said.ToArray();
            if (space > 0 && said[0] is >= (byte)'A' and <= (byte)'Z')
            {
                string payload = Encoding.Latin1.GetString(said[(space + 1)..]).Replace("$T", _transport, StringComparison.Ordinal).Replace("$P", _producer, StringComparison.Ordinal)
                    .Replace("$C", _consumer, StringComparison.Ordinal).Replace("$J", _join, StringComparison.Ordinal).Replace("$R", _resumeTokens[who], StringComparison.Ordinal);
                _seq++;
                frame = Encoding.Latin1.GetBytes($$"""{"v":1,"type":"{{Encoding.Latin1.GetString(said[..space])}}","msgId":"m{{_seq}}","seq":{{_seq}},"ts":1,"payload":{{payload}}}""");
            }

            Task handled = _door.OnTextAsync(connection, frame).AsTask();
            if (!handled.Wait(TimeSpan.FromSeconds(20)))
            {
                throw new InvalidOperationException("A request was never answered.");
            }
        }

        private void Drain()
        {
            for (int who = 0; who < _connections.Length; who++)
            {
                while (_connections[who] is { } connection && connection.Outbound.TryRead(out byte[]? frame))
                {
                    _door.OnSent(connection, frame.Length);
                    Read(who, frame);
                }
            }

            if (_log.Failure is { } failure)
            {
                throw new InvalidOperationException("The door failed at a request: " + failure, failure);
            }
        }

        private void Read(int who, byte[] frame)
        {
            using JsonDocument document = JsonDocument.Parse(frame);
            string type = document.RootElement.GetProperty("type").GetString()!;
            JsonElement payload = document.RootElement.GetProperty("payload");
            switch (type)
            {
                case MessageTypes.Ack:
                    if (document.RootElement.GetProperty("ack").TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
                    {
                        type = error.GetProperty("code").GetString()!;
                    }

                    break;
                case MessageTypes.Welcome: _resumeTokens[who] = Text(payload, "resumeToken"); break;
                case MessageTypes.RoomCreated: _join = Text(payload, "joinToken"); break;
                case MessageTypes.TransportCreated: _transport = Text(payload, "transportId"); break;
                case MessageTypes.Produced: _producer = Text(payload, "producerId"); break;
                case MessageTypes.ConsumerAdded: _consumer = payload.TryGetProperty("consumerId", out JsonElement id) ? id.GetString() ?? "" : Text(payload.GetProperty("consumer"), "consumerId"); break;
            }

            if (type == ErrorCodes.InternalError)
            {
                throw new InvalidOperationException("The door failed at a request.");
            }

            _seen.Add(type);
        }

        private static string Text(JsonElement payload, string name) => payload.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
    }

    /// <summary>Keeps the first failure that the door would have logged.</summary>
    private sealed class FailureLog : ILogger<CallsDoor>
    {
        public Exception? Failure { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Failure ??= exception;
    }
}
