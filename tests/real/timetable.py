"""Trips by transit, by brute force, written from docs/methods.md 10 and 11 alone: the second opinion on the
program's timetables. Shares no code with it. No patterns, no windows, no pruning: every trip of the day is
tried in every round, at every instant by itself.

    feeds = [Feed(path), ...]
    day = Day(feeds, datetime.date(2019, 5, 14))
    day.search(access, instant_ms, limit_ms)    access: {stop: ms}; {stop: ms until one can leave it}
    day.search_to(egress, instant_ms, limit_ms) egress: {stop: ms}; {stop: ms before the instant one must be there}
"""
import bisect
import csv
import datetime
import io
import math
import pathlib
import zipfile
import zoneinfo

import pyproj

GEOD = pyproj.Geod(ellps="WGS84")

UNREACHABLE = 0x3FFFFFFF
MINUTE = 60_000
DAY = 86_400_000
KINDS = {0: "tram", 5: "tram", 1: "metro", 12: "metro", 500: "metro", 600: "metro", 101: "high_speed", 2: "rail",
         3: "bus", 11: "bus", 800: "bus", 4: "ferry", 1000: "ferry", 1200: "ferry"}
KINDS.update({n: "tram" for n in range(900, 907)})
KINDS.update({n: "metro" for n in range(400, 406)})
KINDS.update({n: "rail" for n in range(100, 118) if n != 101})
KINDS.update({n: "bus" for n in [*range(200, 210), *range(700, 717)]})
BOARD = {"rail": 5 * MINUTE, "high_speed": 30 * MINUTE, "ferry": 10 * MINUTE}
CHANGE = 2 * MINUTE
RIDES = 5


def seconds(text):
    hours, minutes, rest = text.strip().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


class Feed:
    def __init__(self, path):
        self.archive, self.label = zipfile.ZipFile(path), pathlib.Path(path).stem
        self.zone = next(self.table("agency.txt"))["agency_timezone"]
        self.stops, self.station, self.place, self.name = [], {}, {}, {}
        for row in sorted(self.table("stops.txt"), key=lambda row: row.get("location_type") != "1"):
            kind = row.get("location_type") or "0"
            if kind not in ("0", "1"):
                continue
            self.place[row["stop_id"]] = ((float(row["stop_lon"]), float(row["stop_lat"])) if row["stop_lon"] else
                                          self.place[row["parent_station"]])
            self.name[row["stop_id"]] = row.get("stop_name", "")
            if row.get("parent_station"):
                self.station[row["stop_id"]] = row["parent_station"]
            if kind == "0":
                self.stops.append(row["stop_id"])
        kinds = {row["route_id"]: KINDS.get(int(row["route_type"]), "other") for row in self.table("routes.txt")}
        self.calls, self.service, self.kind, self.line = {}, {}, {}, {}
        for row in self.table("trips.txt"):
            self.service[row["trip_id"]] = row["service_id"]
            self.kind[row["trip_id"]] = kinds[row["route_id"]]
            self.line[row["trip_id"]] = row["route_id"]
        for row in self.table("stop_times.txt"):
            arrive, leave = row["arrival_time"].strip(), row["departure_time"].strip()
            along = row.get("shape_dist_traveled", "").strip()
            self.calls.setdefault(row["trip_id"], []).append(
                [int(row["stop_sequence"]), row["stop_id"],
                 seconds(arrive or leave) if arrive or leave else None,
                 seconds(leave or arrive) if arrive or leave else None,
                 (row.get("pickup_type") or "0") != "1", (row.get("drop_off_type") or "0") != "1",
                 float(along) if along else None])
        self.interpolated = 0
        for calls in self.calls.values():
            calls.sort(key=lambda call: call[0])
            self.interpolate(calls)
        self.weeks = list(self.table("calendar.txt"))
        self.exceptions = {(row["service_id"], row["date"]): row["exception_type"]
                           for row in self.table("calendar_dates.txt")}
        self.transfers = list(self.table("transfers.txt"))
        self.headways = {}  # trip -> [(start, end, headway, are they exact trips)]
        for row in self.table("frequencies.txt"):
            self.headways.setdefault(row["trip_id"], []).append(
                (seconds(row["start_time"]), seconds(row["end_time"]), int(row["headway_secs"]),
                 row.get("exact_times") == "1"))

    def interpolate(self, calls):
        timed = [i for i, call in enumerate(calls) if call[2] is not None]
        for a, b in zip(timed, timed[1:]):
            if b == a + 1:
                continue
            along = [calls[i][6] for i in range(a, b + 1)]
            if None in along or along[-1] <= along[0] or any(y < x for x, y in zip(along, along[1:])):
                along = [0.0]
                for i in range(a, b):
                    (x0, y0), (x1, y1) = self.place[calls[i][1]], self.place[calls[i + 1][1]]
                    along.append(along[-1] + GEOD.inv(x0, y0, x1, y1)[2])
                if along[-1] == 0:
                    along = list(range(b - a + 1))
            start, end = calls[a][3], calls[b][2]
            for i in range(a + 1, b):
                share = (along[i - a] - along[0]) / (along[-1] - along[0])
                calls[i][2] = calls[i][3] = start + math.floor((end - start) * share + 0.5)
                self.interpolated += 1

    def table(self, name):
        if name not in self.archive.namelist():
            return
        lines = io.StringIO(self.archive.read(name).decode("utf-8-sig"), newline="")
        reader = csv.reader(lines)
        header = [field.strip() for field in next(reader)]
        for row in reader:
            if row:
                yield dict(zip(header, row + [""] * (len(header) - len(row))))

    def services(self, date):
        text = date.strftime("%Y%m%d")
        running = {row["service_id"] for row in self.weeks
                   if row[date.strftime("%A").lower()] == "1" and row["start_date"] <= text <= row["end_date"]}
        for (service, day), kind in self.exceptions.items():
            if day == text:
                (running.add if kind == "1" else running.discard)(service)
        return running


def hashed(text):
    """FNV-1a, 32 bits, as a share of 1."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value / 2**32


class Day:
    """Runs of trips in the clock of methods.md 10; stops are (feed number, stop id). phase: (k, N)."""

    def __init__(self, feeds, date, board=None, change=CHANGE, rides=RIDES, penalty=0, phase=None):
        self.board = dict(BOARD) if board is None else board
        self.rides, self.penalty, self.phase = rides, penalty, phase
        self.change, self.inside, self.least, self.never = {}, {}, {}, set()
        self.walks = {}  # stop -> [(stop, ms)]: filled by the caller
        self.runs = []
        self.services = []  # with a headway: (start, end, headway, board, calls from its first departure on)
        noon = datetime.datetime.combine(date, datetime.time(12))
        ahead = [noon.replace(tzinfo=zoneinfo.ZoneInfo(feed.zone)).utcoffset() for feed in feeds]
        longest = max(calls[-1][3] for feed in feeds for calls in feed.calls.values())
        longest = max([longest] + [row[1] + feed.calls[trip][-1][3] for feed in feeds
                                   for trip, rows in feed.headways.items() for row in rows])
        for number, feed in enumerate(feeds):
            for stop in feed.stops:
                self.change[number, stop] = change
            self.read_transfers(number, feed, change)
            zone = (ahead[0] - ahead[number]) // datetime.timedelta(milliseconds=1)
            for back in range(-1, longest // 86400 + 1):
                running = feed.services(date - datetime.timedelta(days=back))
                shift = (1 - back) * DAY + zone
                for trip, calls in feed.calls.items():
                    if feed.service[trip] in running and len(calls) > 1:
                        self.add(number, feed, trip, calls, shift)
        self.runs.sort(key=lambda run: run[0])
        self.starts = [run[0] for run in self.runs]
        self.longest = max((run[2][-1][1] - run[0] for run in self.runs), default=0)

    def add(self, number, feed, trip, calls, shift):
        board, base = self.board.get(feed.kind[trip], 0), calls[0][3]

        def calls_at(begin):
            """The trip's calls when it leaves its first stop at this instant."""
            return [((number, stop), begin + (arrive - base) * 1000, begin + (leave - base) * 1000, on, off)
                    for _, stop, arrive, leave, on, off, _ in calls]

        if trip not in feed.headways:
            self.runs.append((shift + base * 1000, board, calls_at(shift + base * 1000)))
        for start, end, headway, exact in feed.headways.get(trip, ()):
            first, last, step = shift + start * 1000, shift + end * 1000, headway * 1000
            if not exact and not self.phase:
                self.services.append((first, last, step, board, calls_at(0)))
                continue
            if not exact:
                share = (self.phase[0] / self.phase[1] + hashed(feed.line[trip])) % 1
                first += math.floor(step * share)
            for begin in range(first, last, step):
                self.runs.append((begin, board, calls_at(begin)))

    def read_transfers(self, number, feed, change):
        platforms, counts = {}, {}
        for stop in feed.stops:
            platforms.setdefault(feed.station.get(stop, stop), []).append(stop)
        for order, row in enumerate(feed.transfers):
            if any(row.get(f"{end}_{what}_id") for end in ("from", "to") for what in ("trip", "route")):
                continue
            kind, ends = row["transfer_type"] or "0", (row["from_stop_id"], row["to_stop_id"])
            if kind in ("4", "5"):
                continue
            stations = sum(end not in feed.stops for end in ends)
            rule = -stations, order, kind, int(row.get("min_transfer_time") or 0) * 1000
            for a in [ends[0]] if ends[0] in feed.stops else platforms.get(ends[0], ()):
                for b in [ends[1]] if ends[1] in feed.stops else platforms.get(ends[1], ()):
                    counts[a, b] = max(counts.get((a, b), rule), rule)
        platform = {}  # what a change within the station takes: where none is allowed at the stop itself, too
        for a in feed.stops:
            _, _, kind, least = counts.get((a, a), (0, 0, "0", 0))
            platform[a] = least if kind == "2" else change
            self.change[number, a] = UNREACHABLE if kind == "3" else platform[a]
        for a in feed.stops:
            for b in feed.stops:
                _, _, kind, least = counts.get((a, b), (0, 0, "0", 0))
                pair = (number, a), (number, b)
                if a == b:
                    continue
                if kind == "3":
                    self.never.add(pair)
                elif feed.station.get(a, a) == feed.station.get(b, b):
                    self.inside[pair] = max(platform[a], least if kind == "2" else 0)
                elif kind == "2":
                    self.least[pair] = least

    def joined(self, between, cap):
        """Walks between rides from ways along the streets {stop: {other: ms}}, legs and all."""
        for stop in self.change:
            ways = {}
            for other, ms in between.get(stop, {}).items():
                pair = stop, other
                if other != stop and ms <= cap and pair not in self.never and pair not in self.inside:
                    ways[other] = max(ms, self.least.get(pair, 0))
            for (a, other), ms in self.least.items():
                if a == stop:
                    ways.setdefault(other, ms)
            self.walks[stop] = list(ways.items())

    def view(self, begin, end):
        return self.runs[bisect.bisect_left(self.starts, begin - self.longest):bisect.bisect_right(self.starts, end)]

    def search(self, access, instant, limit):
        """{stop: ms from the instant until one can leave it}, after one ride or more."""
        end, far = instant + limit, 1 << 60
        foot = {stop: instant + ms for stop, ms in access.items()}
        inner, best, inside = {}, {}, {}
        runs = self.view(instant, end)
        for (a, b), ms in self.inside.items():
            inside.setdefault(a, []).append((b, ms))
        for _ in range(self.rides):
            out = {}
            for _, board, calls in runs:
                riding = False
                for stop, arrive, leave, on, off in calls:
                    if riding and off and arrive <= end and arrive < out.get(stop, far):
                        out[stop] = arrive
                    if not riding and on and (foot.get(stop, far) + board <= leave or inner.get(stop, far) <= leave):
                        riding = True
            for first, last, headway, board, calls in self.services:
                for i, (stop, _, leave, on, _) in enumerate(calls):
                    ready = min(foot.get(stop, far) + board, inner.get(stop, far))
                    ride = max(first + leave, ready + headway // 2)
                    if not on or ride > last + leave:
                        continue
                    for other, arrive, _, _, off in calls[i + 1:]:
                        ms = ride + arrive - leave
                        if off and ms <= end and ms < out.get(other, far):
                            out[other] = ms
            better = {stop: ms for stop, ms in out.items() if ms < best.get(stop, far)}
            if not better:
                break
            best.update(better)
            for stop, ms in better.items():
                ms += self.penalty
                inner[stop] = min(inner.get(stop, far), ms + self.change[stop])
                for other, way in inside.get(stop, ()):
                    inner[other] = min(inner.get(other, far), ms + way)
                for other, way in self.walks.get(stop, ()):
                    foot[other] = min(foot.get(other, far), ms + way)
        return {stop: ms - instant for stop, ms in best.items()}

    def search_to(self, egress, instant, limit):
        """{stop: ms before the instant when one must be there, on the street side}: the latest departures."""
        begin, never = instant - limit, -(1 << 60)
        out = {stop: instant - ms for stop, ms in egress.items()}  # to alight by
        best, inside, walks = {}, {}, {}
        runs = self.view(begin, instant)
        for (a, b), ms in self.inside.items():
            inside.setdefault(b, []).append((a, ms))
        for a, those in self.walks.items():
            for b, ms in those:
                walks.setdefault(b, []).append((a, ms))
        for _ in range(self.rides):
            foot, inner = {}, {}  # to be there by, outside and inside the gates

            def board_by(stop, ready, board):
                if ready - board >= begin:
                    foot[stop] = max(foot.get(stop, never), ready - board)
                inner[stop] = max(inner.get(stop, never), ready)

            for _, board, calls in runs:
                riding = False
                for stop, arrive, leave, on, off in reversed(calls):
                    if riding and on:
                        board_by(stop, leave, board)
                    if not riding and off and arrive <= out.get(stop, never):
                        riding = True
            for first, last, headway, board, calls in self.services:
                for i, (stop, _, leave, on, _) in enumerate(calls):
                    for other, arrive, _, _, off in calls[i + 1:]:
                        ride = min(last + leave, out.get(other, never) - (arrive - leave))
                        if on and off and ride >= first + leave:
                            board_by(stop, ride - headway // 2, board)
            before = dict(out)
            for stop, ms in foot.items():
                best[stop] = max(best.get(stop, never), ms)
                for other, way in walks.get(stop, ()):
                    out[other] = max(out.get(other, never), ms - way - self.penalty)
            for stop, ms in inner.items():
                out[stop] = max(out.get(stop, never), ms - self.change[stop] - self.penalty)
                for other, way in inside.get(stop, ()):
                    out[other] = max(out.get(other, never), ms - way - self.penalty)
            if out == before:
                break
        return {stop: instant - ms for stop, ms in best.items()}
