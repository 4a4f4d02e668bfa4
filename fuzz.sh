#!/usr/bin/env bash
# Fuzzes every parser: ./fuzz.sh [minutes in all, default 120] [more options of crosspoint-fuzz]
# Findings go to fuzz/findings; exit code 1 when there are any.
set -uo pipefail
cd "$(dirname "$0")"
minutes=${1:-120}
[ $# -gt 0 ] && shift
dotnet build fuzz/Crosspoint.Fuzz -c Release -nologo -v q || exit 1
# A copy of its own, so that building meanwhile does not pull the program from under a run of hours.
program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
cp -r artifacts/bin/Crosspoint.Fuzz/release/. "$program"
dotnet "$program/Crosspoint.Fuzz.dll" --target all --minutes "$minutes" "$@"
