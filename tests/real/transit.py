"""Door to door by transit against brute force (timetable.py, and streets.py for the walks): transit.py PROGRAM CASE

    arrivals-streets   Porto Alegre, streets and both feeds: from random stops at random instants to all stops
    arrivals-rail      BART and nothing else: straight lines between stations
    doors              Porto Alegre: hexagon centres to all 1,227, leaving in the hour from --hours on, every minute:
                       median and 10th percentile; both feeds, the buses alone, the trains alone. (The feed of the buses
                       has times between 11 and 18 only: at 8 there are trains.)

--queries N, --origins N: how many; all answers must agree to the millisecond.
"""
import argparse
import csv
import datetime
import math
import pathlib
import random
import sys

import numpy
import yaml

import osm_file
import program
import streets
import timetable

MINUTE = 60_000
DATE = datetime.date(2019, 5, 14)  # a Tuesday both feeds of Porto Alegre serve
LIMIT = 120 * MINUTE
CAP = 20 * MINUTE   # along the streets, legs apart
WALK = 10 * MINUTE  # between two rides, legs and all


class Walks:
    """Walking times between feet, by the rules of methods.md 4, on the streets as streets.py reads them."""

    def __init__(self, net, places):
        """places: {key: (lon, lat)}; those without a foot are left out."""
        self.net, self.feet, self.on_arc, self.on_segment = net, {}, {}, {}
        for key, (lon, lat) in places.items():
            foot = net.foot(lon, lat)
            if foot is None:
                continue
            self.feet[key] = foot
            for d in (0, 1):
                directed = 2 * foot.segment + d
                if net.open(directed):
                    arc, position = net.arc_of[directed]
                    chain = net.arcs[arc][3]
                    before = sum(net.ms[o & 1][o >> 1] for o in chain[:position])
                    ms = net.ms[d][foot.segment]
                    prefix = math.floor(foot.fraction * ms + 0.5)
                    self.on_arc.setdefault(arc, []).append((before + (prefix if d == 0 else ms - prefix), key))

    def between(self, key, limit):
        """{other: ms along the streets from foot to foot}, legs apart, at most limit."""
        net, foot = self.net, self.feet[key]
        bare = streets.Foot(foot.segment, foot.fraction, 0.0, 0)
        tree = net.search(bare, limit)
        found = {}
        for arc, entered in tree.entered.items():
            for along, other in self.on_arc.get(arc, ()):
                if entered + along < found.get(other, limit + 1):
                    found[other] = entered + along
        for d in (0, 1):
            directed = 2 * foot.segment + d
            if not net.open(directed):
                continue
            arc, _ = net.arc_of[directed]
            mine = next(along for along, other in self.on_arc[arc] if other == key)
            for along, other in self.on_arc[arc]:
                if along >= mine and along - mine < found.get(other, limit + 1):
                    found[other] = along - mine
        return found


class Straight:
    """Stops alone, no streets: legs run from every stop within the cap, in a straight line."""

    def __init__(self, path, places):
        with open(path, encoding="utf-8") as file:
            leg = yaml.safe_load(file)["leg"]
        self.keys = list(places)
        points = numpy.array([places[key] for key in self.keys])
        count = len(self.keys)
        self.leg = numpy.full((count, count), float(streets.UNREACHABLE))
        for i in range(count):
            metres = streets.GEOD.inv(numpy.repeat(points[i, 0], count), numpy.repeat(points[i, 1], count),
                                      points[:, 0], points[:, 1])[2]
            for j in range(count):
                if metres[j] <= leg["cap_m"]:
                    self.leg[i, j] = math.floor(metres[j] * leg["detour"] * 3600 / leg["speed_kmh"] + 0.5)


def agree(what, ours, theirs):
    """Both {key: ms}; a missing key is unreachable."""
    worst = [(key, ours.get(key), theirs.get(key)) for key in sorted(set(ours) | set(theirs), key=str)
             if ours.get(key) != theirs.get(key)]
    if worst:
        print(f"{what}: {len(worst)} of {len(set(ours) | set(theirs))} differ, e.g. (program, brute force)")
        for row in worst[:12]:
            print("   ", *row)
    return not worst


def ms_of(minutes):
    return math.floor(minutes * MINUTE + 0.5)


def clock(instant):
    seconds = (instant - timetable.DAY) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_places(path, places):
    """places: {id: (lon, lat)}"""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "name", "lon", "lat"])
        for key, (lon, lat) in places.items():
            table.writerow([key, key, repr(lon), repr(lat)])


def stop_places(feeds):
    return {(number, stop): feed.place[stop] for number, feed in enumerate(feeds) for stop in feed.stops}


def stop_times(result, names):
    """Layer reached_stops: {(feed number, stop): ms}."""
    number = {name: i for i, name in enumerate(names)}
    return {(number[row["feed"]], row["stop_id"]): ms_of(row["time_min"])
            for row in program.GeoPackage(result).rows("reached_stops") if row["time_min"] is not None}


class City:
    """Porto Alegre: its streets, read apart; what the program is asked; what must come out."""

    nets = {}  # the streets are read once

    def __init__(self, run, scratch, names):
        self.run, self.scratch, self.names = run, scratch, names
        files = [program.data(f"porto_alegre/{name}.zip") for name in names]
        osm = program.data("porto_alegre/poa_osm.pbf")
        self.network = scratch / f"{'-'.join(names)}.hsn"
        run.run("build", self.network, "--overwrite", "--osm", osm, "--profile", "walk",
                *(word for file in files for word in ("--gtfs", file)))
        if osm not in self.nets:
            profile = streets.read_profile(program.profile_path("walk"))
            self.nets[osm] = streets.Net(streets.Streets(osm_file.read(osm)), profile)
        self.net = self.nets[osm]
        self.feeds = [timetable.Feed(file) for file in files]
        self.stops = stop_places(self.feeds)
        self.day = timetable.Day(self.feeds, DATE)
        self.ways = Walks(self.net, self.stops)
        self.between = {stop: {other: foot.leg_ms + ms + self.ways.feet[other].leg_ms
                               for other, ms in self.ways.between(stop, WALK).items()}
                        for stop, foot in self.ways.feet.items()}
        self.day.joined(self.between, WALK)

    def ask(self, places, first, window, percentiles, targets=None):
        write_places(self.scratch / "from.csv", places)
        more = []
        if targets:
            write_places(self.scratch / "zones.csv", targets)
            more = ["--zones", self.scratch / "zones.csv"]
        result = self.scratch / "result.gpkg"
        self.run.run("circle", self.network, "--mode", "transit", "--date", DATE, "--depart", clock(first), "--window",
                     window, "--percentiles", ",".join(map(str, percentiles)), "--origins", self.scratch / "from.csv",
                     "--minutes", LIMIT // MINUTE, "--cell", "1000", "--edges", "none", "--overwrite", "-o", result, *more)
        return result

    def access(self, walks, key):
        foot = walks.feet[key]
        return {stop: foot.leg_ms + ms + walks.feet[stop].leg_ms
                for stop, ms in walks.between(key, CAP).items() if stop in self.stops}


def arrivals_streets(run, scratch, queries):
    city = City(run, scratch, ["poa_eptc", "poa_trensurb"])
    chance = random.Random(20190514)
    good = 0
    joined = [stop for stop in sorted(city.stops) if stop in city.ways.feet]
    for _ in range(queries):
        start = chance.choice(joined)
        instant = timetable.DAY + chance.randrange(5 * 3600, 23 * 3600) * 1000
        expected = city.day.search(city.access(city.ways, start), instant, LIMIT)
        result = city.ask({"here": city.stops[start]}, instant, 0, [50])
        good += agree(f"from {start} at {clock(instant)}", stop_times(result, city.names), expected)
    return good, queries


def arrivals_rail(run, scratch, queries):
    name, date = "bart", datetime.date(2019, 3, 14)
    file = program.data("gtfs_us/bart.zip")
    network = scratch / "rail.hsn"
    run.run("build", network, "--gtfs", file)
    feeds = [timetable.Feed(file)]
    stops = stop_places(feeds)
    day = timetable.Day(feeds, date)
    straight = Straight(program.profile_path("station-access"), stops)
    legs = {stop: {other: int(ms) for other, ms in zip(straight.keys, straight.leg[i]) if ms < streets.UNREACHABLE}
            for i, stop in enumerate(straight.keys)}
    day.joined(legs, WALK)
    chance = random.Random(19720911)
    good = 0
    for _ in range(queries):
        i = chance.randrange(len(straight.keys))
        instant = timetable.DAY + chance.randrange(4 * 3600, 24 * 3600) * 1000
        expected = day.search(legs[straight.keys[i]], instant, LIMIT)
        write_places(scratch / "from.csv", {"here": stops[straight.keys[i]]})
        result = scratch / "result.gpkg"
        run.run("circle", network, "--mode", "transit", "--date", date, "--depart", clock(instant), "--window", "0",
                "--origins", scratch / "from.csv", "--minutes", LIMIT // MINUTE, "--cell", "2000", "--edges", "none",
                "--overwrite", "-o", result)
        good += agree(f"from {straight.keys[i]} at {clock(instant)}", stop_times(result, [name]), expected)
    return good, queries


def doors(run, scratch, count, names, hour):
    """The percentile of brute force at every minute, target by target."""
    city = City(run, scratch, names)
    hexagons = {row["id"]: (float(row["lon"]), float(row["lat"]))
                for row in read_csv(program.data("porto_alegre/poa_hexgrid.csv"))}
    chance = random.Random(1227)
    walks = Walks(city.net, {**{("hex", key): place for key, place in hexagons.items()}, **city.stops})
    starts = chance.sample(sorted(key for key in hexagons if ("hex", key) in walks.feet), count)
    first = timetable.DAY + hour * 3_600_000
    result = city.ask({key: hexagons[key] for key in starts}, first, 60, [10, 50], hexagons)
    ours = {}
    for row in program.GeoPackage(result).rows("od_times"):
        if row["time_min"] is not None:
            ours.setdefault((row["from_id"], row["percentile"]), {})[row["to_id"]] = ms_of(row["time_min"])
    egress = {}  # stop -> [(hexagon, ms, the hexagon's leg and all)]
    for stop in city.stops:
        if stop in walks.feet:
            foot = walks.feet[stop]
            egress[stop] = [(key[1], foot.leg_ms + ms + walks.feet[key].leg_ms)
                            for key, ms in walks.between(stop, CAP).items() if key[0] == "hex"]
    good = 0
    for start in starts:
        foot = walks.feet["hex", start]
        direct = {key[1]: foot.leg_ms + ms + walks.feet[key].leg_ms
                  for key, ms in walks.between(("hex", start), LIMIT).items() if key[0] == "hex"}
        access = city.access(walks, ("hex", start))
        samples = {key: [] for key in hexagons}
        for minute in range(60):
            times = dict(direct)
            for stop, ms in city.day.search(access, first + minute * MINUTE, LIMIT).items():
                for key, way in egress.get(stop, ()):
                    if ms + way < times.get(key, streets.UNREACHABLE):
                        times[key] = ms + way
            for key in hexagons:
                ms = times.get(key, streets.UNREACHABLE)
                samples[key].append(ms if ms <= LIMIT else streets.UNREACHABLE)
        for percent in (10, 50):
            rank = max(1, math.ceil(percent * 60 / 100)) - 1
            expected = {key: sorted(those)[rank] for key, those in samples.items()}
            expected = {key: ms for key, ms in expected.items() if ms <= LIMIT}
            good += agree(f"{'+'.join(names)}: from {start}, percentile {percent}", ours.get((start, percent), {}), expected)
    return good, 2 * count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=["arrivals-streets", "arrivals-rail", "doors"])
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--origins", type=int, default=2)
    parser.add_argument("--hours", type=int, nargs="+", default=[13])
    given = parser.parse_args()
    run = program.Program(given.program)
    with program.folder() as scratch:
        scratch = pathlib.Path(scratch)
        if given.case == "arrivals-streets":
            tally = [arrivals_streets(run, scratch, given.queries)]
        elif given.case == "arrivals-rail":
            tally = [arrivals_rail(run, scratch, given.queries)]
        else:
            tally = [doors(run, scratch, given.origins, names, hour) for hour in given.hours
                     for names in (["poa_eptc", "poa_trensurb"], ["poa_eptc"], ["poa_trensurb"])]
    good, all_of_them = map(sum, zip(*tally))
    print(f"{good} of {all_of_them} agree to the millisecond")
    sys.exit(good != all_of_them)


if __name__ == "__main__":
    main()
