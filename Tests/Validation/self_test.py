"""Holds validate_run.py against a small sound run and against broken copies of it."""

import copy
import json
import os
import tempfile

import comparison
import counts
import domains
import gridlocks
import measures
import validate_network
import validate_run

EPOCH = "2026-03-02T07:00:00+08:00"


def at(seconds):
    return f"2026-03-02T07:{seconds // 60:02d}:{seconds % 60:02d}+08:00"


def feature(ident, kind, geometry, **properties):
    return {
        "type": "Feature",
        "id": ident,
        "geometry": geometry,
        "properties": {"id": ident, "kind": kind, "time": at(120), **properties},
    }


def vehicle(ident, lon=117.201, **changes):
    point = {"type": "Point", "coordinates": [lon, 39.1]}
    properties = {"speed_kmh": 36.5, "heading_deg": 90, "link": "l1", **changes}
    return feature(ident, "vehicle", point, **properties)


def sound_run():
    """Two trips on one link of 1 km: one arrives, one is still on the road at the end."""
    line = {"type": "LineString", "coordinates": [[117.2, 39.1], [117.2115, 39.1]]}
    park = {
        "type": "Polygon",
        "coordinates": [
            [[117.2, 39.1], [117.21, 39.1], [117.21, 39.11], [117.2, 39.11], [117.2, 39.1]],
            [[117.202, 39.102], [117.202, 39.103], [117.203, 39.102], [117.202, 39.102]],
        ],
    }
    point = {"type": "Point", "coordinates": [117.2, 39.1000001]}
    figures = {"flow_veh_h": 30, "density_veh_km": 1.5, "speed_kmh": 20.5}
    link = feature("l1", "link", line, length_m=1000, delay_s=2.5, **figures)
    return {
        "manifest.json": {
            "format": "citytwin-run", "version": 1, "engine": "0", "scenario": "s",
            "ended": "complete", "seed": 1, "epoch": EPOCH, "end": at(120), "reached": at(120),
            "crs": "EPSG:4548", "network_hash": "0" * 16, "state_hash": "f" * 16,
            "settings": {
                "clock": {"step": "0.5s", "warm_up": "0s", "measured": "2min", "cool_down": "0s"},
                "outputs": {"interval": "1min", "snapshots": {"layers": ["vehicles", "links"]}},
            },
            "inputs": [{"file": "scenario.json", "bytes": 3, "sha256": "a" * 64}],
            "diagnostics": {},
        },
        "metrics.json": {
            "trips": {
                "due": 2, "departed": 2, "arrived": 1, "waiting": 0, "on_road": 1,
                "parked": 0, "mean_travel_time_s": 60, "total_time_h": 0.042, "mean_delay_s": 10,
            },
            "traffic": {
                "vehicle_km": 1, "vehicle_hours": 0.05, "mean_speed_kmh": 20, "gridlocks": 0,
                "missed_turns": 0, "standstills": 0, "standing_over_5min": 0, "stuck_hours": 0,
            },
            "demand": {
                "trips": 3, "refused": 1, "internal": 1, "inbound": 1, "outbound": 1, "through": 0,
                "purpose_work": 2, "purpose_education": 0, "purpose_shopping": 0,
                "purpose_leisure": 0, "purpose_business": 0, "purpose_home": 1,
                "purpose_other": 0, "load_target": 0.6, "load_reached": 0.59,
                "load_reached_by_own_lanes": 0.5, "load_vehicles_h": 90, "load_factor": 1.1,
                "load_rounds": 3, "load_fullest_movement": 0.85, "load_left_out": 7,
            },
        },
        "performance.json": {
            "wall_s": 1, "cpu_s": 1, "peak_memory_mb": 1, "ticks": 240, "vehicle_seconds": 1,
            "vehicle_seconds_per_cpu_s": 1, "realtime_factor": 1, "threads": 1,
        },
        "trips.csv": [
            validate_run.TRIP_COLUMNS,
            ["a", "w", "arrived", at(10), at(20), at(80), "60", "50", "10", "700", "l1", "l1", "car"],
            ["b", "w", "on_road", at(39), at(40), "", "", "50", "", "", "l1", "l1", "bus"],
        ],
        "timeseries.csv": [
            validate_run.SERIES_COLUMNS,
            [at(60), "60", "2", "0", "2", "0", "0.5", "20"],
            [at(120), "120", "0", "1", "1", "0", "0.5", ""],
        ],
        "refused.csv": [["id", "reason"], ["c", "no way"]],
        "links.geojson": {"type": "FeatureCollection", "features": [link]},
        "gridlocks.geojson": {"type": "FeatureCollection", "features": []},
        "gridlocks.csv": [gridlocks.COLUMNS],
        "snapshots/20260302T070200.geojson": {
            "type": "FeatureCollection",
            "features": [
                vehicle("b"), link, feature("h", "hospital", point, state="open"),
                feature("p", "parking", park, state="open"),
            ],
        },
    }


def write(run, folder):
    for name, content in run.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            if isinstance(content, list) and name.endswith(".csv"):
                stream.write("".join(",".join(row) + "\n" for row in content))
            elif isinstance(content, str):
                stream.write(content)
            else:
                json.dump(content, stream)


SNAPSHOT = "snapshots/20260302T070200.geojson"


def set_in(run, name, path, value):
    target = run[name]
    for key in path[:-1]:
        target = target[key]
    if value is None and isinstance(target, dict):
        del target[path[-1]]
    else:
        target[path[-1]] = value


def broken(name, path, value, word):
    def change(run):
        set_in(run, name, path, value)

    return change, word


def replaced(name, old, new, word):
    def change(run):
        text = json.dumps(run[name])
        assert old in text, (name, old)
        run[name] = text.replace(old, new)

    return change, word


def properties(index, **changes):
    def change(run):
        target = run[SNAPSHOT]["features"][index]["properties"]
        for key, value in changes.items():
            if value is None:
                del target[key]
            else:
                target[key] = value

    return change


def in_snapshot(change):
    def apply(run):
        change(run[SNAPSHOT])

    return apply


def another_vehicle(lon, ident):
    return in_snapshot(lambda s: s["features"].append(vehicle(ident, lon)))


def cases():
    ring = (SNAPSHOT, ["features", 3, "geometry", "coordinates"])
    yield broken("manifest.json", ["ended"], "interrupted", "not complete")
    yield broken("manifest.json", ["seed"], None, "missing key")
    yield broken("manifest.json", ["state_hash"], "xyz", "hash")
    yield broken("manifest.json", ["threads"], 2, "differs between")
    yield broken("manifest.json", ["inputs", 0, "file"], "/scenario.json", "absolute path")
    yield broken("manifest.json", ["reached"], at(60), "not complete")
    yield broken("metrics.json", ["trips", "due"], 3, "balance")
    yield broken("metrics.json", ["trips", "departed"], 1, "balance")
    yield broken("metrics.json", ["trips", "mean_delay_s"], None, "figure")
    yield broken("metrics.json", ["trips", "total_time_h"], 0.05, "total_time_h")
    yield broken("metrics.json", ["trips", "mean_travel_time_s"], 61, "mean_travel_time_s")
    yield broken("metrics.json", ["demand", "inbound"], 2, "balance")
    yield broken("metrics.json", ["demand", "purpose_work"], 1, "balance")
    yield broken("metrics.json", ["demand", "load_reached"], None, "figure")
    yield broken("metrics.json", ["traffic", "vehicle_km"], 1.1, "vehicle_km")
    yield broken("metrics.json", ["traffic", "vehicle_km"], 9, "flow x length")
    yield broken("performance.json", ["cpu_s"], None, "figure")
    yield broken("trips.csv", [1, 2], "waiting", "status")
    yield broken("trips.csv", [1, 6], "70", "travel time")
    yield broken("trips.csv", [1, 4], at(5), "before it was due")
    yield broken("trips.csv", [1, 9], "nan", "no number")
    yield broken("trips.csv", [2, 0], "a", "double id")
    yield broken("trips.csv", [1, 12], "", "type")
    yield broken("trips.csv", [2, 3], "2026-03-02T07:00:39", "ISO 8601")
    yield broken("trips.csv", [0, 3], "when", "columns")
    yield broken("timeseries.csv", [1, 2], "1", "running sum")
    yield broken("timeseries.csv", [2, 5], "1", "waiting")
    yield broken("timeseries.csv", [2, 0], at(119), "rows")
    yield broken("timeseries.csv", [1, 1], "61", "clock")
    yield broken("refused.csv", [1, 0], "a", "double id")
    yield broken("refused.csv", [1, 1], "", "reason")
    yield broken("links.geojson", ["features"], [], "empty")
    yield broken("links.geojson", ["features", 0, "properties", "delay_s"], -1, "delay")
    yield broken("links.geojson", ["features", 0, "properties", "missed_turns"], 2, "2 missed turns")
    yield broken(SNAPSHOT, ["crs"], {"type": "name"}, "crs member")
    yield broken(SNAPSHOT, ["type"], "Feature", "FeatureCollection")
    yield broken(SNAPSHOT, ["features", 0, "geometry"], None, "lacks geometry")
    yield broken(*ring[:1], ring[1] + [0, 4], [117.3, 39.1], "not closed")
    yield broken(SNAPSHOT, ["features", 0, "geometry", "coordinates", 1], 200, "off the globe")
    yield broken(SNAPSHOT, ["features", 0, "geometry", "coordinates", 1], "39", "not of numbers")
    yield in_snapshot(
        lambda s: s["features"][3]["geometry"]["coordinates"][0].reverse()
    ), "ring 0 does not follow"
    yield in_snapshot(
        lambda s: s["features"][3]["geometry"]["coordinates"][1].reverse()
    ), "ring 1 does not follow"
    yield replaced(SNAPSHOT, "39.1000001", "39.10000012", "decimals")
    yield replaced(SNAPSHOT, "39.1000001", "3.91e1", "exponent")
    yield replaced(SNAPSHOT, "36.5", "NaN", "NaN")
    yield replaced(SNAPSHOT, "36.5", "1e999", "exponent")
    yield replaced("metrics.json", "0.042", "Infinity", "Infinity")
    yield replaced("metrics.json", '"due": 2', '"due": 2, "due": 2', "twice")
    yield replaced(SNAPSHOT, "]}", "]", "not JSON")
    yield properties(0, speed_kmh=201), "speed_kmh of vehicle"
    yield properties(0, heading_deg=360), "heading_deg of vehicle"
    yield properties(0, link="l9"), "no link of the city"
    yield properties(0, link=None), "link of vehicle"
    yield properties(0, time=None), "ISO 8601"
    yield properties(0, time="2026-03-02T07:02:00"), "ISO 8601"
    yield properties(0, time=at(60)), "time"
    yield properties(0, id=None), "id and kind"
    yield properties(1, density_veh_km=None), "density_veh_km of link"
    yield properties(1, flow_veh_h=-1), "flow_veh_h of link"
    yield properties(2, state=None), "state of facility"
    yield another_vehicle(117.201, "b"), "double id"
    yield another_vehicle(117.201, "x"), "the trips say"
    yield another_vehicle(118.0, "x"), "outside of the city"
    yield lambda run: run.update({"x.csv.part": "half"}), "left over"
    yield lambda run: run.update({"snapshots.geojsonl": '{"type":"Feature"}\n'}), "RFC 8142"
    yield lambda run: run.pop("metrics.json"), "unreadable"


def sound_domains():
    """The same with parking and emergency: one trip parks and walks, one call is served."""
    run = sound_run()
    run["manifest.json"]["settings"].update(parking={}, emergency={})
    run["metrics.json"]["parking"] = dict.fromkeys(domains.METRICS["parking"], 0) | {
        "arrivals": 1, "mean_walk_m": 13.4, "mean_occupancy": 0.25, "turnover": 0.5,
        "revenue_cny": 2.5,
    }
    run["metrics.json"]["emergency"] = dict.fromkeys(domains.METRICS["emergency"], 1) | {
        "calls": 2, "open": 0, "utilisation": 0.7083,
        **{f"{key}_response_s": 60 for key in ("mean", "p50", "p90")},
    }
    run["parking.csv"] = [
        domains.PARKING_COLUMNS,
        ["a", "w", "p", at(70), "1", "0", "13.4", "30", "2.5", "parked"],
    ]
    run["responses.csv"] = [
        domains.RESPONSE_COLUMNS,
        ["m", "medical", "1", at(5), "u", at(5), at(65), "0", "60", at(90), "", "served"],
        ["n", "medical", "2", at(100), "", "", "", "", "", "", "", "queued"],
    ]
    run["units.csv"] = [
        domains.UNIT_COLUMNS, ["u", "ambulance", "h", "1", "85", "60", "0.7083"],
    ]
    series = run["timeseries.csv"]
    columns = "parked occupied searching refused calls calls_served calls_queued units_busy"
    series[0] = series[0] + columns.split()
    series[1] += ["0", "1", "0", "0", "1", "0", "0", "1"]
    series[2] += ["1", "1", "0", "0", "1", "1", "1", "0"]
    point = {"type": "Point", "coordinates": [117.2, 39.1]}
    run[SNAPSHOT]["features"] += [
        feature("p", "parking", point, state="open", capacity=2, occupied=1, held=1),
        feature("u", "unit", point, state="idle", type="ambulance"),
        feature("n", "incident", point, status="queued", type="medical", priority=2),
    ]
    # The car park is shown by one layer alone.
    del run[SNAPSHOT]["features"][3]
    return run


def cell(name, row, column, value):
    def change(run):
        columns = run[name][0]
        run[name][row][columns.index(column)] = value

    return change


def domain_cases():
    parking, calls, units = "parking.csv", "responses.csv", "units.csv"
    yield cell(parking, 1, "trip", "x"), "is no trip"
    yield cell(parking, 1, "outcome", "lost"), "outcome"
    yield cell(parking, 1, "tries", "0"), "without a try"
    yield cell(parking, 1, "search_s", "9"), "without a refusal"
    yield cell(parking, 1, "facility", ""), "facility is"
    yield cell(parking, 1, "arrived", at(15)), "parked before it departed"
    yield cell(parking, 1, "walk_m", "400"), "walk"
    yield cell(parking, 1, "fee_cny", "9"), "revenue_cny"
    yield cell(parking, 1, "arrived", at(59)), "parked by 60 s"
    yield lambda run: run[parking].pop(), "arrivals is 0"
    yield lambda run: run[parking].append(run[parking][1]), "stands here twice"
    yield lambda run: run.pop(parking), "parking is True"
    yield lambda run: run["metrics.json"].pop("parking"), "parking is True"
    yield broken("metrics.json", ["parking", "mean_occupancy"], 1.5, "mean_occupancy")
    yield broken("metrics.json", ["parking", "gave_up"], 1, "gave_up is 0")
    yield broken("metrics.json", ["trips", "parked"], 1, "balance")
    yield broken("metrics.json", ["trips", "behind_closure"], 5, "behind_closure is 5")
    yield properties(-3, occupied=2), "occupancy"
    yield properties(-3, occupied=-1), "occupancy"
    yield properties(-3, capacity=0, occupied=0, held=0), "two cars in a bay"
    yield cell("timeseries.csv", 2, "parked", "2"), "parked by 120 s"
    yield cell(calls, 1, "arrived", at(4)), "order"
    yield cell(calls, 1, "response_s", "61"), "response_s"
    yield cell(calls, 1, "status", "open"), "status"
    yield cell(calls, 2, "status", "not_due"), "not_due"
    yield cell(calls, 1, "unit", "x"), "has 'x'"
    yield cell(calls, 1, "kind", "fire"), "has 'u'"
    yield cell(calls, 2, "id", "m"), "double id"
    yield cell(calls, 1, "priority", "6"), "priority 6"
    yield lambda run: run[calls].append(
        ["o", "medical", "1", at(80), "u", at(85), "", "5", "", "", "", "open"]
    ), "two calls at once"
    yield lambda run: run.pop(calls), "emergency is True"
    yield broken("metrics.json", ["emergency", "queued"], 0, "balance")
    yield broken("metrics.json", ["emergency", "within_8min"], 0.5, "within_8min")
    yield broken("metrics.json", ["emergency", "p90_response_s"], 61, "p90_response_s")
    yield cell(units, 1, "calls", "2"), "responses.csv 1"
    yield cell(units, 1, "busy_s", "121"), "range"
    yield cell(units, 1, "utilisation", "0.5"), "utilisation"
    yield cell("timeseries.csv", 1, "calls", "0"), "calls by 60 s"
    yield cell("timeseries.csv", 1, "units_busy", "2"), "are busy"
    yield properties(-2, state=None), "state of facility"
    yield properties(-2, type="taxi"), "unit"
    yield properties(-1, status="lost"), "status of incident"
    yield properties(-1, priority=0), "incident"


def sound_measures():
    """The first run with a second link, which the first trip ends on, and a loop on the first."""
    run = sound_run()
    line = {"type": "LineString", "coordinates": [[117.2115, 39.1], [117.2127, 39.1]]}
    figures = {"flow_veh_h": 0, "density_veh_km": 0, "speed_kmh": None}
    run["links.geojson"]["features"].append(
        feature("l2", "link", line, length_m=100, delay_s=None, **figures))
    run["trips.csv"][1][11] = "l2"
    outputs = run["manifest.json"]["settings"]["outputs"]
    outputs["movements"] = {"interval": "1min"}
    outputs["detectors"] = {"interval": "1min"}
    run["movements.csv"] = [
        measures.MOVEMENT_COLUMNS,
        ["2", "signals", "l1", "l2", "left", "l1_0>l2_0", EPOCH, at(60), "1", "21.4", "C", "0", "1",
         "0", "7.5", "5", "0", "120", "0.5"],
    ]
    run["detectors.csv"] = [
        measures.DETECTOR_COLUMNS,
        ["d", "l1", "0", "700", EPOCH, at(60), "1", "60", "40", "40", "1.1", "1"],
        ["d", "l1", "0", "700", at(60), at(120), "0", "0", "", "", "0", "0"],
        ["e", "l1", "", "900", EPOCH, at(60), "1", "60", "40", "40", "1.1", "1"],
        ["e", "l1", "", "900", at(60), at(120), "1", "60", "40", "30", "1.1", "1"],
    ]
    point = {"type": "Point", "coordinates": [117.207, 39.1]}
    run["detectors.geojson"] = {
        "type": "FeatureCollection", "features": [feature("d", "detector", point, link="l1")]}
    return run


def measure_cases():
    movements, loops = "movements.csv", "detectors.csv"
    outputs = ["settings", "outputs"]
    yield broken("manifest.json", outputs + ["movements"], None, "does not ask")
    yield broken("manifest.json", outputs + ["detectors"], None, "does not ask")
    yield lambda run: run.pop(movements), "unreadable"
    yield cell(movements, 1, "volume", "3"), "remain on l1"
    yield cell(movements, 1, "volume", "0.5"), "volume"
    yield cell(movements, 1, "delay_s", "-1"), "negative"
    yield cell(movements, 1, "los", "B"), "los"
    yield cell(movements, 1, "to_link", "l3"), "no link of the city"
    yield cell(movements, 1, "end", at(59)), "interval"
    yield cell(movements, 1, "begin", at(60)), "interval"
    yield cell(movements, 1, "queue_p50_veh", "2"), "above the 95th"
    yield cell(movements, 1, "queue_p95_m", "1001"), "longer than its link"
    yield cell(movements, 1, "spillback_s", "70"), "70.0 of 60.0 s"
    yield cell(movements, 1, "v_over_c", "0.2"), "is below"
    yield cell(movements, 1, "v_over_c", ""), "without capacity"
    yield lambda run: run[movements].append(run[movements][1]), "double row"
    yield lambda run: run[movements].pop(), "remain"
    yield cell(loops, 1, "flow_veh_h", "1"), "flow"
    yield cell(loops, 1, "count_car", "0"), "add up"
    yield cell(loops, 1, "mean_speed_kmh", ""), "speed"
    yield cell(loops, 1, "space_mean_speed_kmh", "41"), "above"
    yield cell(loops, 1, "occupancy_pct", "101"), "occupancy"
    yield cell(loops, 1, "position_m", "1100"), "beyond the end"
    yield cell(loops, 1, "link", "l9"), "no link of the city"
    yield broken(
        "detectors.geojson", ["features", 0, "properties", "link"], "l9", "link of detector")
    yield lambda run: run[loops][1].__setitem__(slice(6, 8), ["9", "540"]), "left the link"


def sound_counts():
    rows = [["s", EPOCH, "2026-03-02T08:00:00+08:00", "100", "120", "100", "120", "1.907"],
            ["t", EPOCH, "2026-03-02T08:00:00+08:00", "300", "100", "300", "100", "14.142"]]
    features = []
    for site, value, colour in [("s", 1.907, "#1a9850"), ("t", 14.142, "#d73027")]:
        features.append({
            "type": "Feature", "id": site,
            "geometry": {"type": "Point", "coordinates": [117.2, 39.1]},
            "properties": {"site": site, "geh": value, "marker-color": colour}})
    return {
        "manifest.json": {
            "format": "citytwin-counts", "version": 1, "sites": 2, "site_hours": 2,
            "geh_below_5": 1, "geh_below_10": 1, "share_below_5": 0.5, "share_below_10": 0.5,
            "rmse_veh_h": 142.127, "slope": -0.1, "observed_total": 400, "modelled_total": 220,
        },
        "counts.csv": [counts.COLUMNS] + rows,
        "counts.geojson": {"type": "FeatureCollection", "features": features},
    }


def count_cases():
    yield cell("counts.csv", 1, "geh", "2.9"), "geh"
    yield cell("counts.csv", 1, "observed", "-1"), "range"
    yield cell("counts.csv", 1, "end", "08:00"), "ISO 8601"
    yield cell("counts.csv", 1, "modelled_veh_h", "60"), "hourly volume"
    yield broken("manifest.json", ["geh_below_5"], 2, "geh_below_5")
    yield broken("manifest.json", ["rmse_veh_h"], 20, "rmse_veh_h")
    yield broken("manifest.json", ["slope"], 0.1, "slope")
    path = ["features", 0, "properties"]
    yield broken("counts.geojson", path + ["site"], "u", "site")
    yield broken("counts.geojson", path + ["marker-color"], "#d73027", "colour")


def sound_gridlock():
    """The first run, ten minutes longer: two cars wait for each other from 200 s on."""
    run = sound_run()
    run["manifest.json"].update(end=at(720), reached=at(720))
    run["manifest.json"]["settings"]["clock"]["measured"] = "12min"
    run["metrics.json"]["trips"]["total_time_h"] = 0.2086
    run["metrics.json"]["traffic"].update(gridlocks=1, standing_over_5min=2)
    run["links.geojson"]["features"][0]["properties"]["flow_veh_h"] = 5
    run["timeseries.csv"] += [
        [at(60 * i), str(60 * i), "0", "0", "1", "0", "0", ""] for i in range(3, 13)
    ]
    del run[SNAPSHOT]
    lines = {
        "type": "MultiLineString",
        "coordinates": [[[117.2, 39.1], [117.21, 39.1]], [[117.21, 39.1], [117.2, 39.1]]],
    }
    point = {"type": "Point", "coordinates": [117.2, 39.1]}
    run["gridlocks.geojson"]["features"] = [
        feature(
            "gridlock-1", "gridlock", lines, onset=at(200), found=at(500), dissolved=None,
            duration_s=520, reason="room", queues=2, vehicles_now=3, vehicles_most=5, links="l1",
            junctions="j", streets="A",
        ),
        feature("gridlock-1@j", "gridlock_place", point, of="gridlock-1", junction="j"),
    ]
    run["gridlocks.csv"] += [
        ["gridlock-1", "1", "b", at(150), "room", "l1", "0", "", "j", "A"],
        ["gridlock-1", "2", "c", at(200), "junction", "l1", "0", "l1", "j", "A"],
    ]
    return run


def gridlock_cases():
    name = "gridlocks.geojson"

    def told(key, value):
        return broken(name, ["features", 0, "properties", key], value, "gridlock-1: ")[0]

    yield broken("metrics.json", ["traffic", "gridlocks"], 0, "metrics say 0")
    yield broken("metrics.json", ["traffic", "standstills"], 1, "metrics say 1")
    yield broken("metrics.json", ["traffic", "standing_over_5min"], 0, "nobody has stood")
    yield told("onset", at(199)), "onset"
    yield told("found", at(499)), "order"
    yield told("dissolved", at(721)), "order"
    yield told("dissolved", at(600)), "duration"
    yield told("duration_s", 500), "duration"
    yield told("queues", 3), "queues"
    yield told("vehicles_now", 6), "vehicles"
    yield told("links", "l2"), "links"
    yield told("junctions", "k"), "junctions"
    yield broken(name, ["features", 1, "properties", "of"], "gridlock-2", "is not there")
    yield lambda run: run[name]["features"].pop(), "a point at each"
    yield cell("gridlocks.csv", 1, "reason", "bad luck"), "reason"
    yield cell("gridlocks.csv", 1, "link", "l9"), "l9"
    yield cell("gridlocks.csv", 1, "place", "2"), "places"
    yield cell("gridlocks.csv", 2, "since", at(201)), "onset"
    yield lambda run: run["gridlocks.csv"].pop(), "queues"
    yield lambda run: run.pop("gridlocks.csv"), "unreadable"
    yield lambda run: run.pop(name), "unreadable"


def sound_interruption():
    """The first run, stopped after a minute and a half."""
    run = sound_run()
    run["manifest.json"].update(ended="interrupted", reached=at(90))
    run["metrics.json"]["trips"]["total_time_h"] = 0.0336
    del run["timeseries.csv"][2], run[SNAPSHOT]
    run["snapshots.geojsonl.part"] = ""
    return run


def interruption_cases():
    yield broken("manifest.json", ["ended"], "complete", "not interrupted")
    yield broken("manifest.json", ["reached"], at(121), "the end was not reached")
    yield lambda run: run["timeseries.csv"].pop(), "rows"
    yield lambda run: run.update({"trips.csv.part": "half"}), "left over"


def sound_comparison():
    """Three runs each: the differences are 3, 2, 4, and t on 2 degrees is 4.302653."""
    scenario = {"network_hash": "0" * 16, "state_hashes": ["1" * 16] * 3, "settings": {}}
    inputs = [{"file": "scenario.json", "bytes": 3, "sha256": "a" * 64}]
    header = "scenario replication seed figure value".split()
    values = {"b": [10, 12, 11], "v": [13, 14, 15]}
    rows = [
        [label, str(i + 1), str(7 + i), "g.x", str(value)]
        for label, list_of in values.items()
        for i, value in enumerate(list_of)
    ]
    numbers = [11, 14, 3, 0.515862, 5.484138, 3]
    return {
        "manifest.json": {
            "format": "citytwin-comparison", "version": 1, "engine": "0", "ended": "complete",
            "baseline": "b", "replications": 3, "confidence": 0.95, "end": at(120),
            "seeds": [7, 8, 9], "remarks": [],
            "scenarios": [{"label": label, **scenario, "inputs": inputs} for label in values],
        },
        "replications.csv": [header, *rows],
        "comparison.json": [dict(zip(comparison.COLUMNS, ["v", "g.x", *numbers]))],
        "comparison.csv": [comparison.COLUMNS, ["v", "g.x", *map(str, numbers)]],
    }


def comparison_cases():
    row = ("comparison.json", [0])
    yield broken("manifest.json", ["ended"], "interrupted", "not complete")
    yield broken("manifest.json", ["seeds"], [7, 8, 10], "seeds")
    yield broken("manifest.json", ["baseline"], "v", "labels")
    yield broken("manifest.json", ["scenarios", 1, "label"], "b", "labels")
    yield broken("manifest.json", ["scenarios", 1, "state_hashes", 0], "x", "state hashes")
    yield broken("manifest.json", ["scenarios", 1, "inputs", 0, "file"], "/x", "absolute path")
    yield broken(*row[:1], row[1] + ["difference"], 3.1, "difference: 3.1")
    yield broken(*row[:1], row[1] + ["low"], 0.51, "low: 0.51")
    yield broken(*row[:1], row[1] + ["replications"], 2, "replications: 2")
    yield broken(*row[:1], row[1] + ["high"], None, "columns")
    yield broken(*row[:1], row[1] + ["figure"], "g.y", "rows")
    yield cell("comparison.csv", 1, "low", "0.5"), "differs"
    yield cell("replications.csv", 3, "value", "12"), "recount"
    yield cell("replications.csv", 3, "seed", "7"), "cell"
    yield cell("replications.csv", 3, "scenario", "x"), "cell"
    yield lambda run: run["replications.csv"].pop(), "the manifest has 6"
    yield lambda run: run["replications.csv"].append(run["replications.csv"][1]), "twice"
    yield lambda run: run.update({"comparison.csv.part": "half"}), "left over"


def layer(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def drawn(ident, kind, coordinates, **properties):
    return {
        "type": "Feature", "id": ident, "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"id": ident, **properties},
    }


def sound_network():
    """Two links of one lane each, one behind the other, with a signal between."""
    west, east = [[117.2, 39.1], [117.201, 39.1]], [[117.2011, 39.1], [117.202, 39.1]]
    speed = {"speed_kmh": 50}
    times = {"cycle_s": 60, "green_s": 30, "permissive_s": 0, "yellow_s": 3, "offset_s": 0}
    names = ["links", "lanes", "turns", "junctions", "signals"]
    return {
        "network.json": {
            "format": "citytwin-network", "version": 1, "network_hash": "0" * 16,
            "layers": [
                {"file": f"{name}.geojson", "features": count}
                for name, count in zip(names, [2, 2, 1, 3, 1])
            ],
        },
        "links.geojson": layer(
            drawn("a", "LineString", west, **speed, lanes=1, **{"from": "1", "to": "2"}),
            drawn("b", "LineString", east, **speed, lanes=1, **{"from": "2", "to": "3"})),
        "lanes.geojson": layer(
            drawn("a_0", "LineString", west, link="a", lane=0),
            drawn("b_0", "LineString", east, link="b", lane=0)),
        "turns.geojson": layer(
            drawn(
                "a_0>b_0", "LineString", [west[1], east[0]], from_link="a", from_lane=0,
                to_link="b", to_lane=0, junction="2", turn="through", conflicts=1, yields_to=0,
                signal_group=0)),
        "junctions.geojson": layer(
            drawn("1", "Point", west[0], control="passage"),
            drawn("2", "Point", west[1], control="signals", cycle_s=60),
            drawn("3", "Point", east[1], control="passage")),
        "signals.geojson": layer(
            drawn("2/0", "MultiPoint", [west[1]], junction="2", group=0, **times)),
    }


def network_cases():
    def at(name, index, key, value, word):
        path = ["features", index, "properties", key]
        return broken(f"{name}.geojson", path, value, word)

    yield broken("network.json", ["format"], "citytwin-run", "format")
    yield broken("network.json", ["network_hash"], "x", "hash")
    yield broken("network.json", ["layers", 0, "features"], 3, "counts")
    yield at("links", 0, "to", "9", "junction")
    yield at("links", 0, "reverse", "b", "reverse")
    yield at("links", 0, "speed_kmh", 0, "speed")
    yield at("links", 0, "lanes", 2, "missing")
    yield at("lanes", 1, "lane", 1, "link")
    yield at("turns", 0, "to_lane", 1, "lanes")
    yield at("turns", 0, "junction", "3", "junction")
    yield at("turns", 0, "turn", "sideways", "turn")
    yield at("turns", 0, "yields_to", 2, "conflicts")
    yield at("turns", 0, "signal_group", 1, "in one layer only")
    yield broken(
        "turns.geojson", ["features", 0, "geometry", "coordinates", 0], [117.3, 39.1], "ends")
    yield at("junctions", 1, "control", "magic", "control")
    yield at("signals", 0, "green_s", 70, "times")
    yield at("signals", 0, "cycle_s", 50, "cycle")
    yield broken("lanes.geojson", ["features", 0, "geometry", "type"], "Point", "shape")
    yield broken("lanes.geojson", ["type"], "Feature", "RFC 7946")


def complaints(run, validate):
    with tempfile.TemporaryDirectory() as folder:
        write(run, folder)
        return validate(folder).complaints.lines()


def run():
    suites = [
        (sound_run, cases, validate_run.validate),
        (sound_domains, domain_cases, validate_run.validate),
        (sound_measures, measure_cases, validate_run.validate),
        (sound_counts, count_cases, counts.validate),
        (sound_gridlock, gridlock_cases, validate_run.validate),
        (sound_interruption, interruption_cases, lambda f: validate_run.validate(f, True)),
        (sound_comparison, comparison_cases, comparison.validate),
        (sound_network, network_cases, lambda f: validate_network.validate(f)[0]),
    ]
    failed = passed = 0
    for sound, broken_ones, validate in suites:
        found = complaints(sound(), validate)
        if found:
            failed += 1
            print(f"{sound.__name__} has complaints:", *found, sep="\n  ")
        for change, word in broken_ones():
            damaged = copy.deepcopy(sound())
            change(damaged)
            found = complaints(damaged, validate)
            if any(word in line for line in found):
                passed += 1
            else:
                failed += 1
                print(f"expected a complaint with {word!r}, found:", *found, sep="\n  ")
    print(f"self-test of the validator: {passed} broken runs caught, {failed} failed")
    return 1 if failed else 0
