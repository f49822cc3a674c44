"""Checks gridlocks.geojson and gridlocks.csv against each other and against metrics.json."""

from basics import Refusal, close, is_number, moment

COLUMNS = "gridlock place vehicle since reason link lane to_link junction street".split()
REASONS = "room junction gap signal closure obstacle lane".split()
KINDS = {"gridlock": "gridlocks", "standstill": "standstills"}
STANDING_MS = 300_000


def check(run, features):
    """`features` are those of gridlocks.geojson, or None where it cannot be read."""
    rows = run.table("gridlocks.csv", COLUMNS)
    if features is None or rows is None or run.manifest is None:
        return
    name = "gridlocks.geojson"
    reports, places = {}, {}
    for feature, _ in features:
        properties = feature["properties"]
        kind = properties["kind"]
        if kind in KINDS:
            reports[properties["id"]] = feature
        elif kind.removesuffix("_place") in KINDS:
            places.setdefault(properties.get("of"), []).append(properties.get("junction"))
        else:
            run.complain(name, "kind", repr(kind))
    check_counts(run, name, reports)
    members = {}
    for i, row in enumerate(rows, start=2):
        check_row(run, i, row)
        members.setdefault(row["gridlock"], []).append(row)
    for ident in sorted(set(members) ^ set(reports)):
        run.complain("gridlocks.csv", "gridlock", f"{ident} is in one of the two files alone")
    for ident in sorted(set(places) - set(reports), key=str):
        run.complain(name, "place", f"of {ident!r}, which is not there")
    for ident, feature in reports.items():
        check_report(run, name, feature, members.get(ident, []), places.get(ident, []))


def check_counts(run, name, reports):
    if run.metrics is None:
        return
    traffic = run.metrics["traffic"]
    for kind, figure in KINDS.items():
        count = sum(1 for f in reports.values() if f["properties"]["kind"] == kind)
        if traffic.get(figure) != count:
            run.complain(name, "recount", f"{count} of {kind}, metrics say {traffic.get(figure)}")
    stood = traffic.get("standing_over_5min")
    if is_number(stood) and reports and stood < 1:
        run.complain(name, "recount", "nobody has stood for five minutes, say the metrics")


def check_row(run, line, row):
    name = "gridlocks.csv"
    if row["reason"] not in REASONS:
        run.complain(name, "reason", f"line {line}: {row['reason']!r}")
    for key in ("link", "to_link"):
        if run.links and row[key] and row[key] not in run.links or key == "link" and not row[key]:
            run.complain(name, "link", f"line {line}: {row[key]!r}")
    if not row["vehicle"] or not row["junction"] or not row["lane"].isdigit():
        run.complain(name, "cell", f"line {line}")


def in_order(values):
    """Each once, as they come."""
    return list(dict.fromkeys(values))


def check_report(run, name, feature, rows, places):
    properties = feature["properties"]
    ident = properties["id"]

    def wrong(kind, text):
        run.complain(name, kind, f"{ident}: {text}")

    try:
        onset, found = moment(properties.get("onset")), moment(properties.get("found"))
        end = moment(properties["dissolved"]) if properties.get("dissolved") else None
        since = [moment(row["since"]) for row in rows]
        reached, epoch = moment(run.manifest["reached"]), moment(run.manifest["epoch"])
    except Refusal as error:
        wrong("time", error)
        return
    if not epoch <= onset <= found - STANDING_MS or not found <= (end or reached) <= reached:
        wrong("order", "onset, found, dissolved")
    if since and max(since) != onset:
        wrong("onset", "not that of its last member in gridlocks.csv")
    lasted = ((end if end is not None else reached) - onset) / 1000
    if not is_number(properties.get("duration_s")) or not close(
        properties["duration_s"], lasted, 0.06
    ):
        wrong("duration", f"{properties.get('duration_s')!r}, the times say {lasted}")
    if [row["place"] for row in rows] != [str(i + 1) for i in range(len(rows))]:
        wrong("places", "not 1, 2, 3, ... in gridlocks.csv")
    if properties.get("queues") != len(rows):
        wrong("queues", f"{properties.get('queues')!r}, gridlocks.csv has {len(rows)}")
    if properties["kind"] == "standstill" and len(rows) > 1:
        wrong("queues", "a standstill of more than one")
    now, most = properties.get("vehicles_now"), properties.get("vehicles_most")
    if not is_number(now) or not is_number(most) or not 0 <= now <= most or most < len(rows):
        wrong("vehicles", f"{now!r} now, {most!r} at the most")
    elif end is not None and now != 0:
        wrong("vehicles", f"{now} in what has dissolved")
    for key, column in (("links", "link"), ("junctions", "junction")):
        wanted = in_order(row[column] for row in rows)
        if properties.get(key) != " > ".join(wanted):
            wrong(key, f"{properties.get(key)!r}, gridlocks.csv has {wanted}")
    if sorted(places) != sorted(in_order(row["junction"] for row in rows)):
        wrong("place", "not a point at each of its junctions")
    geometry = feature["geometry"]
    if geometry["type"] != "MultiLineString" or len(geometry["coordinates"]) > len(rows):
        wrong("geometry", "not a line for each of its queues")
