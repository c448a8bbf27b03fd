"""Proposals, zones, flows and results for the rows of table.txt about compare, rank, run and rerun.

Streets of the town of run.py stand at x(0) ... x(5) and y(0) ... y(5).
"""
import json
import shutil
import sqlite3

from osgeo import ogr, osr

LON, LAT, STEP = 121.47, 31.23, 0.002


def x(i):
    return LON + (i - 2.5) * STEP


def y(j):
    return LAT + (j - 2.5) * STEP


def line(*points):
    return {"type": "LineString", "coordinates": [[x(i), y(j)] for i, j in points]}


def point(i, j):
    return {"type": "Point", "coordinates": [x(i), y(j)]}


def box(i, j, k, m):
    return {"type": "Polygon", "coordinates": [[[x(a), y(b)] for a, b in
                                                ((i, j), (k, j), (k, m), (i, m), (i, j))]]}


def layer(*rows, name=None, crs=None):
    """GeoJSON of (properties, geometry) rows."""
    out = {"type": "FeatureCollection"}
    if name:
        out["name"] = name
    if crs:
        out["crs"] = {"type": "name", "properties": {"name": crs}}
    out["features"] = [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]
    return json.dumps(out, ensure_ascii=False)


ACROSS = line((1, 1), (4, 4))  # from junction to junction, over the streets between
ROAD = {"name": "New road", "class": "residential", "proposal": "A"}


def links():
    """File name -> rows of a plain line layer."""
    deep = "深" * 40
    return {
        "good": [(ROAD, ACROSS)],
        "two": [(ROAD, ACROSS), (dict(ROAD, proposal="B"), line((1, 4), (4, 1)))],
        "zero": [(ROAD, line((1, 1), (1, 1)))],
        "one_point": [(ROAD, {"type": "LineString", "coordinates": [[x(1), y(1)]]})],
        "empty_line": [(ROAD, {"type": "LineString", "coordinates": []})],
        "no_geometry": [(ROAD, None)],
        "speed0": [({"proposal": "A", "speed_kmh": 0}, ACROSS)],
        "speed_text": [({"proposal": "A", "speed_kmh": "80 km/h"}, ACROSS)],
        "speed_comma": [({"proposal": "A", "speed_kmh": "80,5"}, ACROSS)],
        "metres": [(dict(ROAD, length_km=700), ACROSS)],
        "forever": [({"proposal": "A", "minutes": 5000}, ACROSS)],
        "no_speed": [({"proposal": "A"}, ACROSS)],
        "cost": [(dict(ROAD, cost=-5), ACROSS)],
        "duplicate": [(dict(ROAD, id="7"), ACROSS), (dict(ROAD, id="7"), line((1, 4), (2, 5)))],
        "polygon": [(ROAD, box(1, 1, 2, 2))],
        "point": [(ROAD, point(1, 1))],
        "collection": [(ROAD, {"type": "GeometryCollection", "geometries": [ACROSS, point(1, 1)]})],
        "multi": [({"proposal": "A", "minutes": 3}, {"type": "MultiLineString", "coordinates": [
            line((0, 0), (1, 1))["coordinates"], line((3, 3), (4, 4))["coordinates"]]})],
        "mercator": [(ROAD, {"type": "LineString", "coordinates": [[13522000, 3662000], [13522700, 3662800]]})],
        "swapped": [(ROAD, {"type": "LineString", "coordinates": [[31.229, 121.47], [31.231, 121.475]]})],
        "far": [(ROAD, line((300, 300), (310, 300)))],
        "nothing_near": [(ROAD, line((1, 1), (2.5, 2.5)))],
        "overshoot": [(ROAD, line((1, 1), (1.45, 3.4)))],
        "crossing": [(ROAD, ACROSS), (ROAD, line((1, 4), (4, 1)))],
        "self_island": [(ROAD, line((2.4, 2.4), (2.6, 2.6))), (ROAD, line((2.6, 2.6), (2.6, 2.4)))],
        "class": [(dict(ROAD, **{"class": "autobahn"}), ACROSS)],
        "kind": [(dict(ROAD, kind="canal"), ACROSS)],
        "oneway": [(dict(ROAD, oneway="sometimes"), ACROSS)],
        "walkers": [(dict(ROAD, modes="walk"), ACROSS)],
        "canoe": [(dict(ROAD, modes="car;canoe"), ACROSS)],
        "rail": [(dict(ROAD, kind="rail"), ACROSS)],
        "date": [(dict(ROAD, opened="31.12.2024"), ACROSS)],
        "future": [(dict(ROAD, opened="2031", status="planned"), ACROSS)],
        "nothing": [],
        "spur": [(ROAD, line((5.5, 2), (5, 4)))],
        "motorway": [(ROAD, line((1, 1), (0, 1.5)))],
        "on_bridge": [(ROAD, line((2, 4), (2.5, 5)))],
        "only_junctions": [(dict(ROAD, connect="junctions"), ACROSS)],
        "many": [({"proposal": "P%d" % i, "class": "residential"}, line((0, i / 2), (5, i / 2 + 0.5)))
                 for i in range(9)],
        "four_bad": [(dict(ROAD, name=deep, **{"class": "autobahn" + deep}), ACROSS)] * 4,
        "many_bad": [({"proposal": "A", "speed_kmh": -1}, ACROSS)] * 300,
    }


def other_layers():
    """File name -> (layer, rows)."""
    return {
        "close_nothing": ("closures", [({"proposal": "A"}, box(7, 7, 8, 8))]),
        "close_unknown": ("closures", [({"proposal": "A", "roads": "101;9999"}, None)]),
        "close_word": ("closures", [({"proposal": "A", "roads": "Nanjing Lu"}, None)]),
        "close_empty": ("closures", [({"proposal": "A"}, None)]),
        "close_line": ("closures", [({"proposal": "A"}, ACROSS)]),
        "close_nobody": ("closures", [({"roads": "101"}, None)]),
        "close_inside": ("closures", [({"proposal": "A", "inside": "around"}, box(1, 1, 2, 2))]),
        "close_good": ("closures", [({"proposal": "A", "roads": "101"}, None)]),
        "factor1": ("speed_changes", [({"proposal": "A", "factor": 1}, box(1, 1, 2, 2))]),
        "factor0": ("speed_changes", [({"proposal": "A", "factor": 0}, box(1, 1, 2, 2))]),
        "both": ("speed_changes", [({"proposal": "A", "factor": 2, "speed_kmh": 50}, box(1, 1, 2, 2))]),
        "neither": ("speed_changes", [({"proposal": "A"}, box(1, 1, 2, 2))]),
        "speed_class": ("speed_changes", [({"proposal": "A", "factor": 2, "class": "autobahn"}, None)]),
        "wait_nowhere": ("waits", [({"proposal": "A", "typical_min": 9}, line((6, 6), (7, 7)))]),
        "wait_unsaid": ("waits", [({"proposal": "A"}, line((1.5, 0.5), (1.5, 1.5)))]),
        "wait_zero": ("waits", [({"proposal": "A", "typical_min": 0}, line((1.5, 0.5), (1.5, 1.5)))]),
        "alone": ("junctions", [({"proposal": "A"}, point(2, 2))]),
    }


def geopackage(path, layers):
    """layers: name -> rows; geometry types as the rows have them."""
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    for name, rows in layers.items():
        kind = ogr.CreateGeometryFromJson(json.dumps(rows[0][1])).GetGeometryType()
        out = source.CreateLayer(name, wgs84, kind)
        for key, value in rows[0][0].items():
            out.CreateField(ogr.FieldDefn(key, ogr.OFTString if isinstance(value, str) else ogr.OFTReal))
        for properties, shape in rows:
            feature = ogr.Feature(out.GetLayerDefn())
            for key, value in properties.items():
                feature.SetField(key, value)
            feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps(shape)))
            out.CreateFeature(feature)


def gbk_shapefile(path):
    """One line whose name is GBK, in a file that does not say so."""
    source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(path))
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    out = source.CreateLayer(path.stem, wgs84, ogr.wkbLineString, ["ENCODING=GBK"])
    out.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    out.CreateField(ogr.FieldDefn("class", ogr.OFTString))
    feature = ogr.Feature(out.GetLayerDefn())
    feature.SetField("name", "深中通道")
    feature.SetField("class", "residential")
    feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps(ACROSS)))
    out.CreateFeature(feature)
    del feature, out, source
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0  # the code page
    path.with_suffix(".dbf").write_bytes(table)


def zones(put):
    people = [("a", 0, 0, 100), ("b", 5, 5, 50), ("c", 5, 0, 20)]
    rows = ["id,name,lon,lat,population,gdp"] + [f"{k},{k.upper()},{x(i)},{y(j)},{p},{p}" for k, i, j, p in people]
    put("zones.csv", "\n".join(rows) + "\n")
    put("zones_hole.csv", "\n".join(rows[:-1]) + f"\nc,C,{x(5)},{y(0)},,20\n")
    put("zones_minus.csv", "\n".join(rows[:-1]) + f"\nc,C,{x(5)},{y(0)},-20,20\n")
    put("zones_none.csv", f"id,name,lon,lat\na,A,{x(0)},{y(0)}\n")
    put("zones_zero.csv", "\n".join([rows[0]] + [",".join(row.split(",")[:4] + ["0", "0"]) for row in rows[1:]]) + "\n")
    put("zones_twice.csv", "\n".join(rows + [rows[1]]) + "\n")
    put("zones_far.csv", "id,lon,lat,population\na,0,0,100\nb,1,1,50\n")
    put("zones_head.csv", rows[0] + "\n")
    put("flows.csv", "from,to,trips\na,b,10\na,atlantis,5\n")
    put("flows_minus.csv", "from,to,trips\na,b,-10\n")
    put("flows_word.csv", "from,to,trips\na,b,many\n")
    put("flows_field.csv", "from,to,count\na,b,10\n")
    put("flows_head.csv", "from,to,trips\n")


def results(folder, put, hourshed):
    """Results of runs whose inputs are gone or changed since, and files that are none."""
    for name in ("gone", "changed"):
        where = folder / name
        where.mkdir()
        shutil.copy(folder / "p" / "good.geojson", where / "plan.geojson")
        shutil.copy(folder / "zones.csv", where / "zones.csv")
        hourshed.run("rank", folder / "good.hsn", "--proposals", where / "plan.geojson", "--zones", where / "zones.csv",
                     "-o", where / "result.gpkg", "-q")
        shutil.copy(folder / "good.hsn", where / "good.hsn")
    (folder / "gone" / "zones.csv").unlink()
    (folder / "changed" / "zones.csv").write_text((folder / "zones.csv").read_text().replace(",100", ",101"))
    hourshed.run("template", "-o", folder / "template.gpkg", "-q")
    geopackage(folder / "other.gpkg", {"roads": [({"name": "a"}, ACROSS)]})
    for name, change in (("later", "replace(metadata, '\"configuration\":{', '\"configuration\":{\"teleport\":true,')"),
                         ("command", "replace(metadata, '\"command\":\"rank\"', '\"command\":\"dance\"')"),
                         ("norecord", "'{\"made\": \"by hand\"}'"), ("brokenrecord", "'{\"command\": '")):
        path = folder / "gone" / f"{name}.gpkg"
        shutil.copy(folder / "gone" / "result.gpkg", path)
        database = sqlite3.connect(path)
        database.execute(f"update gpkg_metadata set metadata = {change} where metadata like '%\"command\"%'")
        database.commit()
        database.close()
    put("gone/cut.gpkg", (folder / "gone" / "result.gpkg").read_bytes()[:9000])


def make(folder, put, hourshed):
    for name, rows in links().items():
        put(f"p/{name}.geojson", layer(*rows))
    for name, (of, rows) in other_layers().items():
        put(f"p/{name}.geojson", layer(*rows, name=of))
    put("p/nocrs.csv", f'name,class,WKT\nA,residential,"LINESTRING ({x(1)} {y(1)}, {x(4)} {y(4)})"\n')
    put("p/notes.csv", "name,class\nA,residential\n")
    put("p/words.geojson", "these are not proposals")
    put("p/future_crs.geojson", layer((ROAD, ACROSS), crs="urn:ogc:def:crs:EPSG::99999999"))
    geopackage(folder / "p" / "off.gpkg", {"links": [(ROAD, ACROSS)], "junctions": [({"proposal": "A"}, point(2, 4))]})
    geopackage(folder / "p" / "several.gpkg", {"axes": [(ROAD, ACROSS)], "ramps": [(ROAD, ACROSS)]})
    geopackage(folder / "p" / "zones.gpkg", {"towns": [({"population": 5}, point(1, 1))],
                                             "areas": [({"population": 5}, box(1, 1, 2, 2))]})
    gbk_shapefile(folder / "p" / "gbk.shp")
    zones(put)
    hourshed.run("build", folder / "corridor.hsn", "--corridor", folder / "corridor", "-q")
    results(folder, put, hourshed)
