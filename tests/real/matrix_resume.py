"""A matrix that is killed goes on from its journal, and the file has the bytes of one that was left alone.

case town: a street grid made here, with all that may become of a journal; case porto: 5,000 x 5,000 pairs of random points in
Porto, killed in the middle.

Usage: matrix_resume.py HOURSHED town|porto [--points N]
"""
import argparse
import filecmp
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

from program import Program, data, folder

METRE = 180 / 3.141592653589793 / 6378137
failed = []


def check(what, holds, more=""):
    if not holds:
        failed.append(what)
        print("FAILED", what, more)


def write_town(place):
    side, streets = 150, 30
    out = ["<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"]
    node = lambda x, y: y * streets + x + 1
    for y in range(streets):
        for x in range(streets):
            out.append(f"<node id='{node(x, y)}' lon='{x * side * METRE:.7f}' lat='{y * side * METRE:.7f}'/>")
    for i in range(streets):
        for k, nodes in ((0, [node(x, i) for x in range(streets)]), (1, [node(i, y) for y in range(streets)])):
            out.append(f"<way id='{10000 + 2 * i + k}'>" + "".join(f"<nd ref='{n}'/>" for n in nodes) +
                       "<tag k='highway' v='residential'/></way>")
    (place / "town.osm").write_text("\n".join(out) + "</osm>", encoding="utf-8")
    return place / "town.osm", (0, 0, side * (streets - 1) * METRE, side * (streets - 1) * METRE)


def write_boxes(path, count, box):
    """Small squares: their areas have a hundred points each, so that the run lasts long enough to be killed."""
    features = []
    for i in range(count):
        x, y, size = random.uniform(box[0], box[2]), random.uniform(box[1], box[3]), 500 * METRE
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        features.append({"type": "Feature", "properties": {"id": f"z{i}"},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def write_points(path, count, box):
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,lon,lat\n")
        for i in range(count):
            file.write("p%d,%.6f,%.6f\n" % (i, random.uniform(box[0], box[2]), random.uniform(box[1], box[3])))


class Matrix:
    def __init__(self, program, place, arguments, pairs):
        self.program, self.place, self.arguments, self.pairs = program, place, arguments, pairs

    def journal(self, name):
        return self.place / (name + ".journal")

    def remove(self, name):
        for ending in ("", ".json"):
            (self.place / (name + ending)).unlink(missing_ok=True)

    def command(self, name, *more):
        return ["matrix", *self.arguments, "-o", self.place / name, *more]

    def run(self, name, *more, expect=0):
        return self.program.run(*self.command(name, *more), expect=expect)

    def kill(self, name, share, *more):
        """Starts the run and kills it when that share of its pairs stands in the journal."""
        for _ in range(10):
            self.journal(name).unlink(missing_ok=True)
            self.remove(name)
            process = subprocess.Popen([self.program.path, *map(str, self.command(name, *more))], env=self.program.environment,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None:
                journal = self.journal(name)
                if journal.exists() and journal.stat().st_size >= 4 * self.pairs * share:
                    break
                time.sleep(0.0005)
            process.send_signal(signal.SIGKILL)
            process.wait()
            if process.returncode == -signal.SIGKILL and self.journal(name).exists():
                check("no output stands before the run is whole", not (self.place / name).exists())
                return self.journal(name)
        sys.exit("the run was over before it could be killed")

    def same(self, what, name):
        check(what, filecmp.cmp(self.place / "whole.csv", self.place / name, shallow=False))
        check(what + ": the journal is gone", not self.journal(name).exists())


def killed_in_the_middle(matrix):
    start = time.monotonic()
    matrix.run("whole.csv", "-q", "--threads", "2")
    print("whole: %.1f s, %.1f MB" % (time.monotonic() - start, (matrix.place / "whole.csv").stat().st_size / 1e6))
    journal = matrix.kill("killed.csv", 0.4, "-q")
    print("killed with %.1f MB in the journal" % (journal.stat().st_size / 1e6))
    again = matrix.run("killed.csv", "--threads", "1", "--memory", "2", "--json")
    check("it says that it goes on", "going on from" in again.stderr, again.stderr)
    report = json.loads(again.stdout)
    check("blocks were found in the journal", 0 < report["resumed_blocks"] < report["blocks"], again.stdout)
    matrix.same("killed and run again", "killed.csv")


def what_may_become_of_a_journal(matrix):
    journal = matrix.kill("torn.csv", 0.5, "-q")
    kept = journal.read_bytes()
    damages = {"torn in its last block": kept[:-1000], "one byte short": kept[:-1], "torn in its header": kept[:20],
               "with a tail of something else": kept + b"BLOCK" * 50, "empty": b"",
               "damaged in the middle": kept[:len(kept) // 2] + bytes([kept[len(kept) // 2] ^ 1]) + kept[len(kept) // 2 + 1:]}
    for what, content in damages.items():
        journal.write_bytes(content)
        matrix.remove("torn.csv")
        matrix.run("torn.csv", "-q")
        matrix.same("a journal " + what, "torn.csv")
    matrix.remove("torn.csv")
    for what, more in (("another limit", ["--minutes", "3"]), ("another direction", ["--direction", "to"])):
        journal.write_bytes(kept)
        done = matrix.run("torn.csv", "-q", *more, expect=2)
        check(what + ": the journal is of another run", f"journal {journal} is of another run" in done.stderr and "--fresh" in done.stderr,
              done.stderr)
        check(what + ": nothing was touched", journal.read_bytes() == kept and not (matrix.place / "torn.csv").exists())
    other = matrix.place / "zones.geojson"
    text = other.read_bytes()
    other.write_bytes(text.replace(b'"z0"', b'"q0"'))
    done = matrix.run("torn.csv", "-q", expect=2)
    check("another input: the journal is of another run", "is of another run" in done.stderr, done.stderr)
    other.write_bytes(text)
    matrix.run("torn.csv", "-q", "--minutes", "3", "--fresh")
    check("fresh begins anew", not journal.exists())
    matrix.remove("torn.csv")
    journal.write_bytes(kept)
    matrix.run("torn.csv", "-q", "--wide")  # how the file looks is not what its numbers are
    matrix.run("wide.csv", "-q", "--wide")
    check("a long table's journal serves a wide one", filecmp.cmp(matrix.place / "wide.csv", matrix.place / "torn.csv", shallow=False))
    matrix.remove("torn.csv")
    (matrix.place / "elsewhere").write_bytes(kept)
    matrix.run("torn.csv", "-q", "--journal", matrix.place / "elsewhere")
    check("a journal elsewhere", filecmp.cmp(matrix.place / "whole.csv", matrix.place / "torn.csv", shallow=False) and
          not (matrix.place / "elsewhere").exists())
    interrupted_by_hand(matrix)


def interrupted_by_hand(matrix):
    process = subprocess.Popen([matrix.program.path, *map(str, matrix.command("hand.csv", "-q"))], env=matrix.program.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not (matrix.journal("hand.csv").exists() and
                                          matrix.journal("hand.csv").stat().st_size > matrix.pairs):
        time.sleep(0.0005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    if process.returncode == 0:
        return  # it was over before
    check("interrupted: 130, and where it goes on is said", process.returncode == 130 and "goes on from there" in said,
          (process.returncode, said))
    matrix.run("hand.csv", "-q")
    matrix.same("interrupted and run again", "hand.csv")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("case", choices=("town", "porto"))
    parser.add_argument("--points", type=int)
    args = parser.parse_args()
    random.seed(7)
    program = Program(args.program)
    with folder() as name:
        place = pathlib.Path(name)
        if args.case == "town":
            count = args.points or 320
            osm, box = write_town(place)
            write_boxes(place / "zones.geojson", count, box)
            what = ["--targets", place / "zones.geojson", "--zone-at", "area", "--mode", "car"]
        else:
            count = args.points or 5000
            osm = data("porto/porto_portugal.osm.pbf")
            write_points(place / "points.csv", count, (-8.66, 41.14, -8.56, 41.18))
            what = ["--targets", place / "points.csv", "--wide", "--mode", "car"]
        program.run("build", place / "net.hsn", "--osm", osm, "-q")
        matrix = Matrix(program, place, [place / "net.hsn", *what], count * count)
        killed_in_the_middle(matrix)
        if args.case == "town":
            what_may_become_of_a_journal(matrix)
    sys.exit(bool(failed))


main()
