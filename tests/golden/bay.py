#!/usr/bin/python3
"""bay.py PROGRAM GEODATA [quick]: the Greater Bay Area before the works of 2024, with them drawn as proposals, is the network
built with them: every city to every place, to the millisecond, from and to; by rank too, whose gains are recomputed
here from the times. The same with the Humen Bridge closed against a network without it. quick: from only, no rank."""
import csv
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM, GEODATA, QUICK = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] == ["quick"]
STUDY = GEODATA / "studies/shenzhen-zhongshan"
failed = 0


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments), "-q"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr}")


def rows(path, query):
    return sqlite3.connect(path).execute(query).fetchall()


def expect(what, found, expected):
    global failed
    if found != expected:
        failed += 1
        print(f"FAILED {what}\n found:    {str(found)[:300]}\n expected: {str(expected)[:300]}")


def times(path):
    return {(a, b): t for a, b, t in rows(path, "select from_id, to_id, round(time_min * 60000) from od_times")}


def check_ranking(work, points, places):
    """Every eighth place to each other, gains by hand from two matrices."""
    some = work / "some.csv"
    with open(some, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, points[0].keys())
        out.writeheader()
        out.writerows(points[::8])
    people = {row["id"]: float(row["population"]) for row in points[::8]}
    places = [places[0], some, places[2], some, *places[4:]]
    for name in ("before", "after"):
        run("circle", work / f"{name}.hsn", "--minutes", 60, *places, "-o", work / f"{name}-all.gpkg")
    within = {name: {pair for pair, t in times(work / f"{name}-all.gpkg").items() if t is not None and t <= 3600000}
              for name in ("before", "after")}
    gain = {name: sum(people[a] * people[b] for a, b in pairs if a != b) for name, pairs in within.items()}
    expected = (gain["after"] - gain["before"]) / sum(people.values())
    run("rank", work / "before.hsn", "--proposals", STUDY / "proposals.geojson", "--zones", some, "--minutes", 60,
        "-o", work / "rank.gpkg")
    found = rows(work / "rank.gpkg", "select access_gain from ranking where \"set\" = 'together'")[0][0]
    expect("people newly within the hour, all four works", round(found, 4), round(expected, 4))


def main():
    work = pathlib.Path(tempfile.mkdtemp())
    points = list(csv.DictReader(open(STUDY / "points.csv", encoding="utf-8")))
    places = ["--origins", STUDY / "cities.csv", "--zones", STUDY / "points.csv", "--edges", "none", "--cell", 10000,
              "--vertices", 16]
    for name, folder, day in (("before", STUDY, "2024-06-29"), ("after", STUDY, "2024-12-31")):
        run("build", work / f"{name}.hsn", "--corridor", folder, "--as-of", day, "--profile", "car-corridor")
    for direction in ("from",) if QUICK else ("from", "to"):
        run("compare", work / "before.hsn", "--proposals", STUDY / "proposals.geojson", "--minutes", 10,
            "--direction", direction, *places, "-o", work / f"{direction}.gpkg")
        run("circle", work / "after.hsn", "--minutes", 400, "--direction", direction, *places,
            "-o", work / f"built-{direction}.gpkg")
        drawn = {(o, z) if direction == "from" else (z, o): t for o, z, t in rows(
            work / f"{direction}.gpkg", "select origin_id, zone_id, round(after_min * 60000) from zones")}
        built = times(work / f"built-{direction}.gpkg")
        expect(f"{len(built)} pairs {direction} the cities", drawn, built)
        expect("as many as there are", len(built), 11 * len(points))

    if not QUICK:
        check_ranking(work, points, places)

    # a closure against a network without the bridge
    cut = work / "cut"
    cut.mkdir()
    for name in ("nodes.csv", "land.geojson"):
        (cut / name).write_bytes((STUDY / name).read_bytes())
    links = list(csv.DictReader(open(STUDY / "links.csv", encoding="utf-8")))
    with open(cut / "links.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, links[0].keys())
        out.writeheader()
        out.writerows(row for row in links if row["id"] != "l016")  # the bridge itself
    run("build", work / "cut.hsn", "--corridor", cut, "--as-of", "2024-06-29", "--profile", "car-corridor")
    run("circle", work / "cut.hsn", "--minutes", 400, *places, "-o", work / "cut.gpkg")
    run("compare", work / "before.hsn", "--proposals", GEODATA / "studies/humen-closed/closures.geojson", "--minutes", 10,
        *places, "-o", work / "closed.gpkg")
    closed = {(o, z): t for o, z, t in rows(work / "closed.gpkg",
                                            "select origin_id, zone_id, round(after_min * 60000) from zones")}
    expect("the Humen Bridge closed, or never built", closed, times(work / "cut.gpkg"))
    slower = rows(work / "closed.gpkg", "select count(*) from zones where after_min > before_min + 1")[0][0]
    expect("the bridge was of use", slower > 50, True)
    print(f"{failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
