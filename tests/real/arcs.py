"""Node times on the arcs the program exports, by scipy's Dijkstra."""
import csv

import numpy
import scipy.sparse
import scipy.sparse.csgraph


def osm_id(name):
    """"123", "123#1" (a copy with history), "123!2" (an end at a closed vertex): all of them 123."""
    return int(name.split("#")[0].split("!")[0])


class Arcs:
    def __init__(self, path):
        self.index, tails, heads, times = {}, [], [], []
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                tails.append(self.index.setdefault(row["from_node"], len(self.index)))
                heads.append(self.index.setdefault(row["to_node"], len(self.index)))
                times.append(int(row["time_ms"]))
        self.tails, self.heads = numpy.array(tails), numpy.array(heads)
        self.times = numpy.array(times, dtype=float)
        self.osm = [osm_id(name) for name in self.index]
        # of parallel arcs the quickest: a sparse matrix would add them up
        order = numpy.lexsort((self.times, self.heads, self.tails))
        pairs = numpy.stack((self.tails[order], self.heads[order]))
        first = numpy.concatenate(([True], (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)))
        self.best = order[first]

    def search(self, seeds, limit_ms):
        """{OSM node: ms} from [(OSM node, ms)]: from the copy without history, over all copies."""
        count = len(self.index)
        entry = {}
        for osm, ms in seeds:
            node = self.index.get(str(osm))
            if node is None:
                return None  # a closed vertex: its ends have names the seed does not know
            entry[node] = min(ms, entry.get(node, ms))
        tails = numpy.concatenate((self.tails[self.best], numpy.full(len(entry), count)))
        heads = numpy.concatenate((self.heads[self.best], list(entry)))
        times = numpy.concatenate((self.times[self.best], list(entry.values())))
        graph = scipy.sparse.csr_matrix((times, (tails, heads)), shape=(count + 1, count + 1))
        found = scipy.sparse.csgraph.dijkstra(graph, indices=count, limit=limit_ms)
        out = {}
        for node in numpy.flatnonzero(found[:count] <= limit_ms):
            osm = self.osm[node]
            out[osm] = min(int(found[node]), out.get(osm, limit_ms))
        return out
