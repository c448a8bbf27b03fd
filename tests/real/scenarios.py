#!/usr/bin/python3
"""scenarios.py PROGRAM CASE: random proposals on a real extract, against docs/methods.md 7 and 8 taken literally.

Links at junctions, in the middle of edges, where turns are restricted, beside and on dual carriageways, several
from one place; roads closed by id, and stretches of them by polygons; speeds by class; waits. The graph is that of streets.py, its turn restrictions
as they stand; a link's joints are chosen here once more, from the page alone, and times are those of plain
searches from every pole. `hourshed compare` must give the same milliseconds before and after, from every point to
every other and towards it.
"""
import argparse
import copy
import math
import random
import sys
import time

import numpy

import bridges
import osm_file
import program
import streets

# name: file, scenarios, must a restriction be near?
CASES = {
    "porto-alegre": ("porto_alegre/poa_osm.pbf", 3, False),
    "shanghai": ("osm_small/shanghai.osm", 12, False),
    "cathedral": ("osm_streets_cases/cathedral-no-left.pbf", 3, True),
    "tsinghua": ("osm_small/beijing_tsinghua.osm", 12, False),
}
POINTS, LINKS = 12, 5
LIMIT = 10**8
NEVER = streets.UNREACHABLE
MOTORWAYS = ("motorway", "motorway_link", "expressway")
TOLERANCE_M, NODE_M, TOUCH_M, NO_GAP_M = 50, 10, 1, 0.02
COS_30 = math.sqrt(3) / 2


def geodesic(a, b):
    return streets.GEOD.inv(*a, *b)[2]


# ---- methods.md, 7: joints ----------------------------------------------------------------------------


class Roads:
    """The net's edges (runs of segments between junctions of any kind), and where links join them."""

    def __init__(self, town, net):
        self.town, self.net = town, net
        met = {}  # node -> how often streets pass it
        pieces = []
        for piece in net.piece_of:
            if not pieces or pieces[-1] is not piece:
                pieces.append(piece)
        for piece in pieces:
            for node in piece.nodes:
                met[node] = met.get(node, 0) + 1
        self.edges = []  # [first segment, one past the last]
        before, numbers = None, {}
        for s in range(len(net.a)):
            begins = (net.piece_of[s] is not before or met[net.a[s]] > 1 or
                      town.closed(net.a[s], net.profile.mode))
            before = net.piece_of[s]
            if begins:
                self.edges.append([s, s])
            self.edges[-1][1] = s + 1
            numbers[s] = len(self.edges) - 1
        self.edge_of = numpy.array([numbers[s] for s in range(len(net.a))])
        rank = sorted(range(len(self.edges)), key=lambda e: (net.piece_of[self.edges[e][0]].way_id, e))
        self.rank = {e: k for k, e in enumerate(rank)}
        self.node = {}  # open nodes: OSM id -> node of the graph
        for number, osm in enumerate(net.node_id):
            if not town.closed(osm, net.profile.mode):
                self.node[osm] = number
        self.ends = {}  # OSM id -> [(edge, 0: it begins there, 1: it ends there)]
        for e, (first, end) in enumerate(self.edges):
            self.ends.setdefault(net.a[first], []).append((e, 0))
            self.ends.setdefault(net.b[end - 1], []).append((e, 1))
        self.road = numpy.array([p.road_class not in MOTORWAYS for p in net.piece_of])
        self.ground = self.road & numpy.array([not p.flags() for p in net.piece_of])
        self.level = numpy.array([not p.flags() & {"bridge", "tunnel"} for p in net.piece_of])
        ids = sorted(self.node)
        self.open_ids = [osm for osm in ids if any(self.road[self.edges[e][0]] for e, _ in self.ends[osm])]
        self.open_at = numpy.array([town.place[osm] for osm in self.open_ids], dtype=float) / 1e7

    def boxes_meet(self, first, end, line):
        """Of an edge and a line: whether it is worth a look."""
        a, b, c = self.net.from_degrees[first:end], self.net.to_degrees[first:end], numpy.array(line)
        return (numpy.minimum(a.min(axis=0), b.min(axis=0)) <= c.max(axis=0)).all() and \
            (numpy.maximum(a.max(axis=0), b.max(axis=0)) >= c.min(axis=0)).all()

    def open_ways(self, e):
        s = self.edges[e][0]
        return [self.net.ms[d][s] != NEVER for d in (0, 1)]

    def scale(self, lon, lat):
        semi, square = 6378137.0, (2 - 1 / 298.257223563) / 298.257223563
        curve = 1 - square * math.sin(math.radians(lat)) ** 2
        return (math.radians(1) * semi / math.sqrt(curve) * math.cos(math.radians(lat)),
                math.radians(1) * semi * (1 - square) / curve ** 1.5)

    def heading(self, s, scale):
        """Unit vector of travel on a segment of a one-way edge; None: both ways."""
        ways = [self.net.ms[d][s] != NEVER for d in (0, 1)]
        if ways[0] == ways[1]:
            return None
        x, y = (self.net.to_degrees[s] - self.net.from_degrees[s]) * scale * (1 if ways[0] else -1)
        long = math.hypot(x, y) or 1
        return x / long, y / long

    def likeness(self, one, other, scale):
        """one, other: segments."""
        a, b = self.heading(one, scale), self.heading(other, scale)
        if a is None or b is None or self.net.piece_of[one].road_class != self.net.piece_of[other].road_class:
            return 0
        return a[0] * b[0] + a[1] * b[1]

    def near(self, lon, lat, tolerance):
        """[(metres, edge, segment, fraction)] of admissible edges, the nearest first."""
        metres, fraction = self.net.distances(lon, lat)
        found = {}
        for s in numpy.flatnonzero(self.ground & (metres <= tolerance)).tolist():
            e = int(self.edge_of[s])
            if e not in found or metres[s] < found[e][0]:
                found[e] = (float(metres[s]), self.rank[e], e, s, float(fraction[s]))
        return [(m, e, s, f) for m, _, e, s, f in sorted(found.values())]

    def joint_of(self, e, s, f):
        """The open node at the edge's end, or the position."""
        first, end = self.edges[e]
        osm = None
        if s == first and f <= 0:
            osm = self.net.a[s]
        if s == end - 1 and f >= 1:
            osm = self.net.b[s]
        return ("node", osm) if osm in self.node else ("edge", s, f)

    def carriageway(self, osm, scale):
        """The segment by which a carriageway arrives that passes the node, or None."""
        ends = [(e, side) for e, side in self.ends[osm] if self.road[self.edges[e][0]]]

        def segment(e, side):
            return self.edges[e][1] - 1 if side else self.edges[e][0]

        def travels_in(e, side):
            return self.open_ways(e)[0] == bool(side)

        lines = [(self.rank[a], segment(a, i)) for a, i in ends for b, k in ends
                 if travels_in(a, i) and not travels_in(b, k) and
                 self.likeness(segment(a, i), segment(b, k), scale) >= COS_30]
        return min(lines)[1] if lines else None

    def is_crossing(self, osm, own, near, scale):
        twins = {end for _, e, s, _ in near if self.likeness(own, s, scale) <= -COS_30
                 for end in (self.net.a[self.edges[e][0]], self.net.b[self.edges[e][1] - 1])}
        for e, side in self.ends[osm]:
            first, end = self.edges[e]
            if not self.road[first] or self.likeness(own, end - 1 if side else first, scale) >= COS_30:
                continue
            if osm in twins or (self.net.a[first] if side else self.net.b[end - 1]) in twins:
                return True
        return False

    def joints(self, lon, lat, tolerance, both):
        """Where a pole joins; None: nowhere, or a place too doubtful to ask about."""
        scale = numpy.array(self.scale(lon, lat))
        metres, _ = self.net.distances(lon, lat)
        if not self.net.main_segment[metres <= tolerance + 5].all():
            return None  # what is reached from where is another question
        near = self.near(lon, lat, tolerance)
        if not near:
            return None
        if len(near) > 1 and near[0][0] < NODE_M and 0 < near[1][0] - near[0][0] < 0.001:
            return None
        away = numpy.hypot(*((self.open_at - (lon, lat)) * scale).T)
        chosen = None
        for k in sorted(numpy.flatnonzero(away <= min(NODE_M, tolerance)).tolist(), key=lambda k: away[k]):
            osm = self.open_ids[k]
            if all((e, 0) in self.ends[osm] or (e, 1) in self.ends[osm]
                   for m, e, _, _ in near if m < away[k]):
                chosen = ("node", osm)
                break
        if chosen is None:
            chosen = self.joint_of(*near[0][1:])
        found = [chosen]
        own = chosen[1] if chosen[0] == "edge" else self.carriageway(chosen[1], scale)
        if both and own is not None and not (chosen[0] == "node" and
                                             self.is_crossing(chosen[1], own, near, scale)):
            for _, e, s, f in near:
                if self.likeness(own, s, scale) <= -COS_30:
                    twin = self.joint_of(e, s, f)
                    found += [twin] if twin != chosen else []
                    break
        return found

    def at(self, joint):
        if joint[0] == "node":
            lon, lat = self.town.place[joint[1]]
            return lon / 1e7, lat / 1e7
        a, b = self.net.from_degrees[joint[1]], self.net.to_degrees[joint[1]]
        return tuple(a + joint[2] * (b - a))


class Link:
    """A drawn link of two poles, its ends."""

    def __init__(self, roads, row):
        self.row, line = row, row["line"]
        profile = roads.net.profile
        rule = profile.class_rule(row.get("class", ""))
        metres = [geodesic(a, b) for a, b in zip(line, line[1:])]
        self.ways = [row["oneway"] != "against", row["oneway"] != "along"]
        if "minutes" in row:
            self.pace, whole = None, math.floor(row["minutes"] * 60_000 + 0.5)
            self.ms, self.per_m = whole, whole / sum(metres)
        else:
            tagged = math.floor(row["speed_kmh"] * 1000 + 0.5) if "speed_kmh" in row else 0
            base = min(tagged, profile.max_speed_mh) if tagged else rule.speed_mh
            self.pace = max((base * (rule.factor_ppm if rule else 1_000_000) + 500_000) // 1_000_000, 1)
            self.ms = sum(streets.segment_ms(m, self.pace) for m in metres)
        self.ms += math.floor(row.get("wait_min", 0) * 60_000 + 0.5)
        tolerance = min(TOLERANCE_M, 0.45 * sum(metres))
        self.poles = []  # [(joint, gap in ms)]
        for end in (line[0], line[-1]):
            joints = roads.joints(*end, tolerance, all(self.ways))
            self.poles.append(joints and [(joint, self.gap_ms(geodesic(end, roads.at(joint))))
                                          for joint in joints])

    def gap_ms(self, metres):
        if metres < NO_GAP_M:
            return 0
        return math.floor(metres * self.per_m + 0.5) if self.pace is None else \
            streets.segment_ms(metres, self.pace)


# ---- methods.md, 7: speeds, waits, closures --------------------------------------------------------------


def crossings(net, s, line):
    """[to the right of the line, to its left] of a segment as drawn."""
    (px, py), (qx, qy) = line
    (ax, ay), (bx, by) = net.from_degrees[s], net.to_degrees[s]

    def left(ox, oy, dx, dy, x, y):
        return (dx - ox) * (y - oy) - (dy - oy) * (x - ox) > 0

    a_left, b_left = left(px, py, qx, qy, ax, ay), left(px, py, qx, qy, bx, by)
    if a_left == b_left or left(ax, ay, bx, by, px, py) == left(ax, ay, bx, by, qx, qy):
        return [0, 0]
    return [1, 0] if a_left else [0, 1]


def changed_net(roads, closures, speeds, waits):
    """The net under a scenario: the same graph, other times."""
    net = copy.copy(roads.net)
    net.ms = [list(net.ms[0]), list(net.ms[1])]
    profile = net.profile
    for s, piece in enumerate(net.piece_of):
        rule = profile.class_rule(piece.road_class)
        rows = [row for row in speeds if row["class"] == piece.road_class]
        for d in (0, 1):
            if not rows or net.ms[d][s] == NEVER:
                continue
            pace, divisor = profile.speed(rule, piece.speed[d]), 1.0
            for part in sorted((1 - 1.0) + 1.0 / (row["factor"] if "factor" in row else
                                                  row["speed_kmh"] * 1000 / pace) for row in rows):
                divisor *= part
            net.ms[d][s] = streets.segment_ms(float(net.length[s]), max(math.floor(pace / divisor + 0.5), 1))
    for row in waits:
        for first, end in roads.edges:
            counts = [sum(n) for n in zip(*(crossings(net, s, row["line"]) for s in range(first, end)))] \
                if roads.boxes_meet(first, end, row["line"]) else [0, 0]
            if not any(counts):
                continue
            for d in (0, 1):
                times = {"both": sum(counts), "to_right": counts[d], "to_left": counts[1 - d]}[row["direction"]]
                if not times or net.ms[d][first] == NEVER:
                    continue
                whole = max(sum(net.ms[d][first:end]) + times * math.floor(row["typical_min"] * 60_000 + 0.5), 0)
                walked = numpy.concatenate(([0.0], numpy.cumsum(net.length[first:end])))
                passed = [math.floor(whole * m / walked[-1] + 0.5) for m in walked]
                net.ms[d][first:end] = [later - sooner for sooner, later in zip(passed, passed[1:])]
    closed = {int(word) for row in closures if "roads" in row for word in row["roads"].split(";")}
    net.closed = {s: [(0, 1)] for s, piece in enumerate(net.piece_of) if piece.way_id in closed}
    for row in closures:
        for s in numpy.flatnonzero(roads.level).tolist() if "line" in row else ():
            part = inside(net, s, row["line"])
            if part:
                net.closed.setdefault(s, []).append(part)
    net.arcs = [(tail, head, sum(net.ms[d & 1][d >> 1] for d in chain), chain)
                for tail, head, _, chain in net.arcs]
    net.out = [[] for _ in net.node_id]
    for arc, (tail, head, ms, _) in enumerate(net.arcs):
        shut = any(d >> 1 in net.closed for d in net.arcs[arc][3])  # it can be entered all the same
        net.out[tail].append((head, NEVER if shut else ms, arc))
    return net


def inside(net, s, box):
    """(from, to): fractions of a segment within a box drawn as a line round it; None: nothing of it."""
    low, high = numpy.array(box).min(axis=0), numpy.array(box).max(axis=0)
    a, d = net.from_degrees[s], net.to_degrees[s] - net.from_degrees[s]
    start, end = 0.0, 1.0
    for axis in (0, 1):
        if d[axis] == 0:
            if not low[axis] < a[axis] < high[axis]:
                return None
            continue
        one, two = sorted(((low[axis] - a[axis]) / d[axis], (high[axis] - a[axis]) / d[axis]))
        start, end = max(start, one), min(end, two)
    return (float(start), float(end)) if start < end else None


# ---- methods.md, 8: times -------------------------------------------------------------------------------


class Reach:
    """Times from positions with costs."""

    def __init__(self, roads, net, seeds):
        self.net, self.own, heap = net, {}, []  # own: by arc, seeds on it
        for position, cost in seeds:
            if position[0] == "node":
                heap.append((cost, roads.node[position[1]], ()))
                continue
            _, s, fraction = position
            for directed in (2 * s, 2 * s + 1):
                if not net.open(directed):
                    continue
                arc, at = net.arc_of[directed]
                chain, mark = net.arcs[arc][3], self.mark(directed, fraction)
                self.own.setdefault(arc, []).append((at, fraction, mark, cost))
                if not self.barred(chain, (at, fraction), None):
                    begun = tuple((rule, 0) for rule in net.starts.get(chain[-1], ()))
                    heap.append((cost + net.arcs[arc][2] - mark, net.arcs[arc][1], begun))
        self.tree = net.dijkstra(heap, LIMIT)

    def mark(self, directed, fraction):
        """Time from the start of a directed segment's arc to a position on it."""
        arc, at = self.net.arc_of[directed]
        ms = self.net.ms[directed & 1][directed >> 1]
        part = math.floor(fraction * ms + 0.5)
        before = sum(self.net.ms[d & 1][d >> 1] for d in self.net.arcs[arc][3][:at])
        return before + (part if directed & 1 == 0 else ms - part)

    def barred(self, chain, start, end):
        """A closed stretch bars the way by a chain from one position (its number in the chain, fraction as
        drawn) to another; None: from its start, to its end."""
        first, last = start[0] if start else 0, end[0] if end else len(chain) - 1
        for at in range(first, last + 1) if self.net.closed else ():
            stretches = self.net.closed.get(chain[at] >> 1)
            if not stretches:
                continue
            low, high = 0, 1
            for position, begins in ((start, True), (end, False)):
                if position and position[0] == at:
                    if begins == (chain[at] & 1 == 0):
                        low = position[1]
                    else:
                        high = position[1]
            if any(low < b and high > a for a, b in stretches):
                return True
        return False

    def time(self, position):
        if position[0] == "node":
            return self.tree.node_ms.get(position[1], NEVER)
        _, s, fraction = position
        best = NEVER
        for directed in (2 * s, 2 * s + 1):
            if not self.net.open(directed):
                continue
            arc, at = self.net.arc_of[directed]
            chain, here = self.net.arcs[arc][3], self.mark(directed, fraction)
            if arc in self.tree.entered and not self.barred(chain, None, (at, fraction)):
                best = min(best, self.tree.entered[arc] + here)
            for start, begins, mark, cost in self.own.get(arc, ()):
                ahead = (at, fraction if directed & 1 == 0 else -fraction) >= \
                    (start, begins if directed & 1 == 0 else -begins)
                if ahead and not self.barred(chain, (start, begins), (at, fraction)):
                    best = min(best, cost + here - mark)
        return best


def places_of(links):
    """Which place each pole (link, end) stands at: those within a metre are one."""
    poles = [(k, i) for k in range(len(links)) for i in (0, 1)]
    place = {pole: pole for pole in poles}
    for a in poles:
        for b in poles:
            at, other = (links[k].row["line"][-i] for k, i in (a, b))
            if geodesic(at, other) <= TOUCH_M and place[a] != place[b]:
                old, new = max(place[a], place[b]), min(place[a], place[b])
                place = {pole: new if stands == old else stands for pole, stands in place.items()}
    return place


def matrix(roads, net, links, feet):
    """times[i][j] from foot i to foot j over the net and the links."""
    place = places_of(links)
    stops = sorted(set(place.values()))
    joints = {stop: [row for (k, i), at in place.items() if at == stop for row in links[k].poles[i]]
              for stop in stops}
    pieces = []
    for k, link in enumerate(links):
        a, b = place[k, 0], place[k, 1]
        pieces += [(a, b, link.ms)] * link.ways[0] + [(b, a, link.ms)] * link.ways[1]

    def into(reach, stop):
        return min(reach.time(joint) + gap for joint, gap in joints[stop])

    between = {}
    for stop in stops:
        reach = Reach(roads, net, joints[stop])
        for other in stops:
            between[stop, other] = 0 if other == stop else into(reach, other)
    out = []
    for foot in feet:
        position = ("edge", foot.segment, foot.fraction)
        own = [(position, foot.leg_ms)]
        reach = Reach(roads, net, own)
        enter = {stop: into(reach, stop) for stop in stops}
        past, turning = {stop: NEVER for stop in stops}, True
        while turning:
            turning = False
            for a, b, ms in pieces:
                if enter[a] + ms < past[b]:
                    past[b], turning = enter[a] + ms, True
            for a in stops:
                for b in stops:
                    enter[b] = min(enter[b], past[a] + between[a, b])
        if links:
            own += [(joint, past[stop] + gap) for stop in stops if past[stop] < LIMIT
                    for joint, gap in joints[stop]]
            reach = Reach(roads, net, own)
        out.append([reach.time(("edge", to.segment, to.fraction)) + to.leg_ms for to in feet])
    return out


# ---- Random proposals --------------------------------------------------------------------------------------


class Maker:
    def __init__(self, roads, rng):
        self.roads, self.rng, net = roads, rng, roads.net
        fit = numpy.flatnonzero(net.stop & net.main_segment & (net.length > 5)).tolist()
        one_way = [s for s in fit if (net.ms[0][s] == NEVER) != (net.ms[1][s] == NEVER)]
        forced = sorted(net.forced & set(roads.node))
        begun = sorted({d >> 1 for d in net.starts} & set(fit))
        self.pools = [("segment", fit), ("segment", one_way or fit), ("node", sorted(roads.node)),
                      ("node", forced or sorted(roads.node)), ("segment", begun or fit)]
        self.fit = fit

    def place(self):
        """A point at or beside something of one of the pools, and what it joins."""
        net, rng = self.roads.net, self.rng
        kind, pool = rng.choice(self.pools)
        if kind == "node":
            lon, lat = self.roads.at(("node", rng.choice(pool)))
        else:
            s = rng.choice(pool)
            share = rng.uniform(0.45, 0.55) if kind == "between" else rng.random()
            lon, lat = net.from_degrees[s] + share * (net.to_degrees[s] - net.from_degrees[s])
        beside = rng.choice((0, 0, 4, 15)) / 111_000
        turn = rng.random() * 2 * math.pi
        return (round(float(lon) + beside * math.cos(turn), 7), round(float(lat) + beside * math.sin(turn), 7))

    def links(self, count, span):
        rng, out = self.rng, []
        while len(out) < count:
            shared = out and rng.random() < 0.3
            a = rng.choice(rng.choice(out).row["line"][::2]) if shared else self.place()
            b = self.place()
            if not 150 < geodesic(a, b) < span:
                continue
            line = [a, ((a[0] + b[0]) / 2 + rng.random() * 1e-4, (a[1] + b[1]) / 2), b]
            row = {"proposal": f"link {len(out)}", "bridge": "yes", "line": line,
                   "oneway": rng.choice(["no", "no", "along", "against"]),
                   "class": rng.choice(["primary", "secondary", "tertiary"])}
            kind = rng.randrange(4)
            if kind == 0:
                row["minutes"] = rng.choice([0.1, 0.25, 5])
            elif kind < 3:
                row["speed_kmh"] = rng.choice([40.0, 80.0, 150.0])
            if rng.random() < 0.3:
                row["wait_min"] = 0.2
            link = Link(self.roads, row)
            if all(link.poles) and not self.meets(link, out):
                out.append(link)
        return out

    @staticmethod
    def meets(link, others):
        """An end close to another link's line, not at its end: a pole there is another matter."""
        for other in others:
            for one, two in ((link, other), (other, link)):
                line = numpy.array(two.row["line"]) * (80_000, 111_000)
                for end in one.row["line"][::2]:
                    at = numpy.array(end) * (80_000, 111_000)
                    for a, b in zip(line, line[1:]) if end not in two.row["line"][::2] else ():
                        share = min(max(float((at - a) @ (b - a) / ((b - a) @ (b - a))), 0), 1)
                        if numpy.hypot(*(a + share * (b - a) - at)) < 5:
                            return True
        return False

    def closures(self, count):
        """By id, and by two boxes a segment; points and links are then put between the two, too."""
        net, rng = self.roads.net, self.rng
        ways = sorted({net.piece_of[s].way_id for s in self.fit})
        out = [{"proposal": f"closed {k}", "roads": ";".join(map(str, rng.sample(ways, 4))),
                "layers": "all"} for k in range(count)]
        level = [s for s in self.fit if self.roads.level[s] and net.length[s] > 40]
        for k in range(2 * count):
            if k % 2 == 0:
                s = rng.choice(level)
                self.pools.append(("between", [s]))
            share, half = 0.2 + 0.5 * (k % 2) + 0.1 * rng.random(), numpy.array([4e-5, 4e-5])
            middle = net.from_degrees[s] + share * (net.to_degrees[s] - net.from_degrees[s])
            (west, south), (east, north) = (middle - half).tolist(), (middle + half).tolist()
            out.append({"proposal": f"box {k}", "line": [(west, south), (east, south), (east, north),
                                                         (west, north), (west, south)]})
        return out

    def speeds(self):
        net = self.roads.net
        classes = sorted({net.piece_of[s].road_class for s in self.fit} - {"ferry"})
        one, other = self.rng.choice(classes), self.rng.choice(classes)
        return [{"proposal": "speed 0", "class": one, "factor": 0.7},
                {"proposal": "speed 1", "class": one, "factor": 1.9},
                {"proposal": "speed 2", "class": other, "speed_kmh": 31.0}]

    def waits(self, count):
        net, out = self.roads.net, []
        for k in range(count):
            s = self.rng.choice(self.fit)
            middle = (net.from_degrees[s] + net.to_degrees[s]) / 2
            x, y = net.to_degrees[s] - net.from_degrees[s]
            across = numpy.array([-y, x]) / math.hypot(x, y) * 2e-4
            out.append({"proposal": f"wait {k}", "typical_min": self.rng.choice([0.3, 2.0]),
                        "direction": self.rng.choice(["both", "to_right", "to_left"] if
                                                     net.open(2 * s) and net.open(2 * s + 1) else ["both"]),
                        "line": [tuple((middle - across).tolist()), tuple((middle + across).tolist())]})
        return out

    def points(self, count):
        """Points on or 2 m beside streets, without doubt which."""
        out = []
        while len(out) < count:
            lon, lat = self.place()
            metres, _ = self.roads.net.distances(lon, lat)
            metres = numpy.where(self.roads.net.stop & self.roads.net.main_segment, metres, numpy.inf)
            first, second = numpy.sort(metres)[:2]
            if first < 20 and second > first + 0.5:
                out.append((f"p{len(out)}", lon, lat))
        return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--seed", type=int, default=20240701)
    options = parser.parse_args()
    name, count, restricted = CASES[options.case]
    source, hourshed, began = program.data(name), program.Program(options.program), time.monotonic()
    rng = random.Random(options.seed)
    print(f"{options.case}, seed {options.seed}")
    town = streets.Streets(osm_file.read(source))
    net = streets.Net(town, streets.read_profile(program.profile_path("car-osm")))
    net.closed = {}
    roads = Roads(town, net)
    maker = Maker(roads, rng)
    closures = maker.closures(3)
    points = maker.points(POINTS)
    feet = [net.foot(lon, lat) for _, lon, lat in points]
    box = net.from_degrees[maker.fit]
    span = max(400, geodesic(tuple(box.min(axis=0)), tuple(box.max(axis=0))) / 3)
    links = maker.links(LINKS * count, span)
    speeds, waits = maker.speeds(), maker.waits(4)
    edits = closures + speeds + waits
    checked = wrong = moved = 0
    with program.folder() as folder:
        folder = program.pathlib.Path(folder)
        for k, link in enumerate(links):
            link.row["proposal"] = f"link {k}"
        rows = [dict(link.row, oneway={"no": "no", "along": "yes", "against": "-1"}[link.row["oneway"]])
                for link in links]
        proposals = bridges.write_proposals(folder / "proposals.gpkg", rows, closures, speeds, waits)
        scenarios = []
        for k in range(count):
            mine = links[LINKS * k:LINKS * (k + 1)]
            more = rng.sample(edits, rng.randrange(0, 6)) if k else []
            scenarios.append((f"s{k}", mine if k % 6 != 5 else [], more or (edits[:1] if k % 6 == 5 else [])))
            if k % 3 == 2:
                scenarios[-1] = (f"s{k}", mine, closures + rng.sample(speeds + waits, 3))
        words = [word for key, mine, more in scenarios for word in
                 ("--scenario", f"{key}=" + ",".join([link.row["proposal"] for link in mine] +
                                                     [row["proposal"] for row in more]))]
        where = bridges.write_points(folder / "points.csv", points)
        hourshed.run("build", folder / "net.hsn", "--osm", source, "--profile", "car-osm", "-q")
        ours = {}
        for direction in ("from", "to"):
            hourshed.run("compare", folder / "net.hsn", "--origins", where, "--zones", where, "--proposals",
                         proposals, "--minutes", 1, "--edges", "none", "--direction", direction, "-q", "-o",
                         folder / f"{direction}.gpkg", *words)
            for row in program.GeoPackage(folder / f"{direction}.gpkg").rows("zones"):
                ours[row["scenario"], direction, row["origin_id"], row["zone_id"]] = (
                    bridges.ms(row["before_min"]), bridges.ms(row["after_min"]))
        before = matrix(roads, net, [], feet)
        for key, mine, more in scenarios:
            other = changed_net(roads, *([row for row in more if row in kind]
                                         for kind in (closures, speeds, waits))) if more else net
            after = matrix(roads, other, mine, feet)
            already = wrong
            for i, origin in enumerate(points):
                for j, zone in enumerate(points):
                    theirs = tuple(None if table[i][j] >= NEVER else table[i][j] for table in (before, after))
                    moved += theirs[0] != theirs[1]
                    for direction, one, two in (("from", origin, zone), ("to", zone, origin)):
                        checked += 1
                        got = ours.get((key, direction, one[0], two[0]))
                        if got == theirs:
                            continue
                        wrong += 1
                        if wrong < 6:
                            print(f"  {key} {direction} {one} {two}: program {got}, independent {theirs}")
            if wrong > already:
                print(f"  {key}: {[link.row for link in mine]} {more}")
    near = sum(joint[0] == "node" and joint[1] in net.forced for link in links for pole in link.poles
               for joint, _ in pole)
    two = sum(len(pole) > 1 for link in links for pole in link.poles)
    print(f"{len(links)} links, {two} ends at both carriageways, {near} at junctions with restrictions; "
          f"{checked} times, {moved} changed by a scenario, {wrong} differ; {time.monotonic() - began:.0f} s")
    if moved * 20 < checked or restricted and near < 3:
        print("too little changed for this test to say anything")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
