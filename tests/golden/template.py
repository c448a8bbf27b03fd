"""hourshed template, read back as SQLite and XML: layers, columns, presets, lists and checks.

The expected table is written by hand from hourshed-proposals(5), not from the program.
Usage: template.py HOURSHED
"""
import os
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

program = sys.argv[1]
failures = 0

LAYERS = {"links": "MULTILINESTRING", "junctions": "POINT", "stations": "POINT", "services": None,
          "closures": "MULTIPOLYGON", "speed_changes": "MULTIPOLYGON", "waits": "MULTILINESTRING"}
EMPTY = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"  # how QGIS leaves a field empty
PRESETS = {("links", "kind"): "'road'", ("links", "oneway"): "'no'", ("links", "connect"): "'ends'",
           ("links", "bridge"): "'no'", ("links", "tunnel"): "'no'", ("links", "access"): "'no'",
           ("junctions", "ramp_min"): "0", ("closures", "inside"): "'touch'",
           ("closures", "layers"): "'ground'", ("waits", "direction"): "'both'",
           ("services", "action"): "'new'", ("services", "direction"): "'both'"}
LISTS = {("links", "kind"): ["road", "rail", "ferry", "walk"], ("links", "oneway"): ["no", "yes", "-1"],
         ("links", "connect"): ["ends", "crossings", "junctions"], ("closures", "inside"): ["touch", "within"],
         ("closures", "layers"): ["ground", "all"], ("waits", "direction"): ["both", "to_right", "to_left"],
         ("services", "action"): ["new", "speed", "headway", "stop", "cut"],
         ("services", "direction"): ["both", "forward"],
         ("services", "kind"): [EMPTY, "high_speed", "rail", "metro", "tram", "bus", "ferry"]}
RANGES = {("links", "speed_kmh"): "above 0, at most 400", ("links", "wait_min"): "at least 0, at most 1440",
          ("speed_changes", "factor"): "at least 0.01, at most 100; either factor or speed_kmh"}


def check(what, is_so):
    global failures
    if not is_so:
        failures += 1
        print("not so:", what)


def run(*arguments):
    environment = dict(os.environ, LC_ALL="C")
    return subprocess.run([program, "template", *arguments], capture_output=True, text=True, env=environment)


def columns(db, layer):
    return {row[1]: (row[2], row[4]) for row in db.execute("PRAGMA table_info(%s)" % layer)}


def style(db, layer):
    row = db.execute("SELECT styleQML FROM layer_styles WHERE useAsDefault AND f_table_name = ?", (layer,)).fetchone()
    return ET.fromstring(row[0].split("\n", 1)[1])


def check_layers(db):
    geometries = dict(db.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    for layer, geometry in LAYERS.items():
        check("%s is drawn as %s" % (layer, geometry), geometries.get(layer) == geometry)
        check("%s is empty" % layer, db.execute("SELECT count(*) FROM " + layer).fetchone() == (0,))
        names = columns(db, layer)
        check("%s has a proposal, a status, a day and a note" % layer,
              {"proposal", "status", "opened", "note"} <= set(names))
        for name, (kind, preset) in names.items():
            if name in ("fid", "geom"):
                continue
            check("%s.%s is text or real: %s" % (layer, name, kind), kind in ("TEXT", "REAL"))
            check("%s.%s is preset to %s" % (layer, name, preset), preset == PRESETS.get((layer, name)))
    check("links.speed_kmh is a number", columns(db, "links")["speed_kmh"][0] == "REAL")


def check_forms(db):
    for layer in LAYERS:
        qml = style(db, layer)
        widgets = {f.get("name"): f.find("editWidget") for f in qml.find("fieldConfiguration")}
        check("%s: a widget a column" % layer, set(widgets) == set(columns(db, layer)) - {"geom"})
        presets = {d.get("field"): d.get("expression") for d in qml.find("defaults")}
        check("%s: the form has the columns' presets" % layer,
              presets == {f: v for (l, f), v in PRESETS.items() if l == layer})
        messages = {c.get("field"): c.get("desc") for c in qml.find("constraintExpressions")}
        hard = {c.get("field") for c in qml.find("constraints") if c.get("exp_strength") == "1"}
        check("%s: a row needs its proposal" % layer, "proposal" in hard)
        check("%s: laid out by QGIS" % layer, qml.findtext("editorlayout") == "generatedlayout")
        for (l, field), values in LISTS.items():
            if l == layer:
                found = [o.get("value") for o in widgets[field].iter("Option") if o.get("type") == "QString"]
                check("%s.%s offers %s" % (layer, field, found),
                      widgets[field].get("type") == "ValueMap" and found == values)
        for (l, field), message in RANGES.items():
            if l == layer:
                check("%s.%s says %s" % (layer, field, messages.get(field)), messages.get(field) == message)
    offered = [o.get("value") for o in {f.get("name"): f for f in style(db, "links").find("fieldConfiguration")}[
        "class"].iter("Option") if o.get("type") == "QString"]
    check("classes of car-osm are offered", {"motorway", "primary_link", "ferry"} <= set(offered))
    check("all of them, and none", len(offered) == 19)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "p.gpkg")
    done = run("-o", path)
    check("done: " + done.stderr, done.returncode == 0 and path in done.stdout)
    db = sqlite3.connect(path)
    check_layers(db)
    check_forms(db)
    titles = {row[0] for row in db.execute("SELECT identifier FROM gpkg_contents")}
    db.close()
    again = run("-o", path)
    check("a file that exists is kept: " + again.stderr, again.returncode == 4 and "--overwrite" in again.stderr)
    check("quiet", run("-q", "--overwrite", "-o", path).stdout == "")
    chinese = os.path.join(folder, "z.gpkg")
    check("Chinese", run("--lang", "zh", "-o", chinese).returncode == 0)
    db = sqlite3.connect(chinese)
    check("titles in Chinese", ("封闭",) in db.execute("SELECT identifier FROM gpkg_contents").fetchall())
    check_layers(db)
    db.close()
    check("titles in English", "Closures" in titles)
    for arguments, code in [((), 2), (("-o", folder + "/a.shp"), 2), (("-o", path, "town.gpkg"), 2),
                            (("-o", folder + "/b.gpkg", "--format", "CSV"), 2),
                            (("-o", folder + "/b.gpkg", "--network", "none.hsn"), 3),
                            (("-o", folder + "/no/b.gpkg"), 4)]:
        result = run(*arguments)
        check("template %s: %d %s" % (" ".join(arguments), result.returncode, result.stderr),
              result.returncode == code and result.stderr)
    check("nothing besides", sorted(os.listdir(folder)) == ["p.gpkg", "z.gpkg"])

print("template: %d failures" % failures)
sys.exit(failures != 0)
