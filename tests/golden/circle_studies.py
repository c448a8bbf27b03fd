"""The studies of Nanjing's circle and of incomes beside access: circle_studies.py PROGRAM

Every figure of the two README tables is taken from a run; the facts about counties add up to what was published; the
sketched cells have the areas and hold the people they were made for; rerun finds the same again.
"""
import csv
import json
import math
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NANJING, INCOMES = (ROOT / "geodata" / "studies" / name for name in ("nanjing-circle", "inequality-gba"))
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
    return done.stdout


def rows(name, query, *values):
    return sqlite3.connect(name).execute(query, values).fetchall()


def table(readme, head):
    """Rows of cells of the table whose first line begins so."""
    lines = readme.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(head))
    out = []
    for line in lines[first + 2:]:
        if not line.startswith("|"):
            return out
        out.append([cell.strip().replace("*", "") for cell in line.strip("|").split("|")])
    return out


def check_facts():
    counties = list(csv.DictReader(open(NANJING / "counties.csv", encoding="utf-8")))
    expect("counties", len(counties), 79)
    expect("people of Nanjing", sum(int(c["population"]) for c in counties if c["city"] == "nanjing"), 9314685)
    for scope, km2, people, share in (("scope_27", 27000, 20e6, .07), ("scope_65", 66000, 35.46e6, .02)):
        members = [c for c in counties if c[scope] == "1"]
        area, count = (sum(float(c[k]) for c in members) for k in ("area_km2", "population"))
        expect(f"{scope}: {area:.0f} km2 and {count:.0f} people near the published",
               abs(area / km2 - 1) < share and abs(count / people - 1) < share, True)
    people = {}
    for row in csv.DictReader(open(NANJING / "people.csv", encoding="utf-8")):
        people[row["county"]] = people.get(row["county"], 0) + int(row["population"])
    expect("people at places", people, {c["id"]: int(c["population"]) for c in counties})
    # cells on the sphere of equal area: rings are short, so latitude times longitude of each trapezium will do
    for feature in json.load(open(NANJING / "counties.geojson", encoding="utf-8"))["features"]:
        area = 0.0
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
                    area += math.radians(x0 - x1) * (math.sin(math.radians(y0)) + math.sin(math.radians(y1))) / 2
        km2, wanted = abs(area) * 6371.0072 ** 2, feature["properties"]["area_km2"]
        expect(f"area of {feature['properties']['id']}: {km2:.1f}", abs(km2 / wanted - 1) < 5e-3 + 0.3 / wanted, True)


def check_nanjing():
    run("run", NANJING / "study.yaml", "-q")
    run("run", NANJING / "rail.yaml", "-q")
    columns = (("nanjing-circle.gpkg", "scope_27"), ("nanjing-circle.gpkg", "scope_65"),
               ("nanjing-circle-peak.gpkg", "scope_27"), ("nanjing-circle-rail.gpkg", "scope_27"))
    for cells in table(NANJING / "README.md", "| half of the people within"):
        rule = "half-within-" + cells[0].split()[0]
        for (file, scope), said in zip(columns, cells[1:], strict=True):
            found = rows(file, "select jaccard, recall, precision from agreement where rule = ? and official = ?", rule, scope)
            expect(f"{file} {scope} {rule}", "{:.2f} ({:.2f} / {:.2f})".format(*found[0]), said)
    best = {r[0]: r[1] for r in rows("nanjing-circle.gpkg", "select rule, round(jaccard, 2) from agreement where official = 'scope_27'")}
    expect("the loosest and the strictest hour", (best["any-60"], best["share-60-80"]), (0.62, 0.39))
    expect("the hour by half of the people", rows("nanjing-circle.gpkg", "select model, round(both_km2 + model_only_km2), "
           "round((both_people + model_only_people) / 1e6, 1) from agreement where rule = 'majority-60' and official = 'scope_27'"),
           [(19, 12929.0, 12.5)])
    expect("by rail", rows("nanjing-circle-rail.gpkg", "select model from agreement where rule = 'majority-60'"), [(12,), (12,)])
    expect("nothing changes on another run", "equal" in run("rerun", "nanjing-circle.gpkg", "--inputs", NANJING), True)


def check_incomes():
    run("run", INCOMES / "study.yaml", "-q")
    file = "inequality-gba.gpkg"
    scale = {"people": ("people_60", 1e-6, 2), "GDP within": ("gdp_60", 0.1, 0), "potential": ("potential", 1, 0),
             "weighted": ("mean_time_min", 1, 1)}
    for cells in table(INCOMES / "README.md", "| mean over people"):
        name = next((k for k in scale if cells[0].startswith(k)), None)
        if not name:
            continue
        measure, factor, digits = scale[name]
        values = {(s, g): v * factor for s, g, v in
                  rows(file, 'select scenario, "group", value from inequality where measure = ? and statistic = ?', measure, "mean")}
        shown = []
        for scenario in ("baseline", "2024"):
            a, b = values[scenario, "guangzhou"], values[scenario, "zhaoqing"]
            shown += [f"{a:,.{digits}f}", f"{b:,.{digits}f}", f"{a / b if a > b or measure != 'mean_time_min' else b / a:.2f}"]
        expect(cells[0], shown, cells[1:])
    gini = dict(rows(file, "select scenario || measure, round(value, 3) from inequality where statistic = 'gini'"))
    text = (INCOMES / "README.md").read_text(encoding="utf-8")
    for measure in ("people_60", "potential"):
        expect(f"Gini of {measure} is told", re.search(f"{gini['baseline' + measure]:.3f} to {gini['2024' + measure]:.3f}", text)
               is not None, True)


def main():
    os.environ["HOURSHED_GEODATA"] = str(ROOT / "geodata")
    check_facts()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        check_nanjing()
        check_incomes()
        os.chdir("/")
    sys.exit(1 if wrong else 0)


main()
