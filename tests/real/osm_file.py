"""An OpenStreetMap file as plain tables, read by our own few lines: no libosmium, which the program uses.

read(path) takes .osm.pbf/.pbf, .osm/.xml, .osm.gz and .osm.bz2 and returns an OsmFile. Coordinates are whole
1e-7 degrees. Formats: wiki.openstreetmap.org/wiki/PBF_Format and /OSM_XML.
"""
import bz2
import gzip
import struct
import xml.etree.ElementTree
import zlib
from decimal import ROUND_HALF_UP, Decimal

import numpy


class OsmFile:
    def __init__(self):
        self.place = {}      # node id -> (lon_e7, lat_e7)
        self.node_tags = {}  # node id -> tags, of nodes that have any
        self.ways = []       # (id, tags, [node id])
        self.relations = []  # (id, tags, [(kind, id, role)]), kind n w r


# ---- protocol buffers -----------------------------------------------------------------------------


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """(number, value) of a message; a value is an int or a memoryview."""
    at, end = 0, len(data)
    while at < end:
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value = data[at:at + size]
            at += size
        elif kind == 5:
            value, at = data[at:at + 4], at + 4
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        else:
            raise ValueError(f"wire type {kind}")
        yield number, value


def packed(data):
    """All varints of a packed field, as unsigned 64-bit numbers."""
    data = numpy.frombuffer(data, dtype=numpy.uint8)
    if not len(data):
        return numpy.zeros(0, dtype=numpy.uint64)
    last = numpy.flatnonzero(data < 0x80)
    first = numpy.concatenate(([0], last[:-1] + 1))
    position = numpy.arange(len(data)) - numpy.repeat(first, last - first + 1)
    parts = (data & 0x7F).astype(numpy.uint64) << (7 * position).astype(numpy.uint64)
    return numpy.bitwise_or.reduceat(parts, first)


def zigzag(values):
    one = numpy.uint64(1)
    return ((values >> one) ^ (~(values & one) + one)).astype(numpy.int64)


def deltas(data):
    return numpy.cumsum(zigzag(packed(data)))


def sint(value):
    return (value >> 1) ^ -(value & 1)


def blobs(file):
    while True:
        head = file.read(4)
        if not head:
            return
        header = dict(fields(memoryview(file.read(struct.unpack(">I", head)[0]))))
        body = dict(fields(memoryview(file.read(header[3]))))
        if 1 in body:
            content = bytes(body[1])
        elif 3 in body:
            content = zlib.decompress(body[3])
        else:
            raise ValueError("a blob packed otherwise than with zlib")
        yield bytes(header[1]).decode(), memoryview(content)


def read_block(block, out):
    strings, groups = [], []
    granularity, lat_offset, lon_offset = 100, 0, 0
    for number, value in fields(block):
        if number == 1:
            strings = [bytes(text).decode("utf-8", "replace") for _, text in fields(value)]
        elif number == 2:
            groups.append(value)
        elif number == 17:
            granularity = value
        elif number == 19:
            lat_offset = value
        elif number == 20:
            lon_offset = value

    def e7(values, offset):
        return (values * granularity + offset) // 100

    def tags_of(message):
        return {strings[k]: strings[v] for k, v in
                zip(packed(message.get(2, b"")).tolist(), packed(message.get(3, b"")).tolist())}

    for group in groups:
        for number, value in fields(group):
            if number == 1:
                node = dict(fields(value))
                key = sint(node[1])
                out.place[key] = (e7(sint(node[9]), lon_offset), e7(sint(node[8]), lat_offset))
                tags = tags_of(node)
                if tags:
                    out.node_tags[key] = tags
            elif number == 2:
                dense = dict(fields(value))
                ids = deltas(dense[1]).tolist()
                lats = e7(deltas(dense[8]), lat_offset).tolist()
                lons = e7(deltas(dense[9]), lon_offset).tolist()
                out.place.update(zip(ids, zip(lons, lats)))
                words = packed(dense.get(10, b"")).tolist()
                at = 0
                for key in ids if words else ():
                    tags = {}
                    while words[at]:
                        tags[strings[words[at]]] = strings[words[at + 1]]
                        at += 2
                    at += 1
                    if tags:
                        out.node_tags[key] = tags
            elif number == 3:
                way = dict(fields(value))
                out.ways.append((way[1], tags_of(way), deltas(way.get(8, b"")).tolist()))
            elif number == 4:
                relation = dict(fields(value))
                roles = packed(relation.get(8, b"")).tolist()
                ids = deltas(relation.get(9, b"")).tolist()
                kinds = packed(relation.get(10, b"")).tolist()
                out.relations.append((relation[1], tags_of(relation),
                                      [("nwr"[kind], key, strings[role]) for kind, key, role in
                                       zip(kinds, ids, roles)]))


# ---- XML ------------------------------------------------------------------------------------------


def degrees_e7(text):
    return int((Decimal(text) * 10_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def read_xml(file, out):
    for _, element in xml.etree.ElementTree.iterparse(file):
        if element.tag not in ("node", "way", "relation"):
            continue
        key = int(element.get("id"))
        tags = {tag.get("k"): tag.get("v") for tag in element.findall("tag")}
        if element.get("visible") == "false" or element.get("action") == "delete":
            pass
        elif element.tag == "node":
            if element.get("lat") is not None:
                out.place[key] = (degrees_e7(element.get("lon")), degrees_e7(element.get("lat")))
                if tags:
                    out.node_tags[key] = tags
        elif element.tag == "way":
            out.ways.append((key, tags, [int(nd.get("ref")) for nd in element.findall("nd")]))
        else:
            out.relations.append((key, tags, [(m.get("type")[0], int(m.get("ref")), m.get("role"))
                                              for m in element.findall("member")]))
        element.clear()


def read(path):
    out = OsmFile()
    name = str(path)
    if name.endswith(".pbf"):
        with open(name, "rb") as file:
            for kind, content in blobs(file):
                if kind == "OSMData":
                    read_block(content, out)
        return out
    opener = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    with opener(name, "rb") as file:
        read_xml(file, out)
    return out
