"""What transit.py leaves open, against the same brute force: transit_more.py PROGRAM CASE

    small    random feeds (random_feed.py) as networks of stops alone: from every stop and to it, at instants and over
             windows, with random choices of changes, penalties, boarding times, rides, phases; legs of some trips
    city     Porto Alegre, streets and both feeds: to a place, there and back, by car at either end, choices of riding
    nothing  where nothing runs: the walking circle
    rail     a railway that is only drawn: its minutes by hand, and the same again from the GTFS it is exported to

--cases N, --seed N: how many and from where on. All times must agree to the millisecond.
"""
import argparse
import datetime
import functools
import json
import math
import pathlib
import random
import sys

import numpy
import yaml

import program
import random_feed
import streets
import timetable
import transit
from transit import MINUTE, agree, clock, ms_of

FAR = streets.UNREACHABLE


def rank_of(samples, percent, limit):
    ms = sorted(samples)[max(1, math.ceil(percent * len(samples) / 100)) - 1]
    return ms if ms <= limit else None


class Tally:
    def __init__(self):
        self.good = self.all = self.values = 0

    def __call__(self, what, ours, theirs):
        self.all += 1
        self.values += len(theirs)
        self.good += agree(what, ours, theirs)

    def holds(self, what, true):
        self.all += 1
        self.good += bool(true)
        if not true:
            print(what)


# ---- the answers ------------------------------------------------------------------------------------------


class World:
    """What brute force is asked: places by key, and the ways between them and stops. towards: one travels to the origin."""

    def samples(self, days, origin, targets, towards, instants, limit):
        """({stop: [ms]}, {target: [ms]}): one an instant and phase."""
        stops, places = {}, {key: [] for key in targets}
        near = self.egress(origin) if towards else self.access(origin)
        ends = {key: self.access(key) if towards else self.egress(key) for key in targets}
        count = 0
        for day in days:
            for instant in instants:
                found = (day.search_to if towards else day.search)(near, instant, limit)
                for stop, ms in found.items():
                    stops.setdefault(stop, [FAR] * (len(days) * len(instants)))[count] = ms
                for key, ways in ends.items():
                    ride = min((ms + ways[stop] for stop, ms in found.items() if stop in ways), default=FAR)
                    direct = self.direct(key, origin) if towards else self.direct(origin, key)
                    ms = min(ride, direct)
                    places[key].append(ms if ms <= limit else FAR)
                count += 1
        return stops, places


class Alone(World):
    """Stops and straight lines."""

    def __init__(self, feeds, places):
        with open(program.profile_path("station-access"), encoding="utf-8") as file:
            self.leg = yaml.safe_load(file)["leg"]
        self.places, self.stops = places, transit.stop_places(feeds)
        self.keys, self.spots = list(self.stops), numpy.array(list(self.stops.values()))

    @functools.lru_cache(maxsize=None)
    def ways(self, place):
        count = len(self.keys)
        metres = streets.GEOD.inv([place[0]] * count, [place[1]] * count, self.spots[:, 0], self.spots[:, 1])[2]
        return {key: math.floor(m * self.leg["detour"] * 3600 / self.leg["speed_kmh"] + 0.5)
                for key, m in zip(self.keys, metres) if m <= self.leg["cap_m"]}

    def access(self, key):
        return self.ways(self.places[key])

    egress = access

    def direct(self, one, other):
        there = self.access(other)
        return min((ms + there[stop] for stop, ms in self.access(one).items() if stop in there), default=FAR)

    def join(self, day, cap):
        day.joined({stop: self.ways(place) for stop, place in self.stops.items()}, cap)


def ask(run, scratch, network, origins, targets, towards, options, expect=0):
    transit.write_places(scratch / "origins.csv", origins)
    more = []
    if targets:
        transit.write_places(scratch / "zones.csv", targets)
        more = ["--zones", scratch / "zones.csv"]
    result = scratch / "result.gpkg"
    run.run("circle", network, "--mode", "transit", "--origins", scratch / "origins.csv", "--direction",
            "to" if towards else "from", "--cell", "3000", "--vertices", "16", "--edges", "none", "--overwrite", "-o",
            result, *more, *options, expect=expect)
    return program.GeoPackage(result)


def answers(result, names, layer, towards):
    """{(origin, percentile): {stop or target: ms}}"""
    number, found = {name: i for i, name in enumerate(names)}, {}
    for row in result.rows(layer):
        if row["time_min"] is None:
            continue
        if layer == "reached_stops":
            origin, key = row["origin_id"], (number[row["feed"]], row["stop_id"])
        else:
            key, origin = (row["from_id"], row["to_id"]) if towards else (row["to_id"], row["from_id"])
        found.setdefault((origin, row["percentile"]), {})[key] = ms_of(row["time_min"])
    return found


def shares(result, layer):
    return {(row["from_id"], row["to_id"]): row["share"] for row in result.rows(layer) if row["share"] is not None}


def hold(tally, what, result, names, world, days, origins, targets, towards, instants, limit, percentiles):
    stops, places = (answers(result, names, layer, towards) for layer in ("reached_stops", "od_times"))
    for origin in origins:
        both = world.samples(days, origin, targets, towards, instants, limit)
        for percent in percentiles:
            for layer, ours, samples in zip(("stops", "zones"), (stops, places), both):
                expected = {key: rank_of(those, percent, limit) for key, those in samples.items()}
                tally(f"{what}: {layer} {'to' if towards else 'from'} {origin}, percentile {percent}",
                      ours.get((origin, percent), {}), {key: ms for key, ms in expected.items() if ms is not None})


def window(towards, instant, minutes):
    """Instants of a window that begins (towards: ends) here."""
    return [instant + (-1 if towards else 1) * minute * MINUTE for minute in range(max(1, minutes))]


# ---- small ------------------------------------------------------------------------------------------------


def choices(chance):
    """Options of riding, and the same for timetable.Day."""
    options, rules, cap, phases = [], {}, transit.WALK, 0
    if chance.random() < 0.4:
        rules["rides"] = chance.choice([1, 2, 3])
        options += ["--max-transfers", rules["rides"] - 1]
    if chance.random() < 0.3:
        rules["penalty"] = 3 * MINUTE
        options += ["--transfer-penalty", 3]
    if chance.random() < 0.3:
        rules["change"] = chance.choice([0, 5]) * MINUTE
        options += ["--change", rules["change"] // MINUTE]
    if chance.random() < 0.3:
        rules["board"] = {**timetable.BOARD, "bus": 2 * MINUTE, "rail": 7 * MINUTE}
        options += ["--board", "bus=2,rail=7"]
    if chance.random() < 0.3:
        cap = chance.choice([1, 25]) * MINUTE
        options += ["--max-walk", cap // MINUTE]
    if chance.random() < 0.25:
        phases = chance.choice([1, 2, 3])
        options += ["--phases", phases]
    return options, rules, cap, phases


ZONES = [["Asia/Shanghai", "Asia/Tokyo"], ["Europe/London", "Europe/Paris"], ["America/New_York", "Europe/Berlin"],
         ["Australia/Adelaide", "Asia/Shanghai"]]


def small(tally, run, scratch, seed):
    chance = random.Random(seed)
    names = ["bus", "trains"][:chance.choice([1, 2, 2])]
    middle, zones = (chance.uniform(-150, 150), chance.uniform(-60, 60)), chance.choice(ZONES)
    for i, name in enumerate(names):
        random_feed.make(scratch / f"{name}.zip", chance, middle, zones[0] if chance.random() < 0.5 else zones[i])
    files = [scratch / f"{name}.zip" for name in names]
    network = scratch / "small.hsn"
    run.run("build", network, *(word for file in files for word in ("--gtfs", file)), "--overwrite")
    feeds = [timetable.Feed(file) for file in files]
    stops = transit.stop_places(feeds)
    origins = {f"{number}:{stop}": place for (number, stop), place in stops.items()}
    targets = {f"z{i}": (middle[0] + chance.uniform(-0.1, 0.1), middle[1] + chance.uniform(-0.1, 0.1)) for i in range(4)}
    targets.update(chance.sample(sorted(origins.items()), 4))
    world = Alone(feeds, {**origins, **targets})
    for towards in (False, True):
        options, rules, cap, phases = choices(chance)
        days = [timetable.Day(feeds, random_feed.DATE, phase=phase, **rules)
                for phase in ([(k, phases) for k in range(phases)] or [None])]
        for day in days:
            world.join(day, cap)
        limit = chance.choice([60, 150, 300]) * MINUTE
        minutes = chance.choice([0, 1, 4, 11])
        instant = timetable.DAY + chance.randrange(5 * 3600, 27 * 3600) * 1000
        percentiles = [0, 10, 50, 90, 100] if minutes > 1 or phases > 1 else [50]
        options += ["--date", random_feed.DATE, "--arrive" if towards else "--depart", clock(instant), "--window",
                    minutes, "--minutes", limit // MINUTE, "--percentiles", ",".join(map(str, percentiles))]
        result = ask(run, scratch, network, origins, targets, towards, options)
        what = f"seed {seed}, {clock(instant)} {' '.join(map(str, options))}"
        hold(tally, what, result, names, world, days, origins, targets, towards, window(towards, instant, minutes),
             limit, percentiles)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=["small"])
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    run, tally = program.Program(given.program), Tally()
    with program.folder() as scratch:
        scratch = pathlib.Path(scratch)
        for seed in range(given.seed, given.seed + given.cases):
            small(tally, run, scratch, seed)
    print(f"{tally.good} of {tally.all} agree, {tally.values} times")
    sys.exit(tally.good != tally.all)


if __name__ == "__main__":
    main()
