"""Variants of an OpenStreetMap file: ways taken out, ways and nodes put in; written as plain XML."""
from xml.sax.saxutils import quoteattr

KINDS = {"n": "node", "w": "way", "r": "relation"}


def e7(value):
    return f"{'-' if value < 0 else ''}{abs(value) // 10_000_000}.{abs(value) % 10_000_000:07d}"


def tags(table):
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in table.items())


def write(path, osm, without=(), ways=None, places=None):
    """osm less the ways `without`, with the ways {id: (tags, [node])} added or replaced and the nodes
    {id: (lon_e7, lat_e7)} added."""
    ways, places = ways or {}, places or {}
    with open(path, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        for key, (lon, lat) in [*osm.place.items(), *places.items()]:
            own = osm.node_tags.get(key)
            out.write(f'<node id="{key}" lat="{e7(lat)}" lon="{e7(lon)}"' +
                      (f">{tags(own)}</node>\n" if own else "/>\n"))
        kept = [way for way in osm.ways if way[0] not in without and way[0] not in ways]
        for key, own, nodes in kept + [(key, *way) for key, way in ways.items()]:
            out.write(f'<way id="{key}">' + "".join(f'<nd ref="{n}"/>' for n in nodes) + tags(own) +
                      "</way>\n")
        for key, own, members in osm.relations:
            out.write(f'<relation id="{key}">' + "".join(
                f'<member type="{KINDS[kind]}" ref="{ref}" role={quoteattr(role)}/>'
                for kind, ref, role in members) + tags(own) + "</relation>\n")
        out.write("</osm>\n")
