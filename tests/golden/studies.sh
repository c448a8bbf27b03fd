#!/bin/sh
# Studies from end to end on the town of town.sh: what is refused and where it says the fault lies; a result run
# again from itself: equal; inputs changed, gone and moved; a network that is gone; a result that was changed.
set -eu
program=$(realpath "$1") town=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$town"/* "$work"
cd "$work"
failed=0
expect() { # what, found, expected
    if [ "$2" = "$3" ]; then return; fi
    printf 'FAILED %s\n found:    %s\n expected: %s\n' "$1" "$2" "$3"
    failed=$((failed + 1))
}
said() { # command: its last line on standard error and its exit code
    set +e
    "$program" "$@" >/dev/null 2>said
    code=$?
    set -e
    echo "$(tail -n 1 said) exit $code"
}
table() { # FILE LAYER COLUMNS: rows as text
    /usr/bin/python3 - "$@" <<'PY'
import sqlite3, sys
path, layer, columns = sys.argv[1:]
for row in sqlite3.connect(path).execute(f'select {columns} from "{layer}" order by 1'):
    print(*("-" if v is None else f"{v:.4f}" if isinstance(v, float) else v for v in row), sep=":", end=" ")
PY
}

head='network: {corridor: ., as_of: 2024-06-29, profile: car.yaml}
command: circle
from: [113.0, 22.0]
zones: places.csv
output: out.gpkg
'
bad() { # a line of a study, what is said of it
    printf '%s%s\n' "$head" "$1" >bad.yaml
    expect "the line $1" "$(said run bad.yaml)" "hourshed run: bad.yaml line 6: $2 exit 3"
    [ ! -e out.gpkg ] || { echo "FAILED $1 left a file"; failed=$((failed + 1)); }
}
bad "minutes: 1.5x" 'minutes is "1.5x"; a number (decimal point, no unit) was expected'
bad "minutes: 1,5" 'minutes is "1,5"; a number (decimal point, no unit) was expected'
bad "minutes: nan" 'minutes is "nan"; a number (decimal point, no unit) was expected'
bad "bands: maybe" 'bands is "maybe"; yes or no was expected'
bad "minuts: 30" 'unknown key "minuts"; did you mean "minutes"?'
bad "proposals: a.gpkg" 'unknown key "proposals"'
bad "runs: 7" 'runs is one value; a list was expected'
bad "direction: both" 'direction is "both"; one of from, to was expected'
printf '%smode: car\nmode: walk\n' "$head" >twice.yaml
expect "a key twice" "$(said run twice.yaml | grep -o 'twice.yaml line 7.*exit 3' | sed 's/:.*exit/: exit/')" \
    "twice.yaml line 7: exit 3"
printf 'network: town.hsn\nminutes: 30\n' >none.yaml
expect "no command" "$(said run none.yaml)" \
    "hourshed run: none.yaml line 1: no command; one of circle, compare, rank, check, matrix, access, delineate exit 3"
printf '%snetwrk: x\n' "$head" | sed 's/corridor: \.,/osm: x, corridor: .,/' >two.yaml
expect "two sources of a network" "$(said run two.yaml)" \
    "hourshed run: two.yaml line 1: network: only one of osm, roads and corridor was expected exit 3"

# a study's circle is the command's
printf '%sminutes: [25, 55]\n' "$head" >town.yaml
"$program" run town.yaml -q
expect "times of a study" "$(table out.gpkg od_times 'to_id, time_min')" \
    "at-a:0.0000 at-b:25.0000 at-c:55.0000 at-x:- near-b:27.8790 "
expect "there already" "$(said run town.yaml | grep -o 'exit .*')" "exit 4"
"$program" run town.yaml -q -o other.gpkg
expect "the output asked for" "$(table other.gpkg od_times 'count(*)')" "5 "
mkdir -p elsewhere
(cd elsewhere && "$program" run ../town.yaml -q)
expect "inputs from the study's folder, outputs to this one" "$(table elsewhere/out.gpkg od_times 'count(*)')" "5 "

# two runs, what is at the top holds for both
cat >both.yaml <<'YAML'
about: two runs
network: {corridor: ., as_of: 2024-06-30, profile: [car.yaml, car-slow.yaml], output: kept.hsn}
minutes: 30
zones: places.csv
runs:
  - {command: circle, from: [113.0, 22.0], profile: car, output: one.gpkg}
  - {command: check, output: two.gpkg}
YAML
"$program" run both.yaml -q
expect "the first run" "$(table one.gpkg od_times 'to_id, time_min')" \
    "at-a:0.0000 at-b:25.0000 at-c:21.0000 at-x:- near-b:27.8790 "
[ -s two.gpkg ] && [ -s kept.hsn ] || { echo "FAILED the second run or the network kept"; failed=$((failed + 1)); }
expect "one output for two runs" "$(said run both.yaml -o x.gpkg)" \
    "hourshed run: both.yaml has 2 runs, each with an output of its own: -o is for studies of one exit 2"

# again: the network is not kept, so it is built again, from inputs beside the result
expect "run again" "$("$program" rerun out.gpkg)" "equal: every layer, row and value"
expect "run again on the network kept" "$("$program" rerun one.gpkg)" "equal: every layer, row and value"
expect "run again, from elsewhere" "$(cd elsewhere && "$program" rerun ../out.gpkg)" "equal: every layer, row and value"
(mkdir -p far && cp out.gpkg far)
expect "inputs not found" "$(cd far && said rerun out.gpkg | sed 's/(hash [0-9a-f]*/(hash H/')" \
    'hourshed rerun: zones "places.csv" (hash H...): neither beside the result nor here; --inputs names its folder exit 3'
expect "inputs elsewhere" "$(cd far && "$program" rerun out.gpkg --inputs ..)" "equal: every layer, row and value"
cp places.csv keep.csv
sed 's/113.2/113.1/' keep.csv >places.csv
expect "an input that changed" "$(said rerun out.gpkg | sed 's/with [0-9a-f]*)/with H)/; s| \./| |')" \
    'hourshed rerun: zones "places.csv": places.csv is not the one the result was made from (its hash began with H) exit 3'
cp keep.csv places.csv
cp links.csv keep.csv
sed 's/,30,/,31,/' keep.csv >links.csv
expect "a network that cannot come back" "$(said rerun out.gpkg | grep -c 'not the one\|is not here')" "1"
cp keep.csv links.csv
/usr/bin/python3 -c "
import sqlite3
db = sqlite3.connect('out.gpkg')
db.execute(\"update od_times set time_min = 26 where to_id = 'at-b'\")
db.commit()"
set +e
found=$("$program" rerun out.gpkg)
code=$?
set -e
expect "a result that was changed" "$code $found" \
    "5 layer od_times, row $(/usr/bin/python3 -c "
import sqlite3
print(sqlite3.connect('out.gpkg').execute(\"select id from od_times where to_id = 'at-b'\").fetchone()[0])"), time_min: 26, now 25
not equal: 1 differences"
[ "$failed" -eq 0 ]
