#!/usr/bin/env python3
"""Checks a folder that `cim export network` wrote, without any code of the engine.

    validate_network.py DIR    exit 0 if all is well, 1 with a list of what is wrong

It reads every layer with Python's standard library alone and holds one against the others: lanes
against their links, turns against the lanes they join, signal groups against the turns they rule.
"""

import math
import sys

from basics import HASH, Refusal, Run, is_number
from validate_run import geometry_points

LAYERS = ["links", "lanes", "turns", "junctions", "signals"]
CONTROLS = {"equal", "priority", "signals", "roundabout", "passage"}
TURNS = {"through", "left", "right", "u_turn"}
# Coordinates have 7 decimals: a centimetre or two.
NEAR_M = 0.1


def metres(a, b):
    """Between two places, near enough on a sphere."""
    x = (b[0] - a[0]) * math.cos(math.radians(a[1])) * 111_320
    return math.hypot(x, (b[1] - a[1]) * 111_320)


def read_layer(run, name, shape):
    """Features by id, of one shape, after RFC 7946."""
    file = f"{name}.geojson"
    document = run.json(file, check_decimals=True)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        run.complain(file, "RFC 7946", "not a FeatureCollection")
        return {}
    found = {}
    for feature in document.get("features", []):
        ident, geometry = feature.get("id"), feature.get("geometry") or {}
        if geometry.get("type") != shape:
            run.complain(file, "shape", f"{ident} is no {shape}")
            continue
        try:
            geometry_points(geometry)
        except (Refusal, KeyError, TypeError) as error:
            run.complain(file, "geometry", f"{ident}: {error}")
            continue
        if not ident or ident in found or feature["properties"].get("id") != ident:
            run.complain(file, "id", f"{ident!r} is missing or comes twice")
            continue
        found[ident] = feature
    return found


def check_summary(run, layers):
    name = "network.json"
    summary = run.json(name)
    if not isinstance(summary, dict) or summary.get("format") != "citytwin-network":
        run.complain(name, "format", "is no summary of a network")
        return
    if not HASH.match(str(summary.get("network_hash"))):
        run.complain(name, "hash", repr(summary.get("network_hash")))
    listed = {layer["file"]: layer["features"] for layer in summary.get("layers", [])}
    counted = {f"{layer}.geojson": len(layers[layer]) for layer in LAYERS}
    if listed != counted:
        run.complain(name, "counts", f"{listed} listed, {counted} found")


def check_links(run, links, junctions):
    for ident, link in links.items():
        properties = link["properties"]
        for end in ("from", "to"):
            if properties.get(end) not in junctions:
                run.complain("links.geojson", "junction", f"{ident}: {end} {properties.get(end)!r}")
        reverse = properties.get("reverse")
        if reverse is not None and links.get(reverse, {}).get("properties", {}).get("reverse") != ident:
            run.complain("links.geojson", "reverse", f"{ident}: {reverse!r} is not its other side")
        if not is_number(properties.get("speed_kmh")) or not 0 < properties["speed_kmh"] <= 180:
            run.complain("links.geojson", "speed", ident)


def check_lanes(run, links, lanes):
    count = dict.fromkeys(links, 0)
    for ident, lane in lanes.items():
        link, index = lane["properties"].get("link"), lane["properties"].get("lane")
        if link not in links or ident != f"{link}_{index}" or not is_number(index):
            run.complain("lanes.geojson", "link", f"{ident} of {link!r}")
            continue
        count[link] += 1
        if not 0 <= index < links[link]["properties"]["lanes"]:
            run.complain("lanes.geojson", "number", f"{ident} is none of its link's")
    for link, found in count.items():
        if found != links[link]["properties"]["lanes"]:
            run.complain("lanes.geojson", "missing", f"{found} lanes of {link}")


def check_turns(run, links, lanes, turns, signals):
    groups = set()
    for ident, turn in turns.items():
        properties = turn["properties"]
        start = f"{properties.get('from_link')}_{properties.get('from_lane')}"
        end = f"{properties.get('to_link')}_{properties.get('to_lane')}"
        if start not in lanes or end not in lanes or ident != f"{start}>{end}":
            run.complain("turns.geojson", "lanes", ident)
            continue
        line = turn["geometry"]["coordinates"]
        if (
            metres(line[0], lanes[start]["geometry"]["coordinates"][-1]) > NEAR_M
            or metres(line[-1], lanes[end]["geometry"]["coordinates"][0]) > NEAR_M
        ):
            run.complain("turns.geojson", "ends", f"{ident} does not join its lanes")
        junction = properties.get("junction")
        if (
            links[properties["from_link"]]["properties"]["to"] != junction
            or links[properties["to_link"]]["properties"]["from"] != junction
        ):
            run.complain("turns.geojson", "junction", f"{ident} at {junction!r}")
        if properties.get("turn") not in TURNS:
            run.complain("turns.geojson", "turn", f"{ident}: {properties.get('turn')!r}")
        if not 0 <= properties.get("yields_to", -1) <= properties.get("conflicts", -1):
            run.complain("turns.geojson", "conflicts", ident)
        if "signal_group" in properties:
            groups.add(f"{junction}/{properties['signal_group']}")
    for group in sorted(groups ^ set(signals)):
        run.complain("signals.geojson", "group", f"{group} is in one layer only")


def check_signals(run, junctions, signals):
    for ident, group in signals.items():
        properties = group["properties"]
        junction = junctions.get(properties.get("junction"))
        if junction is None or junction["properties"]["control"] != "signals":
            run.complain("signals.geojson", "junction", ident)
            continue
        if junction["properties"].get("cycle_s") != properties["cycle_s"]:
            run.complain("signals.geojson", "cycle", ident)
        shown = sum(properties[key] for key in ("green_s", "permissive_s", "yellow_s"))
        if not 0 < shown <= properties["cycle_s"] + 1e-6:
            run.complain("signals.geojson", "times", f"{ident}: {shown} s of the cycle")
    for ident, junction in junctions.items():
        if junction["properties"].get("control") not in CONTROLS:
            run.complain("junctions.geojson", "control", ident)


def validate(folder):
    run = Run(folder)
    layers = {
        "links": read_layer(run, "links", "LineString"),
        "lanes": read_layer(run, "lanes", "LineString"),
        "turns": read_layer(run, "turns", "LineString"),
        "junctions": read_layer(run, "junctions", "Point"),
        "signals": read_layer(run, "signals", "MultiPoint"),
    }
    check_summary(run, layers)
    if not layers["links"]:
        run.complain("links.geojson", "empty", "no link")
    check_links(run, layers["links"], layers["junctions"])
    check_lanes(run, layers["links"], layers["lanes"])
    check_turns(run, layers["links"], layers["lanes"], layers["turns"], layers["signals"])
    check_signals(run, layers["junctions"], layers["signals"])
    return run, layers


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    run, layers = validate(arguments[0])
    for line in run.complaints.lines():
        print(line)
    if run.complaints.list:
        print(f"{sum(run.complaints.counts.values())} complaints about {arguments[0]}")
        return 1
    counts = ", ".join(f"{len(layers[layer])} {layer}" for layer in LAYERS)
    print(f"{arguments[0]}: {counts}: all is well")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
