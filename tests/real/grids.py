#!/usr/bin/python3
"""grids.py PROGRAM CASE: grids of zones, masses shared into them and Chinese datums, from docs/methods.md 13 and public
formulas alone, with shapely, pyproj and GDAL.

    cells   squares and hexagons over half the counties of Nanjing's study (a layer with holes and parts): every cell drawn here
            once more; people of points, of polygons, of GeoTIFFs (in degrees, and in metres of a UTM zone)
    datum   the same study, and the works of the Greater Bay Area, with every layer moved to GCJ-02 and BD-09 here: times,
            shares and members as before; results written back; the 672 stations that come in both
"""
import argparse
import csv
import json
import math
import pathlib
import random
import sys

import numpy as np
import pyproj
import shapely.geometry
import shapely.ops
import shapely.prepared
from osgeo import gdal, ogr, osr

import delineate
import program

STUDY, BAY = delineate.STUDY, program.ROOT / "geodata/studies/shenzhen-zhongshan"
shape_of, mapping = shapely.geometry.shape, shapely.geometry.mapping
gdal.UseExceptions()
ogr.UseExceptions()


class Tally:
    def __init__(self):
        self.numbers = self.wrong = 0

    def near(self, what, found, expected, tolerance=0.0):
        self.numbers += 1
        good = found == expected or (tolerance and found is not None and expected is not None and
                                     abs(found - expected) <= tolerance)
        if not good:
            self.wrong += 1
            if self.wrong <= 30:
                print(f"{what}: {found!r}, expected {expected!r}")


# ---- Areas under edges straight in longitude and latitude ---------------------------------------------------

E2 = (2 - 1 / 298.257223563) / 298.257223563
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


def ring_m2(ring):
    at = np.radians(np.asarray(ring)[:, :2])
    (x0, y0), (x1, y1) = at[:-1].T, at[1:].T
    x0, x1 = x0 - at[0, 0], x1 - at[0, 0]
    s = np.sin((y0 + y1)[:, None] / 2 + (y1 - y0)[:, None] / 2 * NODES)
    middle = np.sin(at[0, 1])
    strip = (s / (1 - E2 * s * s) + np.arctanh(math.sqrt(E2) * s) / math.sqrt(E2) -
             middle / (1 - E2 * middle ** 2) - np.arctanh(math.sqrt(E2) * middle) / math.sqrt(E2))
    return abs(math.fsum((x1 - x0) * (strip @ WEIGHTS / 2))) * 6378137.0 ** 2 * (1 - E2) / 2


def m2(shape):
    return math.fsum(ring_m2(p.exterior.coords) - math.fsum(ring_m2(r.coords) for r in p.interiors)
                     for p in delineate.polygons(shape) if p.geom_type == "Polygon" and not p.is_empty)


# ---- Cells --------------------------------------------------------------------------------------------------

def grid_of(area, kind, side):
    """{id: the whole cell}, by the text of methods.md 13."""
    west, south, east, north = area.bounds
    there = pyproj.Transformer.from_crs(4326, f"+proj=laea +lon_0={(west + east) / 2!r} +lat_0={(south + north) / 2!r} "
                                        "+datum=WGS84", always_xy=True)
    edge = np.linspace(0, 1, 200)
    x, y = there.transform(np.concatenate([west + (east - west) * edge, np.full(200, west), np.full(200, east)] * 2),
                           np.concatenate([np.full(200, south), south + (north - south) * edge, south + (north - south) * edge,
                                           np.full(200, north), south + (north - south) * edge, south + (north - south) * edge]))
    a = side * math.sqrt(2 / (3 * math.sqrt(3)))
    wide, high = (side, side) if kind == "square" else (a * math.sqrt(3), 1.5 * a)
    if kind == "square":
        corners = [(-side / 2, -side / 2), (side / 2, -side / 2), (side / 2, side / 2), (-side / 2, side / 2)]
    else:
        corners = [(a * math.sin(k * math.pi / 3), a * math.cos(k * math.pi / 3)) for k in range(6)]
    found = {}
    for r in range(math.floor(-max(y) / high) - 2, math.ceil(-min(y) / high) + 3):
        for c in range(math.floor(min(x) / wide) - 2, math.ceil(max(x) / wide) + 3):
            cx = (c + (0.5 if kind == "hex" and r % 2 else 0)) * wide
            lon, lat = there.transform([cx + dx for dx, _ in corners], [-r * high + dy for _, dy in corners],
                                       direction="INVERSE")
            found[f"R{r}C{c}"] = shapely.geometry.Polygon(list(zip(lon, lat)))
    return found


def read_cells(path, masses=("population",)):
    file = program.GeoPackage(path)
    column = file.geometry_column("zones")
    return {row["id"]: (file.geometry(row[column]), [row[m] for m in masses]) for row in file.rows("zones")}


def write_layer(path, shapes):
    """[(id, geometry, fields)]"""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": key, **fields}, "geometry": mapping(shape)} for key, shape, fields in shapes]}),
        encoding="utf-8")
    return path


def write_raster(path, west, north, step, values, epsg):
    values = np.asarray(values, dtype="f8")
    file = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], 1, gdal.GDT_Float64)
    file.SetGeoTransform([west, step, 0, north, 0, -step])
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    file.SetProjection(crs.ExportToWkt())
    file.GetRasterBand(1).SetNoDataValue(-9999)
    file.GetRasterBand(1).WriteArray(values)
    file.FlushCache()
    return path


def raster_cells(west, north, step, values, epsg):
    back = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True)
    for j, row in enumerate(values):
        for i, v in enumerate(row):
            if v > 0:
                x, y = west + i * step, north - j * step
                lon, lat = back.transform([x, x + step, x + step, x], [y, y, y - step, y - step])
                yield shapely.geometry.Polygon(list(zip(lon, lat))), float(v)


def shared(sources, cells):
    """{cell: its mass} of [(polygon or point, mass)]; cells: [(key, shape)]."""
    boxes = np.array([shape.bounds for _, shape in cells])
    got = dict.fromkeys((key for key, _ in cells), 0.0)
    for source, mass in sources:
        west, south, east, north = source.bounds
        near = np.flatnonzero((boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south))
        whole = 0 if source.geom_type == "Point" else m2(source)
        for key, cell in (cells[k] for k in near):
            if not whole:
                if cell.covers(source):
                    got[key] += mass
                    break
            elif cell.intersects(source):
                got[key] += mass * m2(source.intersection(cell)) / whole
    return got


def cells(run, scratch, tally):
    features = json.loads((STUDY / "counties.geojson").read_text(encoding="utf-8"))["features"]
    some = [f for k, f in enumerate(features) if f["properties"]["city"] in ("nanjing", "chuzhou", "maanshan", "wuhu", "hefei")
            and f["properties"]["id"] not in ("cu_quanjiao",) or k % 17 == 5]
    shapes = [shape_of(f["geometry"]) for f in some]
    area = shapely.ops.unary_union(shapes)
    print(f"{len(some)} counties, {len(delineate.polygons(area))} parts, "
          f"{sum(len(p.interiors) for p in delineate.polygons(area))} holes, {m2(area) / 1e6:.1f} km2")
    write_layer(scratch / "area.geojson", [(f["properties"]["id"], s, {"population": f["properties"]["population"]})
                                           for f, s in zip(some, shapes)])
    run.run("build", scratch / "net.hsn", "--corridor", STUDY, "--profile", "car-corridor")
    chance = random.Random(20150606)
    west, south, east, north = area.bounds
    points = [(f"p{k}", shapely.geometry.Point(chance.uniform(west - .1, east + .1), chance.uniform(south - .1, north + .1)),
               {"population": chance.randrange(1, 1000)}) for k in range(3000)]
    squares = [(f"q{k}", shapely.geometry.Point(chance.uniform(west, east), chance.uniform(south, north))
                .buffer(chance.uniform(.02, .2), resolution=2), {"population": chance.uniform(1, 1000)}) for k in range(60)]
    numbers = np.random.default_rng(7).integers(-3, 900, (40, 50))
    numbers[numbers < 0] = -9999
    degrees = (west - .05, north + .02, .0613, numbers, 4326)
    there = pyproj.Transformer.from_crs(4326, 32650, always_xy=True)
    x0, y1 = there.transform(west, north)
    metres = (x0 - 3000, y1 + 3000, 7000.0, numbers[:36, :36], 32650)
    sources = {"points": (write_layer(scratch / "points.geojson", points), [(s, f["population"]) for _, s, f in points]),
               "polygons": (write_layer(scratch / "squares.geojson", squares), [(s, f["population"]) for _, s, f in squares]),
               "degrees": (write_raster(scratch / "degrees.tif", *degrees), list(raster_cells(*degrees))),
               "metres": (write_raster(scratch / "metres.tif", *metres), list(raster_cells(*metres)))}
    for kind, side in (("hex", 9000), ("square", 8000)):
        whole = grid_of(area, kind, side)
        ready = shapely.prepared.prep(area)
        cut = {}
        for key, cell in whole.items():
            if ready.intersects(cell):
                part = area.intersection(cell)
                if m2(part) > 0:
                    cut[key] = part
        first = None
        for name, (path, masses) in sources.items():
            out = scratch / f"{kind}-{name}.gpkg"
            run.run("matrix", scratch / "net.hsn", "--targets", scratch / "area.geojson", "--grid", f"{kind}:{side / 1000:g}km",
                    "--population", path, "--cells", out, "--origins", STUDY / "centres.csv", "-o", scratch / "m.csv", "--overwrite")
            found = read_cells(out)
            if first is None:
                first = found
                check_cells(tally, kind, side, whole, cut, area, found)
            for key, (shape, _) in found.items():
                tally.near(f"{kind} {name}: cell {key} is the same", shape.equals_exact(first[key][0], 0), True)
            expected = shared(masses, [(key, shape) for key, (shape, _) in found.items()])
            total = math.fsum(m for _, (m,) in found.values())
            scale = max(expected.values())
            for key, (_, (mass,)) in found.items():
                tally.near(f"{kind} {name}: people of {key}", mass, expected[key], 1e-9 * max(scale, 1))
            inside = shared(masses, [("all", area)])["all"]
            tally.near(f"{kind} {name}: people in all", total, inside, 1e-9 * inside)
            print(f"{kind} {name}: {total:.3f} people in {sum(m > 0 for _, (m,) in found.values())} of {len(found)} cells, "
                  f"{inside:.3f} in the area")
        stable(run, scratch, tally, kind, side, area, first)


def check_cells(tally, kind, side, whole, cut, area, found):
    tally.near(f"{kind}: cells but for slivers", {k for k in set(found) ^ set(cut) if m2((cut.get(k) or found[k][0])) > 1} == set(), True)
    spread = []
    for key, (shape, _) in found.items():
        if key not in cut:
            continue
        # corners are rounded by two projections: 1e-9 degrees are a tenth of a millimetre
        tally.near(f"{kind}: {key} away from where it is", m2(shape.symmetric_difference(cut[key])), 0, 1e-7 * side * side)
        tally.near(f"{kind}: area of {key}", m2(shape), m2(cut[key]), 1e-8 * side * side)
        if area.contains(whole[key]):
            spread.append(m2(shape) / side ** 2 - 1)
    total = math.fsum(m2(shape) for shape, _ in found.values())
    tally.near(f"{kind}: all cells together", total, m2(area), 1e-9 * m2(area))
    together = shapely.ops.unary_union([shape for shape, _ in found.values()])
    tally.near(f"{kind}: they cover the area", together.symmetric_difference(area).area, 0, 1e-9 * area.area)
    for s in spread:  # straight in degrees, not in the plane
        tally.near(f"{kind}: a whole cell is of one size", s, 0, 1e-6)
    print(f"{kind}: {len(found)} cells, {len(spread)} of them whole: areas within {max(map(abs, spread)):.1e} of {side / 1000:g} km squared")


def stable(run, scratch, tally, kind, side, area, first):
    """The same box, another area: a cell that is whole in both has its id, and the same corners."""
    west, south, east, north = area.bounds
    box = [("box", shapely.geometry.box(west, south, east, north), {"population": 1})]
    write_layer(scratch / "box.geojson", box)
    run.run("matrix", scratch / "net.hsn", "--targets", scratch / "box.geojson", "--grid", f"{kind}:{side / 1000:g}km", "--population",
            scratch / "box.geojson", "--cells", scratch / "box.gpkg", "--origins", STUDY / "centres.csv", "-o", scratch / "m.csv",
            "--overwrite")
    again, same = read_cells(scratch / "box.gpkg"), 0
    for key, (shape, _) in first.items():
        tally.near(f"{kind}: {key} in a fuller grid", key in again, True)
        if key in again and abs(m2(shape) - side * side) < 3e-7 * side * side:
            same += 1
            tally.near(f"{kind}: corners of {key}", {*vertices(shape)} == {*vertices(again[key][0])}, True)
    tally.near(f"{kind}: there are such cells", same > 20, True)
    print(f"{kind}: {same} whole cells are the same over the box of the area")


# ---- Datums -------------------------------------------------------------------------------------------------

def gcj02(lon, lat):
    """As eviltransform has it, term by term."""
    x, y, pi, sin = lon - 105, lat - 35, math.pi, math.sin
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    phi = lat / 180 * pi
    magic = 1 - ee * sin(phi) ** 2
    return (lon + east * 180 / (a / math.sqrt(magic) * math.cos(phi) * pi),
            lat + north * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi))


def bd09(lon, lat):
    lon, lat = gcj02(lon, lat)
    turn = math.pi * 3000 / 180
    z = math.sqrt(lon * lon + lat * lat) + 0.00002 * math.sin(lat * turn)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * turn)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


def unshifted(lon, lat):
    """Back to WGS84, by Newton's method."""
    p = np.array([lon, lat])
    for _ in range(20):
        f = np.array(gcj02(*p)) - (lon, lat)
        h = 1e-6
        jacobian = np.column_stack([(np.array(gcj02(p[0] + h, p[1])) - gcj02(*p)) / h,
                                    (np.array(gcj02(p[0], p[1] + h)) - gcj02(*p)) / h])
        step = np.linalg.solve(jacobian, f)
        p = p - step
        if abs(step).max() < 1e-13:
            break
    return p


SHIFTS = {"gcj02": gcj02, "bd09": bd09, "wgs84": lambda lon, lat: (lon, lat)}


def moved_layer(source, target, datum):
    text = json.loads(source.read_text(encoding="utf-8"))

    def move(c):
        return list(SHIFTS[datum](*c[:2])) if isinstance(c[0], (int, float)) else [move(each) for each in c]
    for f in text["features"]:
        f["geometry"]["coordinates"] = move(f["geometry"]["coordinates"])
    target.write_text(json.dumps(text), encoding="utf-8")
    return target


def moved_table(source, target, datum):
    rows = delineate.read_csv(source)
    for row in rows:
        row["lon"], row["lat"] = map(repr, SHIFTS[datum](float(row["lon"]), float(row["lat"])))
    with open(target, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    return target


def same_rows(tally, what, one, other, table, key, tolerance, leave=("fid",)):
    """Every number of a table, to the tolerance; text as it stands; geometry aside."""
    files = [program.GeoPackage(p) for p in (one, other)]
    geometry = files[0].geometry_column(table)
    rows = [{tuple(r[k] for k in key): r for r in f.rows(table)} for f in files]
    tally.near(f"{what}: keys of {table}", rows[0].keys() == rows[1].keys(), True)
    for k, row in rows[0].items():
        for column in row.keys():
            if column == geometry or column in leave:
                continue
            a, b = row[column], rows[1][k][column]
            limit = tolerance * max(1, abs(a)) if isinstance(a, float) else 0
            tally.near(f"{what}: {table} {k} {column}", b, a, limit)


def vertices(shape):
    if hasattr(shape, "geoms"):
        return [v for g in shape.geoms for v in vertices(g)]
    if shape.geom_type == "Polygon":
        return [v for r in (shape.exterior, *shape.interiors) for v in r.coords]
    return list(shape.coords)


def written_back(tally, what, plain, shifted, table, key, datum):
    files = [program.GeoPackage(p) for p in (plain, shifted)]
    column = files[0].geometry_column(table)
    pairs = [{tuple(r[k] for k in key): f.geometry(r[column]) for r in f.rows(table) if r[column]} for f in files]
    for k, shape in pairs[0].items():
        far = [max(abs(a - c), abs(b - d)) for (a, b), (c, d) in
               zip([SHIFTS[datum](*v[:2]) for v in vertices(shape)], vertices(pairs[1][k]))]
        tally.near(f"{what}: vertices of {table} {k}", len(vertices(shape)), len(vertices(pairs[1][k])))
        tally.near(f"{what}: {table} {k} off by degrees", max(far), 0, 2e-9)  # 0.2 mm


def datum(run, scratch, tally):
    worst = 0
    for row in delineate.read_csv(program.data("china_rail_2016/stations.csv")):
        lon, lat = unshifted(float(row["gcj02_lon"]), float(row["gcj02_lat"]))
        far = delineate.GEOD.inv(lon, lat, float(row["wgs84_lon"]), float(row["wgs84_lat"]))[2]
        worst = max(worst, far)
        tally.near(f"station {row['name']}", far < 0.2, True)
    print(f"stations: at most {worst:.3f} m off")
    net = scratch / "net.hsn"
    run.run("build", net, "--corridor", STUDY, "--profile", "car-corridor")
    layers = {"zones": STUDY / "counties.geojson", "people": STUDY / "people.csv", "centres": STUDY / "neighbours.csv"}

    def circle(name, datums, *more):
        files = {}
        for k, path in layers.items():
            move = moved_layer if path.suffix == ".geojson" else moved_table
            files[k] = move(path, scratch / f"{name}-{k}{path.suffix}", datums[k])
        out = scratch / f"{name}.gpkg"
        run.run("delineate", net, "--zones", files["zones"], "--population", files["people"], "--origins", files["centres"],
                "--core", "core_of_three", "--official", "scope_27", "-o", out, *more)
        return out
    plain = circle("plain", dict.fromkeys(layers, "wgs84"))
    cases = {"gcj02": (dict.fromkeys(layers, "gcj02"), ["--datum", "gcj02"], "wgs84"),
             "bd09": (dict.fromkeys(layers, "bd09"), ["--datum", "bd09", "--output-datum", "bd09"], "bd09"),
             "mixed": ({"zones": "bd09", "people": "gcj02", "centres": "wgs84"},
                       ["--zone-datum", "bd09", "--population-datum", "gcj02", "--output-datum", "gcj02"], "gcj02"),
             "all but one": ({"zones": "gcj02", "people": "wgs84", "centres": "gcj02"},
                             ["--datum", "gcj02", "--population-datum", "wgs84"], "wgs84")}
    for name, (datums, words, back) in cases.items():
        other = circle(name.replace(" ", "-"), datums, *words)
        # areas and times of what is read to a tenth of a millimetre
        same_rows(tally, name, plain, other, "members", ("id",), 1e-6)
        same_rows(tally, name, plain, other, "agreement", ("id", "official"), 1e-6)
        same_rows(tally, name, plain, other, "candidates", ("id",), 1e-6)
        for table, key in (("members", ("id",)), ("origins", ("id",))):
            written_back(tally, name, plain, other, table, key, back)
    # works, zones and a point of the command line
    run.run("build", scratch / "bay.hsn", "--corridor", BAY, "--as-of", "2024-06-29", "--profile", "car-corridor")
    results = []
    for name, d in (("bay", "wgs84"), ("bay-gcj02", "gcj02")):
        points = moved_table(BAY / "points.csv", scratch / f"{name}.csv", d)
        works = moved_layer(BAY / "proposals.geojson", scratch / f"{name}.geojson", d)
        results.append(scratch / f"{name}.gpkg")
        run.run("access", scratch / "bay.hsn", "--zones", points, "--proposals", works, "--datum", d, "--measure", "mean_time:as=m",
                "--measure", "gravity:decay=exponential:0.05,as=g", "--measure", "cumulative:cutoff=60,as=c", "--inequality", "gini",
                "-o", results[-1])
        lon, lat = SHIFTS[d](113.392, 22.517)
        run.run("circle", scratch / "bay.hsn", f"--from={lon!r},{lat!r}", "--zones", points, "--minutes", 60, "--cell", 2000,
                "--datum", d, "-o", scratch / f"{name}-circle.gpkg")
    same_rows(tally, "bay", *results, "access", ("id",), 1e-6)
    same_rows(tally, "bay", *results, "inequality", ("id",), 1e-6)
    same_rows(tally, "bay", scratch / "bay-circle.gpkg", scratch / "bay-gcj02-circle.gpkg", "od_times", ("to_id",), 1e-6,
              leave=("fid", "id", "from_id", "from_name"))  # the point's own numbers are its id
    # by name alone: what is told to be WGS84 and is not, is somewhere else
    wrong = scratch / "wrong.gpkg"
    run.run("access", scratch / "bay.hsn", "--zones", scratch / "bay-gcj02.csv", "--measure", "mean_time:as=m", "-o", wrong)
    a, b = ({r["id"]: r["m"] for r in program.GeoPackage(p).rows("access")} for p in (results[0], wrong))
    tally.near("a datum that is not said is missed", sum(abs(a[k] - b[k]) > 0.01 for k in a if a[k] and b[k]) > 150, True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=["cells", "datum"])
    given = parser.parse_args()
    run, tally = program.Program(given.program), Tally()
    with program.folder() as scratch:
        {"cells": cells, "datum": datum}[given.case](run, pathlib.Path(scratch), tally)
    print(f"{tally.numbers} values, {tally.wrong} differ")
    return 1 if tally.wrong or not tally.numbers else 0


if __name__ == "__main__":
    sys.exit(main())
