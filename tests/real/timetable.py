"""Trips by transit, by brute force, written from docs/methods.md 10 and 11 alone: the second opinion on the
program's timetables. Shares no code with it. No patterns, no windows, no pruning: every trip of the day is
tried in every round, at every instant by itself.

    feeds = [Feed(path), ...]
    day = Day(feeds, datetime.date(2019, 5, 14))
    day.search(access, instant_ms, limit_ms)    access: {stop: ms}; {stop: ms until one can leave it}
"""
import bisect
import csv
import datetime
import io
import math
import zipfile

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
        self.archive = zipfile.ZipFile(path)
        self.stops, self.station, self.place, self.name = [], {}, {}, {}
        for row in self.table("stops.txt"):
            kind = row.get("location_type") or "0"
            if kind not in ("0", "1"):
                continue
            self.place[row["stop_id"]] = float(row["stop_lon"]), float(row["stop_lat"])
            self.name[row["stop_id"]] = row.get("stop_name", "")
            if row.get("parent_station"):
                self.station[row["stop_id"]] = row["parent_station"]
            if kind == "0":
                self.stops.append(row["stop_id"])
        kinds = {row["route_id"]: KINDS.get(int(row["route_type"]), "other") for row in self.table("routes.txt")}
        self.calls, self.service, self.kind = {}, {}, {}
        for row in self.table("trips.txt"):
            self.service[row["trip_id"]] = row["service_id"]
            self.kind[row["trip_id"]] = kinds[row["route_id"]]
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


class Day:
    """Runs of trips in the clock of methods.md 10; stops are (feed number, stop id)."""

    def __init__(self, feeds, date, board=None, change=CHANGE, rides=RIDES):
        self.board = dict(BOARD) if board is None else board
        self.rides = rides
        self.change, self.inside, self.least, self.never = {}, {}, {}, set()
        self.walks = {}  # stop -> [(stop, ms)]: filled by the caller
        runs = []
        for number, feed in enumerate(feeds):
            for stop in feed.stops:
                self.change[number, stop] = change
            self.read_transfers(number, feed, change)
            longest = max(calls[-1][3] for calls in feed.calls.values())
            for back in range(-1, longest // 86400 + 1):
                running = feed.services(date - datetime.timedelta(days=back))
                shift = (1 - back) * DAY
                for trip, calls in feed.calls.items():
                    if feed.service[trip] in running and len(calls) > 1:
                        runs.append((shift + calls[0][3] * 1000, self.board.get(feed.kind[trip], 0),
                                     [((number, stop), shift + arrive * 1000, shift + leave * 1000, on, off)
                                      for _, stop, arrive, leave, on, off, _ in calls]))
        runs.sort(key=lambda run: run[0])
        self.runs, self.starts = runs, [run[0] for run in runs]
        self.longest = max(run[2][-1][1] - run[0] for run in runs)

    def read_transfers(self, number, feed, change):
        platforms = {}
        for stop in feed.stops:
            platforms.setdefault(feed.station.get(stop, stop), []).append(stop)
        for mine in platforms.values():
            for a in mine:
                for b in mine:
                    if a != b:
                        self.inside[(number, a), (number, b)] = change
        for row in feed.transfers:
            if row.get("from_trip_id") or row.get("to_trip_id") or row.get("from_route_id") or row.get("to_route_id"):
                continue
            kind, least = row["transfer_type"] or "0", int(row.get("min_transfer_time") or 0) * 1000
            for a in platforms.get(row["from_stop_id"], [row["from_stop_id"]]):
                for b in platforms.get(row["to_stop_id"], [row["to_stop_id"]]):
                    pair = (number, a), (number, b)
                    if a == b:
                        if kind == "2":
                            self.change[pair[0]] = least
                        elif kind == "3":
                            self.change[pair[0]] = UNREACHABLE
                    elif kind == "3":
                        self.never.add(pair)
                        self.inside.pop(pair, None)
                    elif kind == "2" and pair in self.inside:
                        self.inside[pair] = max(change, least)
                    elif kind == "2":
                        self.least[pair] = least

    def search(self, access, instant, limit):
        """{stop: ms from the instant until one can leave it}, after one ride or more."""
        end = instant + limit
        foot = {stop: instant + ms for stop, ms in access.items()}
        inner, best = {}, {}
        first = bisect.bisect_left(self.starts, instant - self.longest)
        last = bisect.bisect_right(self.starts, end)
        inside, walks = {}, self.walks
        for (a, b), ms in self.inside.items():
            inside.setdefault(a, []).append((b, ms))
        for _ in range(self.rides):
            new_out = {}
            for _, board, calls in self.runs[first:last]:
                riding = False
                for stop, arrive, leave, on, off in calls:
                    if riding and off and arrive <= end and arrive < new_out.get(stop, UNREACHABLE):
                        new_out[stop] = arrive
                    if not riding and on and (foot.get(stop, UNREACHABLE) + board <= leave or
                                              inner.get(stop, UNREACHABLE) <= leave):
                        riding = True
            better = {stop: ms for stop, ms in new_out.items() if ms < best.get(stop, UNREACHABLE)}
            if not better:
                break
            best.update(better)
            for stop, ms in better.items():
                inner[stop] = min(inner.get(stop, UNREACHABLE), ms + self.change[stop])
                for other, way in inside.get(stop, ()):
                    inner[other] = min(inner.get(other, UNREACHABLE), ms + way)
                for other, way in walks.get(stop, ()):
                    foot[other] = min(foot.get(other, UNREACHABLE), ms + way)
        return {stop: ms - instant for stop, ms in best.items()}
