#!/usr/bin/env bash
# Sets everything up and serves Crosspoint with a page to try it. Arguments go to `crosspoint serve`.
set -euo pipefail
cd "$(dirname "$0")"
source eng/lib.sh
require_basics
install_fast_crypto
out=artifacts/run

# Rebuild only what changed since the last start: the newest source decides.
newer() { [ ! -e "$1" ] || [ -n "$(find "${@:2}" -newer "$1" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print -quit 2> /dev/null)" ]; }

if newer "$out/.built" src Directory.Build.props Directory.Build.targets Directory.Packages.props global.json; then
  step "building the server (the first time takes a minute)"
  dotnet publish src/Crosspoint.Cli -c Release -o "$out" -nologo -v q
  touch "$out/.built"
fi
if newer web/app/dist/index.html web package.json package-lock.json; then
  step "building the page"
  npm_install
  npm run --silent build
fi

# Trying it out needs no identity provider: unless told otherwise this is a development server,
# and a development server refuses to start in production.
if [ -z "${NODE_ENV:-}${ASPNETCORE_ENVIRONMENT:-}" ]; then
  export NODE_ENV=development CALLS_DEV_INSECURE_AUTH="${CALLS_DEV_INSECURE_AUTH:-1}"
fi
export CROSSPOINT_WEB_ROOT="${CROSSPOINT_WEB_ROOT:-$PWD/web/app/dist}"
exec "$out/crosspoint" serve "$@"
