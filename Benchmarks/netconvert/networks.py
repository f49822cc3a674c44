"""The two networks in one shape: links with lanes, what follows what, and signals."""

import json
import math
import os
import xml.etree.ElementTree as ET

from .plane import UTM, LineIndex, length


class Link:
    def __init__(self, ident, points, lanes, ways, side, reverse=None):
        self.id = ident
        # The middle of its lanes, in metres.
        self.points = points
        self.length = length(points)
        # For cars.
        self.lanes = lanes
        # Ids of the ways it is known to be made of.
        self.ways = ways
        # How far its middle lies from the line of a way open both ways.
        self.side = side
        self.reverse = reverse


class Network:
    def __init__(self, plane):
        self.plane = plane
        self.links = {}
        # Link id to the ids of those that can be driven into from it.
        self.next = {}
        # Controller to the places of its junctions.
        self.signals = {}
        # Places of junctions into which at most two links lead; of ours only.
        self.passages = []
        # Ids of all ways the network knows of.
        self.known_ways = set()

    def finish(self):
        self.index = LineIndex()
        for link in self.links.values():
            self.index.add(link)
            self.known_ways |= link.ways
        return self


# netconvert's network

WIDTH = 3.2


def read_sumo(path):
    location, network = None, None
    junctions, signals_of = {}, {}
    tree = ET.parse(path).getroot()
    location = tree.find("location")
    projection = dict(
        part[1:].split("=") if "=" in part else (part[1:], "")
        for part in location.get("projParameter").split()
    )
    offset = tuple(float(v) for v in location.get("netOffset").split(","))
    network = Network(UTM(int(projection["zone"]), "south" in projection, offset))
    for edge in tree.iter("edge"):
        if edge.get("function"):
            continue
        lanes = [lane for lane in edge.iter("lane") if _is_for_cars(lane)]
        if not lanes:
            continue
        ways = {
            way for param in edge.iter("param") if param.get("key") == "origId"
            for way in param.get("value").split()
        }
        middle = _middle([_points(lane.get("shape")) for lane in lanes])
        side = len(lanes) * WIDTH / 2
        network.links[edge.get("id")] = Link(edge.get("id"), middle, len(lanes), ways, side)
        signals_of[edge.get("id")] = edge.get("to")
    for ident, link in network.links.items():
        other = ident[1:] if ident.startswith("-") else "-" + ident
        link.reverse = other if other in network.links else None
    for junction in tree.iter("junction"):
        if junction.get("type") != "internal":
            junctions[junction.get("id")] = float(junction.get("x")), float(junction.get("y"))
    for connection in tree.iter("connection"):
        a, b = connection.get("from"), connection.get("to")
        if a not in network.links or b not in network.links:
            continue
        network.next.setdefault(a, set()).add(b)
        if connection.get("tl"):
            network.signals.setdefault(connection.get("tl"), set()).add(junctions[signals_of[a]])
    return network.finish()


def _is_for_cars(lane):
    """SUMO's types let only deliveries onto service roads, where others drive as well."""
    allowed, refused = lane.get("allow"), lane.get("disallow", "").split()
    if allowed is not None:
        return bool({"passenger", "delivery", "all"} & set(allowed.split()))
    return "all" not in refused and not {"passenger", "delivery"} <= set(refused)


def _points(shape):
    return [tuple(float(v) for v in point.split(",")[:2]) for point in shape.split()]


def _middle(shapes):
    """The line between the outermost lanes."""
    first, last = shapes[0], shapes[-1]
    if len(first) != len(last):
        return shapes[len(shapes) // 2]
    return [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(first, last)]


# This engine's, as `cim export network` writes it


def read_export(folder, city, extract, plane):
    network = Network(plane)

    def features(name):
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            return json.load(stream)["features"]

    # A link is called after one of its ways; the road layer has them all.
    with open(os.path.join(city, "roads.geojson"), encoding="utf-8") as stream:
        for road in json.load(stream)["features"]:
            if road["properties"].get("access") != "no":
                network.known_ways.add(road["id"].partition(".")[0])
    chains = extract.chains(network.known_ways)
    widths = {}
    for lane in features("lanes.geojson"):
        widths[lane["properties"]["link"]] = lane["properties"]["width_m"]
    for feature in features("links.geojson"):
        properties = feature["properties"]
        if "car" not in properties["access"].split(";"):
            continue
        ident, lanes = properties["id"], properties["lanes"]
        way = ident.rpartition("+")[0] or ident.rpartition("-")[0]
        points = [plane(*p) for p in feature["geometry"]["coordinates"]]
        network.links[ident] = Link(
            ident, points, lanes, chains[way.partition(".")[0]],
            lanes * widths.get(ident, 3) / 2, properties.get("reverse"))
    for turn in features("turns.geojson"):
        a, b = turn["properties"]["from_link"], turn["properties"]["to_link"]
        if a in network.links and b in network.links:
            network.next.setdefault(a, set()).add(b)
    for junction in features("junctions.geojson"):
        place = plane(*junction["geometry"]["coordinates"])
        if junction["properties"]["control"] == "signals":
            network.signals[junction["id"]] = {place}
        elif junction["properties"]["approaches"] <= 2:
            network.passages.append(place)
    return network.finish()


def apart(places, others):
    """Metres between the nearest of two sets of places."""
    return min(math.dist(a, b) for a in places for b in others)
