# Shared by run.sh, test.sh, fuzz.sh and bench.sh. Sourced, never run.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

need() { command -v "$1" > /dev/null 2>&1 || die "$1 is not installed. $2"; }

# The three things a fresh machine must already have.
require_basics() {
  need dotnet "Crosspoint needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
  need node "Crosspoint needs Node.js 20 or newer to build its page: https://nodejs.org"
  need npm "Crosspoint needs npm (it comes with Node.js) to build its page."
  dotnet --list-sdks | grep -q '^10\.' || die "the .NET SDK here is $(dotnet --version); Crosspoint needs 10.0."
}

# install PACKAGE…: Debian packages, only those that are missing.
install() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  need apt-get "Install by hand: ${missing[*]}"
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  say "installing ${missing[*]}"
  $sudo apt-get update -qq > /dev/null && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null \
    || die "apt-get could not install: ${missing[*]}"
}

require_tools_for_tests() {
  require_basics
  # chromium, firefox-esr: the browsers of the call tests. python3-aiortc: a peer nobody here wrote.
  # libipsec-mb1: the multi-buffer ciphers of media, which have a fallback and tests of their own.
  # prometheus: promtool, which checks our metrics text. openssl: a DTLS peer nobody here wrote.
  install chromium firefox-esr python3-aiortc prometheus openssl iproute2 util-linux libipsec-mb1
}

# Media is served without it, only slower; a machine where it cannot be installed is served all the same.
install_fast_crypto() {
  [ "$(uname -m)" = x86_64 ] || return 0
  { [ "$(id -u)" -eq 0 ] || sudo -n true 2> /dev/null || dpkg -s libipsec-mb1 > /dev/null 2>&1; } && (install libipsec-mb1) && return 0
  say "libipsec-mb1 is not installed: media is protected by OpenSSL, at four times the cost"
}

# npm_install: like npm ci, but only when the lock file changed since the last time (a second start is fast).
npm_install() {
  local stamp=node_modules/.crosspoint-lock
  if ! cmp -s package-lock.json "$stamp"; then
    npm ci --no-audit --no-fund --loglevel=error || return 1
    cp package-lock.json "$stamp"
  fi
}

# count_*: add a runner's own closing figures to passed/failed/skipped.
count_dotnet() {
  local row
  while read -r row; do
    passed=$((passed + $(sed -E 's/.*Passed: *([0-9]+).*/\1/' <<< "$row")))
    skipped=$((skipped + $(sed -E 's/.*Skipped: *([0-9]+).*/\1/' <<< "$row")))
    failed=$((failed + $(sed -E 's/.*Failed: *([0-9]+).*/\1/' <<< "$row")))
  done < <(grep -E '(Passed|Failed)! +- ' "$1")
}

count_vitest() {
  local n
  for n in $(sed -E 's/\x1b\[[0-9;]*m//g' "$1" | sed -nE 's/^ *Tests .* ([0-9]+) passed.*/\1/p; s/^ *Tests +([0-9]+) passed.*/\1/p'); do passed=$((passed + n)); done
}

count_node() {
  passed=$((passed + $(sed -nE 's/^[#ℹ] pass ([0-9]+)$/\1/p' "$1" | awk '{n+=$1} END {print n+0}')))
  skipped=$((skipped + $(sed -nE 's/^[#ℹ] skipped ([0-9]+)$/\1/p' "$1" | awk '{n+=$1} END {print n+0}')))
}
