#!/bin/sh
# compare from end to end on the town of town.sh, as it stood before its bridge; every number is worked out by hand.
#
#   A -25- B -30- C minutes; B to X by ferry 20 + 10, X to C 16, one way: B - X - C is 46. near-b lies 2.878983 minutes
#   north of B. People: A 1000, B 200, C 30, near-b 4, X 5 (nobody joins there).
#   Proposed: a bridge A - C of 21 minutes, a tunnel A - B of 5, a ferry A - C of 500 that nobody takes, a one-way
#   link C to A of 9, a closure of the road B - C (line 2 of links.csv).
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
# rows FILE.csv COLUMN... [-- COLUMN=VALUE...]: the columns of each row with these values, joined by ":", "-" where empty
rows() {
    /usr/bin/python3 - "$@" <<'PY'
import csv, sys
path, rest = sys.argv[1], sys.argv[2:]
cut = rest.index("--") if "--" in rest else len(rest)
keep = [pair.split("=") for pair in rest[cut + 1:]]
def show(value):
    try:
        return ("%.4f" % float(value)).removesuffix(".0000") if "." in value else value
    except ValueError:
        return value
print(" ".join(":".join(show(r[c]) or "-" for c in rest[:cut]) for r in csv.DictReader(open(path, encoding="utf-8"))
               if all(r[k] == v for k, v in keep)))
PY
}

"$program" build "$work/town.hsn" --corridor "$town" --profile "$town/car.yaml" --as-of 2024-06-29 -q 2>/dev/null
line() { # proposal, minutes, oneway, coordinates
    printf '{"type":"Feature","properties":{"proposal":"%s","name":"%s","minutes":%s,"oneway":"%s"},
        "geometry":{"type":"LineString","coordinates":[%s]}}' "$1" "$1" "$2" "$3" "$4"
}
{
    printf '{"type":"FeatureCollection","features":[\n'
    line bridge 21 no '[113.0,22.0],[113.2,21.9],[113.4,22.0]'; echo ,
    line tunnel 5 no '[113.0,22.0],[113.2,22.0]'; echo ,
    line slow 500 no '[113.0,22.0],[113.2,21.8],[113.4,22.0]'; echo ,
    line oneway 9 yes '[113.4,22.0],[113.2,22.2],[113.0,22.0]'
    printf ']}\n'
} >"$work/links.geojson"
printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"proposal":"works","roads":"2"},
    "geometry":null}]}' >"$work/closures.geojson"
ogr2ogr -f GPKG "$work/all.gpkg" "$work/links.geojson" -nln links
ogr2ogr -update "$work/all.gpkg" "$work/closures.geojson" -nln closures -nlt POLYGON
head -4 "$town/places.csv" >"$work/cities.csv"
compare() { # result, options
    result=$1
    shift
    "$program" compare "$work/town.hsn" --proposals "$work/all.gpkg" -q --overwrite -o "$work/$result" "$@"
}

# ---- Two links from A: times, people, attribution
people="--population $town/places.csv --zones $town/places.csv"
compare two --format CSV --scenario both=bridge,tunnel --from 113.0,22.0 --minutes 40,22 $people --attribution \
    --path 1:at-c --path at-c:1
expect "zones from A" "$(rows "$work/two/zones.csv" zone_id before_min after_min saving_min within_before_min within_after_min)" \
    "at-a:0:0:0:22:22 at-b:25:5:20:40:22 \
at-c:55:21:34:-:22 near-b:27.8790:7.8790:20:40:22 at-x:-:-:-:-:-"
expect "shares newly within" "$(rows "$work/two/zones.csv" zone_id new_22 new_40)" \
    "at-a:0:0 at-b:1:0 at-c:1:1 near-b:1:0 at-x:0:0"
expect "people of each kind within 22" "$(rows "$work/two/change.csv" kind population -- cutoff_min=22)" \
    "kept:1000 faster:0 lost:0 gained:234"
expect "people of each kind within 40" "$(rows "$work/two/change.csv" kind population -- cutoff_min=40)" \
    "kept:1204 faster:204 lost:0 gained:30"
expect "people before and after" "$(rows "$work/two/circles.csv" scenario cutoff_min population)" \
    "baseline:40:1204 baseline:22:1000 both:40:1234 both:22:1234"
# without the bridge C is 5 + 30 = 35 away, without the tunnel 21; with the tunnel alone 35, with the bridge alone B is 25
expect "attribution" \
    "$(rows "$work/two/attribution.csv" target_id cutoff_min link on_path needed alone without_min alone_min)" \
    "at-b:22:bridge:0:0:0:5:25 at-b:22:tunnel:1:1:1:25:5 \
at-c:22:bridge:1:1:1:35:21 at-c:22:tunnel:0:0:0:21:35 \
at-c:40:bridge:1:0:1:35:21 at-c:40:tunnel:0:0:1:21:35 \
near-b:22:bridge:0:0:0:7.8790:27.8790 near-b:22:tunnel:1:1:1:27.8790:7.8790"
# a bridge drawn in two halves: neither is of use alone, both together as the whole bridge is
{
    printf '{"type":"FeatureCollection","name":"links","features":[\n'
    line bridge 10 no '[113.0,22.0],[113.2,21.9]'; echo ,
    line bridge 11 no '[113.2,21.9],[113.4,22.0]'
    printf ']}\n'
} >"$work/halves.geojson"
"$program" compare "$work/town.hsn" --proposals "$work/halves.geojson" -q --format CSV -o "$work/halves" \
    --from 113.0,22.0 --minutes 22 --zones "$town/places.csv" --attribution
expect "attribution of halves, and of the whole" \
    "$(rows "$work/halves/attribution.csv" target_id feature_id on_path needed alone without_min alone_min)" \
    "at-c:0:1:1:0:55:55 at-c:1:1:1:0:55:55 at-c:-:1:1:1:55:21"

# a bridge one may stop on: on a corridor that is at its ends, where there are towns already
sed 's/"name"/"access":"yes","name"/' "$work/halves.geojson" >"$work/stops.geojson"
"$program" compare "$work/town.hsn" --proposals "$work/stops.geojson" -q --format CSV -o "$work/stops" \
    --from 113.0,22.0 --minutes 22 $people --attribution --edges each
expect "a bridge with stops" "$(rows "$work/stops/zones.csv" zone_id before_min after_min)" \
    "at-a:0:0 at-b:25:25 at-c:55:21 near-b:27.8790:27.8790 at-x:-:-"

expect "paths both ways" "$(rows "$work/two/paths.csv" id time_min links)" \
    "1:at-c/car/baseline:55:- 1:at-c/car/both:21:bridge at-c:1/car/baseline:55:- at-c:1/car/both:21:bridge"

# ---- Cities, a closure, a one-way link; three scenarios in one run
compare cities --format CSV --origins "$work/cities.csv" --minutes 60 --scenario shut=works \
    --scenario open=works,bridge --scenario back=oneway --map "$work/cities.png"
city() { rows "$work/$1/cities.csv" from_id to_id before_min after_min slack_min -- scenario="$2"; }
expect "the road B - C shut: by the ferry, and no way back" "$(city cities shut)" \
    "at-a:at-b:25:25:-35 at-a:at-c:55:71:11 at-b:at-a:25:25:-35 \
at-b:at-c:30:46:-14 at-c:at-a:55:-:- at-c:at-b:30:-:-"
expect "shut, and the bridge open" "$(city cities open)" \
    "at-a:at-b:25:25:-35 at-a:at-c:55:21:-39 at-b:at-a:25:25:-35 \
at-b:at-c:30:46:-14 at-c:at-a:55:21:-39 at-c:at-b:30:46:-14"
expect "a one-way link helps one way" "$(city cities back)" \
    "at-a:at-b:25:25:-35 at-a:at-c:55:55:-5 at-b:at-a:25:25:-35 \
at-b:at-c:30:30:-30 at-c:at-a:55:9:-51 at-c:at-b:30:30:-30"
expect "what the summary says of C when its road is shut" \
    "$(rows "$work/cities/summary.csv" text_en -- scenario=shut origin_id=at-c | tr ' ' '\n' | grep -c 'any$')" 2
expect "a picture" "$(head -c 4 "$work/cities.png" | tail -c 3)" PNG
compare cities-to --format CSV --origins "$work/cities.csv" --direction to --minutes 60 --scenario back=oneway
expect "to the cities: the same pairs" "$(rows "$work/cities-to/cities.csv" from_id to_id after_min -- to_id=at-a)" \
    "at-b:at-a:25 at-c:at-a:9"

# ---- Gates beside centres, and means over people: C has a gate at B, so A to it is 25 from gate to gate
{
    echo id,of,lon,lat,initial_min
    echo 1,at-a,113.0,22.0,2
    echo 2,at-c,113.4,22.0,7
    echo 3,at-c,113.2,22.0,3
} >"$work/gates.csv"
{
    echo id,city,lon,lat,population
    echo 1,at-a,113.0,22.0,1000
    echo 2,at-b,113.2,22.0,200
    echo 3,at-b,113.2,22.01,4
    echo 4,at-c,113.4,22.0,30
} >"$work/people.csv"
compare gates --format CSV --origins "$work/cities.csv" --gates "$work/gates.csv" --population "$work/people.csv" \
    --city-of city --minutes 60 --scenario dig=tunnel
expect "gate to gate, centre to centre, mean over people: (200 x 25 + 4 x 27.878983) / 204 = 25.0565" \
    "$(rows "$work/gates/cities.csv" from_id to_id gate_before_min gate_after_min centre_before_min centre_after_min \
        popmean_before_min popmean_after_min -- from_id=at-a)" \
    "at-a:at-b:25:5:25:5:25.0565:5.0565 at-a:at-c:25:5:55:35:55:35"
# started at the gates, the cost of the gate counts: A 2 + 25 to B
compare started --format CSV --origins "$work/cities.csv" --gates "$work/gates.csv" --origin-at gates \
    --zones "$town/places.csv" --minutes 60 --scenario dig=tunnel 2>/dev/null || [ $? = 5 ]
expect "zones from gates with their cost" \
    "$(rows "$work/started/zones.csv" zone_id before_min after_min -- origin_id=at-a zone_id=at-b)" "at-b:27:7"

# ---- Nothing changes, and why
compare slow --format CSV --from 113.0,22.0 --minutes 60 $people --scenario late=slow
expect "a link too slow to be used" "$(rows "$work/slow/summary.csv" text_en)" \
    "Under late, nothing changes within 60 minutes of 113.00000,22.00000 (car): none of its links lies on a best path."
expect "the same circle" "$(rows "$work/slow/change.csv" kind area_km2 -- kind=kept)" \
    "kept:$(rows "$work/slow/circles.csv" area_km2 -- scenario=baseline)"
compare slow-zh --format CSV --from 113.0,22.0 --minutes 60 --lang zh --scenario late=slow
expect "in Chinese" "$(rows "$work/slow-zh/summary.csv" text_zh)" \
    "“late”不改变113.00000,22.00000 60 分钟圈（car）：其新增线路不在任何最短路径上。"

# ---- A plain line layer with fields of its own, in --map; all problems at once; other bad calls
sed 's/"proposal"/"项目"/; s/"minutes"/"时长"/' "$work/links.geojson" >"$work/zh.geojson"
"$program" compare "$work/town.hsn" --proposals "$work/zh.geojson" --map proposal=项目,minutes=时长 --map "$work/zh.svg" \
    --from 113.0,22.0 --scenario dig=tunnel --zones "$town/places.csv" -q --format CSV -o "$work/zh" 2>/dev/null
expect "fields by --map, a picture too" "$(rows "$work/zh/zones.csv" zone_id after_min -- zone_id=at-b) $(head -c 5 "$work/zh.svg")" \
    "at-b:5 <?xml"
said() { # options; what is said, and the status
    set +e
    "$program" compare "$work/town.hsn" -q -o "$work/none.gpkg" "$@" 2>&1 >/dev/null | sed "s|$work/||g"
    set -e
}
{
    printf '{"type":"FeatureCollection","features":[\n'
    line far 5 no '[114.0,23.0],[114.2,23.0]'; echo ,
    line bad 0 no '[113.0,22.0],[113.2,22.0]'; echo ,
    line worse 5 no '[113.0,22.0],[113.0,22.0]'
    printf ']}\n'
} >"$work/bad.geojson"
expect "every bad row on a line of its own" "$(said --proposals "$work/bad.geojson" --from 113.0,22.0 | grep -c 'feature')" 2
expect "and the status" "$("$program" compare "$work/town.hsn" --proposals "$work/bad.geojson" --from 113.0,22.0 -q \
    -o "$work/none.gpkg" >/dev/null 2>&1 || echo $?)" 3
expect "nothing is written" "$(ls "$work" | grep -c none || true)" 0
expect "an unknown proposal" "$(said --proposals "$work/all.gpkg" --from 113.0,22.0 --scenario x=brigde | grep -c 'bridge')" 1
expect "an unknown place of a path" "$(said --proposals "$work/all.gpkg" --from 113.0,22.0 --path 1:nowhere)" \
    "hourshed compare: --path 1:nowhere: no origin or zone has the id \"nowhere\"; expected FROM:TO"

expect "an empty scenario says so" "$("$program" compare "$work/town.hsn" --proposals "$work/all.gpkg" --from 113.0,22.0 \
    --scenario none= -o "$work/empty.gpkg" 2>/dev/null | grep -c 'none has no proposals: nothing changes')" 1

# ---- The same bytes for any thread count
for threads in 1 2 8; do
    "$program" compare "$work/town.hsn" --proposals "$work/all.gpkg" --origins "$work/cities.csv" --minutes 10,30,60 \
        --population "$work/people.csv" --city-of city --zones "$town/places.csv" --attribution --edges each \
        --path at-a:at-c --threads $threads -q -o "$work/same.gpkg" --overwrite 2>/dev/null
    sha256sum <"$work/same.gpkg" >>"$work/hashes"
done
expect "distinct files for 1, 2 and 8 threads" "$(sort -u "$work/hashes" | wc -l | tr -d ' ')" 1

[ $failed = 0 ] && echo "compare: all as worked out by hand"
exit $failed
