"""hourshed compare --mode transit on three streets and a rail line; every time below is worked out by hand.

Streets of 1 km on the equator, where a metre is 1 / 111,319.49 of a degree of longitude, on foot 100 m a minute: about
station S1 (500 m; `home` is at 10 m, 4.9 min away), X (10,500 m, no train stops there), S2 (20,500 m) and S3 (40,500 m).
Line R (metro, no gates) leaves S1 at :00 and :30, is at S2 20 and at S3 40 minutes later, and back from S3 at the
same minutes. Leaving home at m minutes after 08:00 one is at S1 just before m + 5, and until the train it takes 5 + w, w being
25, 24 ... 0, 29 ... 0, 29 ... 26: each of 0 ... 29 twice in the hour. The k-th smallest of 60, k = ceil(60 p / 100): p10 the 6th, w = 2; p50 the 30th, w = 14.
    before   S2 25 + w: 27, 39         S3 45 + w: 47, 59          X never
    new      a metro N from S1 to S3, 25 min, every 10 min (one waits 5): S3 34.9 always
    fast     R at twice the speed: S2 15 + w: 17, 29; S3 25 + w: 27, 39
    stop     R stops at X, half-way to S2: 10 + 2 minutes to it, 1 there, 2 + 10 on: X 17 + w: 19, 31; S2 30 + w: 32, 44;
             S3 50 + w: 52, 64
    more     R every 10 min besides: S2 min(25 + w, 29.9): 27, 29.9; S3 min(45 + w, 49.9): 47, 49.9
    cut      R is gone
    works    the street between home and S1 is closed: nothing is reached but home
    both     new and fast: S3 min(25 + w, 34.9): 27, 34.9
From S3 one waits 0, 29, 28 ... and walks 4.9 minutes at the end: home 44.9 + w.
Services of 06:00 to 22:00 every 10 min are 97 trips each way.

Usage: rail_compare.py HOURSHED
"""
import csv
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

from rail_town import METRE, WALK, clock, expect, failed, feed_of, layer, line, run, write

STATIONS = {"S1": 500, "S2": 20500, "S3": 40500, "X": 10500}
PLACES = {"home": (10, 100), "x": (10500, 7), "b": (20500, 20), "c": (40500, 30)}
TOUR = [("S1", 0), ("S2", 20), ("S3", 40)]
BACK = [("S3", 0), ("S2", 20), ("S1", 40)]


def trips():
    for half in range(12, 25):
        for name, calls in (("t%d" % half, TOUR), ("b%d" % half, BACK)):
            yield name, [(stop, clock(30 * half + minute)) for stop, minute in calls]


FEED = feed_of(STATIONS, trips())


def make_inputs():
    os.makedirs("feed", exist_ok=True)
    for name, text in FEED.items():
        write("feed/" + name, text)
    write("walk.yaml", WALK)
    write("streets.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"class": "residential"}, "geometry": line(*range(x - 500, x + 501, 100))}
        for x in STATIONS.values()]}))
    for name, chosen in (("places", PLACES), ("cities", ("home", "c")), ("home", ("home",))):
        write(name + ".csv", "id,name,lon,lat,population\n" + "".join(
            "%s,%s,%.7f,0,%d\n" % (p, p.title(), PLACES[p][0] * METRE, PLACES[p][1]) for p in chosen))
    run("build", "town.hsn", "--roads", "streets.geojson", "--class-field", "class", "--gtfs", "feed",
        "--profile", "walk.yaml", "-q")
    box = [[x * METRE, y * METRE] for x, y in ((200, -50), (300, -50), (300, 50), (200, 50), (200, -50))]
    at = lambda x: {"type": "Point", "coordinates": [round(x * METRE, 7), 0]}
    layer("links", [({"proposal": "new", "name": "N", "kind": "rail", "minutes": None}, line(500, 40500)),
                    ({"proposal": "more", "name": "lane", "kind": "walk", "minutes": 2}, line(600, 900))], "LINESTRING")
    layer("stations", [({"proposal": "new", "name": "S1", "line": "N"}, at(500)),
                       ({"proposal": "new", "name": "S3", "line": "N"}, at(40500)),
                       ({"proposal": "stop", "name": "X", "dwell_min": 1}, at(10500))], "POINT")
    none = {"line": None, "action": "new", "of": None, "stations": None, "kind": None, "minutes": None,
            "headway_min": None, "factor": None, "loss_min": None}
    layer("services", [(dict(none, **row), None) for row in (
        {"proposal": "new", "line": "N", "kind": "metro", "minutes": "25", "headway_min": 10},
        {"proposal": "fast", "action": "speed", "of": "R", "factor": 2},
        {"proposal": "stop", "action": "stop", "of": "R", "stations": "X", "loss_min": 4},
        {"proposal": "more", "action": "headway", "of": "R", "headway_min": 10},
        {"proposal": "cut", "action": "cut", "of": "R"})])
    for target in ("proposals.gpkg", "works.gpkg"):
        layer("closures", [({"proposal": "works"}, {"type": "Polygon", "coordinates": [box]})], "POLYGON", target)


SCENARIOS = ["none=", "new=new", "fast=fast", "stop=stop", "more=more", "cut=cut", "works=works", "both=new,fast"]
DAY = ("--mode", "transit", "--date", "2024-05-14", "--minutes", "40,60", "--cell", "100", "-q")


def compare(name, *options, origins="home.csv", form="CSV", status=0):
    out = name + (".gpkg" if form == "GPKG" else "")
    return out, run("compare", "town.hsn", "--proposals", "proposals.gpkg", "--origins", origins, *DAY, "-o", out,
                    "--format", form, "--overwrite", *options, status=status)


def rows(folder, name):
    with open("%s/%s.csv" % (folder, name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def minutes(text):
    return "-" if text == "" else "%g" % round(float(text), 2)


def zone_times(folder, column):
    """scenario: percentile: the times of x, b and c."""
    found = {}
    for r in rows(folder, "zones"):
        if r["zone_id"] != "home":
            found.setdefault(r["scenario"], {}).setdefault(r["profile"][8:], []).append(minutes(r[column]))
    return {s: " ".join(p + ":" + "/".join(t) for p, t in sorted(by.items())) for s, by in found.items()}


EXPECTED = {
    "none": "p10:-/27/47 p50:-/39/59",
    "new": "p10:-/27/34.9 p50:-/39/34.9",
    "fast": "p10:-/17/27 p50:-/29/39",
    "stop": "p10:19/32/52 p50:31/44/64",
    "more": "p10:-/27/47 p50:-/29.9/49.9",
    "cut": "p10:-/-/- p50:-/-/-",
    "works": "p10:-/-/- p50:-/-/-",
    "both": "p10:-/17/27 p50:-/29/34.9",
}


RUNS = [("R", "metro", "S1", "S2", 26), ("R", "metro", "S2", "S3", 26)]


def check_times():
    scenarios = [option for s in SCENARIOS for option in ("--scenario", s)]
    out, done = compare("all", *scenarios, "--percentiles", "10,50", "--zones", "places.csv", "--population", "places.csv")
    expect("minutes before", set(zone_times(out, "before_min").values()), {EXPECTED["none"]})
    expect("minutes after", zone_times(out, "after_min"), EXPECTED)
    expect("street links are said to take no part", 'proposal "more": its street links do not bear on runs by transit'
           in done.stderr, True)
    people = {(r["scenario"], r["cutoff_min"], r["kind"]): minutes(r["population"]) for r in rows(out, "change")
              if r["profile"] == "transit p50" and r["kind"] != "faster"}
    gained = {s: [people[s, c, "gained"] + "-" + people[s, c, "lost"] for c in ("40", "60")] for s in EXPECTED}
    expect("people gained and lost within 40 and 60", gained, {
        "none": ["0-0", "0-0"], "new": ["30-0", "0-0"], "fast": ["30-0", "0-0"], "stop": ["7-20", "7-30"],
        "more": ["0-0", "0-0"], "cut": ["0-20", "0-50"], "works": ["0-20", "0-50"], "both": ["30-0", "0-0"]})
    areas = {r["scenario"] for r in rows(out, "change") if r["kind"] in ("gained", "lost") and float(r["area_km2"]) > 0}
    expect("where areas change", areas, {"new", "fast", "stop", "more", "cut", "works", "both"})
    expect("what each edit did", [(r["proposal"], r["layer"], r["trips_added"], r["trips_changed"], r["trips_removed"])
                                  for r in rows(out, "edits") if r["layer"] == "services"], [
        ("new", "services", "194", "0", "0"), ("fast", "services", "0", "26", "0"), ("stop", "services", "0", "26", "0"),
        ("more", "services", "194", "0", "0"), ("cut", "services", "0", "0", "26")])
    said = [r["text_en"] for r in rows(out, "summary") if r["scenario"] == "new" and "p10" not in r["profile"]]
    for part in ("30 more people lie within 40 minutes of Home (transit, median)",
                 "To C one then rides N from S1 to S3 (transit, median)."):
        expect(part, any(part in text for text in said), True)
    none = [r["text_en"] for r in rows(out, "summary") if r["scenario"] == "none"]
    expect("an empty scenario says so", none and all("no proposals" in text for text in none), True)


def check_cities():
    out, _ = compare("cities", "--scenario", "fast=fast", "--scenario", "cut=cut", origins="cities.csv")
    found = {(r["scenario"], r["from_id"], r["to_id"]): (minutes(r["before_min"]), minutes(r["after_min"]))
             for r in rows(out, "cities")}
    expect("city to city", found, {("fast", "home", "c"): ("59", "39"), ("fast", "c", "home"): ("58.9", "38.9"),
                                   ("cut", "home", "c"): ("59", "-"), ("cut", "c", "home"): ("58.9", "-")})


def check_directions():
    """To home by 08:01 ... 09:00, and back from 10:00 on: trains are at S1 at :10 and :40 (fast: :20 and :50), so from c it takes
    45 + w (fast: 25 + w) at some order of the same w."""
    both = ("--scenario", "fast=fast", "--percentiles", "10,50", "--zones", "places.csv", "--direction", "to")
    out, _ = compare("to", *both)
    expect("to home before", zone_times(out, "before_min")["fast"], "p10:-/27/47 p50:-/39/59")
    expect("to home after", zone_times(out, "after_min")["fast"], "p10:-/17/27 p50:-/29/39")
    out, _ = compare("day", *both, "--day-return", "--depart", "10:00")
    expect("there and back before", zone_times(out, "before_min")["fast"], "p10:-/27/47 p50:-/39/59")
    expect("there and back after", zone_times(out, "after_min")["fast"], "p10:-/17/27 p50:-/29/39")


def check_built():
    """A scenario is the network built with it, to the millisecond."""
    subprocess.run(["ogr2ogr", "-q", "-f", "GPKG", "new.gpkg", "proposals.gpkg", "links", "-where", "proposal='new'"], check=True)
    for name in ("stations", "services"):
        subprocess.run(["ogr2ogr", "-q", "-update", "new.gpkg", "proposals.gpkg", name, "-where", "proposal='new'"], check=True)
    run("build", "new.hsn", "--roads", "streets.geojson", "--class-field", "class", "--gtfs", "feed", "--rail", "new.gpkg",
        "--profile", "walk.yaml", "-q")
    run("circle", "new.hsn", "--origins", "home.csv", *DAY, "--percentiles", "10,50,90", "--zones", "places.csv", "-o", "built",
        "--format", "CSV")
    out, _ = compare("drawn", "--scenario", "new=new", "--percentiles", "10,50,90", "--zones", "places.csv")
    expect("drawn and built", {(r["profile"], r["zone_id"]): r["after_min"] for r in rows(out, "zones")},
           {(r["profile"], r["to_id"]): r["time_min"] for r in rows("built", "od_times")})


def check_no_timetable():
    """Where no train runs yet, one walks before; the new line is the same."""
    run("build", "bare.hsn", "--roads", "streets.geojson", "--class-field", "class", "--profile", "walk.yaml", "-q")
    run("compare", "bare.hsn", "--proposals", "new.gpkg", "--origins", "home.csv", *DAY, "--zones", "places.csv", "-o", "bare",
        "--format", "CSV")
    expect("the first line of a town", [(r["zone_id"], minutes(r["before_min"]), minutes(r["after_min"]))
                                        for r in rows("bare", "zones")],
           [("home", "0", "0"), ("x", "-", "-"), ("b", "-", "-"), ("c", "-", "34.9")])
    done = run("circle", "bare.hsn", "--origins", "home.csv", *DAY, "-o", "bare.gpkg", status=2)
    expect("a circle needs a timetable", "bare.hsn has no timetable" in done.stderr, True)
    done = run("compare", "bare.hsn", "--proposals", "works.gpkg", "--origins", "home.csv", *DAY, "-o", "bare.gpkg", status=2)
    expect("so do closures", "bare.hsn has no timetable" in done.stderr, True)


def check_attribution():
    out, _ = compare("why", "--scenario", "both=new,fast", "--percentiles", "10,50", "--zones", "places.csv",
                     "--attribution", "--legs", "home:c@08:00")
    found = {(r["profile"][8:], r["target_id"], r["cutoff_min"], r["proposal"]):
             (r["on_path"], r["needed"], r["alone"], minutes(r["without_min"]), minutes(r["alone_min"]), r["line"],
              r["board_at"], r["alight_at"]) for r in rows(out, "attribution")}
    expect("which line and stations", found, {
        ("p50", "c", "40", "new"): ("1", "0", "1", "39", "34.9", "N", "S1", "S3"),
        ("p50", "c", "40", "fast"): ("0", "0", "1", "34.9", "39", "", "", ""),
        ("p10", "c", "40", "new"): ("0", "0", "1", "27", "34.9", "", "", ""),
        ("p10", "c", "40", "fast"): ("1", "0", "1", "34.9", "27", "R", "S1", "S3")})
    legs = {}
    for r in rows(out, "legs"):
        legs.setdefault(r["scenario"], []).append("%s%s%s" % (r["kind"], minutes(r["minutes"]), r["line"]))
    expect("legs before and after", {s: " ".join(k for k in v if not k.startswith(("board", "egress0")))
                                     for s, v in legs.items()},
           {"baseline": "access4.9 wait25.1 ride40R", "both": "access4.9 wait5 ride25N"})


def check_bad_inputs():
    done = compare("bad", "--path", "home:c", status=2)[1]
    expect("--path is refused", "--legs ORIGIN:TARGET" in done.stderr, True)
    layer("links", [({"proposal": "lane", "name": "lane", "kind": "road", "class": "residential"}, line(600, 900))],
          "LINESTRING", "lane.gpkg")
    done = run("compare", "town.hsn", "--proposals", "lane.gpkg", "--origins", "home.csv", *DAY, "-o", "bad.gpkg",
               status=3)
    expect("streets alone are an error", 'proposal "lane": nothing of it bears on a run by transit' in done.stderr, True)
    expect("nothing is written", os.path.exists("bad.gpkg"), False)


def check_file():
    out, _ = compare("file", "--scenario", "new=new", "--map", "file.svg", form="GPKG")
    database = sqlite3.connect(out)
    tables = {name for (name,) in database.execute("select table_name from gpkg_contents")}
    expect("what runs before, from stop to stop", [r for r in database.execute(
        "select lines, kind, from_stop, to_stop, trips from timetable_lines")], RUNS)
    expect("layers", {"lines", "stations", "change", "circles", "edits", "summary"} - tables, set())
    expect("lines", [r for r in database.execute("select name, proposal, scenarios from lines")],
           [("N", "new", "new")])
    run("rerun", out, "-q")


def circles_of(name, where):
    """percentile, cut-off: area and polygon, in short."""
    return {(profile, cutoff): (area, hashlib.sha256(shape).hexdigest()[:16]) for profile, cutoff, area, shape in sqlite3.connect(name).execute(
        "select profile, cutoff_min, area_km2, geom from circles where profile like 'transit%' and " + where)}


def zones_of(name, column, scenario):
    return {(profile, zone): time for profile, zone, time in sqlite3.connect(name).execute(
        "select profile, zone_id, %s from zones where scenario = '%s'" % (column, scenario))}


def times_of(name):
    return {(profile, zone): time for profile, zone, time in sqlite3.connect(name).execute(
        "select profile, to_id, time_min from od_times")}


def check_stops_alone():
    """No streets: one comes to a stop in a straight line of at most 600 m, at the same 100 m a minute, so x, b and c are as far
    as on the streets. X is no vertex of the file's network; D, 290 m from home, is none either. Without a train one goes in a
    straight line, by way of no stop: e, 210 m from home, is 2.1 min away, whatever is proposed or built."""
    write("legs.yaml", "name: legs\nmode: access\nleg: {rule: nodes, speed_kmh: 6, detour: 1, cap_m: 600}\n")
    write("spots.csv", "id,name,lon,lat,population\n" + "".join(
        "%s,%s,%.7f,0,1\n" % (p, p, x * METRE) for p, x in (("x", 10500), ("b", 20500), ("c", 40500), ("e", -200))))
    none = {"line": None, "action": "new", "of": None, "stations": None, "kind": None, "minutes": None, "headway_min": None,
            "loss_min": None, "direction": "forward"}
    at = lambda x: {"type": "Point", "coordinates": [round(x * METRE, 7), 0]}
    proposed = {"stop": (("X", 10500), {"action": "stop", "of": "R", "stations": "X", "loss_min": 4}),
                "halt": (("D", 300), {"line": "H", "kind": "metro", "stations": "D;S2", "minutes": "50", "headway_min": 60})}
    for target, chosen in (("halts.gpkg", ("stop", "halt")), ("stop.gpkg", ("stop",)), ("halt.gpkg", ("halt",))):
        layer("stations", [({"proposal": p, "name": proposed[p][0][0], "dwell_min": 1}, at(proposed[p][0][1]))
                           for p in chosen], "POINT", target)
        layer("services", [(dict(none, proposal=p, **proposed[p][1]), None) for p in chosen], target=target)
    run("build", "stops.hsn", "--gtfs", "feed", "--profile", "legs.yaml", "-q")
    for p in proposed:
        run("build", p + ".hsn", "--gtfs", "feed", "--rail", p + ".gpkg", "--profile", "legs.yaml", "-q")
    asked = ("--origins", "home.csv", *DAY, "--percentiles", "10,50", "--zones", "spots.csv")
    for name in ("stops", "stop", "halt"):
        run("circle", name + ".hsn", *asked, "-o", name + "-circle.gpkg")
    run("compare", "stops.hsn", *asked, "--proposals", "halts.gpkg", "--scenario", "stop=stop", "--scenario", "halt=halt",
        "-o", "alone.gpkg")
    found = zones_of("alone.gpkg", "before_min", "stop")
    shown = lambda times: " ".join("%s:%s" % (p, "/".join(
        minutes(str(times["transit " + p, z] or "")) for z in ("x", "b", "c", "e"))) for p in ("p10", "p50"))
    expect("stops alone, before", shown(found), "p10:-/27/47/2.1 p50:-/39/59/2.1")
    expect("before is the circle run", found, times_of("stops-circle.gpkg"))
    expect("circles before, too", circles_of("alone.gpkg", "scenario = 'baseline'"), circles_of("stops-circle.gpkg", "1"))
    after = {s: zones_of("alone.gpkg", "after_min", s) for s in proposed}
    expect("stops alone, X", shown(after["stop"]), EXPECTED["stop"].replace(" ", "/2.1 ") + "/2.1")
    within = {key: time if time and time <= 60 else None for key, time in after["stop"].items()}
    expect("X is the network built with it", within, times_of("stop-circle.gpkg"))
    expect("and so are its circles", circles_of("alone.gpkg", "scenario = 'stop'"), circles_of("stop-circle.gpkg", "1"))
    expect("D is no way without a ride", shown(after["halt"]), "p10:-/27/47/2.1 p50:-/39/59/2.1")
    expect("but where it is built", shown(times_of("halt-circle.gpkg")), "p10:-/27/47/2.1 p50:-/39/59/2.1")
    expect("gained about X", [kind for (kind,) in sqlite3.connect("alone.gpkg").execute(
        "select distinct kind from change where scenario = 'stop' and kind = 'gained' and area_km2 > 0.5")], ["gained"])
    for name in ("alone.gpkg", "stops-circle.gpkg"):
        expect(name + ": what runs", [r for r in sqlite3.connect(name).execute(
            "select lines, kind, from_stop, to_stop, trips from timetable_lines")], RUNS)
    run("rerun", "alone.gpkg", "-q")


with tempfile.TemporaryDirectory(prefix="hourshed-rail-") as folder:
    os.chdir(folder)
    make_inputs()
    check_times()
    check_cities()
    check_directions()
    check_built()
    check_no_timetable()
    check_attribution()
    check_bad_inputs()
    check_stops_alone()
    check_file()
sys.exit(1 if failed else 0)
