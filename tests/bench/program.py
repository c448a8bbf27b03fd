#!/usr/bin/python3
"""Build and circle as a user runs them, on each real extract: seconds, peak memory, counters.

program.py HOURSHED SOURCE_ROOT. Extracts from HOURSHED_DATA, else ../shared/data; HOURSHED_BENCH=quick: the first
two only. Checks its answers: two builds have one content id, every circle is there, searches settle nodes.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

EXTRACTS = [("Porto", "porto/porto_portugal.osm.pbf"), ("Porto Alegre", "porto_alegre/poa_osm.pbf"),
            ("Shanghai centre", "osm_small/shanghai.osm"), ("Beijing Tsinghua", "osm_small/beijing_tsinghua.osm")]


def run(*command):
    """(seconds, peak MB, standard output) of one process."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(c) for c in command], stdout=out, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, 5):
            said.seek(0)
            sys.exit(f"{said.read().decode()}{' '.join(map(str, command))}: exit {code}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read().decode()


def best(times, *command):
    results = [run(*command) for _ in range(times)]
    return min(results, key=lambda r: r[0])


def origins(path, info, count):
    """Seeded points in the middle of the extent: those in parks or off the streets fail, and are said to."""
    west, south, east, north = info["extent"]
    rng = random.Random(7)
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,lon,lat\n")
        for i in range(count):
            x, y = 0.35 + 0.3 * rng.random(), 0.35 + 0.3 * rng.random()
            file.write(f"{i},{west + x * (east - west):.6f},{south + y * (north - south):.6f}\n")


def measure(program, name, source, rounds, work):
    network, out = work / "net.hsn", work / "out.gpkg"
    build = ("build", network, "--osm", source, "-p", "car-osm", "-q", "--overwrite", "--json")
    seconds, peak, _ = best(rounds, program, *build)
    info = json.loads(run(program, "info", network, "--json")[2])
    first = info["content_id"]
    run(program, *build)
    if json.loads(run(program, "info", network, "--json")[2])["content_id"] != first:
        sys.exit(f"{name}: two builds differ")
    profile = info["profiles"][0]
    print(f"{name:<17} build   {seconds:6.2f} s {peak:6.0f} MB  {info['edges']} edges, {profile['nodes']} nodes, {profile['arcs']} arcs, "
          f"{info['restrictions']} restrictions, file {network.stat().st_size / 1e6:.1f} MB")
    for count in (1, 20):
        origins(work / "origins.csv", info, count)
        circle = ("circle", network, "--origins", work / "origins.csv", "--minutes", "10,15", "-o", out, "--overwrite", "--json")
        seconds, peak, text = best(rounds, program, *circle)
        result = json.loads(text)
        rows, failed = len(result["circles"]), len(result["failed"])
        if rows != 2 * (count - failed) or (rows and result["settled"] == 0):
            sys.exit(f"{name}: {rows} circles of {count} origins, {failed} failed")
        print(f"{name:<17} circle  {seconds:6.2f} s {peak:6.0f} MB  {count} origins ({failed} off the streets), 10 and 15 min, "
              f"settled {result['settled']}, relaxed {result['relaxed']}, file {out.stat().st_size / 1e6:.1f} MB")


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    data = pathlib.Path(os.environ.get("HOURSHED_DATA") or root / "../shared/data")
    os.environ["HOURSHED_GEODATA"] = str(root / "geodata")
    if not data.exists():
        print("skipped: no real data at HOURSHED_DATA")
        sys.exit(77)
    quick = os.environ.get("HOURSHED_BENCH") == "quick"
    with tempfile.TemporaryDirectory() as folder:
        for name, source in EXTRACTS[:2] if quick else EXTRACTS:
            measure(program, name, data / source, 1 if quick else 3, pathlib.Path(folder))


if __name__ == "__main__":
    main()
