"""check-includes must say no: each line below is put into a small tree and has to be named."""
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check-includes"

# file, include line, does it break the law?
CASES = [
    ("src/geo/a.c", '#include "base/memory.h"', False),
    ("src/base/a.c", '#include "geo/rtree.h"', True),
    ("src/circles/a.c", '#include "roads/search.h"', True),
    ("src/circles/a.c", '#include "times/tree.h"', False),
    ("src/circles/a.c", '#include "hourshed/roads.h"', True),
    ("src/roads/a.c", '#include "transit/raptor.h"', True),
    ("src/net/a.c", '#include "graph.h"', True),
    ("src/net/a.c", '#include "net/graph.h"', False),
    ("src/net/a.c", '#include <gdal.h>', True),
    ("src/read/a.c", '#include <ogr_api.h>', False),
    ("src/net/a.c", '#  include <geodesic.h>', True),
    ("src/geo/a.c", '#include <geodesic.h>', False),
    ("src/times/a.c", '#include <geos_c.h>', True),
    ("src/circles/a.c", '#include <geos_c.h>', False),
    ("src/cli/a.c", '#include "hourshed/net.h"', False),
    ("src/cli/a.c", '#include "net/network.h"', True),
    ("src/net/a.c", '#include <pthread.h>', True),
    ("src/study/a.c", '#include "hourshed/hourshed.h"', True),
    ("src/strange/a.c", '#include "base/memory.h"', True),
    ("include/hourshed/geo.h", '#include "hourshed/net.h"', True),
    ("include/hourshed/geo.h", '#include "geo/rtree.h"', True),
    ("include/hourshed/read.h", '#include <gdal.h>', True),
    ("src/net/a.c", '// #include <gdal.h>', False),
]


def run(files):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("src", "include/hourshed"):
            (pathlib.Path(folder) / name).mkdir(parents=True)
        for name, text in files:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        done = subprocess.run([sys.executable, CHECKER, folder], capture_output=True, text=True)
    return done.returncode, done.stdout


def main():
    wrong = 0
    for name, line, breaks in CASES:
        code, said = run([(name, line)])
        if (code != 0) != breaks or (breaks and name not in said):
            print(f"{name}: {line}: expected {'a refusal' if breaks else 'silence'}, got {code}: {said}")
            wrong += 1
    osmium = '#include <osmium/io/any_input.hpp>'
    one = run([("src/read/osm.cc", osmium)])[0]
    two, said = run([("src/read/osm.cc", osmium), ("src/read/other.cc", osmium)])
    if one != 0 or two != 1 or "other.cc" not in said:
        print("libosmium in two files was not refused, or in one file was")
        wrong += 1
    print(f"{len(CASES) + 1 - wrong} of {len(CASES) + 1} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
