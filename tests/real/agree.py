#!/usr/bin/python3
"""agree.py PROGRAM CASE [--origins N]: the program's times against two independent ones.

Builds a network, asks the program for circles from N origins, and compares every junction's milliseconds
with (a) scipy's Dijkstra on the arcs the program exports, (b) streets.py, which reads the raw file by itself
and keeps turn restrictions as they stand. Then the ends of reached streets: at sampled cut points the time by
(b) must be the cut-off within 5 ms. Origins stand in the middle of segments, some a few metres beside the
street, some where a turn restriction comes next. Last, circles towards the first origins: sampled junctions,
each by a search of its own from there.
"""
import argparse
import csv
import math
import pathlib
import random
import sys

import numpy

import arcs
import osm_file
import program
import streets

# name: file, profile, minutes, must a turn restriction have mattered?
CASES = {
    "porto-car": ("porto/porto_portugal.osm.pbf", "car-osm", 15, True),
    "porto-walk": ("porto/porto_portugal.osm.pbf", "walk", 15, False),
    "porto-alegre-car": ("porto_alegre/poa_osm.pbf", "car-osm", 15, False),
    "porto-alegre-walk": ("porto_alegre/poa_osm.pbf", "walk", 15, False),
    "shanghai-car": ("osm_small/shanghai.osm", "car-osm", 2, False),
    "shanghai-walk": ("osm_small/shanghai.osm", "walk", 10, False),
    "tsinghua-car": ("osm_small/beijing_tsinghua.osm", "car-osm", 3, True),
    "tsinghua-walk": ("osm_small/beijing_tsinghua.osm", "walk", 15, False),
    "reisterstown-car": ("osm_streets_cases/reisterstown-via-restriction.pbf", "car-osm", 10, True),
    "reisterstown-walk": ("osm_streets_cases/reisterstown-via-restriction.pbf", "walk", 15, False),
    "cathedral-car": ("osm_streets_cases/cathedral-no-left.pbf", "car-osm", 10, True),
    "construction-car": ("osm_streets_cases/bridge_construction.osm.pbf", "car-osm", 3, True),
    "fiji-car": ("osm_streets_cases/fiji-ferry.pbf", "car-osm", 20, False),
    "fiji-walk": ("osm_streets_cases/fiji-ferry.pbf", "walk", 60, False),
    "liechtenstein-car": ("osm_small/liechtenstein-2013-08-03.osm.bz2", "car-osm", 10, False),
}
CUT_POINTS = 1000
TARGETS, SOURCES = 3, 12  # of the check towards an origin
OFFSETS_M = (0, 0, 3, 12)


def origins(net, count):
    """count points (lon, lat), the same ones every time: even steps through the segments one may stop on,
    every other one on a street that leads to a turn restriction."""
    fit = numpy.flatnonzero(net.stop & net.main_segment & (net.length > 6))
    fit_set = set(fit.tolist())
    before = []  # segments from which the next thing to come is the first member of a restriction
    into = {}
    for tail, head, _, chain in net.arcs:
        into.setdefault(head, []).append(chain)
    for begin in sorted(net.starts):
        arc, _ = net.arc_of[begin]
        for chain in into.get(net.arcs[arc][0], ()):
            if chain[-1] ^ 1 != net.arcs[arc][3][0]:
                before += [d >> 1 for d in chain if d >> 1 in fit_set][-1:]
    before = sorted(set(before))
    chosen, tried = [], 0
    while len(chosen) < count and tried < 20 * count:
        pool = before if before and tried % 2 else fit.tolist()
        s = pool[(tried * 2654435761 + 12345) % len(pool)]
        tried += 1
        (ax, ay), (bx, by) = net.from_degrees[s], net.to_degrees[s]
        lon, lat = (ax + bx) / 2, (ay + by) / 2
        offset = OFFSETS_M[tried % len(OFFSETS_M)] / 111_000
        turn = math.atan2(by - ay, (bx - ax) * math.cos(math.radians(lat)))
        lon = round(lon - math.sin(turn) * offset / math.cos(math.radians(lat)), 7)
        lat = round(lat + math.cos(turn) * offset, 7)
        # one nearest street, and no doubt which: any other segment a metre further off
        metres, _ = net.distances(lon, lat)
        near = numpy.flatnonzero(metres < metres.min() + 1)
        if near.tolist() == [s] and (lon, lat) not in chosen:
            chosen.append((lon, lat))
    return chosen


def compare(name, ours, theirs, limit_ms):
    """Differences between {node: ms} tables, said in a few lines; their number."""
    wrong = [(node, ours.get(node), theirs.get(node)) for node in sorted(set(ours) | set(theirs))
             if ours.get(node) != theirs.get(node)]
    for node, mine, other in wrong[:5]:
        print(f"  {name}: node {node}: program {mine} ms, independent {other} ms, limit {limit_ms}")
    if len(wrong) > 5:
        print(f"  {name}: ... and {len(wrong) - 5} more of {len(theirs)}")
    return len(wrong)


class Ways:
    """Segments of a net by the way they belong to."""
    def __init__(self, net):
        self.net, self.of = net, {}
        for s, piece in enumerate(net.piece_of):
            self.of.setdefault(piece.way_id, []).append(s)

    def place(self, way_id, lon, lat):
        """(segment, fraction, metres) of a point on a way."""
        own = numpy.array(self.of[way_id])
        metres, fraction = self.net.distances(lon, lat, own)
        best = int(metres.argmin())
        return int(own[best]), float(fraction[best]), float(metres[best])


def check_cuts(net, ways, tree, foot, cuts, cutoff_ms):
    """The worst |time - cut-off| over (way, lon, lat) rows, and how many are past 5 ms."""
    worst = bad = 0
    for way_id, lon, lat in cuts:
        s, fraction, metres = ways.place(way_id, lon, lat)
        off = net.position_ms(tree, foot, s, fraction) - cutoff_ms
        worst = max(worst, abs(off))
        if abs(off) > 5 or metres > 0.01:
            bad += 1
            if bad <= 5:
                print(f"  cut point {lon:.7f},{lat:.7f} on way {way_id}: {off:+.1f} ms from the cut-off, "
                      f"{metres:.3f} m beside the way")
    return worst, bad


def check_to(net, points, path, there, limit):
    """(wrong, checked, how many differ from the time the other way round)"""
    result = program.GeoPackage(path)
    wrong = checked = differs = 0
    for at, (lon, lat) in enumerate(points):
        foot = net.foot(lon, lat)
        rows = sorted((row["source_id"], row["time_ms"]) for row in
                      result.rows("reached_nodes", "origin_id = ?", f"o{at}"))
        away = {row["source_id"]: row["time_ms"] for row in
                there.rows("reached_nodes", "origin_id = ?", f"o{at}")}
        for node, ms in rows[::max(len(rows) // SOURCES, 1)]:
            other = net.to_foot(node, foot, limit)
            if other is None:
                continue
            checked += 1
            differs += away.get(node) != ms
            if other != ms:
                wrong += 1
                print(f"  to {lon},{lat} from node {node}: program {ms} ms, independent {other} ms")
    return wrong, checked, differs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("case", choices=CASES)
    parser.add_argument("--origins", type=int, default=20)
    options = parser.parse_args()
    name, profile_name, minutes, restricted = CASES[options.case]
    source = program.data(name)
    limit = minutes * 60_000
    hourshed = program.Program(options.program)

    profile = streets.read_profile(program.profile_path(profile_name))
    town = streets.Streets(osm_file.read(source))
    net = streets.Net(town, profile)
    free = streets.Net(town, streets.without_turns(profile)) if profile.respects_turns else None
    points = origins(net, options.origins)
    ways = Ways(net)
    print(f"{options.case}: {len(net.a)} segments, {len(net.node_id)} junctions, {len(net.arcs)} chains, "
          f"{len(net.rules)} turn rules, {len(points)} origins")
    assert points, "no origin found"

    with program.folder() as folder:
        folder = pathlib.Path(folder)
        hourshed.run("build", folder / "net.hsn", "--osm", source, "--profile", "car-osm",
                     "--profile", "walk", "-q")
        hourshed.run("info", folder / "net.hsn", "--arcs", folder / "arcs.csv", "--profile",
                     profile_name, "-q")
        with open(folder / "origins.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["id", "lon", "lat"])
            table.writerows([(f"o{at}", f"{lon:.7f}", f"{lat:.7f}")
                             for at, (lon, lat) in enumerate(points)])
        hourshed.run("circle", folder / "net.hsn", "--origins", folder / "origins.csv",
                     "--profile", profile_name, "--minutes", minutes, "--nodes", "--edges", "each",
                     "-q", "-o", folder / "circle.gpkg")
        result = program.GeoPackage(folder / "circle.gpkg")
        graph = arcs.Arcs(folder / "arcs.csv")

        wrong_arcs = wrong_raw = compared = by_arcs = bound = cut_count = cut_bad = 0
        cut_worst = 0.0
        for at, (lon, lat) in enumerate(points):
            foot = net.foot(lon, lat)
            tree = net.search(foot, limit)
            ours = {row["source_id"]: row["time_ms"] for row in
                    result.rows("reached_nodes", "origin_id = ?", f"o{at}")}
            compared += len(tree.node_ms)
            wrong_raw += compare(f"raw, origin {at} {lon},{lat}", ours, tree.node_ms, limit)
            # the exported names do not say which copy a restriction's first chain ends in: such origins
            # are the raw file's to check
            seeds = list(net.seeds(foot))
            found = None
            if not any(begun for _, _, begun, _, _ in seeds):
                found = graph.search([(net.node_id[node], foot.leg_ms + ms)
                                      for node, ms, _, _, _ in seeds], limit)
            if found is not None:
                by_arcs += 1
                wrong_arcs += compare(f"arcs, origin {at} {lon},{lat}", ours, found, limit)
            if free:
                loose = free.search(free.foot(lon, lat), limit).node_ms
                bound += sum(loose[node] != ms for node, ms in tree.node_ms.items() if node in loose)

            column = result.geometry_column("reached_edges")
            cuts = []
            for row in result.rows("reached_edges", "origin_id = ?", f"o{at}"):
                if abs(row["time_out_min"] - minutes) < 1e-9:
                    line = program.GeoPackage.geometry(row[column])
                    x, y = getattr(line, "geoms", [line])[-1].coords[-1][:2]
                    cuts.append((row["source_id"], x, y))
            random.Random(at).shuffle(cuts)
            cuts = cuts[:max(CUT_POINTS // len(points), 1)]
            worst, bad = check_cuts(net, ways, tree, foot, cuts, limit)
            cut_count += len(cuts)
            cut_bad += bad
            cut_worst = max(cut_worst, worst)

        hourshed.run("circle", folder / "net.hsn", "--origins", folder / "origins.csv", "--direction",
                     "to", "--profile", profile_name, "--minutes", minutes, "--nodes", "--edges", "none",
                     "-q", "-o", folder / "to.gpkg")
        wrong_to, checked_to, differs = check_to(net, points[:TARGETS], folder / "to.gpkg", result, limit)

    print(f"raw file: {compared} node times, {wrong_raw} differ")
    print(f"towards an origin: {checked_to} node times, {wrong_to} differ; {differs} are not the way there's")
    print(f"exported arcs: {by_arcs} origins, {wrong_arcs} node times differ")
    if free:
        print(f"turn restrictions: {bound} of these times would be others without them")
    print(f"cut points: {cut_count}, worst {cut_worst:.4f} ms from the cut-off, {cut_bad} past 5 ms")
    if compared < 20 * len(points) or by_arcs * 2 < len(points) or restricted and not bound:
        print("too little was compared for this test to say anything")
        return 1
    return 1 if wrong_raw or wrong_arcs or wrong_to or cut_bad else 0


if __name__ == "__main__":
    sys.exit(main())
