#!/usr/bin/python3
"""grid.py PROGRAM TOWN: zones made on the spot, end to end.

An L of 0.2 by 0.1 degrees around A and B of the town of town.sh, cut into cells; people from points, from a polygon and
from a raster, shared out. Sums are counted by hand, areas by GDAL on the ellipsoid.
"""
import csv
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from osgeo import gdal, ogr, osr

ogr.UseExceptions()
gdal.UseExceptions()
program, town = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
folder = tempfile.mkdtemp(prefix="hourshed-test-")
os.chdir(folder)
failed = 0


def expect(what, found, expected):
    global failed
    if found != expected:
        failed += 1
        print(f"FAILED {what}\n found:    {found}\n expected: {expected}")


def run(*words, status=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    expect(f"exit status of {' '.join(map(str, words))}: {done.stderr}", done.returncode, status)
    return done


def layer(path, *polygons):
    text = ", ".join('{"type": "Feature", "properties": {"id": "%s", "population": %g}, "geometry": {"type": "Polygon", '
                     '"coordinates": [%s]}}' % (key, people, [list(p) for p in ring + ring[:1]])
                     for key, people, ring in polygons)
    Path(path).write_text('{"type": "FeatureCollection", "features": [%s]}' % text)


def cells(path, mass="population"):
    rows = sqlite3.connect(path).execute(f"select id, {mass} from zones order by fid").fetchall()
    return dict(rows)


def square_metres(path):
    """On the sphere of the ellipsoid's area, through the cylinder of equal areas, edges cut short."""
    source, flat, place = ogr.Open(path), osr.SpatialReference(), osr.SpatialReference()
    flat.ImportFromProj4("+proj=cea +ellps=WGS84")
    place.ImportFromEPSG(4326)
    for each in (flat, place):
        each.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    turn, total = osr.CoordinateTransformation(place, flat), []
    for feature in source.GetLayer(0):
        shape = feature.GetGeometryRef().Clone()
        shape.Segmentize(0.001)
        shape.Transform(turn)
        total.append(shape.GetArea())
    return total


AREA = [(112.99, 21.95), (113.21, 21.95), (113.21, 22.005), (113.1, 22.005), (113.1, 22.05), (112.99, 22.05)]
layer("area.geojson", ("west", 600, [(112.99, 21.95), (113.1, 21.95), (113.1, 22.05), (112.99, 22.05)]),
      ("east", 300, [(113.1, 21.95), (113.21, 21.95), (113.21, 22.005), (113.1, 22.005)]))
layer("whole.geojson", ("all", 0, AREA))
layer("people.geojson", ("inside", 80, [(113.0, 21.96), (113.05, 21.96), (113.05, 22), (113.0, 22)]),
      ("half", 40, [(113.05, 22.0), (113.15, 22.0), (113.15, 22.005), (113.05, 22.005)]),  # in it, in both parts
      ("out", 20, [(113.11, 22.01), (113.2, 22.01), (113.2, 22.05), (113.11, 22.05)]),
      ("cut", 16, [(112.94, 21.96), (113.04, 21.96), (113.04, 22), (112.94, 22)]))  # a half of it is west of 112.99
raster = gdal.GetDriverByName("GTiff").Create("people.tif", 22, 10, 1, gdal.GDT_Float32)
raster.SetGeoTransform([112.99, 0.01, 0, 22.05, 0, -0.01])
place = osr.SpatialReference()
place.ImportFromEPSG(4326)
raster.SetProjection(place.ExportToWkt())
raster.GetRasterBand(1).WriteArray(numpy.ones((10, 22), dtype="f4"))
raster = None

run("build", "town.hsn", "--corridor", town, "--profile", town / "car.yaml", "-q")
start = ["matrix", "town.hsn", "--from", "113.0,22.0", "-q"]
for shape in ("square", "hex"):
    grid = ["--targets", "area.geojson", "--grid", f"{shape}:2km", "--cells"]
    run(*start, *grid, f"{shape}.gpkg", "--population", town / "places.csv", "-o", f"{shape}.csv")
    found, sizes = cells(f"{shape}.gpkg"), square_metres(f"{shape}.gpkg")
    expect(f"{shape}: people at A and B", sum(found.values()), 1200)
    expect(f"{shape}: in one cell each", sorted(v for v in found.values() if v), [200, 1000])
    expect(f"{shape}: the cells make up the area, to 1e-9", abs(sum(sizes) / square_metres("whole.geojson")[0] - 1) < 1e-9, True)
    expect(f"{shape}: none is larger than 4 km2, many are that", (max(sizes) < 4.0001e6, sum(s > 3.9999e6 for s in sizes) > len(sizes) / 4),
           (True, True))
    expect(f"{shape}: the middle has a cell", "R0C0" in found, True)
    times = {r["to_id"] for r in csv.DictReader(open(f"{shape}.csv"))}
    expect(f"{shape}: targets are cells", (times <= set(found), len(times) > 5), (True, True))
    run(*start, *grid, f"{shape}-p.gpkg", "--population", "people.geojson", "-o", f"{shape}-p.csv")
    expect(f"{shape}: people of polygons", round(sum(cells(f"{shape}-p.gpkg").values()), 6), 80 + 40 + 16 / 2)
    run(*start, *grid, f"{shape}-r.gpkg", "--population", "people.tif", "-o", f"{shape}-r.csv")
    # 22 columns; 5.5 rows of the south as a whole, 4.5 of the west's 11 columns
    expect(f"{shape}: people of a raster", round(sum(cells(f"{shape}-r.gpkg").values()), 2), round(22 * 5.5 + 11 * 4.5, 2))
run(*start, "--targets", "area.geojson", "--grid", "hex:2km", "--cells", "again.gpkg", "--population", "people.tif", "-o", "again.csv",
    "--threads", 1)
expect("the same cells on one thread", cells("again.gpkg"), cells("hex-r.gpkg"))
# people of the polygons that are cut, asked for by a measure alone: 600 and 300, shared out
run("access", "town.hsn", "--zones", "area.geojson", "--grid", "hex:2km", "--measure", "cumulative:cutoff=1000", "-o", "own.gpkg",
    "-q")
expect("people of the polygons themselves", round(sum(v for (v,) in sqlite3.connect("own.gpkg").execute(
    "select population from access")), 6), 900)
for what, words, message in (
        ("cells of no grid", ["--cells", "x.gpkg"], "--cells: nothing without --grid"),
        ("cells over the output", ["--grid", "hex:2km", "--cells", "x.csv"], "x.csv are an input or output"),
        ("a datum of no coordinates", ["--output-datum", "gcj02"], "a matrix has no coordinates"),
        ("too many cells", ["--grid", "hex:2m"], "take a larger size")):
    done = run(*start, "--targets", "area.geojson", *words, "-o", "x.csv", status=2)
    expect(what, message in done.stderr, True)

os.chdir("/")
shutil.rmtree(folder)
sys.exit(bool(failed))
