#!/usr/bin/python3
"""access_more.py PROGRAM CASE: measures straight from networks, beside those made here of matrices (measures.py: by car).

    transit   Porto Alegre by bus and train, every --every-th hexagon: `matrix` is brute force's (timetable.py) for some
              origins, and every measure of `access` is that of this matrix
    corridor  the works of 2024 in the Greater Bay Area: columns of scenarios and their changes, inequality with its
              groups, before and after, and spillover of regions, from matrices of networks *built* with each set of works
    streets   Porto Alegre by car with roads closed, slowed and added: from the times of `compare`
    polygons  the counties of Nanjing: --zone-at point, area and weighted, from times to places found here; times of a
              zone to itself by its area

Sums are equal to 1e-9; times to the millisecond, means over sub-points of land (whose places are rounded) to two.
"""
import argparse
import csv
import itertools
import json
import math
import pathlib
import random
import shutil
import sys

import numpy as np

import bridges
import delineate
import measures
import program
import timetable
import transit
from measures import INF

PEOPLE, GDP = "population", "gdp_2022_100m_cny"
BAY = program.ROOT / "geodata/studies/shenzhen-zhongshan"


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matrix(run, scratch, network, targets, ids, *more):
    """Minutes, and no way where there is none."""
    run.run("matrix", network, "--targets", targets, "-o", scratch / "m.csv", "--overwrite", *more, expect=None)
    return np.round(measures.read_matrix(scratch / "m.csv", ids) * 60000) / 60000  # written to five decimals


def milliseconds(t):
    return np.where(np.isfinite(t), np.round(t * 60000), -1)


# ---- By timetable -------------------------------------------------------------------------------------------

def brute_force(city, places, starts, first, window, percent):
    """{start: {place: ms}}, after transit.py's doors."""
    walks = transit.Walks(city.net, {**{("hex", key): place for key, place in places.items()}, **city.stops})
    egress = {}
    for stop in city.stops:
        if stop in walks.feet:
            leg = walks.feet[stop].leg_ms
            egress[stop] = [(key[1], leg + ms + walks.feet[key].leg_ms)
                            for key, ms in walks.between(stop, transit.CAP).items() if key[0] == "hex"]
    found = {}
    for start in starts:
        leg = walks.feet["hex", start].leg_ms
        direct = {key[1]: leg + ms + walks.feet[key].leg_ms
                  for key, ms in walks.between(("hex", start), transit.LIMIT).items() if key[0] == "hex"}
        access = city.access(walks, ("hex", start))
        samples = {key: [] for key in places}
        for minute in range(window):
            times = dict(direct)
            for stop, ms in city.day.search(access, first + minute * transit.MINUTE, transit.LIMIT).items():
                for key, way in egress.get(stop, ()):
                    times[key] = min(times.get(key, INF), ms + way)
            for key, those in samples.items():
                ms = times.get(key, INF)
                those.append(ms if ms <= transit.LIMIT else INF)
        rank = max(1, math.ceil(percent * window / 100)) - 1
        found[start] = {key: sorted(those)[rank] for key, those in samples.items()}
        found[start][start] = 0
    return found


def by_transit(run, scratch, given, tally):
    rows = measures.read_zones(0)[::given.every]
    ids = [r["id"] for r in rows]
    measures.write_zones(rows, scratch / "zones.csv")
    city = transit.City(run, scratch, ["poa_eptc", "poa_trensurb"])
    window = 30
    asked = ["--mode", "transit", "--date", transit.DATE, "--depart", "13:00", "--window", window, "--percentiles", 50,
             "--minutes", transit.LIMIT // transit.MINUTE]
    times = matrix(run, scratch, city.network, scratch / "zones.csv", ids, *asked)
    places = {r["id"]: (float(r["lon"]), float(r["lat"])) for r in rows}
    joined = [i for i, id_ in enumerate(ids) if np.isfinite(times[i]).any()]
    starts = [ids[i] for i in random.Random(1227).sample(joined, given.origins)]
    first = timetable.DAY + 13 * 3_600_000
    for start, row in brute_force(city, places, starts, first, window, 50).items():
        ours = milliseconds(times[ids.index(start)])
        for j, id_ in enumerate(ids):
            tally.compare(f"minutes from {start} to {id_}", ours[j], -1 if row[id_] == INF else row[id_])
    asked_measures, expected = measures.flatten(measures.expectations(times, rows))
    unequal = measures.inequalities(rows)
    arguments = [a for m in asked_measures for a in ("--measure", m)]
    arguments += [a for m, _ in unequal for a in ("--inequality", m)]
    out = scratch / "access.gpkg"
    run.run("access", city.network, "--zones", scratch / "zones.csv", *asked, *arguments, "-o", out)
    measures.check(out, ids, expected, unequal, rows, tally)
    print(f"{len(ids)} hexagons, {np.isfinite(times).sum()} of {times.size} pairs; {len(starts)} origins by brute force")


# ---- Works, before and after --------------------------------------------------------------------------------

def works():
    """{work: numbers of its links in links.csv}"""
    found = {}
    for f in json.loads((BAY / "proposals.geojson").read_text(encoding="utf-8"))["features"]:
        found.setdefault(f["properties"]["proposal"], []).append(f["properties"]["note"].split()[0])
    return found


def built(run, scratch, some):
    """The network of the day before with these works in it, as links of the corridor."""
    folder, network = scratch / "corridor", scratch / "built.hsn"
    shutil.copytree(BAY, folder, dirs_exist_ok=True)
    all_links = {link for links in works().values() for link in links}
    mine = {link for work in some for link in works()[work]}
    links = read_csv(BAY / "links.csv")
    with open(folder / "links.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, links[0].keys())
        table.writeheader()
        for row in links:
            if row["id"] in all_links:
                row["opened"] = "2000-01-01" if row["id"] in mine else "2099-01-01"
            table.writerow(row)
    run.run("build", network, "--overwrite", "--corridor", folder, "--as-of", "2024-06-29", "--profile", "car-corridor")
    return network


def statistic_rows(x, people, groups):
    """{(statistic, group): value} of the inequality measures asked for."""
    k = measures.used(x, people)
    x, w, groups = x[k], people[k], groups[k]
    mu, whole = measures.mean(x, w), w.sum()
    found = {("mean", None): mu, ("gini", None): measures.gini(x, w), ("theil_t", None): measures.theil_t(x, w),
             ("theil_l", None): measures.theil_l(x, w), ("cv", None): measures.cv(x, w)}
    for name in ("theil_t_between", "theil_t_within", "theil_l_between", "theil_l_within"):
        found[name, None] = 0.0
    for g in np.unique(groups):
        mine = groups == g
        p, s = w[mine].sum() / whole, (w[mine] * x[mine]).sum() / (whole * mu)
        parts = {"theil_t_between": s * math.log(s / p), "theil_t_within": s * measures.theil_t(x[mine], w[mine]),
                 "theil_l_between": p * math.log(p / s), "theil_l_within": p * measures.theil_l(x[mine], w[mine])}
        for name, value in parts.items():
            found[name, g] = value
            found[name, None] += value
        found["mean", g] = measures.mean(x[mine], w[mine])
    return found


def corridor(run, scratch, given, tally):
    rows = read_csv(BAY / "points.csv")
    ids = [r["id"] for r in rows]
    people, gdp = (np.array([float(r[k]) for r in rows]) for k in (PEOPLE, GDP))
    city = np.array([r["city_id"] for r in rows])
    names = sorted(works())
    region = dict(zip(names, ("zhuhai", "zhongshan", "shenzhen", "zhuhai")))  # two works in one of them
    regions = sorted(set(region.values()))

    def values(t):
        five = t.copy()
        np.fill_diagonal(five, 10)
        alone = measures.without_self(t)
        with np.errstate(all="ignore"):
            return {"m_45": measures.cumulative(t, people, 45), "m_60": measures.cumulative(t, people, 60),
                    "back": measures.cumulative(t.T, gdp, 60),
                    "pot": np.where(np.isfinite(five), gdp / five, 0).sum(axis=1),
                    "mean": measures.mean_time(t, np.sqrt(people * gdp), "cap", 180),
                    "ratio": (lambda a: a / np.nanmean(a))(measures.mean_time(t, people)),
                    "sfca": measures.two_step(measures.DECAYS["exponential:0.1"](t), gdp, people),
                    "link": np.where(np.isfinite(alone), people[:, None] * people / np.maximum(alone, 1e-9) ** 2, 0)
                    .sum(axis=1)}

    asked = ["cumulative:mass=population,cutoff=45:60,as=m", f"cumulative:mass={GDP},cutoff=60,direction=passive,as=back",
             f"potential:mass={GDP},self_time=fixed:10,as=pot",
             f"mean_time:mass=population,mass2={GDP},unreachable=cap:180,as=mean", "coefficient:mass=population,as=ratio",
             f"2sfca:mass={GDP},decay=exponential:0.1,as=sfca", "linkage_total:mass=population,exponent=2,as=link"]
    sets = {some: values(matrix(run, scratch, built(run, scratch, some), BAY / "points.csv", ids))
            for n in range(len(names) + 1) for some in itertools.combinations(names, n)}
    everything = tuple(names)
    print(f"{len(sets)} networks built, {sum(map(len, sets[()].values()))} values each, "
          f"{sum((sets[everything][k] != sets[()][k]).sum() for k in sets[()])} changed by all works")

    run.run("build", scratch / "before.hsn", "--corridor", BAY, "--as-of", "2024-06-29", "--profile", "car-corridor")
    scenarios = {"all": everything, "link": ("Shenzhen-Zhongshan Link",), "two": tuple(names[:2])}
    out = scratch / "scenarios.gpkg"
    unequal = ("mean:group=city_id", "gini", "theil_t:group=city_id", "theil_l:group=city_id", "cv")
    common = ["access", scratch / "before.hsn", "--zones", BAY / "points.csv", "--proposals", BAY / "proposals.geojson"]
    common += [a for m in asked for a in ("--measure", m)]
    run.run(*common, "-o", out, *(a for name, some in scenarios.items()
                                  for a in ("--scenario", name + "=" + ",".join(some))),
            *(a for m in unequal for a in ("--inequality", m)))
    file = program.GeoPackage(out)
    got = {r["id"]: r for r in file.rows("access")}
    for measure, before in sets[()].items():
        for z, id_ in enumerate(ids):
            tally.compare(f"{measure} of {id_}", got[id_][measure], before[z])
            for name, some in scenarios.items():
                after = sets[some][measure][z]
                tally.compare(f"{measure} of {id_} with {name}", got[id_][f"{measure}_{name}"], after)
                change = got[id_][f"{measure}_change_{name}"]
                # a difference of what is equal to 1e-9 is equal to 1e-9 of them
                tally.compare(f"change of {measure} of {id_} with {name}",
                              None if change is None else change + before[z], after)
    stated = {(r["scenario"], r["measure"], r["statistic"], r["group"] or None): r for r in file.rows("inequality")}
    seen = 0
    for measure in sets[()]:
        base = statistic_rows(sets[()][measure], people, city)
        for name, some in {"baseline": (), **scenarios}.items():
            for (statistic, group), value in statistic_rows(sets[some][measure], people, city).items():
                row = stated[name, measure, statistic, group]
                seen += 1
                tally.compare(f"{statistic} of {measure}, {name}, {group}", row["value"], value)
                if some:
                    was = base[statistic, group]
                    tally.compare(f"change of {statistic} of {measure}, {name}, {group}",
                                  None if row["change"] is None else row["change"] + was, value)
    tally.compare("rows of inequality", len(stated), seen)

    run.run(*common, "-o", scratch / "spill.gpkg", "--spillover", "city_id", "--scenario", "all=*",
            *(a for work in names for a in ("--proposal-region", f"{work}={region[work]}")))
    rows_of = {(r["measure"], r["from_region"], r["to_region"]): r
               for r in program.GeoPackage(scratch / "spill.gpkg").rows("spillover")}
    seen = 0
    for measure in sets[()]:
        without = {r: tuple(w for w in names if region[w] != r) for r in regions}
        only = {r: tuple(w for w in names if region[w] == r) for r in regions}
        cases = [(), everything, *without.values(), *only.values()]
        whole = np.all([np.isfinite(sets[some][measure]) for some in cases], axis=0)
        for s in np.unique(city):
            mine = whole & (city == s) & (people > 0)

            def there(some):
                x = sets[some][measure]
                return (x[mine] * people[mine]).sum() / people[mine].sum() if mine.any() else math.nan

            scale = abs(there(everything)) + abs(there(()))
            gains = {r: there(only[r]) - there(()) for r in regions}
            left = there(everything) - there(()) - sum(gains.values())
            for r in regions:
                row = rows_of[measure, r, s]
                seen += 1
                for column, value in (("leave_one_out", there(everything) - there(without[r])), ("first_in", gains[r]),
                                      ("residual", left)):
                    tally.compare(f"{column} of {measure}, {r} to {s}", None if row[column] is None else row[column] + scale,
                                  value + scale)
                tally.compare(f"works of {r}", sorted(row["proposals"].replace("; ", ";").replace(", ", ";").split(";")) ==
                              sorted(only[r]), True)
    tally.compare("rows of spillover", len(rows_of), seen)


def on_streets(run, scratch, given, tally):
    """Added, closed, slowed: the times are those of compare, one by one."""
    rows = measures.read_zones(0)[5::given.every * 3]
    ids = [r["id"] for r in rows]
    measures.write_zones(rows, scratch / "zones.csv")
    network = scratch / "net.hsn"
    run.run("build", network, "--osm", program.data("porto_alegre/poa_osm.pbf"), "--profile", "car-osm")
    middle = (-51.2000, -30.0400)

    def box(x, y, w, h):
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
    edits = bridges.write_proposals(
        scratch / "proposals.gpkg",
        closures=[{"proposal": "works", "line": box(middle[0] - .01, middle[1], .012, .008)}],
        speeds=[{"proposal": "calm", "factor": 0.5, "line": box(-51.19, -30.06, .05, .05)}],
        links=[{"proposal": "road", "class": "primary", "speed_kmh": 90.0, "bridge": "yes",
                "line": [(-51.2195, -30.0835), (-51.1650, -30.0160)]}])
    scenarios = {"all": "*", "works": "works", "both": "calm,road"}
    named = [a for name, some in scenarios.items() for a in ("--scenario", f"{name}={some}")]
    common = ["--proposals", edits, "--zones", scratch / "zones.csv", "--tolerance", 200, *named]
    run.run("compare", network, "--origins", scratch / "zones.csv", "--minutes", 10, "--cell", 5000, "--edges", "none",
            "--vertices", 16, "-o", scratch / "compare.gpkg", *common, expect=None)
    index = {id_: i for i, id_ in enumerate(ids)}
    times = {name: np.full((len(ids), len(ids)), INF) for name in ("", *scenarios)}
    for row in program.GeoPackage(scratch / "compare.gpkg").rows("zones"):
        at = index[row["origin_id"]], index[row["zone_id"]]
        for name, value in (("", row["before_min"]), (row["scenario"], row["after_min"])):
            if value is not None:
                times[name][at] = 0 if at[0] == at[1] else round(value * 60000) / 60000
    people, jobs = (np.array([float(r[k]) for r in rows]) for k in ("population", "jobs"))
    expected = {name: {"c": measures.cumulative(t, jobs, 15), "b": measures.cumulative(t.T, jobs, 15),
                       "g": measures.DECAYS["gaussian:12"](t) @ jobs, "m": measures.mean_time(t, people),
                       "p": measures.mean_time(t.T, people), "n": measures.closest(t, jobs, 2000)}
                for name, t in times.items()}
    run.run("access", network, *common, "-o", scratch / "access.gpkg", "--measure", "cumulative:mass=jobs,cutoff=15,as=c",
            "--measure", "cumulative:mass=jobs,cutoff=15,direction=passive,as=b", "--measure",
            "gravity:mass=jobs,decay=gaussian:12,as=g", "--measure", "mean_time:as=m", "--measure",
            "mean_time:direction=passive,as=p", "--measure", "closest:mass=jobs,n=2000,as=n", expect=None)
    got = {r["id"]: r for r in program.GeoPackage(scratch / "access.gpkg").rows("access")}
    for name, columns in expected.items():
        for measure, x in columns.items():
            for z, id_ in enumerate(ids):
                tally.compare(f"{measure} of {id_}, {name or 'baseline'}", got[id_][f"{measure}_{name}" if name else measure], x[z])
    print(f"{len(ids)} hexagons; " + ", ".join(
        f"{name}: {(milliseconds(times[name]) > milliseconds(times[''])).sum()} times longer, "
        f"{(milliseconds(times[name]) < milliseconds(times[''])).sum()} shorter" for name in scenarios))
    for name in ("all", "works"):
        tally.compare(f"times that change under {name}", (times[name] != times[""]).any(), True)


# ---- Where in a zone ----------------------------------------------------------------------------------------

def half_up(ms):
    return math.floor(ms + 0.5)


def in_polygons(run, scratch, given, tally):
    counties = [delineate.County(f) for f in
                json.loads((delineate.STUDY / "counties.geojson").read_text(encoding="utf-8"))["features"]]
    ids = [c.id for c in counties]
    people = np.array([float(c.fields["population"]) for c in counties])
    network = scratch / "net.hsn"
    run.run("build", network, "--corridor", delineate.STUDY, "--profile", "car-corridor")
    zones = delineate.STUDY / "counties.geojson"
    shape = delineate.shapely.geometry.shape
    land = delineate.shapely.prepared.prep(delineate.shapely.ops.unary_union(
        [shape(f["geometry"]) for f in json.loads((delineate.STUDY / "land.geojson").read_text(encoding="utf-8"))["features"]]))
    places, weight = {}, {}
    for z, county in enumerate(counties):
        for k, place in enumerate(county.land(land)):
            places[f"land/{z}/{k}"] = place
    lives = read_csv(delineate.STUDY / "people.csv")
    some = [p for p in lives if p["county"] != "cu_quanjiao"]  # where nobody lives, the point counts
    with open(scratch / "people.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, some[0].keys())
        table.writeheader()
        table.writerows(some)
    for p in some:
        place = (float(p["lon"]), float(p["lat"]))
        home = [z for z, c in enumerate(counties) if c.inside.covers(delineate.shapely.geometry.Point(place))]
        if len(home) == 1:
            key = f"people/{home[0]}/{p['id']}"
            places[key], weight[key] = place, float(p["population"])
    delineate.write_points(scratch / "places.csv", places)
    run.run("matrix", network, "--origins", zones, "--targets", scratch / "places.csv", "-o", scratch / "long.csv", expect=None)
    to = {id_: {} for id_ in ids}
    for row in read_csv(scratch / "long.csv"):
        to[row["from_id"]][row["to_id"]] = round(float(row["time_min"]) * 60000)
    belongs = {"area": [[] for _ in ids], "weighted": [[] for _ in ids]}
    for key in places:
        kind, z, _ = key.split("/", 2)
        belongs["area" if kind == "land" else "weighted"][int(z)].append(key)
    points = matrix(run, scratch, network, zones, ids)
    areas = np.array([c.km2 for c in counties])
    for rule in ("point", "area", "weighted"):
        more = ["--zone-at", rule] + (["--population", scratch / "people.csv"] if rule == "weighted" else [])
        found = matrix(run, scratch, network, zones, ids, *more)
        differ = 0
        for i, j in itertools.product(range(len(ids)), repeat=2):
            ms = milliseconds(points[i, j])
            if rule != "point" and belongs[rule][j] and i != j:
                there = [(weight.get(key, 1.0), to[ids[i]].get(key)) for key in belongs[rule][j]]
                ms = -1 if any(t is None for _, t in there) else half_up(math.fsum(w * t for w, t in there) /
                                                                         math.fsum(w for w, _ in there))
            differ += ms != milliseconds(found[i, j])
            near = 2 if rule == "area" and ms >= 0 else 0
            tally.compare(f"{rule} {ids[i]} to {ids[j]}", abs(milliseconds(found[i, j]) - ms) <= near, True)
        print(f"{rule}: {np.isfinite(found).sum()} of {found.size} pairs, {differ} a millisecond off, "
              f"mean {found[np.isfinite(found)].mean():.2f} min")
        own = found.copy()
        np.fill_diagonal(own, np.sqrt(areas / math.pi) / 2 / 25 * 60)
        half = {"pot": np.where(np.isfinite(own), people / own, 0).sum(axis=1),
                "cum": measures.cumulative(own, people, 20), "near": measures.closest(own, people, 1e6),
                "back": np.where(np.isfinite(own.T), people / own.T, 0).sum(axis=1),
                "out": measures.cumulative(measures.without_self(found), people, 60)}
        run.run("access", network, "--zones", zones, *more, "-o", scratch / "access.gpkg", "--overwrite",
                "--measure", "potential:self_time=radius:25,as=pot", "--measure", "cumulative:cutoff=20,self_time=radius:25,as=cum",
                "--measure", "closest:n=1000000,self_time=radius:25,as=near", "--measure",
                "potential:self_time=radius:25,direction=passive,as=back", "--measure",
                "cumulative:cutoff=60,self_time=none,as=out", expect=None)
        got = {r["id"]: r for r in program.GeoPackage(scratch / "access.gpkg").rows("access")}
        for name, x in half.items():
            for z, id_ in enumerate(ids):
                tally.compare(f"{name} of {id_}, {rule}", got[id_][name], x[z])


CASES = {"transit": by_transit, "corridor": corridor, "streets": on_streets, "polygons": in_polygons}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--every", type=int, default=8)
    parser.add_argument("--origins", type=int, default=2)
    given = parser.parse_args()
    np.seterr(all="ignore")
    tally = measures.Tally()
    with program.folder() as scratch:
        CASES[given.case](program.Program(given.program), pathlib.Path(scratch), given, tally)
    print(f"{tally.numbers} numbers, {tally.wrong} differ")
    return 1 if tally.wrong or not tally.numbers else 0


if __name__ == "__main__":
    sys.exit(main())
