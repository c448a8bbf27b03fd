#!/bin/sh
# The program from end to end on a town of four nodes; every number below is worked out by hand.
#
#   A -25 km- B -30 km- C at 1 km a minute; B to X by ferry, 20 + 10 minutes; X to C 16 km, one way;
#   A - C by a bridge of 42 km at 120 km/h = 21 minutes, opened 2024-06-30. One joins and leaves at A, B
#   and C, not at X; legs of 30 km/h on 1.3 times the straight line, 5 km at most.
#   near-b lies 1107.303405 m north of B (geodesic): 1107.303405 x 1.3 / 30 km/h = 172,739 ms = 2.878983 min.
set -eu
program=$1 town=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

expect() { # what, found, expected
    if [ "$2" = "$3" ]; then return; fi
    printf 'FAILED %s\n found:    %s\n expected: %s\n' "$1" "$2" "$3"
    failed=$((failed + 1))
}
# column FILE.csv KEY VALUE [FORMAT]: "key:value" of each row, "-" where empty
column() {
    /usr/bin/python3 - "$@" <<'PY'
import csv, sys
path, key, value, form = (sys.argv[1:] + ["%s"])[:4]
print(" ".join(r[key] + ":" + (form % float(r[value]) if form != "%s" and r[value] else r[value] or "-")
               for r in csv.DictReader(open(path, encoding="utf-8"))))
PY
}
od_times() { column "$1" "$2" time_min %.4f; }
build() { "$program" build "$work/$1.hsn" --corridor "$town" --profile "$town/car.yaml" -q $2 2>/dev/null; }
circle() { net=$1; out=$2; shift 2; "$program" circle "$work/$net.hsn" --zones "$town/places.csv" -q -o "$work/$out" "$@"; }

build before "--as-of 2024-06-29"
build after "--as-of 2024-06-30"

circle before from --from 113.0,22.0 --minutes 55,25 --format CSV
expect "from A, before the bridge" "$(od_times "$work/from/od_times.csv" to_id)" \
    "at-a:0.0000 at-b:25.0000 at-c:55.0000 near-b:27.8790 at-x:-"
circle after after --from 113.0,22.0 --minutes 55,25 --format CSV
expect "from A, after it opened" "$(od_times "$work/after/od_times.csv" to_id)" \
    "at-a:0.0000 at-b:25.0000 at-c:21.0000 near-b:27.8790 at-x:-"
circle before to --to 113.2,22.01 --minutes 60 --format CSV
expect "to near-b: the same leg at the other end, and none to itself but its own" \
    "$(od_times "$work/to/od_times.csv" from_id)" \
    "at-a:27.8790 at-b:2.8790 at-c:32.8790 near-b:5.7580 at-x:-"
circle before edge --from 113.0,22.0 --minutes 24.99 --format CSV
expect "one hundredth of a minute short of B" "$(od_times "$work/edge/od_times.csv" to_id)" \
    "at-a:0.0000 at-b:- at-c:- near-b:- at-x:-"

# people within the cut-off, inclusive: 25 minutes reach A and B
json=$("$program" circle "$work/before.hsn" --from 113.0,22.0 --minutes 25,28,55 --population "$town/places.csv" \
    --json -o "$work/people.gpkg")
expect "population within 25, 28 and 55 minutes" \
    "$(printf '%s' "$json" | grep -o '"population":[0-9]*' | tr '\n' ' ')" \
    '"population":1200 "population":1204 "population":1234 '

# a raster reaches as far as legs do: 500 people at B, 500 more 11.07 km south of it, 28.8 minutes by a leg of
# up to 15 km: further out than the streets by more than the old margin of 5.5 km
{
    printf 'ncols 1\nnrows 11\nxllcorner 113.195\nyllcorner 21.895\ncellsize 0.01\n500\n'
    for row in 1 2 3 4 5 6 7 8 9; do echo 0; done
    echo 500
} >"$work/people.asc"
gdal_translate -q -a_srs EPSG:4326 "$work/people.asc" "$work/people.tif"
sed 's/cap_m: 5000/cap_m: 15000/' "$town/car.yaml" >"$work/far.yaml"
"$program" build "$work/far.hsn" --corridor "$town" --profile "$work/far.yaml" -q 2>/dev/null
json=$("$program" circle "$work/far.hsn" --from 113.2,22.0 --minutes 20,40 --population "$work/people.tif" \
    --json -o "$work/far.gpkg")
expect "people of a raster within 20 and 40 minutes" \
    "$(printf '%s' "$json" | grep -o '"population":[0-9]*' | tr '\n' ' ')" '"population":500 "population":1000 '

# two profiles: core inside under both (30 km/h reaches B in 50), fringe the rest
"$program" build "$work/two.hsn" --corridor "$town" --as-of 2024-06-29 --profile "$town/car.yaml" \
    --profile "$town/car-slow.yaml" -q 2>/dev/null
"$program" circle "$work/two.hsn" --from 113.0,22.0 --minutes 30 --population "$town/places.csv" -q \
    --format CSV -o "$work/two"
expect "people in the core and in the fringe" "$(column "$work/two/circles.csv" profile population)" \
    "car:1204 car-slow:1000 core:1000 fringe:204"

# what a result was made from; other databases and files are refused
expect "the record of a result" "$("$program" info "$work/people.gpkg" --json |
    /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin)
print(r["command"], r["configuration"]["direction"], [(i["role"], i["name"], len(i["sha256"])) for i in r["inputs"]])')" \
    "circle from [('network', 'before.hsn', 64), ('population', 'places.csv', 64)]"
"$program" info "$work/people.gpkg" --json >"$work/compact"
expect "the same for people, a value a line" "$("$program" info "$work/people.gpkg" | /usr/bin/python3 -c '
import json, sys
text = sys.stdin.read()
print(json.loads(text) == json.load(open(sys.argv[1])), text.count("\n") > 10)' "$work/compact")" "True True"
said() { set +e; "$program" info "$@" 2>&1 >/dev/null; echo "exit $?"; set -e; }
ogr2ogr -f GPKG -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat "$work/foreign.gpkg" "$town/places.csv"
expect "a GeoPackage of another program" "$(said "$work/foreign.gpkg" | sed "s|$work/||")" \
    "hourshed info: foreign.gpkg: no provenance of hourshed in its gpkg_metadata; a result of hourshed was expected
exit 3"
expect "a result has no arcs" "$(said "$work/people.gpkg" --verify | sed "s|$work/||")" \
    "hourshed info: people.gpkg is a result: verify, arcs, profile and date are of networks
exit 2"

# the same bytes for any thread count, and for two runs
for threads in 1 2 8; do
    "$program" circle "$work/after.hsn" --origins "$town/places.csv" --minutes 10,30 --overlap --hinterland \
        --bands --nodes --population "$town/places.csv" --threads $threads -q -o "$work/same.gpkg" --overwrite 2>/dev/null || [ $? = 5 ]
    sha256sum <"$work/same.gpkg" >>"$work/hashes"
done
expect "distinct files for 1, 2 and 8 threads" "$(sort -u "$work/hashes" | wc -l | tr -d ' ')" 1

# a corridor's lines are sketches: a second link between two nodes is no duplicate, a place beside a line no near
# miss. D lies 1.1 m beside A - B and hangs on C alone: the only dead end, for X has two links and a second to B
cp -r "$town" "$work/sketch"
echo 'bx2,B,X,Road,road,18,,,no,car,,made by hand,2026,A' >>"$work/sketch/links.csv"
echo 'cd,C,D,Road,road,32,,,no,car,,made by hand,2026,A' >>"$work/sketch/links.csv"
echo 'D,丁,Delta,113.1,22.00001,yes,made by hand,2026,A' >>"$work/sketch/nodes.csv"
"$program" build "$work/sketch.hsn" --corridor "$work/sketch" --profile "$town/car.yaml" -q
expect "check of a sketch" "$("$program" check "$work/sketch.hsn" --json -o "$work/sketch.gpkg" --lang zh)" \
    '{"islands":0,"island_km":0.000,"near_misses":0,"dead_ends":1,"one_way_traps":0,"duplicates":0}'
expect "its titles in Chinese" "$(ogrinfo -q "$work/sketch.gpkg" \
    -sql "SELECT identifier FROM gpkg_contents WHERE table_name = 'duplicates'" | sed -n 's/.*identifier (String) = //p')" 重复绘制的道路
expect "its record" "$("$program" info "$work/sketch.gpkg" --json | grep -o '"command":"check"')" '"command":"check"'

# one bad origin never ends a batch: X cannot be joined
set +e
"$program" circle "$work/after.hsn" --origins "$town/places.csv" --minutes 10 -q --format CSV -o "$work/batch" 2>"$work/said"
expect "exit code when an origin fails" "$?" 5
set -e
expect "its message" "$(cut -d: -f2- <"$work/said" | sed 's/^ //')" \
    "origin at-x (Bridgehead) has no circle: no road where the mode may stop within the longest leg"
expect "and its row" "$(column "$work/batch/origins.csv" id status)" \
    "at-a:ok at-b:ok at-c:ok near-b:ok at-x:no road where the mode may stop within the longest leg"

[ $failed = 0 ] && echo "town: all as worked out by hand"
exit $failed
