"""Checks of what parking and emergency write: parking.csv, responses.csv, units.csv, their
figures, their columns of the time series and their features in snapshots."""

import collections
import math

from basics import Refusal, close, duration, is_number, moment

PARKING_COLUMNS = """trip purpose facility arrived tries search_s walk_m stay_s fee_cny
                     outcome""".split()
OUTCOMES = ("parked", "double_parked", "gave_up", "none_near")
RESPONSE_COLUMNS = """id kind priority time unit dispatched arrived dispatch_delay_s response_s
                      cleared hospital status""".split()
UNIT_COLUMNS = "id kind post calls busy_s driving_s utilisation".split()
UNIT_OF_CALL = {
    "medical": "ambulance",
    "fire": "fire_engine",
    "police": "police",
    "accident": "police",
}
METRICS = {
    "parking": """arrivals mean_search_s p50_search_s p90_search_s cruising_share mean_walk_m
                  mean_occupancy turnover refused gave_up violations revenue_cny""".split(),
    "emergency": """calls served queued open mean_response_s p50_response_s p90_response_s
                    within_8min within_9min within_15min utilisation""".split(),
}
# Null where nobody was served.
MAY_BE_NULL = {key for key in METRICS["emergency"] if "response" in key or "within" in key}


def is_on(run, group):
    settings = (run.manifest or {}).get("settings", {})
    return isinstance(settings.get(group), dict)


def summary(run):
    parts = []
    if run.parking is not None:
        parts.append(f"{len(run.parking)} searches for a space")
    if run.responses is not None:
        parts.append(f"{len(run.responses)} calls, {len(run.units or [])} units")
    return "".join(", " + part for part in parts)


def optional(text, convert):
    return convert(text) if text else None


def read_rows(run, name, columns, convert):
    """The rows of a table, each converted; what cannot be is complained about."""
    rows = run.table(name, columns)
    if rows is None:
        return None
    found = []
    for i, row in enumerate(rows, start=2):
        try:
            found.append(convert(row))
        except (Refusal, ValueError) as error:
            run.complain(name, "cell", f"line {i}: {error}")
    return found


def read_tables(run):
    for trip in run.trips or []:
        trip["off_road"] = trip["arrived"]
        trip["is_held"] = False
    for group, names in (("parking", ["parking"]), ("emergency", ["responses", "units"])):
        for name in names:
            if run.manifest is not None and run.has(name + ".csv") != is_on(run, group):
                run.complain(name + ".csv", "settings", f"{group} is {is_on(run, group)}")
    if run.has("parking.csv"):
        run.parking = read_rows(run, "parking.csv", PARKING_COLUMNS, parking_row)
        check_parking_rows(run)
    if run.has("responses.csv"):
        run.responses = read_rows(run, "responses.csv", RESPONSE_COLUMNS, response_row)
    if run.has("units.csv"):
        run.units = read_rows(run, "units.csv", UNIT_COLUMNS, unit_row)
    for trip in run.trips or []:
        # Who left the road with the last tick stands in no other table yet.
        if trip["status"] == "parked" and trip["off_road"] is None and run.manifest is not None:
            trip["off_road"] = moment(run.manifest["reached"])
    check_metric_keys(run)


def check_metric_keys(run):
    if run.metrics is None:
        return
    for group, keys in METRICS.items():
        figures = run.metrics.get(group)
        if (figures is not None) != is_on(run, group) and run.manifest is not None:
            run.complain("metrics.json", "groups", f"{group} is {is_on(run, group)}")
        for key in keys if figures is not None else []:
            value = figures.get(key, "missing")
            if value is None and key in MAY_BE_NULL:
                continue
            if not is_number(value) or value < 0:
                run.complain("metrics.json", "figure", f"{group}.{key} is {value!r}")


# Parking


def parking_row(row):
    if row["outcome"] not in OUTCOMES:
        raise Refusal(f"outcome {row['outcome']!r}")
    found = {key: row[key] for key in ("trip", "purpose", "facility", "outcome")}
    found["arrived"] = optional(row["arrived"], moment)
    found["tries"] = int(row["tries"])
    for key in ("search_s", "walk_m", "stay_s", "fee_cny"):
        found[key] = optional(row[key], float)
        if found[key] is not None and found[key] < 0:
            raise Refusal(f"{key} is {row[key]}")
    has_parked = row["outcome"] == "parked"
    for key in ("facility", "walk_m", "fee_cny"):
        if bool(row[key]) != has_parked:
            raise Refusal(f"{key} is {row[key]!r} of one who has {row['outcome']}")
    if bool(row["arrived"]) != (row["outcome"] != "none_near"):
        raise Refusal(f"arrived is {row['arrived']!r} of {row['outcome']}")
    found["refusals"] = found["tries"] - has_parked
    if found["refusals"] < 0:
        raise Refusal("parked without a try")
    if found["search_s"] and found["refusals"] == 0:
        raise Refusal(f"searched for {found['search_s']} s without a refusal")
    return found


def check_parking_rows(run):
    """Joins the rows with trips.csv, and holds the two against each other."""
    name = "parking.csv"
    if run.parking is None or run.trips is None:
        return
    trips = {trip["id"]: trip for trip in run.trips}
    step = duration(run.manifest["settings"]["clock"]["step"]) if run.manifest else 0
    seen = set()
    for row in run.parking:
        trip = trips.get(row["trip"])
        if trip is None or row["trip"] in seen:
            run.complain(name, "trip", f"{row['trip']} is no trip, or stands here twice")
            continue
        seen.add(row["trip"])
        row["due"] = trip["due"]
        if row["outcome"] == "none_near":
            continue
        trip["is_held"] = True
        if row["outcome"] == "parked":
            trip["off_road"] = row["arrived"]
        check_journey(run, name, trip, row, trips, step)
    check_bays(run, name)


def check_journey(run, name, trip, row, trips, step):
    if trip["departed"] is None or row["arrived"] < trip["departed"]:
        run.complain(name, "order", f"{row['trip']} has parked before it departed")
    if row["outcome"] == "parked" and trip["arrived"] is not None:
        # 1.34 m/s on foot; walks end with a tick.
        walked = (trip["arrived"] - row["arrived"]) / 1000
        if not close(walked, row["walk_m"] / 1.34, step / 1000 + 0.1):
            run.complain(name, "walk", f"{row['trip']}: {row['walk_m']} m in {walked} s")
    if trip["status"] == "parked" and row["outcome"] != "parked":
        run.complain(name, "status", f"{row['trip']} is parked in trips.csv")
    back = trips.get(row["trip"] + "-return")
    if back is not None and row["stay_s"] is not None:
        stayed = (back["due"] - row["arrived"]) / 1000
        if not close(stayed, row["stay_s"], step / 1000 + 0.001):
            run.complain(name, "stay", f"{row['trip']}: {row['stay_s']} s, back after {stayed}")
    if back is not None and row["outcome"] == "gave_up":
        run.complain(name, "stay", f"{row['trip']} gave up and left again")


def check_bays(run, name):
    """No bay holds two cars: the most that stand in a facility at once are kept for later, when
    the snapshots tell how many bays it has."""
    changes = collections.defaultdict(list)
    for row in run.parking:
        if row["outcome"] == "parked":
            changes[row["facility"]].append((row["arrived"], 1))
            changes[row["facility"]].append((row["arrived"] + row["stay_s"] * 1000, -1))
    run.most_parked = {}
    for facility, list_of in changes.items():
        cars = most = 0
        # Who leaves makes room for who comes at the same moment.
        for _, change in sorted(list_of):
            cars += change
            most = max(most, cars)
        run.most_parked[facility] = most


def nearest_rank(values, percent):
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1] if ordered else 0


def recount(run):
    if run.manifest is None or run.metrics is None:
        return
    if run.parking is not None and run.trips is not None and "parking" in run.metrics:
        recount_parking(run, run.metrics["parking"])
    if run.responses is not None and "emergency" in run.metrics:
        check_responses(run)
        recount_responses(run, run.metrics["emergency"])
        check_units(run)


def recount_parking(run, figures):
    start, end = run.measured_window()
    rows = [r for r in run.parking if "due" in r and start <= r["due"] < end]
    arrivals = [r for r in rows if r["outcome"] != "none_near"]
    parked = [r for r in rows if r["outcome"] == "parked"]
    searches = [r["search_s"] for r in arrivals]
    count = len(arrivals)
    wanted = {
        "arrivals": (count, 0),
        "mean_search_s": (sum(searches) / count if count else 0, 0.006),
        "p50_search_s": (nearest_rank(searches, 50), 0.006),
        "p90_search_s": (nearest_rank(searches, 90), 0.006),
        "cruising_share": (
            sum(1 for r in arrivals if r["refusals"]) / count if count else 0, 0.00006),
        "mean_walk_m": (sum(r["walk_m"] for r in parked) / len(parked) if parked else 0, 0.11),
        "gave_up": (sum(1 for r in rows if r["outcome"] == "gave_up"), 0),
        "violations": (sum(1 for r in rows if r["outcome"] == "double_parked"), 0),
        "revenue_cny": (sum(r["fee_cny"] for r in parked), 0.0051 * (len(parked) + 1)),
    }
    for key, (value, slack) in wanted.items():
        if not close(figures[key], value, slack):
            run.complain("parking.csv", "recount", f"{key} is {value:g}, metrics say {figures[key]}")
    # Who still looks for a space has no row yet.
    if figures["refused"] < sum(r["refusals"] for r in rows):
        run.complain("parking.csv", "recount", f"metrics say {figures['refused']} refusals")
    if not 0 <= figures["mean_occupancy"] <= 1:
        run.complain("metrics.json", "figure", f"mean_occupancy is {figures['mean_occupancy']}")


# Emergency


def response_row(row):
    found = {key: row[key] for key in ("id", "kind", "unit", "hospital", "status")}
    for key in ("time", "dispatched", "arrived", "cleared"):
        found[key] = optional(row[key], moment)
    for key in ("dispatch_delay_s", "response_s"):
        found[key] = optional(row[key], float)
    found["priority"] = int(row["priority"])
    if row["kind"] not in UNIT_OF_CALL or not 1 <= found["priority"] <= 5:
        raise Refusal(f"a {row['kind']} call of priority {row['priority']}")
    if row["status"] not in ("served", "open", "queued", "not_due") or found["time"] is None:
        raise Refusal(f"status {row['status']!r} at {row['time']!r}")
    return found


def unit_row(row):
    found = {key: row[key] for key in ("id", "kind", "post")}
    found["calls"] = int(row["calls"])
    for key in ("busy_s", "driving_s", "utilisation"):
        found[key] = float(row[key])
    return found


def check_responses(run):
    name = "responses.csv"
    kinds = {unit["id"]: unit["kind"] for unit in run.units or []}
    reached = moment(run.manifest["reached"])
    seen = set()
    busy = collections.defaultdict(list)
    for row in run.responses:
        ident = row["id"]
        if ident in seen:
            run.complain(name, "double id", ident)
        seen.add(ident)
        times = [row[key] for key in ("time", "dispatched", "arrived", "cleared")]
        known = [t for t in times if t is not None]
        if known != sorted(known) or (row["arrived"] and not row["dispatched"]):
            run.complain(name, "order", ident)
        wanted = "served" if row["arrived"] else "open" if row["dispatched"] else "queued"
        if row["status"] != wanted and not (row["status"] == "not_due" and wanted == "queued"):
            run.complain(name, "status", f"{ident} is {row['status']}, its times say {wanted}")
        if row["status"] == "not_due" and row["time"] < reached - 1000:
            run.complain(name, "status", f"{ident} had come and is not_due")
        for key, since in (("dispatched", "dispatch_delay_s"), ("arrived", "response_s")):
            if row[key] is not None and row[since] is not None:
                if not close(row[since], (row[key] - row["time"]) / 1000, 0.0011):
                    run.complain(name, since, f"{ident}: {row[since]}")
            elif (row[key] is None) != (row[since] is None):
                run.complain(name, since, f"{ident}: {row[since]}")
        if row["status"] in ("served", "open"):
            if kinds.get(row["unit"]) != UNIT_OF_CALL[row["kind"]]:
                run.complain(name, "unit", f"{ident}, {row['kind']}, has {row['unit']!r}")
            busy[row["unit"]].append((row["dispatched"], row["cleared"] or reached, ident))
    for unit, stretches in busy.items():
        stretches.sort()
        for a, b in zip(stretches, stretches[1:]):
            if b[0] < a[1]:
                run.complain(name, "two calls at once", f"{unit} has {a[2]} and {b[2]}")


def quantile(values, share):
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def recount_responses(run, figures):
    start, end = run.measured_window()
    rows = [r for r in run.responses if start <= r["time"] < end and r["status"] != "not_due"]
    times = [r["response_s"] for r in rows if r["status"] == "served"]
    wanted = {"calls": (len(rows), 0)}
    for status in ("served", "queued", "open"):
        wanted[status] = (sum(1 for r in rows if r["status"] == status), 0)
    if figures["calls"] != figures["served"] + figures["queued"] + figures["open"]:
        run.complain("metrics.json", "balance", "calls is not served + queued + open")
    if times:
        wanted["mean_response_s"] = (sum(times) / len(times), 0.006)
        wanted["p50_response_s"] = (quantile(times, 0.5), 0.006)
        wanted["p90_response_s"] = (quantile(times, 0.9), 0.006)
        for minutes in (8, 9, 15):
            share = sum(1 for t in times if t <= minutes * 60) / len(times)
            wanted[f"within_{minutes}min"] = (share, 0.00006)
    for key, (value, slack) in wanted.items():
        if figures[key] is None or not close(figures[key], value, slack):
            text = f"{key} is {value:g}, metrics say {figures[key]}"
            run.complain("responses.csv", "recount", text)


def check_units(run):
    name = "units.csv"
    if run.units is None:
        return
    start, end = run.measured_window()
    window = (end - start) / 1000
    served = collections.Counter(
        r["unit"] for r in run.responses if r["status"] == "served" and start <= r["time"] < end
    )
    if len({unit["id"] for unit in run.units}) != len(run.units):
        run.complain(name, "double id", "two units have one name")
    for unit in run.units:
        ident = unit["id"]
        if unit["calls"] != served[ident]:
            text = f"{ident} has {unit['calls']} calls, responses.csv {served[ident]}"
            run.complain(name, "recount", text)
        if not 0 <= unit["busy_s"] <= window + 0.001 or not 0 <= unit["utilisation"] <= 1:
            run.complain(name, "range", f"{ident}: {unit['busy_s']} s of {window}")
        if not 0 <= unit["driving_s"] <= window + 0.001:
            run.complain(name, "range", f"{ident} drove {unit['driving_s']} s of {window}")
    shares = [unit["utilisation"] for unit in run.units] or [0]
    figure = run.metrics["emergency"]["utilisation"]
    if not min(shares) - 0.0001 <= figure <= max(shares) + 0.0001:
        run.complain(name, "recount", f"utilisation is {figure}, of units {min(shares)} up")


# Time series and snapshots


def check_timeseries(run, name, series, epoch, step):
    if run.parking is not None:
        check_parking_series(run, name, series, epoch)
    if run.responses is not None:
        check_call_series(run, name, series, epoch, step)


def check_parking_series(run, name, series, epoch):
    rows = [r for r in run.parking if r["outcome"] == "parked"]
    found = 0
    for at, values in series:
        if any(values.get(key) is None for key in ("parked", "occupied", "searching", "refused")):
            run.complain(name, "columns", "parked, occupied, searching or refused is missing")
            return
        found += values["parked"]
        # Cars take their bays in the phase after the row of the same moment.
        wanted = sum(1 for r in rows if r["arrived"] - epoch < at)
        if found != wanted:
            run.complain(name, "running sum", f"parked by {at / 1000:g} s: {found:g} or {wanted}")
    total = sum(values["refused"] for _, values in series)
    last = epoch + (series[-1][0] if series else 0)
    known = sum(r["refusals"] for r in run.parking if r["arrived"] and r["arrived"] < last)
    if total < known:
        run.complain(name, "running sum", f"{total:g} refusals, parking.csv has {known}")


def check_call_series(run, name, series, epoch, step):
    came = reached = 0
    for at, values in series:
        if any(values.get(k) is None for k in "calls calls_served calls_queued units_busy".split()):
            run.complain(name, "columns", "calls or units are missing")
            return
        came += values["calls"]
        reached += values["calls_served"]
        # A call comes at the first tick that starts at or after its time.
        calls = sum(1 for r in run.responses if r["time"] - epoch <= at - step)
        served = sum(
            1 for r in run.responses if r["arrived"] is not None and r["arrived"] - epoch < at
        )
        if (came, reached) != (calls, served):
            text = f"calls by {at / 1000:g} s: {came:g} came, {reached:g} served; {calls}, {served}"
            run.complain(name, "running sum", text)
        if values["units_busy"] > len(run.units or []):
            run.complain(name, "range", f"{values['units_busy']:g} units are busy")


def check_properties(run, name, place, kind, properties):
    """Features that are neither vehicles nor links."""
    if kind == "incident":
        status, priority = properties.get("status"), properties.get("priority")
        if status not in ("queued", "open", "attended"):
            run.complain(name, "status of incident", f"{place}: {status!r}")
        if priority not in (1, 2, 3, 4, 5) or properties.get("type") not in UNIT_OF_CALL:
            run.complain(name, "incident", f"{place}: priority {priority!r}")
        return
    if kind == "detector":
        if run.links and properties.get("link") not in run.links:
            run.complain(name, "link of detector", f"{place}: {properties.get('link')!r}")
        return
    if not properties.get("state"):
        run.complain(name, "state of facility", f"{place}: {kind}")
    if kind == "unit" and properties.get("type") not in UNIT_OF_CALL.values():
        run.complain(name, "unit", f"{place}: {properties.get('type')!r}")
    if kind == "parking" and "occupied" in properties:
        check_occupancy(run, name, place, properties)


def check_occupancy(run, name, place, properties):
    occupied, held = properties.get("occupied"), properties.get("held", 0)
    capacity = properties.get("capacity")
    if not all(is_number(v) for v in (occupied, held, capacity)):
        run.complain(name, "occupancy", f"{place}: {occupied!r} of {capacity!r}")
        return
    if not (occupied >= 0 and held >= 0 and occupied + held <= capacity):
        run.complain(name, "occupancy", f"{place}: {occupied} and {held} of {capacity}")
    most = getattr(run, "most_parked", {}).get(properties["id"], 0)
    if most > capacity:
        run.complain("parking.csv", "two cars in a bay", f"{properties['id']}: {most} of {capacity}")
