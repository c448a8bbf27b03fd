#!/bin/sh
# hourshed check on a network with one fault of each kind (faults.osm). Dead ends by hand: 33, 51, 41, 42, 1.
set -eu
program=$1 osm=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" build "$work/faults.hsn" --osm "$osm" -p car-osm -q
found=$("$program" check "$work/faults.hsn" -o "$work/faults.gpkg" --json)
expected='{"islands":1,"island_km":0.111,"near_misses":1,"dead_ends":5,"one_way_traps":1,"duplicates":1}'
if [ "$found" != "$expected" ]; then
    printf 'found    %s\nexpected %s\n' "$found" "$expected"
    exit 1
fi
gap=$(ogrinfo -q "$work/faults.gpkg" near_misses | sed -n 's/.*gap_m (Real) = //p')
case $gap in # 0.00002 degrees of latitude at the equator: 2.211 m
2.21*) ;;
*) echo "gap of the near miss: $gap m, expected 2.211"; exit 1 ;;
esac
