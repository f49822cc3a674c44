"""Checks the folder of a comparison: computes every row anew from the figures of the runs."""

import json
import math
import os

from basics import HASH, Refusal, Run, close, is_number, moment

COLUMNS = "variant figure baseline value difference low high replications".split()
# What is written has six decimals.
SLACK = 1.1e-6


def is_one(folder):
    """Whether a folder says that it holds a comparison."""
    try:
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as stream:
            return json.load(stream).get("format") == "citytwin-comparison"
    except (OSError, ValueError, AttributeError):
        return False


def t_within(t, degrees):
    """The probability of Student's t within ±t, by the finite sums of Abramowitz and Stegun,
    26.7.3 and 26.7.4."""
    theta = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(theta), math.cos(theta)
    if degrees == 1:
        return 2 * theta / math.pi
    total = term = cosine if degrees % 2 else 1.0
    for k in range(3 if degrees % 2 else 2, degrees - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return 2 / math.pi * (theta + sine * total) if degrees % 2 else sine * total


def t_quantile(degrees, confidence=0.95):
    low, high = 0.0, 1.0
    while t_within(high, degrees) < confidence:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_within(middle, degrees) < confidence else (low, middle)
    return high


def paired(baseline, value):
    """What a row has to say about two lists of figures."""
    pairs = [(a, b) for a, b in zip(baseline, value) if a is not None and b is not None]
    count = len(pairs)
    row = dict.fromkeys(COLUMNS[2:7])
    row["replications"] = count
    if not pairs:
        return row
    differences = [b - a for a, b in pairs]
    mean = math.fsum(differences) / count
    row["baseline"] = math.fsum(a for a, _ in pairs) / count
    row["value"] = math.fsum(b for _, b in pairs) / count
    row["difference"] = mean
    if count > 1:
        spread = math.sqrt(math.fsum((d - mean) ** 2 for d in differences) / (count - 1))
        half = t_quantile(count - 1) * spread / math.sqrt(count)
        row["low"], row["high"] = mean - half, mean + half
    return row


def validate(folder, is_interrupted=False):
    run = Run(folder, is_interrupted)
    run.figures = run.runs = 0
    labels, seeds = check_manifest(run)
    for path, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".part"):
                run.complain(name, "left over", "an unfinished file")
    if labels is None:
        return run
    figures = read_replications(run, labels, seeds)
    if is_interrupted:
        for name in ("comparison.json", "comparison.csv"):
            if run.has(name):
                run.complain(name, "not interrupted", "there is a comparison")
    elif figures is not None:
        check_rows(run, labels, len(seeds), figures)
    return run


def check_manifest(run):
    name = "manifest.json"
    manifest = run.json(name)
    if not isinstance(manifest, dict):
        return None, None
    run.manifest = manifest
    wanted = "interrupted" if run.is_interrupted else "complete"
    if manifest.get("ended") != wanted:
        run.complain(name, f"not {wanted}", repr(manifest.get("ended")))
    for key in ("threads", "host", "wall_s"):
        if key in manifest:
            run.complain(name, "differs between equal comparisons", key)
    try:
        labels = [scenario["label"] for scenario in manifest["scenarios"]]
        seeds = manifest["seeds"]
        moment(manifest["end"])
        if len(set(labels)) != len(labels) or len(labels) < 2 or labels[0] != manifest["baseline"]:
            run.complain(name, "labels", repr(labels))
        if seeds != [seeds[0] + i for i in range(manifest["replications"])]:
            run.complain(name, "seeds", repr(seeds))
        for scenario in manifest["scenarios"]:
            check_scenario(run, name, scenario, len(seeds))
    except (KeyError, TypeError, IndexError, Refusal) as error:
        run.complain(name, "missing key", repr(error))
        return None, None
    return labels, seeds


def check_scenario(run, name, scenario, replications):
    hashes = scenario["state_hashes"]
    if len(hashes) != replications:
        run.complain(name, "state hashes", f"{len(hashes)} of {scenario['label']}")
    for value in [*hashes, scenario["network_hash"]]:
        missing = value is None and run.is_interrupted
        if not missing and (not isinstance(value, str) or not HASH.match(value)):
            run.complain(name, "state hashes", repr(value))
    for record in scenario["inputs"]:
        if record["file"].startswith("/"):
            run.complain(name, "absolute path", record["file"])


def read_replications(run, labels, seeds):
    """By label and figure a list of values, one for each replication."""
    name = "replications.csv"
    rows = run.table(name, "scenario replication seed figure value".split())
    if rows is None:
        return None
    figures = {label: {} for label in labels}
    runs = set()
    for i, row in enumerate(rows, start=2):
        try:
            number = int(row["replication"])
            if row["scenario"] not in figures or seeds[number - 1] != int(row["seed"]):
                raise ValueError(f"{row['scenario']}, seed {row['seed']}")
            values = figures[row["scenario"]].setdefault(row["figure"], [None] * len(seeds))
            if (row["scenario"], number, row["figure"]) in runs:
                run.complain(name, "twice", f"line {i}")
            runs.add((row["scenario"], number, row["figure"]))
            values[number - 1] = float(row["value"]) if row["value"] else None
        except (ValueError, IndexError) as error:
            run.complain(name, "cell", f"line {i}: {error}")
    run.runs = len({(label, number) for label, number, _ in runs})
    wanted = sum(h is not None for s in run.manifest["scenarios"] for h in s["state_hashes"])
    if run.runs != wanted:
        run.complain(name, "runs", f"{run.runs}, the manifest has {wanted}")
    return figures


def check_rows(run, labels, replications, figures):
    document = run.json("comparison.json")
    table = run.table("comparison.csv", COLUMNS)
    if not isinstance(document, list) or table is None:
        run.complain("comparison.json", "json", "not a list of objects")
        return
    found = {}
    for row in document:
        if not isinstance(row, dict) or list(row) != COLUMNS:
            run.complain("comparison.json", "columns", str(row)[:60])
            return
        found[row["variant"], row["figure"]] = row
    run.figures = len(document)
    names = [
        (label, figure)
        for label in labels[1:]
        for figure in {**figures[labels[0]], **figures[label]}
    ]
    if sorted(found) != sorted(names) or len(found) != len(document):
        run.complain("comparison.json", "rows", f"{len(document)}, expected {len(names)}")
        return
    blank = [None] * replications
    for (label, figure), row in found.items():
        wanted = paired(figures[labels[0]].get(figure, blank), figures[label].get(figure, blank))
        for key, value in wanted.items():
            is_same = (row[key] is None) == (value is None) and (
                value is None or close(row[key], value, SLACK, 1e-9)
            )
            if not is_same:
                text = f"{label}, {figure}, {key}: {row[key]}, expected {value}"
                run.complain("comparison.json", "recount", text)
    check_table(run, document, table)


def check_table(run, document, table):
    if len(table) != len(document):
        run.complain("comparison.csv", "rows", f"{len(table)}, the JSON has {len(document)}")
        return
    for row, cells in zip(document, table):
        for key in COLUMNS:
            value = row[key]
            same = (
                float(cells[key] or "nan") == value
                if is_number(value)
                else cells[key] == ("" if value is None else value)
            )
            if not same:
                run.complain("comparison.csv", "differs", f"{row['figure']}, {key}: {cells[key]}")
