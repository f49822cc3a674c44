"""How alike traffic is in CityTwin and SUMO, figure by figure."""

import csv
import dataclasses
import json
import os
import re
import statistics
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict

from peers.environment import Failure
from peers.kept import NotKept
from peers.speed import clock

INTERVAL = 300
# Seconds between two looks at who stands: no part of a signal's cycle, which would be seen at the same
# moments again and again.
LOOK = 25
# m/s
SLOW = 10 / 3.6
# What is compared, with its unit.
FIGURES = {
    "arrived": "trips", "on the road at the end": "vehicles", "waiting outside at the end": "trips",
    "delay": "s a trip due", "standing": "vehicles, mean",
    "below 10 km/h": "vehicles, mean", "mean speed": "km/h",
    "links left over their end": "vehicles on all links",
}
COLUMNS = [
    "work", "figure", "unit", "SUMO", "cim", "difference", "spread of SUMO", "within",
    "SUMO at 0.5 s", "finer", "open views",
]


def agreement_table(environment, maker, options, kept):
    """The lines of the table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---|---:|---:|---:|---:|---|---:|---:|---:|"]
    for place in range(len(list(maker.works()))):
        theirs, ours, other, fine, open_views, flows = [], [], [], None, None, []
        for seed in range(1, options.seeds + 1):
            work = list(maker.works(seed))[place]
            try:
                theirs.append(sumo(environment, maker, kept, work, 1, f"s{seed}"))
            except NotKept:
                break
            if seed == 1:
                name = work.name
                other = sumo(environment, maker, kept, work, 0.5, "half")
                if options.fine and not work.is_grid:
                    fine = sumo(environment, maker, kept, work, options.fine, "fine")
                    open_views = sumo(
                        environment, maker, kept,
                        dataclasses.replace(work, net=maker.with_open_views(work.net)), 1, "views")
            print(f"compare-peers: {work.name}, seed {seed}: SUMO done", file=sys.stderr, flush=True)
            if options.peers_only:
                continue
            ours.append(cim(environment, maker, work, f"s{seed}"))
            known = ours[-1]["links"]
            for side in [theirs[-1], ours[-1]] + [r for r in (other, fine, open_views) if r and seed == 1]:
                side["links left over their end"] = sum(
                    n for (link, _), n in side["flows"].items() if link in known)
            if seed == 1:
                flows = [flow_agreement(theirs[0], ours[0]), flow_agreement(theirs[0], other)]
            elif seed == 2:
                flows.append(flow_agreement(theirs[0], theirs[1]))
        if options.peers_only or not theirs:
            continue
        name += f" ({len(theirs)} seed{'s' if len(theirs) > 1 else ''})"
        for figure, unit in FIGURES.items():
            line = row(name, figure, unit, theirs, ours, [other, fine, open_views])
            lines += [line] if line else []
        if flows[0]:
            spread = max(f[0] for f in flows[1:])
            more = [
                flow_agreement(theirs[0], r) if r else None for r in (other, fine, open_views)]
            lines.append(
                f"| {name} | five-minute link flows, mean difference | % of the mean | | | "
                f"{flows[0][0]:.1f} % | {spread:.1f} % | "
                f"{'yes' if flows[0][0] <= max(5, spread) else 'no'} | "
                + " | ".join(f"{f[0]:.1f} %" if f else "" for f in more) + " |")
            lines.append(
                f"| {name} | five-minute link flows, GEH below 5 | % of them | | | "
                f"{flows[0][1]:.1f} % | {min(f[1] for f in flows[1:]):.1f} % | | "
                + " | ".join(f"{f[1]:.1f} %" if f else "" for f in more) + " |")
    return lines


def row(name, figure, unit, theirs, ours, others):
    known = [(a[figure], b[figure]) for a, b in zip(theirs, ours) if a[figure] is not None]
    if not known:
        return None
    values = [a for a, _ in known]
    mean = statistics.mean(values)
    own = statistics.mean(b for _, b in known)
    widest = max(values) - min(values)
    other = others[0]
    if other[figure] is not None and theirs[0][figure] is not None:
        widest = max(widest, abs(other[figure] - theirs[0][figure]))

    def percent(x):
        return x / mean * 100 if mean else (0 if x == 0 else float("inf"))

    difference, spread = percent(own - mean), percent(widest)
    isAlike = abs(difference) <= max(5, spread)
    # A handful of trips is no per cent of anything.
    if figure.startswith("waiting"):
        isAlike = isAlike or abs(own - mean) <= 0.005 * statistics.mean(r["due"] for r in theirs)
    verdict = "yes" if isAlike else "no"
    return (
        f"| {name} | {figure} | {unit} | {mean:,.1f} | {own:,.1f} | {difference:+.1f} % | "
        f"{spread:.1f} % | {verdict} | "
        + " | ".join(cell(r, figure) for r in others) + " |")


def cell(run, figure):
    return f"{run[figure]:,.1f}" if run and run[figure] is not None else ""


def flow_agreement(a, b):
    """The mean difference of link flows in an interval, in per cent of the mean flow, and the share
    of links and intervals with a GEH below 5; None where a side has no flows."""
    if not a["flows"] or not b["flows"]:
        return None
    # Links that are part of a junction on one side have flows on the other one alone.
    known = [r["links"] for r in (a, b) if "links" in r]
    keys = {k for k in set(a["flows"]) | set(b["flows"]) if all(k[0] in links for links in known)}
    total = sum(a["flows"].get(k, 0) for k in keys)
    difference, good = 0, 0
    for key in keys:
        x, y = a["flows"].get(key, 0), b["flows"].get(key, 0)
        difference += abs(x - y)
        hourly = 3600 / INTERVAL
        x, y = x * hourly, y * hourly
        good += x == y or (2 * (x - y) ** 2 / (x + y)) ** 0.5 < 5
    return difference / total * 100, good / len(keys) * 100


# One run of each


def lengths(net):
    """Metres and seconds of every edge when it is empty, with the way over the junction after it."""
    root = ElementTree.parse(net).getroot()
    own = {}
    for edge in root.findall("edge"):
        lane = edge.find("lane")
        if lane is not None:
            own[edge.get("id")] = float(lane.get("length")) / float(lane.get("speed"))
    lane_seconds = {
        lane.get("id"): float(lane.get("length")) / float(lane.get("speed"))
        for lane in root.iter("lane")}
    over = {}
    for c in root.findall("connection"):
        via = c.get("via")
        if via:
            over[c.get("from"), c.get("to")] = lane_seconds.get(via, 0)
    return own, over


def trips_of(routes):
    """By trip: when it wants to set out and its way."""
    with open(routes, encoding="utf-8") as file:
        text = file.read()
    found = re.findall(
        r'<vehicle id="([^"]*)"[^>]*depart="([\d.]+)"[^>]*>\s*<route edges="([^"]*)"', text)
    return {trip: (float(second), way.split()) for trip, second, way in found}


def mean_delay(work, end, arrival):
    """Seconds beyond those of an empty road, of all trips due: of those who have arrived by their
    arrivals, of all others at least what they have been on the way so far beyond their whole free
    time."""
    own, over = lengths(work.net)
    total, due = 0.0, 0
    for trip, (second, way) in trips_of(work.routes).items():
        if second >= end:
            continue
        due += 1
        free = sum(own.get(e, 0) for e in way) + sum(
            over.get(pair, 0) for pair in zip(way, way[1:]))
        total += max(0, arrival.get(trip, end) - second - free)
    return total / max(1, due)


SUMO = ["--no-step-log", "--no-warnings", "--time-to-teleport", "-1", "--step-method.ballistic"]


def sumo(environment, maker, kept, work, step, tag):
    base = maker.path(f"sumo-{os.path.basename(work.routes)}-{tag}")
    end = work.begin + work.minutes * 60
    alike = dataclasses.replace(work, routes=maker.alike(work))
    # A network that comes with its routes has one demand: there the drivers are drawn anew.
    seed = ["--seed", str(work.seed)] if work.seed > 1 else []

    def drive():
        extra = base + ".add.xml"
        with open(extra, "w", encoding="utf-8") as file:
            file.write(
                f'<additional><edgeData id="f" freq="{INTERVAL}" file="{base}.flows.xml"/>'
                "</additional>")
        environment.run(
            [environment.program("sumo"), "--net-file", work.net, "--route-files", alike.routes,
             "--additional-files", extra, "--begin", str(work.begin), "--end", str(end),
             "--step-length", str(step), *SUMO, *seed, "--tripinfo-output", base + ".trips.xml",
             "--summary-output", base + ".steps.xml", "--fcd-output", base + ".fcd.xml",
             "--device.fcd.period", str(LOOK), "--fcd-output.attributes", "id,speed"])

    # What it wrote is read every time: what is looked at in it may change.
    kept.runs(alike, f"traffic-{tag}", [step, INTERVAL, *SUMO, *seed], 1, drive)
    arrival = {}
    for _, e in ElementTree.iterparse(base + ".trips.xml"):
        if e.tag == "tripinfo":
            arrival[e.get("id")] = float(e.get("arrival"))
            e.clear()
    slow = None
    # Runs that were kept before there was such a file have none.
    if os.path.exists(base + ".fcd.xml"):
        slow = statistics.mean(
            sum(float(v.get("speed")) < SLOW for v in e)
            for _, e in ElementTree.iterparse(base + ".fcd.xml") if e.tag == "timestep")
    steps = [
        e.attrib for _, e in ElementTree.iterparse(base + ".steps.xml") if e.tag == "step"]
    last = steps[-1]
    flows = defaultdict(float)
    speeds, hours = 0.0, 0.0
    for _, interval in ElementTree.iterparse(base + ".flows.xml"):
        if interval.tag != "interval":
            continue
        begin = int(float(interval.get("begin")))
        for edge in interval.findall("edge"):
            flows[edge.get("id"), begin] = float(edge.get("left", 0))
            hours += float(edge.get("sampledSeconds", 0))
            speeds += float(edge.get("sampledSeconds", 0)) * float(edge.get("speed", 0))
        interval.clear()
    return {
        "arrived": len(arrival), "on the road at the end": int(last["running"]),
        "waiting outside at the end": int(last["waiting"]),
        "delay": mean_delay(work, end, arrival), "due": len(trips_of(work.routes)),
        "standing": statistics.mean(
            int(s["halting"]) for s in steps if float(s["time"]) % LOOK == 0),
        "below 10 km/h": slow,
        "mean speed": speeds / max(hours, 1) * 3.6,
        "flows": {k: v for k, v in flows.items() if v > 0},
    }


def cim(environment, maker, work, tag):
    city, _ = maker.city(dataclasses.replace(work, routes=maker.alike(work)))
    with open(os.path.join(city, "scenario.json"), encoding="utf-8") as file:
        settings = json.load(file)
    settings["outputs"] = {
        "interval": "1min", "movements": {"interval": f"{INTERVAL}s"},
        "snapshots": {"interval": f"{LOOK}s", "layers": ["vehicles"]}}
    scenario = os.path.join(city, "agreement.json")
    out = maker.path(f"cim-{os.path.basename(work.routes)}-{tag}")
    command = [
        environment.cim, "run", scenario, "--out", out, "--quiet", "--seed", str(work.seed),
        "--until",
        settings["clock"]["start"][:11] + clock(settings, work)]
    save(settings, scenario)
    try:
        environment.run(command)
    except Failure as failure:
        # A version that does not know movements yet has no link flows.
        if "movements" not in str(failure):
            raise
        del settings["outputs"]["movements"]
        save(settings, scenario)
        environment.run(command)
    with open(os.path.join(out, "metrics.json"), encoding="utf-8") as file:
        metrics = json.load(file)
    arrival = {}
    with open(os.path.join(out, "trips.csv"), newline="", encoding="utf-8") as file:
        for r in csv.DictReader(file):
            if r["arrived"]:
                arrival[r["id"]] = seconds(r["arrived"])
    flows = defaultdict(float)
    movements = os.path.join(out, "movements.csv")
    if os.path.exists(movements):
        with open(movements, newline="", encoding="utf-8") as file:
            for r in csv.DictReader(file):
                flows[r["from_link"], int(seconds(r["begin"]))] += float(r["volume"])
    standing, slow = [], []
    for entry in os.scandir(os.path.join(out, "snapshots")):
        with open(entry.path, encoding="utf-8") as file:
            speeds = re.findall(r'"speed_kmh": ?([\d.]+)', file.read())
        # SUMO's vehicles halt below 0.1 m/s.
        standing.append(sum(float(v) < 0.36 for v in speeds))
        slow.append(sum(float(v) < 10 for v in speeds))
    with open(os.path.join(out, "links.geojson"), encoding="utf-8") as file:
        links = {f["properties"]["id"] for f in json.load(file)["features"]}
    trips = metrics["trips"]
    return {
        "links": links,
        "arrived": trips["arrived"], "on the road at the end": trips["on_road"],
        "waiting outside at the end": trips["waiting"],
        "delay": mean_delay(work, work.begin + work.minutes * 60, arrival),
        "standing": statistics.mean(standing) if standing else 0,
        "below 10 km/h": statistics.mean(slow) if slow else 0,
        "mean speed": metrics["traffic"]["mean_speed_kmh"],
        "flows": {k: v for k, v in flows.items() if v > 0},
    }


def save(settings, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(settings, file)


def seconds(moment):
    """Seconds after the midnight that SUMO's second 0 is."""
    day, time = int(moment[8:10]) - 1, moment[11:]
    return day * 86400 + int(time[:2]) * 3600 + int(time[3:5]) * 60 + float(time[6:].rstrip("Z"))
