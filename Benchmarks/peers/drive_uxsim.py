"""Drives a grid of SUMO in UXsim's C++ engine and prints what it did; run by the environment's Python.

    drive_uxsim.py NET ROUTES SECONDS PLATOON

Links have the lanes, length and limit of the edges and the jam density of 4.6 m cars with 2 m
between; signals have two phases of half a cycle of 90 s. A platoon of five is every fifth vehicle
of the routes, with its way, standing for five.
"""

import json
import re
import sys
import time
import xml.etree.ElementTree as ElementTree

before = time.process_time()
import uxsim  # noqa: E402

import_cpu = time.process_time() - before
net, routes, seconds, platoon = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
world = uxsim.World(
    name="", deltan=platoon, tmax=seconds, print_mode=0, save_mode=0, show_mode=0, random_seed=1,
    cpp=True)
nodes, places = {}, {}
root = ElementTree.parse(net).getroot()
for junction in root.iter("junction"):
    if junction.get("type") != "internal":
        x, y = float(junction.get("x")), float(junction.get("y"))
        places[junction.get("id")] = (x, y)
        nodes[junction.get("id")] = world.addNode(junction.get("id"), x, y, signal=[45, 45])
links = {}
for edge in root.findall("edge"):
    if edge.get("function") == "internal":
        continue
    a, b = edge.get("from"), edge.get("to")
    lanes = edge.findall("lane")
    isEast = abs(places[a][0] - places[b][0]) > abs(places[a][1] - places[b][1])
    links[edge.get("id")] = world.addLink(
        edge.get("id"), a, b, length=float(lanes[0].get("length")),
        free_flow_speed=float(lanes[0].get("speed")), jam_density_per_lane=1 / 6.6,
        number_of_lanes=len(lanes), signal_group=[0 if isEast else 1])
ends = {e.get("id"): (e.get("from"), e.get("to")) for e in root.findall("edge")}
text = open(routes, encoding="utf-8").read()
trips = re.findall(r'<vehicle [^>]*depart="([\d.]+)"[^>]*>\s*<route edges="([^"]*)"', text)
trips = [t for t in trips if float(t[0]) < seconds]
for i in range(0, len(trips) - platoon + 1, platoon):
    second, way = float(trips[i][0]), trips[i][1].split()
    vehicle = world.addVehicle(ends[way[0]][0], ends[way[-1]][1], second)
    vehicle.enforce_route([links[e] for e in way])
before = time.process_time()
world.exec_simulation()
core_cpu = time.process_time() - before
vehicle_seconds, arrived = 0, 0
for vehicle in world.VEHICLES.values():
    if vehicle.state == "end":
        arrived += platoon
        vehicle_seconds += platoon * vehicle.travel_time
    elif vehicle.state == "run":
        vehicle_seconds += platoon * (seconds - vehicle.departure_time_in_second)
print(json.dumps({
    "vehicle_seconds": vehicle_seconds, "arrived": arrived, "import_cpu_s": import_cpu,
    "core_cpu_s": core_cpu}))
