"""The two rail studies: rail_studies.py PROGRAM

The station times of their READMEs by the formulas of docs/methods.md 12, worked out here from the drawn
lengths; a circle after the line is that of the network built with it; and the tables say what the runs find.
"""
import json
import math
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STUDIES = ROOT / "geodata" / "studies"
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
wrong = 0


def expect(what, found, expected):
    global wrong
    if found != expected:
        wrong += 1
        print(f"FAILED {what}\n found:    {found}\n expected: {expected}")


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"hourshed {arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def rows(name, query):
    return sqlite3.connect(name).execute(query).fetchall()


def sections(study, line):
    """(kilometres, km/h) in the order drawn."""
    with open(STUDIES / study / "railways.geojson", encoding="utf-8") as file:
        features = [feature["properties"] for feature in json.load(file)["features"]]
    return [(p["length_km"], p["speed_kmh"]) for p in features if p["layer"] == "links" and p["name"] == line]


def run_s(parts, share, k):
    metres = 1000 * sum(km for km, _ in parts)
    speed = metres / sum(3600 * km / kmh for km, kmh in parts)
    top = share * speed
    ms = metres / top + top * k / 2 if metres >= top * top * k / 2 else 2 * math.sqrt(metres * k / 2)
    return math.floor(ms + 0.5)


def trip_s(parts, stops, share, k, dwell):
    """stops: indices of sections before which the train stops."""
    cuts = [0, *stops, len(parts)]
    runs = [run_s(parts[a:b], share, k) for a, b in zip(cuts, cuts[1:])]
    return sum(runs) + dwell * len(stops)


def ride_s(name, line, start, end):
    found = rows(name, "select minutes from legs where scenario != 'baseline' and line = '%s' and from_stop = '%s' and "
                       "to_stop = '%s'" % (line, start, end))
    return round(found[0][0] * 60) if found else None


def main():
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        for study in ("jinan-qingdao/study.yaml", "jinan-qingdao/after.yaml", "chengdu-ziyang/study.yaml"):
            run("run", STUDIES / study)
        # Changhong Square is the third station of six: two sections to Futian; 40 s of dwell
        s3 = sections("chengdu-ziyang", "S3")
        expect("S3, all stations: 24.5 min in the README", round(trip_s(s3, [1, 2, 3, 4], 0.8, 2.5, 40) / 60, 1), 24.5)
        expect("S3 from Changhong Square", ride_s("chengdu-ziyang.gpkg", "S3", "Changhong Square", "Futian"),
               trip_s(s3[:3], [1, 2], 0.8, 2.5, 40))
        jiqing = sections("jinan-qingdao", "Jiqing")
        expect("Jiqing with two stops: 94 min in the README", round(trip_s(jiqing, [3, 6], 0.8, 9.2, 135) / 60), 94)
        expect("Jiqing from Weifang North, calling at Gaomi, Jiaozhou and Hongdao", ride_s("jinan-qingdao.gpkg", "Jiqing", "Weifang North", "Qingdao North"),
               trip_s(jiqing[6:], [1, 2, 4], 0.8, 9.2, 135))
        jiaoji = sections("jinan-qingdao", "Jiaoji")
        expect("Jiaoji with two stops: 151 min in the README", round(trip_s(jiaoji, [2, 5], 0.8, 9.2, 135) / 60), 151)

        areas = "select origin_id, cutoff_min, area_km2 from circles where %s order by 1, 2"
        expect("the circles after are those of the network with the line",
               rows("jinan-qingdao.gpkg", areas % "profile = 'transit p50' and scenario != 'baseline'"),
               rows("jinan-qingdao-after.gpkg", areas % "1"))
        expect("the circles before are those of the network without",
               rows("jinan-qingdao.gpkg", areas % "profile = 'transit p50' and scenario = 'baseline'"),
               rows("jinan-qingdao-before.gpkg", areas % "1"))
        pairs = lambda name: [(f, t, b and round(b), a and round(a)) for f, t, b, a in rows(
            name, "select from_id, to_id, before_min, after_min from cities where profile = 'transit p50' order by 1")]
        expect("between the centres", pairs("jinan-qingdao.gpkg"), [("jinan", "qingdao", 248, 237), ("qingdao", "jinan", 247, 237)])
        expect("Ziyang", pairs("chengdu-ziyang.gpkg"), [("chengdu", "ziyang", None, 103), ("ziyang", "chengdu", None, 103)])
    sys.exit(wrong > 0)


main()
