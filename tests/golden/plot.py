"""plot from end to end. The towns are those of rank.sh: minutes E-N 60, E-W 120, E-S 150, N-W 60, N-S 90, W-S 30; people E 10,
W 4, N 8, S 2; with the proposals "bridge" and "south" E-W 30, E-S 60, N-S 30. What the pictures show is read back from the paths
of their SVG and held against numbers worked out here: by hand, or from the definitions."""
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

program, here = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
failed = []
folder = tempfile.mkdtemp(prefix="hourshed-plot-")
os.chdir(folder)


def expect(what, found, expected):
    if found != expected:
        failed.append(what)
        print("FAILED %s\n found:    %s\n expected: %s" % (what, str(found)[:800], str(expected)[:800]))


def near(what, found, expected, tolerance):
    good = len(found) == len(expected) and all(
        abs(a - b) <= tolerance for x, y in zip(found, expected) for a, b in zip(x, y))
    expect(what, found if not good else expected, expected)


def run(*arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != status:
        expect("%s: exit" % " ".join(map(str, arguments)), (done.returncode, done.stderr), status)
    return done


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def words(path):
    """Title and description of an SVG."""
    text = read(path)
    return tuple(re.search(f"<{tag}>(.*?)</{tag}>", text, re.S).group(1) for tag in ("title", "desc"))


def percent(rgb):
    return ",".join(("%.6f" % (100 * int(rgb[i:i + 2], 16) / 255)).rstrip("0").rstrip(".") + "%" for i in (0, 2, 4))


def paths(path, rgb, what="stroke"):
    """Points of the paths in a colour, in drawing order; of fills: rectangles."""
    found = []
    for element in re.findall(r"<path [^>]*/>", read(path)):
        if f"{what}:rgb({percent(rgb)})" not in element.replace(" ", "") or f"{what}:none" in element:
            continue
        data = re.search(r' d="([^"]*)"', element).group(1)
        found.append([[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", part)]
                      for part in data.split("Z") if part.strip()])
    return found


def scaled(line, x_max, y_max):
    """Points of a line from (0, 0) to (x_max, y_max) as values."""
    (left, bottom), (right, top) = line[0], line[-1]
    return [((x - left) / (right - left) * x_max, (bottom - y) / (bottom - top) * y_max) for x, y in line]


BLUE, ORANGE, GREEN = "0072B2", "D55E00", "009E73"
zones = here + "/towns.csv"
run("build", "net.hsn", "--corridor", here, "--profile", here + "/../town/car.yaml", "-q")
proposals = ["--proposals", here + "/proposals.geojson"]
people = {"E": 10, "W": 4, "N": 8, "S": 2}
before = {"E": {"E": 0, "N": 60, "W": 120, "S": 150}}
after = {"E": {"E": 0, "W": 30, "N": 60, "S": 60}}

# ---- People by minutes: exact, where zones have minutes and people

compare = ["compare", "net.hsn", "--zones", zones, "--origins", zones, *proposals, "--minutes", "60,90,120", "-q"]
run(*compare, "--zone-mass", "population", "-o", "exact.gpkg")
run("plot", "exact.gpkg", "-o", "exact.svg", "--figure", "population", "--origin", "E", "-q", "--lang", "en")


def steps(minutes):
    total, line = 0, [(0, 0)]
    for t in sorted(set(minutes.values())):
        if t > 0:
            line.append((t, total))
        total += sum(people[z] for z, m in minutes.items() if m == t)
        line.append((t, total))
    return line + ([(150, total)] if line[-1][0] < 150 else [])


def curves(path):
    # the sample of the legend is the first path in each colour
    return [paths(path, colour)[1][0] for colour in (BLUE, ORANGE)]


def from_zero(line, x_max, y_max, zero):
    left, right = line[0][0], line[-1][0]
    bottom, top = zero, line[-1][1]
    return [((x - left) / (right - left) * x_max, (bottom - y) / (bottom - top) * y_max) for x, y in line]


title, text = words("exact.svg")
expect("title of people by minutes", title, "People within reach of 东城, by minutes")
expect("its legend", ("before" in text, "after: all" in text, "each zone counts whole" in text, "exact.gpkg" in text,
                      "towns.csv" in text), (True,) * 5)
# both begin at 10 people: the base of the axis is the x axis, the lowest rule of the page
rules = [part[0] for part in paths("exact.svg", "6A6F76") if len(part[0]) == 2 and part[0][0][1] == part[0][1][1]]
zero = max(r[0][1] for r in rules)
for name, line, minutes in zip(("before", "after"), curves("exact.svg"), (before["E"], after["E"])):
    expected = steps(minutes)[1:] if minutes["E"] == 0 else steps(minutes)
    near("people of E by minutes, " + name, from_zero(line, 150, 24, zero), expected, 0.02)

expect("before is dashed, after is not", [("stroke-dasharray" in element) for colour in (BLUE, ORANGE)
                                          for element in re.findall(r"<path [^>]*/>", read("exact.svg"))
                                          if f"stroke:rgb({percent(colour)})" in element], [True, True, False, False])

# ---- and at the cut-offs alone, where circles count people

run(*compare, "--population", zones, "-o", "dots.gpkg")
run("plot", "dots.gpkg", "-o", "dots", "--lang", "en", "-q")
expect("figures of a comparison", sorted(os.listdir("dots")),
       [f"{name}.{kind}" for name in ("map", "population", "savings") for kind in ("png", "svg")])
expect("it says that it knows the cut-offs alone", "counted at the cut-offs" in words("dots/population.svg")[1], True)
expect("a dashed and a whole line for each of four towns", [len(paths("dots/population.svg", c))
                                                           for c in (BLUE, ORANGE, GREEN, "CC79A7")], [4, 4, 4, 4])

# ---- Minutes saved: 60 for N-S, 90 for E-W and E-S, each way; ten pairs do not change

title, text = words("dots/savings.svg")
expect("titles of savings", (title, text.split(";")[0]), ("Time saved", "unchanged: 10"))
bars = [bar for bar in paths("dots/savings.svg", BLUE, "fill")[-1] if len(bar) >= 4]
heights = [max(y for _, y in bar) - min(y for _, y in bar) for bar in bars]
expect("bars of savings", len(bars), 2)
lefts = [min(x for x, _ in bar) for bar in bars]
widths = [max(x for x, _ in bar) - min(x for x, _ in bar) for bar in bars]
expect("60 and 90 minutes begin their bars", round((lefts[1] - lefts[0]) / 30 / (widths[0] + 1), 3), round(1 / 5, 3))
expect("twice as many save 90 minutes as 60", round(heights[1] / heights[0], 3), 2.0)
run("plot", "exact.gpkg", "-o", "people.svg", "--figure", "savings", "--origin", "E", "-q", "--lang", "en")
title, text = words("people.svg")
expect("of E: N and E itself do not change", (title, text.split(";")[0]), ("Time saved: 东城", "unchanged: 18"))
expect("over people", "; people; " in text, True)
expect("of E: one bar, W and S", len([bar for bar in paths("people.svg", BLUE, "fill")[-1] if len(bar) >= 4]), 1)

# ---- The Lorenz curve and its Gini index

run("access", "net.hsn", "--zones", zones, *proposals, "--scenario", "bridge=bridge", "--scenario", "all=*", "--measure",
    "cumulative:cutoff=60,as=within", "--measure", "mean_time", "--inequality", "gini", "-q", "-o", "access.gpkg")
values = {"before": {"E": 18, "W": 14, "N": 22, "S": 6}, "bridge": {"E": 24, "W": 24, "N": 22, "S": 16},
          "all": {"E": 24, "W": 24, "N": 24, "S": 24}}


def gini(x):
    """Mean difference of two people over twice the mean."""
    total = sum(people.values())
    spread = sum(people[a] * people[b] * abs(x[a] - x[b]) for a in x for b in x)
    return spread / (2 * total * sum(people[a] * x[a] for a in x))


def lorenz(x):
    share, sum_x, line = 0, 0, [(0, 0)]
    total, total_x = sum(people.values()), sum(people[a] * x[a] for a in x)
    for a in sorted(x, key=x.get):
        share, sum_x = share + people[a], sum_x + people[a] * x[a]
        line.append((100 * share / total, 100 * sum_x / total_x))
    return line


def height(line, x):
    """Of a line at x: where values are equal a corner may stand anywhere on it, or not at all."""
    for (x1, y1), (x2, y2) in zip(line, line[1:]):
        if x1 <= x <= x2 + 1e-9:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return None


run("plot", "access.gpkg", "-o", "lorenz", "--figure", "lorenz", "-q", "--lang", "en")
expect("both kinds of file", sorted(os.listdir("lorenz")), ["lorenz.png", "lorenz.svg"])
title, text = words("lorenz/lorenz.svg")
expect("title of the Lorenz curve", title, "Lorenz curve: cumulative opportunities")
for name, legend, colour in (("before", "before", BLUE), ("bridge", "after: bridge", ORANGE), ("all", "after: all", GREEN)):
    expect("Gini " + name, f"{legend}, Gini {gini(values[name]):.4f}" in text, True)
    drawn, expected = scaled(paths("lorenz/lorenz.svg", colour)[1][0], 100, 100), lorenz(values[name])
    near("Lorenz curve " + name, [(x, height(drawn, x)) for x in range(101)],
         [(x, height(expected, x)) for x in range(101)], 0.02)
run("plot", "access.gpkg", "-o", "one.svg", "--figure", "lorenz", "--scenario", "bridge", "--column", "mean_time_population_min",
    "-q", "--lang", "en")
expect("less is better", "less is better" in words("one.svg")[1] and "less is better" not in text, True)
expect("of one scenario, and another measure", (words("one.svg")[0], "all" in words("one.svg")[1].split("; ")[2:4]),
       ("Lorenz curve: weighted mean travel time", False))
run("plot", "access.gpkg", "-o", "whole", "-q", "--lang", "zh")
expect("a measure in minutes is people by minutes, too", sorted(os.listdir("whole")),
       [f"{name}.{kind}" for name in ("lorenz", "population") for kind in ("png", "svg")])
expect("Chinese titles", (words("whole/lorenz.svg")[0], words("whole/population.svg")[0]),
       ("洛伦兹曲线：累积机会", "人口按“加权平均旅行时间”的累计分布"))

# ---- Ranked bars: bridge 5, south 4/3

run("rank", "net.hsn", "--zones", zones, *proposals, "--minutes", "60,90", "--sets", "alone,together,pairs", "-q", "-o",
    "rank.gpkg")
run("plot", "rank.gpkg", "-o", "rank.svg", "-q", "--lang", "en")
title, text = words("rank.svg")
expect("title of the ranking", title, "Proposals by people newly within reach, 60 min")
expect("the best first", "bridge; south;" in text, True)
bars = [part[0] for part in paths("rank.svg", BLUE, "fill")]
lengths = [max(x for x, _ in bar) - min(x for x, _ in bar) for bar in bars]
expect("as long as they are good", [round(v / lengths[0] * 5, 2) for v in lengths], [5, 1.33])
expect("from the top down", bars[0][0][1] < bars[1][0][1], True)
for column in ("length_km", "gini_change", "mean_saving_min"):  # shorter, more equal, more
    run("rank", "net.hsn", "--zones", zones, *proposals, "--minutes", "60,90", "--by", column, "-q", "-o", "by.gpkg", "--overwrite")
    order = [name for name, in sqlite3.connect("by.gpkg").execute("select proposal from ranking where \"set\" = 'alone' order by rank")]
    run("plot", "rank.gpkg", "-o", "by.svg", "--column", column, "-q", "--lang", "en", "--overwrite")
    expect(f"by {column} as rank --by orders them", "; ".join(order) in words("by.svg")[1], True)

# ---- Maps

title, text = words("dots/map.svg")
expect("before and after, of the town that changes most", title[:22], "Before and after: all ")
run("circle", "net.hsn", "--zones", zones, "--origins", zones, "--minutes", "60,90", "-q", "-o", "circle.gpkg")
run("plot", "circle.gpkg", "--figure", "map", "-o", "map.svg", "--lang", "zh", "-q")
expect("circles of four towns", words("map.svg"), ("4 地的等时圈", "60 分钟; 90 分钟; 起点; 文件：circle.gpkg。数据：net.hsn、towns.csv"))
run("delineate", "net.hsn", "--zones", zones, "--origins", zones, "--zone-mass", "population", "-q", "-o", "circles.gpkg")
run("plot", "circles.gpkg", "--figure", "delineation", "--origin", "N", "-o", "members.svg", "--lang", "en", "-q")
expect("members of N", words("members.svg")[0].split(";")[0], "Who belongs to the circle of 北城")
with open("official.txt", "w", encoding="utf-8") as file:
    file.write("N\nE\n")
shutil.copy(zones, "a-towns.csv")
shutil.copy(zones, "towns.csv")
run("delineate", "net.hsn", "--zones", "towns.csv", "--origins", "a-towns.csv", "--zone-mass", "population", "--official-list", "official.txt", "-q", "-o", "listed.gpkg")
run("plot", "listed.gpkg", "--figure", "delineation", "--origin", "N", "-o", "listed.svg", "--lang", "en", "-q")
title, text = words("listed.svg")
expect("by which list", title.split("; ")[-1], "official list official")
expect("N and E agree, W is in by the rule alone, S is out", text.split("; ")[:3],
       ["by the rule and on the list", "by the rule alone", "neither"])
expect("a name that ends like another is named, too", text[text.index("From: ") + 6:].split(", ").count("towns.csv"), 1)
inside = [row for row in sqlite3.connect("circles.gpkg").execute(
    "select rule, count(*) from members where centre_id = 'N' and verdict = 'in' group by rule order by min(fid)")][0]
expect("a green dot a member", len(paths("members.svg", GREEN, "fill")) - 1, inside[1])

# ---- The same bytes, whole or not at all, never over what is there

def hashes(where):
    return {name: hashlib.sha256(open(os.path.join(where, name), "rb").read()).hexdigest() for name in os.listdir(where)}


first = hashes("dots")
run("plot", "dots.gpkg", "-o", "dots", "--lang", "en", "-q", "--overwrite")
expect("two runs, the same bytes", hashes("dots"), first)
done = run("plot", "dots.gpkg", "-o", "dots", "--lang", "zh", "-q", status=4)
expect("nothing is replaced unasked", (hashes("dots"), "--overwrite" in done.stderr), (first, True))
os.mkdir("half")
open("half/savings.png", "w").close()
run("plot", "dots.gpkg", "-o", "half", "-q", status=4)
expect("one file in the way, no file at all", os.listdir("half"), ["savings.png"])
done = run("plot", "dots.gpkg", "-o", "several.png", "-q", status=2)
expect("several figures are no one file", ("--figure" in done.stderr, os.path.exists("several.png")), (True, False))
run("plot", "dots.gpkg", "-o", "small", "--figure", "savings", "--format", "png", "--width", "500", "--height", "400", "-q")
with open("small/savings.png", "rb") as file:
    expect("width and height", [int.from_bytes(file.read(24)[i:i + 4], "big") for i in (16,)] and os.listdir("small"),
           ["savings.png"])
run("matrix", "net.hsn", "--targets", zones, "-q", "-o", "matrix.gpkg")
done = run("plot", "matrix.gpkg", "-o", "nothing", status=3)
expect("nothing to plot is said, with what was looked for",
       ("nothing to plot; looked for" in done.stderr, "layer access" in done.stderr, os.path.exists("nothing")),
       (True, True, False))
done = run("plot", "matrix.gpkg", "--figure", "savings", "-o", "nothing", status=3)
expect("of a figure that was asked for", "no figure savings: it would take layer zones" in done.stderr, True)
done = run("plot", "rank.gpkg", "-o", "json", "--json")
expect("what was written, for programs", done.stdout,
       '{"files":[{"figure":"ranking","path":"json/ranking.svg"},{"figure":"ranking","path":"json/ranking.png"}]}\n')

shutil.rmtree(folder)
if failed:
    sys.exit(1)
print("plot: pictures as worked out")
