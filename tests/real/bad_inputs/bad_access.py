"""Matrices and zones with something wrong, for the rows of `access`: folder a/."""

MASSES = "id,name,people,jobs,income,region\na,A,10,20,4,x\nb,B,4,4,1,y\nc,C,2,1,2,y\n"


def rows(pairs=None, change=None):
    """A matrix of a, b, c, 5 minutes within and 20 between; change: texts instead of some lines' ends."""
    lines = [(x, y, "5" if x == y else "20") for x in "abc" for y in "abc"]
    return "from_id,to_id,time_min\n" + "".join(
        f"{x},{y},{(change or {}).get((x, y), t)}\n" for x, y, t in lines if not pairs or pairs(x, y))


def make(put):
    put("a/zones.csv", MASSES)
    put("a/times.csv", rows())
    put("a/twice.csv", rows() + "a,b,21\n")
    put("a/unknown.csv", rows() + "d,a,7\ne,a,7\n")
    put("a/unknown_to.csv", rows() + "a,d,7\n")
    put("a/no_row.csv", rows(lambda x, y: x != "c"))
    put("a/word.csv", rows(change={("a", "b"): "many"}))
    put("a/pipe.csv", rows().replace(",", "|"))
    put("a/two_columns.csv", "from_id,to_id\na,b\nb,a\n")
    put("a/no_ids.csv", "a,b,20\nb,a,20\n")
    put("a/no_pairs.csv", "from_id,to_id,time_min\n")
    put("a/short_row.csv", rows() + "a,b\n")
    put("a/broken.omx", b"this is not HDF5\n" * 20)
    put("a/wide.csv", "id,a,b,c\na,5,20,20\nb,20,5\nc,20,20,5\n")
    put("a/wide_twice.csv", "id,a,b,a\na,5,20,20\nb,20,5,20\nc,20,20,5\n")
    put("a/negative.csv", MASSES.replace("b,B,4,4", "b,B,4,-4"))
    put("a/nan_income.csv", MASSES.replace("4,4,1,y", "4,4,nan,y"))
    put("a/no_income.csv", MASSES.replace("4,4,1,y", "4,4,,y"))
    put("a/no_mass.csv", MASSES.replace("b,B,4,4", "b,B,4,"))
    put("a/word_mass.csv", MASSES.replace("b,B,4,4", "b,B,4,some"))
    put("a/same_id.csv", MASSES + "a,D,1,1,1,x\n")
    put("a/empty.csv", "id,name,people,jobs,income,region\n")
    put("a/zero_time.csv", rows(change={("a", "b"): "0"}))
    put("a/half.csv", MASSES.replace("c,C,2,1,2,y\n", ""))
    put("a/points.csv", "id,lon,lat,people,jobs,region\na,121.47,31.23,10,20,x\nb,121.473,31.23,4,4,x\n")
