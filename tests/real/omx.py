#!/usr/bin/python3
"""OMX and CSV against h5dump, h5py and Python's csv: omx.py MATRIX_COPY

Files of ours are opened by h5dump and by a reader that holds them against the OMX specification (the checks of
osPlanning's validator); files made by h5py, in the ways that openmatrix, AequilibraE and R make them, are read
by us. Numbers are compared one by one.
"""
import csv
import gzip
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    sys.exit(77)

SEED = 20260731


def copy(program, source, target, *options):
    run = subprocess.run([program, source, target, *options], capture_output=True, text=True)
    if "no HDF5" in run.stderr:
        sys.exit(77)
    assert run.returncode == 0, run.stderr


def refused(program, source, target, *options):
    run = subprocess.run([program, source, target, *options], capture_output=True, text=True)
    assert run.returncode == 1 and not target.exists(), run
    return run.stderr


def same(a, b):
    return np.array_equal(np.asarray(a, float), np.asarray(b, float), equal_nan=True)


class Omx:
    """A reader that believes nothing: every rule of version 0.2, then the numbers."""

    def __init__(self, path):
        self.file = h5py.File(path, "r")
        attributes = self.file.attrs
        assert attributes["OMX_VERSION"] == b"0.2", attributes["OMX_VERSION"]
        shape = attributes["SHAPE"]
        assert shape.shape == (2,) and shape.dtype.kind == "i", shape
        self.shape = tuple(int(n) for n in shape)
        self.matrices = {}
        for name, data in self.file["data"].items():
            assert data.shape == self.shape, (name, data.shape)
            assert data.dtype == np.float64, (name, data.dtype)
            assert data.chunks and data.chunks[1] == self.shape[1], (name, data.chunks)
            assert data.compression in (None, "gzip"), (name, data.compression)
            assert np.isnan(data.attrs["NA"]), (name, data.attrs["NA"])
            self.matrices[name] = data[:]
        self.lookups = {}
        for name, data in self.file["lookup"].items():
            assert data.ndim == 1 and data.shape[0] in self.shape, (name, data.shape)
            dimension = data.attrs.get("DIM")
            if dimension is not None:
                assert data.shape[0] == self.shape[dimension], (name, dimension)
            else:
                assert data.shape[0] == self.shape[0] == self.shape[1], name
            assert data.dtype.kind in "iS", (name, data.dtype)  # what PyTables can read: no pointers
            self.lookups[name] = (dimension, data.dtype.kind, [
                value.decode() if isinstance(value, bytes) else int(value) for value in data[:]])


def ours_opens(program, folder):
    """CSV by Python, through us into OMX, and back as CSV: the same numbers everywhere."""
    chance = random.Random(SEED)
    cases = [("square", 30, 30, "{}", "{}", 1), ("wide", 3, 200, "z{}", "{}", 2), ("long", 90, 4, "区{}", "a b{}", 3),
             ("tall", 40000, 3, "{}", "t{}", 1), ("one", 1, 1, "-{}", "x", 1), ("far", 2, 2, "9{:010d}", "9{:010d}", 1)]
    for name, rows, columns, from_id, to_id, count in cases:
        origins, targets = [from_id.format(i) for i in range(rows)], [to_id.format(i) for i in range(columns)]
        names = ["time_min", "p10", "p90"][:count]
        numbers = np.array([[[chance.choice([chance.randrange(10**7) / 60000, chance.random() * 1e6, np.nan])
                              if (i, k) != (0, 0) else 1.5 for k in range(columns)] for i in range(rows)]
                            for _ in range(count)])
        source = folder / f"{name}.csv"
        with open(source, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["from_id", "to_id", *names])
            for i, a in enumerate(origins):
                for k, b in enumerate(targets):
                    values = [numbers[n, i, k] for n in range(count)]
                    writer.writerow([a, b, *("" if np.isnan(v) else repr(float(v)) for v in values)])
        target = folder / f"{name}.omx"
        copy(program, source, target)
        dump = subprocess.run(["h5dump", target], capture_output=True, text=True)
        assert dump.returncode == 0 and 'ATTRIBUTE "OMX_VERSION"' in dump.stdout and not dump.stderr, dump.stderr
        omx = Omx(target)
        assert omx.shape == (rows, columns)
        assert sorted(omx.matrices) == sorted(names)
        for n, key in enumerate(names):
            assert same(omx.matrices[key], numbers[n]), (name, key)
        assert omx.file.attrs["hourshed_provenance"] == b'{"by":"a test"}'
        if origins == targets:
            dimension, kind, ids = omx.lookups["id"]
            assert dimension is None and kind == "i" and ids == [int(a) for a in origins], (name, ids[:5])
        else:
            assert omx.lookups["from_id"][0] == 0 and omx.lookups["to_id"][0] == 1, omx.lookups
            assert [str(a) for a in omx.lookups["from_id"][2]] == origins, name
            assert [str(a) for a in omx.lookups["to_id"][2]] == targets, name
        omx.file.close()
        back = folder / f"{name}.csv.gz"
        copy(program, target, back)
        with gzip.open(back, "rt", encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        assert lines[0] == ["from_id", "to_id", *names]
        assert [(a, b) for a, b, *_ in lines[1:]] == [(a, b) for a in origins for b in targets]
        read = np.array([[float(v) if v else np.nan for v in line[2:]] for line in lines[1:]])
        written = numbers.reshape(count, -1).T
        whole = np.round(written * 60000) / 60000 == written  # milliseconds: five decimals hold them
        exact = np.where(whole, np.round(read * 60000) == np.round(written * 60000), read == written)
        assert (exact | (np.isnan(read) & np.isnan(written))).all(), name
        print(f"{name}: {rows} x {columns}, {count} values: written, opened by h5dump and h5py, read back")


def check_csv(path, origins, targets, columns):
    with open(path, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["from_id", "to_id", *columns], lines[0]
    assert [(a, b) for a, b, *_ in lines[1:]] == [(str(a), str(b)) for a in origins for b in targets]
    read = np.array([[float(v) if v else np.nan for v in line[2:]] for line in lines[1:]])
    for n, (name, numbers) in enumerate(columns.items()):
        assert np.allclose(read[:, n], np.asarray(numbers, float).ravel(), rtol=0, atol=5.1e-6, equal_nan=True), name


def make(path, matrices, lookups, shape=True, **creation):
    with h5py.File(path, "w") as file:
        file.attrs["OMX_VERSION"] = np.bytes_("0.2")
        if shape:
            file.attrs["SHAPE"] = np.array(next(iter(matrices.values())).shape, dtype=np.int32)
        file.create_group("data")
        file.create_group("lookup")
        for name, numbers in matrices.items():
            file["data"].create_dataset(name, data=numbers, **creation)
        for name, ids in lookups.items():
            file["lookup"].create_dataset(name, data=ids)


def theirs_read(program, folder):
    grid = np.arange(35, dtype=np.float64).reshape(5, 7) * 1.25
    square = np.arange(36, dtype=np.float32).reshape(6, 6) / 4
    text = folder / "out.csv"
    taz = np.array([11, 12, 15, 18, 20, 99], dtype=np.int32)
    path = folder / "theirs.omx"

    make(path, {"time": square}, {"taz": taz}, chunks=(2, 3), compression="gzip", compression_opts=1, shuffle=True)
    copy(program, path, text)
    check_csv(text, taz, taz, {"time": square})

    make(path, {"time": grid}, {}, shape=False)  # contiguous, no ids
    copy(program, path, text)
    check_csv(text, range(1, 6), range(1, 8), {"time": grid})

    names = np.array(["北", "b", "长 长", "d", "e", "f"], dtype=h5py.string_dtype())
    make(path, {"time": square.astype(np.int64), "dist": square}, {"name": names, "taz": taz})
    copy(program, path, text, "lookup=name")
    check_csv(text, [n.decode() if isinstance(n, bytes) else n for n in names], [
        n.decode() if isinstance(n, bytes) else n for n in names],
        {"time": square.astype(np.int64), "dist": square})
    copy(program, path, text, "lookup=taz", "cost=dist")
    check_csv(text, taz, taz, {"dist": square})
    copy(program, path, text, "cost=time")  # two lookups, none named: 1, 2, 3 ...
    check_csv(text, range(1, 7), range(1, 7), {"time": square.astype(np.int64)})

    make(path, {"time": grid}, {"o": np.arange(5) + 100, "d": np.array([b"p%d" % i for i in range(7)])})
    with h5py.File(path, "a") as file:
        file["lookup/o"].attrs["DIM"], file["lookup/d"].attrs["DIM"] = 0, 1
        file["data/time"].attrs["NA"] = 2.5
    copy(program, path, text, "lookup=d")
    check_csv(text, range(1, 6), [f"p{i}" for i in range(7)], {"time": np.where(grid == 2.5, np.nan, grid)})

    big = np.random.default_rng(SEED).integers(0, 10**7, (700, 900)) / 60000
    make(path, {"time": big}, {}, chunks=True, compression="gzip")
    out = folder / "big.omx"
    copy(program, path, out)
    assert same(Omx(out).matrices["time"], big)
    print("seven files of h5py read")


def what_is_refused(program, folder):
    path, out = folder / "bad.omx", folder / "bad.csv"
    square = np.ones((4, 4))
    make(path, {"time": square}, {"taz": np.arange(3)})
    assert "lookup \"taz\" has 3 ids, and the matrices are 4 x 4" in refused(program, path, out)
    make(path, {f"m{i}": square for i in range(5)}, {})
    assert "5 matrices may be costs" in refused(program, path, out)
    make(path, {"time": square.astype("S3")}, {})
    assert "/data has no matrix" in refused(program, path, out)
    path.write_bytes(path.read_bytes()[:900])
    assert "cannot be read" in refused(program, path, out) or "not an HDF5 file" in refused(program, path, out)
    print("four bad files refused")


def main():
    program = sys.argv[1]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hourshed-omx-"))
    try:
        ours_opens(program, folder)
        theirs_read(program, folder)
        what_is_refused(program, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
