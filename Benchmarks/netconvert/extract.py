"""The OpenStreetMap extract itself: ways, signals and restrictions, for causes and verdicts."""

import bz2
import gzip
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET


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
        self.ways = {}
        self.restrictions = []
        for element in _elements(path):
            tags = {t.get("k"): t.get("v") for t in element.iter("tag")}
            if element.tag == "node":
                ident = element.get("id")
                self.places[ident] = float(element.get("lon")), float(element.get("lat"))
                if tags.get("highway") == "traffic_signals" or "signals" in tags.get("crossing", ""):
                    self.signals[ident] = tags
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

    def restricted(self, ways_from, ways_to):
        """The restriction=* between two sets of ways, if there is one."""
        for tags, members in self.restrictions:
            froms = {ref for role, kind, ref in members if role == "from" and kind == "way"}
            tos = {ref for role, kind, ref in members if role == "to" and kind == "way"}
            if not froms & ways_from:
                continue
            kind = next((v for k, v in tags.items() if k.startswith("restriction")), "")
            if kind.startswith("only_") and not tos & ways_to or tos & ways_to:
                return kind or "restriction"
        return None


def _elements(path):
    """Nodes, ways and relations, each thrown away after its turn."""
    opener = gzip.open if path.endswith(".gz") else bz2.open if path.endswith(".bz2") else open
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
