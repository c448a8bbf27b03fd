#!/usr/bin/python3
"""Broken feeds, each made from one good one by one change: gtfs_faults.py PROGRAM [read] [sanitized]

Each must be refused with a message that names file and line, exit status 3, and no more memory than the data
give reason for. PROGRAM is the command; with "read" it is the reader alone (tests/real/gtfs_read.c).
"""
import io
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

GOOD = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n"
                  "a,One,http://a,Asia/Shanghai\nb,Two,http://b,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
                 "hub,Hub,30,120,1,\np1,Hub 1,30.001,120,0,hub\np2,Hub 2,30.002,120,0,hub\n"
                 "s2,Second,30.1,120,0,\ns3,Third,30.2,120,,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nr1,a,R1,2\nr2,b,R2,3\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                    "wd,1,1,1,1,1,0,0,20240101,20241231\nwe,0,0,0,0,0,1,1,20240101,20241231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nwd,20240102,2\nwe,20240102,1\n",
    "trips.txt": "route_id,service_id,trip_id,shape_id,direction_id\nr1,wd,t1,w,0\nr1,we,t2,w,1\nr2,wd,t3,,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
                      "t1,08:00:00,08:00:00,p1,1,0\nt1,08:10:00,08:11:00,s2,2,\nt1,08:20:00,08:20:00,s3,3,\n"
                      "t2,09:00:00,09:00:00,s3,1,\nt2,,,s2,2,\nt2,09:20:00,09:20:00,p2,3,\n"
                      "t3,24:00:00,24:00:00,p1,1,\nt3,24:30:00,24:30:00,s3,2,\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nt3,06:00:00,22:00:00,600,0\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\np1,p2,2,120\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nw,30,120,1\nw,30.2,120,2\n",
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang\nP,http://p,en\n",
}
MEMORY_MB = 200  # the program, GDAL and PROJ before they read anything take about 60


def change(name, old, new):
    text = GOOD[name]
    assert text.count(old) == 1, (name, old)
    return {name: text.replace(old, new)}


def drop_column(name, column):
    rows = [line.split(",") for line in GOOD[name].splitlines()]
    place = rows[0].index(column)
    return {name: "".join(",".join(row[:place] + row[place + 1:]) + "\n" for row in rows)}


def both(*parts):
    return {name: text for part in parts for name, text in part.items()}


# what is changed -> what the message must say
TABLE = [
    ("no agency file", {"agency.txt": None}, "agency.txt: the file is missing"),
    ("no stops file", {"stops.txt": None}, "stops.txt: the file is missing"),
    ("no routes file", {"routes.txt": None}, "routes.txt: the file is missing"),
    ("no trips file", {"trips.txt": None}, "trips.txt: the file is missing"),
    ("no stop times", {"stop_times.txt": None}, "stop_times.txt: the file is missing"),
    ("no calendar at all", {"calendar.txt": None, "calendar_dates.txt": None}, "calendar.txt: the file is missing, and"),
    ("no column stop_sequence", drop_column("stop_times.txt", "stop_sequence"),
     'stop_times.txt, line 1: no column "stop_sequence"; there are: trip_id'),
    ("no column agency_timezone", drop_column("agency.txt", "agency_timezone"), 'agency.txt, line 1: no column'),
    ("no column end_date", drop_column("calendar.txt", "end_date"), 'calendar.txt, line 1: no column "end_date"'),
    ("no column route_type", drop_column("routes.txt", "route_type"), 'routes.txt, line 1: no column "route_type"'),
    ("a column twice", change("stops.txt", "stop_name", "stop_id"), 'stops.txt, line 1: column "stop_id" stands twice'),
    ("an empty file", {"trips.txt": ""}, "trips.txt: empty"),
    ("a row too short", change("stop_times.txt", ",s3,3,\nt2", "\nt2"), "stop_times.txt, line 4: 3 cells where"),
    ("a row too long", change("trips.txt", "r2,wd,t3,,", "r2,wd,t3,,,x"), "trips.txt, line 4: 6 cells where"),
    ("a trip of no route", change("trips.txt", "r2,wd,t3", "r9,wd,t3"), 'trips.txt, line 4: route_id "r9" is not in routes.txt'),
    ("a trip of no service", change("trips.txt", "r2,wd,t3", "r2,xx,t3"), 'trips.txt, line 4: service_id "xx" is not in'),
    ("a call of no trip", change("stop_times.txt", "t3,24:30", "t9,24:30"), 'stop_times.txt, line 9: trip_id "t9" is not in'),
    ("a call at no stop", change("stop_times.txt", "00,s2,2", "00,s9,2"), 'stop_times.txt, line 3: stop_id "s9" is not in'),
    ("a call at a station", change("stop_times.txt", "00,s2,2", "00,hub,2"), 'stop_times.txt, line 3: stop_id "hub" has location_type 1'),
    ("a route of no agency", change("routes.txt", "r2,b", "r2,z"), 'routes.txt, line 3: agency_id "z" is not in agency.txt'),
    ("a headway of no trip", change("frequencies.txt", "t3,", "t9,"), 'frequencies.txt, line 2: trip_id "t9" is not in'),
    ("a transfer at no stop", change("transfers.txt", "p1,p2", "p1,p9"), 'transfers.txt, line 2: to_stop_id "p9" is not in'),
    ("a parent that is not there", change("stops.txt", "p2,Hub 2,30.002,120,0,hub", "p2,Hub 2,30.002,120,0,h"),
     'stops.txt, line 4: parent_station "h" is not in'),
    ("a parent that is no station", change("stops.txt", "120,,\n", "120,,p1\n"), 'stops.txt, line 6: parent_station "p1" is no station'),
    ("its own parent", change("stops.txt", "120,,\n", "120,,s3\n"), 'stops.txt, line 6: parent_station "s3" is no station'),
    ("a loop of stations", change("stops.txt", "120,1,\n", "120,1,h2\nh2,H,30,120,1,hub\n"),
     'stops.txt, line 3: station "h2" has a parent_station'),
    ("arrives before it departed", change("stop_times.txt", "08:20:00,08:20:00", "08:10:30,08:20:00"),
     "stop_times.txt, line 4: arrives at 08:10:30, before it leaves the call before (line 3) at 08:11:00"),
    ("departs before it arrives", change("stop_times.txt", "08:10:00,08:11:00", "08:10:00,08:09:00"), "stop_times.txt, line 3: arrives at"),
    ("the first call untimed", change("stop_times.txt", "09:00:00,09:00:00", ","), "stop_times.txt, line 5: the first call"),
    ("the last call untimed", change("stop_times.txt", "09:20:00,09:20:00", ","), "stop_times.txt, line 7: the last call"),
    ("a time that is none", change("stop_times.txt", "08:10:00,", "8.10,"), 'stop_times.txt, line 3: arrival_time is "8.10"'),
    ("sixty minutes", change("stop_times.txt", "24:30:00,24:30:00", "24:60:00,24:60:00"), 'stop_times.txt, line 9: arrival_time is "24:60:00"'),
    ("a negative time", change("stop_times.txt", "08:00:00,08:00:00", "-1:00:00,08:00:00"), 'stop_times.txt, line 2: arrival_time is "-1:00:00"'),
    ("a sequence that is no number", change("stop_times.txt", "p1,1,0", "p1,one,0"), 'stop_times.txt, line 2: stop_sequence is "one"'),
    ("a sequence twice", change("stop_times.txt", "00,s2,2,\nt1", "00,s2,1,\nt1"), "stop_times.txt, line 3: stop_sequence 1 stands in line 2 too"),
    ("a pickup_type of 7", change("stop_times.txt", "p1,1,0", "p1,1,7"), 'stop_times.txt, line 2: pickup_type is "7"'),
    ("a day that is none", change("calendar.txt", "wd,1,1,1,1,1,0,0,20240101", "wd,1,1,1,1,1,0,0,20240230"),
     'calendar.txt, line 2: start_date is "20240230"'),
    ("a day with dashes", change("calendar_dates.txt", "wd,20240102", "wd,2024-01-02"), 'calendar_dates.txt, line 2: date is'),
    ("an exception_type of 3", change("calendar_dates.txt", "20240102,2", "20240102,3"), 'calendar_dates.txt, line 2: exception_type is "3"'),
    ("added and removed", change("calendar_dates.txt", "we,20240102,1", "wd,20240102,1"), "calendar_dates.txt, line 3: the day is added and removed"),
    ("ends before it begins", change("calendar.txt", "wd,1,1,1,1,1,0,0,20240101,20241231", "wd,1,1,1,1,1,0,0,20241231,20240101"),
     "calendar.txt, line 2: end_date 20240101 is before"),
    ("a weekday of x", change("calendar.txt", "wd,1,", "wd,x,"), 'calendar.txt, line 2: monday is "x"'),
    ("no service on any day", both({"calendar_dates.txt": None}, {"calendar.txt": GOOD["calendar.txt"]
     .replace("wd,1,1,1,1,1", "wd,0,0,0,0,0").replace("0,0,0,0,0,1,1", "0,0,0,0,0,0,0")}), "calendar.txt: no trip runs on any day"),
    ("service for centuries", change("calendar.txt", "wd,1,1,1,1,1,0,0,20240101,20241231", "wd,1,1,1,1,1,0,0,20240101,21991231"),
     "calendar.txt, line 2: service from 2024-01-01 to 2199-12-31: more than 100 years"),
    ("agencies of two zones", change("agency.txt", "http://b,Asia/Shanghai", "http://b,Asia/Tokyo"), 'agency.txt, line 3: agency_timezone is "Asia/Tokyo"'),
    ("no time zone", change("agency.txt", "http://b,Asia/Shanghai", "http://b,"), "agency.txt, line 3: agency_timezone is empty"),
    ("no agency", {"agency.txt": GOOD["agency.txt"].splitlines()[0] + "\n"}, "agency.txt: no agency"),
    ("a stop off the globe", change("stops.txt", "30.1,120", "130.1,120"), "stops.txt, line 5: longitude 120, latitude 130.1: not on the globe"),
    ("a latitude with a comma", change("stops.txt", "30.1,120", '"30,1",120'), 'stops.txt, line 5: longitude "120", latitude "30,1"'),
    ("a stop of no place", change("stops.txt", "30.1,120", ","), 'stops.txt, line 5: stop "s2" has no coordinates'),
    ("a shape off the globe", change("shapes.txt", "30.2,120", "30.2,1200"), "shapes.txt, line 3: longitude 1200"),
    ("a location_type of 5", change("stops.txt", "120,1,", "120,5,"), 'stops.txt, line 2: location_type is "5"'),
    ("two stops of one id", change("stops.txt", "s3,Third", "s2,Third"), 'stops.txt, line 6: stop_id "s2" stands in line 5 too'),
    ("two routes of one id", change("routes.txt", "r2,b", "r1,b"), 'routes.txt, line 3: route_id "r1" stands in line 2 too'),
    ("two trips of one id", change("trips.txt", "r1,we,t2", "r1,we,t1"), 'trips.txt, line 3: trip_id "t1" stands in line 2 too'),
    ("two services of one id", change("calendar.txt", "we,0", "wd,0"), 'calendar.txt, line 3: service_id "wd" stands in line 2 too'),
    ("a trip without an id", change("trips.txt", "r2,wd,t3", "r2,wd,"), "trips.txt, line 4: trip_id is empty"),
    ("a route_type of words", change("routes.txt", "R2,3", "R2,bus"), 'routes.txt, line 3: route_type is "bus"'),
    ("a headway of 0", change("frequencies.txt", ",600,", ",0,"), 'frequencies.txt, line 2: headway_secs is "0"'),
    ("headways backwards", change("frequencies.txt", "06:00:00,22:00:00", "22:00:00,06:00:00"), "frequencies.txt, line 2: end_time 06:00:00 is not after"),
    ("trips without calls", {"stop_times.txt": GOOD["stop_times.txt"].splitlines()[0] + "\n", "frequencies.txt": None},
     "stop_times.txt: no trip has two calls"),
    ("Latin-1 text", {"stops.txt": GOOD["stops.txt"].replace("Second", "Estação").encode("latin-1")}, "stops.txt, line 5: not UTF-8 text"),
    ("UTF-16 text", {"routes.txt": GOOD["routes.txt"].encode("utf-16")}, "routes.txt, line 1: not UTF-8 text"),
    ("a quote never closed", change("stops.txt", "s2,Second", 's2,"Second'), "stops.txt, line 5: a quote that opens here"),
    ("a quote out of place", change("stops.txt", "s2,Second", 's2,Sec"ond'), "stops.txt, line 5: a quote where none can stand"),
    ("a zero byte", change("stops.txt", "s2,Second", "s2,Sec\0nd"), "stops.txt, line 5: not UTF-8 text"),
    ("after a cell of three lines", both(change("stops.txt", "s2,Second,30.1", 's2,"a\nb\nc",91')), "stops.txt, line 5: longitude 120, latitude 91"),
    ("and the row behind it", change("stops.txt", "s2,Second,30.1,120,0,\ns3,Third,30.2", 's2,"a\nb\r\nc",30.1,120,0,\ns3,Third,92'),
     "stops.txt, line 8: longitude 120, latitude 92"),
]


def files_of(changes):
    files = dict(GOOD, **changes)
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items() if text is not None}


def zipped(files, **more):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, **more}.items():
            archive.writestr(name, text)
    return bytearray(buffer.getvalue())


def flagged(data):
    """The same zip, its files marked as encrypted."""
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 4)
    return data


def spoiled(data):
    """Bytes in the middle of the packed stop times are others."""
    at = data.find(b"stop_times.txt") + 60
    for i in range(at, at + 20):
        data[i] ^= 0xA5
    return data


def patched(data, name, offset, value):
    """The same zip, whose table of contents says something else of a file."""
    at = data.rfind(name.encode()) - 46
    assert data[at:at + 4] == b"PK\1\2"
    data[at + offset:at + offset + 4] = struct.pack("<I", value)
    return data


def unsummed(data, name):
    """The same zip with a wrong check sum for a file, at both places."""
    at = data.find(name.encode()) - 30
    assert data[at:at + 4] == b"PK\3\4"
    data[at + 14:at + 18] = struct.pack("<I", 1)
    return patched(data, name, 16, 1)


def sized(data, name, size):
    return patched(data, name, 24, size)


def zip_table():
    good = files_of({})
    zeros = b"0" * (48 << 20)
    yield "a name that climbs out", zipped(good, **{"../../stops.txt": "x"}), '"../../stops.txt", a name that leaves'
    yield "a name within that climbs", zipped(good, **{"a/../stops.txt": "x"}), "a name that leaves its folder"
    yield "a name from the root", zipped(good, **{"/etc/agency.txt": "x"}), '"/etc/agency.txt", a name that leaves'
    yield "a name of another system", zipped(good, **{"C:\\agency.txt": "x"}), "a name that leaves"
    yield "an encrypted zip", flagged(zipped(good)), "is encrypted"
    yield "half a zip", zipped(good)[:1200], "cut off or damaged"
    yield "a zip without its end", zipped(good)[:-12], "cut off or damaged"
    yield "spoiled bytes", spoiled(zipped(good)), "stop_times.txt"
    yield "a wrong check sum", unsummed(zipped(good), "stop_times.txt"), "stop_times.txt, line 9: the file is cut off or damaged"
    yield "two that differ", patched(zipped(good), "stop_times.txt", 16, 1), "stop_times.txt: cannot be read"
    yield "not a zip", b"trip_id,stop_id\n", "is neither a zip nor a folder"
    yield "an empty zip", zipped({}), "stops.txt: the file is missing"
    yield "two feeds in a zip", zipped({f"{d}/{n}": t for d in "ab" for n, t in good.items()}), "several feeds in folders"
    yield "one line of 48 MB", zipped(dict(good, **{"stop_times.txt": zeros})), "stop_times.txt, line 1: a line of more than a megabyte"
    yield "a cell of 48 MB", zipped(dict(good, **{"stop_times.txt": b'trip_id,"' + b"x\n" * (24 << 20)})), "stop_times.txt, line 1: a cell of more than a megabyte"
    yield "a size too small", sized(zipped(good), "stops.txt", 10), "stops.txt"


def bomb(path):
    """A zip that says it unpacks to more than 4 GB."""
    data = zipped(files_of({}), **{"junk.bin": b"0", "more.bin": b"0"})
    path.write_bytes(sized(sized(data, "junk.bin", 0xFFFFFFF0), "more.bin", 0x7FFFFFFF))


def run(command):
    """Exit status, what was said, and the most memory in MB."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        return child.returncode, said.read().decode("utf-8", "replace"), usage.ru_maxrss / 1024, time.monotonic() - started


class Faults:
    def __init__(self, program, reader_alone, sanitized, folder):
        self.program, self.reader_alone, self.folder = program, reader_alone, folder
        self.sanitized = sanitized  # it takes memory of its own
        self.count = self.failed = 0
        self.most_mb = 0

    def command(self, feed):
        if self.reader_alone:
            return [self.program, "-q", feed]
        return [self.program, "build", self.folder / "out.hsn", "--gtfs", feed, "-q"]

    def expect(self, what, feed, status, text, limit_mb=MEMORY_MB):
        code, said, mb, seconds = run(list(map(str, self.command(feed))))
        self.count += 1
        self.most_mb = max(self.most_mb, mb)
        limited = mb <= limit_mb or self.sanitized
        if code != status or text not in said or not limited or (status and (self.folder / "out.hsn").exists()):
            self.failed += 1
            print(f"{what}: exit {code}, {mb:.0f} MB, {seconds:.1f} s, said:\n{said[:600]}"
                  f"expected exit {status}, \"{text}\", at most {limit_mb} MB")
        (self.folder / "out.hsn").unlink(missing_ok=True)


def large_feed(folder, trips, calls, bad_line):
    folder.mkdir()
    for name, text in files_of({"frequencies.txt": None, "calendar_dates.txt": None}).items():
        (folder / name).write_bytes(text)
    with open(folder / "trips.txt", "w") as file:
        file.write("route_id,service_id,trip_id\n")
        file.writelines(f"r1,wd,t{i}\n" for i in range(trips))
    stops = ["p1", "s2", "p2", "s3"]
    rows = [(f",{8 + k // 60:02d}:{k % 60:02d}:00,{8 + k // 60:02d}:{k % 60:02d}:00,{stops[k % 4]},{k}\n") for k in range(calls)]
    with open(folder / "stop_times.txt", "w") as file:
        file.write("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n")
        for i in range(trips):
            block = [f"t{i}{row}" for row in rows]
            if i == (bad_line - 2) // calls:
                block[(bad_line - 2) % calls] = f"t{i},12:00:00,noon,s2,0\n"
            file.write("".join(block))


def main():
    program, reader_alone = pathlib.Path(sys.argv[1]).resolve(), "read" in sys.argv[2:]
    sanitized = "sanitized" in sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="hourshed-test-") as name:
        folder = pathlib.Path(name)
        faults = Faults(program, reader_alone, sanitized, folder)
        feed = folder / "feed.zip"
        feed.write_bytes(zipped(files_of({})))
        faults.expect("the good feed", feed, 0, "")
        for what, changes, text in TABLE:
            feed.write_bytes(zipped(files_of(changes)))
            faults.expect(what, feed, 3, f"feed/{text}")
        for what, data, text in zip_table():
            feed.write_bytes(data)
            faults.expect(what, feed, 3, text)
        bomb(feed)
        faults.expect("a zip bomb", feed, 3, "that would unpack to")
        faults.expect("no such feed", folder / "none.zip", 3, "no such file or folder")
        trips = 25_000 if sanitized else 250_000
        large_feed(folder / "large", trips, 40, trips * 40 - 777)
        faults.expect("one bad line of ten million", folder / "large", 3,
                      f'stop_times.txt, line {trips * 40 - 777}: departure_time is "noon"', 1000)
        print(f"{faults.count} feeds, {faults.failed} not as expected, {faults.most_mb:.0f} MB at most")
        return 1 if faults.failed else 0


if __name__ == "__main__":
    sys.exit(main())
