"""hourshed rank --mode transit on four streets and a rail line; every figure below is worked out by hand.

Streets of 1 km on the equator, on foot 100 m a minute, about the stations A (at 0 m), X (5,000 m, no train stops), B (10,000 m) and
C (20,000 m). Zones: a 290 m from A (100 people), b 90 m from B (20), c 190 m from C (30), x 90 m from X (10); 160 in all.
Line R (metro, no gates) leaves A at :00 and :30, is at B 15 and at C 30 minutes later, and back the same. Leaving a at m after 08:00
one is at A just before m + 3; until the train it is 3 + w in all, w being each of 0 ... 29 twice in the hour: the median, the 30th of 60
times, has w = 14. From b: 1 + w, from c: 2 + w; on foot at the end 2.9, 0.9, 1.9. So in minutes:
    before    a-b 3 + 14 + 15 + 0.9 = 32.9, b-a 32.9; a-c 48.9, c-a 48.9; b-c 31.9, c-b 31.9
    more      R every 10 min besides, one waits 5: a-b, b-a 2.9 + 5 + 15 + 0.9 = 23.8; a-c, c-a 39.8; b-c, c-b 22.8
    new       a metro from A to C, 20 min, every 10 min: a-c, c-a 29.8
    stop      R stops at X, half-way to B: 7.5 + 2 minutes to it, 1 there, 2 + 7.5 on. a-x 3 + 14 + 9.5 + 0.9 = 27.4, b-x 25.4,
              c-x 2 + 14 + 24.5 + 0.9 = 41.4. Trains leave X at 10.5 and 25.5 after: x leaves 1.5 ... 30.5 before, the 30th 15.5: x-a 27.9,
              x-b 25.9, x-c 41.9. a-b, b-a 37.9; a-c, c-a 53.9
    together  trains every 10 min stop at X, too: a-b, b-a 28.8; b-x, x-b 16.3; a-x, x-a 18.3; c-x, x-c 32.3 (without `new`: a-c 44.8)
People within 30 minutes besides oneself, before: nobody.
    more      a 20, b 130, c 20: (100 x 20 + 20 x 130 + 30 x 20) / 160 = 32.5
    new       a 30, c 100: 6000 / 160 = 37.5
    stop      a 10, b 10, x 120: 2400 / 160 = 15
    together  a 60, b 140, c 120, x 120: 13600 / 160 = 85; without new 47.5, more 52.5, stop 70
Mean saving over 160^2 - 100^2 - 20^2 - 30^2 - 10^2 = 14200 pairs of people, H = 120 min (x before: 120):
    more      9.1 x 2 (2000 + 3000 + 600) / 14200
    new       19.1 x 6000 / 14200
    stop      (-5 x 10000 + 1000 (92.6 + 92.1) + 200 (94.6 + 94.1) + 300 (78.6 + 78.1)) / 14200
Trips, 100 from a to x and 10 from c to a: stop 9260 - 50, new 191, more 91. Being there by 08:01 ... 09:00 instead: trains are at X 9.5
after A and one is at x at 10.4, so 1.5 + 14 + 9.5 + 2.9 = 27.9 from a to x: 9210 - 50.

Then random towns, every set of a ranking against the times of a comparison.

Usage: rail_rank.py HOURSHED
"""
import csv
import json
import os
import random
import sqlite3
import sys
import tempfile

from rail_town import METRE, WALK, clock, expect, failed, feed_of, layer, line, run, write

STATIONS = {"A": 0, "B": 10000, "C": 20000, "X": 5000}
ZONES = {"a": (290, 100), "b": (10090, 20), "c": (20190, 30), "x": (5090, 10)}


def trips():
    for half in range(10, 40):
        for name, calls in (("t%d" % half, "ABC"), ("b%d" % half, "CBA")):
            yield name, [(stop, clock(30 * half + 15 * i)) for i, stop in enumerate(calls)]


FEED = feed_of(STATIONS, trips())


def make_inputs():
    os.makedirs("feed", exist_ok=True)
    for name, text in FEED.items():
        write("feed/" + name, text)
    write("walk.yaml", WALK)
    write("streets.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"class": "residential"}, "geometry": line(*range(x - 500, x + 501, 100))}
        for x in STATIONS.values()]}))
    write("zones.csv", "id,name,lon,lat,population,gdp,income\n" + "".join(
        "%s,%s,%.7f,0,%d,%d,%d\n" % (z, z.upper(), x * METRE, people, people * 2, 5 + i)
        for i, (z, (x, people)) in enumerate(ZONES.items())))
    write("trips.csv", "from,to,trips\na,x,100\nc,a,10\n")
    run("build", "town.hsn", "--roads", "streets.geojson", "--class-field", "class", "--gtfs", "feed",
        "--profile", "walk.yaml", "-q")
    at = lambda x: {"type": "Point", "coordinates": [round(x * METRE, 7), 0]}
    layer("links", [({"proposal": "new", "name": "N", "kind": "rail", "minutes": None, "cost": 75}, line(0, 20000)),
                    ({"proposal": "more", "name": "lane", "kind": "walk", "minutes": 2, "cost": None}, line(100, 300))], "LINESTRING")
    layer("stations", [({"proposal": "new", "name": "A", "line": "N"}, at(0)), ({"proposal": "new", "name": "C", "line": "N"}, at(20000)),
                       ({"proposal": "stop", "name": "X", "dwell_min": 1}, at(5000))], "POINT")
    none = {"line": None, "action": "new", "of": None, "stations": None, "kind": None, "minutes": None,
            "headway_min": None, "loss_min": None}
    layer("services", [(dict(none, **row), None) for row in (
        {"proposal": "new", "line": "N", "kind": "metro", "minutes": "20", "headway_min": 10},
        {"proposal": "stop", "action": "stop", "of": "R", "stations": "X", "loss_min": 4},
        {"proposal": "more", "action": "headway", "of": "R", "headway_min": 10})])
    box = [[x * METRE, y * METRE] for x, y in ((150, -50), (250, -50), (250, 50), (150, 50), (150, -50))]
    layer("links", [({"proposal": "far", "name": "F", "kind": "rail"}, line(5000, 20400))], "LINESTRING", "far.gpkg")
    layer("stations", [({"proposal": "far", "name": "X"}, at(5000)), ({"proposal": "far", "name": "Y"}, at(20400))], "POINT", "far.gpkg")
    layer("services", [({"proposal": "far", "line": "F", "kind": "metro", "minutes": "15", "headway_min": 10}, None)], "NONE", "far.gpkg")
    layer("closures", [({"proposal": "works"}, {"type": "Polygon", "coordinates": [box]})], "POLYGON", "works.gpkg")


DAY = ("--mode", "transit", "--date", "2024-05-14", "-q")


def rank(name, *options, proposals="proposals.gpkg", form="CSV", status=0):
    out = name + (".gpkg" if form == "GPKG" else "")
    return out, run("rank", "town.hsn", "--proposals", proposals, "--zones", "zones.csv", *DAY, "-o", out, "--format", form,
                    "--overwrite", *options, status=status)


def rows(folder, name):
    with open("%s/%s.csv" % (folder, name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text, digits=2):
    return None if text == "" else round(float(text), digits)


def column(folder, name, kind="alone", digits=2):
    return {r["proposal"]: number(r[name], digits) for r in rows(folder, "ranking") if r["set"] == kind}


def check_figures():
    out, done = rank("figures", "--minutes", "30", "--sets", "alone,together,without,pairs,shapley", "--flows", "trips.csv",
                     "--gdp", "gdp", "--income", "income")
    alone = {"new": 37.5, "more": 32.5, "stop": 15}
    expect("gains", column(out, "access_gain"), alone)
    expect("in this order", [r["proposal"] for r in rows(out, "ranking") if r["set"] == "alone"], ["new", "more", "stop"])
    expect("of all", column(out, "access_gain", "together"), {"": 85})
    expect("of all but one", column(out, "access_gain", "without"), {"new": 47.5, "more": 52.5, "stop": 70})
    expect("losses", column(out, "loss_without", "without"), alone)
    expect("synergies", {r["synergy"] for r in rows(out, "ranking") if r["set"] == "pair"}, {"0"})
    expect("fair shares", column(out, "access_gain", "shapley"), alone)
    expect("GDP is twice the people", column(out, "gdp_gain"), {p: 2 * gain for p, gain in alone.items()})
    expect("mean savings", column(out, "mean_saving_min"), {
        "new": round(19.1 * 6000 / 14200, 2), "more": round(9.1 * 11200 / 14200, 2), "stop": round(219450 / 14200, 2)})
    expect("trips", column(out, "person_minutes", digits=1), {"new": 191, "more": 91, "stop": 9210})
    expect("a km", column(out, "per_km", digits=1), {"new": 1.9, "more": None, "stop": None})
    expect("a unit of cost", column(out, "per_cost"), {"new": 0.5, "more": None, "stop": None})
    expect("x cannot come to the trains of two", column(out, "origins_skipped"), {"new": 1, "more": 1, "stop": 0})
    expect("every set is searched", {r["engine"] for r in rows(out, "ranking")}, {"search"})
    expect("from zones", {(r["proposal"], r["zone"]): number(r["gain"]) for r in rows(out, "ranking_zones")}, {
        ("new", "a"): 30, ("new", "c"): 100, ("more", "a"): 20, ("more", "b"): 130, ("more", "c"): 20,
        ("stop", "a"): 10, ("stop", "b"): 10, ("stop", "c"): 0, ("stop", "x"): 120})
    expect("street links take no part", 'proposal "more": its street links do not bear on runs by transit' in done.stderr, True)


def check_directions():
    out, _ = rank("to", "--minutes", "30", "--direction", "to", "--flows", "trips.csv")
    expect("gains to zones", column(out, "access_gain"), {"new": 37.5, "more": 32.5, "stop": 15})
    expect("trips to zones", column(out, "person_minutes", digits=1), {"new": 191, "more": 91, "stop": 9160})
    out, _ = rank("day", "--minutes", "30", "--direction", "to", "--day-return")
    expect("gains there and back", column(out, "access_gain"), {"new": 37.5, "more": 32.5, "stop": 15})


def check_streets():
    """Without its street nobody comes from a: within 60 minutes a loses 50 people, b and c 100 each."""
    out, _ = rank("works", "--minutes", "60", proposals="works.gpkg")
    expect("a closed street", column(out, "access_gain"), {"works": -(100 * 50 + 20 * 100 + 30 * 100) / 160})


def check_walk():
    """Y is 400 m from C, and its line goes to X, 15 min: a-x 3 + 14 + 30, a walk of 4, 5 + 15 + 0.9 = 71.9, b-x 54.9, c-x 23, and back."""
    out, _ = rank("far", "--minutes", "75", proposals="far.gpkg")
    expect("a new train after a walk", column(out, "access_gain"), {"far": 18.75})
    expect("x comes to all, all come to x", {r["zone"]: number(r["gain"]) for r in rows(out, "ranking_zones")},
           {"a": 10, "b": 10, "c": 10, "x": 150})


def check_threads_and_percentiles():
    """The earliest has w = 0: a-c takes 34.9, with `stop` 39.9; x is then within 35 of all: (100 (10 - 30) + 20 x 10 + 30 (10 - 100)
    + 10 x 150) / 160."""
    tables = []
    for threads in ("1", "8"):
        out, _ = rank("threads" + threads, "--minutes", "30,35", "--percentiles", "0", "--threads", threads)
        tables.append(open(out + "/ranking.csv", encoding="utf-8").read())
    expect("1 = 8 threads", tables[0], tables[1])
    expect("earliest within 35", column("threads1", "access_gain_35"), {"new": 0, "more": 0, "stop": -18.75})


def random_town(rng):
    """Streets on a grid of 250 m, two parts of them apart; stops beside them, lines through random stops, proposals of every action."""
    n, spots = 9, lambda: (rng.randrange(0, 2000), rng.randrange(0, 2000))
    part = lambda x0, y0: [{"type": "LineString", "coordinates": [[round((x0 + x) * METRE, 7), round((y0 + y) * METRE, 7)] for x, y in way]}
                           for k in range(n) for way in ([(250 * i, 250 * k) for i in range(n)], [(250 * k, 250 * i) for i in range(n)])]
    corners = ((0, 0), (20000, 0), (0, 30000))
    write("grid.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"class": "residential"}, "geometry": way} for corner in corners for way in part(*corner)]}))
    stops = {}
    for i in range(24):
        (x, y), (x0, y0) = spots(), corners[i % 8 // 4 if i % 8 < 6 else 2]
        stops["s%d" % i] = (x + x0, y + y0)
    trips, times, routes = "", "", ""
    for k in range(7):
        far = [s for s in stops if (int(s[1:]) % 8 >= 6) == (k == 6)]
        calls, trip = rng.sample(far, min(len(far), rng.randrange(3, 6))), 0
        routes += "l%d,a,L%d,%d\n" % (k, k, rng.choice((0, 1, 3)))
        for way in (calls, calls[::-1]):
            for start in range(rng.randrange(400, 440), 720, rng.choice((12, 20, 35))):
                trip, now = trip + 1, start
                trips += "l%d,wd,l%d.%d\n" % (k, k, trip)
                for i, stop in enumerate(way):
                    times += "l%d.%d,%d,%s,%s,%s\n" % (k, trip, i, stop, clock(now), clock(now + 1))
                    now += 1 + (int(stop[1:]) * 7 + k) % 9 + 3
    os.makedirs("wild", exist_ok=True)
    for name, text in dict(FEED, **{
            "routes.txt": "route_id,agency_id,route_short_name,route_type\n" + routes,
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
                "%s,%s,%.7f,%.7f\n" % (s, s, y * METRE, x * METRE) for s, (x, y) in stops.items()),
            "trips.txt": "route_id,service_id,trip_id\n" + trips,
            "stop_times.txt": "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + times}).items():
        write("wild/" + name, text)
    with open("wild.csv", "w", encoding="utf-8") as file:
        file.write("id,lon,lat,population\n")
        for z in range(14):
            (x, y), (x0, y0) = spots(), corners[z % 4 % 3]
            file.write("z%d,%.7f,%.7f,%d\n" % (z, (x + x0) * METRE, (y + y0) * METRE, rng.randrange(1, 90)))
    names = lambda count: ";".join(rng.sample(sorted(stops), count))
    none = {"layer": "services", "line": None, "action": "new", "of": None, "stations": None, "minutes": None, "headway_min": None,
            "departures": None, "factor": None, "kind": None}
    chosen = [{"proposal": "added", "line": "new", "kind": "metro", "stations": names(6), "headway_min": rng.choice((4, 9))},
              {"proposal": "listed", "line": "bus", "kind": "bus", "stations": names(2), "minutes": "11", "departures": "07:30;08:10;08:25;08:40"},
              {"proposal": "island", "action": "headway", "of": "L6", "headway_min": 6},
              {"proposal": "faster", "action": "speed", "of": "L%d" % rng.randrange(6), "factor": 1.7},
              {"proposal": "fewer", "action": "cut", "of": "L%d" % rng.randrange(6)}]
    write("wild.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": dict(none, **row), "geometry": None} for row in chosen]}))
    run("build", "wild.hsn", "--roads", "grid.geojson", "--class-field", "class", "--gtfs", "wild", "--profile", "walk.yaml", "-q",
        "--overwrite")
    return [row["proposal"] for row in chosen]


def gini(x, people):
    whole = sum(people) * sum(p * v for p, v in zip(people, x))
    return sum(p * q * abs(v - u) for p, v in zip(people, x) for q, u in zip(people, x)) / (2 * whole)


def measures(before, after, people, cutoff, horizon=120):
    """Of two tables of minutes, by the formulas of docs/methods.md, 9."""
    zones = range(len(people))
    reach = [sum(people[j] for j in zones if after[i][j] <= cutoff) for i in zones]
    was = [sum(people[j] for j in zones if before[i][j] <= cutoff) for i in zones]
    pairs = [(people[i] * people[j], min(before[i][j], horizon) - min(after[i][j], horizon)) for i in zones for j in zones if i != j]
    return {"access_gain": sum(p * (r - w) for p, r, w in zip(people, reach, was)) / sum(people),
            "mean_saving_min": sum(w * saved for w, saved in pairs) / sum(w for w, _ in pairs), "gini": gini(reach, people),
            "pairs_changed": sum(before[i][j] != after[i][j] for i in zones for j in zones)}


def check_random_towns():
    """Every set against the times of a comparison, which grows a tree a minute, and the formulas by plain loops."""
    skipped = changed = 0
    for seed in (1, 2, 3):
        rng = random.Random(seed)
        proposals = random_town(rng)
        with open("wild.csv", encoding="utf-8") as file:
            zones = [(r["id"], int(r["population"])) for r in csv.DictReader(file)]
        people = [p for _, p in zones]
        sets = {("alone", p): [p] for p in proposals}
        sets.update({("without", p): [q for q in proposals if q != p] for p in proposals})
        sets["together", ""] = proposals
        scenarios = [o for i, chosen in enumerate(sets.values()) for o in ("--scenario", "s%d=%s" % (i, ",".join(chosen)))]
        options = ("--proposals", "wild.geojson", "--zones", "wild.csv", *DAY, "--depart", "08:00", "--window", "7", "--percentiles",
                   rng.choice(("0", "50", "90")), "--max-access", "12", "--format", "CSV", "--overwrite")
        run("compare", "wild.hsn", "--origins", "wild.csv", *options, *scenarios, "--minutes", "120", "--cell", "2000", "-o", "wild")
        minutes = {}
        for r in rows("wild", "zones"):
            at = ([z for z, _ in zones].index(r[k]) for k in ("origin_id", "zone_id"))
            minutes[(r["scenario"], *at)] = [float(r[k]) if r[k] and float(r[k]) <= 120 else float("inf")
                                                      for k in ("before_min", "after_min")]
        run("rank", "wild.hsn", *options, "--minutes", "25", "--threads", str(seed), "-o", "wild-ranks")
        table = rows("wild-ranks", "ranking")
        expect("sets of town %d" % seed, len(table), len(sets))
        for r in table:
            scenario = "s%d" % list(sets).index((r["set"], r["proposal"]))
            square = [[[minutes[scenario, i, j][k] if i != j else 0 for j in range(len(zones))] for i in range(len(zones))] for k in (0, 1)]
            for name, value in measures(*square, people, 25).items():
                if abs(float(r[name]) - value) > 1e-6 * max(1, abs(value)):
                    expect("town %d, %s %s: %s" % (seed, r["set"], r["proposal"], name), float(r[name]), value)
            if r["proposal"] in ("added", "listed", "island") and r["set"] == "alone":
                expect("more trains lose nothing", float(r["access_gain"]) >= 0 and float(r["mean_saving_min"]) >= 0, True)
            skipped += int(r["origins_skipped"])
            changed += int(r["pairs_changed"])
    expect("origins are skipped and times change", (skipped > 50, changed > 120), (True, True))


def check_bad_inputs():
    cases = (
        (("--percentiles", "10,50"), "a ranking has one"), (("--break-even", "a:b"), "--break-even: not with --mode transit"),
        (("--engine", "shortcut"), "--engine shortcut: not with --mode transit"), (("--profile", "walk"), "--profile: not with"),
        (("--day-return",), "--day-return is about a place one goes to"), (("--arrive", "09:00"), "--arrive 09:00 in a run from a place"))
    for options, said in cases:
        done = rank("bad", *options, form="GPKG", status=2)[1]
        expect(" ".join(options), said in done.stderr, True)
    there = ("rank", "town.hsn", "--proposals", "proposals.gpkg", "--zones", "zones.csv", "-o", "bad.gpkg")
    expect("no date", "--date YYYY-MM-DD is missing" in run(*there, "--mode", "transit", status=2).stderr, True)
    expect("a direction on streets", "nothing without --mode transit" in run(*there, "--direction", "to", status=2).stderr, True)
    layer("links", [({"proposal": "lane", "name": "lane", "kind": "road", "class": "residential"}, line(100, 300))],
          "LINESTRING", "lane.gpkg")
    done = rank("bad", proposals="lane.gpkg", form="GPKG", status=3)[1]
    expect("streets alone are an error", 'proposal "lane": nothing of it bears on a run by transit' in done.stderr, True)
    expect("nothing is written", os.path.exists("bad.gpkg"), False)


def check_file():
    out, _ = rank("file", "--minutes", "30", form="GPKG")
    database = sqlite3.connect(out)
    tables = {name for (name,) in database.execute("select table_name from gpkg_contents")}
    expect("layers", {"proposals", "lines", "stations", "edits", "snap", "ranking", "ranking_zones"} - tables, set())
    expect("lines", list(database.execute("select name, proposal from lines")), [("N", "new")])
    expect("proposals", list(database.execute("select id, rank, geom is not null from proposals order by rank")),
           [("new", 1, 1), ("more", 2, 1), ("stop", 3, 0)])
    run("rerun", out, "-q")
    write("study.yaml", "network: town.hsn\nruns:\n  - command: rank\n    proposals: proposals.gpkg\n    zones: zones.csv\n    mode: transit\n"
          "    date: 2024-05-14\n    direction: to\n    arrive: \"09:00\"\n    minutes: [30]\n    output: study.gpkg\n")
    run("run", "study.yaml", "-q")
    expect("a study", list(sqlite3.connect("study.gpkg").execute(
        "select proposal, access_gain from ranking where \"set\" = 'alone'")), [("new", 37.5), ("more", 32.5), ("stop", 15)])


with tempfile.TemporaryDirectory(prefix="hourshed-rail-rank-") as folder:
    os.chdir(folder)
    make_inputs()
    check_figures()
    check_directions()
    check_streets()
    check_walk()
    check_threads_and_percentiles()
    check_random_towns()
    check_bad_inputs()
    check_file()
sys.exit(1 if failed else 0)
