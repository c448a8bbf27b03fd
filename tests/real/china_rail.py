"""The national Chinese timetable of 2016 against the timetable read by hand: china_rail.py PROGRAM

Twenty trains, each looked up in the list of trains by a person: at its own minute of departure, from the
station's place and without time for gates, the other station is reached when the train gets there, to the
second. (facts: the timetable of January to March 2016, every G, D and C train.)
"""
import csv
import datetime
import math
import pathlib
import sys

import program
import timetable

FEED = "china_rail_2016/china_hsr_2016_gtfs.zip"
DATE = "2016-03-11"  # a Friday
# train, from, leaves, to, arrives
BY_HAND = """
C2001      北京南    06:07  天津      06:40
G11        北京南    08:00  济南西    09:32
G1         北京南    09:00  上海虹桥  13:48
G14        上海虹桥  10:00  南京南    11:07
G85       上海虹桥  08:00  杭州东    08:45
G7002      上海      07:00  苏州      07:25
G104       上海虹桥  06:59  无锡东    07:27
G1013      广州南    16:40  深圳北    17:09
D2367      广州南    16:55  珠海      17:50
G66        广州南    10:00  长沙南    12:17
G1001      虎门      11:55  深圳北    12:12
G1127      武汉      15:23  长沙南    16:41
G488/G489  武汉      12:17  郑州东    13:59
G79        武汉      14:20  广州南    18:02
G569      北京西    20:00  石家庄    21:07
G87        北京西    14:00  郑州东    16:24
G177       济南      09:39  青岛      12:12
G8507      成都东    09:33  资阳北    09:59
C1001      长春      05:47  吉林      06:27
G55        杭州东    14:09  宁波      14:54
"""


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


def main():
    run = program.Program(sys.argv[1])
    feed = program.data(FEED)
    stops = {row["stop_name"]: row for row in timetable.Feed(feed).table("stops.txt")}
    wrong = 0
    with program.folder() as scratch:
        scratch = pathlib.Path(scratch)
        network = scratch / "rail.hsn"
        run.run("build", network, "--gtfs", feed)
        for number, line in enumerate(BY_HAND.strip().splitlines()):
            train, start, leaves, end, arrives = line.split()
            places = scratch / f"place{number}.csv"
            with open(places, "w", newline="", encoding="utf-8") as file:
                table = csv.writer(file)
                table.writerow(["id", "name", "lon", "lat"])
                table.writerow([stops[end]["stop_id"], end, stops[end]["stop_lon"], stops[end]["stop_lat"]])
            expected = minutes(arrives) - minutes(leaves)
            result = scratch / f"pair{number}.gpkg"
            run.run("circle", network, "--mode", "transit", "--date", DATE, "--depart", leaves, "--window", "0",
                    "--board", "none", "--minutes", expected, "--edges", "none", "--zones", places,
                    "--from", f"{stops[start]['stop_lon']},{stops[start]['stop_lat']}", "-o", result)
            row, = program.GeoPackage(result).rows("od_times")
            found = row["time_min"]
            if found is None or math.floor(found * 60_000 + 0.5) != expected * 60_000:
                wrong += 1
                print(f"{train}: {start} {leaves} to {end} {arrives}: {expected} min by hand, {found} by the program")
    print(f"{len(BY_HAND.strip().splitlines()) - wrong} of 20 trains agree")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
