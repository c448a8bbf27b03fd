#!/usr/bin/python3
"""streets.py itself, on streets small enough to work out by hand.

          N          A street of the equator, 0.001 degrees a step: W-C is 111.319 m (a x pi/180/1000), at
          |          36 km/h 11,132 ms (H). Northwards 110.574 m (a (1 - e2) x pi/180/1000), 11,057 ms (V).
  P---W---C---E      The trip begins in the middle of P-W, 5,566 ms before W, unless a case says otherwise.
  :   |   |
  R   X   S          Q stands west of P; both only in some cases.
"""
import io
import sys

import osm_file
import streets

H, V, START = 11132, 11057, 5566
PLACE = {"Q": (-1, 0), "R": (0, -1), "P": (0, 0), "W": (1, 0), "C": (2, 0), "E": (3, 0), "N": (2, 1), "S": (2, -1), "X": (1, -1)}
ID = {name: at + 1 for at, name in enumerate(PLACE)}
WAYS = {10: "PW", 11: "WC", 12: "CE", 13: "CN", 14: "CS", 15: "WX"}
FURTHER = WAYS | {8: "PR", 9: "QP"}  # P is a junction, and a trip can begin before it
STRAIGHT = {"P": None, "W": START, "X": START + V, "C": START + H, "N": START + H + V,
            "S": START + H + V, "E": START + 2 * H}


def network(ways=WAYS, tags=None, rules=(), node_tags=None, mode="car"):
    out = osm_file.OsmFile()
    for name, (x, y) in PLACE.items():
        out.place[ID[name]] = (x * 10_000, y * 10_000)
    for key, names in ways.items():
        own = {"highway": "residential"} | (tags or {}).get(key, {})
        out.ways.append((key, {k: v for k, v in own.items() if v}, [ID[name] for name in names]))
    out.node_tags = {ID[name]: row for name, row in (node_tags or {}).items()}
    for at, (value, start, via, end) in enumerate(rules):
        via = [("w", key, "via") for key in via] if isinstance(via, list) else [("n", ID[via], "via")]
        members = [("w", start, "from")] + via + [("w", end, "to")]
        out.relations.append((100 + at, {"type": "restriction", "restriction": value}, members))
    profile = streets.Profile()
    profile.mode = mode
    profile.respects_oneway = profile.respects_turns = mode == "car"
    rule = streets.ClassRule(36_000, 1_000_000, True, False)
    profile.classes = {"residential": rule, "ferry": rule, "motorway": rule}
    return streets.Net(streets.Streets(out), profile)


def times(net, start=("P", "W"), limit=10_000_000):
    names = {key: name for name, key in ID.items()}
    for s, (u, v) in enumerate(zip(net.a, net.b)):
        if {names[u], names[v]} == set(start):
            tree = net.search(streets.Foot(s, 0.5, 0.0, 0), limit)
            return {names[key]: ms for key, ms in tree.node_ms.items()}
    raise KeyError(start)


def cases():
    yield "everything by the straight way", times(network()), STRAIGHT | {"P": START}
    yield ("a banned turn costs the way to the next junction and back",
           times(network(rules=[("no_left_turn", 11, "C", 13)])), {"N": START + H + 3 * V, "S": STRAIGHT["S"]})
    yield ("who begins inside the street before the ban is bound as well",
           times(network(rules=[("no_left_turn", 11, "C", 13)]), "WC"), {"N": START + 3 * V})
    yield ("walkers do not care", times(network(rules=[("no_left_turn", 11, "C", 13)], mode="walk")), STRAIGHT)
    yield ("only straight on: all else by turning round at E",
           times(network(rules=[("only_straight_on", 11, "C", 12)])),
           {"E": STRAIGHT["E"], "N": START + 3 * H + V, "S": START + 3 * H + V})
    yield ("two mandates of one beginning allow either",
           times(network(rules=[("only_straight_on", 11, "C", 12), ("only_left_turn", 11, "C", 13)])),
           {"E": STRAIGHT["E"], "N": STRAIGHT["N"], "S": START + H + 3 * V})
    no_x = ("no_right_turn", 10, "W", 15)
    yield ("a turn round at a junction is allowed", times(network(FURTHER, rules=[no_x]), "QP"),
           {"X": START + 3 * H + V})
    yield ("unless a ban says so",
           times(network(FURTHER, rules=[no_x, ("no_u_turn", 11, "C", 11)]), "QP"),
           {"X": START + 3 * H + 3 * V})
    over = [("no_left_turn", 10, [11], 13)]
    yield ("a ban over a way binds who came that way", times(network(FURTHER, rules=over), "QP"),
           {"C": START + 2 * H, "N": START + 2 * H + 3 * V})
    yield ("and nobody else", times(network(FURTHER, rules=over), "XW"), {"N": (V + 1) // 2 + H + V})
    yield ("who begins on the way between is not",
           times(network(FURTHER, rules=over), "WC"), {"N": START + V})
    yield ("a mandate over a way",
           times(network(FURTHER, rules=[("only_straight_on", 10, [11], 12)]), "QP"),
           {"N": START + 4 * H + V, "X": START + 5 * H + V})
    yield ("a way that does not meet its via binds nobody",
           times(network(rules=[("no_left_turn", 10, "C", 13)])), STRAIGHT)
    yield ("a from way that passes through means both its sides",
           times(network(ways={10: "PW", 11: "WCE", 13: "CN", 14: "CS", 15: "WX"},
                         rules=[("no_left_turn", 11, "C", 13)])), {"N": START + H + 3 * V})
    yield ("one way only, as drawn", times(network(tags={12: {"oneway": "-1"}, 13: {"oneway": "yes"}})),
           {"N": STRAIGHT["N"], "E": None})
    yield ("a bollard is a dead end for cars on either side",
           times(network(node_tags={"C": {"barrier": "bollard"}})), {"C": START + H, "N": None})
    yield ("but not for walkers", times(network(node_tags={"C": {"barrier": "bollard"}}, mode="walk")), STRAIGHT)
    yield ("nor where cars are named", times(network(node_tags={"C": {
        "barrier": "bollard", "motor_vehicle": "yes"}})), STRAIGHT)
    yield ("private streets are closed", times(network(tags={11: {"access": "private"}})), {"X": START + V, "C": None})
    yield ("a permit for cars by name opens them",
           times(network(tags={11: {"access": "private", "motorcar": "yes"}})), STRAIGHT)
    # 72 km/h: 5,565.97 and 5,528.71 ms
    yield ("a signed limit", times(network(tags={11: {"maxspeed": "72"}})), {"C": START + 5566})
    yield ("a limit of one direction", times(network(tags={11: {"maxspeed:backward": "72"}})), {"C": START + H})
    # 45 mph = 72,420 m/h: 111.3195 m in 5,533.69 ms
    yield ("miles an hour", times(network(tags={11: {"maxspeed": "45 mph"}})), {"C": START + 5534})
    ferry = {11: {"highway": None, "route": "ferry", "duration": "00:10", "motor_vehicle": "yes"}}
    yield ("a ferry takes its ten minutes", times(network(tags=ferry)), {"C": START + 600_000})
    ferry[11]["motor_vehicle"] = None
    yield ("and no car that it does not name", times(network(tags=ferry)), {"C": None})
    yield ("a motorway is one-way by itself",
           times(network(ways=WAYS | {11: "CW"}, tags={11: {"highway": "motorway"}})), {"C": None})


XML = """<osm><node id="1" lat="-0.00000005" lon="1.23456785"/><node id="2" lat="1" lon="2"><tag k="barrier"
v="gate"/></node><way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>
<relation id="9"><member type="way" ref="7" role="from"/><tag k="type" v="restriction"/></relation></osm>"""


def main():
    wrong = count = 0
    for name, found, expected in cases():
        count += 1
        for node, ms in expected.items():
            if ms is None and node == "P":
                continue
            if found.get(node) != ms:
                print(f"{name}: {node} is {found.get(node)} ms, by hand {ms}")
                wrong += 1
    out = osm_file.OsmFile()
    osm_file.read_xml(io.BytesIO(XML.encode()), out)
    count += 1
    if (out.place, out.node_tags, out.ways, out.relations) != (
            {1: (12345679, -1), 2: (20000000, 10000000)}, {2: {"barrier": "gate"}},
            [(7, {"highway": "path"}, [1, 2])], [(9, {"type": "restriction"}, [("w", 7, "from")])]):
        print("a small XML file was read wrong:", vars(out))
        wrong += 1
    # geographiclib is Karney's own Python, apart from PROJ: the lengths the times rest on
    try:
        from geographiclib.geodesic import Geodesic
    except ImportError:
        Geodesic = None
    rows = [(0, 0, 0.001, 0), (-8.61, 41.15, -8.6103217, 41.1507), (179.9, -17, -179.99, -17.2)]
    for row in rows if Geodesic else ():
        mine = streets.GEOD.inv(*row)[2]
        other = Geodesic.WGS84.Inverse(row[1], row[0], row[3], row[2])["s12"]
        count += 1
        if abs(mine - other) > 1e-7:
            print(f"{row}: {mine} m by PROJ, {other} m by geographiclib")
            wrong += 1
    print(f"{count} cases, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
