#!/bin/sh
# rank from end to end on four towns, every number worked out by hand. One kilometre a minute:
#
#   E -60- N -60- W -30- S       people E 10, W 4, N 8, S 2 (24 together); GDP 20, 4, 12, 1
#
# Minutes before: E-N 60, E-W 120, E-S 150, N-W 60, N-S 90, W-S 30.
# "bridge" E-W, 30 minutes: E-W 30, E-S 60. "south" N-S, 30 minutes: N-S 30, E-S 90.
#
# People within 60 minutes, oneself included: before E 18, W 14, N 22, S 6 (mean 424 / 24 = 17.666667);
#   with the bridge E 24, W 24, N 22, S 16 (544 / 24): gain (10 x 6 + 4 x 10 + 2 x 10) / 24 = 5;
#   with south N 24, S 14: gain (8 x 2 + 2 x 8) / 24 = 4/3; both: E 24, W 24, N 24, S 24: 152 / 24 = 19/3.
# Within 90: before E 18, W 14, N 24, S 14; bridge 24 each: 120 / 24 = 5; south: E 20, S 24: 40 / 24 = 5/3;
#   both 24 each: 5. Synergy at 90: 5 - 5 - 5/3. Shapley at 90: bridge (5 + 10/3) / 2, south (5/3 + 0) / 2.
# GDP within 60: E 32 -> 37, W 17 -> 37, S 5 -> 25: (50 + 80 + 40) / 24; with south N + 1, S + 12: (8 + 24) / 24.
# Mean saving, H = 120: bridge 2 (10 x 4 x 90 + 10 x 2 x 60) over 24^2 - 10^2 - 4^2 - 8^2 - 2^2 = 392: 9600 / 392.
#   south: 2 (8 x 2 x 60 + 10 x 2 x 30) / 392 = 3120 / 392. With H = 200 the bridge saves 90 between E and S:
#   2 (3600 + 1800) / 392.
# Gini within 60: sum over pairs of w w |x - x'| over 24 x sum of w x: before 1296 / (24 x 424), after the bridge
#   (160 + 160 + 64 + 64 + 96) / (24 x 544) = 1 / 24; with south E 18, W 14, N 24, S 14: 1200 / (24 x 456).
# Palma: incomes W 1 (4), S 2 (2), N 3 (8), E 4 (10): rank 1 + 23 x 0.4 = 10.2 is N's, 1 + 23 x 0.9 = 21.7 E's:
#   poor W, S, N; nobody earns more than E: no ratio.
# Zones, H = 120, over people within H: with the bridge E (90 x 4 + 60 x 2) / 14, W 90 x 10 / 20, S 60 x 10 / 22.
# Trips: E-W 100 x 90 + S-E 10 x 60 = 9600 person minutes; E-E saves nothing.
set -eu
program=$1 here=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

expect() { # what, found, expected
    if [ "$2" = "$3" ]; then return; fi
    printf 'FAILED %s\n found:    %s\n expected: %s\n' "$1" "$2" "$3"
    failed=$((failed + 1))
}
# column FILE.csv SET VALUE [FORMAT]: "proposal:value" of the set's rows, "-" where empty
column() {
    /usr/bin/python3 - "$@" <<'PY'
import csv, sys
path, which, value, form = (sys.argv[1:] + ["%.6f"])[:4]
names = lambda r: r["proposal"] + ("+" + r["second"] if r.get("second") else "")
print(" ".join(names(r) + ":" + ((form % (float(r[value]) if form != "%s" else r[value])) if r[value] else "-")
               for r in csv.DictReader(open(path, encoding="utf-8")) if which in ("", r.get("set"))))
PY
}
rank() { out=$1; shift; "$program" rank "$work/net.hsn" --zones "$here/towns.csv" -q --format CSV -o "$work/$out" "$@"; }

"$program" build "$work/net.hsn" --corridor "$here" --profile "$here/../town/car.yaml" -q

rank both --proposals "$here/proposals.geojson" --minutes 60,90 --gdp gdp --income income --flows "$here/trips.csv" \
    --sets alone,together,without,pairs,shapley --break-even E:S --break-even E:W --break-even N:S --break-even W:S
table=$work/both/ranking.csv
expect "sets" "$(cut -d, -f1 "$table" | tr '\n' ' ')" \
    "id alone/bridge alone/south together without/south without/bridge pair/bridge/south shapley/bridge shapley/south "
expect "gain within 60" "$(column "$table" alone access_gain)" "bridge:5.000000 south:1.333333"
expect "of all" "$(column "$table" together access_gain)" ":6.333333"
expect "of all but one, and what goes with it" "$(column "$table" without access_gain) $(column "$table" without loss_without)" \
    "south:5.000000 bridge:1.333333 south:1.333333 bridge:5.000000"
expect "gain within 90" "$(column "$table" alone access_gain_90)" "bridge:5.000000 south:1.666667"
expect "people within 60 and 90" "$(column "$table" alone people_within) $(column "$table" alone people_within_90)" \
    "bridge:22.666667 south:19.000000 bridge:24.000000 south:20.666667"
expect "GDP" "$(column "$table" alone gdp_gain)" "bridge:7.083333 south:1.333333"
expect "mean saving" "$(column "$table" alone mean_saving_min)" "bridge:24.489796 south:7.959184"
expect "Gini and its change" "$(column "$table" alone gini) $(column "$table" alone gini_change | cut -d' ' -f1)" \
    "bridge:0.041667 south:0.109649 bridge:-0.085692"
expect "Palma: nobody is rich" "$(column "$table" alone palma)" "bridge:- south:-"
expect "person minutes" "$(column "$table" alone person_minutes)" "bridge:9600.000000 south:300.000000"
expect "synergy within 60 and 90" "$(column "$table" pair synergy) $(column "$table" pair synergy_90)" \
    "bridge+south:0.000000 bridge+south:-1.666667"
expect "Shapley values within 60 and 90" "$(column "$table" shapley access_gain) $(column "$table" shapley access_gain_90)" \
    "bridge:5.000000 south:1.333333 bridge:4.166667 south:0.833333"
expect "per km and per cost" "$(column "$table" alone per_km) $(column "$table" alone per_cost)" \
    "bridge:0.083333 south:0.016667 bridge:0.250000 south:0.166667"
expect "status, engine" "$(column "$table" alone status %s) $(column "$table" alone engine %s)" \
    "bridge:planned south:- bridge:shortcut south:shortcut"
expect "pairs whose time changes" "$(column "$table" alone pairs_changed %s)" "bridge:4 south:4"
expect "zones" "$(/usr/bin/python3 - "$work/both/ranking_zones.csv" <<'PY'
import csv, sys
print(" ".join("%s:%s>%s:%.4f" % (r["id"], r["people_before"], r["people_after"], float(r["mean_saving_min"]))
               for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))))
PY
)" "bridge/E:18>24:34.2857 bridge/W:14>24:45.0000 bridge/S:6>16:27.2727 south/E:18>18:4.2857 south/N:22>24:7.5000 south/S:6>14:35.4545"

# The longest time of a link that brings a pair within: the bridge for E-S 60 - 30 = 30, as drawn, and for E-W 60,
# twice that; south for N-S 60, and for E-S, 60 minutes from N, none at all. N-S has the bridge in vain (60 + 30
# without it), E-W south; and W-S, 30 minutes, needs neither.
expect "break-even" "$(/usr/bin/python3 - "$work/both/break_even.csv" <<'PY'
import csv, sys
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    if r["cutoff_min"] == "60":
        print(r["from_id"] + r["to_id"], r["proposal"], r["result"], r["factor"] or "-", r["link_min"] or "-", r["slack_min"])
PY
)" "ES bridge value 1 30 0
ES south value 0 0 30
EW bridge value 2 60 -30
EW south impossible - - 60
NS bridge impossible - - 30
NS south value 2 60 -30
WS bridge already - - -30
WS south already - - -30"

rank far --proposals "$here/proposals.geojson" --horizon 200 --sets alone,together --by per_cost
expect "mean saving up to 200 minutes" "$(column "$work/far/ranking.csv" alone mean_saving_min | cut -d' ' -f1)" "bridge:27.551020"
rank cheap --proposals "$here/proposals.geojson" --by cost
expect "the cheapest first, by --by cost" "$(column "$work/cheap/ranking.csv" alone rank %s)" "south:1 bridge:2"

# a closure among them: searched, and nothing else changes. W-S closed: W loses S, S loses W: -(4 x 2 + 2 x 4) / 24;
# with the bridge E gains 4, W 10 - 2, S loses 4: (40 + 32 - 8) / 24. Savings: W-S 30 -> 120, N-S 90 -> 120, E-S none
/usr/bin/python3 - "$work/works.gpkg" <<'PY'
import sys
from osgeo import ogr, osr
ogr.UseExceptions()
wgs = osr.SpatialReference(); wgs.ImportFromEPSG(4326)
data = ogr.GetDriverByName("GPKG").CreateDataSource(sys.argv[1])
links = data.CreateLayer("links", wgs, ogr.wkbLineString)
closures = data.CreateLayer("closures", wgs, ogr.wkbPolygon)
for layer, fields in ((links, ("proposal", "class", "minutes")), (closures, ("proposal", "roads"))):
    for name in fields: layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal if name == "minutes" else ogr.OFTString))
f = ogr.Feature(links.GetLayerDefn()); f["proposal"] = "bridge"; f["class"] = "road"; f["minutes"] = 30
f.SetGeometry(ogr.CreateGeometryFromWkt("LINESTRING (113 22, 113.5 22)")); links.CreateFeature(f)
f = ogr.Feature(closures.GetLayerDefn()); f["proposal"] = "works"; f["roads"] = "3"; closures.CreateFeature(f)
PY
rank works --proposals "$work/works.gpkg"
expect "gains with a closure" "$(column "$work/works/ranking.csv" alone access_gain) $(column "$work/works/ranking.csv" together access_gain)" \
    "bridge:5.000000 works:-0.666667 :2.666667"
expect "its mean saving" "$(column "$work/works/ranking.csv" alone mean_saving_min)" "bridge:24.489796 works:-6.122449"
expect "and which were searched" "$(column "$work/works/ranking.csv" "" engine %s)" \
    "bridge:shortcut works:search :search works:shortcut bridge:search"
set +e
rank refused --proposals "$work/works.gpkg" --engine shortcut 2>"$work/said"
expect "the shortcut alone does not serve it" "$? $(cat "$work/said")" \
    "2 hourshed rank: proposal works does more than add links: engine shortcut cannot rank it"
rank refused --proposals "$here/proposals.geojson" --by gain 2>"$work/said"
expect "no such column" "$? $(cut -c1-70 <"$work/said")" \
    "2 hourshed rank: by \"gain\": no such column; access_gain, people_within, "
set -e

# both engines, any thread count: the same bytes but for what says how it was done
rank slow --proposals "$here/proposals.geojson" --minutes 60,90 --engine search --sets alone,together,without,pairs,shapley
rank fast --proposals "$here/proposals.geojson" --minutes 60,90 --sets alone,together,without,pairs,shapley
for value in access_gain access_gain_90 mean_saving_min gini gini_change_90 synergy_90 pairs_changed; do
    expect "searched: $value" "$(column "$work/slow/ranking.csv" "" $value %s)" "$(column "$work/fast/ranking.csv" "" $value %s)"
done
for threads in 1 2 8; do
    "$program" rank "$work/net.hsn" --zones "$here/towns.csv" --proposals "$here/proposals.geojson" -q --threads $threads \
        -o "$work/same.gpkg" --overwrite
    sha256sum <"$work/same.gpkg" >>"$work/hashes"
done
expect "distinct files for 1, 2 and 8 threads" "$(sort -u "$work/hashes" | wc -l | tr -d ' ')" 1

# lines of a shapefile in GBK with Chinese names of fields, and no other preparation
/usr/bin/python3 - "$work" <<'PY'
import sys
from osgeo import ogr, osr
ogr.UseExceptions()
wgs = osr.SpatialReference(); wgs.ImportFromEPSG(4326)
data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(sys.argv[1] + "/gbk.shp")
layer = data.CreateLayer("gbk", wgs, ogr.wkbLineString, ["ENCODING=GBK"])
layer.CreateField(ogr.FieldDefn("名称", ogr.OFTString)); layer.CreateField(ogr.FieldDefn("时速", ogr.OFTReal))
for name, speed, line in (("南线", 120, "LINESTRING (113.25 22.3, 113.5 21.75)"), ("东西大桥", 100, "LINESTRING (113 22, 113.5 22)")):
    f = ogr.Feature(layer.GetLayerDefn()); f["名称"] = name; f["时速"] = speed
    f.SetGeometry(ogr.CreateGeometryFromWkt(line)); layer.CreateFeature(f)
PY
rm -f "$work/gbk.cpg" # as many are: the encoding is for the user to say
rank gbk --proposals "$work/gbk.shp" --encoding GBK --fields name=名称,speed_kmh=时速 --lang zh
expect "ranked by their names" "$(column "$work/gbk/ranking.csv" alone rank %s)" "东西大桥:1 南线:2"
expect "at their own speeds" "$(/usr/bin/python3 - "$work/gbk/edits.csv" <<'PY'
import csv, sys
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    print(r["name"], "%.0f" % (float(r["length_km"]) / float(r["forward_min"]) * 60))
PY
)" "南线 120
东西大桥 100"

[ $failed = 0 ] && echo "rank: all as worked out by hand"
exit $failed
