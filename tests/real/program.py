"""Calls the program under test and reads what it wrote. A test of this folder ends with skip() where its data
are absent: exit 77, and the last line says why."""
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def data(name):
    folder = pathlib.Path(os.environ.get("HOURSHED_DATA") or ROOT.parent / "shared" / "data")
    path = folder / name
    if not path.exists():
        skip(f"no {name}: HOURSHED_DATA names no folder of real data that holds it")
    return path


def profile_path(name):
    return ROOT / "geodata" / "profiles" / f"{name}.yaml"


class Program:
    def __init__(self, path):
        self.path = str(pathlib.Path(path).resolve())
        self.environment = dict(os.environ, HOURSHED_GEODATA=str(ROOT / "geodata"), LC_ALL="C.UTF-8")
        self.environment.pop("COLUMNS", None)

    def run(self, *arguments, expect=0, **more):
        done = subprocess.run([self.path, *map(str, arguments)], env=self.environment, text=True,
                              capture_output=True, errors="replace", stdin=subprocess.DEVNULL, **more)
        if expect is not None and done.returncode != expect:
            print("$ hourshed", *arguments)
            print(done.stdout, done.stderr, sep="")
            sys.exit(f"exit {done.returncode}, expected {expect}")
        return done


def folder():
    return tempfile.TemporaryDirectory(prefix="hourshed-test-")


class GeoPackage:
    def __init__(self, path):
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row

    def tables(self):
        return [row[0] for row in self.database.execute("select table_name from gpkg_contents")]

    def rows(self, table, where="1", *values):
        return self.database.execute(f'select * from "{table}" where {where}', values).fetchall()

    def geometry_column(self, table):
        row = self.database.execute("select column_name from gpkg_geometry_columns where table_name = ?",
                                    (table,)).fetchone()
        return row and row[0]

    @staticmethod
    def geometry(blob):
        """shapely's geometry of a GeoPackage blob (OGC 12-128r18, 2.1.3)."""
        import shapely.wkb
        assert blob[:2] == b"GP"
        envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[blob[3] >> 1 & 7]
        return shapely.wkb.loads(blob[8 + envelope:])
