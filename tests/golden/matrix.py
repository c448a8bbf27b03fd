"""matrix from end to end. The town is a street grid on the equator with every second street one-way, so that there
and back differ; the program under test is held against its own circles (docs/methods.md, 17: the same search), and
against minutes worked out by hand on a corridor: A -25 km- B -30 km- C at 1 km a minute."""
import csv
import filecmp
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

program, town = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
METRE = 180 / 3.141592653589793 / 6378137
failed = []
folder = tempfile.mkdtemp(prefix="hourshed-matrix-")
os.chdir(folder)


def expect(what, found, expected):
    if found != expected:
        failed.append(what)
        print("FAILED %s\n found:    %s\n expected: %s" % (what, str(found)[:600], str(expected)[:600]))


def run(*arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != status:
        expect("%s: exit" % " ".join(map(str, arguments)), (done.returncode, done.stderr), status)
    return done


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def ms(minutes):
    return None if minutes in (None, "") else round(float(minutes) * 60000)


def long_table(path, value="time_min"):
    with open(path, encoding="utf-8") as file:
        return {(r["from_id"], r["to_id"]): ms(r[value]) for r in csv.DictReader(file)}


def wide_table(path):
    with open(path, encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    return {(row[0], to): ms(cell) for row in rows for to, cell in zip(head[1:], row[1:]) if cell != ""}


def layer(path, table, value="time_min", where="1"):
    rows = sqlite3.connect(path).execute(f'select from_id, to_id, "{value}" from "{table}" where {where}')
    return {(a, b): ms(t) for a, b, t in rows if t is not None}


def without_self(times):
    return {pair: t for pair, t in times.items() if pair[0] != pair[1]}


# ---- By hand: a corridor

run("build", "before.hsn", "--corridor", town, "--profile", town + "/car.yaml", "-q", "--as-of", "2024-06-29")
places = town + "/places.csv"
done = run("matrix", "before.hsn", "--targets", places, "-o", "hand.csv", status=5)
expect("an origin that joins nothing is said", "origin at-x (Bridgehead) has no times" in done.stderr, True)
expect("targets that join nothing are counted", "1 of 5 targets do not join" in done.stderr, True)
NEAR = 2.878983  # minutes of the leg of near-b, see town.sh
hand = {"at-a": {"at-a": 0, "at-b": 25, "at-c": 55, "near-b": 25 + NEAR},
        "at-b": {"at-a": 25, "at-b": 0, "at-c": 30, "near-b": NEAR},
        "at-c": {"at-a": 55, "at-b": 30, "at-c": 0, "near-b": 30 + NEAR},
        "near-b": {"at-a": 25 + NEAR, "at-b": NEAR, "at-c": 30 + NEAR, "near-b": 0}}
hand = {(a, b): ms(t) for a, row in hand.items() for b, t in row.items()}
expect("minutes by hand, and none to oneself", long_table("hand.csv"), hand)
expect("no journal is left", os.path.exists("hand.csv.journal"), False)
run("matrix", "before.hsn", "--targets", places, "--minutes", "27.9", "-o", "limit.csv", "-q", status=5)
expect("beyond the limit there is no way", long_table("limit.csv"),
       {pair: t for pair, t in hand.items() if t <= 27.9 * 60000})
run("matrix", "before.hsn", "--zones", places, "--from", "113.0,22.0", "-o", "point.csv", "-q")
expect("from a point; --zones says --targets", long_table("point.csv"),
       {("1", b): t for (a, b), t in hand.items() if a == "at-a"})

# ---- A town with one-way streets: the same times as circles have

SIDE, STREETS = 200, 9
node = lambda x, y: y * STREETS + x + 1
osm = ["<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"]
for y in range(STREETS):
    for x in range(STREETS):
        osm.append(f"<node id='{node(x, y)}' lon='{x * SIDE * METRE:.7f}' lat='{y * SIDE * METRE:.7f}'/>")
for i in range(STREETS):
    for k, nodes in ((2 * i, [node(x, i) for x in range(STREETS)]), (2 * i + 1, [node(i, y) for y in range(STREETS)])):
        nodes = nodes if i % 4 else nodes[::-1]
        osm.append(f"<way id='{1000 + k}'>" + "".join(f"<nd ref='{n}'/>" for n in nodes) +
                   "<tag k='highway' v='residential'/>" + ("<tag k='oneway' v='yes'/>" if i % 2 == 0 and 0 < i < 8
                                                           else "") + "</way>")
write("town.osm", "\n".join(osm) + "</osm>")
write("car.yaml", "name: car\nmode: car\nclasses: {residential: {speed_kmh: 30}}\n"
                  "leg: {rule: edges, speed_kmh: 6, detour: 1, cap_m: 400}\n")
run("build", "town.hsn", "--osm", "town.osm", "--profile", "car.yaml", "-q")

random.seed(int(os.environ.get("HOURSHED_SEED", "5")))
print("seed", os.environ.get("HOURSHED_SEED", "5"))


def square(x, y, side):
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return {"type": "Polygon", "coordinates": [[[a * METRE, b * METRE] for a, b in ring]]}


def point(x, y):
    return {"type": "Point", "coordinates": [x * METRE, y * METRE]}


def write_places(name, places):
    write(name, json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in places]}))


zones = [({"id": f"z{i}"}, square(random.uniform(-50, 1300), random.uniform(-50, 1300), random.uniform(60, 350)))
         for i in range(14)]
zones.append(({"id": "far"}, square(9000, 9000, 100)))
write_places("zones.geojson", zones)
write_places("origins.geojson", [({"id": f"o{i}"}, point(random.uniform(0, 1600), random.uniform(0, 1600)))
                                 for i in range(11)])
matrix = ["matrix", "town.hsn", "--targets", "zones.geojson", "-q"]
week = "10080"
for direction in ("from", "to"):
    common = ["--origins", "origins.geojson", "--direction", direction]
    run(*matrix, *common, "-o", direction + ".csv")
    run("circle", "town.hsn", "--zones", "zones.geojson", *common, "--minutes", week, "--edges", "none", "--cell", "500",
        "-q", "-o", direction + ".gpkg")
    circles = layer(direction + ".gpkg", "od_times")
    expect("there are ways", len(circles), 11 * 14)
    expect(f"{direction}: the times of circles to the millisecond", long_table(direction + ".csv"), circles)
    run(*matrix, *common, "--zone-at", "area", "-o", direction + "-area.csv")
    area = layer(direction + ".gpkg", "od_times", "mean_min")
    expect(f"{direction}, area: the means of circles", long_table(direction + "-area.csv"), area)
    expect("points and areas differ", area != circles, True)
there, back = long_table("from.csv"), long_table("to.csv")
expect("there and back differ on one-way streets", there == {(o, z): t for (z, o), t in back.items()}, False)

# square: from all zones to all; to and from are one matrix, for the file says where trips begin
done = run(*matrix, "-o", "square.csv", status=5)
expect("a zone that joins nothing is an origin that fails", "origin far" in done.stderr, True)
run(*matrix, "--direction", "to", "-o", "turned.csv", "--threads", "1", status=5)
square_times = long_table("square.csv")
expect("from each to each, grown from either end", long_table("turned.csv"), square_times)
expect("none to oneself", {t for (a, b), t in square_times.items() if a == b}, {0})
expect("14 zones to 14", len(square_times), 14 * 14)
run("matrix", "town.hsn", "--targets", "zones.geojson", "--origins", "zones.geojson", "-q", "-o", "again.csv", status=5)
expect("origins of the same ids are the same zones", long_table("again.csv"), square_times)
write_places("numbered.geojson", [({"id": i + 1}, point(150 * i, 700)) for i in range(4)])
write_places("others.geojson", [({"id": i + 1}, point(1500 - 150 * i, 100)) for i in range(4)])
done = run("matrix", "town.hsn", "--targets", "numbered.geojson", "--origins", "others.geojson", "-o", "numbered.csv")
expect("an id alone makes no zone the same", [p for p, t in long_table("numbered.csv").items() if t < 60000], [])
expect("that is said", "4 of 4 origins have the id of a target that lies elsewhere" in done.stderr, True)
run("matrix", "town.hsn", "--targets", "numbered.geojson", "--from", "0.012,0.001", "-o", "numbered2.csv", "-q")
expect("nor does the number of a point", min(long_table("numbered2.csv").values()) > 60000, True)
run("circle", "town.hsn", "--zones", "zones.geojson", "--origins", "zones.geojson", "--minutes", week, "--edges", "none",
    "--cell", "500", "-q", "-o", "square.gpkg", status=5)
expect("the times of circles, but to oneself", without_self(square_times),
       without_self(layer("square.gpkg", "od_times")))

# ---- People in zones

people = [({"id": i, "population": random.randrange(0, 90)}, point(random.uniform(0, 1600), random.uniform(0, 1600)))
          for i in range(60)]
write_places("people.geojson", people)
run(*matrix, "--origins", "origins.geojson", "--zone-at", "weighted", "--population", "people.geojson", "-o",
    "weighted.csv")
run("matrix", "town.hsn", "--targets", "people.geojson", "--origins", "origins.geojson", "-q", "-o", "heads.csv")
heads, weighted = long_table("heads.csv"), {}


def within(geometry, place):  # zones overlap: the first one has them
    (west, south), _, (east, north) = geometry["coordinates"][0][:3]
    lon, lat = place["coordinates"]
    return west < lon < east and south < lat < north


home = {p["id"]: next((z["id"] for z, g in zones if within(g, at)), None) for p, at in people}
for origin in {o for o, _ in heads}:
    for zone in (z["id"] for z, _ in zones):
        lot = [p for p, _ in people if home[p["id"]] == zone and p["population"]]
        if lot:
            total = sum(p["population"] * heads[origin, str(p["id"])] for p in lot)
            weighted[origin, zone] = int(total / sum(p["population"] for p in lot) + 0.5)
        elif (origin, zone) in there:
            weighted[origin, zone] = there[origin, zone]
expect("means over people; where nobody lives, the point", long_table("weighted.csv"), weighted)
expect("people and points differ", weighted != there, True)

# ---- Forms, thread counts, blocks

with open("square.csv", "rb") as file:
    bytes_of_square = file.read()
for name, more in (("one", ["--threads", "1"]), ("small", ["--memory", "0.0001", "--threads", "2"])):
    run(*matrix, *more, "-o", name + ".csv", status=5)
    with open(name + ".csv", "rb") as file:
        expect(f"the same bytes: {more}", file.read(), bytes_of_square)
run(*matrix, "--direction", "to", "--memory", "0.0001", "-o", "turned-small.csv", status=5)
expect("turned a column at a time", long_table("turned-small.csv"), square_times)
run(*matrix, "--wide", "-o", "wide.csv", status=5)
expect("wide = long", wide_table("wide.csv"), square_times)
run(*matrix, "-o", "square2.gpkg", status=5)
expect("GeoPackage = long", layer("square2.gpkg", "matrix"), square_times)
run(*matrix, "--all", "-o", "all.csv", status=5)
expect("with --all every pair has a row", len(long_table("all.csv")), 15 * 15)
expect("a result runs again from itself", run("rerun", "square2.gpkg", "-q").returncode, 0)
write("study.yaml", "network: town.hsn\ncommand: matrix\nzones: zones.geojson\nzone_at: area\noutput: study.csv\n")
run("run", "study.yaml", "-q", status=5)
run(*matrix, "--zone-at", "area", "-o", "area.csv", status=5)
expect("by a study", long_table("study.csv"), long_table("area.csv"))

# ---- A disk that is full while the output is written


def small_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500000, 1500000))


write_places("block.geojson", [({"id": "block"}, square(100, 100, 1000))])
full = ["matrix", "town.hsn", "--targets", "block.geojson", "-q", "--grid", "square:50m", "--cells", "cells.gpkg"]
done = subprocess.run([program, *full, "-o", "full.csv"], preexec_fn=small_disk, capture_output=True, text=True)
expect("a full disk is said", (done.returncode, "full.csv: File too large" in done.stderr), (4, True))
expect("the journal alone is left", [n for n in sorted(os.listdir(".")) if n.startswith(("full", "cells"))],
       ["full.csv.journal"])
done = run(*full, "-o", "full.csv")
expect("and the run goes on from it", "going on from full.csv.journal" in done.stderr, True)
run(*full, "-o", "empty.csv", "--overwrite")
expect("to the same", os.path.exists("full.csv") and filecmp.cmp("full.csv", "empty.csv", shallow=False), True)

# ---- What is wrong is said

for what, arguments, message in (
        ("two limits", ["--minutes", "30,60"], "a matrix has one limit"),
        ("weighted by nobody", ["--zone-at", "weighted"], "nothing without --population"),
        ("idle population", ["--population", "people.geojson"], "nothing without --zone-at weighted"),
        ("masses", ["--zone-mass", "id"], "a matrix has no masses"),
        ("a journal that is an input", ["--journal", "zones.geojson"], "is an input or output"),
        ("a journal that is none", ["--journal", "wide.csv"], "is no journal of a matrix"),
        ("that one fresh", ["--journal", "wide.csv", "--fresh"], "is no journal of a matrix"),
        ("an output that is there", [], "exists; --overwrite replaces it")):
    done = run(*matrix, *arguments, "-o", "square.csv" if not arguments else "bad.csv",
               status=4 if not arguments else 2)
    expect(what, message in done.stderr, True)
done = run("matrix", "town.hsn", "-o", "bad.csv", status=2)
expect("no targets", "no targets: --targets LAYER" in done.stderr, True)
expect("what failed left nothing", [n for n in os.listdir(".") if n.startswith("bad")], [])

os.chdir("/")
shutil.rmtree(folder)
sys.exit(bool(failed))
