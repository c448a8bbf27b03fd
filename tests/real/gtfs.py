#!/usr/bin/python3
"""The GTFS reader against Python's own reading of the same feeds: gtfs.py GTFS_READ

Counts of stops, trips, calls and shapes, trips on every day, and for each trip a sum over its calls' stops,
times and flags (times that the feed leaves out are interpolated here anew, by the page: docs/methods.md, 10). bart-errors.zip is refused for its one fatal fault.
"""
import csv
import datetime
import io
import json
import math
import pathlib
import subprocess
import sys
import zipfile

from pyproj import Geod

import program

GEOD = Geod(ellps="WGS84")
FEEDS = ["gtfs_us/bart.zip", "gtfs_us/caltrain.zip", "gtfs_us/trimet-2routes.zip", "porto_alegre/poa_eptc.zip",
         "porto_alegre/poa_trensurb.zip", "china_rail_2016/china_hsr_2016_gtfs.zip"]
SETS = [[feed] for feed in FEEDS] + [["porto_alegre/poa_eptc.zip", "porto_alegre/poa_trensurb.zip"],
                                     ["gtfs_us/bart.zip", "gtfs_us/caltrain.zip", "gtfs_us/bart.zip"]]


def rows(archive, name):
    if name not in archive.namelist():
        return []
    text = io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, skipinitialspace=True)
    header = [cell.strip() for cell in next(reader)]
    return [{k: v.strip() for k, v in zip(header, row)} for row in reader if any(c.strip() for c in row)]


def seconds(text):
    if not text:
        return None
    h, m, s = text.split(":")
    return int(h) * 3600 + int(m) * 60 + int(s)


def day(text):
    return datetime.datetime.strptime(text[:8], "%Y%m%d").date()


def running_days(archive):
    """service -> set of days"""
    days = {}
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    for row in rows(archive, "calendar.txt"):
        found = days.setdefault(row["service_id"], set())
        d, end = day(row["start_date"]), day(row["end_date"])
        while d <= end:
            if row[names[d.weekday()]] == "1":
                found.add(d)
            d += datetime.timedelta(days=1)
    for row in rows(archive, "calendar_dates.txt"):
        found = days.setdefault(row["service_id"], set())
        (found.add if row["exception_type"] == "1" else found.discard)(day(row["date"]))
    return days


def shares_between(calls, places):
    """How far along each call between the first and the last lies: one of three rules."""
    given = [c["distance"] for c in calls]
    if None not in given and all(a <= b for a, b in zip(given, given[1:])) and given[-1] > given[0]:
        return [(d - given[0]) / (given[-1] - given[0]) for d in given[1:-1]]
    steps = [GEOD.inv(*places[a["stop"]], *places[b["stop"]])[2] for a, b in zip(calls, calls[1:])]
    whole = sum(steps)
    if whole > 0:
        return [sum(steps[:k]) / whole for k in range(1, len(steps))]
    return [k / len(steps) for k in range(1, len(steps))]


def fill(calls, places):
    for c in calls:
        c["arrival"] = c["departure"] if c["arrival"] is None else c["arrival"]
        c["departure"] = c["arrival"] if c["departure"] is None else c["departure"]
    timed = [i for i, c in enumerate(calls) if c["arrival"] is not None]
    for i, j in zip(timed, timed[1:]):
        if j == i + 1:
            continue
        span = calls[j]["arrival"] - calls[i]["departure"]
        for k, share in enumerate(shares_between(calls[i:j + 1], places), i + 1):
            calls[k]["arrival"] = calls[k]["departure"] = math.floor(calls[i]["departure"] + span * share + 0.5)


def check_sum(calls):
    total = 0
    for c in calls:
        for value in (*c["stop"].encode(), c["arrival"], c["departure"], c["flags"]):
            total = (total * 31 + value) % 1000003
    return total


def read_feed(path, label):
    archive = zipfile.ZipFile(path)
    stops = rows(archive, "stops.txt")
    places = {s["stop_id"]: (float(s["stop_lon"]), float(s["stop_lat"])) for s in stops}
    by_trip = {}
    for row in rows(archive, "stop_times.txt"):
        far = row.get("shape_dist_traveled")
        by_trip.setdefault(row["trip_id"], []).append({
            "sequence": int(row["stop_sequence"]), "stop": row["stop_id"],
            "arrival": seconds(row["arrival_time"]), "departure": seconds(row["departure_time"]),
            "distance": float(far) if far else None,
            "flags": (row.get("pickup_type") == "1") + 2 * (row.get("drop_off_type") == "1")})
    trips, used = {}, set()
    days = running_days(archive)
    per_day = {}
    for row in rows(archive, "trips.txt"):
        calls = sorted(by_trip.get(row["trip_id"], []), key=lambda c: c["sequence"])
        used.add(row.get("shape_id", ""))
        if len(calls) < 2:
            continue
        fill(calls, places)
        trips[f"{label}/{row['trip_id']}"] = (row["route_id"], len(calls), check_sum(calls))
        for d in days[row["service_id"]]:
            per_day[d] = per_day.get(d, 0) + 1
    shapes = {}
    for row in rows(archive, "shapes.txt"):
        if row["shape_id"] in used:
            shapes[row["shape_id"]] = shapes.get(row["shape_id"], 0) + 1
    kind = [s.get("location_type") or "0" for s in stops]
    counts = {"feeds": 1, "stops": kind.count("0"), "stations": kind.count("1"),
              "lines": len(rows(archive, "routes.txt")), "trips": len(trips),
              "calls": sum(t[1] for t in trips.values()), "services": len(days),
              "headways": len(rows(archive, "frequencies.txt")), "transfers": len(rows(archive, "transfers.txt")),
              "shapes": len(shapes), "points": sum(shapes.values())}
    return counts, trips, per_day


def ours(reader, paths):
    run = subprocess.run([reader, *map(str, paths)], capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr
    counts, trips, per_day = {}, {}, {}
    for line in run.stdout.splitlines():
        word, rest = line.split(" ", 1)
        if word == "count":
            name, value = rest.split()
            counts[name] = int(value)
        elif word == "day":
            text, value = rest.split()
            if int(value):
                per_day[datetime.date.fromisoformat(text)] = int(value)
        elif word == "trip":
            name, line_id, calls, _, total = rest.rsplit(" ", 4)
            trips[name] = (line_id, int(calls), int(total))
    return (counts, trips, per_day), run.stderr


def differences(mine, theirs):
    for what, a, b in zip(("counts", "trips", "trips a day"), mine, theirs):
        for key in sorted(set(a) | set(b), key=str):
            if a.get(key) != b.get(key):
                yield f"{what}: {key}: {a.get(key)}, expected {b.get(key)}"


def expected(folder, feeds):
    counts, trips, per_day, seen = {}, {}, {}, []
    for feed in feeds:
        stem = pathlib.Path(feed).stem
        seen.append(stem)
        label = stem if seen.count(stem) == 1 else f"{stem}-{seen.count(stem)}"
        c, t, d = read_feed(folder / feed, label)
        trips.update(t)
        for total, part in ((counts, c), (per_day, d)):
            for key, value in part.items():
                total[key] = total.get(key, 0) + value
    return counts, trips, per_day


def main():
    reader = sys.argv[1]
    folder = program.data(FEEDS[0]).parents[1]
    failed = 0
    for feeds in SETS:
        mine, said = ours(reader, [folder / feed for feed in feeds])
        if mine is None:
            print(f"{feeds}: refused: {said}")
            failed += 1
            continue
        theirs = expected(folder, feeds)
        bad = list(differences(mine, theirs))
        failed += bool(bad)
        print(f"{' + '.join(feeds)}: {json.dumps(theirs[0])}, {len(theirs[2])} days served, "
              f"{len(bad)} differences")
        for line in bad[:10]:
            print("   ", line)
    run = subprocess.run([reader, folder / "gtfs_us/bart-errors.zip"], capture_output=True, text=True)
    if run.returncode != 3 or "stops.txt, line 49: longitude -200" not in run.stderr:
        print("bart-errors.zip:", run.returncode, run.stderr)
        failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
