#!/usr/bin/env bash
# The simulator: publishers, the real routing engine and subscribers on virtual time (docs/simulator.md).
#   ./sim.sh                    every scenario, as a table
#   ./sim.sh --all --json       every scenario, as JSON
#   ./sim.sh --all --seeds 1-12  a line a scenario over several seeds
#   ./sim.sh --list             what there is
set -euo pipefail
cd "$(dirname "$0")"
exec dotnet run -c Release --project bench/Crosspoint.Sim -- "$@"
