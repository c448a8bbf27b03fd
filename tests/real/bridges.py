#!/usr/bin/python3
"""bridges.py PROGRAM CASE: bridges over the Douro, taken out and drawn again, and others put in.

put-back      each of six road bridges is taken out of the file and drawn again as a proposal: the times of a
              500 m grid are again those of the untouched file
as-a-way      a new bridge drawn as a proposal, and the same one as a way of the file: the same times within
              1 ms; between junctions, and between positions in the middle of edges
identities    a link too slow to use changes nothing and no area; a new bridge lengthens no time; a bridge
              closed and drawn again, and speeds doubled and halved, are the baseline
shortcut      rank by the shortcut and by a search an origin: equal tables, for ten bridges and all zones of a
              500 m grid, and for more random links and fewer zones
carriageways  links that end at or between the carriageways of dual carriageways: both directions are reached
              from the far end, and reach it, without a detour
"""
import argparse
import csv
import math
import pathlib
import random
import sys
import time

import numpy
from osgeo import ogr, osr

import osm_file
import osm_variant
import program
import streets

SOURCE = "porto/porto_portugal.osm.pbf"
# The ways of the road bridges over the Douro; each is also a check that the extract is the one we know.
BRIDGES = {
    "Arrabida": (12300807, 35539787),
    "Luis I": (165660759,),
    "Infante": (49982592, 173072164),
    "Freixo": (31983039, 140054045),
    "Crestuma-Lever": (25410767,),
    "A41": (118520634, 118520762),
}
ORIGINS = [("foz", -8.6650, 41.1520), ("afurada", -8.6550, 41.1400),
           ("baixa", -8.6108, 41.1480), ("gaia", -8.6115, 41.1300), ("boavista", -8.6400, 41.1600),
           ("gondomar", -8.5350, 41.1450), ("avintes", -8.5500, 41.1050), ("lever", -8.4900, 41.0650)]
WIDE, CITY = (-8.72, 41.03, -8.44, 41.20), (-8.69, 41.11, -8.57, 41.17)
MINUTES = 60
ogr.UseExceptions()


class Checks:
    def __init__(self):
        self.wrong = 0

    def hold(self, true, text):
        print(("" if true else "WRONG: ") + text)
        self.wrong += not true


# ---- Files ------------------------------------------------------------------------------------------


def write_points(path, points, **more):
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "lon", "lat", *more])
        for row in points:
            table.writerow([row[0], f"{row[1]:.7f}", f"{row[2]:.7f}", *(of(row) for of in more.values())])
    return path


def grid(box, metres):
    west, south, east, north = box
    lat_step = metres / 111_100
    lon_step = metres / (111_320 * math.cos(math.radians((south + north) / 2)))
    return [(f"z{j}-{i}", west + i * lon_step, south + j * lat_step)
            for j in range(int((north - south) / lat_step)) for i in range(int((east - west) / lon_step))]


def write_proposals(path, links=(), closures=(), speeds=(), waits=()):
    """Rows are dicts of fields; `line` holds (lon, lat), a polygon's as well."""
    driver = ogr.GetDriverByName("GPKG")
    file = driver.CreateDataSource(str(path))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    for name, rows, kind in (("links", links, ogr.wkbLineString), ("closures", closures, ogr.wkbPolygon),
                             ("speed_changes", speeds, ogr.wkbPolygon), ("waits", waits, ogr.wkbLineString)):
        if not rows:
            continue
        layer = file.CreateLayer(name, crs, kind)
        names = sorted({field for row in rows for field in row} - {"line"})
        for field in names:
            real = any(isinstance(row.get(field), (int, float)) for row in rows)
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTReal if real else ogr.OFTString))
        for row in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for field in names:
                if row.get(field) is not None:
                    feature.SetField(field, row[field])
            if "line" in row:
                line = ogr.Geometry(ogr.wkbLinearRing if kind == ogr.wkbPolygon else ogr.wkbLineString)
                for lon, lat in row["line"]:
                    line.AddPoint_2D(lon, lat)
                area = ogr.Geometry(ogr.wkbPolygon)
                area.AddGeometry(line) if kind == ogr.wkbPolygon else None
                feature.SetGeometry(area if kind == ogr.wkbPolygon else line)
            layer.CreateFeature(feature)
    file = None
    return path


class Town:
    """The extract, and the program at work on variants of it."""

    def __init__(self, hourshed, folder, links=190):
        self.links = links
        self.hourshed, self.folder = hourshed, pathlib.Path(folder)
        self.osm = osm_file.read(program.data(SOURCE))
        self.way = {key: (tags, nodes) for key, tags, nodes in self.osm.ways}
        self.users, self.ways_at = {}, {}  # node -> how many streets touch it, which ways
        for way_id, tags, nodes in self.osm.ways:
            if "highway" in tags:
                for node in nodes:
                    self.users[node] = self.users.get(node, 0) + 1
                    self.ways_at.setdefault(node, []).append(way_id)

    def at(self, node):
        lon, lat = self.osm.place[node]
        return lon / 1e7, lat / 1e7

    def build(self, name, **variant):
        """A network of the file itself, or of a variant of it (osm_variant.write)."""
        source = program.data(SOURCE)
        if variant:
            source = self.folder / f"{name}.osm"
            osm_variant.write(source, self.osm, **variant)
        network = self.folder / f"{name}.hsn"
        self.hourshed.run("build", network, "--osm", source, "--profile", "car-osm", "-q")
        if variant:
            source.unlink()
        return network

    def drawn(self, way_id, proposal):
        """A way as links, one between two nodes at which it meets others."""
        tags, nodes = self.way[way_id]
        cuts = [k for k in range(len(nodes)) if k in (0, len(nodes) - 1) or self.users[nodes[k]] > 1]
        row = {"proposal": proposal, "class": tags["highway"], "bridge": "yes",
               "oneway": "yes" if tags.get("oneway") == "yes" else "no"}
        if "maxspeed" in tags:
            row["speed_kmh"] = float(tags["maxspeed"])
        return [dict(row, line=[self.at(node) for node in nodes[a:b + 1]]) for a, b in zip(cuts, cuts[1:])]

    def run(self, command, network, origins, zones, *more):
        output = self.folder / f"{command}-{network.stem}.gpkg"
        self.hourshed.run(command, network, "--origins", origins, "--zones", zones, "--edges", "none", "-q",
                          "--overwrite", "-o", output, *more)
        return program.GeoPackage(output)

    def times(self, network, origins, zones, *more):
        """{(origin, zone): ms or None} and {zone: what it joined}"""
        result = self.run("circle", network, origins, zones, "--minutes", MINUTES, "--cell", 250, *more)
        return ({(row["from_id"], row["to_id"]): ms(row["time_min"]) for row in result.rows("od_times")},
                feet(result))

    def compare(self, network, origins, zones, proposals, *more, minutes=5):
        """{scenario: {(origin, zone): (before, after)}}, however far, and the file"""
        result = self.run("compare", network, origins, zones, "--proposals", proposals, "--minutes", minutes,
                          *more)
        out = {}
        for row in result.rows("zones"):
            out.setdefault(row["scenario"], {})[row["origin_id"], row["zone_id"]] = (
                ms(row["before_min"]), ms(row["after_min"]))
        return out, result


def feet(result):
    """{zone: what it joined}"""
    return {row["point_id"]: (row["joined"], row["source_id"], row["leg_m"])
            for row in result.rows("snap", "role = 'zone'")}


def ms(minutes):
    return None if minutes is None else round(minutes * 60_000)


def worst(pairs):
    """The largest |a - b| of pairs of times, and how many have one side only."""
    both = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    limit = MINUTES * 60_000
    single = [a if b is None else b for a, b in pairs if (a is None) != (b is None)]
    return max(both, default=0), sum(t < limit - 1000 for t in single), len(both)


# ---- Cases ------------------------------------------------------------------------------------------


def put_back(town, checks):
    zones = write_points(town.folder / "zones.csv", grid(WIDE, 500))
    origins = write_points(town.folder / "origins.csv", ORIGINS)
    whole, joined = town.times(town.build("whole"), origins, zones)
    for name, ways in BRIDGES.items():
        cut = town.build(name.replace(" ", "_"), without=set(ways))
        rows = [link for way in ways for link in town.drawn(way, name)]
        proposals = write_proposals(town.folder / f"{cut.stem}.gpkg", rows)
        found, result = town.compare(cut, origins, zones, proposals, "--scenario", f"back={name}")
        other = feet(result)
        moved = {zone for zone in joined if joined[zone] != other.get(zone)}
        back = found["back"]
        pairs = [(whole[key], back[key][1]) for key in back if key[1] not in moved]
        apart, single, count = worst(pairs)
        without = sum(a is not None and a != back[key][0] for key, a in whole.items())
        checks.hold(apart <= 1000 and not single and count > 5000 and without > 0,
                    f"{name}: {count} times, {without} others without it; put back, worst {apart} ms off, "
                    f"{single} one-sided; {len(moved)} zones join elsewhere without it")


def crossing_nodes(town, net, box):
    """Junctions of quiet two-way streets in a box, by node id."""
    west, south, east, north = box
    out = []
    one_way = {node for s in range(len(net.a)) if net.ms[0][s] != net.ms[1][s] for node in
               (net.a[s], net.b[s])}
    for s, piece in enumerate(net.piece_of):
        lon, lat = net.from_degrees[s]
        if (piece.road_class in ("residential", "tertiary", "unclassified") and net.main_segment[s] and
                net.stop[s] and west < lon < east and south < lat < north and town.users[net.a[s]] > 2 and
                net.a[s] not in one_way):
            out.append(net.a[s])
    return sorted(set(out))


def middle_of(town, net, box, speed):
    """(segment, position) of a long two-way segment whose halves' times sum to its own, its middle far from
    any node."""
    west, south, east, north = box
    for s, piece in enumerate(net.piece_of):
        lon, lat = net.from_degrees[s]
        if not (west < lon < east and south < lat < north and 60 < net.length[s] < 300 and net.stop[s] and
                net.main_segment[s] and net.ms[0][s] == net.ms[1][s] and piece.road_class in speed):
            continue
        x, y = (net.from_degrees[s] + net.to_degrees[s]) / 2
        place = (round(x * 1e7), round(y * 1e7))
        one, other = (streets.GEOD.inv(*end, place[0] / 1e7, place[1] / 1e7)[2]
                      for end in (net.from_degrees[s], net.to_degrees[s]))
        pace = net.ms[0][s] / net.length[s]
        metres, _ = net.distances(place[0] / 1e7, place[1] / 1e7)
        near = numpy.flatnonzero(metres < 15)
        if (math.floor(one * pace + 0.5) + math.floor(other * pace + 0.5) == net.ms[0][s] and
                near.tolist() == [s] and metres[s] < 0.004):
            return s, place
    raise AssertionError("no edge to end a bridge in")


# Banks of the Douro west of its westmost bridge.
NORTH, SOUTH = (-8.672, 41.1475, -8.652, 41.1540), (-8.668, 41.1320, -8.645, 41.1430)


def as_a_way(town, checks):
    net = streets.Net(streets.Streets(town.osm), streets.read_profile(program.profile_path("car-osm")))
    zones = write_points(town.folder / "zones.csv", grid(CITY, 500))
    origins = write_points(town.folder / "origins.csv", ORIGINS[:5])
    whole = town.build("whole")
    tags = {"highway": "secondary", "bridge": "yes", "layer": "1", "maxspeed": "100"}
    variants = []
    ends = [crossing_nodes(town, net, box)[0] for box in (NORTH, SOUTH)]
    variants.append(("between junctions", [town.at(node) for node in ends], {"ways": {10**12: (tags, ends)}}))
    places, ways, nodes = {}, {}, []
    for k, box in enumerate((NORTH, SOUTH)):
        s, place = middle_of(town, net, box, ("residential", "tertiary", "secondary", "unclassified"))
        node, own = 10**12 + k, net.piece_of[s].way_id
        places[node] = place
        own_tags, own_nodes = town.way[own]
        at = next(i for i in range(len(own_nodes) - 1) if own_nodes[i:i + 2] == [net.a[s], net.b[s]])
        ways[own] = (own_tags, own_nodes[:at + 1] + [node] + own_nodes[at + 1:])
        nodes.append(node)
    ways[10**12] = (tags, nodes)
    variants.append(("between positions on edges", [(x / 1e7, y / 1e7) for x, y in places.values()],
                     {"ways": ways, "places": places}))
    for name, line, variant in variants:
        built, _ = town.times(town.build(name.replace(" ", "_"), **variant), origins, zones)
        proposals = write_proposals(town.folder / f"{len(name)}.gpkg",
                                    [{"proposal": "new", "class": "secondary", "bridge": "yes",
                                      "speed_kmh": 100.0, "line": line}])
        found, _ = town.compare(whole, origins, zones, proposals)
        after = next(iter(found.values()))
        apart, single, count = worst([(built[key], after[key][1]) for key in after])
        saved = sum(a is not None and b is not None and b < a for a, b in after.values())
        checks.hold(apart <= 1 and not single and saved > 50,
                    f"a bridge {name}: {count} times, {saved} shorter by it; as a way worst {apart} ms off, "
                    f"{single} one-sided")


def identities(town, checks):
    whole = town.build("whole")
    zones = write_points(town.folder / "zones.csv", grid(CITY, 500))
    line = [(-8.6576739, 41.1480208), (-8.6488631, 41.1388494)]  # from junction to junction
    beside = [("beside-north", *line[0]), ("beside-south", *line[1])]
    origins = write_points(town.folder / "origins.csv", ORIGINS[:5] + beside)
    infante = BRIDGES["Infante"]
    rows = [{"proposal": "slow", "class": "secondary", "minutes": 600, "bridge": "yes", "line": line},
            {"proposal": "new", "class": "secondary", "speed_kmh": 100.0, "bridge": "yes", "line": line}]
    rows += [link for way in infante for link in town.drawn(way, "again")]
    closures = [{"proposal": "closed", "roads": ";".join(map(str, infante)), "layers": "all"}]
    speeds = [{"proposal": "double", "class": "primary", "factor": 2.0},
              {"proposal": "half", "class": "primary", "factor": 0.5}]
    proposals = write_proposals(town.folder / "identities.gpkg", rows, closures, speeds)
    scenarios = ("slow=slow", "new=new", "closed=closed", "inverse=closed,again", "double=double",
                 "speeds=double,half")
    found, result = town.compare(whole, origins, zones, proposals,
                                 *(word for name in scenarios for word in ("--scenario", name)),
                                 minutes=12)
    areas = {}
    for row in result.rows("change"):
        key = row["scenario"], row["kind"]
        areas[key] = areas.get(key, 0) + row["area_km2"]

    def changed(name):
        return sum(a != b for a, b in found[name].values())

    for name in ("slow", "speeds"):
        checks.hold(changed(name) == 0 and areas[name, "gained"] == 0 and areas[name, "lost"] == 0,
                    f"{name}: {changed(name)} times changed, gained {areas[name, 'gained']} km2, lost "
                    f"{areas[name, 'lost']} km2")
    apart, single, _ = worst(list(found["inverse"].values()))
    checks.hold(apart <= 10 and not single and changed("closed") > 20,
                f"closed and drawn again: worst {apart} ms off, {single} one-sided; closed alone changes "
                f"{changed('closed')}, gains {areas['closed', 'gained']} km2, loses "
                f"{areas['closed', 'lost']:.2f} km2; with the inverse {areas['inverse', 'gained']:.4f} and "
                f"{areas['inverse', 'lost']:.4f}")
    checks.hold(areas["closed", "gained"] == 0 and changed("double") > 100,
                f"a closure gains nothing; doubled speeds change {changed('double')}")
    longer = sum(b is None and a is not None or None not in (a, b) and b > a for a, b in
                 found["new"].values())
    checks.hold(longer == 0 and changed("new") > 50 and areas["new", "lost"] == 0 and
                areas["new", "gained"] > 1,
                f"a new bridge: {changed('new')} times shorter, {longer} longer, lost "
                f"{areas['new', 'lost']} km2, gained {areas['new', 'gained']:.2f} km2")


def ranked(town, network, zones, proposals, engine, *more):
    output = town.folder / f"rank-{engine}.gpkg"
    began = time.monotonic()
    town.hourshed.run("rank", network, "--proposals", proposals, "--zones", zones, "--minutes", "10,15",
                      "--horizon", 25, "--engine", engine, "--sets", "alone", "-q", "--overwrite", "-o",
                      output, *more)
    return program.GeoPackage(output), time.monotonic() - began


def same_tables(checks, name, one, other):
    """All columns, to the last bit."""
    for table in ("ranking", "ranking_zones"):
        rows = [one.rows(table), other.rows(table)]
        keys = [key for key in (rows[0][0].keys() if rows[0] else ())
                if key not in ("geom", "fid", "engine", "zones_skipped")]  # a search skips no zone
        first, second = ([tuple(row[key] for key in keys) for row in own] for own in rows)
        differ = [(a, b) for a, b in zip(first, second) if a != b]
        checks.hold(len(first) == len(second) and len(first) > 0 and not differ,
                    f"{name}, {table}: {len(first)} and {len(second)} rows, {len(differ)} differ")
        for a, b in differ[:3]:
            print("   ", {k: (x, y) for k, x, y in zip(keys, a, b) if x != y}, dict(zip(keys, a)))


def shortcut(town, checks):
    net = streets.Net(streets.Streets(town.osm), streets.read_profile(program.profile_path("car-osm")))
    network = town.build("whole")
    rng = random.Random(20240630)
    print("seed 20240630")
    north = crossing_nodes(town, net, (-8.66, 41.1450, -8.57, 41.1520))
    south = crossing_nodes(town, net, (-8.66, 41.1250, -8.57, 41.1380))
    rows = []
    while len(rows) < min(10, town.links):
        ends = [town.at(rng.choice(side)) for side in (north, south)]
        if ends not in [row["line"] for row in rows] and streets.GEOD.inv(*ends[0], *ends[1])[2] < 3000:
            rows.append({"proposal": f"bridge {len(rows)}", "class": "secondary", "bridge": "yes",
                         "line": ends})
    fit = numpy.flatnonzero(net.stop & net.main_segment & (net.length > 20) &
                            (abs(net.from_degrees[:, 0] + 8.61) < 0.05) &
                            (abs(net.from_degrees[:, 1] - 41.14) < 0.03))
    zones = write_points(town.folder / "zones.csv", grid(CITY, 500), population=lambda row: 1 + len(row[0]))
    more = []
    while len(more) < town.links:
        a, b = (net.from_degrees[s] + rng.random() * (net.to_degrees[s] - net.from_degrees[s])
                for s in rng.sample(fit.tolist(), 2))
        if 300 < streets.GEOD.inv(*a, *b)[2] < 4000:
            more.append({"proposal": f"link {len(more)}", "class": rng.choice(["secondary", "primary"]),
                         "bridge": "yes", "oneway": rng.choice(["no", "no", "yes"]),
                         "line": [tuple(a), tuple(b)]})
    some = write_points(town.folder / "some.csv",
                        [(f"r{k}", -8.66 + 0.09 * rng.random(), 41.11 + 0.06 * rng.random())
                         for k in range(200)], population=lambda row: len(row[0]) * 100)
    for name, links, where in (("ten bridges, a 500 m grid", rows, zones),
                               ("random links, 200 zones", more, some)):
        proposals = write_proposals(town.folder / f"rank-{name.split()[0]}.gpkg", links)
        fast, fast_s = ranked(town, network, where, proposals, "shortcut")
        slow, slow_s = ranked(town, network, where, proposals, "search")
        print(f"{name}: {len(links)} proposals; shortcut {fast_s:.2f} s, search {slow_s:.2f} s: "
              f"{slow_s / fast_s:.1f} times")
        same_tables(checks, name, fast, slow)


# ---- Dual carriageways ------------------------------------------------------------------------------


class Carriageway:
    """A one-way street, by metres from its start."""

    def __init__(self, town, way_id):
        tags, nodes = town.way[way_id]
        self.id, self.road_class = way_id, tags["highway"]
        self.nodes, self.points = nodes, [town.at(node) for node in nodes]
        self.sums, self.places = [0.0], None
        for a, b in zip(self.points, self.points[1:]):
            self.sums.append(self.sums[-1] + streets.GEOD.inv(*a, *b)[2])

    def at(self, metres):
        k = max(i for i in range(len(self.sums) - 1) if self.sums[i] <= metres)
        share = (metres - self.sums[k]) / (self.sums[k + 1] - self.sums[k])
        (ax, ay), (bx, by) = self.points[k:k + 2]
        azimuth = streets.GEOD.inv(ax, ay, bx, by)[0]
        return (ax + share * (bx - ax), ay + share * (by - ay)), azimuth

    def side_streets(self, town, twin):
        """Metres of the junctions at which streets of other classes meet this carriageway alone: none of them
        goes on to its twin, and so the twin is to be joined beside the junction."""
        for metres, node in zip(self.sums[1:-1], self.nodes[1:-1]):
            others = [way for way in town.ways_at.get(node, ()) if way != self.id]
            if others and not any(town.way[way][0]["highway"] == self.road_class or
                                  set(town.way[way][1]) & set(twin.nodes) for way in others):
                yield metres

    def foot(self, point):
        """(metres off, metres along) of the nearest place, by steps of a metre."""
        steps = numpy.arange(1, self.sums[-1] - 1, 1.0)
        if self.places is None:
            self.places = numpy.array([self.at(s)[0] for s in steps])
        places = self.places
        off = numpy.hypot((places[:, 0] - point[0]) * 83_800, (places[:, 1] - point[1]) * 111_100)
        best = int(off.argmin())
        return float(off[best]), float(steps[best])


AHEAD_M = 80  # of the junction: where both carriageways are asked


def dual_carriageways(town, net):
    """(one, metres, other, metres, metres between) at places where both run on for a while: in the middle of
    ways, wherever that is, and at junctions of one of the two alone."""
    own = {}
    for s in numpy.flatnonzero(net.stop & net.main_segment & (abs(net.from_degrees[:, 0] + 8.6) < 0.08) &
                               (abs(net.from_degrees[:, 1] - 41.15) < 0.06)).tolist():
        piece = net.piece_of[s]
        if piece.tags.get("oneway") == "yes" and piece.tags.get("junction") is None and \
                piece.road_class in ("trunk", "primary", "secondary", "tertiary"):
            own.setdefault(piece.way_id, []).append(s)
    lanes = [Carriageway(town, way) for way in sorted(own)]
    lanes = [lane for lane in lanes if lane.sums[-1] > 2 * AHEAD_M + 40]
    middles, junctions = [], []
    for lane in lanes:
        (lon, lat), azimuth = lane.at(lane.sums[-1] / 2)
        for twin in lanes:
            if twin.id <= lane.id or twin.road_class != lane.road_class:
                continue
            off, along = twin.foot((lon, lat))
            turned = abs((twin.at(along)[1] - azimuth + 180) % 360 - 180)
            if (6 < off < 30 and turned > 165 and
                    AHEAD_M + 15 < along < twin.sums[-1] - AHEAD_M - 15):
                middles.append((lane, lane.sums[-1] / 2, twin, along, off))
                break
        for twin in lanes:
            if twin.id == lane.id or twin.road_class != lane.road_class or twin.foot((lon, lat))[0] > 500:
                continue
            for metres in lane.side_streets(town, twin):
                off, along = twin.foot(lane.at(metres)[0])
                turned = abs((twin.at(along)[1] - lane.at(metres - 1)[1] + 180) % 360 - 180)
                if (6 < off < 30 and turned > 165 and AHEAD_M + 15 < metres < lane.sums[-1] - AHEAD_M - 15 and
                        AHEAD_M + 15 < along < twin.sums[-1] - AHEAD_M - 15):
                    junctions.append((lane, metres, twin, along, off))
    return middles[:12], junctions[:8]


def carriageways(town, checks):
    net = streets.Net(streets.Streets(town.osm), streets.read_profile(program.profile_path("car-osm")))
    network = town.build("whole")
    middles, junctions = dual_carriageways(town, net)
    checks.hold(len(middles) == 12 and len(junctions) == 8,
                f"{len(middles)} places on dual carriageways, {len(junctions)} at junctions of one of the two")
    places = middles + junctions
    segments = {}
    for s, piece in enumerate(net.piece_of):
        segments.setdefault(piece.way_id, []).append(s)
    far = [town.at(node) for node in crossing_nodes(town, net, (-8.70, 41.10, -8.50, 41.20))]
    good = 0
    for k, (lane, s, twin, along, off) in enumerate(places):
        (ax, ay), (bx, by) = lane.at(s)[0], twin.at(along)[0]
        on_one = k % 2 or k >= len(middles)
        end = (ax, ay) if on_one else ((ax + bx) / 2, (ay + by) / 2)
        away = min((p for p in far if 1500 < streets.GEOD.inv(*p, *end)[2]), key=lambda p:
                   streets.GEOD.inv(*p, *end)[2])
        link = [{"proposal": "link", "speed_kmh": 120.0, "class": "secondary", "bridge": "yes",
                 "line": [away, end]}]
        proposals = write_proposals(town.folder / f"dual{k}.gpkg", link)
        origin = write_points(town.folder / "away.csv", [("away", *away)])
        link_s = streets.GEOD.inv(*away, *end)[2] / (120 * 0.9 / 3.6)
        slack_s = 4 + 2 * off / (120 * 0.9 / 3.6)
        for direction, ahead in (("from", AHEAD_M), ("to", -AHEAD_M)):
            asked = [("one", *lane.at(s + ahead)[0]), ("other", *twin.at(along + ahead)[0])]
            zones = write_points(town.folder / "asked.csv", asked)
            found, _ = town.compare(network, origin, zones, proposals, "--direction", direction)
            for (name, lon, lat), side in zip(asked, (lane, twin)):
                before, after = next(iter(found.values()))["away", name]
                speed = min(net.length[s2] / net.ms[0][s2] for s2 in segments[side.id]) * 1000
                bound = link_s + AHEAD_M / speed + slack_s
                fine = after is not None and after / 1000 <= bound
                good += fine
                if not fine:
                    checks.hold(False, f"{direction} {away} over a link to {end} ({'on one' if on_one else 'between'} "
                                f"of {lane.id}, {twin.id}): {name} carriageway {before} -> {after} ms, "
                                f"expected at most {bound * 1000:.0f}")
    checks.hold(good == 4 * len(places), f"{good} of {4 * len(places)} ways on and off without a detour")


CASES = {"put-back": put_back, "as-a-way": as_a_way, "identities": identities, "shortcut": shortcut,
         "carriageways": carriageways}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--links", type=int, default=190,
                        help="random links of case shortcut, and of its bridges at most ten; fewer in the test run")
    options = parser.parse_args()
    program.data(SOURCE)
    checks = Checks()
    began = time.monotonic()
    with program.folder() as folder:
        CASES[options.case](Town(program.Program(options.program), folder, options.links), checks)
    print(f"{options.case}: {time.monotonic() - began:.0f} s")
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
