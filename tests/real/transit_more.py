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
                    direct = self.direct(key, origin, towards) if towards else self.direct(origin, key, towards)
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
        return {key: self.leg_ms(m) for key, m in zip(self.keys, metres) if m <= self.leg["cap_m"]}

    def leg_ms(self, metres):
        return math.floor(metres * self.leg["detour"] * 3600 / self.leg["speed_kmh"] + 0.5)

    def access(self, key):
        return self.ways(self.places[key])

    egress = access

    def direct(self, one, other, _):
        metres = streets.GEOD.inv(*self.places[one], *self.places[other])[2]
        return self.leg_ms(metres) if metres <= self.leg["cap_m"] else FAR

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


def hold(tally, what, result, names, world, days, origins, targets, towards, instants, limit, percentiles):
    stops, places = (answers(result, names, layer, towards) for layer in ("reached_stops", "od_times"))
    ends = ("to_id", "from_id") if towards else ("from_id", "to_id")
    shares = {(row[ends[0]], row[ends[1]]): row["share"] for row in result.rows("od_times")}
    every = {}
    for origin in origins:
        both = every[origin] = world.samples(days, origin, targets, towards, instants, limit)
        tally(f"{what}: shares {origin}", {key: shares.get((origin, key)) or 0 for key in targets},
              {key: sum(ms <= limit for ms in those) / len(those) for key, those in both[1].items()})
        for percent in percentiles:
            for layer, ours, samples in zip(("stops", "zones"), (stops, places), both):
                expected = {key: rank_of(those, percent, limit) for key, those in samples.items()}
                tally(f"{what}: {layer} {'to' if towards else 'from'} {origin}, percentile {percent}",
                      ours.get((origin, percent), {}), {key: ms for key, ms in expected.items() if ms is not None})
    return every


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


def told(tally, what, result, feeds, day, pair, towards, instants, samples, limit):
    """The legs of a pair: no gaps, the trip of the feed at its times, minutes that add up to a sample."""
    origin, target = pair
    rows = result.rows("legs", "from_id = ? and to_id = ?", *(pair[::-1] if towards else pair))
    what = f"{what}: legs of {pair}"
    if rank_of(samples, 50, limit) is None:
        return tally.holds(f"{what}: there are some", [row["kind"] for row in rows] == ["none"])
    if not rows:
        return tally.holds(f"{what}: there are none", False)
    asked = [k for k, instant in enumerate(instants) if clock(instant)[:5] == rows[0]["instant"][:5]]
    tally(what, {"total": ms_of(rows[-1]["total_min"]), "sum": sum(ms_of(row["minutes"]) for row in rows)},
          {"total": samples[asked[0]], "sum": rank_of(samples, 50, limit)})
    for a, b in zip(rows, rows[1:]):
        tally.holds(f"{what}: a gap before leg {b['leg']}", a["arrive"] == b["depart"] and a["to_stop"] == b["from_stop"])
    here, there = (rows[-1]["arrive"], rows[0]["depart"]) if towards else (rows[0]["depart"], rows[-1]["arrive"])
    tally.holds(f"{what}: not at its instant", here == clock(instants[asked[0]]))
    for row in rows:
        if row["kind"] == "ride":
            tally.holds(f"{what}: no trip {row['trip']} like leg {row['leg']}", runs_so(feeds, day, row))


def runs_so(feeds, day, row):
    """Whether a vehicle of the day rides as the leg says."""
    name = [{(number, stop): feed.name[stop] for stop in feed.stops} for number, feed in enumerate(feeds)]
    name = {key: text for those in name for key, text in those.items()}
    depart, arrive = (timetable.seconds(row[key]) * 1000 % timetable.DAY for key in ("depart", "arrive"))
    for first, last, calls in [(0, 0, calls) for _, _, calls in day.runs] + \
            [(first, last, calls) for first, last, _, _, calls in day.services]:
        for i, (a, _, leave, on, _) in enumerate(calls):
            for b, reach, _, _, off in calls[i + 1:] if on and name[a] == row["from_stop"] else ():
                if off and name[b] == row["to_stop"] and ms_of(row["minutes"]) == reach - leave:
                    if last == 0 and leave % timetable.DAY == depart and reach % timetable.DAY == arrive:
                        return True
                    if last and any(first + leave <= depart + back * timetable.DAY + 999 and
                                    depart + back * timetable.DAY <= last + leave for back in range(4)):
                        return True
    return False


ZONES = [["Asia/Shanghai", "Asia/Tokyo"], ["Europe/London", "Europe/Paris"], ["America/New_York", "Europe/Berlin"],
         ["Australia/Adelaide", "Asia/Shanghai"]]


def small(tally, run, scratch, seed):
    chance = random.Random(seed)
    names = ["bus", "trains"][:chance.choice([1, 2, 2])]
    middle, zones = (chance.uniform(-150, 150), chance.uniform(-60, 60)), chance.choice(ZONES)
    hour = chance.randrange(5, 29)
    for i, name in enumerate(names):
        random_feed.make(scratch / f"{name}.zip", chance, middle, zones[0] if chance.random() < 0.6 else zones[i],
                         hour)
    files = [scratch / f"{name}.zip" for name in names]
    network = scratch / "small.hsn"
    run.run("build", network, *(word for file in files for word in ("--gtfs", file)), "--overwrite")
    feeds = [timetable.Feed(file) for file in files]
    stops = transit.stop_places(feeds)
    origins = {f"{number}-{stop}": place for (number, stop), place in stops.items()}
    targets = {f"z{i}": (middle[0] + chance.uniform(-0.1, 0.1), middle[1] + chance.uniform(-0.1, 0.1)) for i in range(4)}
    targets.update(chance.sample(sorted(origins.items()), 4))
    world = Alone(feeds, {**origins, **targets})
    hour -= 24 if hour > 25 or hour == 25 and chance.random() < 0.5 else 0  # of the date, by trips of the day before
    for towards in (False, True):
        options, rules, cap, phases = choices(chance)
        days = [timetable.Day(feeds, random_feed.DATE, phase=phase, **rules)
                for phase in ([(k, phases) for k in range(phases)] or [None])]
        for day in days:
            world.join(day, cap)
        limit = chance.choice([60, 150, 300]) * MINUTE
        minutes = chance.choice([0, 1, 4, 11])
        instant = timetable.DAY + (hour * 60 + chance.randrange(4 * 60)) * MINUTE
        if chance.random() < 0.3:
            instant += chance.randrange(60) * 1000
        percentiles = [0, 10, 50, 90, 100] if minutes > 1 or phases > 1 else [50]
        options += ["--date", random_feed.DATE, "--arrive" if towards else "--depart", clock(instant), "--window",
                    minutes, "--minutes", limit // MINUTE, "--percentiles", ",".join(map(str, percentiles))]
        pairs = [(chance.choice(sorted(origins)), chance.choice(sorted(targets))) for _ in range(0 if phases else 6)]
        pairs = list(dict.fromkeys(pairs))
        for pair in pairs:
            options += ["--legs", ":".join(pair)]
        result = ask(run, scratch, network, origins, targets, towards, options)
        what = f"seed {seed}, {clock(instant)} {' '.join(map(str, options))}"
        instants = window(towards, instant, minutes)
        every = hold(tally, what, result, names, world, days, origins, targets, towards, instants, limit, percentiles)
        for pair in pairs:
            told(tally, what, result, feeds, days[0], pair, towards, instants, every[pair[0]][1][pair[1]], limit)
    reversed_way(tally, f"seed {seed}", chance, functools.partial(ask, run, scratch, network), origins, names)


def reversed_way(tally, what, chance, asks, origins, names):
    """Who leaves at m and arrives at e could have left at l, the latest for e; leaving at l one arrives at e."""
    start = chance.choice(sorted(origins))
    instant = timetable.DAY + chance.randrange(6 * 60, 22 * 60) * MINUTE

    def time(one, other, towards, at):
        ends = [{one: origins[one]}, origins if other is None else {other: origins[other]}]
        result = asks(*(ends[::-1] if towards else ends), towards,
                      ["--date", random_feed.DATE, "--arrive" if towards else "--depart", clock(at), "--window", 0,
                       "--minutes", 300])
        found = answers(result, names, "od_times", towards)
        return found.get((other if towards else one, 50), {})

    there = {key: ms for key, ms in time(start, None, False, instant).items() if ms % 1000 == 0 and ms > 0}
    for target in chance.sample(sorted(there), min(2, len(there))):
        back = time(start, target, True, instant + there[target]).get(start, FAR)
        tally.holds(f"{what}: {start} to {target}: {back} ms before, {there[target]} after", back <= there[target])
        if back % 1000 == 0:
            tally(f"{what}: {start} to {target} at the latest", time(start, target, False, instant + there[target] - back),
                  {target: back})


# ---- nothing ----------------------------------------------------------------------------------------------


def nothing(tally, run, scratch, _):
    """Stops nobody comes to in six seconds: what transit reaches is what one walks to."""
    network, places = scratch / "nothing.hsn", hexagons()
    run.run("build", network, "--osm", program.data("porto_alegre/poa_osm.pbf"), "--profile", "walk", "--gtfs",
            program.data("porto_alegre/poa_trensurb.zip"))
    chance = random.Random(7)
    transit.write_places(scratch / "from.csv", dict(chance.sample(sorted(places.items()), 3)))
    transit.write_places(scratch / "zones.csv", places)
    for towards in ("from", "to"):
        found = []
        for mode in (["walk"], ["transit", "--date", transit.DATE, "--max-access", "0.1", "--max-egress", "0.1"]):
            run.run("circle", network, "--origins", scratch / "from.csv", "--direction", towards, "--zones",
                    scratch / "zones.csv", "--minutes", "15,30,60", "--edges", "none", "--overwrite", "-o",
                    scratch / "nothing.gpkg", "--mode", *mode)
            result = program.GeoPackage(scratch / "nothing.gpkg")
            found.append(({(row["from_id"], row["to_id"]): ms_of(row["time_min"])
                           for row in result.rows("od_times") if row["time_min"] is not None},
                          {(row["origin_id"], row["cutoff_min"]): (row["geom"], row["area_km2"], round(row["reached_km"], 6))
                           for row in result.rows("circles")}))
        tally(f"{towards}: zones", found[1][0], found[0][0])
        tally.holds(f"{towards}: circles on foot and by transit differ", found[0][1] == found[1][1] and found[0][1])


def hexagons():
    return {row["id"]: (float(row["lon"]), float(row["lat"]))
            for row in transit.read_csv(program.data("porto_alegre/poa_hexgrid.csv"))}


# ---- rail -------------------------------------------------------------------------------------------------

KINDS = {"rail": (0.80, 2.5, 40, 2), "high_speed": (0.80, 9.2, 135, 101), "metro": (0.85, 2.5, 30, 1)}


def run_s(metres, design, use, k):
    """docs/methods.md, 12: seconds from stand to stand, rounded half up."""
    top = use * design / 3.6
    return math.floor((metres / top + top * k / 2 if metres >= top * top * k / 2 else math.sqrt(2 * metres * k)) + 0.5)


def drawn_line(chance, name, kind, speed, middle):
    """Features of a line with stations at some of its vertices, and the rows of its trip: [(station, seconds, stop)]."""
    here, line = [middle[0] + chance.uniform(-0.1, 0.1), middle[1] + chance.uniform(-0.1, 0.1)], []
    heading = chance.uniform(0, 360)
    for _ in range(chance.randint(8, 14)):
        line.append(tuple(round(x, 7) for x in here))
        heading += chance.uniform(-25, 25)
        here = list(streets.GEOD.fwd(*line[-1], heading, chance.uniform(900, 9000))[:2])
    at = sorted({0, len(line) - 1, *chance.sample(range(1, len(line) - 1), chance.randint(1, 4))})
    use, k, dwell, _ = KINDS[kind]
    features = [("links", {"name": name, "kind": "rail", "speed_kmh": speed}, ("LineString", line))]
    stops = []
    for number, v in enumerate(at):
        own = chance.choice([None, None, 1.5])
        stops.append((f"{name} {number}", line[v], dwell if own is None else math.floor(own * 60)))
        features.append(("stations", {"name": stops[-1][0], "line": name, "dwell_min": own}, ("Point", line[v])))
    metres = [sum(streets.GEOD.inv(*a, *b)[2] for a, b in zip(line[i:j], line[i + 1:j + 1])) for i, j in zip(at, at[1:])]
    return features, stops, [run_s(m, speed, use, k) for m in metres]


def calls_of(trip, stops, runs, start):
    """Rows of stop_times; [(name, place, dwell)], seconds between."""
    rows, now = [], start
    for i, (name, _, dwell) in enumerate(stops):
        leave = now + (dwell if 0 < i < len(stops) - 1 else 0)
        rows.append((trip, random_feed.clock(now), random_feed.clock(leave), name.replace(" ", "_"), i + 1))
        now = leave + (runs[i] if i < len(runs) else 0)
    return rows


def rail(tally, run, scratch, seed):
    chance = random.Random(seed)
    middle = chance.uniform(-150, 150), chance.uniform(-55, 55)
    features, stops, routes, trips, calls, headways = [], {}, [], [], [], []
    for name, kind, speed in [("East", "rail", 120), ("Fast", "high_speed", 300), ("Metro", "metro", 80)]:
        drawn, here, runs = drawn_line(chance, name, kind, speed, middle)
        service = {"line": name, "kind": kind}
        if chance.random() < 0.5:  # minutes of every run said
            runs = [chance.randint(4, 40) * 30 for _ in runs]
            service["minutes"] = ";".join(str(s / 60) for s in runs)
        times = sorted(chance.sample(range(360, 1500), 4))
        if kind != "high_speed":
            service.update(headway_min=chance.choice([7, 20]), first="05:30", last="23:10")
        else:
            service["departures"] = ";".join(f"{t // 60:02}:{t % 60:02}" for t in times)
        both = chance.random() < 0.7
        if not both:
            service["direction"] = "forward"
        features += drawn + [("services", service, None)]
        stops.update({stop: place for stop, place, _ in here})
        routes.append((name, "a", name, KINDS[kind][3]))
        for back in range(1 + both):
            there = (here[::-1], runs[::-1]) if back else (here, runs)
            for n, start in enumerate(times if kind == "high_speed" else [0]):
                trip = f"{name}-{back}-{n}"
                trips.append((name, "all", trip))
                calls += calls_of(trip, *there, start * 60)
                if kind != "high_speed":
                    headways.append((trip, "05:30:00", "23:10:00", service["headway_min"] * 60, 0))
    (scratch / "plan.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"layer": layer, "proposal": "Plan", **row},
         "geometry": shape and {"type": shape[0], "coordinates": shape[1]}} for layer, row, shape in features]}))
    random_feed.write(scratch / "by_hand.zip", {
        "agency": ("agency_id,agency_name,agency_url,agency_timezone", [("a", "A", "http://a.example", "UTC")]),
        "stops": ("stop_id,stop_name,stop_lat,stop_lon",
                  [(name.replace(" ", "_"), name, place[1], place[0]) for name, place in stops.items()]),
        "routes": ("route_id,agency_id,route_short_name,route_type", routes),
        "trips": ("route_id,service_id,trip_id", trips),
        "stop_times": ("trip_id,arrival_time,departure_time,stop_id,stop_sequence", calls),
        "calendar": ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
                     [("all", *[1] * 7, "20000101", "20991231")]),
        "frequencies": ("trip_id,start_time,end_time,headway_secs,exact_times", headways)})
    feeds = [timetable.Feed(scratch / "by_hand.zip")]
    world, day = Alone(feeds, stops), timetable.Day(feeds, random_feed.DATE)
    world.join(day, transit.WALK)
    run.run("build", scratch / "drawn.hsn", "--rail", scratch / "plan.geojson", "--overwrite")
    run.run("export-gtfs", "--proposals", scratch / "plan.geojson", "--overwrite", "-o", scratch / "exported.zip")
    run.run("build", scratch / "exported.hsn", "--gtfs", scratch / "exported.zip", "--overwrite")
    for towards in (False, True):
        instant = timetable.DAY + chance.randrange(5 * 60, 24 * 60) * MINUTE
        options = ["--date", random_feed.DATE, "--arrive" if towards else "--depart", clock(instant), "--window", 5,
                   "--minutes", 120]
        found = {}
        for origin in stops:
            samples = world.samples([day], origin, [], towards, window(towards, instant, 5), 120 * MINUTE)[0]
            for (_, stop), those in samples.items():
                found[origin, feeds[0].name[stop]] = rank_of(those, 50, 120 * MINUTE)
        found = {key: ms for key, ms in found.items() if ms is not None}
        for network in ("drawn", "exported"):
            result = ask(run, scratch, scratch / f"{network}.hsn", stops, None, towards, options)
            tally(f"seed {seed}, {network}, {options}", {(row["origin_id"], row["name"]): ms_of(row["time_min"]) for row in
                                            result.rows("reached_stops") if row["time_min"] is not None}, found)


# ---- city -------------------------------------------------------------------------------------------------


class City(World):
    """Porto Alegre on foot and by car; a run says how one comes to stops (choose)."""

    def __init__(self, run, scratch, names, places):
        osm = program.data("porto_alegre/poa_osm.pbf")
        files = [program.data(f"porto_alegre/{name}.zip") for name in names]
        self.network, self.names = scratch / "city.hsn", names
        run.run("build", self.network, "--osm", osm, "--profile", "walk", "--profile", "car-osm",
                *(word for file in files for word in ("--gtfs", file)), "--overwrite")
        self.feeds = [timetable.Feed(file) for file in files]
        self.stops, self.places = transit.stop_places(self.feeds), places
        town = streets.Streets(transit.osm_file.read(osm))
        self.nets = {mode: streets.Net(town, streets.read_profile(program.profile_path(name)))
                     for mode, name in (("walk", "walk"), ("car", "car-osm"))}
        self.ways = {mode: transit.Walks(net, {**{("z", key): place for key, place in places.items()}, **self.stops})
                     for mode, net in self.nets.items()}
        self.between = {stop: {other: ms for other, ms in self.reach("walk", stop, 10).items() if other in self.stops}
                        for stop in self.stops if stop in self.ways["walk"].feet}

    @functools.lru_cache(maxsize=None)
    def reach(self, mode, key, minutes):
        """{other: ms, legs and all} where the way along the streets is at most these minutes."""
        ways = self.ways[mode]
        if key not in ways.feet:
            return {}
        return {other: ways.feet[key].leg_ms + ms + ways.feet[other].leg_ms
                for other, ms in ways.between(key, minutes * MINUTE).items()}

    def choose(self, access=("walk", 20), egress=("walk", 20), park=0):
        self.to_stop, self.from_stop, self.park = access, egress, park * MINUTE

    def access(self, key):
        return {stop: ms + self.park for stop, ms in self.reach(self.to_stop[0], ("z", key), self.to_stop[1]).items()
                if stop in self.stops}

    def egress(self, key):
        mode, minutes = self.from_stop
        lon, lat = self.places[key]
        found = {}
        for stop, place in self.stops.items():
            if mode == "car" or streets.GEOD.inv(lon, lat, *place)[2] < 80 * minutes + 1100:
                ms = self.reach(mode, stop, minutes).get(("z", key))
                if ms is not None:
                    found[stop] = ms
        return found

    def direct(self, one, other, towards):
        """By the profile of the end on which answers lie."""
        far = self.to_stop if towards else self.from_stop
        return FAR if far[0] == "car" else self.reach("walk", ("z", one), 60).get(("z", other), FAR)


def city(tally, run, scratch, seed, buses=False):
    """Trains alone: buses make brute force five times as long."""
    chance = random.Random(seed)
    names = ["poa_eptc", "poa_trensurb"] if buses else ["poa_trensurb"]
    train = timetable.Feed(program.data("porto_alegre/poa_trensurb.zip"))
    near = {key: place for key, place in sorted(hexagons().items())
            if any(streets.GEOD.inv(*place, *train.place[stop])[2] < 2500 for stop in train.stops)}
    places = dict(chance.sample(sorted(near.items()), 9))
    world = City(run, scratch, names, places)
    joined = [key for key in places if all(("z", key) in ways.feet for ways in world.ways.values())]
    origins, targets = {key: places[key] for key in joined[:2]}, places
    limit, hour = 60 * MINUTE, timetable.DAY + 13 * 3_600_000 + (chance.randrange(60) * MINUTE if buses else 0)
    plans = [
        (True, [], {}, {}),
        (False, ["--access", "car", "--max-access", 10], {"access": ("car", 10)}, {}),
        (False, ["--access", "park", "--park-min", 7, "--max-egress", 12],
         {"access": ("car", 30), "egress": ("walk", 12), "park": 7}, {}),
        (True, ["--access", "car", "--max-access", 4], {"access": ("car", 4)}, {}),
        (True, ["--access", "park"], {"access": ("car", 30), "park": 5}, {}),
        (False, ["--max-transfers", 0, "--board", "bus=2,rail=7"], {},
         {"rides": 1, "board": {**timetable.BOARD, "bus": 2 * MINUTE, "rail": 7 * MINUTE}}),
        (True, ["--max-transfers", 1, "--transfer-penalty", 3, "--change", 0], {},
         {"rides": 2, "penalty": 3 * MINUTE, "change": 0}),
        (False, ["--max-walk", 4], {"walk": 4}, {})]
    if not buses:
        plans.insert(2, (False, ["--egress", "car", "--max-egress", 6], {"egress": ("car", 6)}, {}))
    common = ["--date", transit.DATE, "--minutes", limit // MINUTE, "--percentiles", "0,10,50,90,100"]
    for towards, options, ends, rules in plans:
        day = timetable.Day(world.feeds, transit.DATE, **rules)
        day.joined(world.between, ends.pop("walk", 10) * MINUTE)
        world.choose(**ends)
        options = options + common + ["--arrive" if towards else "--depart", clock(hour), "--window", 6]
        result = ask(run, scratch, world.network, origins, targets, towards, options)
        hold(tally, " ".join(map(str, options)), result, world.names, world, [day], origins, targets, towards,
             window(towards, hour, 6), limit, [0, 10, 50, 90, 100])
    day_return(tally, run, scratch, world, origins, targets, common, hour, limit)


def day_return(tally, run, scratch, world, origins, targets, common, hour, limit):
    day = timetable.Day(world.feeds, transit.DATE)
    day.joined(world.between, 10 * MINUTE)
    world.choose()
    options = ["--day-return", "--arrive", clock(hour), "--depart", clock(hour + 90 * MINUTE), "--window", 6]
    result = answers(ask(run, scratch, world.network, origins, targets, True, common + options), world.names,
                     "od_times", True)
    for origin in origins:
        there, back = (world.samples([day], origin, targets, towards, window(towards, at, 6), limit)[1]
                       for towards, at in ((True, hour), (False, hour + 90 * MINUTE)))
        for percent in (0, 10, 50, 90, 100):
            both = {key: [rank_of(way[key], percent, limit) for way in (there, back)] for key in targets}
            tally(f"{options}: {origin}, percentile {percent}", result.get((origin, percent), {}),
                  {key: max(times) for key, times in both.items() if None not in times})


CASES = {"small": small, "nothing": nothing, "rail": rail, "city": city,
         "buses": functools.partial(city, buses=True)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=list(CASES))
    parser.add_argument("--cases", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    run, tally = program.Program(given.program), Tally()
    with program.folder() as scratch:
        for seed in range(given.seed, given.seed + given.cases):
            CASES[given.case](tally, run, pathlib.Path(scratch), seed)
    print(f"{tally.good} of {tally.all} agree, {tally.values} times")
    sys.exit(tally.good != tally.all)


if __name__ == "__main__":
    main()
