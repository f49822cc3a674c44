"""The OpenStreetMap extract itself: ways, signals and restrictions, for causes and verdicts."""

import gzip
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET


# Barriers that no car passes, unless they say so.
CLOSING = {
    "bollard", "block", "chain", "cycle_barrier", "motorcycle_barrier", "jersey_barrier",
    "stile", "turnstile", "log", "debris", "kissing_gate", "full-height_turnstile",
}
CLOSED = {"no", "agricultural", "forestry", "bus", "psv", "emergency", "military"}


def is_closed(tags):
    """Whether tags shut out cars, by the most special key."""
    for key in ("motorcar", "motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] in CLOSED
    return False


class Way:
    def __init__(self, ident, nodes, tags):
        self.id = ident
        self.nodes = nodes
        self.tags = tags


class Extract:
    """What the comparison needs of a file."""

    def __init__(self, path):
        self.places = {}
        self.signals = {}
        self.barriers = {}
        self.ways = {}
        self.restrictions = []
        for element in _elements(path):
            tags = {t.get("k"): t.get("v") for t in element.iter("tag")}
            if element.tag == "node":
                ident = element.get("id")
                self.places[ident] = float(element.get("lon")), float(element.get("lat"))
                if tags.get("highway") == "traffic_signals" or "signals" in tags.get("crossing", ""):
                    self.signals[ident] = tags
                if tags.get("barrier") in CLOSING or "barrier" in tags and is_closed(tags):
                    self.barriers[ident] = tags
            elif element.tag == "way" and "highway" in tags:
                ident = element.get("id")
                nodes = [nd.get("ref") for nd in element.iter("nd")]
                self.ways[ident] = Way(ident, nodes, tags)
            elif element.tag == "relation" and tags.get("type", "").startswith("restriction"):
                members = [(m.get("role"), m.get("type"), m.get("ref")) for m in element.iter("member")]
                self.restrictions.append((tags, members))
        for way in self.ways.values():
            way.nodes = [n for n in way.nodes if n in self.places]
        self.ways_at = {}
        for way in self.ways.values():
            for node in way.nodes:
                self.ways_at.setdefault(node, []).append(way.id)

    def chains(self, roads):
        """Each road with all those it is joined to where nothing else meets: a set of ids for each.

        A link is called after one of the ways it was joined from; these are the others.
        """
        ends = {}
        for ident in roads:
            way = self.ways.get(ident)
            if way is None or len(way.nodes) < 2:
                continue
            for i, node in enumerate(way.nodes):
                is_end = i in (0, len(way.nodes) - 1)
                ends.setdefault(node, []).extend([ident] if is_end else [ident, ident])
        chain = {ident: {ident} for ident in roads}
        for there in ends.values():
            if len(there) != 2 or there[0] == there[1]:
                continue
            a, b = chain[there[0]], chain[there[1]]
            if a is b:
                continue
            small, large = sorted((a, b), key=len)
            large |= small
            for ident in small:
                chain[ident] = large
        return chain

    def restriction(self, way_from, way_to, is_near):
        """What a restriction at a near node says of a turn: its kind, and whether it forbids it."""
        for tags, members in self.restrictions:
            froms, tos, vias = (
                {ref for role, _, ref in members if role == wanted} for wanted in ("from", "to", "via"))
            kind = next((v for k, v in tags.items() if k.startswith("restriction")), "")
            nodes = [n for n in vias if n in self.places] or [
                n for via in vias if via in self.ways for n in self.ways[via].nodes]
            if way_from not in froms or not any(is_near(*self.places[n]) for n in nodes):
                continue
            if kind.startswith("only_"):
                # Over a junction of several nodes it only says where to go first.
                if way_to in tos or any(n in self.ways[way_to].nodes for n in nodes):
                    return kind, way_to not in tos
                continue
            if way_to in tos:
                return kind, True
        return None


def _elements(path):
    """Nodes, ways and relations, each thrown away after its turn."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as stream:
        context = ET.iterparse(stream, events=("start", "end"))
        _, root = next(context)
        for event, element in context:
            if event == "end" and element.tag in ("node", "way", "relation"):
                yield element
                root.clear()


def as_xml(path, folder):
    """The extract as XML, which is all that netconvert and this program read."""
    if not path.endswith(".pbf"):
        return path
    if not shutil.which("osmium"):
        raise SystemExit(f"{path}: netconvert reads no PBF, and there is no osmium to convert it")
    name = os.path.basename(path)[: -len(".pbf")]
    target = os.path.join(folder, name if name.endswith(".osm") else name + ".osm")
    subprocess.run(["osmium", "cat", path, "-o", target, "--overwrite"], check=True)
    return target
