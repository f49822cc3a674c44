#!/usr/bin/env python3
"""Gives `cim` broken inputs and checks how it takes them.

    bad_inputs.py CIM [--keep DIR]

CIM is the built program. Each case has an exit code and words that the message must hold:
the file, the place, what was expected. A refused input leaves nothing behind, and nothing
ends with a signal. Exit 0 if all cases are as the table says, 1 if not.
"""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS = 60
# Begins arguments of a command that gets Ctrl-C after a while.
INTERRUPT = "Ctrl-C"
DEEP = 200_000


def town_text():
    """A town of five by five streets with a house beside every street, as OpenStreetMap XML."""
    side, spacing = 5, 0.003
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    ways = []

    def node(ident, x, y):
        lines.append(f'<node id="{ident}" lat="{39.1 + y:.7f}" lon="{117.2 + x:.7f}"/>')

    def way(ident, nodes, **tags):
        refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
        marks = "".join(f'<tag k="{k.replace("_", ":")}" v="{v}"/>' for k, v in tags.items())
        ways.append(f'<way id="{ident}">{refs}{marks}</way>')

    for row in range(side):
        for column in range(side):
            ident = row * side + column + 1
            node(ident, column * spacing, row * spacing)
            x, y, d = column * spacing + 0.0005, row * spacing + 0.0005, 0.0003
            corners = [1000 + ident * 10 + k for k in range(4)]
            for corner, (cx, cy) in zip(corners, [(0, 0), (d, 0), (d, d), (0, d)]):
                node(corner, x + cx, y + cy)
            use = "apartments" if (row + column) % 2 else "office"
            tags = {"building": use, "building_levels": "12"}
            way(5000 + ident, corners + corners[:1], **tags)
    for i in range(side):
        row = [i * side + k + 1 for k in range(side)]
        column = [k * side + i + 1 for k in range(side)]
        way(100 + i, row, highway="secondary", name=f"Row {i}", lanes="2")
        way(200 + i, column, highway="secondary", name=f"Column {i}", lanes="2")
    return "\n".join(lines + ways + ["</osm>"]) + "\n"


class Site:
    """A folder with a sound town in it, for one case."""

    def __init__(self, cim, folder):
        self.cim = cim
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        mode = "wb" if isinstance(content, bytes) else "w"
        with open(self.path(name), mode) as stream:
            stream.write(content)

    def read(self, name):
        with open(self.path(name), "rb") as stream:
            return stream.read()

    def edit(self, name, change):
        """Changes a JSON file."""
        document = json.loads(self.read(name))
        change(document)
        self.write(name, json.dumps(document))

    def cut(self, name, share=0.5):
        content = self.read(name)
        self.write(name, content[: int(len(content) * share)])

    def damage(self, name, at=0.5):
        content = bytearray(self.read(name))
        content[int(len(content) * at)] ^= 0x55
        self.write(name, bytes(content))

    def run(self, arguments):
        is_interrupted = arguments[0] == INTERRUPT
        command = [self.cim] + arguments[is_interrupted:]
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
        with subprocess.Popen(
            command, cwd=self.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:
            try:
                if is_interrupted:
                    time.sleep(3)
                    process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return "no end", ""
        return process.returncode, (out + err).decode("utf-8", "replace")


RUN = ["run", "town/scenario.json", "--out", "run", "--until", "07:02", "--quiet"]
VALIDATE = ["validate", "town/scenario.json"]
INSPECT = ["inspect", "town"]

CASES = []


def case(name, arguments, code, words):
    """A broken input, made by the function below this line."""

    def register(prepare):
        CASES.append((name, prepare, arguments, code, words))
        return prepare

    return register


def plain(name, arguments, code, words):
    CASES.append((name, lambda site: None, arguments, code, words))


def set_key(file, key, value):
    return lambda site: site.edit(file, lambda d: d.update({key: value}))


def layer_file(site, kind):
    """The file of the town's layer of some kind."""
    layers = json.loads(site.read("town/city.json"))["layers"]
    return next(layer["file"] for layer in layers if layer["kind"] == kind)


# Sound inputs first: if these fail, the rest says nothing.

plain("a sound town runs", RUN, 0, [])
plain("a sound town is inspected", INSPECT, 0, ["town"])
plain("a sound scenario is validated", VALIDATE, 0, [])

# Files that are broken


@case(
    "truncated gzip", ["import", "osm", "cut.osm.gz", "--out", "new"], 2, ["cut.osm.gz", "byte"]
)
def _(site):
    site.write("cut.osm.gz", gzip.compress(town_text().encode()))
    site.cut("cut.osm.gz")


@case("damaged gzip", ["import", "osm", "bad.osm.gz", "--out", "new"], 2, ["bad.osm.gz"])
def _(site):
    site.write("bad.osm.gz", gzip.compress(town_text().encode()))
    site.damage("bad.osm.gz")


@case("truncated XML", ["import", "osm", "cut.osm", "--out", "new"], 2, ["cut.osm"])
def _(site):
    site.write("cut.osm", town_text())
    site.cut("cut.osm", 0.7)


@case("no XML at all", ["import", "osm", "noise.osm", "--out", "new"], 2, ["noise.osm"])
def _(site):
    site.write("noise.osm", bytes(range(256)) * 50)


@case("an empty file", ["import", "osm", "empty.osm", "--out", "new"], 2, ["empty.osm"])
def _(site):
    site.write("empty.osm", "")


plain("no such file", ["import", "osm", "none.osm", "--out", "new"], 2, ["none.osm"])
plain("no such scenario", ["run", "none.json", "--out", "run"], 2, ["none.json"])
plain("no such city", ["inspect", "nowhere"], 2, ["nowhere"])


@case("malformed JSON", RUN, 2, ["town/scenario.json", "line"])
def _(site):
    text = site.read("town/scenario.json").decode()
    site.write("town/scenario.json", text.replace('"seed": 1,', '"seed": 1,,'))


@case("a scenario cut off", RUN, 2, ["town/scenario.json"])
def _(site):
    site.cut("town/scenario.json")


@case("200,000-deep JSON as scenario", RUN, 2, ["town/scenario.json"])
def _(site):
    site.write("town/scenario.json", "[" * DEEP)


@case("200,000-deep JSON as city", RUN, 2, ["city.json"])
def _(site):
    site.write("town/city.json", '{"a":' * DEEP + "1" + "}" * DEEP)


@case("200,000-deep JSON as a layer", INSPECT, 2, ["building"])
def _(site):
    site.write("town/" + layer_file(site, "building"), "[" * DEEP + "]" * DEEP)


@case("a layer cut off", INSPECT, 2, ["building"])
def _(site):
    site.cut("town/" + layer_file(site, "building"))


@case("a damaged network", RUN, 2, ["network.cimn"])
def _(site):
    site.damage("town/network.cimn")


@case("a network cut off", RUN, 2, ["network.cimn"])
def _(site):
    site.cut("town/network.cimn")


@case("a network of another kind", RUN, 2, ["network.cimn"])
def _(site):
    site.write("town/network.cimn", b"PK\x03\x04" * 100)


# Values that are wrong

case("unknown working CRS", RUN, 2, ["city.json", "$.working_crs", "EPSG:999999"])(
    set_key("town/city.json", "working_crs", "EPSG:999999")
)


@case("unknown CRS of a layer", VALIDATE, 2, ["city.json", "EPSG:999999"])
def _(site):
    site.edit("town/city.json", lambda c: c["layers"][0].update(crs="EPSG:999999"))


@case("latitude 200", INSPECT, 0, ["building", "feature", "200"])
def _(site):
    def change(layer):
        layer["features"][0]["geometry"] = {"type": "Point", "coordinates": [117.2, 200]}

    site.edit("town/" + layer_file(site, "building"), change)


@case("misspelt key", RUN, 2, ["town/scenario.json", "sed", 'did you mean "seed"'])
def _(site):
    site.edit("town/scenario.json", lambda s: s.update(sed=s.pop("seed")))


@case("misspelt key below", RUN, 2, ["town/scenario.json", "$.clock", "mesured"])
def _(site):
    site.edit("town/scenario.json", lambda s: s["clock"].update(mesured="1h"))


case("a key of the wrong type", RUN, 2, ["town/scenario.json", "$.seed"])(
    set_key("town/scenario.json", "seed", "one")
)
for key, value, name, words in [
    ("model", "random", "a route model that is unknown", ["$.route_choice.model", "logit"]),
    ("alternatives", 0, "no way to choose", ["$.route_choice.alternatives", "0"]),
    ("spread", 0.2, "a spread for a choice by logit", ["$.route_choice", "spread"]),
    ("pre_run", {"iterations": 1e9}, "a pre-run without end", ["pre_run.iterations"]),
    ("pre_run", {"interval": "1s"}, "a pre-run of seconds", ["pre_run.interval"]),
    ("guidance", {"share": 2}, "more guided drivers than drivers", ["guidance.share", "2"]),
]:
    case(name, VALIDATE, 2, ["town/scenario.json"] + words)(
        set_key("town/scenario.json", "route_choice", {key: value})
    )
for value, name, words in [
    ({"car_following": "wiedemann"}, "an unknown car-following model",
     ["$.traffic.car_following", "krauss", "wiedemann"]),
    ({"car_folowing": "idm"}, "a misspelt key of the traffic", ["$.traffic", "car_following"]),
    ({"filtering": ["bus"]}, "a bus between the lanes", ["$.traffic.filtering", "e_bike", "bus"]),
    ({"driver_deviation": 0.9}, "drivers beyond measure", ["$.traffic.driver_deviation", "0.9"]),
    ({"pedestrians_h": -1}, "fewer people than none", ["$.traffic.pedestrians_h", "-1"]),
    ({"vehicle_types": "gone.csv"}, "a table of types that is not there", ["gone.csv"]),
]:
    case(name, VALIDATE, 2, words)(set_key("town/scenario.json", "traffic", value))
for table, name, words in [
    ("id,length_m\nvan,6\n", "types without a class", ["types.csv", "class"]),
    ("id,class\nvan,wagon\n", "a class that does not drive", ["line 2", "truck", "wagon"]),
    ("id,class,length_m\nvan,car,1e9\n", "a car longer than a city", ["line 2", "length_m", "1e9"]),
    ("id,class,tau_s\nvan,car,nan\n", "a headway that is no number", ["line 2", "tau_s", "nan"]),
    ("id,class\nvan,car\nvan,car\n", "a type twice", ["line 3", "van"]),
    ("id,class,wheels\nvan,car,4\n", "a column that types do not have", ["types.csv", "wheels"]),
    ("id,class\n" + "".join(f"t{i},car\n" for i in range(400)), "too many types", ["200 types"]),
]:

    @case(name, VALIDATE, 2, words)
    def _(site, table=table):
        site.write("town/types.csv", table)
        site.edit("town/scenario.json", lambda s: s.update(traffic={"vehicle_types": "types.csv"}))


for value, name, words in [
    ({"tricycle": 0.1}, "the share of an unknown type", ["$.demand", "types", "tricycle", "e_bike"]),
    ({"truck": 0.7, "bus": 0.4}, "more trucks and buses than vehicles", ["types.bus", "1.1"]),
    ({"truck": -0.1}, "a negative share", ["types.truck", "-0.1"]),
]:

    @case(name, VALIDATE, 2, words)
    def _(site, value=value):
        site.edit("town/scenario.json", lambda s: s["demand"].update(types=value))


for value, name, words in [
    ({"default": {"type": "clever"}}, "a control that is unknown", ["signals.default.type"]),
    ({"default": {"type": "actuated", "gap": 3}}, "a control's key misspelt", ["gap"]),
    (
        {"default": {"type": "actuated", "detector_length_m": 51}},
        "a loop of half a street",
        ["signals.default.detector_length_m", "50"],
    ),
    (
        {"default": {"type": "actuated", "detector_m": 9, "detector_s": 2}},
        "two places of one loop",
        ["signals.default.detector_s", "detector_m"],
    ),
    (
        {"default": {"type": "actuated", "min_green_s": 9, "max_green_s": 8}},
        "a longest green below the shortest",
        ["signals.default.max_green_s"],
    ),
    ({"plans": "gone.json"}, "a plan file that is not there", ["gone.json"]),
    (
        {"at": [{"signals": ["x"], "control": {"type": "fixed_time"}}]},
        "a control of a signal nobody knows",
        ["signals.at[0].signals[0]"],
    ),
    ({"waves": [{"signals": ["x", "y"]}]}, "a wave over no signals", ["signals.waves[0].signals"]),
]:
    case(name, VALIDATE, 2, words)(set_key("town/scenario.json", "signals", value))
for text, name, words in [
    (b"{", "a plan file cut off", ["plans.json"]),
    (b'{"format": "x"}', "a plan file of another format", ["$.format", "citytwin-signals"]),
    (
        b'{"format": "citytwin-signals", "version": 1, "signals": [{"id": "nobody"}]}',
        "a plan of a signal nobody knows",
        ["$.signals[0].id", "nobody"],
    ),
]:

    @case(name, VALIDATE, 2, ["plans.json"] + words)
    def _(site, text=text):
        site.write("town/plans.json", text)
        set_key("town/scenario.json", "signals", {"plans": "plans.json"})(site)


case("a city that is not there", RUN, 2, ["town/scenario.json", "$.city", "nowhere"])(
    set_key("town/scenario.json", "city", "nowhere")
)


@case("a start without a zone", RUN, 2, ["town/scenario.json", "$.clock.start"])
def _(site):
    site.edit("town/scenario.json", lambda s: s["clock"].update(start="2026-03-02T07:00:00"))


@case("a step of no length", RUN, 2, ["town/scenario.json", "$.clock.step"])
def _(site):
    site.edit("town/scenario.json", lambda s: s["clock"].update(step="0s"))


@case("an unknown policy", RUN, 2, ["town/scenario.json", "$.policies[0]"])
def _(site):
    site.edit("town/scenario.json", lambda s: s.update(policies=[{"type": "wish"}]))


@case("an unknown snapshot layer", RUN, 2, ["town/scenario.json", "$.outputs.snapshots.layers[0]"])
def _(site):
    wanted = {"snapshots": {"layers": ["vehicels"]}}
    site.edit("town/scenario.json", lambda s: s.update(outputs=wanted))


def measure(**outputs):
    return set_key("town/scenario.json", "outputs", outputs)


LOOP = {"id": "d1", "link": "200+0", "position_m": 30}
LOOPS = "$.outputs.detectors"
for name, wanted, words in [
    ("movements every 0 s", {"movements": {"interval": "0s"}}, ["$.outputs.movements.interval"]),
    ("movements in steps", {"movements": {"steps": 4}}, ["steps"]),
    ("movements as a switch", {"movements": True}, ["$.outputs.movements", "an object"]),
    ("detectors in a city without", {"detectors": {}}, [LOOPS, "sites"]),
    ("a detector on no link", {"detectors": {"sites": [{**LOOP, "link": "9999+0"}]}},
     [LOOPS + ".sites[0].link", "9999+0"]),
    ("a detector on lane 7", {"detectors": {"sites": [{**LOOP, "lane": 7}]}},
     [LOOPS + ".sites[0].lane", "found 7"]),
    ("a detector beyond its link", {"detectors": {"sites": [{**LOOP, "position_m": 90000}]}},
     [LOOPS + ".sites[0].position_m", "90000"]),
    ("a detector before its link", {"detectors": {"sites": [{**LOOP, "position_m": -1}]}},
     [LOOPS + ".sites[0].position_m", "-1"]),
    ("a detector without a name", {"detectors": {"sites": [{**LOOP, "id": ""}]}},
     [LOOPS + ".sites[0].id"]),
    ("two detectors of one name", {"detectors": {"sites": [LOOP, LOOP]}},
     [LOOPS + ".sites[1]", "d1"]),
]:
    case(name, RUN, 2, ["town/scenario.json"] + words)(measure(**wanted))


@case("missing layer", VALIDATE, 2, ["city.json", "$.layers", "gone.geojson"])
def _(site):
    layer = {"file": "gone.geojson", "kind": "sensor", "crs": "EPSG:4326"}
    site.edit("town/city.json", lambda c: c["layers"].append(layer))


@case("missing trips file", RUN, 2, ["gone.csv"])
def _(site):
    site.edit("town/scenario.json", lambda s: s.update(demand={"trips": "gone.csv"}))


def gravity(**settings):
    return lambda site: site.edit(
        "town/scenario.json", lambda s: s.update(demand={"gravity": settings})
    )


case("a load of no meaning", VALIDATE, 2, ["$.demand.gravity.load", "moderate"])(
    gravity(load="brisk")
)
case("a load beyond reason", VALIDATE, 2, ["$.demand.gravity.load", "0 to 2"])(gravity(load=1e9))
case("a load and a number of trips", VALIDATE, 2, ["town/scenario.json", "load"])(
    gravity(load="light", trips=10)
)
case("a pattern nobody knows", VALIDATE, 2, ["$.demand.gravity.pattern", "survey"])(
    gravity(load=0.1, pattern="holiday")
)
case("gates that are no yes or no", VALIDATE, 2, ["$.demand.gravity.gates"])(
    gravity(trips=10, gates="north")
)


@case("a matrix without a known purpose", VALIDATE, 2, ["$.demand.matrix.purpose", "fun"])
def _(site):
    matrix = {"file": "matrix.csv", "purpose": "fun"}
    site.edit("town/scenario.json", lambda s: s.update(demand={"matrix": matrix}))


# Networks of SUMO


def sumo_text(**changes):
    """A street of two edges, with a value of the second one's lane changed."""
    lane = {"index": "0", "speed": "13.9", "length": "100", "shape": "100,0 200,0"} | changes
    values = " ".join(f'{key}="{value}"' for key, value in lane.items())
    nodes = "".join(
        f'<junction id="{n}" type="priority" x="{x}" y="0" incLanes="" intLanes="" shape=""/>'
        for n, x in [("a", 0), ("b", 100), ("c", 200)]
    )
    return (
        '<net><location netOffset="0,0" projParameter="!"/>'
        '<edge id="ab" from="a" to="b"><lane id="ab_0" index="0" speed="13.9" length="100"'
        f' shape="0,0 100,0"/></edge><edge id="bc" from="b" to="c"><lane id="bc_0" {values}/>'
        f"</edge>{nodes}"
        '<connection from="ab" to="bc" fromLane="0" toLane="0" dir="s" state="M"/></net>'
    )


SUMO = ["import", "sumo", "street.net.xml", "--out", "new"]
SUMO_ROUTES = SUMO + ["--routes", "street.rou.xml"]


@case("a sound SUMO street is imported", SUMO_ROUTES, 0, ["1 vehicles", "2 links"])
def _(site):
    site.write("street.net.xml", sumo_text())
    site.write(
        "street.rou.xml",
        '<routes><vehicle id="v" depart="0"><route edges="ab bc"/></vehicle></routes>',
    )


@case("a SUMO lane without a length", SUMO, 0, ["sumo-lane: 1", "1 links"])
def _(site):
    site.write("street.net.xml", sumo_text(length="long"))


@case("a SUMO network closed to cars", SUMO, 2, ["street.net.xml", "no edge that cars may use"])
def _(site):
    text = sumo_text(allow="rail").replace('id="ab_0"', 'id="ab_0" allow="rail"')
    site.write("street.net.xml", text)


@case("a map in place of a SUMO network", SUMO, 2, ["street.net.xml", "<net>"])
def _(site):
    site.write("street.net.xml", town_text())


@case("a SUMO network cut off", SUMO, 2, ["street.net.xml"])
def _(site):
    site.write("street.net.xml", sumo_text())
    site.cut("street.net.xml")


@case("a SUMO network as routes", SUMO_ROUTES, 2, ["street.rou.xml", "<net>"])
def _(site):
    site.write("street.net.xml", sumo_text())
    site.write("street.rou.xml", sumo_text())


@case("a SUMO route over a missing edge", SUMO_ROUTES, 0, ["not there: 1, left out"])
def _(site):
    site.write("street.net.xml", sumo_text())
    site.write(
        "street.rou.xml",
        '<routes><vehicle id="v" depart="0"><route edges="ab xx"/></vehicle></routes>',
    )


@case("an empty name among SUMO files", SUMO + ["--routes", "a.xml,"], 64, ["--routes"])
def _(site):
    site.write("street.net.xml", sumo_text())


# Parking and emergency


def point(lon, lat, **properties):
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


CALLS = """time,lon,lat,kind,priority
07:00:30,117.2031,39.1031,medical,1
07:01:00,117.2061,39.1031,fire,2
07:01:30,117.2061,39.1061,accident,1
"""


def add_services(site):
    """Bays, stations, a hospital and a log of calls for the town."""
    garage = point(117.2032, 39.1005, id="p1", type="garage", capacity=20, price_cny_h=5)
    layers = {
        "parking": [garage, point(117.2, 39.1042, id="p2", type="kerb", capacity=4)],
        "hospital": [point(117.2061, 39.1091, id="h1", emergency="yes")],
        "ambulance_station": [point(117.2001, 39.1031, id="a1", ambulances=2)],
        "fire_station": [point(117.2091, 39.1031, id="f1", engines=1)],
        "police_station": [point(117.2031, 39.1091, id="s1", cars=1)],
        "gate": [point(117.2001, 39.1001, id="g1", link="no-such-link", direction="in")],
        "place": [point(117.2001, 39.1001, id="l1", use="retail", floor_area_m2=200)],
    }
    for kind, features in layers.items():
        collection = {"type": "FeatureCollection", "features": features}
        site.write(f"town/own-{kind}.geojson", json.dumps(collection))

    def add(city):
        taken = [layer for layer in city["layers"] if layer["kind"] not in layers]
        own = [{"file": f"own-{k}.geojson", "kind": k, "crs": "EPSG:4326"} for k in layers]
        city["layers"] = taken + own

    site.edit("town/city.json", add)
    site.write("town/calls.csv", CALLS)
    parts = {"parking": {}, "emergency": {"log": "calls.csv"}}
    site.edit("town/scenario.json", lambda s: s.update(parts))


def served(name, arguments, code, words):
    """A broken input on top of a town with all services."""

    def register(prepare):
        def both(site):
            add_services(site)
            prepare(site)

        CASES.append((name, both, arguments, code, words))
        return prepare

    return register


def feature_property(kind, key, value):
    def change(site):
        def edit(layer):
            layer["features"][0]["properties"][key] = value

        site.edit(f"town/own-{kind}.geojson", edit)

    return change


def part(key, value):
    return lambda site: site.edit("town/scenario.json", lambda s: s.update({key: value}))


def calls(change):
    return lambda site: site.write("town/calls.csv", change(CALLS))


served("all services", VALIDATE, 0, ["2 parking facilities", "24 bays", "3 emergency calls"])(
    lambda site: None
)
served("all services run", RUN, 0, [])(lambda site: None)


@served("a hospital on no road", VALIDATE, 0, ["hospital h1", "no road within 300 m"])
def _(site):
    def move(layer):
        layer["features"][0]["geometry"]["coordinates"] = [117.22, 39.1]

    site.edit("town/own-hospital.geojson", move)


@served("a car park on no road", VALIDATE, 0, ["parking p1", "no road within 300 m"])
def _(site):
    def move(layer):
        layer["features"][0]["geometry"]["coordinates"] = [117.22, 39.1]

    site.edit("town/own-parking.geojson", move)


served("negative capacity", VALIDATE, 0, ["own-parking.geojson", "-5"])(
    feature_property("parking", "capacity", -5)
)
served("capacity beyond reason", VALIDATE, 0, ["own-parking.geojson"])(
    feature_property("parking", "capacity", 1e300)
)
served("a negative price", VALIDATE, 0, ["own-parking.geojson", "-3"])(
    feature_property("parking", "price_cny_h", -3)
)
served("hours that are none", VALIDATE, 0, ["parking p1", "always open"])(
    feature_property("parking", "hours", "25:00-late")
)
served("a negative number of ambulances", VALIDATE, 0, ["own-ambulance_station.geojson"])(
    feature_property("ambulance_station", "ambulances", -1)
)
served("a gate with a negative volume", VALIDATE, 0, ["own-gate.geojson", "-1"])(
    feature_property("gate", "volume_veh_h", -1)
)
served("a gate to nowhere", VALIDATE, 0, ["own-gate.geojson", "sideways"])(
    feature_property("gate", "direction", "sideways")
)
served("a gate where all and more pass through", VALIDATE, 0, ["own-gate.geojson", "0 to 1"])(
    feature_property("gate", "through_share", 7)
)
served("a gate on a link that is not there", VALIDATE, 0, ["gate g1", "no-such-link"])(
    lambda site: site.edit(
        "town/scenario.json", lambda s: s.update(demand={"gravity": {"load": 0.1}})
    )
)
served("a place with more floor than any", VALIDATE, 0, ["own-place.geojson"])(
    feature_property("place", "floor_area_m2", 1e30)
)
served("a call outside of the city", VALIDATE, 0, ["calls.csv", "line 2", "left out"])(
    calls(lambda text: text.replace("117.2031,39.1031", "121.4737,31.2304"))
)
served("calls out of order", VALIDATE, 0, ["calls.csv", "sorted"])(
    calls(lambda text: text.replace("07:01:30", "07:00:10"))
)
served("a call in no year", VALIDATE, 0, ["calls.csv", "line 3", "left out"])(
    calls(lambda text: text.replace("07:01:00", "99:99:99"))
)
served("a call at no place", VALIDATE, 0, ["calls.csv", "line 2", "left out"])(
    calls(lambda text: text.replace("117.2031,39.1031", "nan,1e999"))
)
served("a call of no kind", VALIDATE, 0, ["calls.csv", "line 3", "flood"])(
    calls(lambda text: text.replace("fire", "flood"))
)
served("a call of priority 0", VALIDATE, 0, ["calls.csv", "line 3", "priority"])(
    calls(lambda text: text.replace("fire,2", "fire,0"))
)
served("calls without places", RUN, 2, ["calls.csv", '"lon"'])(
    calls(lambda text: text.replace("lon", "longitude", 1))
)
served("no calls file", RUN, 2, ["gone.csv"])(part("emergency", {"log": "gone.csv"}))
served("no calls at all", RUN, 2, ["town/scenario.json", "$.emergency"])(part("emergency", {}))
served("a misspelt key of parking", RUN, 2, ["$.parking", 'did you mean "max_tries"'])(
    part("parking", {"max_trys": 3})
)
served("an unknown parking choice", RUN, 2, ["$.parking.choice.type", "generalized_cost"])(
    part("parking", {"choice": {"type": "wish"}})
)
served("an unknown dispatch rule", RUN, 2, ["$.emergency.dispatch.type"])(
    part("emergency", {"log": "calls.csv", "dispatch": {"type": "wish"}})
)
served("a share above 1", RUN, 2, ["$.parking.guided_share"])(part("parking", {"guided_share": 2}))
served("parking that is a list", RUN, 2, ["$.parking", "an object"])(part("parking", []))

# Policies

PRICE = {"type": "parking_price", "facilities": ["p1"], "cny_per_hour": 9}
POST = {"type": "unit_post", "kind": "ambulance", "count": 1, "at": [117.2031, 39.1031]}
FAR = [[121.4, 31.2], [121.5, 31.2], [121.5, 31.3]]

served("two policies that contradict", RUN, 2, ["$.policies[1]", "contradict", "p1"])(
    part("policies", [{**PRICE, "name": "a"}, {**PRICE, "name": "b", "cny_per_hour": 1}])
)
served("an area outside of the city", RUN, 2, ["town/scenario.json", "$.policies[0]"])(
    part("policies", [{"type": "speed_limit", "area": FAR, "speed_kmh": 30}])
)
served("a post outside of the city", RUN, 2, ["town/scenario.json", "$.policies[0].at"])(
    part("policies", [{**POST, "at": [121.4, 31.2]}])
)
case("a price where nobody parks", RUN, 2, ["$.policies[0]", "acts on parking"])(
    part("policies", [PRICE])
)
case("a post where nobody calls", RUN, 2, ["$.policies[0]", "acts on emergency"])(
    part("policies", [POST])
)

# Scenarios that extend others

VARIANT = "town/variant.json"


def variant(name, code, words, **files):
    """Files beside the scenario; the one that is validated is `variant`."""

    def prepare(site):
        for base, content in files.items():
            site.write(f"town/{base}.json", json.dumps(content))

    CASES.append((name, prepare, ["validate", VARIANT], code, words))


BASE = {"extends": "scenario.json"}
variant("a variant", 0, ["scenario.json; its own are: name"], variant={**BASE, "name": "x"})
variant("a variant of itself", 2, [VARIANT, "$.extends"], variant={"extends": "variant.json"})
variant(
    "variants in a circle", 2, ["town/other.json", "$.extends", "extend itself"],
    variant={"extends": "other.json"}, other={"extends": "./variant.json"},
)
variant("a variant of nothing", 2, [VARIANT, "$.extends", "gone.json"],
        variant={"extends": "gone.json"})
variant("a variant of a folder", 2, ["town"], variant={"extends": "."})
variant("a variant with a misspelt key", 2, [VARIANT, 'did you mean "policies"'],
        variant={**BASE, "polices": []})
variant("a mistake in what is extended", 2, ["town/other.json", "$.seed"],
        variant={"extends": "other.json"}, other={**BASE, "seed": "one"})
variant("a variant that is a number", 2, [VARIANT], variant=7)


@case("variants without end", ["validate", "town/v99.json"], 2, ["$.extends"])
def _(site):
    site.write("town/v0.json", json.dumps(BASE))
    for i in range(1, 100):
        site.write(f"town/v{i}.json", json.dumps({"extends": f"v{i - 1}.json"}))


# Comparisons

COMPARE = ["compare", "town/scenario.json", VARIANT, "--until", "07:01", "--quiet"]
TWICE = COMPARE + ["--replications", "2", "--out"]


def slow_variant(site):
    limit = {"type": "speed_limit", "links": [{"road": "Row 2"}], "speed_kmh": 20}
    site.write(VARIANT, json.dumps({**BASE, "name": "slow", "policies": [limit]}))


case("a sound comparison", TWICE + ["compared"], 0, [])(slow_variant)
plain("a comparison with nothing", ["compare", "town/scenario.json", "--replications", "2",
                                    "--out", "compared"], 64, ["VARIANT"])
plain("a comparison without number", COMPARE + ["--out", "compared"], 64, ["--replications"])
plain("a comparison of 0 runs", COMPARE + ["--replications", "0", "--out", "c"], 64, ['"0"'])
plain("a comparison to nowhere", COMPARE + ["--replications", "2"], 64, ["--out"])
plain("a variant that is not there", TWICE + ["compared"], 2, [VARIANT])


@case("a variant that cannot run", TWICE + ["compared"], 2, [VARIANT, "$.policies[0]"])
def _(site):
    site.write(VARIANT, json.dumps({**BASE, "policies": [PRICE]}))


@case("a comparison over other things", TWICE + ["mine"], 2, ["mine"])
def _(site):
    slow_variant(site)
    os.mkdir(site.path("mine"))
    site.write("mine/thesis.txt", "keep me")


@case("a comparison over a run", TWICE + ["run"], 2, ["run", "manifest.json"])
def _(site):
    slow_variant(site)
    site.run(RUN)


@case("a run over a comparison", RUN[:3] + ["compared"] + RUN[4:], 2, ["compared"])
def _(site):
    slow_variant(site)
    code, text = site.run(TWICE + ["compared"])
    assert code == 0, (code, text)


case(
    "a comparison that is interrupted",
    [INTERRUPT] + COMPARE + ["--replications", "5000", "--out", "compared"], 130,
    ["interrupted after", "compared/replications.csv"],
)(slow_variant)
case(
    "an interrupted comparison is replaced", TWICE + ["compared"], 0, [],
)(lambda site: (slow_variant(site), site.run(
    [INTERRUPT] + COMPARE + ["--replications", "5000", "--out", "compared"])))


@case("a comparison below a file", TWICE + ["note.txt/c"], 1, ["note.txt/c"])
def _(site):
    slow_variant(site)
    site.write("note.txt", "no folder")


# Outputs


@case("an output folder below a file", RUN[:3] + ["note.txt/run"] + RUN[4:], 1, ["note.txt/run"])
def _(site):
    site.write("note.txt", "no folder")


@case("an output folder with other things", RUN[:3] + ["mine"] + RUN[4:], 2, ["mine"])
def _(site):
    os.mkdir(site.path("mine"))
    site.write("mine/thesis.txt", "keep me")


plain("an output folder on no disk", RUN[:3] + ["/proc/run"] + RUN[4:], 1, ["/proc/run"])

# The command line

plain("--threads -3", RUN + ["--threads", "-3"], 64, ["--threads", "-3"])
plain("--threads many", RUN + ["--threads", "many"], 64, ["--threads", "many"])
plain("--until never", RUN[:4] + ["--until", "never"], 64, ["--until", "never"])
plain("--seed -1", RUN + ["--seed", "-1"], 64, ["--seed"])
plain("a misspelt option", RUN + ["--thread", "2"], 64, ["--thread", "did you mean --threads"])
plain("no output folder", ["run", "town/scenario.json"], 64, ["--out"])
plain("an unknown command", ["rnu"], 64, ["rnu"])
plain("a city of no size", ["generate", "city", "--out", "new", "--size", "0"], 64, ["--size"])
plain("a city of two sizes", ["generate", "city", "--out", "new", "--size", "4", "--links", "900"],
      64, ["--size", "--links"])
plain("a city of too few links", ["generate", "city", "--out", "new", "--links", "5"], 64,
      ["--links", "200"])
plain("a city in no detail", ["generate", "city", "--out", "new", "--detail", "none"], 64,
      ["--detail", "blocks"])

# Resuming

plain("nothing to resume", ["resume", "nowhere"], 2, ["nowhere"])


# Exports of the network

EXPORT = ["export", "network", "town", "--out", "layers", "--quiet"]

plain("a sound network is exported", EXPORT, 0, [])
plain("an export of no city", ["export", "network", "nowhere", "--out", "layers"], 2, ["nowhere"])
plain("an export to nowhere", ["export", "network", "town"], 64, ["--out"])


@case("an export into somebody's folder", EXPORT, 2, ["layers", "network.json"])
def _(site):
    os.makedirs(site.path("layers"))
    site.write("layers/letter.txt", "Dear Sir")


@case("an export of a damaged network", EXPORT, 2, ["network.cimn"])
def _(site):
    site.damage("town/network.cimn")


def stopped_run(site):
    code, text = site.run(RUN + ["--stop-at", "07:01"])
    assert code == 130, (code, text)


@case("a damaged checkpoint", ["resume", "run"], 2, ["checkpoints"])
def _(site):
    stopped_run(site)
    for name in os.listdir(site.path("run/checkpoints")):
        site.damage("run/checkpoints/" + name)


@case("an input that changed since", ["resume", "run"], 2, ["run", "scenario.json"])
def _(site):
    stopped_run(site)
    site.edit("town/scenario.json", lambda s: s.update(description="another one"))


# Counts from the street

AGAINST = ["compare-counts", "run", "counts.csv"]
COUNTS = "site,begin,end,count\n"


def counted_run(site):
    measure(detectors={"interval": "1min", "sites": [LOOP]})(site)
    code, text = site.run(RUN)
    assert code == 0, (code, text)


def counts(name, code, words, text, arguments=AGAINST):
    @case(name, arguments, code, words)
    def _(site):
        counted_run(site)
        site.write("counts.csv", text)


counts("sound counts", 0, ["GEH below 5"], "\ufeff" + COUNTS + "d1,07:00,07:02,3\n")
counts("counts without a column", 2, ["counts.csv", "line 1", '"count"'], "site,begin,end\n")
counts("counts of nothing", 2, ["counts.csv", "below the header"], COUNTS)
counts("counts at an unknown site", 2, ["counts.csv", "line 2", '"d7"'],
       COUNTS + "d7,07:00,07:01,3\n")
counts("counts that overlap", 2, ["counts.csv", "line 3", "overlap", "line 2"],
       COUNTS + "d1,07:00,07:02,3\nd1,07:01,07:02,3\n")
counts("a count below 0", 2, ["counts.csv", "line 2", "0 or more"], COUNTS + "d1,07:00,07:01,-3\n")
counts("a count that is a word", 2, ["counts.csv", "line 2", "few"], COUNTS + "d1,07:00,07:01,few\n")
counts("counts at no time", 2, ["counts.csv", "line 2", "noon"], COUNTS + "d1,noon,07:01,3\n")
counts("counts that end first", 2, ["counts.csv", "line 2", "after"], COUNTS + "d1,07:01,07:00,3\n")
counts("counts across intervals", 2, ["counts.csv", "line 2", "intervals of the run", "1min"],
       COUNTS + "d1,07:00:30,07:01,3\n")
counts("counts after the run", 2, ["counts.csv", "line 2", "intervals of the run"],
       COUNTS + "d1,07:00,09:00,3\n")
counts("no counts at all", 2, ["none.csv"], "", AGAINST[:2] + ["none.csv"])
counts("counts into somebody's folder", 2, ["town"], COUNTS + "d1,07:00,07:02,3\n",
       AGAINST + ["--out", "town"])
plain("counts against no run", AGAINST, 2, ["run"])
plain("counts without a table", AGAINST[:2], 64, ["OBSERVED.csv"])


@case("counts against a run that counted nothing", AGAINST, 2, ["detectors.csv", "outputs"])
def _(site):
    code, text = site.run(RUN)
    assert code == 0, (code, text)


def left_behind(site, before, code):
    """What a refused command has left in the folder that was not there."""
    if code in (0, 130):
        return []
    found = []
    for path, _, names in os.walk(site.folder):
        found += [os.path.relpath(os.path.join(path, name), site.folder) for name in names]
    return sorted(set(found) - before)


def files(folder):
    return {
        os.path.relpath(os.path.join(path, name), folder)
        for path, _, names in os.walk(folder)
        for name in names
    }


def run_case(cim, sound, folder, entry):
    """What is wrong with how a case went; an empty list if nothing is."""
    name, prepare, arguments, code, words = entry
    shutil.copytree(sound, folder)
    site = Site(cim, folder)
    prepare(site)
    before = files(folder)
    found, text = site.run(arguments)
    wrong = []
    if found != code:
        wrong.append(f"exit code {found}, expected {code}")
    wrong += [f"the message does not name {word!r}" for word in words if word not in text]
    parts = [name for name in files(folder) if name.endswith(".part")]
    if parts:
        wrong.append(f"half-written: {', '.join(parts[:5])}")
    left = left_behind(site, before, found)
    if left:
        wrong.append(f"left behind: {', '.join(left[:5])}")
    if wrong:
        wrong.append("it said: " + text.strip()[:400])
    return wrong


def main(arguments):
    if not arguments or arguments[0].startswith("-") or len(arguments) not in (1, 3):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    cim = os.path.abspath(arguments[0])
    root = arguments[2] if len(arguments) == 3 else tempfile.mkdtemp()
    os.makedirs(root, exist_ok=True)
    failed = 0
    try:
        sound = os.path.join(root, "sound")
        os.makedirs(sound)
        site = Site(cim, sound)
        site.write("town.osm", town_text())
        code, text = site.run(["import", "osm", "town.osm", "--out", "town", "--quiet"])
        if code != 0:
            print(f"the sound town cannot be imported: {code}\n{text}")
            return 1
        for number, entry in enumerate(CASES):
            wrong = run_case(cim, sound, os.path.join(root, f"case-{number}"), entry)
            failed += 1 if wrong else 0
            print(("FAILED  " if wrong else "ok      ") + entry[0])
            for line in wrong:
                print("        " + line)
    finally:
        if len(arguments) == 1:
            shutil.rmtree(root, ignore_errors=True)
    print(f"bad inputs: {len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
