"""hourshed circle --mode transit on one street and one bus line; every time below is worked out by hand.

The street lies on the equator, where a metre is 1 / 111,319.49 of a degree of longitude: 12 km, on foot 100 m a
minute, by car 1,000 m a minute. Stops S1, S2, S3 at 480, 5,500 and 9,000 m; line 7 runs
    S1 08:10 - S2 08:20 - S3 08:27        and back  S3 17:10 - S2 17:20 - S1 17:30
    S1 08:40 - S2 08:50 - S3 08:57
on weekdays of 2024. From `home` (0 m) on foot 4.8 min to S1; `mill` (6,000 m) is 5 min from S2, `pier` (9,300 m) 3 min
from S3; `shop` (800 m) is 8 min on foot from home.
Leaving home at m minutes after 08:00: up to 5 one is at mill at 08:25 and at pier at 08:30; up to 35 at 08:55 and
09:00; later no bus is left, and mill is 60 min on foot, pier 93.
    mill: 20 20 21 21 ... 25 25 26 27 ... 49, then 24 times 60      pier: the same and 5 more, then 24 times beyond 62
(Half a metre more than said, which keeps coordinates of 1e-7 degrees on one side of each bus and each second.)
The k-th smallest of 60, k = ceil(60 p / 100): p10 the 6th, p50 the 30th, p90 the 54th.

Usage: transit.py HOURSHED
"""
import csv
import os
import sqlite3
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
failures = 0
METRE = 180 / 3.141592653589793 / 6378137
PLACES = {"home": 0, "mill": 6000.5, "pier": 9300.5, "shop": 800.5}

FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,Town,http://town.example,UTC\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr7,a,7,3\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                    "wd,1,1,1,1,1,0,0,20240101,20241231\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        "%s,%s,0,%.7f\n" % (s, name, x * METRE)
        for s, name, x in (("S1", "Gate", 480.5), ("S2", "Mill Lane", 5500), ("S3", "Pier", 9000))),
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nr7,wd,t1,Pier\nr7,wd,t2,Pier\nr7,wd,b1,Gate\n",
    "stop_times.txt": "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + "".join(
        "%s,%d,%s,%s:00,%s:00\n" % (trip, i, stop, time, time)
        for trip, calls in (("t1", "S1 08:10 S2 08:20 S3 08:27"), ("t2", "S1 08:40 S2 08:50 S3 08:57"),
                            ("b1", "S3 17:10 S2 17:20 S1 17:30"))
        for i, (stop, time) in enumerate(zip(calls.split()[::2], calls.split()[1::2]))),
}
PROFILE = ("name: %(name)s\nmode: %(name)s\nuses: [%(name)s]\nrespects_oneway: no\nrespects_turns: no\n"
           "uses_tags: no\nfactor: 1\nno_stop: []\nleg: {rule: edges, speed_kmh: 6, detour: 1, cap_m: 400}\n"
           "classes:\n  residential: {speed_kmh: %(speed)d}\n")


def expect(what, found, expected):
    global failures
    if found != expected:
        failures += 1
        print("FAILED %s\n found:    %s\n expected: %s" % (what, found, expected))


def run(*arguments, status=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != status:
        expect("%s: exit" % " ".join(arguments), (done.returncode, done.stderr), status)
    return done


def circle(name, *options, layers="CSV"):
    out = name + (".gpkg" if layers == "GPKG" else "")
    done = run("circle", "town.hsn", "--mode", "transit", "--zones", "places.csv", "--minutes", "30,62",
               "--cell", "100", "-q", "-o", out, "--format", layers, *options)
    if done.stderr:
        print(done.stderr)
    return name


def rows(folder, layer):
    with open("%s/%s.csv" % (folder, layer), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def minutes(text):
    return "-" if text == "" else "%.1f" % float(text)


def od(folder, key="to_id", columns=("time_min",)):
    return {(r[key], r["profile"][8:]): tuple(minutes(r[c]) for c in columns) for r in rows(folder, "od_times")}


def make_inputs():
    for name, text in FEED.items():
        os.makedirs("feed", exist_ok=True)
        with open("feed/" + name, "w", encoding="utf-8") as file:
            file.write(text)
    for name, speed in (("walk", 6), ("car", 60)):
        with open(name + ".yaml", "w", encoding="utf-8") as file:
            file.write(PROFILE % {"name": name, "speed": speed})
    with open("street.geojson", "w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"residential"},'
                   '"geometry":{"type":"LineString","coordinates":[%s]}}]}'
                   % ",".join("[%.7f,0]" % (x * METRE) for x in range(0, 12001, 1000)))
    with open("places.csv", "w", encoding="utf-8") as file:
        file.write("id,name,lon,lat\n" + "".join("%s,%s,%.7f,0\n" % (p, p.title(), x * METRE)
                                                for p, x in PLACES.items()))
    run("build", "town.hsn", "--roads", "street.geojson", "--class-field", "class", "--gtfs", "feed",
        "--profile", "walk.yaml", "--profile", "car.yaml", "-q")


def at(place):
    return "%.7f,0" % (PLACES[place] * METRE)


DAY = ("--date", "2024-05-14")


def check_window():
    out = circle("window", "--from", at("home"), *DAY, "--percentiles", "10,50,90,0", "--legs", "1:mill",
                 "--legs", "1:mill@08:06", "--legs", "1:mill@08:12", "--legs", "1:shop@08:59",
                 "--overlap", "--hinterland", "--bands")
    expect("mill and pier at percentiles", {k: v[0] for k, v in od(out).items() if k[0] in ("mill", "pier")},
           {("mill", "p0"): "20.0", ("mill", "p10"): "22.0", ("mill", "p50"): "43.0", ("mill", "p90"): "60.0",
            ("pier", "p0"): "25.0", ("pier", "p10"): "27.0", ("pier", "p50"): "48.0", ("pier", "p90"): "-"})
    expect("the shop is a walk at any time", {v[0] for k, v in od(out).items() if k[0] == "shop"}, {"8.0"})
    expect("shares of the window", {r["to_id"]: minutes(r["share"]) for r in rows(out, "od_times")},
           {"home": "1.0", "mill": "1.0", "pier": "0.6", "shop": "1.0"})
    expect("the median stands in zones", {r["id"]: minutes(r["time_min"]) for r in rows(out, "zones")},
           {"home": "0.0", "mill": "43.0", "pier": "48.0", "shop": "8.0"})
    stops = {(r["name"], r["profile"][8:]): (minutes(r["time_min"]), r["line"], r["headsign"], r["rides"])
             for r in rows(out, "reached_stops")}
    expect("stops by when one can leave them", stops,
           {("Mill Lane", "p0"): ("15.0", "7", "Pier", "1"), ("Mill Lane", "p10"): ("17.0", "7", "Pier", "1"),
            ("Mill Lane", "p50"): ("38.0", "7", "Pier", "1"), ("Pier", "p0"): ("22.0", "7", "Pier", "1"),
            ("Pier", "p10"): ("24.0", "7", "Pier", "1"), ("Pier", "p50"): ("45.0", "7", "Pier", "1")})
    check_legs(rows(out, "legs"))
    expect("every stop has its row in snap", {(r["point_id"], r["status"]) for r in rows(out, "snap")
                                              if r["role"] == "stop"},
           {("feed:S1", "ok"), ("feed:S2", "ok"), ("feed:S3", "ok")})
    expect("percentiles, then core and fringe",
           [r["profile"] for r in rows(out, "circles") if float(r["cutoff_min"]) == 62],
           ["transit p50", "transit p0", "transit p10", "transit p90", "core", "fringe"])
    areas = {(r["profile"], minutes(r["cutoff_min"])): minutes(r["area_km2"]) for r in rows(out, "circles")}
    expect("core is what p90 reaches", [areas[("core", c)] == areas[("transit p90", c)] for c in ("30.0", "62.0")],
           [True, True])


def check_legs(legs):
    of = lambda instant, to: [r for r in legs if r["instant"] == instant and r["to_id"] == to]
    late = of("08:06", "mill")
    expect("leaving at 08:06: clocks", [(r["kind"], r["depart"], r["arrive"]) for r in late],
           [("access", "08:06:00", "08:10:48"), ("wait", "08:10:48", "08:40:00"), ("ride", "08:40:00", "08:50:00"),
            ("egress", "08:50:00", "08:55:00")])
    expect("stops and places", [(r["from_stop"], r["to_stop"]) for r in late if r["kind"] != "wait"],
           [(late[0]["from_stop"], "Gate"), ("Gate", "Mill Lane"), ("Mill Lane", "Mill")])
    expect("minutes add up", ("%.1f" % sum(float(r["minutes"]) for r in late), minutes(late[-1]["total_min"])),
           ("49.0", "49.0"))
    expect("the ride", [(r["line"], r["ride_kind"], r["trip"], r["headsign"]) for r in late if r["kind"] == "ride"],
           [("7", "bus", "t2", "Pier")])
    median = of("08:12", "mill")
    expect("without an instant: the trip that takes the median, 43 min, leaves at 08:12",
           [minutes(r["total_min"]) for r in median][-1:], ["43.0"])
    expect("a trip asked for with its instant and without has one row a leg", len({r["id"] for r in legs}), len(legs))
    expect("no bus: a walk", [(r["kind"], minutes(r["minutes"])) for r in of("08:59", "shop")], [("direct", "8.0")])


def check_others():
    one = circle("one", "--from", at("home"), *DAY, "--window", "0", "--depart", "08:09", "--access", "car")
    expect("driven to the stop in half a minute, the bus of 08:10", od(one)[("mill", "p50")], ("16.0",))
    to = circle("to", "--to", at("mill"), *DAY, "--window", "1", "--arrive", "09:00")
    expect("at the mill by 09:00: leave home at 08:35:12", od(to, "from_id")[("home", "p50")], ("24.8",))
    back = circle("back", "--to", at("mill"), *DAY, "--window", "1", "--arrive", "09:00", "--depart", "17:00",
                  "--day-return", "--legs", "1:home")
    expect("and home again by 17:34:48", od(back, "from_id")[("home", "p50")], ("34.8",))
    expect("legs there and back", [(r["from_id"], r["kind"]) for r in rows(back, "legs") if r["kind"] == "ride"],
           [("home", "ride"), ("1", "ride")])
    caps = circle("caps", "--to", at("mill"), *DAY, "--window", "1", "--arrive", "09:00", "--depart", "17:00",
                  "--day-return", "--max-access", "4.9", "--max-egress", "5.5")
    expect("there and back the home end is the access: 4.8 min to S1 in both, 5 min at the mill",
           od(caps, "from_id")[("home", "p50")], ("34.8",))
    late = circle("late", "--from", at("home"), *DAY, "--depart", "22:00")
    expect("nothing runs: the walking circle", [od(late)[(p, "p50")][0] for p in ("mill", "pier", "shop")],
           ["60.0", "-", "8.0"])
    expect("and no stops", rows(late, "reached_stops"), [])
    said = run("circle", "town.hsn", "--mode", "transit", "--from", at("home"), "--date", "2024-05-12", "-o", "x.gpkg",
               status=2)
    expect("a Sunday without service", "2024-05-12" in said.stderr, True)
    said = run("circle", "town.hsn", "--mode", "transit", "--to", at("mill"), *DAY, "--arrive", "00:30", "--window", "1440",
               "--minutes", "100", "--zones", "places.csv", "--legs", "1:home", "-o", "x.gpkg", status=2)
    expect("to be there at 00:31 the day before, one leaves two days before", "at most 31" in said.stderr, True)


def check_package():
    circle("town", "--from", at("home"), *DAY, "--percentiles", "10,50,90", "--legs", "1:mill", layers="GPKG")
    db = sqlite3.connect("town.gpkg")
    expect("layers with a style", {r[0] for r in db.execute("SELECT f_table_name FROM layer_styles")} >=
           {"circles", "reached_edges", "reached_stops", "legs"}, True)
    said = run("rerun", "town.gpkg").stdout
    expect("rerun", "equal" in said and "not equal" not in said, True)
    streets = sorted(r[1] for r in db.execute("PRAGMA table_info(circles)"))
    run("circle", "town.hsn", "--mode", "walk", "--from", at("home"), "-q", "-o", "walk.gpkg")
    walk = sorted(r[1] for r in sqlite3.connect("walk.gpkg").execute("PRAGMA table_info(circles)"))
    expect("streets have no column of percentiles", [c for c in streets if c not in walk], ["percentile"])
    written = []
    for threads in ("1", "8"):
        circle("same", "--origins", "places.csv", *DAY, "--percentiles", "10,50", "--threads", threads, "--overlap",
               "--edges", "each", "--overwrite", layers="GPKG")
        with open("same.gpkg", "rb") as file:
            written.append(file.read())
    expect("the same bytes for 1 and 8 threads", written[0] == written[1], True)


with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    make_inputs()
    check_window()
    check_others()
    check_package()
sys.exit(1 if failures else 0)
