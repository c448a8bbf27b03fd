"""hourshed export-gtfs, read back as zip and CSV: what a feed says comes out again, proposals stand in it as worked out
by hand, and a network built from what was written writes the same bytes.

Usage: export_gtfs.py HOURSHED
"""
import csv
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile

from osgeo import ogr, osr

program = sys.argv[1]
failures = 0
ogr.UseExceptions()

FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,\"Rail, \"\"the\"\" one\",http://x,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
                 "A,Alpha,0,0,0,\nB,贝塔,0,0.1,0,S\nC,\"Gamma, C\",0,0.2,0,\nS,Beta,0,0.1,1,\nU,Unused,1,1,0,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type,route_color\n"
                  "R1,X,1,First,1,FF0080\nR2,X,2,,2,\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,trip_short_name,direction_id\n"
                 "R1,week,t1,Gamma,,0\nR2,odd,t2,,K7,1\nR1,week,t3,,,0\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
                      "t1,07:00:00,07:00:00,A,1,0,1\nt1,07:10:00,07:11:00,B,2,0,0\nt1,07:21:00,07:21:00,C,3,1,0\n"
                      "t2,24:50:00,24:50:00,C,1,0,0\nt2,25:20:30,25:20:30,A,2,0,0\n"
                      "t3,00:00:00,00:00:00,A,1,0,0\nt3,00:12:00,00:12:00,C,2,0,0\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                    "week,1,1,1,1,1,0,0,20240101,20240131\n",
    "calendar_dates.txt": "service_id,date,exception_type\nweek,20240110,2\nodd,20240113,1\nodd,20240120,1\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nt3,06:00:00,09:00:00,600,0\n"
                       "t3,09:00:00,11:00:00,900,1\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,A,2,120\nA,C,3,\n",
}


def check(what, is_so):
    global failures
    if not is_so:
        failures += 1
        print("not so:", what)


def run(*arguments, expect=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    if done.returncode != expect:
        print(" ".join(arguments), "ended with", done.returncode, done.stdout, done.stderr)
        sys.exit(1)
    return done.stdout + done.stderr


def tables(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"), newline="")))
                for name in archive.namelist()}


def column(rows, *names):
    return [tuple(row[n] for n in names) for row in rows]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def proposals(path, links, stations, services):
    file = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    place = osr.SpatialReference()
    place.ImportFromEPSG(4326)
    for name, rows, shape in (("links", links, ogr.wkbLineString), ("stations", stations, ogr.wkbPoint),
                              ("services", services, ogr.wkbNone)):
        layer = file.CreateLayer(name, None if shape == ogr.wkbNone else place, shape)
        for key in dict.fromkeys(k for row in rows for k in row if k != "wkt"):
            layer.CreateField(ogr.FieldDefn(key, ogr.OFTString))
        for row in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for key, value in row.items():
                if key == "wkt":
                    feature.SetGeometry(ogr.CreateGeometryFromWkt(value))
                else:
                    feature[key] = value
            layer.CreateFeature(feature)


def check_feed(t):
    check("the agency's name is quoted", column(t["agency.txt"], "agency_name", "agency_timezone") ==
          [('Rail, "the" one', "Asia/Shanghai")])
    check("every stop is there", sorted(column(t["stops.txt"], "stop_id", "stop_name", "stop_lat", "stop_lon",
                                               "location_type", "parent_station")) ==
          [("A", "Alpha", "0", "0", "0", ""), ("B", "贝塔", "0", "0.1", "0", "S"), ("C", "Gamma, C", "0", "0.2", "0", ""),
           ("S", "Beta", "0", "0.1", "1", ""), ("U", "Unused", "1", "1", "0", "")])
    check("lines", column(t["routes.txt"], "route_id", "route_short_name", "route_long_name", "route_type",
                          "route_color") == [("R1", "1", "First", "1", "FF0080"), ("R2", "2", "", "2", "")])
    check("trips", column(t["trips.txt"], "route_id", "trip_id", "trip_headsign", "trip_short_name", "direction_id") ==
          [("R1", "t1", "Gamma", "", "0"), ("R2", "t2", "", "K7", "1"), ("R1", "t3", "", "", "0")])
    check("calls", column(t["stop_times.txt"], "trip_id", "arrival_time", "departure_time", "stop_id", "pickup_type",
                          "drop_off_type") ==
          [("t1", "07:00:00", "07:00:00", "A", "0", "1"), ("t1", "07:10:00", "07:11:00", "B", "0", "0"),
           ("t1", "07:21:00", "07:21:00", "C", "1", "0"), ("t2", "24:50:00", "24:50:00", "C", "0", "0"),
           ("t2", "25:20:30", "25:20:30", "A", "0", "0"), ("t3", "00:00:00", "00:00:00", "A", "0", "0"),
           ("t3", "00:12:00", "00:12:00", "C", "0", "0")])
    check("headways", column(t["frequencies.txt"], "trip_id", "start_time", "end_time", "headway_secs", "exact_times") ==
          [("t3", "06:00:00", "09:00:00", "600", "0"), ("t3", "09:00:00", "11:00:00", "900", "1")])
    check("transfers", column(t["transfers.txt"], "from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time") ==
          [("A", "A", "2", "120"), ("A", "C", "3", "")])
    services = dict(column(t["trips.txt"], "trip_id", "service_id"))
    days = {row["service_id"]: row for row in t["calendar.txt"]}
    week, odd = days[services["t1"]], days[services["t2"]]
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    check("weekdays", [week[n] for n in names] == list("1111100") and [odd[n] for n in names] == list("0000010"))
    check("from first to last day served", (week["start_date"], week["end_date"], odd["start_date"], odd["end_date"]) ==
          ("20240101", "20240131", "20240113", "20240120"))
    check("the day that differs", column(t["calendar_dates.txt"], "service_id", "date", "exception_type") ==
          [(services["t1"], "20240110", "2")])
    info = t["feed_info.txt"][0]
    check("the feed's days", (info["feed_start_date"], info["feed_end_date"]) == ("20240101", "20240131"))


# 200 km/h from x = 0.1 to 0.3 on the equator: 22,263.898 m in 705 s; 15 minutes between trains.
PLAN = ([dict(proposal="New", kind="rail", speed_kmh="200", wkt="LINESTRING(0.1 0,0.3 0)")],
        [dict(proposal="New", name="Beta", wkt="POINT(0.1 0.0001)"),
         dict(proposal="New", name="Delta, D", wkt="POINT(0.3 0)")],
        [dict(proposal="New", line="N", headway_min="15", first="06:00", last="00:30"),
         dict(proposal="Faster", action="speed", of="1", from_station="贝塔", to_station="C", factor="2"),
         dict(proposal="More", action="headway", line="2", departures="08:00;09:30")])


def check_proposed(t):
    trips = {row["trip_id"]: row for row in t["trips.txt"]}
    new = [i for i in trips if i.startswith("New")]
    more = [i for i in trips if i.startswith("More")]
    check("two new trips and two copies", (len(trips), len(new), len(more)) == (7, 2, 2))
    calls = {i: [(c["stop_id"], c["arrival_time"], c["departure_time"]) for c in t["stop_times.txt"] if c["trip_id"] == i]
             for i in trips}
    stops = {row["stop_id"]: row for row in t["stops.txt"]}
    out, back = (calls[i] for i in sorted(new))
    check("there and back", out[1][1] == back[1][1] == "06:11:45" and out[0][0] == back[1][0] and out[1][0] == back[0][0])
    check("a platform of the station of its name", stops[out[0][0]]["parent_station"] == "S")
    check("the other is new", stops[out[1][0]]["stop_name"] == "Delta, D")
    check("headways run past midnight", ("06:00:00", "24:30:00", "900", "0") in
          column(t["frequencies.txt"], "start_time", "end_time", "headway_secs", "exact_times"))
    check("600 s become 300", calls["t1"][1:] == [("B", "07:10:00", "07:11:00"), ("C", "07:16:00", "07:16:00")])
    check("copies at their hours", [calls[i] for i in sorted(more)] ==
          [[("C", "08:00:00", "08:00:00"), ("A", "08:30:30", "08:30:30")],
           [("C", "09:30:00", "09:30:00"), ("A", "10:00:30", "10:00:30")]])
    check("the line's shape", column(t["shapes.txt"], "shape_pt_lon", "shape_pt_lat")[:2] == [("0.1", "0"), ("0.3", "0")])
    every = {trips[i]["service_id"] for i in new + more}
    days = [row for row in t["calendar.txt"] if row["service_id"] in every]
    check("every day of the feed", len(days) == 1 and (days[0]["sunday"], days[0]["start_date"], days[0]["end_date"]) ==
          ("1", "20240101", "20240131"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: os.path.join(folder, name)
        with zipfile.ZipFile(at("feed.zip"), "w") as archive:
            for name, text in FEED.items():
                archive.writestr(name, text)
        run("build", at("a.hsn"), "--gtfs", at("feed.zip"))
        run("export-gtfs", at("a.hsn"), "-o", at("out.zip"))
        check_feed(tables(at("out.zip")))
        os.makedirs(at("again"))
        run("build", at("b.hsn"), "--gtfs", at("out.zip"))
        run("export-gtfs", at("b.hsn"), "-o", at("again/out.zip"))
        run("build", at("c.hsn"), "--gtfs", at("again/out.zip"))
        run("export-gtfs", at("c.hsn"), "-o", at("third.zip"))
        check("what is read back writes the same bytes", digest(at("again/out.zip")) == digest(at("third.zip")))
        first, second = tables(at("out.zip")), tables(at("again/out.zip"))
        for name in ("stops.txt", "stop_times.txt", "routes.txt", "frequencies.txt", "transfers.txt"):
            check("%s reads back the same" % name, [r for r in first[name]] == [r for r in second[name]])

        proposals(at("plan.gpkg"), *PLAN)
        run("export-gtfs", at("a.hsn"), "--proposals", at("plan.gpkg"), "-o", at("plan.zip"))
        check_proposed(tables(at("plan.zip")))
        run("build", at("d.hsn"), "--gtfs", at("plan.zip"))
        run("export-gtfs", at("a.hsn"), "--proposals", at("plan.gpkg"), "--scenario", "one=New", "--only-proposed", "-o",
            at("one.zip"))
        one = tables(at("one.zip"))
        check("the proposal alone", (len(one["trips.txt"]), len(one["stops.txt"]), len(one["routes.txt"])) == (2, 3, 1))

        proposals(at("alone.gpkg"), *(rows[:2] if i else rows for i, rows in enumerate((PLAN[0], PLAN[1], PLAN[2][:1]))))
        said = run("export-gtfs", "--proposals", at("alone.gpkg"), "-o", at("alone.zip"))
        alone = tables(at("alone.zip"))
        check("a feed of its own", (len(alone["trips.txt"]), len(alone["stops.txt"])) == (2, 2))
        check("for a hundred years", (alone["calendar.txt"][0]["start_date"], alone["calendar.txt"][0]["end_date"]) ==
              ("20000101", "20991231"))
        check("no time zone is known", "Etc/UTC" in said and alone["agency.txt"][0]["agency_timezone"] == "Etc/UTC")

        check("nothing to export", "nothing to export" in run("export-gtfs", "-o", at("x.zip"), expect=2))
        check("a zip", "ends in .zip" in run("export-gtfs", at("a.hsn"), "-o", at("x.gtfs"), expect=2))
        check("not over a file", "exists" in run("export-gtfs", at("a.hsn"), "-o", at("out.zip"), expect=4))
        check("proposals are needed", "needs --proposals" in
              run("export-gtfs", at("a.hsn"), "--only-proposed", "-o", at("x.zip"), expect=2))
    print("export-gtfs:", failures, "failures")
    sys.exit(failures != 0)


main()
