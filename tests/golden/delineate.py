"""hourshed delineate on one street along the equator, walked at 100 m a minute; every figure below is worked out by hand.

The street runs from -1 to 11 km. Counties are boxes about it, 1 km to the north and south; nobody joins it from further than 400 m:
    c0  -1000 .. 1000   100 people at 100 m
    c1   1000 .. 3000   100 at 1500, 300 at 2500
    c2   3000 .. 5000   50 at 3500, 50 at 4500; with a hole, where lies
    e    3800 .. 4200   7 people, 700 m north of the street: no way
    c3   5000 .. 7100   400 at 5500, 600 at 6500
    c4   7100 .. 9000   10 at 7200, 90 at 8900
    c5   9000 .. 11000  5 at 9500, and 1 without a way
Centre a stands at 0: within 60 min (6 km) are all of c0, c1 and c2, 0.4 of c3, nobody else; means 1, 22.5, 40, -, 61, 87.3, 95.
Centre b stands at 10000: 5 of 6 in c5, all of c4 and c3, half of c2.
Whatever is counted so, is also computed from the times of hourshed circle, in plain Python.

Usage: delineate.py HOURSHED
"""
import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

from rail_town import METRE, WALK, expect, failed, line, run, write

NORTH = 1 / 110574.3
BOXES = {"c0": (-1000, 1000), "c1": (1000, 3000), "c2": (3000, 5000), "c3": (5000, 7100), "c4": (7100, 9000), "c5": (9000, 11000)}
PEOPLE = [("c0", 100, 0, 100), ("c1", 1500, 0, 100), ("c1", 2500, 0, 300), ("c2", 3500, 0, 50), ("c2", 4500, 0, 50),
          ("e", 4000, 700, 7), ("c3", 5500, 0, 400), ("c3", 6500, 0, 600), ("c4", 7200, 0, 10), ("c4", 8900, 0, 90),
          ("c5", 9500, 0, 5), ("c5", 9500, 800, 1)]
COUNTY = {"c0": (100, 0, 1, "a", "a"), "c1": (400, 0.3, 1, "a;b", ""), "c2": (100, 0.1, "1", "b", ""), "e": (7, 0, 0, "", ""),
          "c3": (1000, 0, "1", "", ""), "c4": (100, 0, "", "b ; a", ""), "c5": (6, 0.5, "", "b", "b")}
POPULATION = {c: values[0] for c, values in COUNTY.items()}
RULES = """about: of this test
rules:
  - name: commute
    commuting: {field: commuting, at_least: 0.3}
    enclaves: fill
    exclaves: drop
  - name: commute-kept
    about: with what lies apart
    commuting: {field: commuting, at_least: 0.3}
  - name: nested
    all_of:
      - any_of:
          - majority: {minutes: 60}
          - mean_at_most: {minutes: 95.5, reached_at_least: 0.8}
      - commuting: {field: commuting, at_least: 0.2}
"""


def ring(west, east, south=-1000, north=1000):
    return [[round(x * METRE, 7), round(y * NORTH, 7)] for x, y in
            ((west, south), (east, south), (east, north), (west, north), (west, south))]


def collection(name, features):
    write(name, json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]}))


def county(name):
    if name == "e":
        return {"type": "Polygon", "coordinates": [ring(3800, 4200, 500, 900)]}
    holes = [ring(3800, 4200, 500, 900)[::-1]] if name == "c2" else []
    return {"type": "Polygon", "coordinates": [ring(*BOXES[name])] + holes}


def make_inputs():
    write("walk.yaml", WALK)
    collection("street.geojson", [({"class": "residential"}, line(*range(-1000, 11001, 500)))])
    collection("counties.geojson", [
        (dict(zip(("id", "name", "population", "commuting", "scope", "of", "own"), (c, c.upper(), *COUNTY[c]))), county(c))
        for c in COUNTY])
    write("people.csv", "id,county,lon,lat,population\n" + "".join(
        "p%d,%s,%.7f,%.7f,%d\n" % (i, c, x * METRE, y * NORTH, n) for i, (c, x, y, n) in enumerate(PEOPLE)))
    write("towns.csv", "id,name,lon,lat,population,commuting,scope\n" + "".join(
        "%s,%s,%.7f,0,%d,0,%s\n" % (c, c.upper(), (sum(BOXES[c]) / 2 + 10) * METRE, POPULATION[c], COUNTY[c][2]) for c in BOXES))
    write("centres.csv", "id,name,lon,lat\na,Alpha,0,0\nb,Beta,%.7f,0\n" % (10000 * METRE))
    write("rules.yaml", RULES)
    write("list.txt", "\ufeffc0\r\nc1\n\n  c4  \n")
    run("build", "town.hsn", "--roads", "street.geojson", "--class-field", "class", "--profile", "walk.yaml", "-q")


def delineate(name, *options, zones="counties.geojson", people=("--population", "people.csv"), status=0, quiet=("-q",)):
    done = run("delineate", "town.hsn", "--zones", zones, *people, "-o", name, "--overwrite", *quiet, *options, status=status)
    return done


def rows(path, query):
    base = sqlite3.connect(path)
    base.row_factory = sqlite3.Row
    return [dict(row) for row in base.execute(query)]


def members(path, rule, centre="1", field="member"):
    return {r["candidate_id"] for r in rows(path, "select * from members") if r["rule"] == rule and r["centre_id"] == centre and r[field]}


def near(what, found, expected, slack=2e-3):
    good = len(found) == len(expected) and all(
        (a is None) == (b is None) and (a is None or abs(a - b) <= slack) for a, b in zip(found, expected))
    expect(what, good or found, True)


CAR = ("name: car\nmode: car\nuses: [car]\nrespects_oneway: yes\nrespects_turns: yes\nuses_tags: yes\nfactor: 1\n"
       "no_stop: []\nleg: {rule: nodes, speed_kmh: 30, detour: 1.3, cap_m: 2000}\nclasses:\n  road: {speed_kmh: 60}\n")
IN = {"c0", "c1", "c2", "e"}
BY_ONE_HOUR = {"majority-60": IN, "mean-60": IN, "share-or-mean-60": IN, "share-60-80": IN, "centroid-60": IN,
               "share-60-30": IN | {"c3"}, "any-60": IN | {"c3"}}


def check_shares(path):
    found = {r["candidate_id"]: r for r in rows(path, "select * from members where rule = 'majority-60'")}
    order = list(COUNTY)
    near("shares", [found[c]["share_60"] for c in order], [1, 1, 1, 0, 0.4, 0, 0], 0)
    near("means", [found[c]["mean_min"] for c in order], [1, 22.5, 40, None, 61, 87.3, 95])
    near("who has a way", [found[c]["reached_share"] for c in order], [1, 1, 1, 0, 1, 1, 5 / 6], 1e-12)
    near("points", [found[c]["time_min"] for c in ("c0", "c1", "e", "c3", "c4", "c5")], [0, 20, None, 60.5, 80.5, 100])
    near("people", [found[c]["population"] for c in order], [POPULATION[c] for c in order], 0)
    near("areas", [found[c]["area_km2"] for c in order], [4, 4, 3.84, 0.16, 4.2, 3.8, 4], 0.03)
    expect("what changed", {c: r["change"] for c, r in found.items() if r["change"]}, {"e": "enclave"})
    soonest = {c: r["soonest_min"] for c, r in found.items()}
    expect("the soonest of c3 is its land before its people", 50 < soonest["c3"] < 55, True)
    expect("half the land of c0 or less joins", 0 < found["c0"]["area_share_60"] < 0.5, True)


def check_from_times(path):
    """Shares and means again, from the times of a circle run of everybody."""
    run("circle", "town.hsn", "--to", "0,0", "--minutes", "1440", "--zones", "people.csv", "--edges", "none", "--cell", "5000",
        "--vertices", "16", "-q", "-o", "times.gpkg", "--overwrite")
    times = {r["from_id"]: r["time_min"] for r in rows("times.gpkg", "select * from od_times")}
    people = list(csv.DictReader(open("people.csv", encoding="utf-8")))
    for r in rows(path, "select * from members where rule = 'any-60'"):
        own = [(times[p["id"]], float(p["population"])) for p in people if p["county"] == r["candidate_id"]]
        there = [(t, n) for t, n in own if t is not None]
        total, reached = sum(n for _, n in own), sum(n for _, n in there)
        near("%s from times" % r["candidate_id"], [r["share_60"], r["reached_share"], r["mean_min"]],
             [sum(n for t, n in there if t <= 60) / total, reached / total,
              sum(t * n for t, n in there) / reached if reached else None], 1e-9)


def check_agreement(path):
    found = {(r["rule"], r["official"]): r for r in rows(path, "select * from agreement")}
    expect("a row a rule and list", len(found), 7 * 3)
    r = found["majority-60", "scope"]
    expect("counts", [r[k] for k in ("model", "listed", "both", "model_only", "official_only")], [4, 4, 3, 1, 1])
    near("ratios", [r[k] for k in ("jaccard", "recall", "precision")], [0.6, 0.75, 0.75], 1e-12)
    near("people", [r[k] for k in ("both_people", "model_only_people", "official_only_people", "jaccard_population", "recall_population",
                                   "precision_population")], [600, 7, 1000, 600 / 1607, 600 / 1600, 600 / 607], 1e-9)
    near("areas", [r[k] for k in ("both_km2", "model_only_km2", "official_only_km2")], [11.84, 0.16, 4.2], 0.09)
    near("areas, ratio", [r["jaccard_area"]], [r["both_km2"] / (r["both_km2"] + r["model_only_km2"] + r["official_only_km2"])], 1e-12)
    r = found["majority-60", "list"]
    expect("of a file: c0, c1, c4", [r[k] for k in ("listed", "both", "model_only", "official_only")], [3, 2, 2, 1])
    verdicts = {r["candidate_id"]: r["verdict"] for r in rows(path, "select * from members where rule = 'majority-60'")}
    expect("verdicts by the first list", verdicts, {"c0": "both", "c1": "both", "c2": "both", "e": "model only", "c3": "official only",
                                                    "c4": "neither", "c5": "neither"})
    listed = {r["candidate_id"] for r in rows(path, "select * from members where rule = 'any-60'") if r["in_list"]}
    expect("flags", listed, {"c0", "c1", "c4"})


def check_one_hour():
    done = delineate("one.gpkg", "--to", "0,0", "--official", "scope", "--official", "of1", status=2)
    expect("a field that is not there", "of1" in done.stderr, True)
    done = delineate("one.gpkg", "--to", "0,0", "--official", "scope", "--official", "own", "--official-list", "list.txt", status=3)
    expect("own names centres", 'own is "a"' in done.stderr and "ids of centres" in done.stderr, True)
    collection("flags.geojson", [(dict(zip(("id", "name", "population", "scope", "also"), (c, c, *COUNTY[c][:1], COUNTY[c][2], "yes" if c == "e" else "No"))),
                                  county(c)) for c in COUNTY])
    done = delineate("one.gpkg", "--to", "0,0", "--official", "scope", "--official", "also", "--official-list", "list.txt",
                     zones="flags.geojson", quiet=())
    expect("all of one-hour", {rule: members("one.gpkg", rule) for rule in BY_ONE_HOUR}, BY_ONE_HOUR)
    expect("e has no way by any rule", any("e" in members("one.gpkg", rule, field="by_rule") for rule in BY_ONE_HOUR), False)
    expect("the table names who differs", "by the rule alone: e" in done.stdout and "on the list alone: c3" in done.stdout, True)
    # of scope (c0 to c3) most agree with share-60-30 and any-60 (c0 to c3 and e): 4 / 5, and 1600 / 1607 people
    expect("the rule nearest to a list", "nearest to scope: share-60-30 (Jaccard 0.800, by people 0.996)" in done.stdout or done.stdout, True)
    check_shares("one.gpkg")
    check_from_times("one.gpkg")
    check_agreement("one.gpkg")
    whole = {r["rule"]: r for r in rows("one.gpkg", "select * from metropolis")}
    expect("circles as one", {rule: (r["members"], r["population"]) for rule, r in whole.items() if rule in ("majority-60", "any-60")},
           {"majority-60": (4, 607), "any-60": (5, 1607)})
    done = subprocess.run(["ogrinfo", "-q", "-dialect", "SQLite", "-sql", "select st_area(geom) as a, st_numgeometries(geom) as n, "
                           "(select sum(st_area(m.geom)) from members m where m.rule = 'majority-60' and m.member) as s from metropolis "
                           "where rule = 'majority-60'", "one.gpkg"], capture_output=True, text=True)
    shape = dict(part.strip().split(" (")[0:1] + [part.split("= ")[1]] for part in done.stdout.splitlines() if "= " in part)
    expect("dissolved without gaps", abs(float(shape["a"]) / float(shape["s"]) - 1) < 1e-9 and shape["n"], "1")
    words = {r["id"]: r["words"] for r in rows("one.gpkg", "select * from rules")}
    expect("in words", words["share-or-mean-60"], "at least 50 % of its people within 60 min or mean time of its people at most 60 min "
           "(99 % of them or more have a way); enclaves are filled; exclaves are dropped")
    expect("far off and on no list: no polygon but in candidates", {r["candidate_id"] for r in rows("one.gpkg", "select * from members "
           "where geom is null")} | {r["id"] for r in rows("one.gpkg", "select * from candidates where geom is null")}, {"c5"})
    collection("cells.geojson", [({"id": c, "population": 1}, county(c)) for c in ("c0", "c1")])
    delineate("cells.gpkg", "--to", "0,0", "--rule", "majority-60", zones="cells.geojson")
    delineate("flat", "--to", "0,0", "--rule", "majority-60", "--format", "FlatGeobuf")
    done = subprocess.run(["ogrinfo", "-q", "flat/members.fgb", "members"], capture_output=True, text=True)
    expect("rows without a polygon are rows", done.stdout.count("candidate_id (String)"), 7)
    styles = [rows(name, "select styleQML from layer_styles where f_table_name = 'members'")[0]["styleQML"] for name in ("one.gpkg", "cells.gpkg")]
    expect("named where they have names", ['fieldName="name"' in style for style in styles], [True, False])
    expect("no overlap of one centre", rows("one.gpkg", "select * from sqlite_master where name = 'overlap'"), [])


def check_own_rules():
    delineate("own.gpkg", "--to", "0,0", "--rules", "rules.yaml", "--lang", "zh")
    expect("by commuting", members("own.gpkg", "commute"), {"c0", "c1"})
    expect("with what lies apart", members("own.gpkg", "commute-kept"), {"c0", "c1", "c5"})
    expect("nested conditions, nothing cleaned", members("own.gpkg", "nested"), {"c0", "c1", "c5"})
    changes = {(r["rule"], r["candidate_id"]): r["change"] for r in rows("own.gpkg", "select * from members") if r["change"]}
    expect("why", changes, {("commute", "c0"): "core", ("commute", "c5"): "exclave", ("commute-kept", "c0"): "core", ("nested", "c0"): "core"})
    rules = {r["id"]: r for r in rows("own.gpkg", "select * from rules")}
    expect("in Chinese", rules["commute"]["words"], "commuting不低于0.3；补入被包围的单元；去除不相连的单元")
    expect("as it was read", json.loads(rules["nested"]["definition"]), {
        "name": "nested", "all_of": [{"any_of": [{"share_within": {"minutes": 60, "at_least": 0.5}},
                                                 {"mean_at_most": {"minutes": 95.5, "reached_at_least": 0.8}}]},
                                     {"commuting": {"field": "commuting", "at_least": 0.2}}], "enclaves": "keep", "exclaves": "keep"})
    delineate("two.gpkg", "--to", "0,0", "--rules", "rules.yaml", "--rules", "minutes", "--rule", "half-within-75", "--rule", "commute")
    expect("in the order of --rule", [r["id"] for r in rows("two.gpkg", "select * from rules")], ["half-within-75", "commute"])
    expect("75 minutes", members("two.gpkg", "half-within-75"), {"c0", "c1", "c2", "c3", "e"})
    delineate("core.gpkg", "--origins", "centres.csv", "--rule", "majority-60", "--core", "own", "--minutes", "90")
    near("further cut-offs", [r["share_90"] for r in rows("core.gpkg", "select * from members where centre_id = 'a' and candidate_id = 'c4'")], [1], 0)


def check_nested():
    options = ("--origins", "centres.csv", "--rule", "majority-60", "--rule", "share-60-30", "--official", "of")
    done = delineate("nested.gpkg", *options, "--json")
    expect("of b", members("nested.gpkg", "majority-60", "b"), {"c2", "c3", "c4", "c5", "e"})
    found = {r["id"]: r for r in rows("nested.gpkg", "select * from candidates")}
    expect("in how many", {c: r["circles_majority_60"] for c, r in found.items()}, {"c0": 1, "c1": 1, "c2": 2, "e": 2, "c3": 1, "c4": 1, "c5": 1})
    expect("whose", {c: r["best_id"] for c, r in found.items()}, {"c0": "a", "c1": "a", "c2": "a", "e": None, "c3": "b", "c4": "b", "c5": "b"})
    near("how near", [found[c]["best_mean_min"] for c in ("c0", "c1", "c2", "c3", "c4", "c5")], [1, 22.5, 40, 39, 12.7, 5])
    delineate("short.gpkg", *options, "--horizon", "60")  # of c2 half cannot come to b: (55 + 60) / 2 against 40
    expect("those who cannot come count as the horizon", [r["best_id"] for r in rows("short.gpkg", "select * from candidates where id = 'c2'")], ["a"])
    shared = {r["rule"]: r for r in rows("nested.gpkg", "select * from overlap")}
    r = shared["majority-60"]
    expect("in both circles", (r["centre_id"], r["other_id"], r["members"], r["population"]), ("a", "b", 2, 107))
    near("square kilometres, Jaccard", [r["area_km2"], r["jaccard"]], [4, 2 / 7], 0.03)
    lists = {(r["centre_id"], r["rule"]): r for r in rows("nested.gpkg", "select * from agreement")}
    expect("official of a: c0, c1, c4", [lists["a", "majority-60"][k] for k in ("listed", "both", "model_only")], [3, 2, 2])
    expect("of b: c1, c2, c4, c5", [lists["b", "majority-60"][k] for k in ("listed", "both", "official_only")], [4, 3, 1])
    report = json.loads(done.stdout) if done.stdout else {}
    expect("told", {(l["circles"], l["candidates"], l["population"]) for l in report.get("nesting", []) if l["rule"] == "majority-60"},
           {(1, 5, 1606), (2, 2, 107)})
    expect("who is missed", [l["official_only_names"] for l in report["circles"] if l["rule"] == "majority-60"], ["C4", "C1"])
    for threads in ("1", "3"):
        delineate("again.gpkg", *options, "--threads", threads)
        for table in ("members", "candidates", "metropolis", "agreement", "overlap"):
            expect("%s with %s threads" % (table, threads), rows("again.gpkg", "select * from " + table), rows("nested.gpkg", "select * from " + table))


def check_without_people():
    """A county's own field, evenly over its land: then people and land are shared alike."""
    delineate("even.gpkg", "--to", "0,0", people=())
    for r in rows("even.gpkg", "select * from members where rule = 'any-60'"):
        near("%s evenly" % r["candidate_id"], [r["share_60"]], [r["area_share_60"]], 1e-9)
    near("people of it", [r["population"] for r in rows("even.gpkg", "select * from candidates")], [POPULATION[c] for c in COUNTY], 1e-9)
    done = delineate("dots.gpkg", "--to", "0,0", zones="towns.csv", people=())
    expect("points have no borders", "candidates are points" in done.stderr, True)
    expect("points", members("dots.gpkg", "majority-60"), {"c0", "c1", "c2"})
    expect("a note of it", {r["note"] for r in rows("dots.gpkg", "select * from rules")}, {"candidates are points: no enclaves, no exclaves"})
    delineate("bare.gpkg", "--to", "0,0", "--rule", "centroid-60", people=())
    write("shape.csv", "id,lon,lat\nx,0.001,0\ny,0.002,0\n")
    delineate("bare.gpkg", "--to", "0,0", "--rule", "centroid-60", zones="shape.csv", people=())
    expect("no people are asked for", [r["population"] for r in rows("bare.gpkg", "select * from metropolis")], [None])


def check_raster():
    """Cells of 500 m with 10 people each, along the street; the one from 7000 to 7500 lies in c3 by a fifth."""
    from osgeo import gdal, osr
    west, cells = -1000, 24
    raster = gdal.GetDriverByName("GTiff").Create("people.tif", cells, 1, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((west * METRE, 500 * METRE, 0, 250 * NORTH, 0, -500 * NORTH))
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    raster.SetProjection(system.ExportToWkt())
    raster.GetRasterBand(1).Fill(10)
    raster = None
    delineate("raster.gpkg", "--to", "0,0", "--rule", "majority-60", people=("--population", "people.tif"))
    found = {r["candidate_id"]: r for r in rows("raster.gpkg", "select * from members")}
    near("people of cells", [found[c]["population"] for c in ("c0", "c1", "c2", "e", "c3", "c4", "c5")], [40, 40, 40, 0, 42, 38, 40], 1e-6)
    near("all within", [found[c]["share_60"] for c in ("c0", "c1", "c2", "e", "c5")], [1, 1, 1, None, 0], 1e-9)
    expect("half of c3, less who walk to the street", 0.4 < found["c3"]["share_60"] < 20 / 42, True)


def check_study_and_rerun():
    write("study.yaml", "title: Kreis\nnetwork: town.hsn\ncommand: delineate\norigins: centres.csv\nzones: counties.geojson\n"
          "population: people.csv\nrules: [rules.yaml, one-hour]\nrule: [commute, majority-60]\nofficial: of\noutput: study.gpkg\n")
    run("run", "study.yaml", "--overwrite", "-q")
    expect("by a study", (members("study.gpkg", "majority-60", "b"), members("study.gpkg", "commute", "a")),
           ({"c2", "c3", "c4", "c5", "e"}, {"c0", "c1"}))
    made = json.loads(run("info", "study.gpkg", "--json").stdout)
    expect("commuters arrive", made["configuration"]["direction"], "to")
    expect("rules are inputs", [i["name"] for i in made["inputs"] if i["role"] == "rules"], ["rules.yaml", "one-hour.yaml"])
    os.mkdir("elsewhere")
    os.rename("rules.yaml", "elsewhere/rules.yaml")
    run("rerun", "study.gpkg", "--inputs", "elsewhere", "-q")
    os.rename("elsewhere/rules.yaml", "rules.yaml")


def square(west, south, east, north):
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def check_one_way():
    """Towns A, B, C, I; A to B 20 min, B to A only by C: 30 + 40. I is an island, reached from nowhere. A kilometre a minute; B and C lie
    within the hour of A, but of them C alone comes to A within it. Boxes: b and c touch a's corners or sides as said."""
    os.mkdir("ways")
    write("ways/nodes.csv", "id,name,lon,lat,stop\nA,A,113.05,22.05,yes\nB,B,113.15,22.05,yes\nC,C,113.15,22.15,yes\nI,I,113.55,22.05,yes\n"
          "J,J,113.56,22.05,yes\n")
    write("ways/links.csv", "id,from,to,class,length_km,oneway\nab,A,B,road,20,yes\nbc,B,C,road,30,yes\nca,C,A,road,40,yes\nij,I,J,road,5,no\n")
    write("car.yaml", CAR)
    run("build", "ways.hsn", "--corridor", "ways", "--profile", "car.yaml", "-q")
    boxes = {"a": (113.0, 22.0, 113.1, 22.1), "b": (113.1, 22.0, 113.2, 22.1), "c": (113.1, 22.1, 113.2, 22.2), "i": (113.5, 22.0, 113.6, 22.1)}
    people = {"a": 10, "b": 20, "c": 30, "i": 40}
    zones = [({"id": z, "population": people[z], "commuting": {"c": 0.5, "i": 0.4}.get(z, 0)}, square(*boxes[z])) for z in boxes]
    collection("boxes.geojson", zones)
    write("where.csv", "id,lon,lat,population\na,113.05,22.05,10\nb,113.15,22.05,20\nc,113.15,22.15,30\ni,113.55,22.05,40\n")
    write("two.csv", "id,lon,lat\na,113.05,22.05\nc,113.15,22.15\n")

    def circle(*options, people=("--population", "where.csv"), zones="boxes.geojson", rule="centroid-60", origins=("--origins", "two.csv")):
        run("delineate", "ways.hsn", "--zones", zones, *people, *origins, "-o", "ways.gpkg", "--overwrite", "-q", "--rule", rule, *options)
        return {(r["centre_id"], r["candidate_id"]): r for r in rows("ways.gpkg", "select * from members")}

    found = circle()
    near("minutes to a, then to c", [found[o, z]["mean_min"] for o in "ac" for z in "abci"], [0, 70, 40, None, 50, 30, 0, None], 1e-6)
    found = circle("--direction", "from")
    near("minutes from a, then from c", [found[o, z]["mean_min"] for o in "ac" for z in "abci"], [0, 20, 50, None, 40, 60, 0, None], 1e-6)
    found = circle(rule="majority-60")
    # b, 70 minutes from a, has a way out to the south: no enclave; c touches a by a corner alone: an exclave
    expect("of a: by the rule a and c, which touch at a corner", {z: (found["a", z]["by_rule"], found["a", z]["change"], found["a", z]["member"]) for z in "abci"},
           {"a": (1, None, 1), "b": (0, None, 0), "c": (1, "exclave", 0), "i": (0, None, 0)})
    expect("nobody reaches the island", (found["a", "i"]["reached_share"], found["a", "i"]["share_60"], found["a", "i"]["soonest_min"]), (0, 0, None))

    # the mean is of those who have a way: half of d's people have none
    write("half.csv", "id,lon,lat,population\nd,113.15,22.15,50\nd2,113.19,22.19,50\na,113.05,22.05,10\n")
    write("mean.yaml", "rules:\n  - name: loose\n    mean_at_most: {minutes: 60, reached_at_least: 0.5}\n"
          "  - name: strict\n    mean_at_most: {minutes: 60, reached_at_least: 0.51}\n")
    for rule, member in (("loose", 1), ("strict", 0)):
        r = circle("--rules", "mean.yaml", people=("--population", "half.csv"), rule=rule)["a", "c"]
        expect("half without a way: " + rule, (r["member"], r["mean_min"], r["reached_share"], r["population"]), (member, 40, 0.5, 100))

    # i, an island that borders nobody, commutes: out with exclaves: drop, in with keep
    write("flow.yaml", "rules:\n" + "".join("  - name: %s\n    commuting: {field: commuting, at_least: 0.3}\n    exclaves: %s\n" % (w, w) for w in ("drop", "keep")))
    for rule, member in (("drop", 0), ("keep", 1)):
        expect("an island county, exclaves: " + rule, circle("--rules", "flow.yaml", rule=rule)["a", "i"]["member"], member)

    done = run("delineate", "ways.hsn", "--zones", "boxes.geojson", "--population", "where.csv", "--origins", "two.csv", "--rules", "flow.yaml", "-o",
               "alike.gpkg")
    expect("one rate for two centres is told", "takes commuting as the commuting to each of 2 centres alike" in done.stderr or done.stderr, True)

    # a and c as one candidate of two parts that touch at a corner; two centres in it; i without people; none in candidate x
    parts = {"type": "MultiPolygon", "coordinates": [square(*boxes[z])["coordinates"] for z in "ac"]}
    collection("parts.geojson", [({"id": "ac", "population": 40}, parts), zones[1], ({"id": "i", "population": 0}, square(*boxes["i"]))])
    found = circle(zones="parts.geojson", rule="majority-60", origins=("--origins", "two.csv"))
    expect("both centres' own", [found[o, "ac"]["member"] for o in "ac"], [1, 1])
    near("people of both parts", [found["a", z]["population"] for z in ("ac", "b", "i")], [40, 20, 40], 0)
    found = circle(zones="parts.geojson", rule="majority-60", people=())
    near("without people no share, no mean", [found["a", "i"][k] for k in ("share_60", "mean_min", "reached_share")], [None] * 3, 0)

    # ids of candidates that are numbers: the one called 1 is not the own one of a centre of --to, which is called 1, too
    collection("numbers.geojson", [({"id": i, "population": 1}, square(*boxes[z])) for i, z in (("2", "a"), ("3", "b"), ("1", "c"))])
    found = circle(zones="numbers.geojson", rule="majority-60", origins=("--to", "113.05,22.05"))
    expect("an id by accident", {z: r["change"] for (_, z), r in found.items()}, {"1": "exclave", "2": None, "3": None})

    # a commuting rate that some candidate lacks is an error that names it
    collection("lacks.geojson", [zones[0], ({"id": "b", "population": 20, "commuting": None}, square(*boxes["b"]))])
    done = run("delineate", "ways.hsn", "--zones", "lacks.geojson", "--origins", "two.csv", "--rules", "flow.yaml", "-o", "bad.gpkg", status=3)
    expect("the one without", "feature b has no commuting" in done.stderr or done.stderr, True)
    # a centre in no candidate: told; its exclaves stay
    collection("apart.geojson", zones[1:])
    done = run("delineate", "ways.hsn", "--zones", "apart.geojson", "--population", "where.csv", "--to", "113.05,22.05", "-o", "apart.gpkg", "--rule", "majority-60")
    expect("in no candidate", "lies in no candidate" in done.stderr, True)
    expect("c stays", members("apart.gpkg", "majority-60"), {"c"})


BAD = [
    ("no such rule", ("--rule", "majority-61"), 2, 'no rule "majority-61"; there are majority-60, mean-60'),
    ("no such set", ("--rules", "national"), 3, 'no rules "national"'),
    ("no rule file", ("--rules", "none.yaml"), 3, "none.yaml"),
    ("no candidates", ("--zones", ""), 3, ""),
    ("two profiles", ("--profile", "walk", "--profile", "walk"), 2, "a delineation has one"),
    ("a horizon before the hour", ("--horizon", "30"), 2, "horizon of 30 minutes: a cut-off is 60"),
    ("no such core", ("--core", "of2"), 2, "of2"),
    ("a core of nobody", ("--core", "name"), 3, 'name is "C0", which is no centre\'s id'),
    ("an id that is no candidate's", ("--official-list", "stranger.txt"), 3, 'stranger.txt line 2: "c9" is no candidate\'s id'),
    ("an id twice", ("--official-list", "twice.txt"), 3, 'twice.txt line 3: "c1" stands there twice'),
    ("an empty list", ("--official-list", "nobody.txt"), 3, "official list nobody has no member"),
    ("a list that says other things", ("--official", "name"), 3, 'name is "C0"; yes or no'),
    ("a list twice", ("--official", "scope", "--official", "scope"), 2, "--official scope is said twice"),
    ("a mass that is not there", ("--mass", "men"), 2, "men"),
    ("people of both", ("--zone-mass", "population"), 2, "--zone-mass: nothing with --population"),
    ("two lists of one name", ("--official", "scope", "--official-list", "scope.txt"), 2, "two official lists are called scope"),
    ("rules of a field that is not there", ("--rules", "field.yaml"), 2, "flow"),
]
BAD_RULES = {
    "above": ("rules:\n  - name: x\n    share_within: {minutes: 60, at_least: 1.5}\n", 'above.yaml line 3: at_least is "1.5"; a number above 0 and at most 1'),
    "percent": ("rules:\n  - name: x\n    share_within:\n      minutes: 60\n      at_least: 50%\n", 'percent.yaml line 5: at_least is "50%"'),
    "unknown": ("rules:\n  - name: x\n    share_inside: {minutes: 60}\n", 'unknown.yaml line 3: "share_inside" is no condition'),
    "missing": ("rules:\n  - name: x\n\n    share_within: {minutes: 60}\n", 'missing.yaml line 4: key "at_least" is missing'),
    "second": ("rules:\n  - name: x\n    majority: {minutes: 60}\n    centroid_within: {minutes: 60}\n", "second.yaml line 4: a second condition"),
    "nothing": ("rules:\n  - name: x\n    enclaves: fill\n", "nothing.yaml line 2: rule x has no condition"),
    "noname": ("rules:\n  - majority: {minutes: 60}\n", 'noname.yaml line 2: key "name" is missing'),
    "twice": ("rules:\n  - name: x\n    majority: {minutes: 60}\n  - name: x\n    majority: {minutes: 50}\n", "twice.yaml line 4: a second rule x"),
    "capitals": ("rules:\n  - name: TD-T 2021\n    majority: {minutes: 60}\n", 'capitals.yaml line 2: name "TD-T 2021"'),
    "empty": ("rules: []\n", "empty.yaml line 1: rules is an empty list"),
    "anyof": ("rules:\n  - name: x\n    any_of: []\n", "anyof.yaml line 3: any_of is an empty list"),
    "two": ("rules:\n  - name: x\n    any_of:\n      - majority: {minutes: 60}\n        centroid_within: {minutes: 60}\n",
            "two.yaml line 4: 2 keys; each entry of any_of is one condition"),
    "minutes": ("rules:\n  - name: x\n    majority: {minutes: -5}\n", 'minutes.yaml line 3: minutes is "-5"'),
    "enclaves": ("rules:\n  - name: x\n    majority: {minutes: 60}\n    enclaves: drop\n", 'enclaves.yaml line 4: enclaves is "drop"; fill or keep'),
    "none": ("about: nothing\n", 'none.yaml line 1: key "rules" is missing'),
}


def refused(what, options, status, words, **more):
    done = delineate("bad.gpkg", "--to", "0,0", *options, status=status, **more)
    expect(what, words in done.stderr or done.stderr, True)
    expect(what + ": one line", done.stderr.count("\n") <= 2, True)
    expect(what + ": no file", os.path.exists("bad.gpkg"), False)


def check_bad():
    write("stranger.txt", "c0\nc9\n")
    write("twice.txt", "c0\nc1\nc1\n")
    write("nobody.txt", "\n")
    write("scope.txt", "c0\n")
    write("field.yaml", "rules:\n  - name: flow\n    commuting: {field: flow, at_least: 0.1}\n")
    for what, options, status, words in BAD:
        refused(what, options, status, words)
    for name, (text, words) in BAD_RULES.items():
        write(name + ".yaml", text)
        refused("rules: " + name, ("--rules", name + ".yaml"), 3, words)
    collection("empty.geojson", [({"id": c, "population": 0}, county(c)) for c in ("c0", "c1")])
    refused("candidates without population", (), 3, "nobody lives in any of 2 candidates", zones="empty.geojson", people=())
    collection("gaps.geojson", [({"id": c, "population": 5 if c == "c0" else None}, county(c)) for c in ("c0", "c1")])
    refused("a candidate without its number", (), 3, "feature c1 has no population", zones="gaps.geojson", people=())
    collection("same.geojson", [({"id": "x", "population": 5}, county(c)) for c in ("c0", "c1")])
    refused("two candidates of one id", (), 3, 'id "x" stands twice', zones="same.geojson", people=())
    refused("people within points", (), 2, "candidates are points", zones="towns.csv")
    write("far.csv", "id,lon,lat,population\np,50,50,100\n")
    refused("people elsewhere", (), 3, "lies in none", people=("--population", "far.csv"))


def main():
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        make_inputs()
        check_one_hour()
        check_own_rules()
        check_nested()
        check_without_people()
        check_raster()
        check_one_way()
        check_study_and_rerun()
        check_bad()
        os.chdir("/")
    print("%d failed" % len(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
