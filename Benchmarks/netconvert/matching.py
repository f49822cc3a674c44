"""Where on the ways of the extract the two networks have links, and what follows what there."""

import math


class Stretch:
    """A run of places, along one link of each network."""

    def __init__(self, ours, sumo):
        self.ours = ours
        self.sumo = sumo
        self.metres = 0.0
        # Offsets along the two links, first and last way, and places.
        self.at = [math.inf, math.inf]
        self.first_way = self.last_way = None
        self.start = self.end = None
        self.heading = None
        self.metres_by_way = {}


class Sample:
    """A place on a way in one direction."""

    __slots__ = ("way", "forward", "x", "y", "heading", "metres", "ours", "sumo")


def samples(extract, ours, sumo, step):
    """Places every `step` metres or so on all ways that either network knows, both directions."""
    known = ours.known_ways | sumo.known_ways
    plane = sumo.plane
    for way in extract.ways.values():
        if way.id not in known:
            continue
        line = [plane(*extract.places[n]) for n in way.nodes]
        pieces = []
        for a, b in zip(line, line[1:]):
            size = math.dist(a, b)
            if size == 0:
                continue
            ux, uy = (b[0] - a[0]) / size, (b[1] - a[1]) / size
            count = max(1, round(size / step))
            for k in range(count):
                t = (k + 0.5) * size / count
                pieces.append((a[0] + t * ux, a[1] + t * uy, ux, uy, size / count))
        for forward in (True, False):
            for x, y, ux, uy, metres in pieces if forward else reversed(pieces):
                sample = Sample()
                sample.way, sample.forward = way.id, forward
                sample.x, sample.y, sample.metres = x, y, metres
                sample.heading = (ux, uy) if forward else (-ux, -uy)
                sample.ours = ours.index.find(x, y, *sample.heading, way.id)
                sample.sumo = sumo.index.find(x, y, *sample.heading, way.id)
                if sample.ours or sample.sumo:
                    yield sample


def stretches(found):
    """All runs of places that both networks have, by their pair of links."""
    by_pair = {}
    for sample in found:
        if not (sample.ours and sample.sumo):
            continue
        (a, at_a), (b, at_b) = sample.ours, sample.sumo
        stretch = by_pair.setdefault((a.id, b.id), Stretch(a, b))
        if at_a < stretch.at[0] or stretch.start is None:
            stretch.at = [at_a, at_b]
            stretch.start = (sample.x, sample.y)
            stretch.first_way = (sample.way, sample.forward)
            stretch.start_heading = sample.heading
        if stretch.end is None or at_a >= stretch.end_at:
            stretch.end = (sample.x, sample.y)
            stretch.end_at = at_a
            stretch.last_way = (sample.way, sample.forward)
            stretch.heading = sample.heading
        stretch.metres += sample.metres
    # One or two places near a junction are no road of their own.
    return [s for s in by_pair.values() if s.metres >= 8]


class Movements:
    """From which stretch one can drive into which next one, in one network."""

    # How far one may drive over links that are inside a junction of the other network.
    REACH = 120.0

    def __init__(self, network, is_shared, all_stretches, side):
        self.network = network
        # Whether the other network has this road too, be it only inside a junction.
        self.is_shared = is_shared
        on_link = {}
        for stretch in all_stretches:
            link = stretch.ours if side == 0 else stretch.sumo
            on_link.setdefault(link.id, []).append((stretch.at[side], id(stretch), stretch))
        self.first_on = {}
        self.follows = {}
        for link, its in on_link.items():
            its.sort()
            self.first_on[link] = its[0][2]
            for (_, _, a), (_, _, b) in zip(its, its[1:]):
                self.follows[id(a)] = {b: True}
            self.follows[id(its[-1][2])] = self._beyond(link, on_link)

    def _beyond(self, link, on_link):
        """The first stretches beyond a link's end; True where they follow on the same link."""
        found, queue, seen = {}, [(link, 0.0)], set()
        while queue:
            at, driven = queue.pop()
            for following in sorted(self.network.next.get(at, ())):
                if following in on_link:
                    stretch = min(on_link[following])[2]
                    found[stretch] = False
                    continue
                metres = driven + self.network.links[following].length
                if following in seen or metres > self.REACH:
                    continue
                if any(self.is_shared(way) for way in self.network.links[following].ways):
                    seen.add(following)
                    queue.append((following, metres))
        return found

    def of(self, stretch):
        return self.follows.get(id(stretch), {})
