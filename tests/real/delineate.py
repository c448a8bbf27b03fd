#!/usr/bin/python3
"""delineate.py PROGRAM CASE: metropolitan circles counted once more, from docs/methods.md 18 and the rules' own files.

    road        Nanjing by car: all rules of geodata/rules and some made up here, two official lists and a third in a file
    neighbours  Nanjing, Hefei and Changzhou: circles within circles, the best centre
    rail        Nanjing by train, at nine
    holes       no --core, a layer with counties taken out of it, a centre far from any road, a horizon, no points of
                people but the counties' own numbers, times from the centre

Taken from the program: times alone (`matrix`, to the places of the people, the counties' points and the sub-points of
their land). People of counties, shares, means, conditions, neighbours, enclaves, exclaves, agreement, areas and
overlaps are computed here, and held against every row of what `delineate` wrote.
"""
import argparse
import collections
import csv
import itertools
import json
import math
import pathlib
import sys

import numpy
import pyproj
import shapely.affinity
import shapely.geometry
import shapely.ops
import shapely.prepared
import yaml

import program

STUDY = program.ROOT / "geodata/studies/nanjing-circle"
RULES = program.ROOT / "geodata/rules"
SLACK = 1e-9        # of shares and means (methods.md 18)
RELATIVE = 1e-12    # of sums of a few numbers
INF = math.inf

OWN_RULES = """
rules:
  - name: land-75
    area_within: {minutes: 75, at_least: 0.25}
    enclaves: fill
    exclaves: keep
  - name: odd
    all_of:
      - any_of:
          - area_within: {minutes: 50, at_least: 0.05}
          - commuting: {field: commuting, at_least: 0.4}
      - any_of:
          - mean_at_most: {minutes: 90}
          - centroid_within: {minutes: 62.5}
    exclaves: drop
  - name: ring
    commuting: {field: ring, at_least: 0.5}
    enclaves: fill
    exclaves: drop
  - name: ring-kept
    commuting: {field: ring, at_least: 0.5}
"""


# ---- Areas and neighbours -----------------------------------------------------------------------------------

GEOD = pyproj.Geod(ellps="WGS84")


def polygons(shape):
    return list(getattr(shape, "geoms", [shape]))


def area_m2(shape):
    """Under geodesic edges."""
    def ring(r):
        x, y = numpy.asarray(r.coords)[:, :2].T
        return abs(GEOD.polygon_area_perimeter(x, y)[0])
    return sum(ring(p.exterior) - sum(map(ring, p.interiors)) for p in polygons(shape))


def flat(shapes):
    """In metres about the middle of all."""
    west, south, east, north = shapely.ops.unary_union([shapely.geometry.box(*s.bounds) for s in shapes]).bounds
    there = pyproj.Transformer.from_crs(4326, f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} "
                                        "+ellps=WGS84", always_xy=True).transform
    return [shapely.ops.transform(there, shape) for shape in shapes]


def neighbourhood(shapes):
    """Pairs that share 10 m of border, and who has a way out: by buffers of 2 m."""
    plane = flat(shapes)
    thick = [s.boundary.buffer(2) for s in plane]
    pairs, doubtful = set(), []

    def share(i, j):
        return max(plane[i].boundary.intersection(thick[j]).length, plane[j].boundary.intersection(thick[i]).length)

    for i, j in itertools.combinations(range(len(plane)), 2):
        if plane[i].distance(plane[j]) < 3:
            length = share(i, j)
            if 5 < length < 40:
                doubtful.append((i, j, length))
            if length >= 10:
                pairs |= {(i, j), (j, i)}
    whole = shapely.ops.unary_union([s.buffer(1, join_style=2) for s in plane])
    rings = shapely.ops.unary_union([p.exterior for p in polygons(whole)]).buffer(3)
    out = {i for i, s in enumerate(plane) if s.boundary.intersection(rings).length >= 40}
    return pairs, out, doubtful


def parts(some, pairs):
    left, found = set(some), []
    while left:
        part, todo = set(), [left.pop()]
        while todo:
            z = todo.pop()
            part.add(z)
            near = {b for b in left if (z, b) in pairs}
            left -= near
            todo += near
        found.append(part)
    return found


# ---- Counties and their people ------------------------------------------------------------------------------

class County:
    def __init__(self, feature):
        self.fields = feature["properties"]
        self.id = self.fields["id"]
        self.shape = shapely.geometry.shape(feature["geometry"])
        self.inside = shapely.prepared.prep(self.shape)
        self.km2 = area_m2(self.shape) / 1e6

    def land(self, land):
        """Sub-points (methods.md 4): a grid of cells from the south-west corner of its box, their middles."""
        west, south, east, north = self.shape.bounds
        plane = pyproj.Transformer.from_crs(4326, f"+proj=cea +lat_ts={(south + north) / 2!r} +ellps=WGS84", always_xy=True)
        shape = shapely.ops.transform(plane.transform, self.shape)
        step = max(math.sqrt(self.km2 * 1e6 / 100), 50)
        x0, y0, x1, y1 = shape.bounds
        inside = shapely.prepared.prep(shape)
        points = []
        for j, i in itertools.product(range(math.ceil((y1 - y0) / step)), range(math.ceil((x1 - x0) / step))):
            x, y = x0 + (i + 0.5) * step, y0 + (j + 0.5) * step
            if inside.contains(shapely.geometry.Point(x, y)):
                place = plane.transform(x, y, direction="INVERSE")
                if land.contains(shapely.geometry.Point(place)):
                    points.append(place)
        return points or [self.shape.representative_point().coords[0]]


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_points(path, places):
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "lon", "lat"])
        table.writerows([key, repr(x), repr(y)] for key, (x, y) in places.items())


class Case:
    def __init__(self, name, scratch):
        self.name, self.scratch = name, scratch
        self.direction, self.horizon, self.network = "to", 24 * 60, ["--corridor", STUDY, "--profile", "car-corridor"]
        self.mode, self.centres, self.official, self.lists = [], STUDY / "centres.csv", [], []
        self.core, self.cut_offs, self.more, self.exit, self.slivers = "core", set(), [], 0, 1e-6
        self.features = json.loads((STUDY / "counties.geojson").read_text(encoding="utf-8"))["features"]
        for k, feature in enumerate(self.features):   # made up
            feature["properties"]["commuting"] = (k * 37 % 100) / 200
        self.people = [(row["id"], float(row["lon"]), float(row["lat"]), float(row["population"]))
                       for row in read_csv(STUDY / "people.csv")]
        self.rules = [RULES / "one-hour.yaml", RULES / "minutes.yaml"]
        getattr(self, name)()
        self.counties = [County(f) for f in self.features]

    def own(self, without=()):
        path = self.scratch / "own.yaml"
        whole = yaml.safe_load(OWN_RULES)
        whole["rules"] = [r for r in whole["rules"] if r["name"] not in without]
        path.write_text(yaml.safe_dump(whole), encoding="utf-8")
        return path

    def ring(self, middle):
        """A field: 1 for those whose point is 30 to 90 km from the centre, so that there are enclaves and exclaves."""
        for f in self.features:
            km = GEOD.inv(*shapely.geometry.shape(f["geometry"]).centroid.coords[0], *middle)[2] / 1000
            f["properties"]["ring"] = 1 if 30 < km < 90 or 130 < km < 145 else 0

    def road(self):
        self.ring((118.797, 32.06))
        self.rules += [RULES / "commuting.yaml"]
        self.official = ["scope_27", "scope_65"]
        self.lists = [("list", [f["properties"]["id"] for f in self.features[::3]])]
        self.cut_offs = {20.0, 33.5}

    def neighbours(self):
        self.ring((118.797, 32.06))
        self.rules = [RULES / "one-hour.yaml", RULES / "commuting.yaml", self.own()]
        self.centres, self.core = STUDY / "neighbours.csv", "core_of_three"
        self.official = ["both"]
        for k, f in enumerate(self.features):
            f["properties"]["both"] = ";".join(["nanjing"][:k % 2] + ["changzhou"][:k % 3 == 0])

    def rail(self):
        self.network = ["--rail", STUDY / "railways.geojson", "--as-of", "2024-12-31"]
        self.mode = ["--mode", "transit", "--date", "2024-12-16", "--arrive", "09:00"]
        self.official, self.horizon = ["scope_27", "scope_65"], 300

    def holes(self):
        """Counties are taken out, inside the layer and at its border; borders do not meet by a metre, and one county has a
        moat of 20 m; three centres, one of them where no road is."""
        gone = {"nj_lishui", "ms_hexian"} | {f["properties"]["id"] for f in self.features[40::9]}
        self.features = [f for f in self.features if f["properties"]["id"] not in gone]
        for k, f in enumerate(self.features):
            shape = shapely.geometry.shape(f["geometry"])
            if f["properties"]["id"] == "cu_quanjiao":
                shape = shapely.affinity.scale(shape, 0.998, 0.998)
            elif k % 5 == 0:
                shape = shapely.affinity.translate(shape, 8e-6, 6e-6)
            f["geometry"] = shapely.geometry.mapping(shape)
        self.ring((118.2, 32.0))
        self.rules = [self.own(), RULES / "one-hour.yaml", RULES / "commuting.yaml"]
        self.centres, self.core, self.people, self.direction = self.scratch / "centres.csv", None, None, "from"
        self.horizon, self.slivers = 95, 1e-4
        self.more, self.exit = ["--horizon", "95"], 5  # a centre that joins nothing
        write_points(self.centres, {"nanjing": (118.797, 32.06), "nowhere": (116.95, 33.95), "wuhu": (118.38, 31.33)})


# ---- What must come out -------------------------------------------------------------------------------------

def holds(condition, z):
    (kind, what), = ((k, v) for k, v in condition.items() if k in CONDITIONS)
    return CONDITIONS[kind](what, z)


def at_least(value, mark):
    return value is not None and value >= mark - SLACK


CONDITIONS = {
    "all_of": lambda those, z: all(holds(c, z) for c in those),
    "any_of": lambda those, z: any(holds(c, z) for c in those),
    "share_within": lambda w, z: at_least(z.share(w["minutes"]), w["at_least"]),
    "majority": lambda w, z: at_least(z.share(w["minutes"]), 0.5),
    "mean_at_most": lambda w, z: z.mean is not None and z.mean <= w["minutes"] + SLACK and
    at_least(z.reached, w.get("reached_at_least", 1)),
    "area_within": lambda w, z: at_least(z.land_share(w["minutes"]), w["at_least"]),
    "centroid_within": lambda w, z: z.point <= w["minutes"],
    "any_part_within": lambda w, z: z.soonest <= w["minutes"],
    "commuting": lambda w, z: z.county.fields[w["field"]] >= w["at_least"],
}


class Candidate:
    """A county as one centre sees it. people: [(number, minutes)], land: [minutes]; no way is inf."""

    def __init__(self, county, people, land, point, horizon):
        def cut(t):
            return t if t <= horizon else INF
        self.county = county
        self.people = [(n, cut(t)) for n, t in people]
        self.land = [cut(t) for t in land]
        self.point = cut(point)
        self.soonest = min([self.point, *self.land, *(t for n, t in self.people)])
        self.all = math.fsum(n for n, _ in self.people)
        there = [(n, t) for n, t in self.people if t < INF]
        some = math.fsum(n for n, _ in there)
        self.reached = some / self.all if self.all else None
        self.mean = math.fsum(n * t for n, t in there) / some if some else None

    def share(self, c):
        return math.fsum(n for n, t in self.people if t <= c) / self.all if self.all else None

    def land_share(self, c):
        return sum(t <= c for t in self.land) / len(self.land)


def tidy(members, own, rule, pairs, out, count):
    """Enclaves, then exclaves; {county: word}"""
    members, words = set(members), {}
    if rule.get("enclaves") == "fill":
        for part in parts(set(range(count)) - members, pairs):
            if not part & out:
                members |= part
                words.update((z, "enclave") for z in part)
    if rule.get("exclaves") == "drop" and own:
        for part in parts(members, pairs):
            if not part & own:
                members -= part
                words.update((z, "exclave") for z in part)
    return members, words


def rule_column(name):
    return name.replace("-", "_")


def number(c):
    return f"{c:g}".replace(".", "_")


class Tally:
    def __init__(self):
        self.numbers, self.wrong = collections.Counter(), 0

    def same(self, what, got, expected, near=0.0):
        """near: in the unit of the number itself; without it RELATIVE."""
        self.numbers[what.split(" ")[0]] += 1
        if isinstance(expected, float) and math.isinf(expected):
            expected = None
        if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
            good = abs(got - expected) <= max(near, RELATIVE * abs(expected))
        else:
            good = got == expected
        if not good:
            self.wrong += 1
            if self.wrong < 30:
                print(f"{what}: {got!r}, expected {expected!r}")


def times_to(case, run, network, places, centres):
    """{(centre, place): minutes}"""
    write_points(case.scratch / "places.csv", places)
    return matrix(case, run, network, case.scratch / "places.csv", centres)


def matrix(case, run, network, targets, centres):
    out = case.scratch / "times.csv"
    limit = ["--minutes", case.horizon] if case.mode else []
    run.run("matrix", network, "--targets", targets, "--origins", case.centres, "--direction", case.direction, "-o", out,
            "--overwrite", *case.mode, *limit, expect=case.exit)
    key = ("to_id", "from_id") if case.direction == "to" else ("from_id", "to_id")
    return collections.defaultdict(lambda: INF, {(row[key[0]], row[key[1]]): round(float(row["time_min"]) * 60000) / 60000
                                                 for row in read_csv(out)})


def expect(case, run, network):
    """{(centre, county index): Candidate}, and where the centre's points lie."""
    land = shapely.ops.unary_union([shapely.geometry.shape(f["geometry"]) for f in json.loads(
        (STUDY / "land.geojson").read_text(encoding="utf-8"))["features"]])
    land = shapely.prepared.prep(shapely.geometry.box(-180, -90, 180, 90) if case.mode else land)
    centres = [(row["id"], float(row["lon"]), float(row["lat"])) for row in read_csv(case.centres)
               if row["id"] != "nowhere"]  # no road there: the program says so, exits with 5, and it has no rows
    places, lives = {}, collections.defaultdict(list)
    for z, county in enumerate(case.counties):
        for k, place in enumerate(county.land(land)):
            places[f"land/{z}/{k}"] = place
    nowhere = 0
    for key, lon, lat, n in case.people or ():
        point = shapely.geometry.Point(lon, lat)
        home = [z for z, county in enumerate(case.counties) if county.inside.covers(point)]
        assert len(home) < 2, f"{key} lies on a border: this page cannot say whose"
        nowhere += not home
        if home:
            places[f"people/{key}"] = (lon, lat)
            lives[home[0]].append((n, f"people/{key}"))
    times = times_to(case, run, network, places, centres)
    at_point = matrix(case, run, network, case.scratch / "counties.geojson", centres)
    found = {}
    for centre, _, _ in centres:
        for z, county in enumerate(case.counties):
            land = [times[centre, key] for key in iter_land(places, z)]
            if case.people is None:
                people = [(county.fields["population"] / len(land), t) for t in land]
            else:
                people = [(n, times[centre, key]) for n, key in lives[z]]
            found[centre, z] = Candidate(county, people, land, at_point[centre, county.id], case.horizon)
    return centres, found, nowhere


def iter_land(places, z):
    return itertools.takewhile(lambda key: key in places, (f"land/{z}/{k}" for k in itertools.count()))


def check(case, run, tally):
    network, result = case.scratch / "net.hsn", case.scratch / "circle.gpkg"
    run.run("build", network, *case.network)
    (case.scratch / "counties.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": case.features}),
                                                   encoding="utf-8")
    more = [*case.mode, *case.more]
    for rules in case.rules:
        more += ["--rules", rules]
    if case.core:
        more += ["--core", case.core]
    for field in case.official:
        more += ["--official", field]
    for name, ids in case.lists:
        (case.scratch / f"{name}.txt").write_text("\n".join(ids), encoding="utf-8")
        more += ["--official-list", case.scratch / f"{name}.txt"]
    if case.people is not None:
        more += ["--population", STUDY / "people.csv"]
    if case.cut_offs:
        more += ["--minutes", ",".join(f"{c:g}" for c in sorted(case.cut_offs))]
    run.run("delineate", network, "--zones", case.scratch / "counties.geojson", "--origins", case.centres,
            "--direction", case.direction, "-o", result, *more, expect=case.exit)
    file = program.GeoPackage(result)
    centres, seen, nowhere = expect(case, run, network)
    pairs, out, doubtful = neighbourhood([c.shape for c in case.counties])
    print(f"{len(case.counties)} counties, {len(pairs) // 2} pairs of neighbours, {len(out)} with a way out, "
          f"{len(doubtful)} borders of 5 to 40 m, {nowhere} places of people in no county")
    rules = [rule for path in case.rules for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]]
    members, changed = members_of(case, centres, seen, rules, pairs, out, file, tally)
    check_agreement(case, centres, seen, rules, members, file, tally)
    check_circles(case, centres, seen, rules, members, file, tally)
    print("changes:", dict(changed))
    return members


def own_of(case, centre):
    """The centre's own counties: its point in them, its id, --core."""
    key, lon, lat = centre
    point = shapely.geometry.Point(lon, lat)
    return {z for z, c in enumerate(case.counties) if c.inside.covers(point) or c.id == key or
            (case.core and key in str(c.fields.get(case.core) or "").split(";"))}


def listed_by(case, centre):
    """{name: set of counties}"""
    lists = {}
    for field in case.official:
        words = [str(c.fields.get(field) or "") for c in case.counties]
        lists[field] = {z for z, w in enumerate(words) if w in ("1", "1.0") or centre in w.split(";")}
    for name, ids in case.lists:
        lists[name] = {z for z, c in enumerate(case.counties) if c.id in ids}
    return lists


def cut_offs(case, rules):
    found = set(case.cut_offs)

    def walk(condition):
        for key, what in condition.items():
            if key in ("all_of", "any_of"):
                for c in what:
                    walk(c)
            elif key in CONDITIONS and "minutes" in what:
                found.add(float(what["minutes"]))
    for rule in rules:
        walk(rule)
    return sorted(found)


def members_of(case, centres, seen, rules, pairs, out, file, tally):
    rows = {(r["centre_id"], r["rule"], r["candidate_id"]): r for r in file.rows("members")}
    tally.same("rows", len(rows), len(centres) * len(rules) * len(case.counties))
    members, changed = {}, collections.Counter()
    cuts = cut_offs(case, rules)
    # land is asked for at places computed here: to a millisecond or two, and none of it may lie at a cut-off
    fine = 2.1 / 60000
    for centre in centres:
        own = own_of(case, centre)
        lists = listed_by(case, centre[0])
        for rule in rules:
            by_rule = {z for z in range(len(case.counties)) if holds(rule, seen[centre[0], z])}
            got, words = tidy(by_rule | own, own, rule, pairs, out, len(case.counties))
            words = {**{z: "core" for z in own - by_rule}, **words}
            # filled first and dropped then: nothing changed
            words = {z: word for z, word in words.items() if (z in got) != (z in by_rule)}
            members[centre[0], rule["name"]] = got
            for z, county in enumerate(case.counties):
                row, c = rows[centre[0], rule["name"], county.id], seen[centre[0], z]
                where = f"{centre[0]} {rule['name']} {county.id}"
                tally.same(f"member {where}", row["member"], int(z in got))
                tally.same(f"by_rule {where}", row["by_rule"], int(z in by_rule))
                tally.same(f"change {where}", row["change"], words.get(z))
                changed[words.get(z)] += 1
                for column, value in (("time_min", c.point), ("mean_min", c.mean), ("reached_share", c.reached),
                                      ("population", c.all), ("area_km2", county.km2), ("soonest_min", c.soonest)):
                    near = {"area_km2": 1e-9 * county.km2, "soonest_min": fine,
                            "mean_min": fine if case.people is None else 0}.get(column, 0)
                    tally.same(f"{column} {where}", row[column], value, near)
                for cut in cuts:
                    tally.same(f"share {cut} {where}", row[f"share_{number(cut)}"], c.share(cut))
                    tally.same(f"area_share {cut} {where}", row[f"area_share_{number(cut)}"], c.land_share(cut))
                for name, ids in lists.items():
                    tally.same(f"in_official {name} {where}", row[f"in_{name}"], int(z in ids))
                if lists:
                    first = next(iter(lists.values()))
                    tally.same(f"verdict {where}", row["verdict"], {(1, 1): "both", (1, 0): "model only", (0, 1): "official only",
                                                                    (0, 0): "neither"}[int(z in got), int(z in first)])
                else:
                    tally.same(f"verdict {where}", row["verdict"], "in" if z in got else "out")
    return members, changed


def divide(a, b):
    return a / b if b else None


def check_agreement(case, centres, seen, rules, members, file, tally):
    lists = {c[0]: listed_by(case, c[0]) for c in centres}
    wanted = [(c[0], r["name"], name) for c in centres for r in rules for name in lists[c[0]]]
    rows = {(r["centre_id"], r["rule"], r["official"]): r for r in file.rows("agreement")} if wanted else {}
    tally.same("rows of agreement", len(rows), len(wanted))
    for key in wanted:
        row, m, o = rows[key], members[key[:2]], lists[key[0]][key[2]]
        sizes = {"": lambda those: len(those),
                 "area": lambda those: math.fsum(case.counties[z].km2 for z in those),
                 "population": lambda those: math.fsum(seen[key[0], z].all for z in those)}
        tally.same(f"model {key}", row["model"], len(m))
        tally.same(f"listed {key}", row["listed"], len(o))
        for word, unit in (("", ""), ("area", "_km2"), ("population", "_people")):
            size, tail = sizes[word], f"_{word}" if word else ""
            tally.same(f"both {key} {word}", row[f"both{unit}"], size(m & o), 1e-9 * size(m | o))
            tally.same(f"model_only {key} {word}", row[f"model_only{unit}"], size(m - o), 1e-9 * size(m | o))
            tally.same(f"official_only {key} {word}", row[f"official_only{unit}"], size(o - m), 1e-9 * size(m | o))
            for name, value in (("jaccard", divide(size(m & o), size(m | o))), ("recall", divide(size(m & o), size(o))),
                                ("precision", divide(size(m & o), size(m)))):
                tally.same(f"{name} {key} {word}", row[name + tail], value, 1e-9)


def check_circles(case, centres, seen, rules, members, file, tally):
    whole = {(r["centre_id"], r["rule"]): r for r in file.rows("metropolis")}
    column = file.geometry_column("metropolis")
    for key, those in members.items():
        if not those and key not in whole:
            continue
        row = whole[key]
        km2 = math.fsum(case.counties[z].km2 for z in those)
        tally.same(f"metropolis_members {key}", row["members"], len(those))
        tally.same(f"metropolis_km2 {key}", row["area_km2"], km2, 1e-9 * km2)
        tally.same(f"metropolis_people {key}", row["population"], math.fsum(seen[key[0], z].all for z in those))
        if those:
            drawn = file.geometry(row[column])
            union = shapely.ops.unary_union([case.counties[z].shape for z in those])
            tally.same(f"drawn_km2 {key}", area_m2(drawn) / 1e6, km2, case.slivers * km2)
            tally.same(f"drawn_beyond {key}", drawn.symmetric_difference(union).area / union.area, 0.0, 1e-6)
            tally.same(f"drawn_valid {key}", drawn.is_valid, True)
    best = {r["id"]: r for r in file.rows("candidates")}
    by_id = {c.id: c.shape for c in case.counties}
    geometry = file.geometry_column("candidates")
    for key, row in best.items():
        tally.same(f"drawn_county {key}", file.geometry(row[geometry]).equals(by_id[key]), True)
    geometry = file.geometry_column("members")
    for row in file.rows("members"):
        shape = row[geometry] and file.geometry(row[geometry])
        where = f"{row['centre_id']} {row['rule']} {row['candidate_id']}"
        # who is in is drawn; who is not may be left to layer candidates
        tally.same(f"drawn_member {where}", shape.equals(by_id[row["candidate_id"]]) if shape else
                   bool(row["member"]), bool(shape))
    horizon = case.horizon
    for z, county in enumerate(case.counties):
        row = best[county.id]
        for rule in rules:
            tally.same(f"circles {county.id} {rule['name']}", row[f"circles_{rule_column(rule['name'])}"],
                       sum(z in members[c[0], rule["name"]] for c in centres))
        there = [(seen[c[0], z], c[0]) for c in centres]
        if there[0][0].all:
            values = [c.reached * c.mean + (1 - c.reached) * horizon if c.reached else INF for c, _ in there]
        else:
            values = [c.point for c, _ in there]
        least = min(values)
        k = values.index(least)
        tally.same(f"best {county.id}", row["best_id"], there[k][1] if least < INF else None)
        if least < INF:
            tally.same(f"best_mean {county.id}", row["best_mean_min"], there[k][0].mean,
                       2.1 / 60000 if case.people is None else 0)
            tally.same(f"best_time {county.id}", row["best_time_min"], there[k][0].point)
    if len(centres) < 2:
        return
    rows = {(r["rule"], r["centre_id"], r["other_id"]): r for r in file.rows("overlap")}
    tally.same("rows of overlap", len(rows), len(rules) * len(centres) * (len(centres) - 1) // 2)
    for rule in rules:
        for a, b in itertools.combinations([c[0] for c in centres], 2):
            x, y = members[a, rule["name"]], members[b, rule["name"]]
            row = rows[rule["name"], a, b]
            tally.same(f"overlap {a} {b}", row["members"], len(x & y))
            tally.same(f"overlap_km2 {a} {b}", row["area_km2"], math.fsum(case.counties[z].km2 for z in x & y), 1e-6)
            tally.same(f"overlap_people {a} {b}", row["population"], math.fsum(seen[a, z].all for z in x & y))
            tally.same(f"overlap_jaccard {a} {b}", row["jaccard"], divide(len(x & y), len(x | y)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=["road", "neighbours", "rail", "holes"])
    given = parser.parse_args()
    run, tally = program.Program(given.program), Tally()
    with program.folder() as scratch:
        check(Case(given.case, pathlib.Path(scratch)), run, tally)
    print(", ".join(f"{n} {what}" for what, n in sorted(tally.numbers.items())))
    print(f"{sum(tally.numbers.values())} values, {tally.wrong} differ")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
