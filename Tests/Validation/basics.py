"""What all checks of written folders share: reading files, times, complaints."""

import csv
import datetime
import json
import math
import os
import re

ZONED = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$")
HASH = re.compile(r"^[0-9a-f]{16}$")
SHA256 = re.compile(r"^[0-9a-f]{64}$")
MAX_DECIMALS = 7
MAX_COMPLAINTS_OF_A_KIND = 5


class Complaints:
    """What is wrong, with a few examples of each kind."""

    def __init__(self):
        self.list = []
        self.counts = {}

    def add(self, file, kind, text):
        key = (file.split("/")[0], kind)
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] <= MAX_COMPLAINTS_OF_A_KIND:
            self.list.append(f"{file}: {kind}: {text}")

    def lines(self):
        more = [
            f"{file}: {kind}: and {n - MAX_COMPLAINTS_OF_A_KIND} more"
            for (file, kind), n in self.counts.items()
            if n > MAX_COMPLAINTS_OF_A_KIND
        ]
        return self.list + more


class Refusal(Exception):
    pass


def moment(text):
    """Milliseconds since 1970 of an ISO 8601 text with zone."""
    if not isinstance(text, str) or not ZONED.match(text):
        raise Refusal(f"expected ISO 8601 with a zone, found {text!r}")
    try:
        at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Refusal(f"{text!r}: {error}") from None
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return round((at - epoch) / datetime.timedelta(milliseconds=1))


def duration(text):
    """Milliseconds of 90s, 15min, 1.5h."""
    match = re.match(r"^(\d+(?:\.\d+)?)(s|min|h)$", text or "")
    if not match:
        raise Refusal(f"expected a duration, found {text!r}")
    return round(float(match.group(1)) * {"s": 1000, "min": 60_000, "h": 3_600_000}[match.group(2)])


def parse_json(text, check_decimals):
    """JSON without NaN, double keys or (in GeoJSON) overlong decimals."""

    def constant(word):
        raise Refusal(f"{word} is no JSON")

    def pairs(items):
        found = {}
        for key, value in items:
            if key in found:
                raise Refusal(f"the key {key!r} comes twice")
            found[key] = value
        return found

    def number(raw):
        if check_decimals:
            if "e" in raw or "E" in raw:
                raise Refusal(f"a number in exponent form: {raw}")
            if len(raw.partition(".")[2]) > MAX_DECIMALS:
                raise Refusal(f"a number with more than {MAX_DECIMALS} decimals: {raw}")
        value = float(raw)
        if not math.isfinite(value):
            raise Refusal(f"a number beyond all bounds: {raw}")
        return value

    try:
        return json.loads(
            text, parse_constant=constant, parse_float=number, object_pairs_hook=pairs
        )
    except json.JSONDecodeError as error:
        raise Refusal(f"not JSON: {error}") from None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def close(a, b, absolute, relative=0.0):
    return abs(a - b) <= absolute + relative * max(abs(a), abs(b))


class Run:
    """One folder of results with all that the checks have read of it."""

    def __init__(self, folder, is_interrupted=False):
        self.folder = folder
        self.is_interrupted = is_interrupted
        self.complaints = Complaints()
        self.manifest = None
        self.metrics = None
        self.trips = None
        self.timeseries = None
        self.parking = None
        self.responses = None
        self.units = None
        self.movements = None
        self.links = {}
        self.bounds = None
        self.snapshots = 0
        self.features = 0

    def complain(self, file, kind, text):
        self.complaints.add(file, kind, text)

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name))

    def measured_window(self):
        """Milliseconds since 1970 of the measured window, cut off where the run ends."""
        clock = self.manifest["settings"]["clock"]
        start = moment(self.manifest["epoch"]) + duration(clock["warm_up"])
        end = min(start + duration(clock["measured"]), moment(self.manifest["reached"]))
        return min(start, end), end

    def text(self, name):
        path = os.path.join(self.folder, name)
        try:
            with open(path, encoding="utf-8", newline="") as stream:
                return stream.read()
        except (OSError, UnicodeDecodeError) as error:
            self.complain(name, "unreadable", str(error).replace(self.folder, "the folder"))
            return None

    def json(self, name, check_decimals=False):
        text = self.text(name)
        if text is None:
            return None
        try:
            return parse_json(text, check_decimals)
        except (Refusal, RecursionError) as error:
            self.complain(name, "json", str(error))
            return None

    def table(self, name, columns):
        text = self.text(name)
        if text is None:
            return None
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
        if not rows or not set(columns) <= set(rows[0]):
            missing = sorted(set(columns) - set(rows[0] if rows else []))
            self.complain(name, "columns", f"missing {missing}")
            return None
        found = []
        for i, row in enumerate(rows[1:], start=2):
            if len(row) != len(rows[0]):
                self.complain(name, "row length", f"line {i} has {len(row)} fields")
                continue
            for cell in row:
                if cell.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
                    self.complain(name, "no number", f"line {i} holds {cell}")
            found.append(dict(zip(rows[0], row)))
        return found
