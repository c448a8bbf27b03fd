#!/usr/bin/python3
"""geodata_check.py STUDY: is an embedded study sound, as data and as geography?

Independent of the program: standard library only, own distance and own point in polygon. Lists every problem,
exit status 1 if there is one. It then damages the data in memory, one fault at a time, and fails if a fault passes.
"""
import copy
import csv
import json
import math
import re
import sys
from pathlib import Path

CLASSES = {"expressway", "bridge", "tunnel", "trunk", "arterial", "local", "ferry"}
OVER_WATER = {"bridge", "tunnel", "ferry"}
MAINLAND = {"guangzhou", "shenzhen", "foshan", "dongguan", "huizhou", "zhuhai", "zhongshan", "jiangmen", "zhaoqing"}
CENSUS = {"guangzhou": 18676605, "shenzhen": 17560061, "dongguan": 10466625, "foshan": 9498863, "huizhou": 6042852,
          "jiangmen": 4798090, "zhongshan": 4418060, "zhaoqing": 4113594, "zhuhai": 2439585, "hongkong": 7413070,
          "macao": 682070}
TABLES = ("nodes", "links", "points", "cities", "gates", "stations", "water_points", "bank_pairs", "published")
DAY_BEFORE, DAY_AFTER = "2024-06-29", "2025-01-01"
LEAST_RATIO, GREATEST_RATIO = 1.0, 1.6   # link length over great circle
GREATEST_WATER_KM = 1.5                  # under a link that is no bridge, tunnel or ferry
LEAST_OFFSHORE_KM = 0.3                  # of a water point
LEG_CAP_KM = 15.0                        # as in the profile car-corridor


def km_between(a, b):
    """Good to 1e-5 up to 100 km: the radii of curvature of WGS84 at the middle latitude."""
    middle = math.radians((a[1] + b[1]) / 2)
    e2 = 0.00669437999014
    w = 1 - e2 * math.sin(middle) ** 2
    north = math.radians(b[1] - a[1]) * 6378.137 * (1 - e2) / w ** 1.5
    east = math.radians(b[0] - a[0]) * 6378.137 / math.sqrt(w) * math.cos(middle)
    return math.hypot(north, east)


def inside(ring, point):
    x, y = point
    odd = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            odd = not odd
    return odd


def turn(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def cross(a, b, c, d):
    return turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0


class Land:
    def __init__(self, rings):
        self.rings = rings
        self.boxes = [(min(p[0] for p in r), min(p[1] for p in r), max(p[0] for p in r), max(p[1] for p in r))
                      for r in rings]

    def has(self, point):
        return any(w <= point[0] <= e and s <= point[1] <= n and inside(r, point)
                   for r, (w, s, e, n) in zip(self.rings, self.boxes))

    def water_km(self, a, b):
        """Kilometres of water under the straight line from a to b: cut at every shore, each piece judged by its middle."""
        cuts = [0.0, 1.0]
        for ring in self.rings:
            for p, q in zip(ring, ring[1:]):
                d = (b[0] - a[0]) * (q[1] - p[1]) - (b[1] - a[1]) * (q[0] - p[0])
                if d:
                    t = ((p[0] - a[0]) * (q[1] - p[1]) - (p[1] - a[1]) * (q[0] - p[0])) / d
                    u = ((p[0] - a[0]) * (b[1] - a[1]) - (p[1] - a[1]) * (b[0] - a[0])) / d
                    if 0 < t < 1 and 0 <= u <= 1:
                        cuts.append(t)
        cuts.sort()
        whole = km_between(a, b)
        return sum((t1 - t0) * whole for t0, t1 in zip(cuts, cuts[1:])
                   if not self.has([a[i] + (b[i] - a[i]) * (t0 + t1) / 2 for i in (0, 1)]))

    def shore_km(self, point):
        best = math.inf
        for ring in self.rings:
            for p, q in zip(ring, ring[1:]):
                k = math.cos(math.radians(point[1]))
                dx, dy = (q[0] - p[0]) * k, q[1] - p[1]
                length = dx * dx + dy * dy
                t = 0 if not length else ((point[0] - p[0]) * k * dx + (point[1] - p[1]) * dy) / length
                t = min(1, max(0, t))
                best = min(best, km_between(point, (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t)))
        return best


def read(folder):
    study = {}
    for name in TABLES + ("sources",):
        with open(folder / (name + ".csv"), encoding="utf-8", newline="") as file:
            study[name] = list(csv.DictReader(file, strict=True))
    with open(folder / "land.geojson", encoding="utf-8") as file:
        study["land"] = json.load(file)
    for name, path in (("proposals", folder), ("crossings", folder.parent / "ten-crossings")):
        with open(path / "proposals.geojson", encoding="utf-8") as file:
            study[name] = json.load(file)["features"]
    return study


def place(row):
    return float(row["lon"]), float(row["lat"])


def first_day(date):
    return date + "0000-01-01"[len(date):]


def is_open(link, day):
    return first_day(link["opened"]) <= day and not (link["closed"] and first_day(link["closed"]) <= day)


def pieces(nodes, links):
    """Connected pieces of a network, as sets of node ids, the largest first."""
    next_to = {node: [] for node in nodes}
    for link in links:
        next_to[link["from"]].append(link["to"])
        next_to[link["to"]].append(link["from"])
    seen, out = set(), []
    for start in nodes:
        if start in seen or not next_to[start]:
            continue
        piece, stack = {start}, [start]
        while stack:
            for other in next_to[stack.pop()]:
                if other not in piece:
                    piece.add(other)
                    stack.append(other)
        seen |= piece
        out.append(piece)
    return sorted(out, key=len, reverse=True)


def check_rows(study, say):
    sources = {row["id"] for row in study["sources"]}
    places = set()
    for name in TABLES:
        ids = set()
        for row in study[name]:
            where = f"{name} {row['id']}"
            if None in row or None in row.values():
                say(f"{where}: wrong number of columns")
            if not row["id"] or row["id"] in ids:
                say(f"{where}: id empty or twice")
            ids.add(row["id"])
            if row["source"] not in sources:
                say(f"{where}: source \"{row['source']}\" is not in sources.csv")
            if not re.fullmatch(r"(19|20)\d\d", row["year"]):
                say(f"{where}: year \"{row['year']}\"")
            if row["confidence"] not in ("A", "B", "C"):
                say(f"{where}: confidence \"{row['confidence']}\"")
            if "lon" in row and not (111 < float(row["lon"]) < 115.2 and 21.4 < float(row["lat"]) < 24.2):
                say(f"{where}: lies outside the Greater Bay Area (lon and lat swapped?)")
            if "name_en" in row and not (row["name"] and row["name_en"]):
                say(f"{where}: a name is missing")
        if name in ("nodes", "cities", "stations", "points"):
            for twice in places & ids:
                say(f"{name} {twice}: an id of another table")
            places |= ids
    used = {row["source"] for name in TABLES for row in study[name]}
    for source in sorted(sources - used):
        say(f"sources {source}: nothing cites it")
    return places


def check_links(study, nodes, land, say):
    pairs = set()
    for link in study["links"]:
        where = f"links {link['id']} {link['from']} - {link['to']}"
        if link["from"] not in nodes or link["to"] not in nodes:
            say(f"{where}: a node does not exist")
            continue
        if link["class"] not in CLASSES:
            say(f"{where}: class \"{link['class']}\"")
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", link["opened"]):
            say(f"{where}: opened \"{link['opened']}\"")
        if link["wait_min"] and not (link["minutes"] or link["speed_kmh"]):
            say(f"{where}: a wait without minutes or speed")
        if link["class"] == "ferry" and not (link["minutes"] and link["modes"] == "walk"):
            say(f"{where}: a ferry has minutes and takes walkers only")
        key = (*sorted((link["from"], link["to"])), link["class"], link["modes"])
        if key in pairs:
            say(f"{where}: stands twice")
        pairs.add(key)
        a, b = place(nodes[link["from"]]), place(nodes[link["to"]])
        ratio = float(link["length_km"]) / max(km_between(a, b), 1e-9)
        if not LEAST_RATIO <= ratio <= GREATEST_RATIO:
            say(f"{where}: {link['length_km']} km is {ratio:.3f} times the great circle")
        if link["class"] not in OVER_WATER and land.water_km(a, b) > GREATEST_WATER_KM:
            say(f"{where}: {link['class']} over {land.water_km(a, b):.1f} km of water")


def check_whole(study, nodes, say):
    """Everything hangs together before and after; so does what a car without permits reaches on the mainland."""
    for day in (DAY_BEFORE, DAY_AFTER):
        links = [link for link in study["links"] if is_open(link, day)]
        for piece in pieces(nodes, links)[1:]:
            say(f"network of {day}: apart from the rest: {', '.join(sorted(piece)[:5])}")
        cars = [link for link in links if not link["modes"] or "car" in link["modes"].split(";")]
        for piece in pieces(nodes, cars)[1:]:
            if not all(node.startswith(("hk_", "mo_")) for node in piece):
                say(f"network of {day}, cars: apart from the rest: {', '.join(sorted(piece)[:5])}")
        if day == DAY_AFTER:
            linked = {link[end] for link in links for end in ("from", "to")}
            for node in sorted(set(nodes) - linked):
                say(f"nodes {node}: no link")
    before = {link["id"] for link in study["links"] if is_open(link, DAY_BEFORE)}
    new = {link["name_en"] for link in study["links"] if is_open(link, DAY_AFTER) and link["id"] not in before}
    for name in ("Shenzhen-Zhongshan Link", "Zhongkai Expressway, Zhongshan section",
                 "Nansha-Zhongshan Expressway, main line", "Huangmaohai Link"):
        if name not in new:
            say(f"{name}: not among what opened between {DAY_BEFORE} and {DAY_AFTER}")


def check_sums(study, say):
    cities = {row["id"]: row for row in study["cities"]}
    for city, count in CENSUS.items():
        if city not in cities:
            say(f"cities: {city} is missing")
            continue
        parts = [row for row in study["points"] if row["city_id"] == city]
        if int(cities[city]["population"]) != count:
            say(f"cities {city}: population is not the census figure {count}")
        if sum(int(row["population"]) for row in parts) != count:
            say(f"points: the parts of {city} sum to {sum(int(r['population']) for r in parts)}, not {count}")
        gdp = round(sum(float(row["gdp_2022_100m_cny"]) for row in parts), 2)
        if gdp != float(cities[city]["gdp_2022_100m_cny"]):
            say(f"points: the GDP of the parts of {city} is {gdp}, not {cities[city]['gdp_2022_100m_cny']}")
    if sum(CENSUS[city] for city in MAINLAND) != 78014335:
        say("the nine cities do not sum to 78,014,335")
    for city in ("dongguan", "zhongshan"):
        if sum(row["city_id"] == city for row in study["points"]) < 8:
            say(f"points: {city} has fewer than 8 groups of towns")
    for row in study["points"] + study["gates"] + study["stations"]:
        if row["city_id"] not in cities:
            say(f"{row['id']}: city {row['city_id']} does not exist")


def check_land(study, nodes, land, say):
    vertices = sum(len(ring) - 1 for ring in land.rings)
    if not 200 <= vertices <= 600:
        say(f"land: {vertices} vertices")
    edges = []
    for number, ring in enumerate(land.rings):
        if ring[0] != ring[-1]:
            say(f"land {number}: ring not closed")
        if sum(p[0] * q[1] - p[1] * q[0] for p, q in zip(ring, ring[1:])) <= 0:
            say(f"land {number}: ring not counter-clockwise")
        edges += [(number, i, len(ring) - 1, p, q) for i, (p, q) in enumerate(zip(ring, ring[1:]))]
    for i, (ring0, at0, count, p, q) in enumerate(edges):
        for ring1, at1, _, r, s in edges[i + 1:]:
            neighbours = ring0 == ring1 and (at1 - at0 in (1, count - 1))
            if not neighbours and cross(p, q, r, s):
                say(f"land: shores cross near {p}")
    for name in ("nodes", "points", "cities", "gates", "stations"):
        for row in study[name]:
            if row.get("kind") != "sea_junction" and not land.has(place(row)):
                say(f"{name} {row['id']}: in the water")
    if len(study["water_points"]) < 20:
        say("fewer than 20 water points")
    for row in study["water_points"]:
        if land.has(place(row)) or land.shore_km(place(row)) < LEAST_OFFSHORE_KM:
            say(f"water_points {row['id']}: not in open water")
    for row in study["bank_pairs"]:
        if row["node"] not in nodes:
            say(f"bank_pairs {row['id']}: node {row['node']} does not exist")
        elif not land.has(place(row)):
            say(f"bank_pairs {row['id']}: in the water")
        elif km_between(place(row), place(nodes[row["node"]])) > LEG_CAP_KM:
            say(f"bank_pairs {row['id']}: beyond the cap of a leg, proves nothing")
        elif land.water_km(place(row), place(nodes[row["node"]])) < 0.1:
            say(f"bank_pairs {row['id']}: no water between")


def check_legs(study, nodes, land, say):
    """Each point of population and each city has a node one can drive to without crossing water."""
    for row in study["points"] + study["cities"]:
        near = sorted((km_between(place(row), place(node)), node["id"]) for node in nodes.values()
                      if node["stop"] == "yes")
        if not any(km <= LEG_CAP_KM and land.water_km(place(row), place(nodes[node])) == 0
                   for km, node in near[:10]):
            say(f"points {row['id']}: no node within {LEG_CAP_KM:g} km over land")


def check_published(study, nodes, places, say):
    if len(study["published"]) < 15:
        say("fewer than 15 published times")
    for row in study["published"]:
        where = f"published {row['id']}"
        if row["from_id"] not in places or row["to_id"] not in places:
            say(f"{where}: from or to is no node, city, point or station")
        if row["kind"] not in ("portal", "centre", "station"):
            say(f"{where}: kind \"{row['kind']}\"")
        low, high = (float(row[key] or "nan") for key in ("minutes_low", "minutes_high"))
        if (math.isnan(low) and math.isnan(high)) or low > high:
            say(f"{where}: minutes {row['minutes_low']} to {row['minutes_high']}")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["as_of"]):
            say(f"{where}: as_of \"{row['as_of']}\"")
    for row in study["gates"]:
        if row["node"] not in nodes or place(row) != place(nodes[row["node"]]):
            say(f"gates {row['id']}: not at its node")


def check_proposals(study, nodes, say):
    """What opened in 2024 is drawn as the links are, all of it; the crossings run from node to node over water."""
    opened = {x["id"]: x for x in study["links"] if DAY_BEFORE < first_day(x["opened"]) < DAY_AFTER}
    for feature in study["proposals"]:
        values, line = feature["properties"], feature["geometry"]["coordinates"]
        link = opened.pop(values["note"].split()[0], None)
        if link is None:
            say(f"proposals {values['note']}: not among the links that opened, or twice")
        elif [values["class"], values["name"], values["opened"], values.get("length_km"), values.get("speed_kmh")] != [
                link["class"], link["name"], link["opened"], *(float(link[key]) if link[key] else None
                                                               for key in ("length_km", "speed_kmh"))]:
            say(f"proposals {link['id']}: not as in links.csv")
        elif [tuple(end) for end in line] != [place(nodes[link["from"]]), place(nodes[link["to"]])]:
            say(f"proposals {link['id']}: drawn elsewhere than its nodes")
    for missing in opened:
        say(f"proposals: {missing} opened in 2024 and is not there")
    ends = {place(row): row for row in study["nodes"]}
    for feature in study["crossings"]:
        values, line = feature["properties"], [tuple(end) for end in feature["geometry"]["coordinates"]]
        if not all(end in ends and ends[end]["stop"] == "yes" for end in line):
            say(f"crossings {values['proposal']}: an end is no node where one may leave")
        if abs(values["length_km"] - 1.05 * km_between(*line)) > 0.05:
            say(f"crossings {values['proposal']}: {values['length_km']} km")
        if values["status"] == "idea" and not values["proposal"].startswith("Hypothetical"):
            say(f"crossings {values['proposal']}: an idea of ours that is not called hypothetical")
        if not values["note"].startswith("hypothetical" if values["status"] == "idea" else "real"):
            say(f"crossings {values['proposal']}: the note does not say what it is")
    if len(study["crossings"]) != 10:
        say("not ten crossings")


def problems(study):
    found = []
    places = check_rows(study, found.append)
    nodes = {row["id"]: row for row in study["nodes"]}
    land = Land([[tuple(point) for point in feature["geometry"]["coordinates"][0]]
                 for feature in study["land"]["features"]])
    check_links(study, nodes, land, found.append)
    if not any("does not exist" in text for text in found):
        check_whole(study, nodes, found.append)
    check_sums(study, found.append)
    check_land(study, nodes, land, found.append)
    check_legs(study, nodes, land, found.append)
    check_published(study, nodes, places, found.append)
    if not any("does not exist" in text for text in found):
        check_proposals(study, nodes, found.append)
    return found


def row_of(study, table, **keys):
    return next(row for row in study[table] if all(row[key] == value for key, value in keys.items()))


# Faults that once were or might be made: name, damage, a word of the complaint
FAULTS = [
    ("a link shorter than the great circle",
     lambda s: row_of(s, "links", name_en="Humen Bridge").update(length_km="2"), "great circle"),
    ("a person lost", lambda s: s["points"][0].update(population="1"), "sum to"),
    ("a node in the sea", lambda s: row_of(s, "nodes", id="gz_humen_w").update(lon="113.613"), "in the water"),
    ("a road over the estuary",
     lambda s: row_of(s, "links", name_en="Nansha Bridge").update({"class": "trunk"}), "km of water"),
    ("a link to nowhere", lambda s: s["links"][0].update({"to": "nowhere"}), "does not exist"),
    ("a node twice", lambda s: s["nodes"].append(dict(s["nodes"][0])), "twice"),
    ("a fact without a source", lambda s: s["points"][5].update(source="hearsay"), "sources.csv"),
    ("a town cut off", lambda s: s["links"].__setitem__(
        slice(None), [x for x in s["links"] if "sz_dapeng" not in (x["from"], x["to"])]), "no link"),
    ("an estuary filled in", lambda s: s["land"]["features"].append({"geometry": {"coordinates": [
        [[113.66, 22.50], [113.76, 22.50], [113.76, 22.60], [113.66, 22.60], [113.66, 22.50]]]}}), "open water"),
    ("the link open too early", lambda s: [x.update(opened="2019") for x in s["links"]
                                           if x["name_en"] == "Shenzhen-Zhongshan Link"], "not among what opened"),
    ("a proposal redrawn", lambda s: s["proposals"][1]["properties"].update(length_km=10), "not as in links.csv"),
    ("a proposal left out", lambda s: s["proposals"].pop(), "is not there"),
    ("an invention sold as real", lambda s: s["crossings"][4]["properties"].update(proposal="Second Humen Bridge"),
     "not called hypothetical"),
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    study = read(Path(sys.argv[1]))
    found = problems(study)
    for text in found:
        print(text)
    missed = 0
    for name, damage, word in FAULTS:
        damaged = copy.deepcopy(study)
        damage(damaged)
        if not any(word in text for text in problems(damaged)):
            print(f"the check does not see {name}")
            missed += 1
    counts = ", ".join(f"{len(study[name])} {name}" for name in TABLES)
    print(f"{len(found)} problems, {missed} of {len(FAULTS)} faults missed; {counts}")
    sys.exit(1 if found or missed else 0)


if __name__ == "__main__":
    main()
