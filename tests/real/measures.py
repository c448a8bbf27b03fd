"""Every measure of access against formulas written apart: measures.py PROGRAM [--zones N]

Porto Alegre's 1,227 hexagons by car, all of them to all: the matrix is the program's, all that is made of it is computed
here by numpy from the papers' formulas, and by plain loops where those are clearer. Equal to 1e-9 relative. Hexagons
that join no street stay without a way; incomes and regions are made up, from the position alone.
"""
import argparse
import csv
import functools
import math
import pathlib
import sys

import numpy as np

import program

RELATIVE = 1e-9
ROUNDING = 1e-13  # of numbers that are 0 on paper
INF = math.inf


def read_zones(count):
    with open(program.data("porto_alegre/poa_hexgrid.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if count:
        rows = rows[::max(1, len(rows) // count)][:count]
    for row in rows:
        lon, lat = float(row["lon"]), float(row["lat"])
        for key in ("population", "schools", "jobs", "healthcare"):
            row[key] = row[key] or "0"
        people = int(row["population"])
        row["income"] = "" if people == 0 else f"{1000 + 800 * math.sin(40 * lon) * math.cos(55 * lat):.0f}"
        row["gdp"] = str(10 + int(row["jobs"]))
        row["region"] = ("north" if lat > -30.05 else "south") + (" east" if lon > -51.17 else " west")
    return rows


def write_zones(rows, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def read_matrix(path, ids):
    index = {id_: i for i, id_ in enumerate(ids)}
    times = np.full((len(ids), len(ids)), INF)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        f, t, m = header.index("from_id"), header.index("to_id"), header.index("time_min")
        for row in reader:
            times[index[row[f]], index[row[t]]] = float(row[m])
    return times


# ---- Decays -------------------------------------------------------------------------------------------------

def none(t):
    return np.where(np.isfinite(t), 1.0, 0.0)


def over(f):
    """A decay of finite times; no way: 0."""
    def g(t):
        out = np.zeros_like(t)
        there = np.isfinite(t)
        out[there] = f(t[there])
        return out
    return g


def logistic(c, sd):
    k = math.pi / (sd * math.sqrt(3))
    # (1 + e^(-ck)) / (1 + e^((t-c)k)), by logarithms
    return over(lambda t: np.exp(np.logaddexp(0, -c * k) - np.logaddexp(0, (t - c) * k)))


def steps(pairs):      # f jumps at the step
    def f(t):
        w = np.ones_like(t)
        for s, weight in pairs:
            w = np.where(t >= s, weight, w)
        return w
    return over(f)


def steps_to(pairs):   # the step itself is inside
    def f(t):
        w = np.zeros_like(t)
        for s, weight in reversed(pairs):
            w = np.where(t <= s, weight, w)
        return w
    return over(f)


def dai(c):
    e = math.exp(-0.5)
    return over(lambda t: np.where(t <= c, (np.exp(-0.5 * (t / c) ** 2) - e) / (1 - e), 0.0))


DECAYS = {
    "none": none,
    "binary:20": over(lambda t: (t <= 20) * 1.0),
    "exponential:0.1": over(lambda t: np.exp(-0.1 * t)),
    "power:0.5": over(lambda t: np.minimum(1, np.maximum(t, 1e-300) ** -0.5)),
    "linear:30": over(lambda t: np.maximum(0, 1 - t / 30)),
    "logistic:20:5": logistic(20, 5),
    "logistic:20:0.01": logistic(20, 0.01),
    "stepped:5=0.75:15=0.25:25=0": steps([(5, .75), (15, .25), (25, 0)]),
    "steps_to:10=1:20=0.68:30=0.22": steps_to([(10, 1), (20, .68), (30, .22)]),
    "gaussian:12": over(lambda t: np.exp(-t * t / 288)),
    "dai:25": dai(25),
    "scaled:60:-2:1": over(lambda t: (np.maximum(t, 1) / 60) ** -2.0),
    "gaussian_to:20:0.01": over(lambda t: np.exp(t * t * math.log(0.01) / 400)),
    "exponential_to:20:0.01": over(lambda t: np.exp(t * math.log(0.01) / 20)),
    "half_life:15": over(lambda t: 2 ** (-t / 15)),
    "logistic_r5:20:5": over(lambda t: 1 / (1 + np.exp((t - 20) * math.pi / (5 * math.sqrt(3))))),
    "taper:20:10": over(lambda t: np.clip((25 - t) / 10, 0, 1)),
    "exp_power:-0.01:1.5": over(lambda t: np.clip(np.exp(-0.01 * t ** 1.5), 0, 1)),
    "polynomial:1:-0.02:0.0001": over(lambda t: np.clip(1 - 0.02 * t + 0.0001 * t * t, 0, 1)),
}


# ---- Measures of zones --------------------------------------------------------------------------------------

def divide(a, b):
    """a / b; 0 where b is 0: supply that nobody reaches counts for nobody."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b != 0)


def without_self(t):
    t = t.copy()
    np.fill_diagonal(t, INF)
    return t


def mean_time(t, m, rule="drop", cap=None):
    n = len(t)
    out = np.full(n, np.nan)
    for i in range(n):
        others = np.arange(n) != i
        ti, mi = t[i][others].copy(), m[others]
        if rule == "cap":
            ti = np.minimum(ti, cap)
        if rule == "drop":
            mi = np.where(np.isfinite(ti), mi, 0)
        if mi.sum() > 0:
            used = mi > 0
            out[i] = (ti[used] * mi[used]).sum() / mi.sum()
    return out


def cumulative(t, m, c):
    return ((t <= c) * m).sum(axis=1)


def interval(t, m, low, high, step, how):
    values = np.array([cumulative(t, m, low + k * step) for k in range(int((high - low) / step + 1e-9) + 1)])
    return {"median": np.median, "mean": np.mean, "min": np.min, "max": np.max}[how](values, axis=0)


def closest(t, m, n):
    out = np.full(len(t), INF)
    for i, row in enumerate(t):
        have = 0
        for j in np.argsort(row, kind="stable"):
            if not np.isfinite(row[j]):
                break
            have += m[j]
            if have >= n:
                out[i] = row[j]
                break
    return out


def balancing(t, m, d, step, strict):
    out = np.full(len(t), np.nan)
    for i, row in enumerate(t):
        if d[i] == 0:
            out[i] = 0
            continue
        there = np.isfinite(row)
        most = row[there].max(initial=-1)
        k = 0
        while k * step <= most + step:
            have = m[there & (row <= k * step)].sum()
            if have > d[i] or (not strict and have >= d[i]):
                out[i] = k * step
                break
            k += 1
    return out


def two_step(f, s, d):
    return f @ divide(s, d @ f)


def three_step(f, s, d, chance=None):
    g = divide(f, (chance if chance is not None else f).sum(axis=1)[:, None])
    return (g * f) @ divide(s, d @ (g * f))


def modified(f, s, d):
    return (f * f) @ divide(s, d @ f)


def huff_three_step(f, s, d):
    h = divide(f * s, (f * s).sum(axis=1)[:, None])
    return (h * f) @ divide(s, d @ h)


def balanced(f, s, d):
    return divide(f, f.sum(axis=0)[None, :]) @ divide(s, d @ divide(f, f.sum(axis=1)[:, None]))


def availability(f, o, d, alpha):
    share = (d ** alpha / (d ** alpha).sum())[:, None] * divide(f, f.sum(axis=0)[None, :])
    return divide(share, share.sum(axis=0)[None, :]) @ o


def constrained_singly(f, o, d):
    return (d[:, None] * f) @ divide(o, d @ f)


@functools.lru_cache
def geodesics(at):
    """Metres between all of ((lat, lon), ...)."""
    from geographiclib.geodesic import Geodesic
    n = len(at)
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            out[i, j] = out[j, i] = Geodesic.WGS84.Inverse(*at[i], *at[j], Geodesic.DISTANCE)["s12"]
    return out


def field(t, z, a, floor):
    f = np.where(np.isfinite(t), z / np.maximum(t, floor) ** a, -1)
    best = f.argmax(axis=1)
    return np.where(f.max(axis=1) > 0, f.max(axis=1), np.nan), best


# ---- Inequality ---------------------------------------------------------------------------------------------

def used(x, w):
    return np.isfinite(x) & (w > 0)


def mean(x, w):
    k = used(x, w)
    return (x[k] * w[k]).sum() / w[k].sum()


def gini(x, w):
    """Half the relative mean difference: another way than the Lorenz curve."""
    k = used(x, w)
    x, w = x[k], w[k]
    return (np.abs(x[:, None] - x[None, :]) * w[:, None] * w[None, :]).sum() / (2 * w.sum() ** 2 * mean(x, w))


def quantile(x, w, p):
    """Hmisc's wtd.quantile by writing every person down."""
    k = np.isfinite(x) & (w > 0)
    order = np.argsort(x[k], kind="stable")
    everybody = np.repeat(x[k][order], w[k][order].astype(int))
    at = (len(everybody) - 1) * p
    low = int(at)
    high = min(low + 1, len(everybody) - 1)
    return (1 - (at - low)) * everybody[low] + (at - low) * everybody[high]


def palma(x, w, income, shares):
    poor, rich = quantile(income, w, .4), quantile(income, w, .9)
    a, b = used(x, w) & (income > rich), used(x, w) & (income <= poor)
    if shares:
        return (x[a] * w[a]).sum() / (x[b] * w[b]).sum()
    return mean(x[a], w[a]) / mean(x[b], w[b])


def theil_t(x, w, as_r=False):
    k = used(x, w)
    x, w = x[k], w[k]
    mu = mean(x, w)
    some = x > 0
    terms = w[some] * (x[some] / mu) * np.log(x[some] / mu)
    return terms.sum() / (w[some].sum() if as_r else w.sum())


def theil_l(x, w):
    k = used(x, w)
    if (x[k] <= 0).any():
        return math.nan
    return (w[k] * np.log(mean(x, w) / x[k])).sum() / w[k].sum()


def concentration(x, w, income, corrected, average):
    k = used(x, w) & np.isfinite(income)
    xs, ws, y = x[k], w[k], income[k]
    order = np.argsort(y, kind="stable")
    rank = np.empty(len(y))
    rank[order] = (np.cumsum(ws[order]) - ws[order] / 2) / ws.sum()
    if average:
        for v in np.unique(y):
            tie = y == v
            rank[tie] = (rank[tie] * ws[tie]).sum() / ws[tie].sum()
    mu = mean(xs, ws)
    c = 2 * ((rank - .5) * (xs - mu) * ws).sum() / ws.sum() / mu
    if corrected:
        finite = x[np.isfinite(x)]
        c *= 4 * mu / (finite.max() - finite.min())
    return c


def cv(x, w, sample=False):
    k = used(x, w)
    x, w = x[k], w[k]
    mu = mean(x, w)
    square = (w * (x - mu) ** 2).sum() / w.sum()
    return math.sqrt(square) / mu


def fgt(x, w, z, a):
    k = used(x, w)
    x, w = x[k], w[k]
    poor = x < z
    return (w[poor] * ((z - x[poor]) / z) ** a).sum() / w.sum()


def atkinson(x, w, e):
    k = used(x, w)
    x, w = x[k], w[k] / w[k].sum()
    if e == 1:
        return 1 - (0 if (x <= 0).any() else math.exp((w * np.log(x)).sum())) / mean(x, w)
    return 1 - (w * x ** (1 - e)).sum() ** (1 / (1 - e)) / mean(x, w)


# ---- All of it ----------------------------------------------------------------------------------------------

def expectations(t, rows):
    """[(measure, values)] of zones; the column is named m0, m1 ..."""
    column = {k: np.array([float(r[k] or "nan") for r in rows]) for k in
              ("population", "jobs", "schools", "healthcare", "gdp")}
    people, jobs, schools, care, gdp = (column[k] for k in ("population", "jobs", "schools", "healthcare", "gdp"))
    root, one, tr, alone = np.sqrt(people * gdp), np.ones(len(t)), t.T, without_self(t)
    out = [
        ("mean_time", mean_time(t, people)),
        ("mean_time:mass=population,mass2=gdp", mean_time(t, root)),
        ("mean_time:mass=jobs,unreachable=cap:40", mean_time(t, jobs, "cap", 40)),
        ("mean_time:mass=jobs,unreachable=infinite", mean_time(t, jobs, "infinite")),
        ("mean_time:mass=jobs,direction=passive", mean_time(tr, jobs)),
        ("simple_mean_time", mean_time(t, one)),
        ("coefficient:mass=gdp", (lambda a: a / np.nanmean(a))(mean_time(t, gdp))),
        ("potential:mass=jobs,power=1:2,self=no", [np.where(np.isfinite(alone), jobs / np.maximum(alone, 1e-300) ** p, 0)
                                                   .sum(axis=1) for p in (1, 2)]),
        ("potential:mass=population,mass2=gdp,power=1.5,floor=3",
         np.where(np.isfinite(t), root / np.maximum(t, 3) ** 1.5, 0).sum(axis=1)),
        ("potential:mass=jobs,decay=exponential:0.05", over(lambda x: np.exp(-.05 * x))(t) @ jobs),
        ("potential:mass=jobs,self_time=fixed:5.8", None),
        ("daily:mass=gdp,cutoff=15:30", [cumulative(t, gdp, 15), cumulative(t, gdp, 30)]),
        ("cumulative:mass=jobs,cutoff=10:20:30,direction=passive", [cumulative(tr, jobs, c) for c in (10, 20, 30)]),
        ("cumulative:mass=schools,cutoff=15,self=no", cumulative(alone, schools, 15)),
        ("cumulative:mass=1,cutoff=20", cumulative(t, one, 20)),
        ("cumulative_interval:mass=jobs,from=10,to=20,step=2.5,summary=mean", interval(t, jobs, 10, 20, 2.5, "mean")),
        ("cumulative_interval:mass=jobs,from=10,to=21,step=3,variant=r", np.trunc(interval(t, jobs, 10, 21, 3, "median"))),
        ("cumulative_interval:mass=jobs,from=10,to=20,summary=max", interval(t, jobs, 10, 20, 1, "max")),
        ("closest:mass=schools,n=1:3", [closest(t, schools, 1), closest(t, schools, 3)]),
        ("closest:mass=healthcare,n=2,self=no", closest(alone, care, 2)),
        ("balancing_cost:mass=jobs,demand=population", balancing(t, jobs, people, 1, False)),
        ("balancing_cost:mass=jobs,demand=population,step=2.5,variant=r", balancing(t, jobs, people, 2.5, True)),
        ("2sfca:mass=jobs,decay=binary:15", two_step((t <= 15) * 1.0, jobs, people)),
        ("2sfca:mass=schools,decay=exponential:0.1,max_cost=25",
         two_step(DECAYS["exponential:0.1"](np.where(t <= 25, t, INF)), schools, people)),
        ("e2sfca:mass=healthcare", two_step(DECAYS["steps_to:10=1:20=0.68:30=0.22"](t), care, people)),
        ("3sfca:mass=jobs,decay=gaussian:12,max_cost=30",
         three_step(DECAYS["gaussian:12"](np.where(t <= 30, t, INF)), jobs, people)),
        ("3sfca:mass=jobs,decay=gaussian:12,max_cost=20,variant=pysal",
         three_step(DECAYS["gaussian:12"](np.where(t <= 20, t, INF)), jobs, people, DECAYS["gaussian:12"](t))),
        ("m2sfca:mass=jobs,decay=gaussian:12", modified(DECAYS["gaussian:12"](t), jobs, people)),
        ("mh3sfca:mass=healthcare,decay=dai:25", huff_three_step(DECAYS["dai:25"](t), care, people)),
        ("bfca:mass=jobs,decay=linear:30", balanced(DECAYS["linear:30"](t), jobs, people)),
        ("availability:mass=jobs,decay=exponential:0.1", availability(DECAYS["exponential:0.1"](t), jobs, people, 1)),
        ("availability:mass=schools,decay=binary:30,alpha=0.7", availability((t <= 30) * 1.0, schools, people, .7)),
        ("constrained_total:mass=jobs,decay=exponential:0.1",
         (lambda v: v / v.sum() * jobs.sum())(DECAYS["exponential:0.1"](t) @ jobs)),
        ("constrained_singly:mass=jobs,decay=exponential:0.1", constrained_singly(DECAYS["exponential:0.1"](t), jobs, people)),
        ("constrained_singly:mass=population,demand=jobs,decay=exponential:0.1,direction=passive",
         constrained_singly(DECAYS["exponential:0.1"](tr), people, jobs)),
        ("linkage_total:mass=population,mass2=gdp,k=0.5,exponent=2",
         np.where(np.isfinite(alone), .5 * root[:, None] * root[None, :] / np.maximum(alone, 1e-300) ** 2, 0).sum(axis=1)),
    ]
    five = t.copy()
    np.fill_diagonal(five, 5.8)
    out = [(m, np.where(np.isfinite(five), jobs / five, 0).sum(axis=1) if v is None else v) for m, v in out]
    out += [(f"gravity:mass=jobs,decay={name}", f(t) @ jobs) for name, f in DECAYS.items()]
    m = geodesics(tuple((float(r["lat"]), float(r["lon"])) for r in rows))
    near = np.where(np.isfinite(alone) & (m >= 1), 1.0, 0.0)
    line = m / 1000 / 80 * 60
    ratio = np.divide(np.where(near > 0, alone, 0), line, out=np.zeros_like(line), where=line > 0)
    out.append(("network_efficiency:mass=population,ideal_kmh=80",
                np.divide((ratio * near) @ people, near @ people, out=np.full(len(t), np.nan), where=near @ people > 0)))
    near_by = (m <= 5000) @ people
    out.append(("transport_performance:mass=population,cutoff=10,radius=5",
                np.divide(100 * ((t <= 10) @ people), near_by, out=np.full(len(t), np.nan), where=near_by > 0)))
    strength, _ = field(t, jobs, 2, 1)
    out.append(("field:mass=jobs,exponent=2,floor=1", strength))
    return out


def inequalities(rows):
    people = np.array([float(r["population"]) for r in rows])
    income = np.array([float(r["income"] or "nan") for r in rows])
    region = np.array([r["region"] for r in rows])

    def parts(measure, x):
        """Theil by groups: of the groups' means, and within each by its share."""
        k = used(x, people)
        x, w, g = x[k], people[k], region[k]
        mu, whole = mean(x, w), w.sum()
        out = {"between": 0.0, "within": 0.0}
        for name in np.unique(g):
            m = g == name
            p, mine = w[m].sum() / whole, mean(x[m], w[m])
            if measure == "t":
                out["between"] += p * mine / mu * math.log(mine / mu)
                out["within"] += p * mine / mu * theil_t(x[m], w[m])
            else:
                out["between"] += p * math.log(mu / mine)
                out["within"] += p * theil_l(x[m], w[m])
        return out

    return [
        ("mean", {"mean": lambda x: mean(x, people)}),
        ("gini", {"gini": lambda x: gini(x, people)}),
        ("palma:income=income", {"palma": lambda x: palma(x, people, income, False)}),
        ("palma:income=income,variant=shares,as=palma_shares", {"palma_shares": lambda x: palma(x, people, income, True)}),
        ("theil_t", {"theil_t": lambda x: theil_t(x, people)}),
        ("theil_t:variant=r,as=theil_t_r", {"theil_t_r": lambda x: theil_t(x, people, True)}),
        ("theil_l", {"theil_l": lambda x: theil_l(x, people)}),
        ("theil_t:group=region,as=tg", {"tg_between": lambda x: parts("t", x)["between"],
                                        "tg_within": lambda x: parts("t", x)["within"]}),
        ("theil_l:group=region,as=lg", {"lg_between": lambda x: parts("l", x)["between"],
                                        "lg_within": lambda x: parts("l", x)["within"]}),
        ("concentration:income=income", {"concentration": lambda x: concentration(x, people, income, False, True)}),
        ("concentration:income=income,variant=r,as=cr", {"cr": lambda x: concentration(x, people, income, False, False)}),
        ("concentration_corrected:income=income",
         {"concentration_corrected": lambda x: concentration(x, people, income, True, True)}),
        ("cv", {"cv": lambda x: cv(x, people)}),
        ("fgt:line=20000,alpha=0:1:2", {f"fgt_{a}": (lambda x, a=a: fgt(x, people, 20000, a)) for a in (0, 1, 2)}),
        ("atkinson:epsilon=0.5:1", {"atkinson_0_5": lambda x: atkinson(x, people, .5), "atkinson_1": lambda x: atkinson(x, people, 1)}),
        ("quantile_ratio", {"p90_p10": lambda x: quantile(x, people, .9) / quantile(x, people, .1)}),
    ]


class Tally:
    def __init__(self):
        self.numbers = self.wrong = 0

    def compare(self, what, got, expected):
        self.numbers += 1
        got = math.nan if got is None else float(got)
        same = (math.isnan(got) and not math.isfinite(expected)) or \
            got == expected or abs(got - expected) <= max(RELATIVE * abs(expected), ROUNDING)
        if not same:
            self.wrong += 1
            if self.wrong <= 40:
                print(f"{what}: {got!r}, expected {expected!r}")


def flatten(list_):
    """[(measure as asked, column, values)]: a list of values is of a measure that makes several."""
    out, asked = [], []
    for k, (measure, values) in enumerate(list_):
        asked.append(measure + ("," if ":" in measure else ":") + f"as=m{k}")
        several = values if isinstance(values, list) else [values]
        for i, v in enumerate(several):
            out.append((measure, k, i, len(several), v))
    return asked, out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--zones", type=int, default=0)
    options = parser.parse_args()
    np.seterr(all="ignore")  # what is not defined is nan, here and there
    hourshed = program.Program(options.program)
    rows = read_zones(options.zones)
    ids = [r["id"] for r in rows]
    tally = Tally()
    with program.folder() as scratch:
        scratch = pathlib.Path(scratch)
        write_zones(rows, scratch / "zones.csv")
        hourshed.run("build", scratch / "net.hsn", "--osm", program.data("porto_alegre/poa_osm.pbf"), "--profile",
                     program.profile_path("car-osm"))
        hourshed.run("matrix", scratch / "net.hsn", "--targets", scratch / "zones.csv", "-o", scratch / "m.csv", expect=None)
        times = read_matrix(scratch / "m.csv", ids)
        print(f"{len(ids)} zones, {np.isfinite(times).sum()} pairs of {times.size}, "
              f"{(times != times.T).sum()} of them not the same there and back")
        unequal = inequalities(rows)
        for kind, source in (("matrix", ("--matrix", scratch / "m.csv")), ("network", (scratch / "net.hsn",))):
            out = scratch / f"access_of_{kind}.gpkg"  # two names: one that is not written must not be taken for the other
            if kind == "network":
                times = np.round(times * 60000) / 60000  # the file has five decimals of a minute
                unequal = [u for u in unequal if "income" in u[0] or "group" in u[0]]  # what reads columns of zones
            asked, expected = flatten(expectations(times, rows))
            arguments = [a for m in asked for a in ("--measure", m)]
            arguments += [a for m, _ in unequal for a in ("--inequality", m)]
            hourshed.run("access", *source, "--zones", scratch / "zones.csv", *arguments, "-o", out, expect=None)
            check(out, ids, expected, unequal, rows, tally)
        pairs(hourshed, scratch, times, rows, tally)
    print(f"{tally.numbers} numbers, {tally.wrong} differ")
    return 1 if tally.wrong or not tally.numbers else 0


def column_of(columns, k, i, count):
    """Of the i-th measure that text k makes: m7, or m7_30 and so on."""
    return f"m{k}" if count == 1 else [c for c in columns if c.startswith(f"m{k}_")][i]


def check(path, ids, expected, unequal, rows, tally):
    file = program.GeoPackage(path)
    got = {row["id"]: row for row in file.rows("access")}
    columns = list(next(iter(got.values())).keys())
    for measure, k, i, count, values in expected:
        column = column_of(columns, k, i, count)
        for z, id_ in enumerate(ids):
            tally.compare(f"{measure} [{i}] of {id_}", got[id_][column], values[z])
    stated = {(r["measure"], r["statistic"], r["grp"] if "grp" in r.keys() else r["group"]): r["value"]
              for r in file.rows("inequality")}
    for measure, k, i, count, values in expected:
        column = column_of(columns, k, i, count)
        if (np.isfinite(values) | np.isnan(values)).all():
            for _, statistics in unequal:
                for name, function in statistics.items():
                    tally.compare(f"{name} of {measure} [{i}]", stated.get((column, name, None), stated.get((column, name, ""))),
                                  function(values))


def pairs(hourshed, scratch, times, rows, tally):
    """Measures of pairs, on a part of the zones."""
    some = [i for i in range(len(rows)) if i % 20 == 0]
    part = [rows[i] for i in some]
    write_zones(part, scratch / "some.csv")
    t = times[np.ix_(some, some)]
    people, gdp = (np.array([float(r[k]) for r in part]) for k in ("population", "gdp"))
    root = np.sqrt(people * gdp)
    alone = without_self(t)
    with np.errstate(divide="ignore", invalid="ignore"):
        huff = np.where(np.isfinite(t), gdp[None, :] / np.maximum(t, 2) ** 2, 0)
        expected = {"m0": np.where(np.isfinite(alone), root[:, None] * root[None, :] / alone ** 2, np.nan),
                    "m1": huff / huff.sum(axis=1)[:, None],
                    "m2": np.where(np.isfinite(alone), alone / (1 + np.sqrt(gdp[None, :] / gdp[:, None])), np.nan)}
    with open(scratch / "some_matrix.csv", "w", encoding="utf-8") as file:
        print("from_id,to_id,time_min", file=file)
        for i, a in enumerate(part):
            for j, b in enumerate(part):
                if np.isfinite(t[i, j]):
                    print(a["id"], b["id"], repr(float(t[i, j])), sep=",", file=file)
    out = scratch / "pairs.gpkg"
    hourshed.run("access", "--matrix", scratch / "some_matrix.csv", "--zones", scratch / "some.csv", "-o", out,
                 "--measure", "linkage:mass=population,mass2=gdp,as=m0", "--measure", "huff:mass=gdp,floor=2,as=m1",
                 "--measure", "breakpoint:mass=gdp,as=m2", expect=None)
    index = {r["id"]: i for i, r in enumerate(part)}
    seen = 0
    for row in program.GeoPackage(out).rows("pairs"):
        i, j = index[row["from_id"]], index[row["to_id"]]
        for name, values in expected.items():
            tally.compare(f"{name} of {row['from_id']} {row['to_id']}", row[name], values[i, j])
            seen += 1
    if not seen:
        tally.compare("no pairs at all", 0, 1)


if __name__ == "__main__":
    sys.exit(main())
