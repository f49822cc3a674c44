"""Checks of what a run measures on the road: movements.csv and detectors.csv."""

from basics import Refusal, close, duration, moment

MOVEMENTS = "movements.csv"
MOVEMENT_COLUMNS = """junction control from_link to_link turn connectors begin end volume delay_s los
    queue_p50_veh queue_p95_veh queue_p50_m queue_p95_m spillback_s receiving_full_s capacity_veh_h
    v_over_c""".split()
# The Highway Capacity Manual's limits of control delay for A to E.
SIGNALISED = [10, 20, 35, 55, 80]
UNSIGNALISED = [10, 15, 25, 35, 50]


def settings_of(run, word):
    if run.manifest is None:
        return None
    return run.manifest["settings"].get("outputs", {}).get(word)


def letter(delay, control):
    limits = SIGNALISED if control == "signals" else UNSIGNALISED
    return next((l for limit, l in zip(limits, "ABCDE") if delay <= limit), "F")


def check_interval(run, name, line, row, settings):
    """Whether begin and end are those of one interval; the last one may be cut short."""
    epoch, reached = moment(run.manifest["epoch"]), moment(run.manifest["reached"])
    step = duration(run.manifest["settings"]["clock"]["step"])
    length = duration(settings["interval"])
    try:
        begin, end = moment(row["begin"]) - epoch, moment(row["end"]) - epoch
    except Refusal as error:
        run.complain(name, "time", f"line {line}: {error}")
        return None
    # An interval ends with the first tick that reaches its end.
    is_whole = begin % length < step and (end % length < step or end == reached - epoch)
    is_whole = is_whole and end - begin < length + step
    if not 0 <= begin < end <= reached - epoch or not is_whole:
        run.complain(name, "interval", f"line {line}: from {begin / 1000} to {end / 1000} s")
        return None
    return begin, end


def numbers(run, name, line, row, columns):
    """The cells as numbers, None where they are empty; nothing if one is none or negative."""
    try:
        found = {key: float(row[key]) if row[key] else None for key in columns}
    except ValueError as error:
        run.complain(name, "cell", f"line {line}: {error}")
        return None
    for key, value in found.items():
        if value is not None and value < 0:
            run.complain(name, "negative", f"line {line}: {key} is {value:g}")
            return None
    return found


def check_movements(run):
    settings = settings_of(run, "movements")
    if not settings:
        if run.has(MOVEMENTS):
            run.complain(MOVEMENTS, "left over", "the scenario does not ask for it")
        return
    name = MOVEMENTS
    if run.is_interrupted and not run.has(name):
        return
    rows = run.table(name, MOVEMENT_COLUMNS)
    if rows is None:
        return
    seen = set()
    passed = []
    for line, row in enumerate(rows, start=2):
        span = check_interval(run, name, line, row, settings)
        found = numbers(run, name, line, row, MOVEMENT_COLUMNS[8:10] + MOVEMENT_COLUMNS[11:])
        if span is None or found is None:
            continue
        key = (row["from_link"], row["to_link"], span)
        if key in seen:
            run.complain(name, "double row", f"line {line}")
        seen.add(key)
        check_movement(run, name, line, row, span, found)
        passed.append((row["from_link"], row["to_link"], found["volume"]))
    run.movements = passed
    check_balance(run, name, passed)


def check_movement(run, name, line, row, span, found):
    for link in (row["from_link"], row["to_link"]):
        if run.links and link not in run.links:
            run.complain(name, "link", f"line {line}: {link!r} is no link of the city")
    seconds = (span[1] - span[0]) / 1000
    volume, delay = found["volume"], found["delay_s"]
    if volume is None or volume != int(volume):
        run.complain(name, "volume", f"line {line}: {row['volume']}")
    elif delay is not None and volume == 0:
        run.complain(name, "delay", f"line {line}: a delay of nobody")
    has_letter = delay is not None and row["control"] != "passage"
    limits = SIGNALISED + UNSIGNALISED
    # A printed delay is rounded; at a limit either letter may be right.
    is_doubtful = delay is not None and any(close(delay, limit, 0.051) for limit in limits)
    if has_letter and not is_doubtful and row["los"] != letter(delay, row["control"]):
        run.complain(name, "los", f"line {line}: {row['los']} for {delay} s")
    for unit in ("veh", "m"):
        if found[f"queue_p50_{unit}"] > found[f"queue_p95_{unit}"]:
            run.complain(name, "queue", f"line {line}: the median is above the 95th percentile")
    link = run.links.get(row["from_link"])
    if link and found["queue_p95_m"] > link["properties"]["length_m"] + 0.2:
        run.complain(name, "queue", f"line {line}: longer than its link")
    for key in ("spillback_s", "receiving_full_s"):
        if found[key] > seconds + 0.1:
            run.complain(name, key, f"line {line}: {found[key]} of {seconds} s")
    if (found["capacity_veh_h"] is None) != (found["v_over_c"] is None):
        run.complain(name, "v_over_c", f"line {line}: without capacity, or the other way round")
    elif found["v_over_c"] is not None:
        # Lanes may be shared with other movements, so it can only be more.
        least = volume / seconds * 3600 / found["capacity_veh_h"]
        if found["v_over_c"] < least - 0.001:
            run.complain(name, "v_over_c", f"line {line}: {found['v_over_c']} is below {least:.3f}")


def has_drives_beside_trips(run):
    """Ambulances and cars that look for a space drive elsewhere than trips.csv says."""
    return run.metrics is None or "parking" in run.metrics or "emergency" in run.metrics


def balances(run, passed):
    """By link: who came upon it less who left it, from the movements and the trips."""
    balance = {}

    def add(link, count):
        balance[link] = balance.get(link, 0) + count

    for start, end, volume in passed:
        add(start, -volume)
        add(end, volume)
    for trip in run.trips:
        if trip["departed"] is not None:
            add(trip["from_link"], 1)
        if trip["off_road"] is not None:
            add(trip["to_link"], -1)
    return balance


def check_balance(run, name, passed):
    """Nobody vanishes: on every link remain those who have come and not left."""
    if run.trips is None or has_drives_beside_trips(run) or run.is_interrupted:
        return
    left = sum(1 for t in run.trips if t["departed"] is not None and t["off_road"] is None)
    total = 0
    for link, count in balances(run, passed).items():
        if count < 0 or count > left:
            run.complain(name, "balance", f"{count:g} vehicles remain on {link}")
        total += count
    if total != left:
        run.complain(name, "balance", f"{total:g} vehicles remain, the trips say {left}")


# Detectors

DETECTORS = "detectors.csv"
DETECTOR_COLUMNS = """detector link lane position_m begin end count flow_veh_h mean_speed_kmh
    space_mean_speed_kmh occupancy_pct count_car""".split()


def check_detectors(run):
    settings = settings_of(run, "detectors")
    name = DETECTORS
    if not settings:
        for left in (name, "detectors.geojson"):
            if run.has(left):
                run.complain(left, "left over", "the scenario does not ask for it")
        return
    if run.is_interrupted and not run.has(name):
        return
    rows = run.table(name, DETECTOR_COLUMNS)
    if rows is None:
        return
    classes = [key for key in rows[0] if key.startswith("count_")] if rows else []
    seen = set()
    totals = {}
    for line, row in enumerate(rows, start=2):
        span = check_interval(run, name, line, row, settings)
        found = numbers(run, name, line, row, DETECTOR_COLUMNS[6:11] + classes)
        if span is None or found is None:
            continue
        if (row["detector"], span) in seen:
            run.complain(name, "double row", f"line {line}")
        seen.add((row["detector"], span))
        check_detector(run, name, line, row, span, found, classes)
        key = (row["detector"], row["link"], row["lane"], float(row["position_m"]))
        totals[key] = totals.get(key, 0) + found["count"]
    check_passed(run, name, totals)


def check_detector(run, name, line, row, span, found, classes):
    link = run.links.get(row["link"])
    if run.links and not link:
        run.complain(name, "link", f"line {line}: {row['link']!r} is no link of the city")
    elif link and float(row["position_m"]) > link["properties"]["length_m"] + 0.06:
        run.complain(name, "position", f"line {line}: beyond the end of its link")
    hours = (span[1] - span[0]) / 3_600_000
    count = found["count"]
    if not close(found["flow_veh_h"], count / hours, 0.06):
        run.complain(name, "flow", f"line {line}: {found['flow_veh_h']} of {count:g} vehicles")
    if sum(found[key] for key in classes) != count:
        run.complain(name, "classes", f"line {line}: they do not add up to {count:g}")
    speeds = found["mean_speed_kmh"], found["space_mean_speed_kmh"]
    if any((speed is None) != (count == 0) for speed in speeds):
        run.complain(name, "speed", f"line {line}: {count:g} vehicles at {speeds[0]} km/h")
    elif count and not speeds[1] <= speeds[0] + 0.011:
        # The harmonic mean is never above the arithmetic one.
        run.complain(name, "speed", f"line {line}: space mean {speeds[1]} above {speeds[0]}")
    if found["occupancy_pct"] > 100.001:
        run.complain(name, "occupancy", f"line {line}: {found['occupancy_pct']} %")


def check_passed(run, name, totals):
    """A loop over all lanes counts who has left the link over its end, give or take those who began
    or ended their trips on it and those who are on it at the end."""
    if run.movements is None or run.trips is None or has_drives_beside_trips(run):
        return
    if run.is_interrupted:
        return
    left = {}
    for start, _, volume in run.movements:
        left[start] = left.get(start, 0) + volume
    slack = {}
    for trip in run.trips:
        if trip["departed"] is not None:
            slack[trip["from_link"]] = slack.get(trip["from_link"], 0) + 1
        slack[trip["to_link"]] = slack.get(trip["to_link"], 0) + 1
    remaining = balances(run, run.movements)
    for (detector, link, lane, _), count in totals.items():
        passed = left.get(link, 0)
        give = slack.get(link, 0) + max(0, remaining.get(link, 0))
        if lane:
            if count > passed + give:
                run.complain(name, "count", f"{detector}: {count:g}, but {passed:g} left the link")
        elif abs(count - passed) > give:
            run.complain(name, "count", f"{detector}: {count:g}, but {passed:g} left the link")
