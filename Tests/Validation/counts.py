"""Checks the folder of a comparison with counts: every figure anew from counts.csv."""

import math
import os

from basics import Refusal, Run, close, moment, parse_json

COLUMNS = "site begin end observed modelled observed_veh_h modelled_veh_h geh".split()
COLOURS = [(5, "#1a9850"), (10, "#fdae61"), (math.inf, "#d73027")]


def is_one(folder):
    try:
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as stream:
            return parse_json(stream.read(), False).get("format") == "citytwin-counts"
    except (OSError, Refusal, AttributeError, UnicodeDecodeError):
        return False


def geh(m, c):
    return math.sqrt(2 * (m - c) ** 2 / (m + c)) if m + c > 0 else 0


def validate(folder):
    run = Run(folder)
    run.site_hours = 0
    figures = run.json("manifest.json")
    rows = run.table("counts.csv", COLUMNS)
    points = run.json("counts.geojson", True)
    if figures is None or rows is None or points is None:
        return run
    hours = []
    for line, row in enumerate(rows, start=2):
        try:
            values = [float(row[key]) for key in COLUMNS[3:]]
            length = (moment(row["end"]) - moment(row["begin"])) / 3_600_000
        except (Refusal, ValueError) as error:
            run.complain("counts.csv", "cell", f"line {line}: {error}")
            return run
        observed, modelled, c, m, found = values
        if length <= 0 or min(values) < 0:
            run.complain("counts.csv", "range", f"line {line}")
            continue
        # Counts of parts of an hour stand for the time that they cover.
        if not c >= observed / length - 0.006 or not m >= modelled / length - 0.006:
            run.complain("counts.csv", "hourly volume", f"line {line}")
        if not close(found, geh(m, c), 0.002):
            run.complain("counts.csv", "geh", f"line {line}: {found}, expected {geh(m, c):.3f}")
        hours.append((row["site"], c, m, observed, modelled))
    run.site_hours = len(hours)
    check_figures(run, figures, hours)
    check_points(run, points, {site for site, *_ in hours})
    return run


def check_figures(run, figures, hours):
    n = len(hours)
    gehs = [geh(m, c) for _, c, m, _, _ in hours]
    square = sum((m - c) ** 2 for _, c, m, _, _ in hours)
    mean_c, mean_m = sum(h[1] for h in hours) / n, sum(h[2] for h in hours) / n
    xx = sum((c - mean_c) ** 2 for _, c, _, _, _ in hours)
    xy = sum((c - mean_c) * (m - mean_m) for _, c, m, _, _ in hours)
    wanted = {
        "sites": len({h[0] for h in hours}),
        "site_hours": n,
        "geh_below_5": sum(g < 5 for g in gehs),
        "geh_below_10": sum(g < 10 for g in gehs),
        "share_below_5": sum(g < 5 for g in gehs) / n,
        "rmse_veh_h": math.sqrt(square / n),
        "observed_total": sum(h[3] for h in hours),
        "modelled_total": sum(h[4] for h in hours),
    }
    if n > 1 and xx > 1e-6:
        wanted["slope"] = xy / xx
    for key, value in wanted.items():
        found = figures.get(key)
        if not isinstance(found, (int, float)) or not close(found, value, 0.01, 1e-4):
            run.complain("manifest.json", "figure", f"{key} is {found!r}, expected {value:.4f}")


def check_points(run, points, sites):
    name = "counts.geojson"
    for feature in points.get("features", []):
        properties = feature.get("properties", {})
        lon, lat = feature["geometry"]["coordinates"]
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            run.complain(name, "position", str(feature["geometry"]))
        if properties.get("site") not in sites:
            run.complain(name, "site", repr(properties.get("site")))
        colour = next(word for limit, word in COLOURS if properties["geh"] < limit)
        if properties.get("marker-color") != colour:
            run.complain(name, "colour", f"{properties.get('marker-color')} at {properties['geh']}")
