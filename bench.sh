#!/usr/bin/env bash
# Measures Crosspoint and its peers: server on core 0 in one network namespace, load on core 1 in another, a veth pair between them.
# Everything compared runs interleaved. Without arguments: everything, one table: what a bar compares in five rounds, the rest once (three quarters of an hour).
#   ./bench.sh --quick --json                     under two minutes, Crosspoint alone, a JSON array on standard output
#   ./bench.sh --scenario call --rounds 3 --servers crosspoint,janus
#   ./bench.sh --scenario soak --minutes 30
#   ./bench.sh --before c962112 --scenario call --subscribers 100 --profiles gcm --rounds 15    beside an earlier build, in turns
# docs/benchmarks/README.md says what is measured and how. Nothing is left running and no interface stays.
set -euo pipefail
cd "$(dirname "$0")"
source eng/lib.sh
exec 3>&1 1>&2 # standard output is the result's alone
[ "$(id -u)" -eq 0 ] || die "bench.sh makes network namespaces and needs root."
[ "$(nproc)" -ge 2 ] || die "bench.sh needs two cores: one for the server, one for the load."

# A run of everything leaves its raw samples in the repository.
[ $# -gt 0 ] || set -- --csv "docs/benchmarks/$(date +%F).csv"
build=1 arguments=() revision=
while [ $# -gt 0 ]; do
  case $1 in
    --no-build) build=0 ;;
    --before)
      revision=$(git rev-parse --short "${2:?--before needs a revision}^{commit}")
      before=artifacts/before/$revision
      arguments+=(--before "$before/artifacts/bin/Crosspoint.Cli/release/crosspoint")
      shift
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

install iproute2 util-linux libipsec-mb1
case " ${arguments[*]} " in
  *janus*) install janus ;;
  *" --quick "* | *" --servers crosspoint "* | *" --help "* | *" --before "*) ;;
  *) install janus ;;
esac
if [ $build -eq 1 ]; then
  need dotnet "Crosspoint needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
  dotnet build src/Crosspoint.Cli -c Release -nologo -v q --tl:off
  dotnet build bench/Crosspoint.Load -c Release -nologo -v q --tl:off
fi

if [ -n "$revision" ] && [ ! -x "$before/artifacts/bin/Crosspoint.Cli/release/crosspoint" ]; then
  rm -rf "$before"
  git clone -q --shared . "$before"
  git -C "$before" checkout -q --detach "$revision"
  (cd "$before" && dotnet build src/Crosspoint.Cli -c Release -nologo -v q --tl:off)
fi

server_ns=xpbs$$ load_ns=xpbl$$ subnet=10.$((200 + $$ % 50)).$(($$ / 50 % 250))
# The only processes in the server's namespace are servers that the load tool started; it ends them, this is for when it could not.
clean_up() {
  local pid
  for pid in $(ip netns pids "$server_ns" 2> /dev/null); do kill -9 "$pid" 2> /dev/null || true; done
  ip netns del "$server_ns" 2> /dev/null || true
  ip netns del "$load_ns" 2> /dev/null || true
}
trap clean_up EXIT
trap 'kill "${load:-}" 2> /dev/null; exit 143' TERM INT
ip netns add "$server_ns"
ip netns add "$load_ns"
ip -n "$server_ns" link set lo up
ip -n "$load_ns" link set lo up
ip -n "$server_ns" link add eth0 type veth peer name eth0 netns "$load_ns"
ip -n "$server_ns" addr add "$subnet.1/24" dev eth0
ip -n "$load_ns" addr add "$subnet.2/24" dev eth0
ip -n "$server_ns" link set eth0 up
ip -n "$load_ns" link set eth0 up

ulimit -n "$(ulimit -Hn)"
# A generation of 256 MB, so that the load collects between windows and not within: only the environment can say it (.NET 10).
DOTNET_GCgen0size=0x10000000 ip netns exec "$load_ns" taskset -c 1 artifacts/bin/Crosspoint.Load/release/crosspoint-load \
  --crosspoint artifacts/bin/Crosspoint.Cli/release/crosspoint \
  --server-namespace "$server_ns" --server-address "$subnet.1" --load-address "$subnet.2" --server-cores 0 "${arguments[@]}" >&3 &
load=$! # in the background, so that a signal to this script is heard at once
wait "$load"
