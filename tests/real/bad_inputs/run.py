#!/usr/bin/python3
"""run.py PROGRAM [NAME]: every row of table.txt: the message, the exit code, and nothing left behind.

Makes its inputs itself, so it needs no data. Prints the table of what was said.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

sys.path[:0] = [str(folder) for folder in pathlib.Path(__file__).resolve().parents[:2]]
import bad_access  # noqa: E402
import bad_proposals  # noqa: E402
import program  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
LON, LAT, STEP, SIDE = 121.47, 31.23, 0.002, 6
EXITS = {2, 3, 4, 5}


def osm(nodes, ways, tags=None):
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
    lines += [f'<node id="{key}" lon="{x:.7f}" lat="{y:.7f}"/>' for key, (x, y) in nodes.items()]
    for key, refs in ways.items():
        said = (tags or {}).get(key, {"highway": "residential"})
        lines += [f'<way id="{key}">', *(f'<nd ref="{ref}"/>' for ref in refs),
                  *(f'<tag k="{k}" v="{v}"/>' for k, v in said.items()), "</way>"]
    return "\n".join(lines + ["</osm>", ""])


def town(tags=None, spur=False):
    """Ways 100 to 105 run north, 200 to 205 east; 300, the spur, one-way from the east side to a dead end."""
    nodes, ways = {}, {}
    for i in range(SIDE):
        for j in range(SIDE):
            nodes[10 * i + j + 1] = (LON + (i - 2.5) * STEP, LAT + (j - 2.5) * STEP)
        ways[100 + i] = [10 * i + j + 1 for j in range(SIDE)]
        ways[200 + i] = [10 * j + i + 1 for j in range(SIDE)]
    if spur:
        nodes[99] = (LON + 4.5 * STEP, LAT - 0.5 * STEP)
        ways[300] = [53, 99]
    return osm(nodes, ways, tags)


def features(*rows):
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": shape}}
        for properties, kind, shape in rows]})


PROFILE = """name: test
mode: car
respects_oneway: yes
respects_turns: yes
uses_tags: yes
factor: 1
leg: {rule: edges, speed_kmh: 4.8, detour: 1.0, cap_m: 500}
classes:
  residential: {speed_kmh: SPEED}
"""


def make_inputs(folder, hourshed):
    def put(name, content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    line = [[LON, LAT], [LON + 0.01, LAT]]
    put("good.osm", town())
    hourshed.run("build", folder / "good.hsn", "--osm", folder / "good.osm", "-q")
    good = (folder / "good.hsn").read_bytes()
    put("good.csv", f"id,name,lon,lat\na,A,{LON},{LAT}\nb,B,{LON + 0.003},{LAT}\n")
    put("exists.gpkg", "somebody's own file")
    put("zero.hsn", b"")
    put("short.hsn", good[:len(good) // 2])
    put("version.hsn", good[:12] + bytes([good[12] ^ 0x40]) + good[13:])
    middle = len(good) // 2
    put("damaged.hsn", good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1:])
    # a blob header that promises 1,000 bytes, and 10 of them
    put("truncated.osm.pbf", b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\xe8\x07" + b"\x0a" * 10)
    put("text.osm.pbf", "this is not a protocol buffer\n" * 10)
    put("broken.osm", town()[:600])
    put("empty.osm", osm({1: (LON, LAT)}, {}))
    put("word.yaml", PROFILE.replace("SPEED", "fast"))
    put("negative.yaml", PROFILE.replace("SPEED", "-30"))
    put("nan.yaml", PROFILE.replace("SPEED", "nan"))
    put("twice.yaml", PROFILE.replace("SPEED", "30") + "mode: walk\n")
    put("unknown.yaml", PROFILE.replace("SPEED", "30") + "colour: red\n")
    put("nocrs.csv", f'id,WKT\n1,"LINESTRING ({LON} {LAT}, {LON + 0.01} {LAT})"\n')
    put("roads.geojson", features(({"name": "Nanjing Lu", "kmh": 40}, "LineString", line)))
    put("nullspeed.geojson", features(({"class": None, "kmh": None}, "LineString", line),
                                      ({"class": None, "kmh": None}, "LineString", line)))
    put("negative.geojson", features(({"kmh": -40}, "LineString", line)))
    put("empty.geojson", features())
    put("points.geojson", features(({"kmh": 40}, "Point", line[0])))
    put("corridor/nodes.csv", f"id,name,lon,lat\na,A,{LON},{LAT}\nb,B,{LON + 0.1},{LAT}\n")
    put("corridor/links.csv", "from,to,class,length_km\na,b,expressway,10\n")
    put("halfcorridor/nodes.csv", (folder / "corridor/nodes.csv").read_text())
    put("badcorridor/nodes.csv", (folder / "corridor/nodes.csv").read_text())
    put("badcorridor/links.csv", "from,to,class,length_km\na,atlantis,expressway,10\n")
    put("noplace.csv", "id,name\na,A\n")
    put("header.csv", "id,name,lon,lat\n")
    put("people.csv", f"id,lon,lat,people\na,{LON},{LAT},100\n")
    put("hole.csv", f"id,lon,lat,people\na,{LON},{LAT},100\nb,{LON},{LAT},\n")
    put("wordmass.csv", f"id,lon,lat,people\na,{LON},{LAT},many\n")
    put("far.csv", "id,lon,lat\na,0,0\nb,1,1\n")
    put("mixed.csv", f"id,lon,lat\na,{LON},{LAT}\nb,0,0\nc,{LON + 0.002},{LAT}\n")
    bow = [[LON, LAT], [LON + 0.002, LAT + 0.002], [LON + 0.002, LAT], [LON, LAT + 0.002], [LON, LAT]]
    box = [[LON, LAT], [LON + 0.002, LAT], [LON + 0.002, LAT + 0.002], [LON, LAT + 0.002], [LON, LAT]]
    put("twotypes.csv", 'id,WKT\na,POINT(121.47 31.23)\n'
        'b,"POLYGON((121.47 31.23,121.48 31.23,121.48 31.24,121.47 31.23))"\n')
    put("bowtie.geojson", features(({"id": "bow"}, "Polygon", [bow]), ({"id": "box"}, "Polygon", [box])))
    bad_proposals.make(folder, put, hourshed)
    bad_access.make(put)
    hourshed.run("circle", folder / "good.hsn", "--from", f"{LON},{LAT}", "--minutes", "5", "-q", "-o", folder / "circle.gpkg")
    hourshed.run("rank", folder / "good.hsn", "--proposals", folder / "p/good.geojson", "--zones", folder / "zones.csv", "-q",
                 "-o", folder / "ranked.gpkg")
    # the town with a motorway in the west, a bridge in the north, and the spur
    put("mixed.osm", town({100: {"highway": "motorway", "oneway": "no"},
                           205: {"highway": "residential", "bridge": "yes"},
                           300: {"highway": "residential", "oneway": "yes"}}, spur=True))
    hourshed.run("build", folder / "mixed.hsn", "--osm", folder / "mixed.osm", "-q")
    feed(put)
    hourshed.run("build", folder / "timed.hsn", "--osm", folder / "good.osm", "--gtfs", folder / "feed", "-q")
    (folder / "readonly").mkdir()
    (folder / "readonly").chmod(0o555)


def feed(put):
    """One bus on weekdays of 2024, across the town."""
    put("feed/agency.txt", "agency_id,agency_name,agency_url,agency_timezone\na,A,http://a.example,Asia/Shanghai\n")
    put("feed/stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n"
        f"s1,West,{LAT},{LON - 2.5 * STEP}\ns2,East,{LAT},{LON + 2.5 * STEP}\n")
    put("feed/routes.txt", "route_id,agency_id,route_short_name,route_type\nr,a,1,3\n")
    put("feed/trips.txt", "route_id,service_id,trip_id\nr,w,t\n")
    put("feed/stop_times.txt", "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
        "t,1,s1,08:10:00,08:10:00\nt,2,s2,08:12:00,08:12:00\n")
    put("feed/calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
        "end_date\nw,1,1,1,1,1,0,0,20240101,20241231\n")


def rows(only):
    for number, text in enumerate((HERE / "table.txt").read_text().splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        name, command, code, pattern = (part.strip() for part in text.split("|", 3))
        if only and only not in name:
            continue
        yield number, name, command, int(code), pattern


def tree(folder):
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*")
            if path.is_file()}


def check(hourshed, folder, command, code, pattern):
    """(what the program said, what is wrong with that)"""
    out, inputs = folder / "out", folder / "in"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    out.chmod(0o777)
    before = tree(inputs)
    environment = dict(hourshed.environment, **{"in": str(inputs), "out": str(out),
                                                "PROGRAM": hourshed.path})
    # root writes into any folder, unless it gives the right away
    script = ('hourshed() { "$PROGRAM" "$@"; }\n'
              'compare() { hourshed compare $in/good.hsn --from 121.47,31.23 --minutes 5 -o $out/a.gpkg "$@"; }\n'
              'ride() { hourshed circle $in/timed.hsn --from 121.47,31.23 --mode transit --minutes 10 '
              '--cell 50 -o $out/a.gpkg "$@"; }\n'
              'proposal() { file=$1; shift; compare --proposals $in/p/$file.geojson "$@"; }\n'
              'delineate() { hourshed delineate $in/good.hsn --to 121.47,31.23 -o $out/a.gpkg "$@"; }\n'
              'rules() { printf "%b\\n" "$@" >$in/rules.yaml; delineate --zones $in/zones.csv --rules $in/rules.yaml; code=$?; '
              'rm $in/rules.yaml; return $code; }\n'
              'rank() { hourshed rank $in/good.hsn --proposals $in/p/good.geojson -o $out/a.gpkg "$@"; }\n'
              'rank_rides() { hourshed rank $in/timed.hsn --proposals $in/p/good.geojson --zones $in/good.csv '
              '--mode transit -o $out/a.gpkg "$@"; }\n'
              'access() { matrix=$1; shift; hourshed access --matrix $in/a/$matrix.csv --of jobs --people people '
              '-o $out/a.gpkg "$@"; }\n'
              'measure() { access times --zones $in/a/zones.csv --measure "$@"; }\n'
              'reach() { matrix=$1; shift; access $matrix --measure cumulative:cutoff=30 "$@"; }\n'
              'study() { printf "%b\\n" "$@" >$in/study.yaml; hourshed run $in/study.yaml; code=$?; '
              'rm $in/study.yaml; return $code; }\n'
              'without_rights() { shift; if [ "$(id -u)" = 0 ]; then '
              'setpriv --bounding-set=-dac_override,-dac_read_search "$PROGRAM" "$@"; '
              'else "$PROGRAM" "$@"; fi; }\n' + command)
    done = subprocess.run(["bash", "-c", script], env=environment, cwd=out, text=True, errors="replace",
                          capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    said = done.stderr.strip()
    wrong = []
    if done.returncode != code:
        wrong.append(f"exit {done.returncode}, expected {code}")
    if done.returncode not in EXITS:
        wrong.append("not an exit code of a clear error")
    if not re.search(pattern, said, re.IGNORECASE):
        wrong.append(f"the message does not say \"{pattern}\"")
    if len(said.splitlines()) > (30 if "Usage:" in said else 45 if "--verbose shows more" in said else 6):
        wrong.append(f"{len(said.splitlines())} lines of message")
    left = [name for name in tree(out) if not (code == 5 and name.startswith("keep."))]
    if left:
        wrong.append(f"left behind: {', '.join(left)}")
    if tree(inputs) != before:
        wrong.append(f"inputs changed: {sorted(set(tree(inputs).items()) ^ set(before.items()))}")
    if code == 5 and "keep.gpkg" not in tree(out):
        wrong.append("the rows that could be done were not written")
    return said, wrong


def main():
    hourshed = program.Program(sys.argv[1])
    only = sys.argv[2] if len(sys.argv) > 2 else None
    count, bad = 0, []
    with program.folder() as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        (folder / "in").mkdir()
        make_inputs(folder / "in", hourshed)
        for number, name, command, code, pattern in rows(only):
            count += 1
            said, wrong = check(hourshed, folder, command, code, pattern)
            said = said.replace(str(folder) + "/", "").splitlines() or [""]
            told = [line for line in said if re.search(pattern, line, re.IGNORECASE)]
            print(f"{code} {name}: {(told or said)[0]}")
            if wrong:
                bad.append((number, name, said, wrong))
    for number, name, said, wrong in bad:
        print(f"WRONG table.txt:{number}: {name}")
        print("\n".join(f"    {line}" for line in wrong + said[:4]))
    print(f"{count} bad inputs, {len(bad)} not answered as they should be")
    return 1 if bad or not only and count < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
