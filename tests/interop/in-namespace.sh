#!/usr/bin/env bash
# Runs a command in a network namespace of its own: loopback and one made-up interface, no way out.
# Firefox gathers no loopback candidates, so browsers meet the server on 198.51.100.1 (RFC 5737), which exists only in here.
set -euo pipefail
exec unshare --map-root-user --net -- bash -c '
  ip link set lo up
  ip link add xp0 type veth peer name xp1
  ip addr add 198.51.100.1/24 dev xp0
  ip link set xp0 up
  ip link set xp1 up
  # Without a default route Firefox thinks it is offline and gathers no candidates.
  ip route add default via 198.51.100.2 dev xp0
  export CROSSPOINT_TEST_ADDRESS=198.51.100.1
  exec "$@"' in-namespace "$@"
