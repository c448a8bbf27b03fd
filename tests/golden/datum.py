#!/usr/bin/python3
"""datum.py PROGRAM TOWN: coordinates of Chinese map services, end to end.

The town of town.sh, its twin in GCJ-02 and one in BD-09, made by the formulas as written down here once more. What
is read in its datum is where it was: the same minutes. What is written back in one is where the twin has it.
"""
import csv
import math
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from osgeo import ogr

ogr.UseExceptions()
program, town = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
folder = tempfile.mkdtemp(prefix="hourshed-test-")
os.chdir(folder)
failed = 0


def gcj02(lon, lat):
    """The published shift: metres east and north, over the radii of Krasovsky's ellipsoid."""
    a, e2, pi, sin = 6378245.0, 0.00669342162296594323, math.pi, math.sin
    x, y = lon - 105, lat - 35
    wave = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + .2 * y * y + .1 * x * y + .2 * abs(x) ** .5 + 2 / 3 * (
        wave + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30))
    east = 300 + x + 2 * y + .1 * x * x + .1 * x * y + .1 * abs(x) ** .5 + 2 / 3 * (
        wave + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
    phi = math.radians(lat)
    w = 1 - e2 * sin(phi) ** 2
    return (lon + math.degrees(east / (a / w ** .5 * math.cos(phi))),
            lat + math.degrees(north / (a * (1 - e2) / w ** 1.5)))


def bd09(lon, lat):
    x, y = gcj02(lon, lat)
    k = math.pi * 3000 / 180
    r, t = math.hypot(x, y) + 2e-5 * math.sin(y * k), math.atan2(y, x) + 3e-6 * math.cos(x * k)
    return r * math.cos(t) + .0065, r * math.sin(t) + .006


SHIFT = {"gcj02": gcj02, "bd09": bd09}


def expect(what, found, expected):
    global failed
    if found != expected:
        failed += 1
        print(f"FAILED {what}\n found:    {found}\n expected: {expected}")


def run(*words, status=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    expect(f"exit status of {' '.join(map(str, words))}: {done.stderr}", done.returncode, status)
    return done


def twin(source, target, shift, leave_out=None):
    rows = [row for row in csv.DictReader(open(source, encoding="utf-8")) if row["id"] != leave_out]
    for row in rows:
        lon, lat = shift(float(row["lon"]), float(row["lat"]))
        row["lon"], row["lat"] = f"{lon:.10f}", f"{lat:.10f}"
    with open(target, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def minutes(result):
    return {(r["from_id"], r["to_id"]): round(float(r["time_min"]), 3) if r["time_min"] else None
            for r in csv.DictReader(open(f"{result}/od_times.csv", encoding="utf-8"))}


def points(path, layer):
    """All corners of a layer, in order."""
    def corners(geometry):
        for i in range(geometry.GetGeometryCount()):
            yield from corners(geometry.GetGeometryRef(i))
        for i in range(geometry.GetPointCount()):
            yield geometry.GetX(i), geometry.GetY(i)
    source = ogr.Open(path)
    return [p for feature in source.GetLayer(layer) if feature.GetGeometryRef() for p in corners(feature.GetGeometryRef())]


def build(name, source, *more):
    run("build", f"{name}.hsn", "--corridor", source, "--profile", town / "car.yaml", "-q", *more)


build("town", town)
twin(town / "places.csv", "joined.csv", lambda lon, lat: (lon, lat), "at-x")  # which joins nothing
common = ["--minutes", "55,25", "-q"]
run("circle", "town.hsn", "--origins", "joined.csv", "--zones", town / "places.csv", "--format", "CSV", "-o", "known", *common)
known = minutes("known")
expect("the town has times", len(known), 20)
for datum, shift in SHIFT.items():
    os.mkdir(datum)
    shutil.copy(town / "links.csv", datum)
    twin(town / "nodes.csv", f"{datum}/nodes.csv", shift)
    twin(town / "places.csv", f"{datum}/places.csv", shift)
    twin(town / "places.csv", f"{datum}/origins.csv", shift, "at-x")
    build(datum, datum, "--datum", datum)
    # everything in the datum: the network, the origins, the zones
    run("circle", f"{datum}.hsn", "--origins", f"{datum}/origins.csv", "--zones", f"{datum}/places.csv", "--datum", datum,
        "--format", "CSV", "-o", f"all-{datum}", *common)
    expect(f"all in {datum}", minutes(f"all-{datum}"), known)
    # one input in it, named apart
    run("circle", "town.hsn", "--origins", f"{datum}/origins.csv", "--origin-datum", datum, "--zones", town / "places.csv",
        "--format", "CSV", "-o", f"one-{datum}", *common)
    expect(f"origins in {datum}", minutes(f"one-{datum}"), known)
    run("circle", "town.hsn", "--origins", f"{datum}/origins.csv", "--datum", datum, "--zone-datum", "wgs84",
        "--zones", town / "places.csv", "--format", "CSV", "-o", f"but-{datum}", *common)
    expect(f"all but the zones in {datum}", minutes(f"but-{datum}"), known)
run("circle", "town.hsn", "--origins", "gcj02/origins.csv", "--zones", town / "places.csv", "--format", "CSV", "-o", "wrong", *common)
expect("not said, half a kilometre off is seen", minutes("wrong") == known, False)

# ---- points of the command line, people, and results written back

layers = ["circles", "origins", "zones", "reached_edges"]
at = "{:.9f},{:.9f}".format(*gcj02(113.2, 22.0))
run("circle", "town.hsn", "--from", "113.2,22.0", "--zones", town / "places.csv", "--population", town / "places.csv",
    "-o", "plain.gpkg", *common)
done = run("circle", "town.hsn", "--from", at, "--datum", "gcj02", "--zones", "gcj02/places.csv", "--population", "gcj02/places.csv",
           "--output-datum", "gcj02", "-o", "back.gpkg", *common)
expect("the warning", "the result is in gcj02: its coordinate system says WGS84 all the same" in done.stderr, True)
people = [sqlite3.connect(name).execute("select population, area_km2 from circles order by id").fetchall()
          for name in ("plain.gpkg", "back.gpkg")]
expect("people and areas of the twin", [[(p, round(a, 3)) for p, a in rows] for rows in people],
       [[(p, round(a, 3)) for p, a in people[0]]] * 2)
for layer in layers:
    plain, back = points("plain.gpkg", layer), points("back.gpkg", layer)
    expect(f"corners of {layer}", len(back), len(plain))
    off = max(math.dist(gcj02(*p), q) for p, q in zip(plain, back))
    expect(f"layer {layer} is shifted back, to a tenth of a metre", off < 1e-6, True)
    said = sqlite3.connect("back.gpkg").execute("select description from gpkg_contents where table_name = ?", (layer,)).fetchone()[0]
    expect(f"the description of {layer}", said.endswith("Coordinates inside China are GCJ-02, not WGS84"), True)
run("rerun", "back.gpkg", "--inputs", "gcj02", "-q")
run("circle", "town.hsn", "--from", at, "--datum", "gcj02", "--nodes", "--output-datum", "bd09", "--format", "CSV", "-o", "nodes", *common)
rows = list(csv.DictReader(open("nodes/reached_nodes.csv")))
expect("coordinates that are columns follow", min(math.dist((float(r["lon"]), float(r["lat"])), bd09(113.2, 22)) for r in rows) < 1e-6, True)

# ---- the other commands

Path("bridge.geojson").write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"proposal": "P", '
                                  '"kind": "road", "minutes": 5}, "geometry": {"type": "LineString", "coordinates": [%s, %s]}}]}'
                                  % tuple("[{:.9f}, {:.9f}]".format(*gcj02(lon, 22.0)) for lon in (113.0, 113.4)))
compare = ["compare", "town.hsn", "--proposals", "bridge.geojson", "--tolerance", "1", *common]
run(*compare, "--origins", "joined.csv", "--proposal-datum", "gcj02", "-o", "compared.gpkg")
run(*compare, "--origins", "gcj02/origins.csv", "--datum", "gcj02", "-o", "compared2.gpkg")
done = run(*compare, "--origins", "joined.csv", "-o", "off.gpkg", status=3)
expect("a bridge read as WGS84 starts outside the town", "its start (113.005196, 21.997262) lies outside" in done.stderr, True)
rank = ["rank", "town.hsn", "--proposals", "bridge.geojson", "--tolerance", "1", "-q"]
run(*rank, "--zones", "gcj02/places.csv", "--datum", "gcj02", "--output-datum", "gcj02", "-o", "ranked.gpkg")
run(*rank, "--zones", town / "places.csv", "--proposal-datum", "gcj02", "-o", "ranked2.gpkg")
gains = [sqlite3.connect(name).execute("select proposal, round(access_gain, 6) from ranking").fetchall()
         for name in ("ranked.gpkg", "ranked2.gpkg")]
expect("ranked the same", gains[0], gains[1])
run("rerun", "ranked.gpkg", "--inputs", "gcj02", "-q")
run("rerun", "compared2.gpkg", "--inputs", "gcj02", "-q")
Path("study.yaml").write_text("network: {corridor: gcj02, profile: %s, datum: gcj02}\ncommand: circle\norigins: gcj02/origins.csv\n"
                              "zones: gcj02/places.csv\ndatum: gcj02\noutput_datum: gcj02\noutput: study.gpkg\nminutes: [25, 55]\n"
                              % (town / "car.yaml"))
run("run", "study.yaml", "-q")
off = max(math.dist(p, q) for p, q in zip(points("study.gpkg", "zones"),
          [(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(open("gcj02/places.csv"))]))
expect("there and back", off < 1e-8, True)

os.chdir("/")
shutil.rmtree(folder)
sys.exit(bool(failed))
