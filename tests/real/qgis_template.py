"""The template of proposals as QGIS opens it: the embedded project, forms, presets and checks; a bridge and a closure
are drawn with the forms' presets, saved by QGIS, read back with GDAL, and compared by the program.

The town is that of tests/golden/town: A and C are 55 minutes apart by road, 21 by the drawn bridge (42 km, 120 km/h).
Usage: qgis_template.py HOURSHED
"""
import json
import os
import pathlib
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from osgeo import ogr
from program import ROOT, GeoPackage, Program, folder
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeature,
                       QgsFieldConstraints, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer, QgsVectorLayerUtils)

TOWN = ROOT / "tests" / "golden" / "town"
LAYERS = ["junctions", "stations", "links", "waits", "speed_changes", "closures", "services"]
BRIDGE = "LineString(113.0 22.0, 113.2 22.05, 113.4 22.0)"
SITE = "Polygon((113.28 21.99, 113.32 21.99, 113.32 22.01, 113.28 22.01, 113.28 21.99))"
EMPTY = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"
failures = 0


def check(what, is_so):
    global failures
    if not is_so:
        failures += 1
        print("not so:", what)


def open_layer(path, name):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    check(f"{name} opens", layer.isValid())
    message, ok = layer.loadDefaultStyle()
    check(f"{name} has a default style: {message}", ok)
    return layer


def widget(layer, field):
    return layer.editorWidgetSetup(layer.fields().indexOf(field))


def values(layer, field):
    return [list(entry.values())[0] for entry in widget(layer, field).config()["map"]]


def check_form(layer):
    name = layer.name()
    check(f"{name}: the row number is hidden", widget(layer, "fid").type() == "Hidden")
    check(f"{name}: proposals are offered again", widget(layer, "proposal").type() == "UniqueValues")
    check(f"{name}: a status or none", values(layer, "status") == [EMPTY, "idea", "planned", "building", "open"])
    for field in layer.fields().names()[1:]:
        alias = layer.attributeAlias(layer.fields().indexOf(field))
        check(f"{name}.{field} is called {alias}", alias.startswith(field + ": "))


def check_links(layer):
    check("kinds", values(layer, "kind") == ["road", "rail", "ferry", "walk"])
    check("classes of the network", values(layer, "class") == [EMPTY, "road", "bridge", "ferry"])
    labels = [list(entry.keys())[0] for entry in widget(layer, "class").config()["map"]]
    check(f"classes show their speed: {labels}", labels[2] == "bridge (120 km/h)")
    check("a road by default", layer.defaultValueDefinition(layer.fields().indexOf("kind")).expression() == "'road'")


def broken(layer, **row):
    """Fields of a row whose checks fail."""
    feature = QgsFeature(layer.fields())
    for field, value in row.items():
        feature.setAttribute(field, value)
    return [layer.fields()[i].name() for i in range(1, len(layer.fields()))
            if not QgsVectorLayerUtils.validateAttribute(layer, feature, i, QgsFieldConstraints.ConstraintStrengthHard,
                                                         QgsFieldConstraints.ConstraintOriginLayer)[0]]


def check_checks(layers):
    good = {"proposal": "bridge", "kind": "road", "class": "bridge"}
    links = layers["links"]
    check("a good row passes", broken(links, **good) == [])
    check("a row without project", broken(links, kind="road", minutes=3) == ["proposal"])
    check("a blank project", broken(links, **dict(good, proposal=" ")) == ["proposal"])
    check("a link says how fast it is", broken(links, proposal="b", kind="road") == ["class"])
    check("by its minutes", broken(links, proposal="b", kind="ferry", minutes=20) == [])
    check("but not rail", broken(links, proposal="b", kind="rail") == [])
    for field, value, is_good in [("speed_kmh", 0, False), ("speed_kmh", 400, True), ("speed_kmh", 400.5, False),
                                  ("wait_min", 0, True), ("wait_min", -1, False), ("cost", 1e15, True),
                                  ("cost", 1.1e15, False), ("opened", "2024", True), ("opened", "2024-06", True),
                                  ("opened", "2024-06-30", True), ("opened", "2024-13", False),
                                  ("opened", "30.6.2024", False), ("opened", "2024-06-30x", False)]:
        check(f"{field} {value}", broken(links, **{**good, field: value}) == ([] if is_good else [field]))
    speeds = layers["speed_changes"]
    check("a speed change says how", broken(speeds, proposal="b") == ["factor"])
    check("by its speed alone", broken(speeds, proposal="b", speed_kmh=30) == [])
    check("by its factor", broken(speeds, proposal="b", factor=0.001) == ["factor"])
    check("not by both", broken(speeds, proposal="b", factor=0.5, speed_kmh=30) == ["factor"])
    check("a station has a name", broken(layers["stations"], proposal="b") == ["name"])
    services = layers["services"]
    check("a new service is of a line and says when", broken(services, proposal="b") == ["line", "headway_min"])
    check("by its headway", broken(services, proposal="b", line="L", headway_min=10) == [])
    check("a cut is of a line that runs", broken(services, proposal="b", action="cut") == ["line"])
    check("by its name", broken(services, proposal="b", action="cut", of="X") == [])
    check("a wait says how long", broken(layers["waits"], proposal="b") == ["typical_min"])


def add(layer, wkt, **row):
    names = layer.fields()
    attributes = {names.indexOf(field): value for field, value in row.items()}
    check(f"{layer.name()} can be edited", layer.startEditing())
    feature = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromWkt(wkt), attributes,
                                                layer.createExpressionContext())
    check(f"{layer.name()} takes a row", layer.addFeature(feature))
    check(f"{layer.name()} is saved: {layer.commitErrors()}", layer.commitChanges())


def read_back(path):
    data = ogr.Open(str(path))
    rows = {}
    for name in LAYERS:
        layer = data.GetLayerByName(name)
        rows[name] = [(row.items(), row.GetGeometryRef() and json.loads(row.GetGeometryRef().ExportToJson()))
                      for row in layer]
    return rows


def check_rows(rows):
    check("the other layers stay empty", all((len(rows[n]) == 1) == (n in ("links", "closures")) for n in LAYERS))
    link, line = rows["links"][0]
    expected = {"proposal": "深中 bridge", "kind": "road", "class": "bridge", "oneway": "no", "connect": "ends",
                "bridge": "yes", "tunnel": "no", "access": "no", "length_km": 42.0, "speed_kmh": None, "status": None}
    check(f"the link with its presets: {link}", {k: link[k] for k in expected} == expected)
    check(f"its line: {line}", line["type"] == "MultiLineString" and
          line["coordinates"] == [[[113, 22], [113.2, 22.05], [113.4, 22]]])
    closure, area = rows["closures"][0]
    expected = {"proposal": "深中 bridge", "inside": "touch", "layers": "ground", "roads": None, "class": None}
    check(f"the closure with its presets: {closure}", {k: closure[k] for k in expected} == expected)
    check(f"its area: {area}", area["type"] == "MultiPolygon" and len(area["coordinates"][0][0]) == 5)


def check_comparison(program, network, path, result):
    """By hand: A to C 55 minutes before (25 + 30), 21 over the bridge; B - C is closed, A - B is not."""
    program.run("compare", network, "--proposals", path, "--from", "113.0,22.0", "--zones", TOWN / "places.csv",
                "--minutes", "30,60", "-o", result, "-q")
    found = GeoPackage(result)
    times = {row["zone_id"]: (row["before_min"], row["after_min"]) for row in found.rows("zones")}
    for zone, before, after in [("at-a", 0, 0), ("at-b", 25, 25), ("at-c", 55, 21)]:
        check(f"{zone}: {times[zone]}", abs(times[zone][0] - before) < 1e-6 and abs(times[zone][1] - after) < 1e-6)
    check("the bridge joins at both ends", [row["ends_joined"] for row in found.rows("edits")] == [2])
    check("the site closes one road", [row["edges_closed"] for row in found.rows("edits_areas")] == [1])


def check_project(project, path):
    check("the embedded project opens", project.read(f"geopackage:{path}?projectName=hourshed"))
    layers = {layer.source().split("layername=")[1]: layer for layer in project.mapLayers().values()}
    check(f"its layers: {sorted(layers)}", sorted(layers) == sorted(LAYERS))
    check("they are there", all(layer.isValid() for layer in layers.values()))
    check("titles", layers["links"].name() == "Links: roads, railways, ferries")
    kinds = [c.value() for c in layers["links"].renderer().categories()]
    check(f"links by kind: {kinds}", kinds == ["road", "rail", "ferry", "walk", ""])
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), project.crs(), project)
    shown = project.viewSettings().defaultViewExtent()
    check("it shows the town", shown.contains(to_map.transform(QgsPointXY(113.0, 22.0))) and
          shown.contains(to_map.transform(QgsPointXY(113.4, 22.1))))
    check("and not the world", shown.width() < 100000)
    for name, layer in layers.items():
        layer.setName(name)
        check_form(layer)
    return layers


def main():
    program = Program(sys.argv[1])
    with folder() as work:
        work = pathlib.Path(work)
        network, path = work / "town.hsn", work / "proposals.gpkg"
        program.run("build", network, "--corridor", TOWN, "--profile", TOWN / "car.yaml", "--as-of", "2024-06-29", "-q")
        program.run("template", "-o", path, "--network", network, "-q")
        project = QgsProject.instance()
        check_checks(check_project(project, path))
        project.clear()
        layers = {name: open_layer(path, name) for name in LAYERS}
        for layer in layers.values():
            check_form(layer)
        check_links(layers["links"])
        check_checks(layers)
        row = {"proposal": "深中 bridge", "class": "bridge", "length_km": 42, "bridge": "yes"}
        add(layers["links"], BRIDGE, **row)
        add(layers["closures"], SITE, proposal="深中 bridge")
        for layer in layers.values():
            layer.setDataSource("", "", "ogr")  # lets go of the file
        check_rows(read_back(path))
        check_comparison(program, network, path, work / "change.gpkg")


application = QgsApplication([], False)
application.initQgis()
try:
    main()
finally:
    QgsProject.instance().clear()
print(f"template in QGIS: {failures} failures")
sys.stdout.flush()
os._exit(failures != 0)  # QGIS takes its own time, and sometimes a crash, to leave
