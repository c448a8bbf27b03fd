#!/usr/bin/python3
"""polygons.py PROGRAM porto|estuary [--origins N]: circles as polygons, measured from outside.

porto: circles at 10 and 15 minutes, the Douro as a barrier. Every polygon is valid (GEOS), the larger covers
the smaller, none has more than 2,000 vertices or a point of open water; the errors written in its row are
measured again: road length against the exact pieces and the raw streets, membership of random land points
against the time of the point by streets.py.
estuary: circles of the embedded network. Open water of the Pearl River estuary is in none of them, before the
Shenzhen-Zhongshan Link nor after it, and no point of one bank is reached from the other by a last leg.
"""
import argparse
import csv
import json
import math
import pathlib
import random
import sys

import numpy
import shapely.geometry
import shapely.ops
import shapely.prepared

import agree
import osm_file
import program
import streets

# Open water, well away from the banks: the sea before the mouth, then up the Douro.
DOURO = [(-8.685, 41.146), (-8.69, 41.145), (-8.68, 41.1445), (-8.676, 41.1462), (-8.672, 41.146),
         (-8.669, 41.146), (-8.666, 41.146), (-8.663, 41.1455), (-8.66, 41.1453), (-8.657, 41.1456),
         (-8.654, 41.1458), (-8.651, 41.146), (-8.648, 41.1464), (-8.645, 41.1468), (-8.642, 41.1473),
         (-8.639, 41.1474), (-8.636, 41.1464), (-8.633, 41.1455), (-8.629, 41.1441), (-8.626, 41.1434)]
# Lingdingyang between Qi'ao and Neilingding islands, south of the Shenzhen-Zhongshan Link and north of the
# Hong Kong-Zhuhai-Macao Bridge.
ESTUARY = [(lon, lat) for lon in (113.68, 113.70, 113.72, 113.74, 113.76)
           for lat in (22.31, 22.35, 22.39, 22.43)]
MAX_VERTICES, MAX_ROAD_PERCENT, MAX_POINT_PERCENT = 2000, 2.0, 1.0


class Report:
    def __init__(self):
        self.wrong = 0

    def hold(self, true, text):
        if not true:
            self.wrong += 1
            print("  WRONG: " + text)


def circles_of(result):
    """{origin: [(cut-off, row, polygon)] ascending}"""
    column, out = result.geometry_column("circles"), {}
    for row in result.rows("circles"):
        shape = program.GeoPackage.geometry(row[column])
        out.setdefault((row["origin_id"], row["profile"]), []).append((row["cutoff_min"], row, shape))
    return {key: sorted(rows, key=lambda row: row[0]) for key, rows in out.items()}


def vertices(shape):
    parts = getattr(shape, "geoms", [shape])
    return sum(len(ring.coords) - 1 for part in parts for ring in [part.exterior, *part.interiors])


def check_shapes(report, circles, water):
    for key, rows in circles.items():
        for minutes, row, shape in rows:
            name = f"{key[0]} {minutes:g} min"
            report.hold(shape.is_valid and not shape.is_empty, f"{name} is not valid")
            report.hold(vertices(shape) <= MAX_VERTICES, f"{name}: {vertices(shape)} vertices")
            wet = [place for place in water if shape.intersects(shapely.geometry.Point(place))]
            report.hold(not wet, f"{name} covers open water at {wet[:3]}")
        for (smaller, _, inner), (larger, _, outer) in zip(rows, rows[1:]):
            report.hold(outer.covers(inner), f"{key[0]}: {larger:g} min does not cover {smaller:g} min")


class Ground:
    """The time of any point, by the raw streets and the barrier, apart from the program."""
    def __init__(self, net, water):
        self.net, self.water = net, water
        self.wet = shapely.prepared.prep(water)
        self.cell = net.profile.leg_cap_m / 80_000  # degrees; wider than the cap even at 41 degrees
        self.grid = {}
        for s in numpy.flatnonzero(net.stop & net.main_segment):
            (ax, ay), (bx, by) = net.from_degrees[s], net.to_degrees[s]
            for i in range(math.floor(min(ax, bx) / self.cell), math.floor(max(ax, bx) / self.cell) + 1):
                for j in range(math.floor(min(ay, by) / self.cell), math.floor(max(ay, by) / self.cell) + 1):
                    self.grid.setdefault((i, j), []).append(s)

    def on_land(self, lon, lat):
        return not self.wet.contains(shapely.geometry.Point(lon, lat))

    def time(self, tree, origin, lon, lat):
        i, j = math.floor(lon / self.cell), math.floor(lat / self.cell)
        near = sorted({s for di in (-1, 0, 1) for dj in (-1, 0, 1)
                       for s in self.grid.get((i + di, j + dj), ())})
        if not near:
            return streets.UNREACHABLE
        metres, fraction = self.net.distances(lon, lat, near)
        for at in numpy.argsort(metres, kind="stable"):
            if metres[at] > self.net.profile.leg_cap_m:
                break
            s, f = near[at], float(fraction[at])
            end = self.net.from_degrees[s] * (1 - f) + self.net.to_degrees[s] * f
            leg = shapely.geometry.LineString([(lon, lat), end])
            if self.wet.intersects(leg) and leg.intersection(self.water).length > 1e-9:
                continue
            return (self.net.position_ms(tree, origin, s, f) +
                    self.net.profile.leg_ms(float(metres[at])))
        return streets.UNREACHABLE


def local(lat):
    """Degrees to metres near a latitude, good to a few parts in a thousand over a city."""
    return lambda x, y: (numpy.asarray(x) * 111_320 * math.cos(math.radians(lat)),
                         numpy.asarray(y) * 111_050)


def check_lengths(report, net, result, key, rows):
    """Road length reached but outside, unreached but inside, of what was reached, per cut-off."""
    lat = rows[-1][2].centroid.y
    metres = local(lat)
    column = result.geometry_column("reached_edges")
    largest = shapely.ops.transform(metres, rows[-1][2])
    pieces = [(row["time_out_min"], row["time_in_min"],
               shapely.ops.transform(metres, program.GeoPackage.geometry(row[column])))
              for row in result.rows("reached_edges", "origin_id = ? and may_stop = 1", key[0])]
    prepared = shapely.prepared.prep(largest)
    x, y = metres(net.from_degrees[:, 0], net.from_degrees[:, 1])
    u, v = metres(net.to_degrees[:, 0], net.to_degrees[:, 1])
    west, south, east, north = largest.bounds
    box = (net.stop & net.main_segment & (numpy.maximum(x, u) >= west) & (numpy.minimum(x, u) <= east) &
           (numpy.maximum(y, v) >= south) & (numpy.minimum(y, v) <= north))
    roads = [shapely.geometry.LineString([(x[s], y[s]), (u[s], v[s])]) for s in numpy.flatnonzero(box)]
    roads = [road for road in roads if prepared.intersects(road)]
    minutes, row, shape = rows[-1]
    reached = sum(piece.length for _, _, piece in pieces)
    inside = sum(piece.length if prepared.contains(piece) else piece.intersection(largest).length
                 for _, _, piece in pieces)
    all_inside = sum(road.length if prepared.contains(road) else road.intersection(largest).length
                     for road in roads)
    missed, excess = 100 * (reached - inside) / reached, 100 * (all_inside - inside) / reached
    print(f"  {key[0]} {minutes:g} min: {reached / 1000:.1f} km reached ({row['reached_km']:.1f} written), "
          f"outside {missed:.2f} % ({row['missed_pct']:.2f}), unreached inside {excess:.2f} % "
          f"({row['excess_pct']:.2f}), {row['vertices']} vertices")
    report.hold(abs(reached / 1000 - row["reached_km"]) < 0.01 * row["reached_km"] + 0.1,
                "the length written is not that of the pieces")
    report.hold(abs(missed - row["missed_pct"]) < 0.2, "the road length outside is written wrong")
    report.hold(abs(excess - row["excess_pct"]) < 0.2, "the road length inside is written wrong")


def check_points(report, ground, tree, origin, key, minutes, row, shape, count, seed):
    west, south, east, north = shape.bounds
    dx, dy = (east - west) * 0.1, (north - south) * 0.1
    inside = shapely.prepared.prep(shape)
    chance = random.Random(seed)
    land = differ = reached = 0
    while land < count:
        lon, lat = chance.uniform(west - dx, east + dx), chance.uniform(south - dy, north + dy)
        if not ground.on_land(lon, lat):
            continue
        land += 1
        within = ground.time(tree, origin, lon, lat) <= minutes * 60_000
        reached += within
        differ += within != inside.contains(shapely.geometry.Point(lon, lat))
    share, written = 100 * differ / count, row["point_error_pct"]
    spread = 4 * 100 * math.sqrt(max(share, 0.2) / 100 / count)
    print(f"  {key[0]} {minutes:g} min: {differ} of {count} random land points differ, {share:.2f} % "
          f"({written:.2f} written); {reached} are reached")
    report.hold(share <= MAX_POINT_PERCENT, "too many points differ")
    report.hold(abs(share - written) < spread, f"written {written} %, measured {share} % +- {spread:.2f}")
    report.hold(reached > count / 20, "too few points are reached to say anything")


def porto(hourshed, count, points):
    source = program.data("porto/porto_portugal.osm.pbf")
    barrier = pathlib.Path(__file__).with_name("douro_water.geojson")
    water = shapely.geometry.shape(json.loads(barrier.read_text())["features"][0]["geometry"])
    profile = streets.read_profile(program.profile_path("car-osm"))
    net = streets.Net(streets.Streets(osm_file.read(source)), profile)
    ground = Ground(net, water)
    report = Report()
    # two on the banks, then where agree.py begins, as far as their circles end before the data do
    places = [(-8.6405, 41.1503), (-8.6280, 41.1375)] + agree.origins(net, 4 * count)
    places = [place for place in places if -8.70 < place[0] < -8.50 and 41.10 < place[1] < 41.24][:count]
    with program.folder() as folder:
        folder = pathlib.Path(folder)
        hourshed.run("build", folder / "net.hsn", "--osm", source, "--profile", "car-osm",
                     "--barriers", barrier, "-q")
        with open(folder / "origins.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["id", "lon", "lat"]] +
                                       [[f"o{at}", *place] for at, place in enumerate(places)])
        hourshed.run("circle", folder / "net.hsn", "--origins", folder / "origins.csv", "--minutes",
                     "10,15", "--edges", "each", "-q", "-o", folder / "circle.gpkg")
        result = program.GeoPackage(folder / "circle.gpkg")
        circles = circles_of(result)
        report.hold(len(circles) == len(places), f"{len(circles)} circles of {len(places)} origins")
        check_shapes(report, circles, DOURO)
        for key, rows in circles.items():
            for minutes, row, _ in rows:
                name = f"{key[0]} {minutes:g} min"
                report.hold(row["missed_pct"] <= MAX_ROAD_PERCENT and row["excess_pct"] <= MAX_ROAD_PERCENT,
                            f"{name}: road outside {row['missed_pct']:.2f} %, inside {row['excess_pct']:.2f} %")
                report.hold(row["point_error_pct"] <= MAX_POINT_PERCENT,
                            f"{name}: {row['point_error_pct']:.2f} % of the points differ")
        worst = {name: max(row[name] for rows in circles.values() for _, row, _ in rows)
                 for name in ("missed_pct", "excess_pct", "point_error_pct", "vertices")}
        print(f"porto: {len(places)} origins at 10 and 15 min; worst {worst}")
        for at, (key, rows) in enumerate(sorted(circles.items())[:3]):
            lon, lat = places[int(key[0][1:])]
            check_lengths(report, net, result, key, rows)
            origin = net.foot(lon, lat)
            minutes, row, shape = rows[at % len(rows)]
            tree = net.search(origin, int(minutes * 60_000))
            check_points(report, ground, tree, origin, key, minutes, row, shape, points, at)
    return report.wrong


def estuary(hourshed, count, points):
    study = program.ROOT / "geodata" / "studies" / "shenzhen-zhongshan"
    report = Report()
    water = ESTUARY + [(float(row["lon"]), float(row["lat"])) for row in table(study / "water_points.csv")]
    with program.folder() as folder:
        folder = pathlib.Path(folder)
        for day in ("2024-06-29", "2024-12-31"):
            hourshed.run("build", folder / f"{day}.hsn", "--corridor", study, "--as-of", day,
                         "--profile", "car-corridor", "-q")
            for name, lon, lat in (("Shenzhen Qianhai", 113.895, 22.535), ("Zhongshan", 113.39, 22.517)):
                out = folder / f"{day}-{name[:2]}.gpkg"
                hourshed.run("circle", folder / f"{day}.hsn", "--from", f"{lon},{lat}", "--minutes",
                             "30,45,60", "-q", "-o", out)
                circles = circles_of(program.GeoPackage(out))
                check_shapes(report, circles, water)
                (rows,) = circles.values()
                (west, _, east, _) = rows[0][2].bounds
                print(f"  {day} {name}: {[round(row['area_km2']) for _, row, _ in rows]} km2 within 30, 45, "
                      f"60 min; 30 min reaches from {west:.3f} to {east:.3f} east")
                # without the link the way round by Humen takes longer than half an hour
                if day < "2024-06-30":
                    report.hold(west > 113.64 if lon > 113.7 else east < 113.70,
                                f"{name}: 30 min crosses the estuary where no bridge stood")
        check_banks(report, hourshed, folder, study)
    return report.wrong


def check_banks(report, hourshed, folder, study):
    """From a node on one bank to a point across the water: never the time of the straight leg. (By a bridge
    it may be less, for the leg is slow.)"""
    pairs = table(study / "bank_pairs.csv")
    nodes = {row["id"]: row for row in table(study / "nodes.csv")}
    with open(folder / "banks.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "lon", "lat"]] + sorted(
            {(row["node"], nodes[row["node"]]["lon"], nodes[row["node"]]["lat"]) for row in pairs}))
    hourshed.run("circle", folder / "2024-12-31.hsn", "--origins", folder / "banks.csv", "--zones",
                 study / "bank_pairs.csv", "--minutes", "30", "--edges", "none", "-q",
                 "-o", folder / "banks.gpkg")
    times = {(row["from_id"], row["to_id"]): row["time_min"]
             for row in program.GeoPackage(folder / "banks.gpkg").rows("od_times")}
    for row in pairs:
        node = nodes[row["node"]]
        metres = streets.GEOD.inv(float(node["lon"]), float(node["lat"]), float(row["lon"]),
                                  float(row["lat"]))[2]
        leg = metres * 1.3 / 500  # 30 km/h, detour 1.3
        time = times.get((row["node"], row["id"]))
        report.hold(time is None or abs(time - leg) > 0.001,
                    f"{row['name_en']} is reached from {row['node']} across the water, {time} min")
    print(f"  {len(pairs)} pairs across water, {sum(time is not None for time in times.values())} times "
          f"within half an hour by other ways")


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("case", choices=["porto", "estuary"])
    parser.add_argument("--origins", type=int, default=10)
    parser.add_argument("--points", type=int, default=3000)
    options = parser.parse_args()
    wrong = {"porto": porto, "estuary": estuary}[options.case](program.Program(options.program),
                                                              options.origins, options.points)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
