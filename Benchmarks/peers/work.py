"""Networks and demand: what everybody has to do."""

import dataclasses
import gzip
import os
import random
import re
import shutil
from dataclasses import dataclass

# What SUMO's documentation advises for OpenStreetMap, kept to the roads for cars.
NETCONVERT = [
    "--geometry.remove", "--ramps.guess", "--junctions.join", "--tls.guess-signals",
    "--tls.discard-simple", "--tls.join", "--keep-edges.by-vclass", "passenger",
    "--remove-edges.isolated", "--no-turnarounds.except-deadend", "--no-warnings",
]
# The shipped driver of CityTwin: m, m/s², s; the desired speed by a factor on the limit.
DRIVER = {
    "carFollowModel": "IDM", "accel": "1.5", "decel": "2", "tau": "1", "minGap": "2",
    "length": "4.6", "speedFactor": "normc(1,0.1,0.8,1.2)", "emergencyDecel": "8",
}


@dataclass
class Work:
    """A network, vehicles with their ways, and for how long they are looked at."""

    name: str
    net: str
    routes: str
    minutes: float
    # The second at which it begins.
    begin: int = 0
    # Of the drivers' draws; where the demand itself is drawn anew, this stays 1.
    seed: int = 1
    # Whether every node has two phases for two roads, as UXsim needs it.
    is_grid: bool = False


class Maker:
    """Makes the work, each network and demand once."""

    def __init__(self, environment, folder, options):
        self.environment = environment
        self.folder = folder
        self.options = options
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def call(self, program, *arguments):
        self.environment.run([self.environment.program(program), *arguments])

    def works(self, seed=1):
        """Everything to be done, one after the other."""
        for size, demand in self.options.grids:
            for perHour in demand:
                yield self.grid(size, perHour, seed)
        for extract, perHour in self.options.osm:
            yield self.extract(extract, perHour, seed)
        for net, routes in self.options.net:
            yield dataclasses.replace(self.given(net, routes), seed=seed)

    def grid(self, size, perHour, seed):
        net = self.path(f"grid{size}.net.xml")
        if not os.path.exists(net):
            self.call(
                "netgenerate", "--grid", "--grid.number", str(size), "--grid.length", "200",
                "--default.lanenumber", "2", "--default-junction-type", "traffic_light",
                "--no-turnarounds.except-deadend", "--output-file", net)
        name = f"grid {size} x {size}, {perHour:,} veh/h"
        return Work(
            name, net, self.routes(net, perHour, seed), self.options.minutes, is_grid=True)

    def extract(self, path, perHour, seed):
        base = re.sub(r"\.osm(\.gz)?$", "", os.path.basename(path))
        net = self.path(f"{base}.net.xml")
        if not os.path.exists(net):
            plain = self.unpacked(path, f"{base}.osm")
            self.call("netconvert", "--osm-files", plain, "--output-file", net, *NETCONVERT)
        name = f"{base}, {perHour:,} veh/h"
        return Work(name, net, self.routes(net, perHour, seed), self.options.minutes)

    def given(self, net, routes):
        """A network with its own demand, of which duarouter makes single vehicles."""
        name = os.path.basename(os.path.dirname(os.path.abspath(net)))
        plain = self.unpacked(net, f"{name}.net.xml")
        own = self.path(f"{name}.rou.xml")
        if not os.path.exists(own):
            self.call(
                "duarouter", "--net-file", plain, "--route-files", routes, "--output-file", own,
                "--ignore-errors", "--no-warnings", "--no-step-log")
        with open(own, encoding="utf-8") as file:
            first = re.search(r'depart="([\d.]+)"', file.read())
        begin = int(float(first.group(1)) // 60 * 60) if first else 0
        return Work(name, plain, own, self.options.minutes, begin)

    def unpacked(self, path, name):
        """A file, or what is in it where it is gzipped."""
        if not path.endswith(".gz"):
            return path
        plain = self.path(name)
        with gzip.open(path) as source, open(plain, "wb") as target:
            shutil.copyfileobj(source, target)
        return plain

    def routes(self, net, perHour, seed):
        """Trips between random edges at random seconds of the time, and duarouter's ways for them."""
        base = re.sub(r"\.net\.xml$", "", net)
        base += f"-{perHour}-{self.options.minutes:g}min-{seed}"
        routes = base + ".rou.xml"
        if os.path.exists(routes):
            return routes
        with open(net, encoding="utf-8") as file:
            edges = re.findall(r'<edge id="([^:"][^"]*)" from', file.read())
        draw = random.Random(f"{os.path.basename(net)} {perHour} {seed}")
        seconds = self.options.minutes * 60
        departures = sorted(draw.random() * seconds for _ in range(round(perHour * seconds / 3600)))
        with open(base + ".trips.xml", "w", encoding="utf-8") as file:
            file.write("<routes>\n")
            for i, second in enumerate(departures):
                a, b = draw.sample(edges, 2)
                file.write(f'<trip id="t{i}" depart="{second:.2f}" from="{a}" to="{b}"/>\n')
            file.write("</routes>\n")
        self.call(
            "duarouter", "--net-file", net, "--route-files", base + ".trips.xml", "--output-file",
            routes, "--ignore-errors", "--no-warnings", "--no-step-log", "--seed", str(seed))
        return routes

    def city(self, work):
        """The city folder of a network and its routes, and the CPU seconds of the import."""
        folder = re.sub(r"(\.rou)?\.xml(\.gz)?$", "", os.path.basename(work.routes))
        folder = self.path("city-" + folder)
        # From an earlier run, with the scenarios that were put into it.
        if os.path.exists(os.path.join(folder, "city.json")):
            shutil.rmtree(folder)
        _, cpu = self.environment.run(
            [self.environment.cim, "import", "sumo", work.net, "--routes", work.routes, "--out",
             folder, "--quiet"])
        return folder, cpu

    def with_open_views(self, net):
        """A network on whose minor roads drivers see from 100 m who comes, instead of from 4.5 m."""
        target = re.sub(r"\.net\.xml$", ".views.net.xml", os.path.join(
            self.folder, os.path.basename(net)))

        def opened(found):
            text = found.group(0)
            if 'state="m"' not in text or 'from=":' in text:
                return text
            text = re.sub(r' visibility="[^"]*"', "", text)
            return text.replace("<connection ", '<connection visibility="100" ', 1)

        if not os.path.exists(target):
            with open(net, encoding="utf-8") as file:
                text = re.sub(r"<connection [^>]*>", opened, file.read())
            with open(target, "w", encoding="utf-8") as file:
                file.write(text)
        return target

    def alike(self, work):
        """The routes for drivers who follow as ours do."""
        target = re.sub(r"\.xml$", ".idm.xml", os.path.join(
            self.folder, os.path.basename(work.routes)))
        kind = "".join(f' {k}="{v}"' for k, v in DRIVER.items())
        with open(work.routes, encoding="utf-8") as file:
            text = file.read()
        # Trains have no part in this.
        for rail in re.findall(r'<vType id="([^"]*)"[^>]*vClass="(?:rail|tram)[^"]*"', text):
            text = re.sub(
                rf'(?s)<vehicle [^>]*type="{re.escape(rail)}"[^>]*>.*?</vehicle>', "", text)
        text = re.sub(r"(?s)<vType\b.*?(/>|</vType>)", "", text)
        text = re.sub(r'(<vehicle [^>]*?) type="[^"]*"', r"\1", text)
        text = re.sub(r"(<routes[^>]*>)", rf'\1\n<vType id="DEFAULT_VEHTYPE"{kind}/>', text, count=1)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        return target
