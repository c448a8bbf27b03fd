"""Travel times on the raw OpenStreetMap file, written from docs/methods.md alone.

An independent check of the program: it shares no code with it, reads the file by osm_file.py, and keeps
turn restrictions as they stand: the state of the search is a junction and what the traveller has done of
the restrictions he has begun. Nothing is split.

    town = Streets(osm_file.read(path))
    net = Net(town, profile)
    foot = net.foot(lon, lat)
    tree = net.search(foot, limit_ms)      tree.node_ms: {OSM node id: ms}
"""
import copy
import dataclasses
import heapq
import math
import re
from fractions import Fraction

import numpy
import pyproj
import scipy.sparse
import scipy.sparse.csgraph
import yaml

GEOD = pyproj.Geod(ellps="WGS84")
UNREACHABLE = 0x3FFFFFFF

# ---- methods.md, 1: streets -------------------------------------------------------------------------

NOT_STREETS = {""} | set("construction proposed abandoned razed planned platform rest_area services elevator "
                  "corridor no disused".split())
YES = set("yes permissive designated destination customers official".split())
NO = set("no private agricultural forestry delivery emergency military psv bus hgv use_sidepath "
         "discouraged restricted permit residents".split())
KEYS = {"car": ["access", "vehicle", "motor_vehicle", "motorcar"],
        "walk": ["access", "foot"],
        "bicycle": ["access", "vehicle", "bicycle"]}
CAR_STOPPERS = set("bollard block jersey_barrier log debris turnstile kissing_gate stile cycle_barrier "
                   "motorcycle_barrier horse_stile full-height_turnstile planter".split())


def first_word(text):
    return text.split(";")[0].strip()


def access(tags, mode):
    """(says yes or no or None, the key it came from)"""
    word, source = None, None
    for key in KEYS[mode]:
        if key not in tags:
            continue
        value = first_word(tags[key])
        if value in YES:
            word, source = "yes", key
        elif value in NO:
            word, source = "no", key
    return word, source


def directions(tags, mode):
    """(forward open, backward open) by one-way rules; walkers are not bound."""
    if mode == "walk":
        foot = tags.get("oneway:foot")
        return foot != "-1", foot != "yes"
    if mode == "bicycle" and tags.get("oneway:bicycle") == "no":
        return True, True
    oneway = tags.get("oneway")
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway in ("no", "false", "0"):
        return True, True
    if oneway in ("reversible", "alternating"):
        return False, False
    if tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway":
        return True, False
    return True, True


def half_up(value):
    return math.floor(value + Fraction(1, 2))


def speed_mh(text):
    """Metres per hour, or 0 where the tag leaves it to the class."""
    text = first_word(text).lower()
    if text == "walk":
        return 5000
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|knots|km/h|kmh|kph)?", text)
    if not match:
        return 0
    unit = {"mph": Fraction(1609344, 1000), "knots": Fraction(1852)}.get(match.group(2), Fraction(1000))
    exact = Fraction(match.group(1)) * unit
    return half_up(exact) if 0 < exact <= 300_000 else 0


def duration_ms(text):
    text = text.strip()
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)
    if match and any(match.groups()):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000
    match = re.fullmatch(r"(\d+):(\d\d)(?::(\d\d))?", text)
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return half_up(Fraction(text) * 60_000)
    return 0


class Piece:
    """A way, or a run of known nodes of one that is cut by missing ones."""
    def __init__(self, way_id, tags, nodes, cut):
        self.way_id, self.tags, self.nodes, self.cut = way_id, tags, nodes, cut
        self.ferry = tags.get("highway", "") in NOT_STREETS
        self.road_class = "ferry" if self.ferry else tags["highway"]
        self.time_ms = duration_ms(tags["duration"]) if self.ferry and "duration" in tags else 0
        if cut or self.time_ms > 7 * 86_400_000:
            self.time_ms = 0
        self.speed = [speed_mh(tags.get(key, "")) or speed_mh(tags.get("maxspeed", ""))
                      for key in ("maxspeed:forward", "maxspeed:backward")]

    def rights(self, mode):
        """(admitted by name, [forward banned, backward banned])"""
        word, source = access(self.tags, mode)
        yes, banned = word == "yes" and source != "access", word == "no"
        if self.tags.get("motorroad") == "yes" and mode in ("walk", "bicycle"):
            own = {"walk": "foot", "bicycle": "bicycle"}[mode]
            banned = banned or first_word(self.tags.get(own, "")) not in YES
        if self.ferry and mode == "car":
            yes = word == "yes" and source in ("motor_vehicle", "motorcar")
            banned = not yes
        open_ways = directions(self.tags, mode)
        return yes, [banned or not open_ways[0], banned or not open_ways[1]]

    def flags(self):
        marks = {key for key in ("bridge", "tunnel") if self.tags.get(key, "no") != "no"}
        return marks | ({"ferry"} if self.ferry else set())


class Streets:
    def __init__(self, osm):
        self.place, self.pieces, self.pieces_of = osm.place, [], {}
        for way_id, tags, refs in osm.ways:
            street = tags.get("highway", "") not in NOT_STREETS
            if not (street or tags.get("route") == "ferry") or tags.get("area") == "yes":
                continue
            if way_id in self.pieces_of:
                continue
            runs = list(self.known_runs(refs))
            cut = len(runs) != 1 or any(node not in self.place for node in refs)
            pieces = [Piece(way_id, tags, nodes, cut) for nodes in runs]
            self.pieces_of[way_id] = pieces
            self.pieces += pieces
        self.node_tags = {key: tags for key, tags in osm.node_tags.items()
                          if tags.get("barrier", "no") not in ("wall", "fence", "hedge", "no")}
        self.relations = [row for row in osm.relations if row[1].get("type") == "restriction"]

    def known_runs(self, refs):
        run = []
        for node in refs + [None]:
            if node in self.place:
                if not run or run[-1] != node:
                    run.append(node)
                continue
            if len(run) > 1:
                yield run
            run = []

    def closed(self, node, mode):
        tags = self.node_tags.get(node)
        if tags is None:
            return False
        word, _ = access(tags, mode)
        if word is not None:
            return word == "no"
        return mode == "car" and tags["barrier"] in CAR_STOPPERS

    # Restrictions as statements about nodes: rows of (id, only, arriving, inner, leaving), arriving a list
    # of (way id, node before, first via), inner lists of (way id, its nodes in travelling order) from the
    # first via node to the last, leaving a list of (way id, last via, node after).

    def beside(self, way_id, node):
        """The neighbours of `node` along a way: one where the way ends there, more where it passes."""
        out = []
        for piece in self.pieces_of.get(way_id, ()):
            for at, other in enumerate(piece.nodes):
                if other == node:
                    out += [piece.nodes[at - 1]] if at > 0 else []
                    out += [piece.nodes[at + 1]] if at + 1 < len(piece.nodes) else []
            if out:
                break
        return out

    def restrictions(self):
        for key, tags, members in self.relations:
            value = next((tags[word] for word in ("restriction:motorcar", "restriction:motor_vehicle",
                                                  "restriction") if word in tags), "")
            only = value.startswith("only_")
            if not only and not value.startswith("no_"):
                continue
            if {"motorcar", "motor_vehicle"} & {word.strip() for word in
                                                tags.get("except", "").split(";")}:
                continue
            starts = [ref for kind, ref, role in members if role == "from" and kind == "w"]
            ends = [ref for kind, ref, role in members if role == "to" and kind == "w"]
            vias = [(kind, ref) for kind, ref, role in members if role == "via"]
            if not starts or not ends or not vias:
                continue
            if len(starts) > 1 and value != "no_entry" or len(ends) > 1 and value != "no_exit":
                continue
            for start in starts:
                for end in ends:
                    yield from self.restriction(key, only, start, vias, end)

    def restriction(self, key, only, start, vias, end):
        if [kind for kind, _ in vias] == ["n"]:
            first = last = vias[0][1]
            inner = []
        elif all(kind == "w" for kind, _ in vias):
            inner = self.via_ways(start, [ref for _, ref in vias], end)
            if not inner:
                return
            first, last = inner[0][1][0], inner[-1][1][-1]
        else:
            return
        arriving = [(start, other, first) for other in self.beside(start, first)]
        leaving = [(end, last, other) for other in self.beside(end, last)]
        if arriving and leaving:
            yield key, only, arriving, inner, leaving

    def via_ways(self, start, vias, end):
        """[(way, nodes)] so that each way is passed whole, from the from way to the to way."""
        if any(len(self.pieces_of.get(via, ())) != 1 or self.pieces_of[via][0].cut for via in vias):
            return None
        whole = [self.pieces_of[via][0].nodes for via in vias]
        found = []

        def go(at, path):
            if at == len(vias):
                if self.beside(end, path[-1][1][-1]):
                    found.append(path)
                return
            for nodes in (whole[at], whole[at][::-1]):
                if path and path[-1][1][-1] != nodes[0] or not path and not self.beside(start, nodes[0]):
                    continue
                go(at + 1, path + [(vias[at], nodes)])

        go(0, [])
        return found[0] if found else None


# ---- methods.md, 2: speeds --------------------------------------------------------------------------


@dataclasses.dataclass
class ClassRule:
    speed_mh: int
    factor_ppm: int
    stop: bool
    needs_yes: bool


class Profile:
    """Speeds and rules of a mode; read_profile fills one from YAML."""
    name, mode = "car", "car"
    classes = {}
    uses_tags, respects_turns = True, True
    max_speed_mh = 0
    respects_oneway, no_stop = True, frozenset()
    leg_speed_mh, leg_detour_ppm, leg_cap_m = 4800, 1_000_000, 1000

    def class_rule(self, name):
        return self.classes.get(name)

    def speed(self, rule, tagged):
        if self.uses_tags and tagged:
            base = min(tagged, self.max_speed_mh) if self.max_speed_mh else tagged
        else:
            base = rule.speed_mh
        return max((base * rule.factor_ppm + 500_000) // 1_000_000, 1)

    def leg_ms(self, metres):
        detour = self.leg_detour_ppm / 1_000_000
        return math.floor(metres * detour * 3_600_000 / self.leg_speed_mh + 0.5)


def read_profile(path):
    """geodata/profiles/NAME.yaml; yes and no are read as words, numbers as exact decimals."""
    with open(path, encoding="utf-8") as file:
        raw = yaml.load(file, Loader=yaml.BaseLoader)

    def number(text, scale):
        return half_up(Fraction(text) * scale)

    profile = Profile()
    profile.name, profile.mode = raw["name"], raw["mode"]
    profile.respects_oneway = raw["respects_oneway"] == "yes"
    profile.respects_turns = raw["respects_turns"] == "yes"
    profile.uses_tags = raw["uses_tags"] == "yes"
    profile.max_speed_mh = number(raw.get("max_speed_kmh", "0"), 1000)
    profile.no_stop = frozenset(raw.get("no_stop", ()))
    leg = raw["leg"]
    assert leg["rule"] == "edges" and raw.get("uses", [profile.mode]) == [profile.mode]
    profile.leg_speed_mh = number(leg["speed_kmh"], 1000)
    profile.leg_detour_ppm = number(leg["detour"], 1_000_000)
    profile.leg_cap_m = number(leg["cap_m"], 1)
    profile.classes = {
        name: ClassRule(number(row["speed_kmh"], 1000),
                        number(row.get("factor", raw.get("factor", "1")), 1_000_000),
                        row.get("stop", "yes") == "yes", row.get("needs_yes", "no") == "yes")
        for name, row in raw["classes"].items()}
    return profile


def without_turns(profile):
    loose = copy.copy(profile)
    loose.respects_turns = False
    return loose


def segment_ms(length_m, speed):
    ms = math.floor(length_m * 3_600_000 / speed + 0.5)
    return max(ms, 1) if length_m > 0 else 0


# ---- methods.md, 3: junctions and turns ----------------------------------------------------------------


@dataclasses.dataclass
class Foot:
    """A position on a segment, and the leg to it."""
    segment: int
    fraction: float  # from its drawn start
    leg_m: float
    leg_ms: int


class Net:
    """The streets as one profile sees them. Segments are the pieces between consecutive nodes; s is a
    segment, 2 * s + d one travelled as drawn (d = 0) or against (d = 1)."""

    def __init__(self, town, profile):
        self.town, self.profile = town, profile
        self.read_segments()
        self.rules = []  # (id, only, [directed segments that begin the next chain, one set a step])
        self.starts = {} # directed last segment of an arc -> rules begun by travelling it
        self.forced = set()
        if profile.respects_turns:
            self.read_rules()
        self.contract()
        self.components()

    def read_segments(self):
        town, profile = self.town, self.profile
        a, b, piece_of, rows = [], [], [], []
        for piece in town.pieces:
            rule = profile.class_rule(piece.road_class)
            if rule is None:
                continue
            yes, banned = piece.rights(profile.mode)
            if not profile.respects_oneway and banned[0] != banned[1]:
                banned = [False, False]
            passable = [not banned[d] and (yes or not rule.needs_yes) for d in (0, 1)]
            if not any(passable):
                continue
            first = len(a)
            a += piece.nodes[:-1]
            b += piece.nodes[1:]
            rows.append((piece, rule, passable, first, len(a)))
        self.a, self.b = a, b
        place = town.place
        x = numpy.array([place[node] for node in a], dtype=float).reshape(-1, 2) / 1e7
        y = numpy.array([place[node] for node in b], dtype=float).reshape(-1, 2) / 1e7
        self.length = GEOD.inv(x[:, 0], x[:, 1], y[:, 0], y[:, 1])[2] if len(a) else numpy.zeros(0)
        self.from_degrees, self.to_degrees = x, y
        self.ms = [[UNREACHABLE] * len(a), [UNREACHABLE] * len(a)]
        self.stop = numpy.zeros(len(a), dtype=bool)
        self.piece_of = [None] * len(a)
        for piece, rule, passable, first, end in rows:
            lengths = self.length[first:end]
            for d in (0, 1):
                if not passable[d]:
                    continue
                if piece.time_ms:
                    walked = numpy.concatenate(([0.0], numpy.cumsum(lengths)))
                    passed = [math.floor(piece.time_ms * s / walked[-1] + 0.5) for s in walked]
                    times = [later - sooner for sooner, later in zip(passed, passed[1:])]
                else:
                    speed = profile.speed(rule, piece.speed[d])
                    times = [segment_ms(length, speed) for length in lengths.tolist()]
                self.ms[d][first:end] = times
            self.stop[first:end] = rule.stop and not piece.flags() & profile.no_stop
            self.piece_of[first:end] = [piece] * (end - first)

    def open(self, directed):
        return self.ms[directed & 1][directed >> 1] != UNREACHABLE

    def read_rules(self):
        self.between = {}  # (way id, node, node) -> the directed segments from one to the other
        for s, (u, v, piece) in enumerate(zip(self.a, self.b, self.piece_of)):
            self.between.setdefault((piece.way_id, u, v), []).append(2 * s)
            self.between.setdefault((piece.way_id, v, u), []).append(2 * s + 1)

        def travelled(way_id, u, v):
            return [d for d in self.between.get((way_id, u, v), ()) if self.open(d)]

        for key, only, arriving, inner, leaving in self.town.restrictions():
            first, last = arriving[0][2], leaving[0][1]
            via = [travelled(way_id, u, v) for way_id, nodes in inner
                   for u, v in zip(nodes, nodes[1:])]
            touched = {first, last} | {node for _, nodes in inner for node in nodes}
            if not all(via) or any(self.town.closed(node, self.profile.mode) for node in touched):
                continue
            begins = [d for row in arriving for d in travelled(*row)]
            ends = {d for row in leaving for d in travelled(*row)}
            for begin in begins:
                mine = ends
                if not inner and arriving[0][0] == leaving[0][0]:
                    back = {begin ^ 1} & ends
                    mine = (ends - back or back) if only else back
                if not mine:
                    continue
                self.forced.update([first, last] + [nodes[-1] for _, nodes in inner])
                self.starts.setdefault(begin, []).append(len(self.rules))
                self.rules.append((key, only, [{d for d in row} for row in via], mine))

    def contract(self):
        """Arcs between the nodes of the graph: out[n] = [(head, ms, arc)]."""
        ends = {}  # OSM node -> [(segment, side)]: side 0 where the segment begins
        for s, (u, v) in enumerate(zip(self.a, self.b)):
            ends.setdefault(u, []).append(2 * s)
            ends.setdefault(v, []).append(2 * s + 1)
        self.node_id = []      # OSM id of a graph node
        self.node_at = {}      # segment end -> graph node
        closed = self.town.closed
        mode = self.profile.mode

        def add(osm, those):
            for end in those:
                self.node_at[end] = len(self.node_id)
            self.node_id.append(osm)

        for osm, those in ends.items():
            if osm in self.town.node_tags and closed(osm, mode):
                for end in those:
                    add(osm, [end])
            elif osm in self.forced or len(those) != 2 or not self.passes(*those):
                add(osm, those)
        self.ends = ends
        self.arcs = []         # (tail, head, ms, [directed segments])
        self.arc_of = {}       # directed segment -> (arc, position in it)
        for end in list(self.node_at):
            self.walk(end)
        for s in range(len(self.a)):
            # a ring that no node breaks: its first vertex becomes one
            if 2 * s not in self.arc_of and 2 * s + 1 not in self.arc_of:
                add(self.a[s], ends[self.a[s]])
                for end in ends[self.a[s]]:
                    self.walk(end)
        # a via way is as many steps as it has chains: one for each segment that leaves a node
        self.rules = [(key, only, [row for row in via if any(d in self.node_at for d in row)] + [last])
                      for key, only, via, last in self.rules]
        self.out = [[] for _ in self.node_id]
        for arc, (tail, head, ms, _) in enumerate(self.arcs):
            self.out[tail].append((head, ms, arc))

    def passes(self, one, other):
        """Who comes in by one segment end may leave by the other, in both senses."""
        def leave(end):  # the directed segment that leaves the vertex by this end
            return end  # side 0: as drawn (even), side 1: against (odd)

        return (one >> 1 != other >> 1 and self.open(leave(one) ^ 1) == self.open(leave(other)) and
                self.open(leave(other) ^ 1) == self.open(leave(one)))

    def walk(self, end):
        """The chain that leaves a graph node by a segment end, if it may be travelled that way."""
        if not self.open(end) or end in self.arc_of:
            return
        chain, here = [], end
        while True:
            chain.append(here)
            far = here ^ 1  # the other end of the segment, as an end: sides swap
            if far in self.node_at:
                break
            osm = self.b[here >> 1] if here & 1 == 0 else self.a[here >> 1]
            here = next(other for other in self.ends[osm] if other != far)
        arc = len(self.arcs)
        for position, directed in enumerate(chain):
            self.arc_of[directed] = (arc, position)
        self.arcs.append((self.node_at[end], self.node_at[far],
                          sum(self.ms[d & 1][d >> 1] for d in chain), chain))

    def components(self):
        count = len(self.node_id)
        tails = [arc[0] for arc in self.arcs]
        heads = [arc[1] for arc in self.arcs]
        graph = scipy.sparse.coo_matrix((numpy.ones(len(tails)), (tails, heads)), shape=(count, count))
        _, label = scipy.sparse.csgraph.connected_components(graph, connection="strong")
        inside = numpy.bincount(label[[t for t, h in zip(tails, heads) if label[t] == label[h]]],
                                minlength=count)
        main = inside * 100 >= len(tails)
        self.main_segment = numpy.zeros(len(self.a), dtype=bool)
        for directed, (arc, _) in self.arc_of.items():
            tail, head = self.arcs[arc][:2]
            if label[tail] == label[head] and main[label[tail]]:
                self.main_segment[directed >> 1] = True

    # ---- methods.md, 4: legs ---------------------------------------------------------------------

    def distances(self, lon, lat, own=slice(None)):
        """Metres from a point to segments, in the plane tangent to the ellipsoid, and the fractions."""
        semi, square = 6378137.0, (2 - 1 / 298.257223563) / 298.257223563
        sine = math.sin(math.radians(lat))
        curve = 1 - square * sine * sine
        per_lat = math.radians(1) * semi * (1 - square) / curve ** 1.5
        per_lon = math.radians(1) * semi / math.sqrt(curve) * math.cos(math.radians(lat))
        scale = numpy.array([per_lon, per_lat])
        a = (self.from_degrees[own] - (lon, lat)) * scale
        b = (self.to_degrees[own] - (lon, lat)) * scale
        d = b - a
        squared = (d * d).sum(axis=1)
        with numpy.errstate(divide="ignore", invalid="ignore"):
            fraction = numpy.where(squared > 0, -(a * d).sum(axis=1) / squared, 0.0)
        fraction = numpy.clip(fraction, 0.0, 1.0)
        nearest = a + d * fraction[:, None]
        return numpy.hypot(nearest[:, 0], nearest[:, 1]), fraction

    def foot(self, lon, lat):
        metres, fraction = self.distances(lon, lat)
        metres = numpy.where(self.stop & self.main_segment, metres, numpy.inf)
        s = int((metres <= metres.min() + 1e-9).argmax())  # a tie at a vertex: the lowest, whatever its last bit
        if metres[s] > self.profile.leg_cap_m:
            return None
        return Foot(s, float(fraction[s]), float(metres[s]), self.profile.leg_ms(float(metres[s])))

    # ---- the search ---------------------------------------------------------------------------------

    def seeds(self, foot):
        """(node, ms, rules begun, arc, position on it) for each way out of a foot. The chain in which a
        trip starts counts as travelled whole."""
        s = foot.segment
        for d in (0, 1):
            directed = 2 * s + d
            if not self.open(directed):
                continue
            ms = self.ms[d][s]
            prefix = math.floor(foot.fraction * ms + 0.5)
            rest = ms - prefix if d == 0 else prefix
            arc, position = self.arc_of[directed]
            chain = self.arcs[arc][3]
            after = chain[position + 1:]
            begun = tuple((rule, 0) for rule in self.starts.get(chain[-1], ()))
            yield (self.arcs[arc][1], rest + sum(self.ms[o & 1][o >> 1] for o in after), begun, arc,
                   position)

    def search(self, foot, limit_ms, extra_ms=0):
        heap = [(foot.leg_ms + extra_ms + ms, node, begun) for node, ms, begun, _, _ in self.seeds(foot)]
        return self.dijkstra(heap, limit_ms)

    def to_foot(self, osm, foot, limit_ms):
        """The time from a junction, where the trip starts without history, to a foot and its leg."""
        starts = [node for node, key in enumerate(self.node_id) if key == osm]
        if len(starts) != 1:
            return None  # a closed vertex: which of its ends?
        tree = self.dijkstra([(0, starts[0], ())], limit_ms)
        best = UNREACHABLE
        for d in (0, 1):
            directed = 2 * foot.segment + d
            if not self.open(directed):
                continue
            arc, position = self.arc_of[directed]
            if arc not in tree.entered:
                continue
            ms = self.ms[d][foot.segment]
            prefix = math.floor(foot.fraction * ms + 0.5)
            before = sum(self.ms[o & 1][o >> 1] for o in self.arcs[arc][3][:position])
            best = min(best, tree.entered[arc] + before + (prefix if d == 0 else ms - prefix))
        return best + foot.leg_ms

    def dijkstra(self, heap, limit_ms):
        """Node times and, per arc, the time it is entered at; rules bind as they stand."""
        heap = list(heap)
        heapq.heapify(heap)
        settled, entered = {}, {}
        plain = {}
        out, rules, starts, arcs = self.out, self.rules, self.starts, self.arcs
        while heap:
            time, node, begun = heapq.heappop(heap)
            if time > limit_ms:
                break
            if begun:
                if (node, begun) in settled:
                    continue
                settled[node, begun] = time
            else:
                if node in plain:
                    continue
                plain[node] = time
            for head, ms, arc in out[node]:
                chain = arcs[arc][3]
                after = starts.get(chain[-1], ())
                if begun:
                    after = self.follow(begun, chain[0], after)
                    if after is None:
                        continue
                elif after:
                    after = tuple((rule, 0) for rule in after)
                if arc not in entered:
                    entered[arc] = time
                if time + ms <= limit_ms:
                    heapq.heappush(heap, (time + ms, head, after or ()))
        times = {}
        for node, time in list(plain.items()) + [(key[0], time) for key, time in settled.items()]:
            osm = self.node_id[node]
            times[osm] = min(time, times.get(osm, UNREACHABLE))
        return Tree(times, entered)

    def follow(self, begun, first, after):
        """Rules in progress after taking the arc that begins with `first`; None: it is not allowed."""
        going, mandates = [], {}
        for rule, step in begun:
            _, only, steps = self.rules[rule]
            taken, last = first in steps[step], step + 1 == len(steps)
            if only:  # several of the same beginning: each of their next members will do
                mandates[step] = mandates.get(step, False) or taken
            elif taken and last:
                return None
            if taken and not last:
                going.append((rule, step + 1))
        if not all(mandates.values()):
            return None
        return tuple(sorted(going + [(rule, 0) for rule in after]))

    def position_ms(self, tree, foot_seed, segment, fraction):
        """The time at a position of a segment: by both of its directions, and along the origin's arc."""
        best = UNREACHABLE
        for d in (0, 1):
            directed = 2 * segment + d
            if not self.open(directed):
                continue
            ms = self.ms[d][segment]
            arc, position = self.arc_of[directed]
            chain = self.arcs[arc][3]
            along = fraction * ms if d == 0 else (1 - fraction) * ms
            before = sum(self.ms[o & 1][o >> 1] for o in chain[:position])
            if arc in tree.entered:
                best = min(best, tree.entered[arc] + before + along)
            for _, _, _, own, start in self.seeds(foot_seed):
                if own != arc:
                    continue
                s = foot_seed.segment
                part = math.floor(foot_seed.fraction * self.ms[d][s] + 0.5)
                part = part if d == 0 else self.ms[d][s] - part
                mark = sum(self.ms[o & 1][o >> 1] for o in chain[:start]) + part
                if before + along >= mark:
                    best = min(best, foot_seed.leg_ms + before + along - mark)
        return best


@dataclasses.dataclass
class Tree:
    node_ms: dict  # OSM node -> the least time of its copies and ends
    entered: dict  # arc -> the time it is entered at
