"""matrix --mode transit on the streets and the line of rail_rank.py, by hand and against circles.

Line R leaves A at :00 and :30, is at B 15 and at C 30 minutes later, and back the same. Leaving a at m after 08:00 one is at A just
before m + 3; until the train it is 3 + w in all, w being each of 0 ... 29 twice in the hour. Of 60 times the 6th has w = 2, the 30th 14,
the 54th 26: the 10th, 50th and 90th percentile. From b: 1 + w, from c: 2 + w; on foot at the end a 2.9, b 0.9, c 1.9 minutes.

Usage: matrix_transit.py HOURSHED
"""
import csv
import json
import os
import sqlite3
import sys
import tempfile

from rail_town import METRE, WALK, clock, expect, failed, feed_of, line, run, write

STATIONS = {"A": 0, "B": 10000, "C": 20000}
ZONES = {"a": 290, "b": 10090, "c": 20190}
FEED = feed_of(STATIONS, (("%s%d" % (name, half), [(stop, clock(30 * half + 15 * i)) for i, stop in enumerate(calls)])
                          for half in range(10, 40) for name, calls in (("t", "ABC"), ("b", "CBA"))))
DAY = ("--mode", "transit", "--date", "2024-05-14", "-q")


def ms(minutes):
    return round(float(minutes) * 60000)


def table(path, value):
    with open(path, encoding="utf-8") as file:
        return {(r["from_id"], r["to_id"]): ms(r[value]) for r in csv.DictReader(file) if r[value]}


def circles(path, profile, value="time_min"):
    rows = sqlite3.connect(path).execute("select from_id, to_id, %s from od_times where profile = ?" % value, (profile,))
    return {(a, b): ms(t) for a, b, t in rows if t is not None}


def without_self(times):
    return {pair: t for pair, t in times.items() if pair[0] != pair[1]}


def make_inputs():
    os.makedirs("feed", exist_ok=True)
    for name, text in FEED.items():
        write("feed/" + name, text)
    write("walk.yaml", WALK)
    write("streets.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"class": "residential"}, "geometry": line(*range(x - 500, x + 501, 100))}
        for x in STATIONS.values()]}))
    write("zones.csv", "id,lon,lat\n" + "".join("%s,%.7f,0\n" % (z, x * METRE) for z, x in ZONES.items()))
    box = lambda x: [[(x + a) * METRE, b * METRE] for a, b in ((-90, -90), (90, -90), (90, 90), (-90, 90), (-90, -90))]
    write("boxes.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": z}, "geometry": {"type": "Polygon", "coordinates": [box(x)]}}
        for z, x in ZONES.items()]}))
    run("build", "town.hsn", "--roads", "streets.geojson", "--class-field", "class", "--gtfs", "feed",
        "--profile", "walk.yaml", "-q")


def check_by_hand():
    run("matrix", "town.hsn", "--targets", "zones.csv", *DAY, "--percentiles", "10,50,90", "-o", "hand.csv")
    near, far, rides = {"a": 3, "b": 1, "c": 2}, {"a": 2.9, "b": 0.9, "c": 1.9}, {"ab": 15, "bc": 15, "ac": 30}
    for percent, wait in ((10, 2), (50, 14), (90, 26)):
        hand = {(x, y): 0 if x == y else ms(near[x] + wait + rides["".join(sorted(x + y))] + far[y]) for x in "abc" for y in "abc"}
        found = table("hand.csv", "time_p%d_min" % percent)  # coordinates are rounded: to 0.1 s
        expect("the %dth percentile" % percent, {pair: round(t, -2) for pair, t in found.items()}, hand)
    run("matrix", "town.hsn", "--targets", "zones.csv", *DAY, "--minutes", "33", "-o", "limit.csv")
    expect("within 33 minutes", set(table("limit.csv", "time_min")),
           {("a", "a"), ("b", "b"), ("c", "c"), ("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")})


def check_circles():
    """Percentiles, arriving, there and back, the land of polygons: as circles have them."""
    for name, more in (("leaving", ()), ("arriving", ("--direction", "to", "--arrive", "09:30")),
                       ("return", ("--day-return", "--depart", "17:00", "--arrive", "09:00", "--direction", "to"))):
        for zone_at, value in (("point", "time_min"), ("area", "mean_min")):
            ask = ("town.hsn", "--origins", "zones.csv", "--zones", "boxes.geojson", *DAY, "--percentiles", "20,50", *more)
            run("matrix", *ask, "--zone-at", zone_at, "-o", name + zone_at + ".csv")
            if zone_at == "point":
                run("circle", *ask, "--minutes", "300", "--cell", "200", "-o", name + ".gpkg")
            for percent in (20, 50):
                found = without_self(table(name + zone_at + ".csv", "time_p%d_min" % percent))
                expect("pairs", len(found), 6)
                expect("%s, %s, p%d" % (name, zone_at, percent), found,
                       without_self(circles(name + ".gpkg", "transit p%d" % percent, value)))


with tempfile.TemporaryDirectory(prefix="hourshed-matrix-") as folder:
    os.chdir(folder)
    make_inputs()
    check_by_hand()
    check_circles()
    os.chdir("/")
sys.exit(bool(failed))
