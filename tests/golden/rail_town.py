"""The small town of rail_compare.py and rail_rank.py: streets on the equator, walked at 100 m a minute, a line R of a metro, and
what both need to run the program on it and to say what differs."""
import json
import os
import subprocess
import sys

program = os.path.abspath(sys.argv[1])
failed = []
METRE = 180 / 3.141592653589793 / 6378137
WALK = ("name: walk\nmode: walk\nuses: [walk]\nrespects_oneway: no\nrespects_turns: no\nuses_tags: no\nfactor: 1\n"
        "no_stop: []\nleg: {rule: edges, speed_kmh: 6, detour: 1, cap_m: 400}\n"
        "classes:\n  residential: {speed_kmh: 6}\n")


def clock(minutes):
    return "%02d:%02d:00" % (minutes // 60, minutes % 60)


def feed_of(stations, trips):
    """Files of a feed; trips: [(id, [(stop, time)])]. No train stops at X."""
    trips = list(trips)
    return {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,Town,http://town.example,UTC\n",
        "routes.txt": "route_id,agency_id,route_short_name,route_type\nr,a,R,1\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                        "wd,1,1,1,1,1,0,0,20240101,20241231\n",
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
            "%s,%s,0,%.7f\n" % (s, s, x * METRE) for s, x in stations.items() if s != "X"),
        "trips.txt": "route_id,service_id,trip_id\n" + "".join("r,wd,%s\n" % name for name, _ in trips),
        "stop_times.txt": "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + "".join(
            "%s,%d,%s,%s,%s\n" % (name, i, stop, time, time)
            for name, calls in trips for i, (stop, time) in enumerate(calls)),
    }


def expect(what, found, expected):
    if found != expected:
        failed.append(what)
        print("FAILED %s\n found:    %s\n expected: %s" % (what, found, expected))


def run(*arguments, status=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != status:
        expect("%s: exit" % " ".join(arguments), (done.returncode, done.stderr), status)
    return done


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def line(*metres):
    return {"type": "LineString", "coordinates": [[round(x * METRE, 7), 0] for x in metres]}


def layer(name, rows, kind="NONE", target="proposals.gpkg"):
    """Rows of (properties, geometry) as a layer of a GeoPackage."""
    write(name + ".geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in rows]}))
    new = [] if os.path.exists(target) else ["-f", "GPKG"]
    subprocess.run(["ogr2ogr", "-q", *new, *(["-update"] if not new else []), target, name + ".geojson",
                    "-nln", name, "-nlt", kind], check=True)
