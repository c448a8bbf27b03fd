"""Small random GTFS feeds with all that docs/methods.md 10 and 11 have rules for: stations and platforms, transfers of
all types, headways of both kinds, trips past midnight, calendars with exceptions, calls where nobody boards or
alights, calls without times, time zones, ids that several feeds have."""
import datetime
import zipfile

TYPES = [3, 3, 1, 0, 2, 101, 4, 7, 700, 109, 1200]
DATE = datetime.date(2024, 3, 29)  # two days later Europe changes its clocks, America has already


def clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def write(path, tables):
    """tables: {file: (columns, rows)}"""
    with zipfile.ZipFile(path, "w") as archive:
        for name, (columns, rows) in tables.items():
            archive.writestr(f"{name}.txt", "\n".join(",".join(map(str, row)) for row in [columns.split(","), *rows]) + "\n")


def stops_of(chance, middle):
    """Stations with platforms, and stops of their own; within 4 km or so, one or two of them far out."""
    rows, alone, stations = [], [], []

    def place(lon, lat, spread):
        return round(lon + chance.uniform(-spread, spread), 6), round(lat + chance.uniform(-spread, spread), 6)

    for i in range(chance.randint(1, 2)):
        lon, lat = place(*middle, 0.04)
        stations.append(f"S{i}")
        rows.append((f"S{i}", f"Station {i}", lat, lon, 1, ""))
        for k in range(chance.randint(2, 3)):
            x, y = place(lon, lat, 0.003)
            alone.append(f"P{i}{k}")
            rows.append((f"P{i}{k}", f"Platform {i} {k}", *(("", "") if chance.random() < 0.3 else (y, x)), 0, f"S{i}"))
    for i in range(chance.randint(3, 6)):
        lon, lat = place(*middle, 0.02 if chance.random() < 0.8 else 0.3)
        alone.append(f"A{i}")
        rows.append((f"A{i}", f"Stop {i}", lat, lon, chance.choice(["", 0]), ""))
    chance.shuffle(rows)
    return rows, alone, stations


def calendar_of(chance):
    weeks, days = [], []
    for i in range(3):
        weeks.append((f"w{i}", *(int(chance.random() < 0.8) for _ in range(7)), "20240301", "20240630"))
    for service in ("w0", "w1", "w2", "only"):
        for back in (-1, 0, 1, 2):
            if chance.random() < 0.4:
                day = DATE - datetime.timedelta(days=back)
                days.append((service, day.strftime("%Y%m%d"), 1 if service == "only" else chance.choice([1, 2])))
    days.append(("only", DATE.strftime("%Y%m%d"), 1))
    return weeks, list({row[:2]: row for row in days}.values())


def trips_of(chance, stops, routes, hour):
    trips, calls, headways = [], [], []
    for route in routes:
        for pattern in range(2):
            along = [stop for stop in chance.choices(stops, k=chance.randint(3, 7))]
            along = [stop for i, stop in enumerate(along) if i == 0 or stop != along[i - 1]]
            flags = [(chance.choice(["", 0, 0, 1, 2]), chance.choice(["", 0, 0, 1, 3])) for _ in along]
            for n in range(chance.randint(3, 7)):
                trip = f"{route}-{pattern}-{n}"
                often = chance.random() < 0.25
                trips.append((route, chance.choice(["w0", "w1", "w2", "only"]), trip))
                now = chance.randrange(5 * 3600, 29 * 3600) if chance.random() < 0.3 else \
                    hour * 3600 + chance.randrange(4 * 3600)
                now = 0 if often and chance.random() < 0.5 else now
                if chance.random() < 0.6:
                    now = now // 900 * 900
                for i, stop in enumerate(along):
                    leave = now + chance.choice([0, 0, 60, 90])
                    both = chance.random()
                    times = (clock(now), clock(leave)) if both < 0.7 or i in (0, len(along) - 1) else \
                        ("", "") if both < 0.85 else chance.choice([("", clock(leave)), (clock(now), "")])
                    calls.append((trip, *times, stop, 3 * i + 1, *flags[i]))
                    now = leave + chance.choice([120, 240, 300, chance.randrange(30, 1500)])
                if often:
                    start = max(5, hour - 1) * 3600 + chance.randrange(2 * 3600)
                    for _ in range(chance.randint(1, 3)):
                        end = start + chance.choice([900, 1800, 3600, 7200]) * chance.randint(1, 3)
                        headways.append((trip, clock(start), clock(end), chance.choice([300, 420, 601, 900, 1800]),
                                         chance.choice(["", 0, 1])))
                        start = end + chance.choice([0, 3600])
    chance.shuffle(calls)
    return trips, calls, headways


def transfers_of(chance, stops, stations):
    rows = []
    for _ in range(chance.randint(8, 24)):
        one, other = chance.choice(stops + stations), chance.choice(stops + stations)
        if chance.random() < 0.3:
            other = one
        kind = chance.choice(["", 0, 1, 2, 2, 2, 3, 3, 4, 5])
        if kind in (4, 5):
            continue  # these name trips, and are left out
        rows.append((one, other, kind, chance.choice([0, 30, 240, 600]) if kind == 2 else ""))
    return rows


def make(path, chance, middle, zone, hour):
    """Most of what runs begins in the four hours from `hour` on."""
    stops, plain, stations = stops_of(chance, middle)
    routes = [f"r{i}" for i in range(chance.randint(3, 5))]
    weeks, days = calendar_of(chance)
    trips, calls, headways = trips_of(chance, plain, routes, hour)
    write(path, {
        "agency": ("agency_id,agency_name,agency_url,agency_timezone", [("a", "A", "http://a.example", zone)]),
        "stops": ("stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station", stops),
        "routes": ("route_id,agency_id,route_short_name,route_type",
                   [(route, "a", route.upper(), chance.choice(TYPES)) for route in routes]),
        "trips": ("route_id,service_id,trip_id", trips),
        "stop_times": ("trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type", calls),
        "calendar": ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", weeks),
        "calendar_dates": ("service_id,date,exception_type", days),
        "frequencies": ("trip_id,start_time,end_time,headway_secs,exact_times", headways),
        "transfers": ("from_stop_id,to_stop_id,transfer_type,min_transfer_time",
                      transfers_of(chance, plain, stations)),
    })
