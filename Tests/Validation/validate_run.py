#!/usr/bin/env python3
"""Checks a run folder, or that of a comparison or of one with counts, without any code of the engine.

    validate_run.py DIR                exit 0 if all is well, 1 with a list of what is wrong
    validate_run.py --interrupted DIR  the same for a run that was interrupted
    validate_run.py --self-test        holds the checks themselves against small broken runs

It reads every file with Python's standard library alone, recounts trips, bays, calls and
units, and holds the figures of one file against those of the others. Of a comparison it
computes every difference and interval anew from the figures of the runs.
"""

import os
import sys

import comparison
import counts
import domains
import gridlocks
import measures
from basics import HASH, SHA256, Refusal, Run, close, duration, is_number, moment, parse_json

# Manifest, metrics, performance


def check_manifest(run):
    name = "manifest.json"
    manifest = run.json(name)
    if not isinstance(manifest, dict):
        return
    keys = """format version engine scenario ended seed epoch end reached crs network_hash
              state_hash settings inputs diagnostics""".split()
    for key in keys:
        if key not in manifest:
            run.complain(name, "missing key", key)
            return
    if manifest["format"] != "citytwin-run":
        run.complain(name, "format", repr(manifest["format"]))
    wanted = "interrupted" if run.is_interrupted else "complete"
    if manifest["ended"] != wanted:
        run.complain(name, f"not {wanted}", f"ended is {manifest['ended']!r}")
    for key in ("network_hash", "state_hash"):
        if not isinstance(manifest[key], str) or not HASH.match(manifest[key]):
            run.complain(name, "hash", f"{key} is {manifest[key]!r}")
    for key in ("threads", "host", "wall_s"):
        if key in manifest:
            run.complain(name, "differs between equal runs", key)
    if not manifest["inputs"]:
        run.complain(name, "inputs", "none are listed")
    for record in manifest["inputs"]:
        file = str(record.get("file"))
        if file.startswith("/"):
            run.complain(name, "absolute path", file)
        if not SHA256.match(str(record.get("sha256"))) or not record.get("bytes", 0) > 0:
            run.complain(name, "inputs", f"no size and hash of {file}")
    try:
        reached, end = moment(manifest["reached"]), moment(manifest["end"])
        if reached > end or (reached != end and not run.is_interrupted):
            run.complain(name, "not complete", "the end was not reached")
        moment(manifest["epoch"])
    except Refusal as error:
        run.complain(name, "time", str(error))
        return
    run.manifest = manifest


def check_metrics(run):
    name = "metrics.json"
    metrics = run.json(name)
    if not isinstance(metrics, dict):
        return
    wanted = {
        "trips": """due departed arrived waiting on_road parked mean_travel_time_s total_time_h
                    mean_delay_s""".split(),
        "traffic": """vehicle_km vehicle_hours mean_speed_kmh gridlocks standstills
                      standing_over_5min stuck_hours missed_turns""".split(),
    }
    for group, keys in wanted.items():
        for key in keys:
            value = metrics.get(group, {}).get(key)
            if not is_number(value) or value < 0:
                run.complain(name, "figure", f"{group}.{key} is {value!r}")
                return
    trips = metrics["trips"]
    under_way = trips["on_road"] + trips["parked"]
    if trips["due"] != trips["arrived"] + under_way + trips["waiting"]:
        run.complain(name, "balance", "due is not arrived + on_road + parked + waiting")
    if trips["departed"] != trips["arrived"] + under_way:
        run.complain(name, "balance", "departed is not arrived + on_road + parked")
    check_demand(run, metrics.get("demand"))
    cut_off = trips.get("behind_closure", 0)
    if not is_number(cut_off) or not 0 <= cut_off <= trips["on_road"] + trips["waiting"]:
        run.complain(name, "figure", f"trips.behind_closure is {cut_off!r}")
    run.metrics = metrics


RELATIONS = "internal inbound outbound through".split()
PURPOSES = "work education shopping leisure business home other".split()
LOAD = (
    "load_target load_reached load_reached_by_own_lanes load_vehicles_h load_factor load_rounds "
    "load_fullest_movement load_left_out"
).split()


def check_demand(run, demand):
    """What was asked for: by relation and by purpose every trip counts once."""
    name = "metrics.json"
    if not isinstance(demand, dict):
        run.complain(name, "figure", f"demand is {demand!r}")
        return
    purposes = [f"purpose_{word}" for word in PURPOSES]
    has_load = any(key in demand for key in LOAD)
    keys = ["trips", "refused"] + RELATIONS + purposes + (LOAD if has_load else [])
    for key in keys:
        value = demand.get(key)
        if not is_number(value) or value < 0:
            run.complain(name, "figure", f"demand.{key} is {value!r}")
            return
    for parts in (RELATIONS, purposes):
        total = sum(demand[key] for key in parts)
        if total != demand["trips"]:
            run.complain(name, "balance", f"demand: {parts[0]} and others are {total} trips")
    if demand["refused"] > demand["trips"]:
        run.complain(name, "balance", "demand: more refused than asked for")


def check_performance(run):
    name = "performance.json"
    figures = run.json(name)
    if not isinstance(figures, dict):
        return
    keys = """wall_s cpu_s peak_memory_mb ticks vehicle_seconds vehicle_seconds_per_cpu_s
              realtime_factor threads""".split()
    for key in keys:
        if not is_number(figures.get(key)) or figures[key] < 0:
            run.complain(name, "figure", f"{key} is {figures.get(key)!r}")


# Tables


# What services drive, which is in no table of trips.
SERVICE_CLASSES = ("ambulance", "fire_engine", "police_car")

TRIP_COLUMNS = """id purpose status due departed arrived travel_time_s free_flow_s delay_s
                  distance_m from_link to_link type""".split()


def read_trips(run):
    name = "trips.csv"
    rows = run.table(name, TRIP_COLUMNS)
    if rows is None:
        return
    trips = []
    seen = set()
    for i, row in enumerate(rows, start=2):
        if row["id"] in seen:
            run.complain(name, "double id", row["id"])
        seen.add(row["id"])
        try:
            trip = {
                "id": row["id"],
                "status": row["status"],
                "from_link": row["from_link"],
                "to_link": row["to_link"],
                "due": moment(row["due"]),
                "departed": moment(row["departed"]) if row["departed"] else None,
                "arrived": moment(row["arrived"]) if row["arrived"] else None,
            }
            for key in ("travel_time_s", "free_flow_s", "delay_s", "distance_m"):
                trip[key] = float(row[key]) if row[key] else None
        except (Refusal, ValueError) as error:
            run.complain(name, "cell", f"line {i}: {error}")
            continue
        trips.append(trip)
        check_trip(run, name, i, trip)
        if not row["type"]:
            run.complain(name, "type", f"line {i} has none")
    run.trips = trips


def check_trip(run, name, line, trip):
    due, left, done = trip["due"], trip["departed"], trip["arrived"]
    status = "arrived" if done is not None else "on_road" if left is not None else None
    # Who has left the car and walks is under way too.
    found = "on_road" if trip["status"] == "parked" else trip["status"]
    if found not in ("arrived", "on_road", "waiting", "not_due"):
        run.complain(name, "status", f"line {line}: {trip['status']!r}")
    elif (found in ("arrived", "on_road") or status) and found != status:
        run.complain(name, "status", f"line {line}: {trip['status']}, but the times say {status}")
    if left is not None and left < due:
        run.complain(name, "order", f"line {line}: departed before it was due")
    if done is None:
        return
    if left is None or done < left:
        run.complain(name, "order", f"line {line}: arrived before it departed")
        return
    if not close(trip["travel_time_s"] or 0, (done - left) / 1000, 0.0011):
        run.complain(name, "travel time", f"line {line}: {trip['travel_time_s']}")
    if not close(trip["delay_s"] or 0, trip["travel_time_s"] - trip["free_flow_s"], 0.0111):
        run.complain(name, "delay", f"line {line}: {trip['delay_s']}")
    if not trip["distance_m"] or trip["distance_m"] < 0:
        run.complain(name, "distance", f"line {line}: {trip['distance_m']}")


def recount_trips(run):
    """Holds the figures of metrics.json against a recount of trips.csv."""
    if run.trips is None or run.metrics is None or run.manifest is None:
        return
    start, end = run.measured_window()
    reached = moment(run.manifest["reached"])
    due = [t for t in run.trips if start <= t["due"] < end and t["status"] != "not_due"]
    arrived = [t for t in due if t["arrived"] is not None]
    departed = [t for t in due if t["departed"] is not None]
    counts = {
        "due": len(due),
        "departed": len(departed),
        "arrived": len(arrived),
        "on_road": sum(1 for t in due if t["status"] == "on_road"),
        "parked": sum(1 for t in due if t["status"] == "parked"),
        "waiting": len(due) - len(departed),
    }
    figures = run.metrics["trips"]
    for key, count in counts.items():
        if figures[key] != count:
            run.complain("trips.csv", "recount", f"{key} is {count}, metrics say {figures[key]}")
    total = sum((t["arrived"] if t["arrived"] is not None else reached) - t["due"] for t in due)
    if not close(figures["total_time_h"], total / 3_600_000, 0.0006, 1e-6):
        run.complain("trips.csv", "recount", f"total_time_h is {total / 3_600_000:.4f}")
    if arrived:
        travel = sum(t["travel_time_s"] for t in arrived) / len(arrived)
        delay = sum(t["delay_s"] for t in arrived) / len(arrived)
        if not close(figures["mean_travel_time_s"], travel, 0.011):
            run.complain("trips.csv", "recount", f"mean_travel_time_s is {travel:.3f}")
        if not close(figures["mean_delay_s"], delay, 0.016):
            run.complain("trips.csv", "recount", f"mean_delay_s is {delay:.3f}")
    for trip in run.trips:
        if trip["status"] == "not_due" and trip["due"] < reached - 1000:
            run.complain("trips.csv", "status", f"{trip['id']} was due and is not_due")


SERIES_COLUMNS = "time time_s departed arrived on_road waiting vehicle_km mean_speed_kmh".split()


def check_timeseries(run):
    name = "timeseries.csv"
    rows = run.table(name, SERIES_COLUMNS)
    if rows is None or run.manifest is None:
        return
    epoch = moment(run.manifest["epoch"])
    settings = run.manifest["settings"]
    interval = duration(settings["outputs"]["interval"])
    step = duration(settings["clock"]["step"])
    total = moment(run.manifest["reached"]) - epoch
    wanted = list(range(interval, total + 1, interval))
    # The open interval of an interrupted run is closed by the run that resumes it.
    if (not wanted or wanted[-1] != total) and not run.is_interrupted:
        wanted.append(total)
    series = []
    for i, row in enumerate(rows, start=2):
        try:
            at = moment(row["time"]) - epoch
            values = {k: float(v) if v else None for k, v in row.items() if k != "time"}
        except (Refusal, ValueError) as error:
            run.complain(name, "cell", f"line {i}: {error}")
            return
        if not close(values["time_s"] * 1000, at, 0.6):
            run.complain(name, "clock", f"line {i}: time and time_s differ")
        series.append((at, values))
    if [at for at, _ in series] != wanted:
        run.complain(name, "rows", f"expected one each {interval / 1000:g} s, {len(wanted)} rows")
        return
    check_running_sums(run, name, series, epoch, step)
    run.timeseries = series
    domains.check_timeseries(run, name, series, epoch, step)


def has_arrived(trip, at):
    """Whether a trip counts as arrived in what is written at a moment: a journey that ends on foot
    ends in the phase after."""
    done = trip["arrived"]
    return done is not None and (done < at if trip["is_held"] else done <= at)


def check_running_sums(run, name, series, epoch, step):
    if run.trips is None:
        return
    dues = sorted(t["due"] - epoch for t in run.trips)
    lefts = sorted(t["departed"] - epoch for t in run.trips if t["departed"] is not None)
    offs = sorted(t["off_road"] - epoch for t in run.trips if t["off_road"] is not None)
    departed = arrived = 0
    for at, values in series:
        departed += values["departed"]
        arrived += values["arrived"]
        counts = {
            "departed so far": (departed, sum(1 for t in lefts if t <= at)),
            "arrived so far": (arrived, sum(1 for t in run.trips if has_arrived(t, epoch + at))),
            "on_road": (values["on_road"], departed - sum(1 for t in offs if t <= at)),
            # A trip becomes due at the first tick that starts at or after its time.
            "waiting": (values["waiting"], sum(1 for t in dues if t <= at - step) - departed),
        }
        for what, (found, expected) in counts.items():
            if found != expected:
                text = f"{what} at {at / 1000:g} s is {found:g}, the trips say {expected:g}"
                run.complain(name, "running sum", text)
        speed = values["mean_speed_kmh"]
        if values["vehicle_km"] < 0 or (speed is not None and not 0 <= speed <= 200):
            run.complain(name, "range", f"at {at / 1000:g} s")
    check_driven(run, name, series, epoch)


def check_driven(run, name, series, epoch):
    """The kilometres of the rows within the measured window, where rows and window align."""
    if run.metrics is None:
        return
    start, end = (t - epoch for t in run.measured_window())
    ends = {0} | {at for at, _ in series}
    if start not in ends or end not in ends:
        return
    rows = [v["vehicle_km"] for at, v in series if start < at <= end]
    wanted = run.metrics["traffic"]["vehicle_km"]
    if not close(sum(rows), wanted, 0.001 * (len(rows) + 1)):
        run.complain(name, "running sum", f"vehicle_km is {sum(rows):.3f}, metrics say {wanted}")


def check_refused(run):
    rows = run.table("refused.csv", ["id", "reason"])
    if rows is None or run.trips is None:
        return
    known = {t["id"] for t in run.trips}
    for row in rows:
        if not row["reason"]:
            run.complain("refused.csv", "reason", f"{row['id']} has none")
        if row["id"] in known:
            run.complain("refused.csv", "double id", f"{row['id']} is in trips.csv too")


# GeoJSON


def check_position(value):
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise Refusal(f"expected a position, found {str(value)[:60]}")
    if not all(is_number(v) for v in value):
        raise Refusal(f"a position that is not of numbers: {value}")
    lon, lat = value[:2]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refusal(f"a position off the globe: {value}")
    return lon, lat


def positions(value, least):
    if not isinstance(value, list) or len(value) < least:
        raise Refusal(f"expected {least} positions or more, found {str(value)[:60]}")
    return [check_position(v) for v in value]


def check_rings(rings):
    if not isinstance(rings, list) or not rings:
        raise Refusal("a polygon without rings")
    found = []
    for i, ring in enumerate(rings):
        points = positions(ring, 4)
        if ring[0] != ring[-1]:
            raise Refusal("a ring that is not closed")
        # Relative to the first point, or the digits of small buildings are lost.
        x0, y0 = points[0]
        area = sum(
            (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)
            for a, b in zip(points, points[1:])
        )
        if (area < 0 and i == 0) or (area > 0 and i > 0):
            raise Refusal(f"ring {i} does not follow the right-hand rule")
        found += points
    return found


def geometry_points(geometry):
    """Checks a geometry and gives its positions."""
    if geometry is None:
        raise Refusal("a feature without a geometry")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return [p for g in geometry["geometries"] for p in geometry_points(g)]
    value = geometry.get("coordinates")
    if kind == "Point":
        return [check_position(value)]
    if kind == "MultiPoint":
        return positions(value, 0)
    if kind == "LineString":
        return positions(value, 2)
    if kind == "MultiLineString":
        return [p for line in value for p in positions(line, 2)]
    if kind == "Polygon":
        return check_rings(value)
    if kind == "MultiPolygon":
        return [p for rings in value for p in check_rings(rings)]
    raise Refusal(f"unknown geometry {kind!r}")


def check_collection(run, name):
    """RFC 7946 and what every feature carries; returns (feature, positions) pairs."""
    document = run.json(name, check_decimals=True)
    if document is None:
        return None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        run.complain(name, "RFC 7946", "not a FeatureCollection")
        return None
    if "crs" in document:
        run.complain(name, "RFC 7946", "a crs member")
    if not isinstance(document.get("features"), list):
        run.complain(name, "RFC 7946", "no list of features")
        return None
    found = []
    seen = set()
    for i, feature in enumerate(document["features"]):
        points = check_feature(run, name, f"feature {i}", feature, seen)
        if points is not None:
            found.append((feature, points))
    run.features += len(document["features"])
    return found


def check_feature(run, name, place, feature, seen):
    if not isinstance(feature, dict) or feature.get("type") != "Feature" or "crs" in feature:
        run.complain(name, "RFC 7946", f"{place} is not a Feature")
        return None
    if "geometry" not in feature or not isinstance(feature.get("properties"), dict):
        run.complain(name, "RFC 7946", f"{place} lacks geometry or properties")
        return None
    try:
        points = geometry_points(feature["geometry"])
    except (Refusal, KeyError, TypeError) as error:
        run.complain(name, "geometry", f"{place}: {error}")
        return None
    properties = feature["properties"]
    kind, ident = properties.get("kind"), properties.get("id")
    if not kind or not isinstance(kind, str) or not isinstance(ident, str) or not ident:
        run.complain(name, "id and kind", f"{place}: {ident!r}, {kind!r}")
        return None
    if (kind, ident) in seen:
        run.complain(name, "double id", f"{kind} {ident}")
    seen.add((kind, ident))
    try:
        moment(properties.get("time"))
    except Refusal as error:
        run.complain(name, "time", f"{place}: {error}")
        return None
    check_properties(run, name, place, kind, properties)
    return points


def check_properties(run, name, place, kind, properties):
    def number(key, low, high, may_be_null=False):
        value = properties.get(key, "missing")
        if value is None and may_be_null:
            return
        if not is_number(value) or not low <= value <= high:
            run.complain(name, f"{key} of {kind}", f"{place}: {value!r}")

    if kind == "vehicle":
        number("speed_kmh", 0, 200)
        number("heading_deg", 0, 359.9999999)
        if not properties.get("link"):
            run.complain(name, "link of vehicle", place)
    elif kind == "link":
        number("flow_veh_h", 0, 50_000)
        number("density_veh_km", 0, 5_000)
        # A link nobody was on has no speed.
        number("speed_kmh", 0, 200, may_be_null=True)
    elif name != "gridlocks.geojson":
        domains.check_properties(run, name, place, kind, properties)


def check_links(run):
    name = "links.geojson"
    found = check_collection(run, name)
    if not found:
        if found is not None:
            run.complain(name, "empty", "no links")
        return
    metres = 0.0
    lengths_known = True
    missed = 0
    for feature, points in found:
        properties = feature["properties"]
        run.links[properties["id"]] = feature
        run.bounds = grow(run.bounds, points)
        length, flow = properties.get("length_m"), properties.get("flow_veh_h")
        if is_number(length) and is_number(flow):
            metres += length * flow
        else:
            lengths_known = False
        delay = properties.get("delay_s")
        if delay is not None and (not is_number(delay) or delay < 0):
            run.complain(name, "delay", f"{properties['id']}: {delay!r}")
        turns = properties.get("missed_turns", 0)
        if not is_number(turns) or turns < 0:
            run.complain(name, "missed_turns", f"{properties['id']}: {turns!r}")
        else:
            missed += turns
    if run.metrics is not None and missed != run.metrics["traffic"]["missed_turns"]:
        run.complain(name, "sum", f"{missed} missed turns on links, metrics say otherwise")
    if run.metrics is None or run.manifest is None or not lengths_known:
        return
    start, end = run.measured_window()
    driven = metres / 1000 * (end - start) / 3_600_000
    wanted = run.metrics["traffic"]["vehicle_km"]
    # Flows have one decimal each; the ways across junctions are driven too, but on no link.
    slack = sum(f["properties"]["length_m"] for f, _ in found) * 0.05 / 1000 * (end - start) / 3.6e6
    if not 0.4 * wanted - slack <= driven <= wanted * 1.000001 + 0.01 + slack:
        run.complain(name, "sum", f"flow x length is {driven:.1f} km, metrics say {wanted}")


def grow(bounds, points):
    for x, y in points:
        if bounds is None:
            bounds = [x, y, x, y]
        bounds = [min(bounds[0], x), min(bounds[1], y), max(bounds[2], x), max(bounds[3], y)]
    return bounds


def check_snapshot(run, name):
    found = check_collection(run, name)
    if found is None:
        return
    run.snapshots += 1
    times = {feature["properties"]["time"] for feature, _ in found}
    if len(times) > 1:
        run.complain(name, "time", f"features of {len(times)} moments")
    stamp = os.path.basename(name).split(".")[0]
    for time in times:
        if time[:19].replace("-", "").replace(":", "") != stamp:
            run.complain(name, "time", f"the name says {stamp}, the features {time}")
    vehicles = 0
    for feature, points in found:
        properties = feature["properties"]
        if properties["kind"] != "vehicle":
            continue
        # Ambulances and their like are in no table of trips.
        vehicles += properties.get("class") not in SERVICE_CLASSES
        check_vehicle(run, name, properties, points[0])
    # A file of links or facilities alone says nothing about vehicles.
    layers = ((run.manifest or {}).get("settings", {}).get("outputs", {}).get("snapshots")) or {}
    if run.trips is None or run.manifest is None or "vehicles" not in layers.get("layers", []):
        return
    zone = run.manifest["epoch"][19:]
    try:
        at = moment(f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:15]}{zone}")
    except Refusal as error:
        run.complain(name, "name", str(error))
        return
    expected = sum(
        1
        for t in run.trips
        if t["departed"] is not None
        and t["departed"] <= at
        and (t["off_road"] is None or t["off_road"] > at)
    )
    if vehicles != expected:
        run.complain(name, "vehicles", f"{vehicles}, the trips say {expected}")


def check_vehicle(run, name, properties, point):
    if run.links and properties.get("link") not in run.links:
        run.complain(name, "link of vehicle", f"{properties.get('link')!r} is no link of the city")
    if run.bounds is None:
        return
    # Junctions reach a little beyond the ends of their links.
    margin = 0.002
    x, y = point
    low_x, low_y, high_x, high_y = run.bounds
    if not (low_x - margin <= x <= high_x + margin and low_y - margin <= y <= high_y + margin):
        run.complain(name, "outside of the city", f"{properties['id']} at {point}")


def check_stream(run):
    """snapshots.geojsonl: RFC 8142, the same features as the files."""
    name = "snapshots.geojsonl"
    if not os.path.exists(os.path.join(run.folder, name)):
        return
    text = run.text(name)
    if text is None:
        return
    records = text.split("\x1e")
    if records[0]:
        run.complain(name, "RFC 8142", "text before the first record separator")
    for i, record in enumerate(records[1:]):
        if not record.endswith("\n") or record.count("\n") > 1:
            run.complain(name, "RFC 8142", f"record {i} does not end with its line feed")
            continue
        try:
            feature = parse_json(record, True)
        except Refusal as error:
            run.complain(name, "json", f"record {i}: {error}")
            continue
        check_feature(run, name, f"record {i}", feature, set())


# The whole folder

STREAMS = ("snapshots.geojsonl.part", "movements.csv.part", "detectors.csv.part")


def validate(folder, is_interrupted=False):
    run = Run(folder, is_interrupted)
    if not os.path.isdir(folder):
        run.complain("run folder", "missing", "there is no such folder")
        return run
    check_manifest(run)
    check_metrics(run)
    check_performance(run)
    read_trips(run)
    domains.read_tables(run)
    recount_trips(run)
    domains.recount(run)
    check_timeseries(run)
    check_refused(run)
    check_links(run)
    measures.check_movements(run)
    measures.check_detectors(run)
    gridlocks.check(run, check_collection(run, "gridlocks.geojson"))
    for path, folders, names in sorted(os.walk(folder)):
        folders.sort()
        inside = os.path.relpath(path, folder)
        if inside.split(os.sep)[0] == "checkpoints":
            continue
        for base in sorted(names):
            name = base if inside == "." else f"{inside}/{base}"
            if base.endswith(".part") or base.endswith("~"):
                # A stream goes on when the run is resumed.
                if not (is_interrupted and base in STREAMS):
                    run.complain(name, "left over", "an unfinished file")
            elif inside == "snapshots" and base.endswith(".geojson"):
                check_snapshot(run, name)
            elif base.endswith(".geojson") and name not in ("links.geojson", "gridlocks.geojson"):
                check_collection(run, name)
    check_stream(run)
    return run


def main(arguments):
    if arguments == ["--self-test"]:
        import self_test

        return self_test.run()
    is_interrupted = arguments[:1] == ["--interrupted"]
    folders = arguments[1:] if is_interrupted else arguments
    if len(folders) != 1 or folders[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    if comparison.is_one(folders[0]):
        run = comparison.validate(folders[0], is_interrupted)
        what = f"{run.figures} figures of {run.runs} runs"
    elif counts.is_one(folders[0]):
        run = counts.validate(folders[0])
        what = f"{run.site_hours} hours of sites"
    else:
        run = validate(folders[0], is_interrupted)
        what = f"{len(run.trips or [])} trips, {len(run.timeseries or [])} intervals, " + (
            f"{run.snapshots} snapshots, {run.features} features{domains.summary(run)}"
        )
    lines = run.complaints.lines()
    for line in lines:
        print(line)
    if lines:
        print(f"{sum(run.complaints.counts.values())} complaints about {folders[0]}")
        return 1
    print(f"{folders[0]}: {what}: all is well")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
