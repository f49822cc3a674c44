"""What peers did with a piece of work, kept in its folder, so that it need not be done again."""

import datetime
import hashlib
import json
import os


class NotKept(Exception):
    """Work whose results are not in the folder, where no more than those are wanted."""


class Kept:
    """The measurements of a folder."""

    def __init__(self, maker, versions, may_reuse, is_all=False):
        self.maker = maker
        self.versions = versions
        self.may_reuse = may_reuse or is_all
        # Whether nothing is measured that is not kept.
        self.is_all = is_all
        # The days of what was taken from the folder.
        self.days = set()

    def runs(self, work, name, settings, count, measure):
        """So many results of `measure()`, those that are kept first, or fewer where nothing else is
        wanted. Each one is kept as soon as it is there. `settings` is whatever else the results
        depend on."""
        path = self.maker.path(f"kept-{os.path.basename(work.routes)}-{name}.json")
        key = {
            "net": digest(work.net), "routes": digest(work.routes), "begin": work.begin,
            "minutes": work.minutes, "versions": self.versions, "settings": settings}
        found = []
        if self.may_reuse and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                kept = json.load(file)
            if of_peer(kept["of"], name) == of_peer(json.loads(json.dumps(key)), name):
                found = kept["runs"]
        self.days.update(r["day"] for r in found[:count])
        if self.is_all and not found:
            raise NotKept(f"{work.name}: {name}")
        while len(found) < count and not self.is_all:
            load = os.getloadavg()[0]
            found.append({
                "result": measure(), "day": datetime.date.today().isoformat(),
                "load_before": load, "load_after": os.getloadavg()[0]})
            with open(path + "~", "w", encoding="utf-8") as file:
                json.dump({"of": key, "runs": found}, file)
            os.replace(path + "~", path)
        return [r["result"] for r in found[:count]]


def of_peer(key, name):
    """What the results of one peer depend on: of the versions its own alone."""
    peer = "uxsim" if name.startswith("uxsim") else "eclipse-sumo"
    return key | {"versions": key["versions"].get(peer)}


def digest(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()
