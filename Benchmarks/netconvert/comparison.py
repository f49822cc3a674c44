"""Lanes, turns and signals of the two networks held against each other and against the tags."""

import math
from collections import Counter, defaultdict

from .extract import is_closed
from .matching import Movements, samples, stretches
from .networks import apart


class Difference:
    """One thing that the networks do not agree on."""

    def __init__(self, kind, cause, way, ours, sumo, metres, place, note="", right=""):
        self.kind = kind
        self.cause = cause
        self.way = way
        self.ours = ours
        self.sumo = sumo
        self.metres = metres
        self.place = place
        self.note = note
        # Who keeps to the tags: "ours", "netconvert", "neither", or "" where they do not say.
        self.right = right


class Agreement:
    """How much of something both networks have alike."""

    def __init__(self):
        self.same = 0.0
        self.all = 0.0

    def count(self, is_same, weight=1):
        self.all += weight
        self.same += weight if is_same else 0

    @property
    def share(self):
        return self.same / self.all if self.all else 1.0


class Comparison:
    def __init__(self, extract, ours, sumo, step=10.0):
        self.extract, self.ours, self.sumo = extract, ours, sumo
        self.differences = []
        found = list(samples(extract, ours, sumo, step))
        self.stretches = stretches(found)
        self.compare_roads(found)
        self.compare_lanes(found)
        self.compare_turns()
        self.compare_signals()

    def add(self, *arguments, **named):
        self.differences.append(Difference(*arguments, **named))

    # Roads

    def compare_roads(self, found):
        """Which directed metres are links in both networks."""
        self.metres = Counter()
        only = defaultdict(float)
        for sample in found:
            side = "both" if sample.ours and sample.sumo else "ours" if sample.ours else "sumo"
            self.metres[side] += sample.metres
            if side != "both":
                only[side, sample.way, sample.forward] += sample.metres
                if only[side, sample.way, sample.forward] == sample.metres:
                    only[side, sample.way, sample.forward, "at"] = (sample.x, sample.y)
        for key, metres in list(only.items()):
            if len(key) == 4:
                continue
            side, way, forward = key
            place = only[(*key, "at")]
            tags = self.extract.ways[way].tags
            other = self.sumo if side == "ours" else self.ours
            cause = _reason_for_no_road(side, way in other.known_ways, tags)
            self.metres[side, cause] += metres
            self.add(
                "road", cause, _directed(way, forward), "yes" if side == "ours" else "",
                "yes" if side == "sumo" else "", metres, place, _words(tags))

    # Lanes

    def compare_lanes(self, found):
        self.lane_metres = Agreement()
        self.lane_ways = Agreement()
        self.tag_metres = {"ours": Agreement(), "sumo": Agreement()}
        by_way = defaultdict(lambda: defaultdict(float))
        place_of = {}
        for sample in found:
            if not (sample.ours and sample.sumo):
                continue
            a, b = sample.ours[0].lanes, sample.sumo[0].lanes
            by_way[sample.way, sample.forward][a, b] += sample.metres
            self.lane_metres.count(a == b, sample.metres)
            if a != b:
                place_of.setdefault((sample.way, sample.forward, a, b), (sample.x, sample.y))
        usual = self.usual_lanes(by_way)
        for (way, forward), metres_of in by_way.items():
            tags = self.extract.ways[way].tags
            wanted = lanes_by_tags(tags, forward)
            (a, b), _ = max(metres_of.items(), key=lambda item: (item[1], item[0]))
            self.lane_ways.count(a == b)
            for (a, b), metres in metres_of.items():
                if wanted:
                    self.tag_metres["ours"].count(a == wanted, metres)
                    self.tag_metres["sumo"].count(b == wanted, metres)
                if a == b:
                    continue
                expected = wanted or (
                    None if _has_lanes(tags) else usual.get((tags["highway"], _is_one_way(tags))))
                right = (
                    "" if not expected else "ours" if a == expected else
                    "netconvert" if b == expected else "neither")
                self.add(
                    "lanes", _reason_for_lanes(tags, a, b, wanted), _directed(way, forward), a, b,
                    metres, place_of[way, forward, a, b], _words(tags), right)

    def usual_lanes(self, by_way):
        """The lanes that most of the tagged length of a class has, one-way or not."""
        metres_with = defaultdict(Counter)
        for (way, forward), metres_of in by_way.items():
            tags = self.extract.ways[way].tags
            lanes = lanes_by_tags(tags, forward)
            if lanes:
                key = tags["highway"], _is_one_way(tags)
                metres_with[key][lanes] += sum(metres_of.values())
        return {
            key: max(counts, key=lambda n: (counts[n], n)) for key, counts in metres_with.items()
            if max(counts.values()) > sum(counts.values()) / 2}

    # Turns

    def compare_turns(self):
        both = self.ours.known_ways & self.sumo.known_ways
        minor = {"service", "track", "living_street"}

        def is_shared(way):
            # Ways that vanish in joined junctions are not among those that links are made of.
            return way in both or self.extract.ways[way].tags["highway"] not in minor

        mine = Movements(self.ours, is_shared, self.stretches, 0)
        theirs = Movements(self.sumo, is_shared, self.stretches, 1)
        self.turns, self.turnings_round = Agreement(), Agreement()
        for stretch in self.stretches:
            a, b = mine.of(stretch), theirs.of(stretch)
            for to in sorted({*a, *b}, key=lambda s: (s.ours.id, s.sumo.id)):
                # A road that goes on without a junction in either network is no turn.
                if a.get(to) and b.get(to):
                    continue
                is_same = to in a and to in b
                if not is_same:
                    # Over a short road that both have as a link of its own, perhaps.
                    other = theirs if to in a else mine
                    is_same = any(to in other.of(via) for via in other.of(stretch) if via.metres < 60)
                is_round = turns_round(stretch, to)
                (self.turnings_round if is_round else self.turns).count(is_same)
                if is_same:
                    continue
                way = f"{_directed(*stretch.last_way)} > {_directed(*to.first_way)}"
                note = " | ".join(
                    _words(self.extract.ways[w].tags)
                    for w in (stretch.last_way[0], to.first_way[0]))
                kind = "turning round" if is_round else "turn"
                cause, right = self.reason_for_turn(stretch, to, to in a)
                self.add(
                    kind, cause, way, "yes" if to in a else "", "yes" if to in b else "", 0,
                    stretch.end, note, right)

    def reason_for_turn(self, a, b, is_ours):
        where = "ours only" if is_ours else "netconvert only"
        has, has_not = ("ours", "netconvert") if is_ours else ("netconvert", "ours")
        from_ways = self.ways_of(a)
        to_ways = self.ways_of(b)

        def is_near(lon, lat):
            return math.dist(self.sumo.plane(lon, lat), a.end) < 60

        restriction = self.extract.restriction(a.last_way[0], b.first_way[0], is_near)
        tags = self.extract.ways[a.last_way[0]].tags
        if turns_round(a, b):
            if b.first_way[0] == a.last_way[0]:
                return f"{where}: turning round on one road", ""
            return f"{where}: turning round between carriageways", ""
        if any(is_near(*self.extract.places[n]) for n in self.barriers_between(a, b)):
            return f"{where}: over a barrier that no car passes", has_not
        if restriction:
            kind, forbids = restriction
            words = "forbids" if forbids else "prescribes"
            return f"{where}: a restriction {words} it ({kind})", has_not if forbids else has
        if not self.touch(from_ways, to_ways):
            if any(is_closed(self.extract.ways[w].tags) for w in self.ways_between(a, b)):
                return f"{where}: over a way closed to cars", has_not
            return f"{where}: the ways do not touch (joined junctions)", ""
        if a.last_way[0] == b.first_way[0]:
            return f"{where}: straight on along one way", has
        if _turn_lanes(tags, a.last_way[1]):
            return f"{where}: lanes with arrows", ""
        bend = a.heading[0] * b.start_heading[0] + a.heading[1] * b.start_heading[1]
        both_one_way = all(
            _is_one_way(self.extract.ways[w].tags) for w in (a.last_way[0], b.first_way[0]))
        if bend < -0.3 and both_one_way:
            # Off a ramp and up the next, round the tip of an island: ours allows it to those only
            # who have no other way.
            return f"{where}: back from one one-way road into another", ""
        if bend < -0.7:
            return f"{where}: a sharp bend (over 135 degrees)", ""
        return f"{where}: no reason in the tags", has

    def barriers_between(self, a, b):
        """Barriers on the ways of two stretches."""
        return [
            n for w in self.ways_of(a) | self.ways_of(b) for n in self.extract.ways[w].nodes
            if n in self.extract.barriers]

    def ways_between(self, a, b):
        """Ways that touch both the end of one stretch and the start of another."""
        from_nodes = {n for w in self.ways_of(a) for n in self.extract.ways[w].nodes}
        to_nodes = {n for w in self.ways_of(b) for n in self.extract.ways[w].nodes}
        found = {w for n in from_nodes for w in self.extract.ways_at[n]}
        return [w for w in found if any(n in to_nodes for n in self.extract.ways[w].nodes)]

    def ways_of(self, stretch):
        return {stretch.first_way[0], stretch.last_way[0]}

    def touch(self, some, others):
        nodes = {n for w in some for n in self.extract.ways[w].nodes}
        return any(n in nodes for w in others for n in self.extract.ways[w].nodes)

    # Signals

    NEAR = 40.0

    def compare_signals(self):
        """Controllers, one for one by place, nearest first."""
        pairs = sorted(
            (apart(a, b), ours, sumo)
            for ours, a in self.ours.signals.items()
            for sumo, b in self.sumo.signals.items()
            if apart(a, b) <= self.NEAR)
        ours_left, sumo_left = set(self.ours.signals), set(self.sumo.signals)
        self.signal_pairs = 0
        for _, ours, sumo in pairs:
            if ours in ours_left and sumo in sumo_left:
                self.signal_pairs += 1
                ours_left.remove(ours)
                sumo_left.remove(sumo)
        tagged = {n: self.sumo.plane(*self.extract.places[n]) for n in self.extract.signals}
        for left, mine, theirs, side in (
            (ours_left, self.ours, self.sumo, "ours"), (sumo_left, self.sumo, self.ours, "sumo")
        ):
            for ident in sorted(left):
                places = mine.signals[ident]
                cause, note, right = self.reason_for_signal(places, theirs, tagged, side)
                self.add(
                    "signal", cause, ident, "yes" if side == "ours" else "",
                    "yes" if side == "sumo" else "", 0, min(places), note, right)

    def reason_for_signal(self, places, other, tagged, side):
        where = "ours only" if side == "ours" else "netconvert only"
        near = sorted((apart(places, {p}), n) for n, p in tagged.items() if apart(places, {p}) <= 45)
        note = "; ".join(
            f"node {n} at {d:.0f} m: {_words(self.extract.signals[n])}" for d, n in near[:4])
        has, has_not = ("ours", "netconvert") if side == "ours" else ("netconvert", "ours")
        if any(apart(places, p) <= 100 for p in other.signals.values()):
            return f"{where}: the other has one controller for several junctions", note, ""
        if not near:
            return f"{where}: no signal tagged within 45 m", note, has_not
        lights = [n for _, n in near if not _is_crossing(self.extract.signals[n])]
        if not lights:
            return f"{where}: signals of a pedestrian crossing", note, has_not
        if side == "sumo" and any(math.dist(p, q) < 25 for p in places for q in self.ours.passages):
            # Where one stage would serve all, there is nothing to rule; the roads that these
            # signals stop are not in the extract, or not for cars.
            return f"{where}: at most two roads lead there, which have green together", note, ""
        if any(self.arms(n) > 2 for n in lights):
            return f"{where}: tagged where roads meet", note, has
        if len(lights) > 1:
            return f"{where}: tagged at two stop lines or more", note, has
        return f"{where}: tagged at one stop line", note, has_not

    def arms(self, node):
        """Roads for cars that leave a node."""
        known = self.ours.known_ways | self.sumo.known_ways
        count = 0
        for ident in set(self.extract.ways_at.get(node, ())) & known:
            nodes = self.extract.ways[ident].nodes
            count += sum(1 if i in (0, len(nodes) - 1) else 2 for i, n in enumerate(nodes) if n == node)
        return count


def _is_crossing(tags):
    return tags.get("highway") != "traffic_signals" or "crossing" in tags or (
        tags.get("traffic_signals") == "pedestrian_crossing")


def turns_round(a, b):
    """Whether the second runs back where the first came from."""
    if a.last_way[0] == b.first_way[0] and a.last_way[1] != b.first_way[1]:
        return True
    along = a.heading[0] * b.start_heading[0] + a.heading[1] * b.start_heading[1]
    return along < -0.9 and (
        b.ours.reverse == a.ours.id or b.sumo.reverse == a.sumo.id
        or b.first_way[0] == a.last_way[0] or math.dist(a.end, b.start) < 45)


# What the tags say


def _number(tags, key):
    try:
        return int(float(tags[key].split(";")[0]))
    except (KeyError, ValueError):
        return None


def _is_one_way(tags):
    if tags.get("oneway") in ("yes", "true", "1", "-1", "reverse"):
        return True
    if tags.get("oneway") in ("no", "false", "0"):
        return False
    return tags.get("junction") in ("roundabout", "circular") or tags.get("highway", "").startswith(
        "motorway")


def lanes_by_tags(tags, forward):
    """Lanes for cars in a direction, where the tags leave no doubt; else None."""
    total = _number(tags, "lanes")
    side = "forward" if forward else "backward"
    reserved = _reserved(tags)
    if reserved is None:
        return None
    if _is_one_way(tags):
        return total - reserved if total is not None and total > reserved else None
    if reserved:
        return None
    own = _lanes_of(tags, side)
    other = _lanes_of(tags, "backward" if forward else "forward")
    if own is not None:
        return own
    middle = _number(tags, "lanes:both_ways") or 0
    if total is not None and other is not None:
        return max(1, total - other - middle)
    if total is not None and total - middle > 0 and (total - middle) % 2 == 0:
        return (total - middle) // 2
    return None


def _reserved(tags):
    """Lanes that are tagged one by one as closed to cars; None where that is not said so."""
    if any(key.startswith(("lanes:bus", "lanes:psv")) for key in tags):
        return None
    closed = set()
    for key, value in tags.items():
        kind, _, side = key.partition(":lanes")
        if kind not in ("access", "vehicle", "motor_vehicle", "bus", "psv") or ":lanes" not in key:
            continue
        if side:
            return None
        words = ("designated",) if kind in ("bus", "psv") else ("no",)
        closed |= {i for i, word in enumerate(value.split("|")) if word in words}
    return len(closed)


def _has_lanes(tags):
    return any(key.split(":")[0] in ("lanes", "turn") for key in tags)


def _lanes_of(tags, side):
    """The lanes tagged for one direction, or those that carry arrows there."""
    arrows = tags.get(f"turn:lanes:{side}")
    return _number(tags, f"lanes:{side}") or (arrows.count("|") + 1 if arrows else None)


def _turn_lanes(tags, forward):
    side = "forward" if forward else "backward"
    return tags.get(f"turn:lanes:{side}") or (_is_one_way(tags) and tags.get("turn:lanes"))


def _reason_for_lanes(tags, ours, sumo, wanted):
    kind = tags.get("highway", "")
    if not _has_lanes(tags):
        if sumo > ours and ("link" in kind or kind in ("motorway", "trunk")):
            return f"no lanes tagged on {kind} (defaults, or a guessed ramp)"
        return f"no lanes tagged on {kind}: defaults differ"
    if any(key.split(":")[0] in ("bus", "psv") or "lanes:psv" in key or "lanes:bus" in key
           for key in tags):
        return "lanes for buses"
    if any(key.split(":")[0] in ("access", "vehicle", "motor_vehicle", "bicycle")
           and ":lanes" in key for key in tags):
        return "lanes with access of their own"
    if "lanes:both_ways" in tags:
        return "a lane in the middle for both directions"
    if wanted and ours == wanted and sumo > wanted:
        return "netconvert has more lanes than tagged (guessed ramps)"
    if wanted and ours == wanted and sumo < wanted:
        return "netconvert has fewer lanes than tagged"
    if wanted and sumo == wanted:
        return "ours has other lanes than tagged"
    total = _number(tags, "lanes")
    if total is not None and total % 2 == 1 and not _is_one_way(tags):
        return "an odd number of lanes on a road open both ways" if total > 1 else (
            "one lane for both directions")
    return "other"


def _reason_for_no_road(side, is_known, tags):
    kind = tags.get("highway", "")
    where = "ours" if side == "ours" else "netconvert"
    if is_known:
        return f"{where} only: inside a junction or a dead end of the other"
    access = tags.get("motorcar") or tags.get("motor_vehicle") or tags.get("vehicle") or tags.get(
        "access")
    if kind == "service" or kind == "track":
        return f"{where} only: highway={kind}"
    return f"{where} only: highway={kind}" + (f", access {access}" if access else "")


def _directed(way, forward):
    return way if forward else "-" + way


_TELLING = (
    "highway", "oneway", "lanes", "lanes:forward", "lanes:backward", "lanes:both_ways",
    "turn:lanes", "turn:lanes:forward", "turn:lanes:backward", "junction", "access",
    "motor_vehicle", "vehicle", "service", "crossing", "traffic_signals", "bus:lanes",
    "lanes:psv", "lanes:bus", "vehicle:lanes", "access:lanes",
)


def _words(tags):
    return " ".join(f"{key}={tags[key]}" for key in _TELLING if key in tags)
