#!/usr/bin/python3
"""access.py PROGRAM HERE: measures from end to end. HERE is tests/golden; every number is printed, or worked out by hand.

Four cities E, W, N, S: people 10, 4, 8, 2, GDP 20, 4, 12, 1, m = sqrt(people x GDP); a link from E to W of 30 minutes
makes `after` of `before`. What is expected was computed by a program apart and can be checked on paper; so is what
the same towns of tests/golden/bridge give by network, where a zone is at 0 minutes from itself."""
import csv
import json
import math
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM, HERE = sys.argv[1], pathlib.Path(sys.argv[2])
CITIES = "EWNS"
PEOPLE = dict(zip(CITIES, (10, 4, 8, 2)))
BEFORE = ((10, 120, 60, 150), (120, 8, 60, 30), (60, 60, 9, 90), (150, 30, 90, 6))
AFTER = ((10, 30, 60, 60), (30, 8, 60, 30), (60, 60, 9, 90), (60, 30, 90, 6))
failed = 0


def run(*arguments, code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, arguments))}: exit {done.returncode}: {done.stderr}")
    return done


def expect(what, found, expected):
    global failed
    if found != expected:
        failed += 1
        print(f"FAILED {what}\n found:    {str(found)[:400]}\n expected: {str(expected)[:400]}")


def near(what, found, expected, tolerance):
    good = len(found) == len(expected) and all(
        a is not None and abs(a - b) <= tolerance for a, b in zip(found, expected))
    expect(what, "close" if good else found, "close" if good else expected)


def rows(path, query, *values):
    return sqlite3.connect(path).execute(query, values).fetchall()


def column(path, name, layer="access"):
    """In the order of the cities."""
    found = dict(rows(path, f"select id, [{name}] from {layer}"))
    return [found[city] for city in CITIES]


def matrix(path, table, cities=CITIES):
    with open(path, "w", encoding="utf-8") as file:
        file.write("from_id,to_id,time_min\n")
        for a, row in zip(cities, table):
            for b, minutes in zip(cities, row):
                file.write(f"{a},{b},{minutes}\n")


def of_matrices(work):
    matrix(work / "before.csv", BEFORE)
    matrix(work / "after.csv", AFTER)
    (work / "cities.csv").write_text("id,population,gdp\nE,10,20\nW,4,4\nN,8,12\nS,2,1\n")
    out = work / "toy.gpkg"
    done = run("access", "--matrix", work / "before.csv", "--scenario-matrix", f"after={work}/after.csv",
               "--zones", work / "cities.csv", "--measure", "mean_time:mass2=gdp,as=watt",
               "--measure", "coefficient:mass2=gdp,as=coefficient", "--measure", "potential:as=potential",
               "--measure", "potential:self=no,as=others", "--measure", "daily:cutoff=30:60",
               "--measure", "linkage_total:mass2=gdp,as=linkages", "--measure", "linkage:mass2=gdp,as=linkage",
               "--measure", "daily:cutoff=60,direction=passive,as=reached_by",
               "--measure", "field:self=no,as=field",
               "--inequality", "cv:population=1", "-o", out, "--json")
    printed = {  # before, after; and how many digits are printed
        "watt": ((84.143772, 91.793482, 62.169444, 111.779745), (52.111580, 41.593247, 62.169444, 66.225418), 5e-7),
        "coefficient": ((.961955, 1.049409, .710739, 1.277897), (.938526, .749091, 1.119667, 1.192715), 5e-7),
        "potential": ((1.18, .783333, 1.144444, .622222), (1.3, 1.033333, 1.144444, .722222), 5e-7),
        "others": ((.18, .283333, .255556, .288889), (.3, .533333, .255556, .388889), 5e-7),
        "daily_population_60": ((18, 14, 22, 6), (24, 24, 22, 16), 0),
        "daily_population_30": ((10, 6, 8, 6), (14, 16, 8, 6), 0),
        "reached_by": ((18, 14, 22, 6), (24, 24, 22, 16), 0)}  # the times are the same both ways
    for name, (before, after, tolerance) in printed.items():
        near(f"{name} before", column(out, name), before, tolerance)
        near(f"{name} after", column(out, f"{name}_after"), after, tolerance)
        near(f"change of {name}", column(out, f"{name}_change_after"),
             [b - a for a, b in zip(before, after)], 2 * tolerance + 1e-12)
    unequal = {scenario: value for scenario, value in rows(
        out, "select scenario, value from inequality where measure = 'watt' and statistic = 'cv'")}
    near("CV of WATT", [unequal["baseline"], unequal["after"]], (.202970, .171896), 5e-7)
    once = dict(rows(out, "select scenario, value from summary where measure = 'linkages' and statistic = 'sum_once'"))
    near("total linkage", [once["baseline"], once["after"]], (.062190, .125782), 5e-7)
    pairs = dict(rows(out, "select scenario, sum(linkage) / 2 from pairs where from_id <> to_id group by scenario"))
    near("the same from pairs", [pairs["baseline"], pairs["after"]], (.062190, .125782), 5e-7)
    expect("change of a pair: E-W, sqrt(200 x 16) (1 / 30^2 - 1 / 120^2)",
           round(rows(out, "select linkage_change from pairs where scenario = 'after' and from_id = 'E' and to_id = 'W'")
                 [0][0], 9), round(math.sqrt(3200) * (1 / 900 - 1 / 14400), 9))
    mean = sum(PEOPLE[c] * t for c, t in zip(CITIES, printed["watt"][0])) / 24
    near("mean over people", [v for v, in rows(
        out, "select value from summary where scenario = 'baseline' and measure = 'watt' and statistic = 'mean'")],
         [mean], 1e-6)
    said = json.loads(done.stdout)
    near("the report says the same", [f["value"] for f in said["figures"] if f["scenario"] == "after" and f["measure"]
         == "potential" and f["statistic"] == "max"], [1.3], 1e-12)
    # without themselves: E to N 8/60, then to W, 4/30 is as much and stands first; W to N 8/60, then to E 10/30;
    # N to E 10/60 in both; S to W 4/30, then to E 10/60
    expect("hinterlands before", column(out, "field_id"), list("NNEW"))
    expect("and after", column(out, "field_id_after"), list("WEEE"))
    expect("whose change", column(out, "field_id_changed_after"), [1, 1, 0, 1])
    expect("change of a second column", column(out, "watt_missing_change_after"), [0, 0, 0, 0])
    expect("a line of conventions a measure", len(said["conventions"]), 11)
    expect("they stand in the file", rows(out, "select count(*) from measures where conventions <> '' and measure <> '' "
                                               "and formula <> ''"), [(11,)])
    expect("run again", run("rerun", out).stdout.strip(), "equal: every layer, row and value")
    # what stands in the table of measures asks for the same again
    again = [text for text, in rows(out, "select measure from measures where name = 'coefficient'")][0]
    run("access", "--matrix", work / "before.csv", "--zones", work / "cities.csv", "--measure", again, "-q",
        "-o", work / "again.gpkg")
    name = rows(work / "again.gpkg", "select [column] from measures")[0][0]
    near("from its text", column(work / "again.gpkg", name), printed["coefficient"][0], 5e-7)
    of_tables(work)
    of_study(work)
    of_gaps(work)
    of_files_apart(work)


def of_tables(work):
    """Scenarios stand side by side; groups in a table of their own; the mean once. WATT of methods.md 14's toy."""
    (work / "banks.csv").write_text("id,population,gdp,bank\nE,10,20,east\nW,4,4,west\nN,8,12,east\nS,2,1,\n")
    done = run("access", "--matrix", work / "before.csv", "--scenario-matrix", f"after={work}/after.csv",
               "--zones", work / "banks.csv", "--measure", "daily:cutoff=60,as=sixty", "--inequality",
               "mean:group=bank", "--inequality", "cv:population=1", "-o", work / "banks.gpkg")
    lines = [line.split() for line in done.stdout.splitlines()]
    expect("scenarios are columns", lines[0], ["measure", "statistic", "baseline", "after", "change"])
    expect("its mean stands once: (180 + 56 + 176 + 12) / 24, (240 + 96 + 176 + 32) / 24",
           [line for line in lines if line[:2] == ["sixty", "mean"]][0], ["sixty", "mean", "17.667", "22.667", "5.000"])
    expect("and of each bank", [line[2:] for line in lines if line[:2] == ["sixty", "mean"]][1:],
           [["east", "19.778", "23.111", "3.333"], ["west", "14.000", "24.000", "10.000"]])


def of_study(work):
    """A study on no network."""
    (work / "study.yaml").write_text(
        "command: access\nmatrix: before.csv\nscenario_matrix: after=after.csv\nzones: cities.csv\n"
        "measure: [\"daily:cutoff=60\"]\ninequality: [\"gini\"]\noutput: study.gpkg\n")
    run("run", work / "study.yaml", "-o", work / "study.gpkg", "-q")
    near("a study of a matrix", column(work / "study.gpkg", "daily_population_60_after"), (24, 24, 22, 16), 0)
    expect("run again", run("rerun", work / "study.gpkg").stdout.strip(), "equal: every layer, row and value")
    (work / "none.yaml").write_text("command: access\nzones: cities.csv\nmeasure: daily:cutoff=60\noutput: x.gpkg\n")
    expect("without times", "no network" in run("run", work / "none.yaml", code=3).stderr, True)


def of_gaps(work):
    """S is nowhere in the matrix, nobody lives in X: told, and never zero minutes."""
    matrix(work / "gap.csv", [row[:3] for row in BEFORE[:3]], "EWN")
    (work / "gap_zones.csv").write_text("id,population,income\nE,10,3\nW,4,2\nN,8,1\nS,2,5\n")
    done = run("access", "--matrix", work / "gap.csv", "--zones", work / "gap_zones.csv", "--measure", "mean_time",
               "--measure", "closest:n=1,self=no", "-o", work / "gap.gpkg", "-q")
    expect("S is told", "no row to 1 of 4 zones: S" in done.stderr, True)
    expect("S reaches nothing: no value, not 0", column(work / "gap.gpkg", "mean_time_population_min")[3], None)
    near("the others' means leave it out", column(work / "gap.gpkg", "mean_time_population_min")[:3],
         ((4 * 120 + 8 * 60) / 12, (10 * 120 + 8 * 60) / 18, (10 * 60 + 4 * 60) / 14), 1e-9)
    near("and the share is told", column(work / "gap.gpkg", "mean_time_population_min_missing")[:3],
         (2 / 14, 2 / 20, 2 / 16), 1e-9)


def of_files_apart(work):
    """Homes and clinics both numbered from 1: home 1 is not clinic 1, 20 km away, so the mean counts it; home 2 is."""
    (work / "homes.csv").write_text("id,lon,lat,population\n1,0.1,0,5\n2,0.2,0,5\n")
    (work / "clinics.csv").write_text("id,lon,lat,beds\n1,0.3,0,1\n2,0.2,0,1\n")
    (work / "apart.csv").write_text("from_id,to_id,min\n1,1,20\n1,2,10\n2,1,10\n2,2,2\n")
    asked = ("access", "--matrix", work / "apart.csv", "--measure", "mean_time:mass=beds,as=mean")
    run(*asked, "--origins", work / "homes.csv", "--zones", work / "clinics.csv", "-o", work / "apart.gpkg", "-q")
    expect("an id alone makes no place the same", dict(rows(work / "apart.gpkg", "select id, mean from access")),
           {"1": 15, "2": 10})
    (work / "beds.csv").write_text("id,beds\n1,1\n2,1\n")
    done = run(*asked, "--origins", work / "homes.csv", "--zones", work / "beds.csv", "-o", work / "beds.gpkg")
    expect("where nothing says where they are, it does", dict(rows(work / "beds.gpkg", "select id, mean from access")),
           {"1": 10, "2": 10})
    expect("which is told", "2 of 2 origins have the id of a zone and are taken for it" in done.stderr, True)


def of_network(work):
    """Sums from the matrix that the program writes, by plain Python; proposals, their regions, and back again."""
    here = HERE / "bridge"
    towns = list(csv.DictReader(open(here / "towns.csv", encoding="utf-8")))
    for town in towns:
        town["region"] = {"E": "east", "N": "east", "W": "west", "S": "west"}[town["id"]]
    with open(work / "towns.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, towns[0].keys())
        out.writeheader()
        out.writerows(towns)
    (work / "proposals.geojson").write_bytes((here / "proposals.geojson").read_bytes())
    net = work / "net.hsn"
    run("build", net, "--corridor", here, "--profile", HERE / "town/car.yaml", "-q")
    run("matrix", net, "--targets", work / "towns.csv", "-o", work / "net.csv", "-q")
    times = {(r["from_id"], r["to_id"]): float(r["time_min"])
             for r in csv.DictReader(open(work / "net.csv", encoding="utf-8"))}
    expect("every pair", len(times), 16)
    out = work / "net.gpkg"
    run("access", net, "--zones", work / "towns.csv", "--proposals", work / "proposals.geojson",
        "--scenario", "bridge=bridge", "--scenario", "both=*", "--measure", "gravity:decay=exponential:0.02,as=gravity",
        "--measure", "mean_time:as=mean", "--measure", "daily:cutoff=60,as=daily", "--spillover", "region", "-o", out, "-q")
    near("gravity", column(out, "gravity"),
         [sum(PEOPLE[b] * math.exp(-.02 * times[a, b]) for b in CITIES) for a in CITIES], 1e-9)
    near("mean time", column(out, "mean"),
         [sum(PEOPLE[b] * times[a, b] for b in CITIES if b != a) / (24 - PEOPLE[a]) for a in CITIES], 1e-9)
    near("daily", column(out, "daily"), [sum(PEOPLE[b] for b in CITIES if times[a, b] <= 60) for a in CITIES], 0)
    near("with the bridge: as rank.sh has it", column(out, "daily_bridge"), (24, 24, 22, 16), 0)
    near("with both", column(out, "daily_change_both"), (6, 10, 2, 18), 0)
    # the matrix that was written, as somebody else's: the same values
    run("access", "--matrix", work / "net.csv", "--zones", work / "towns.csv", "--measure",
        "gravity:decay=exponential:0.02,as=gravity", "-o", work / "back.gpkg", "-q")
    near("by way of a file", column(work / "back.gpkg", "gravity"), column(out, "gravity"), 1e-9)
    # where nobody lives there may be no income, in either way to ask
    for name, people in (("empty", {"S": ("0", "")}), ("poor", {"S": ("2", "")})):
        with open(work / f"{name}.csv", "w", encoding="utf-8") as file:
            print("id,lon,lat,population,income", file=file)
            for town in towns:
                print(town["id"], town["lon"], town["lat"], *people.get(town["id"], (town["population"], PEOPLE[town["id"]])),
                      sep=",", file=file)
        for k, source in enumerate(((net,), ("--matrix", work / "net.csv"))):
            done = run("access", *source, "--zones", work / f"{name}.csv", "--measure", "daily:cutoff=60", "--inequality",
                       "palma:income=income", "-o", work / f"{name}{k}.gpkg", "-q", code=0 if name == "empty" else 3)
            expect("an income is missed", "feature S has no income, but people" in done.stderr, name == "poor")
    expect("Palma of towns with people", *(rows(work / f"empty{k}.gpkg", "select statistic, value from inequality")
                                           for k in range(2)))
    expect("places keep their points", rows(work / "back.gpkg", "select count(*) from access where geom is null"), [(0,)])
    # Within 60 the bridge brings E 6, W 10, S 10 and south N 2, S 8; they do not help each other. The middle of the
    # bridge is as far from E as from W: the first. South's is nearer to S: people E 10 N 8, W 4 S 2.
    found = {(a, b): (round(x, 9), round(y, 9), round(z, 9) + 0.0) for a, b, x, y, z in rows(
        out, "select from_region, to_region, leave_one_out, first_in, residual from spillover where measure = 'daily'")}
    east, west = round(6 * 10 / 18, 9), round((10 * 4 + 10 * 2) / 6, 9)
    south = (round(2 * 8 / 18, 9), round(8 * 2 / 6, 9))
    expect("spillover", found, {("east", "east"): (east, east, 0), ("east", "west"): (west, west, 0),
                                ("west", "east"): (south[0], south[0], 0), ("west", "west"): (south[1], south[1], 0)})
    # Times do: N-W, for one, is 60 by either. Mean minutes of E over W 4, N 8, S 2: (480 + 480 + 300) / 14 = 90;
    # bridge (120 + 480 + 120) / 14; south (480 + 480 + 180) / 14; both as the bridge. Of N over E 10, W 4, S 2:
    # (600 + 240 + 180) / 16; the bridge changes nothing; south (600 + 240 + 60) / 16; both the same.
    mean = dict(rows(out, "select from_region || to_region, first_in from spillover where measure = 'mean'"))
    near("first in, of times", [mean["easteast"], mean["westeast"]],
         [-10 * 540 / 14 / 18, (-10 * 120 / 14 - 8 * 120 / 16) / 18], 1e-9)
    rest = dict(rows(out, "select from_region || to_region, leave_one_out from spillover where measure = 'mean'"))
    near("leave one out, of times", [rest["easteast"], rest["westeast"]],
         [-10 * 420 / 14 / 18, -8 * 120 / 16 / 18], 1e-9)
    expect("run again", run("rerun", out).stdout.strip(), "equal: every layer, row and value")
    said = work / "said.gpkg"
    run("access", net, "--zones", work / "towns.csv", "--proposals", work / "proposals.geojson", "--measure",
        "daily:cutoff=60,as=daily", "--spillover", "region", "--proposal-region", "bridge=west", "-o", said, "-q")
    expect("all in one region: the whole plan is its own", {b: (round(x, 9), round(y, 9)) for b, x, y in rows(
        said, "select to_region, leave_one_out, first_in from spillover where from_region = 'west'")},
           {"east": (round(east + south[0], 9),) * 2, "west": (round(west + south[1], 9),) * 2})
    of_polygons(work, net)
    of_directions(work, net)


def of_polygons(work, net):
    """A proposal lies where most of its length does. Of the bridge's half degree 0.15 are in E, 0.2 in W and the
    middle in neither, nearer to E; of the south link's 0.55 degrees of latitude 0.28 are in N, 0.06 in W, 0.1 in S."""
    boxes = {"E": (112.95, 21.9, 113.15, 22.1, "east"), "W": (113.3, 21.95, 113.6, 22.01, "west"),
             "N": (113.2, 22.02, 113.45, 22.35, "north"), "S": (113.4, 21.7, 113.6, 21.85, "west")}
    (work / "boxes.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": name, "population": PEOPLE[name], "region": region},
         "geometry": {"type": "Polygon", "coordinates": [[[a, b], [c, b], [c, d], [a, d], [a, b]]]}}
        for name, (a, b, c, d, region) in boxes.items()]}))
    run("access", net, "--zones", work / "boxes.geojson", "--proposals", work / "proposals.geojson", "--measure",
        "daily:cutoff=60,as=daily", "--spillover", "region", "-o", work / "boxes.gpkg", "-q")
    expect("a proposal lies where most of it does", rows(
        work / "boxes.gpkg", "select distinct from_region, proposals from spillover order by 1"),
           [("north", "south"), ("west", "bridge")])
    expect("what each brings all regions", rows(
        work / "boxes.gpkg", "select count(*), count(leave_one_out + first_in + residual) from spillover"), [(6, 6)])


def of_directions(work, net):
    """A one-way street: what zones reach is not who reaches them. Threads change nothing."""
    run("access", net, "--zones", work / "towns.csv", "--measure", "daily:cutoff=60,as=daily", "--direction", "to",
        "-o", work / "to.gpkg", "-q")
    near("to zones", column(work / "to.gpkg", "daily"), (18, 14, 22, 6), 0)
    matrix(work / "oneway.csv", ((0, 10), (50, 0)), "EW")
    (work / "two.csv").write_text("id,population\nE,10\nW,4\n")
    for direction, expected in (("from", [14, 4]), ("to", [10, 14])):
        out = work / f"oneway-{direction}.gpkg"
        run("access", "--matrix", work / "oneway.csv", "--zones", work / "two.csv", "--measure",
            "cumulative:cutoff=20,as=within", "--direction", direction, "-o", out, "-q")
        expect(f"within 20 minutes, {direction}", [v for v, in rows(out, "select within from access order by id")],
               expected)
    # centres apart: the people who come to them stand in the zones, values at the centres
    (work / "centre.csv").write_text("id,lon,lat\ncity,113.25,22.3\n")
    run("access", net, "--zones", work / "towns.csv", "--origins", work / "centre.csv", "--measure",
        "daily:cutoff=60,as=daily", "--direction", "to", "-o", work / "centre.gpkg", "-q")
    expect("who comes to the centre in N", rows(work / "centre.gpkg", "select id, daily from access"), [("city", 22.0)])
    files = []
    for threads in (1, 8):
        run("access", net, "--zones", work / "towns.csv", "--measure", "mean_time", "--pairs", "--threads", threads,
            "-o", work / "threads.gpkg", "--overwrite", "-q")
        files.append((work / "threads.gpkg").read_bytes())
    expect("the same bytes for 1 and 8 threads", files[0] == files[1], True)


def of_words():
    listed = [line.split()[0] for line in run("access", "--list").stdout.splitlines() if line.startswith("  ")]
    expect("many measures", len(listed) >= 30 and len(set(listed)) == len(listed), True)
    for name in listed:
        text = run("access", "--explain", name).stdout
        expect(f"what {name} is", all(word in text for word in ("formula ", "unit ", "edge cases")), True)
    expect("all of them", run("access", "--explain", "all").stdout.count("\nformula "), len(listed))


with tempfile.TemporaryDirectory() as folder:
    of_matrices(pathlib.Path(folder))
    of_network(pathlib.Path(folder))
of_words()
if not failed:
    print("access: all as printed, or worked out by hand")
sys.exit(failed > 0)
