#!/usr/bin/python3
"""Rankings and comparisons as a user runs them: seconds, peak memory, searches, and what the shortcut saves.

proposals.py HOURSHED SOURCE_ROOT rank|compare|rides. Rides: rail proposals ranked by timetable on Porto Alegre, a window of 60
minutes. Porto (from HOURSHED_DATA, else ../shared/data; left out where it is not)
and the cities of the Greater Bay Area that come with the program. Links, zones and origins are drawn here, seeded.
HOURSHED_BENCH=quick: fewer zones and origins. Checks its answers: a search of every proposal gives the shortcut's table,
every origin of a comparison has its circles.
"""
import csv
import json
import math
import os
import pathlib
import random
import sqlite3
import sys
import tempfile

from program import best, run

METRES = 111195.0  # a degree of latitude
# name, network, box of link ends and origins, box of zones, km of links, options of all runs, cut-offs in minutes
PORTO = ("Porto", ("--osm", "porto/porto_portugal.osm.pbf", "-p", "car-osm"), (-8.66, 41.12, -8.54, 41.22),
         (-8.74, 41.02, -8.40, 41.36), (1.5, 4), ("--tolerance", "500"), "15", "30")
BAY = ("Greater Bay Area", ("--corridor", "studies/shenzhen-zhongshan", "-p", "car-corridor"), None,
       (112.4, 21.9, 114.6, 23.6), (8, 40), (), "60", "120")


def build(program, case, root, data, work):
    name, source, *_ = case
    path = data / source[1] if source[0] == "--osm" else root / "geodata" / source[1]
    if not path.exists():
        print(f"{name:<17} skipped: {path} is not there")
        return None
    run(program, "build", work / "net.hsn", source[0], path, *source[2:], "-q", "--overwrite")
    return path


def drawn(case, folder, count, rng):
    """Ends of links: in the Bay Area where cars may leave a trunk road, else anywhere in the box, which is full of streets."""
    low, high = case[4]
    nodes = []
    if case[2] is None:
        with open(folder / "links.csv", encoding="utf-8") as file:
            stops = {r[end] for r in csv.DictReader(file) if r["class"] == "trunk" and not r["closed"] for end in ("from", "to")}
        with open(folder / "nodes.csv", encoding="utf-8") as file:
            nodes = [(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file) if r["id"] in stops]
    lines = []
    while len(lines) < count:
        if nodes:
            (x0, y0), (x1, y1) = rng.sample(nodes, 2)
        else:
            west, south, east, north = case[2]
            (x0, y0), (x1, y1) = ((rng.uniform(west, east), rng.uniform(south, north)) for _ in range(2))
        metres = METRES * math.hypot((x1 - x0) * math.cos(math.radians(y0)), y1 - y0)
        if low * 1000 <= metres <= high * 1000:
            lines.append([[round(x0, 6), round(y0, 6)], [round(x1, 6), round(y1, 6)]])
    return lines


def write_links(path, lines):
    features = [{"type": "Feature", "properties": {"name": f"link {i}", "speed_kmh": 80},
                 "geometry": {"type": "LineString", "coordinates": line}} for i, line in enumerate(lines)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def write_grid(path, box, side):
    """side x side points with 1, 2, 3 ... people."""
    west, south, east, north = box
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,lon,lat,population\n")
        for i in range(side * side):
            x, y = (i % side + 0.5) / side, (i // side + 0.5) / side
            file.write(f"z{i},{west + x * (east - west):.6f},{south + y * (north - south):.6f},{i + 1}\n")


def table(path):
    """The ranking, without the columns that say how it was made."""
    with sqlite3.connect(path) as file:
        file.row_factory = sqlite3.Row
        rows = [dict(row) for row in file.execute("select * from ranking order by fid")]
    return [{k: v for k, v in row.items() if k not in ("engine", "zones_skipped", "origins_skipped")} for row in rows]


def rank(program, case, folder, work, rounds, links, side):
    name, minutes, horizon = case[0], case[6], case[7]
    write_links(work / "links.geojson", drawn(case, folder, links, random.Random(11)))
    write_grid(work / "zones.csv", case[3], side)
    command = (program, "rank", work / "net.hsn", "--proposals", work / "links.geojson", "--zones", work / "zones.csv",
               *case[5], "--minutes", minutes, "--horizon", horizon, "--json", "--overwrite", "-o")
    seconds, peak, text = best(rounds, *command, work / "rank.gpkg")
    result = json.loads(text)
    if sum(row["set"] == "alone" for row in result["ranking"]) != links:
        sys.exit(f"{name}: not every link is ranked")
    saved = ""
    if links <= 10:
        slow, slow_peak, _ = run(*command, work / "searched.gpkg", "--engine", "search")
        if table(work / "rank.gpkg") != table(work / "searched.gpkg"):
            sys.exit(f"{name}: searches give another ranking than the shortcut")
        saved = f", by searches {slow:.2f} s {slow_peak:.0f} MB: {slow / seconds:.1f} times"
    gains = sum(row["access_gain"] > 0 for row in result["ranking"] if row["set"] == "alone")
    print(f"{name:<17} rank    {seconds:6.2f} s {peak:6.0f} MB  {links} links ({gains} gain), {side * side} zones, searches: "
          f"baseline {result['baseline_searches']}, links {result['link_searches']}, sets {result['scenario_searches']}{saved}",
          flush=True)


def compare(program, case, folder, work, rounds, origins):
    name, minutes = case[0], case[6]
    write_links(work / "links.geojson", drawn(case, folder, 3, random.Random(11)))
    write_grid(work / "zones.csv", case[3], 20)
    starts = drawn(case, folder, origins, random.Random(13))
    (work / "origins.csv").write_text("id,lon,lat\n" + "".join(
        f"{i},{line[0][0]},{line[0][1]}\n" for i, line in enumerate(starts)), encoding="utf-8")
    seconds, peak, text = best(rounds, program, "compare", work / "net.hsn", "--proposals", work / "links.geojson",
                               "--origins", work / "origins.csv", "--zones", work / "zones.csv", *case[5],
                               "--minutes", minutes, "--json", "--overwrite", "-o", work / "compare.gpkg")
    with sqlite3.connect(work / "compare.gpkg") as file:
        circles, changes = (file.execute(f"select count(*) from {t}").fetchone()[0] for t in ("circles", "change"))
        failed = file.execute("select count(*) from origins where status <> 'ok'").fetchone()[0]
    if circles != 2 * (origins - failed):
        sys.exit(f"{name}: {circles} circles of {origins} origins, {failed} failed")
    json.loads(text)
    print(f"{name:<17} compare {seconds:6.2f} s {peak:6.0f} MB  {origins} origins ({failed} off the streets), 3 links, 400 zones, "
          f"{minutes} min, {changes} areas of change", flush=True)


# A metro line of 9 km with five stations, a train every 5 minutes on the railway, one more stop of it.
SOUTH = [(-51.2282682, -30.0262850), (-51.2220, -30.0450), (-51.2150, -30.0650), (-51.2180, -30.0850), (-51.2120, -30.1050)]


def write_rail(path):
    def feature(layer, proposal, geometry=None, **properties):
        return {"type": "Feature", "geometry": geometry, "properties": dict(properties, layer=layer, proposal=proposal)}

    def point(lon, lat):
        return {"type": "Point", "coordinates": [lon, lat]}

    rows = [feature("links", "metro", {"type": "LineString", "coordinates": SOUTH}, name="South line", kind="rail"),
            feature("services", "metro", line="South line", kind="metro", headway_min=6),
            feature("services", "more trains", action="headway", of="LINHA1", headway_min=5),
            feature("stations", "extra stop", point(-51.2140, -30.0150), name="Voluntarios"),
            feature("services", "extra stop", action="stop", of="LINHA1", stations="Voluntarios")]
    rows += [feature("stations", "metro", point(*at), name=f"S{i}", line="South line") for i, at in enumerate(SOUTH)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")


def rides(program, data, work, quick):
    city = data / "porto_alegre"
    if not city.exists():
        print(f"Porto Alegre      skipped: {city} is not there")
        return
    run(program, "build", work / "net.hsn", "--osm", city / "poa_osm.pbf", "--gtfs", city / "poa_eptc.zip", "--gtfs",
        city / "poa_trensurb.zip", "-p", "walk", "-q", "--overwrite")
    write_rail(work / "rail.geojson")
    lines = (city / "poa_hexgrid.csv").read_text(encoding="utf-8").splitlines()
    (work / "zones.csv").write_text("\n".join(lines[:1] + lines[1::25 if quick else 1]) + "\n", encoding="utf-8")
    seconds, peak, text = run(program, "rank", work / "net.hsn", "--proposals", work / "rail.geojson", "--zones", work / "zones.csv",
                              "--mode", "transit", "--date", "2019-05-13", "--depart", "13:00", "--minutes", "30", "--json",
                              "--overwrite", "-o", work / "rank.gpkg")
    result = json.loads(text)
    gains = {row["proposal"]: row["mean_saving_min"] for row in result["ranking"] if row["set"] == "alone"}
    if len(gains) != 3 or gains["metro"] <= 0 or gains["more trains"] < 0:
        sys.exit(f"Porto Alegre: minutes saved are {gains}")
    searches = result["baseline_searches"] + result["scenario_searches"]
    print(f"Porto Alegre      rides   {seconds:6.2f} s {peak:6.0f} MB  3 proposals, 7 sets, {len(lines[1::25 if quick else 1])} zones, window 60, "
          f"searches: baseline {result['baseline_searches']}, sets {result['scenario_searches']}; {1000 * seconds / searches:.1f} ms a search "
          f"of the window", flush=True)


def main():
    program, root, what = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    data = pathlib.Path(os.environ.get("HOURSHED_DATA") or root / "../shared/data")
    os.environ["HOURSHED_GEODATA"] = str(root / "geodata")
    quick = os.environ.get("HOURSHED_BENCH") == "quick"
    if what == "rides":
        with tempfile.TemporaryDirectory() as folder:
            rides(program, data, pathlib.Path(folder), quick)
        return
    for case in (PORTO, BAY):
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            streets = build(program, case, root, data, work)
            if streets is None:
                continue
            rounds = 1 if quick else 3
            if what == "rank":
                rank(program, case, streets, work, rounds, 10, 6 if quick else 15)
                rank(program, case, streets, work, rounds, 200, 15 if quick else 45)
            else:
                for origins in (1, 3 if quick else 20):
                    compare(program, case, streets, work, rounds, origins)


if __name__ == "__main__":
    main()
