#!/usr/bin/python3
"""timetable.py PROGRAM TOWN: hourshed build and info with timetables, end to end.

Two small feeds are written here, a bus (zip) and a train (folder), and every number below is counted by hand. The bus runs
Monday to Friday from 2024-09-30 to 2024-10-13, not on the holiday 2024-10-01 but on Sunday 2024-10-06: two trips with times of
their own, one every ten minutes from 06:00 to 07:00 (6 departures). The train runs on 2024-10-05 and -06 alone, once.
"""
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from osgeo import ogr, osr

ogr.UseExceptions()
program, town = sys.argv[1], Path(sys.argv[2])
failed = 0

BUS = {
    "agency.txt": "\ufeffagency_id,agency_name,agency_url,agency_timezone\nb,Town Buses,http://b.example,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
                 "S,Station,22.0,113.0,1,\na,Platform A,22.0,113.0,0,S\nb,Bridge Street,22.0,113.2,0,\n"
                 "c,Nobody Calls,22.01,113.2,,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\n1,b,1,First Line,3\n",
    "trips.txt": "route_id,service_id,trip_id\n1,wk,t1\n1,wk,t2\n1,wk,t3\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                      "t1,08:00:00,08:00:00,a,1\nt1,08:20:00,08:20:00,b,2\n"
                      "t2,09:00:00,09:00:00,a,1\nt2,09:20:00,09:20:00,b,2\n"
                      "t3,06:00:00,06:00:00,b,1\nt3,06:20:00,06:20:00,a,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                    "wk,1,1,1,1,1,0,0,20240930,20241013\n",
    "calendar_dates.txt": "service_id,date,exception_type\nwk,20241001,2\nwk,20241006,1\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt3,06:00:00,07:00:00,600\n",
}
TRAIN = {
    "agency.txt": "agency_name,agency_url,agency_timezone\nTrains,http://t.example,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nx,East,22.0,113.0\ny,West,23.0,114.0\n",
    "routes.txt": "route_id,route_short_name,route_type\nG1,G1,101\n",
    "trips.txt": "route_id,service_id,trip_id\nG1,s,g1\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                      "g1,23:50:00,23:50:00,x,1\ng1,24:20:00,24:20:00,y,2\n",
    "calendar_dates.txt": "service_id,date,exception_type\ns,20241005,1\ns,20241006,1\n",
}
TRIPS = {f"2024-{m:02}-{d:02}": n for (m, d), n in
         {(9, 30): 8, (10, 1): 0, (10, 2): 8, (10, 3): 8, (10, 4): 8, (10, 5): 1, (10, 6): 9, (10, 7): 8, (10, 8): 8,
          (10, 9): 8, (10, 10): 8, (10, 11): 8}.items()}


def expect(what, found, expected):
    global failed
    if found != expected:
        failed += 1
        print(f"FAILED {what}\n found:    {found}\n expected: {expected}")


def run(*words, status=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    expect(f"exit status of {' '.join(map(str, words))}: {done.stderr}", done.returncode, status)
    return done


def refuse(what, status, says, *words):
    done = run(*words, status=status)
    if says not in done.stderr or done.stderr.count("\n") > 4:
        expect(what, done.stderr, says)


def feed(path, tables, **changes):
    tables = {**tables, **{k + ".txt": v for k, v in changes.items()}}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in tables.items():
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    else:
        path.mkdir()
        for name, text in tables.items():
            (path / name).write_text(text)
    return path


def draw(path):
    """A railway of three stations: every 15 minutes from 06:00 to 22:00, both ways: 64 departures each."""
    place = osr.SpatialReference()
    place.ImportFromEPSG(4326)
    place.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))

    def layer(name, kind, *rows):
        made = source.CreateLayer(name, place, kind)
        for key in rows[0][1]:
            made.CreateField(ogr.FieldDefn(key, ogr.OFTString))
        for shape, values in rows:
            feature = ogr.Feature(made.GetLayerDefn())
            for key, value in values.items():
                feature.SetField(key, value)
            if shape:
                feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
            made.CreateFeature(feature)

    layer("links", ogr.wkbLineString,
          ("LINESTRING(113 22,114 22)", {"proposal": "R", "name": "R1", "kind": "rail", "speed_kmh": "200"}))
    layer("stations", ogr.wkbPoint, *((f"POINT({x} 22)", {"proposal": "R", "name": name})
                                      for x, name in ((113, "West"), (113.5, "Middle"), (114, "East"))))
    layer("services", ogr.wkbNone, (None, {"proposal": "R", "line": "R1", "minutes": "40", "headway_min": "15"}))
    return path


def info(network, *more):
    return json.loads(run("info", network, "--json", *more).stdout)


with tempfile.TemporaryDirectory() as folder:
    work = Path(folder)
    bus, train = feed(work / "bus.zip", BUS), feed(work / "train", TRAIN)

    # stops alone
    run("build", work / "stops.hsn", "--gtfs", bus, "--gtfs", train, "-q")
    found = info(work / "stops.hsn")
    table = found["timetable"]
    served = {day: n for day, n in table["trips_by_date"].items()}
    expect("trips of every date", {**{d: served.get(d) for d in TRIPS}}, TRIPS)
    expect("dates beyond those are empty", sum(n for d, n in served.items() if d not in TRIPS), 0)
    expect("counts", [table[k] for k in ("stops", "stations", "lines", "trips", "headway_trips", "calls")],
           [5, 1, 2, 4, 1, 8])
    expect("kinds", table["lines_by_kind"], {"bus": 1, "high_speed": 1})
    expect("feeds", [(f["name"], f["time_zone"], f["first_day"], f["last_day"], f["stops"], f["trips"])
                     for f in table["feeds"]],
           [("bus", "Asia/Shanghai", "2024-09-30", "2024-10-11", 4, 3),
            ("train", "Asia/Shanghai", "2024-10-05", "2024-10-06", 2, 1)])
    expect("no street, a vertex a stop", [found[k] for k in ("edges", "vertices", "length_km")], [0, 5, 0])
    expect("the profile", [(p["name"], p["mode"], p["nodes"], p["arcs"]) for p in found["profiles"]],
           [("station-access", "access", 5, 0)])
    expect("inputs", [(i["role"], i["name"], len(i["sha256"])) for i in found["inputs"]],
           [("profile", "station-access.yaml", 64), ("gtfs", "bus.zip", 64), ("gtfs", "train", 64)])
    date = info(work / "stops.hsn", "--date", "2024-10-06")["timetable"]["date"]
    expect("one date", date, {"date": "2024-10-06", "trips": 9, "feeds": {"bus": 8, "train": 1}})
    text = run("info", work / "stops.hsn", "--date", "2024-10-06", "--verify").stdout
    for line in ("streets      none: a network of 5 stops alone", "stops        5, stations 1",
                 "lines        2: bus 1 high_speed 1", "trips        4, 1 of them by headway; 8 calls",
                 "2024-10-06 (a Sunday): 9 trips", "2024-09-30 2024-10-06 8 0 8 8 8 1 9"):
        expect("info says " + line, line in text or line in " ".join(text.split()), True)
    refuse("a date without service", 2,
           "no trip runs on 2024-10-12 (a Saturday): the timetable serves 2024-09-30 to 2024-10-11, the nearest "
           "served Saturday is 2024-10-05", "info", work / "stops.hsn", "--date", "2024-10-12")
    refuse("not a date", 2, 'date "12.10.2024": expected YYYY-MM-DD', "info", work / "stops.hsn", "--date", "12.10.2024")

    # the same feeds, the same bytes; another order is another timetable; what was read is what is there
    run("build", work / "again.hsn", "--gtfs", bus, "--gtfs", train, "-q", "--threads", "1")
    expect("the same bytes", (work / "stops.hsn").read_bytes() == (work / "again.hsn").read_bytes(), True)

    # circles about stops alone: 15 min at 20 km/h / 1.3 are a disc of 46.47 km2 about Bridge Street
    run("circle", work / "stops.hsn", "--from", "113.2,22.0", "--minutes", "15", "-q", "-o", work / "disc.gpkg")
    ring = run("circle", work / "stops.hsn", "--from", "113.2,22.0", "--minutes", "15", "--json", "-o",
               work / "disc2.gpkg")
    area = json.loads(ring.stdout)["circles"][0]["area_km2"]
    expect("area of the disc, km2, within 1 %", abs(area / 46.47 - 1) < 0.01 or area, True)
    refuse("a place far from every stop", 3, "", "circle", work / "stops.hsn", "--from", "10,50", "--minutes", "15",
           "-o", work / "nowhere.gpkg")

    # 2024-10-07, a Monday: the bus runs and the train does not; that is said
    done = run("circle", work / "stops.hsn", "--mode", "transit", "--date", "2024-10-07", "--from", "113.2,22.0", "--minutes",
               "15", "-o", work / "monday.gpkg")
    expect("a feed without trips that day", "feed train: no trip runs on 2024-10-07; it serves 2024-10-05 to 2024-10-06"
           in done.stderr or done.stderr, True)

    # a network that is gone is built again from its feeds
    os.remove(work / "stops.hsn")
    os.remove(work / "again.hsn")
    run("rerun", work / "disc.gpkg", "--inputs", work)
    feed(work / "bus.zip", BUS, stops=BUS["stops.txt"].replace("113.2", "113.3"))
    refuse("another feed of that name", 3, 'gtfs "bus.zip": ', "rerun", work / "disc.gpkg", "--inputs", work)
    feed(work / "bus.zip", BUS)

    # with streets; the timetable stands beside them
    run("build", work / "town.hsn", "--corridor", town, "--profile", town / "car.yaml", "--gtfs", bus, "-q")
    found = info(work / "town.hsn")
    expect("streets and a timetable", (found["edges"] > 0, found["timetable"]["trips"]), (True, 3))
    run("build", work / "plain.hsn", "--corridor", town, "--profile", town / "car.yaml", "-q")
    expect("no timetable", "timetable" in info(work / "plain.hsn"), False)
    refuse("a date of none", 2, "has no timetable", "info", work / "plain.hsn", "--date", "2024-10-06")

    # railways that are only drawn: alone, and added to a feed
    plans = draw(work / "plans.gpkg")
    done = run("build", work / "drawn.hsn", "--rail", plans, "-v")
    expect("what became of the drawing, with its commercial speed", "new line" in done.stderr and " of design" in done.stderr
           or done.stderr, True)
    table = info(work / "drawn.hsn")["timetable"]
    expect("a drawn railway", [table[k] for k in ("first_day", "last_day", "stops", "lines_by_kind", "trips", "calls")],
           ["2000-01-01", "2099-12-31", 3, {"rail": 1}, 2, 6])
    expect("its feed and its trains", (table["feeds"][0]["name"], table["trips_by_date"]["2050-02-28"]), ("plans", 128))
    run("build", work / "both.hsn", "--gtfs", bus, "--rail", plans, "-q")
    found = info(work / "both.hsn", "--date", "2024-10-02")
    expect("the railway besides the bus", found["timetable"]["date"],
           {"date": "2024-10-02", "trips": 136, "feeds": {"bus": 8, "plans": 128}})
    expect("its record", [i["role"] for i in found["inputs"]], ["profile", "gtfs", "rail"])
    run("circle", work / "both.hsn", "--from", "113.2,22.0", "--minutes", "15", "-q", "-o", work / "both.gpkg")
    os.remove(work / "both.hsn")
    run("rerun", work / "both.gpkg", "--inputs", work)

    # a study builds the same
    (work / "study.yaml").write_text(
        "network:\n  gtfs: [bus.zip, train]\n  output: %s\ncommand: circle\nfrom: [113.2, 22.0]\nminutes: 15\n"
        "output: %s\n" % (work / "study.hsn", work / "study.gpkg"))
    run("run", work / "study.yaml", "-q")
    expect("a study's network", info(work / "study.hsn")["timetable"]["trips"], 4)

    # what is refused
    out = ["-o", work / "never.gpkg"]
    refuse("no source", 2, "no source", "build", work / "never.hsn")
    refuse("a feed given twice", 2, "is given twice", "build", work / "never.hsn", "--gtfs", bus, "--gtfs", bus)
    refuse("no such feed", 3, "nowhere.zip", "build", work / "never.hsn", "--gtfs", work / "nowhere.zip")
    refuse("legs at streets that are not there", 3, 'profile "walk": its legs start at streets', "build",
           work / "never.hsn", "--gtfs", bus, "--profile", "walk")
    refuse("an output that is an input", 2, "is an input of this run", "build", bus, "--gtfs", bus, "--overwrite")
    broken = feed(work / "broken.zip", BUS, stop_times=BUS["stop_times.txt"].replace("t1,08:20:00,08:20:00,b", "t1,08:20:00,08:20:00,z"),
                  trips=BUS["trips.txt"].replace("1,wk,t2", "9,wk,t2"))
    done = run("build", work / "never.hsn", "--gtfs", broken, status=3)
    for says in ("stop_times.txt", "trips.txt", "line"):
        expect("every error is listed: " + done.stderr, says in done.stderr, True)
    expect("nothing is left behind", sorted(p.name for p in work.glob("never*")), [])

sys.exit(failed > 0)
