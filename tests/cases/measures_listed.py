#!/usr/bin/python3
"""docs/measures.md is what the registry and the cases say: measures_listed.py RUNNER

Every measure has one row, with the function and the reference the registry names; every case file named in a row exists and
mentions that measure in an expectation; every case file is named in some row.
"""
import pathlib
import re
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
page = (here.parent.parent / "docs" / "measures.md").read_text(encoding="utf-8")
listed, references = {}, {}
for line in subprocess.run([sys.argv[1], "--list"], capture_output=True, text=True, check=True).stdout.splitlines():
    name, function, reference = line.split(" ", 2)
    listed[name], references[name] = function, reference
wrong, rows, named = [], {}, set()

for line in page.splitlines():
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    name = re.fullmatch(r"`([a-z0-9_]+)`", cells[0])
    if not line.startswith("| `") or not name:
        continue
    name = name.group(1)
    if name in rows:
        wrong.append(f"{name} has two rows")
    rows[name] = cells
    if len(cells) != 4 or not cells[3]:
        wrong.append(f"{name}: measure, function, cases and reference were expected")
        continue
    if cells[1].strip("`") != listed.get(name):
        wrong.append(f"{name}: function {cells[1]}, the registry says {listed.get(name)}")
    if cells[3] != references.get(name):
        wrong.append(f"{name}: reference {cells[3]}, the registry says {references.get(name)}")
    cases = re.findall(r"`(measures_\w+\.case)`", cells[2])
    if not cases:
        wrong.append(f"{name}: no case")
    for case in cases:
        named.add(case)
        path = here / case
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if not re.search(rf"^(measure|pairs|inequality) {re.escape(name)}[: ]", text, re.M):
            wrong.append(f"{name}: {case} does not expect anything of it")

wrong += [f"{name} is in the table, but is no measure" for name in rows if name not in listed]
wrong += [f"{name} is not in the table" for name in listed if name not in rows]
wrong += [f"{path.name} is in no row" for path in sorted(here.glob("measures_*.case")) if path.name not in named]
for line in wrong:
    print(f"docs/measures.md: {line}")
print(f"{len(rows)} rows, {len(listed)} measures")
sys.exit(1 if wrong or not rows else 0)
