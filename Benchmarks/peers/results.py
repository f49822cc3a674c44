"""The section that goes into a results file."""

import datetime
import os
import platform
import re

SPEED = """\
Medians of {repeat}, {minutes:g} simulated minutes, one thread. CPU seconds are of the whole process,
reading and writing files included; `cim` reads the city folder that `cim import sumo` (its own line)
has made. SUMO {sumo} with its default cars, its own routes and no teleports; UXsim {uxsim} in its
C++ engine moves platoons on links without lanes, turns or gaps."""

AGREEMENT = """\
Both with the Intelligent Driver Model, the same parameters, lengths and spread of desired speeds, the
same networks, routes and signals; {minutes:g} simulated minutes; SUMO {sumo} at 1 s, `cim` at 0.5 s, means over {seeds} seeds
of demand. Spread is what SUMO's figures differ among themselves: the widest of its steps of 0.5 and
1 s and its seeds, in per cent of its mean; within is a difference of 5 % or the spread, or waiting of
0.5 % of the trips. The last columns are SUMO at 0.5 s{fine}, for the first seed. `standing` are those below 0.1 m/s, looked at every 25 s. Delay counts everybody's time beyond an empty road's, from
the second they wanted to set out, so that waiting outside counts on both sides."""

WHY = """\
What differs, and why (figures of first seeds, looked into once):

- **SUMO's step.** Its Intelligent Driver Model at 1 s lets a queue start at a car every 2.0 s where its
  steps of 0.1 s need 1.2 s and ours of 0.5 s 1.3 s, so that less passes in a green. At signals that end a
  green when nobody has been on a loop for 3 s (Wildau, Bergstraße) such gaps arise within the queue: its
  greens there last 5 to 9 s at 1 s, and 34 to 39 s at 0.1 s once the queue stands. At 1, 0.5, 0.25 and 0.1 s
  Wildau has 421, 448, 476 and 483 arrivals and 85.8, 64.2, 53.0 and 50.5 s of delay.
- **Views.** On a minor road SUMO's cars slow down to what lets them stop before they see who comes, which
  is from 4.5 m on (`visibility`), even if nobody does; here they see as far as they need. With open views
  Monaco's delay falls from 55.1 to 45.0 s.
- **Creeping.** SUMO's cars creep up to a queue where ours have stopped. On the grid at 14,000 an hour 370
  of SUMO's and 424 of ours were below 0.1 m/s, 400 and 449 below 5 km/h, 469 and 466 below 3 m/s.
- **Edges below 7 m** are part of junctions here; SUMO's cars stand across several of them. Where a joint
  signal stops a way half-way on such an edge (Krems), cars here wait before it.
- **Setting out.** Cars here set out at up to 5 m/s and slow down to it where they leave the road, SUMO's
  set out from standstill and leave at speed.
- **Gaps.** Who yields here waits for the gaps of the Highway Capacity Manual, in SUMO for one second more
  than he needs (`jmTimegapMinor`).
- **Flows of five minutes** are a dozen cars or fewer on most links: which green a car catches decides in
  which of them it counts. Where a network comes with its routes (Wildau), seeds draw the drivers."""


class Section:
    def __init__(self, lines, options, environment, days):
        self.title = "agreement with SUMO" if options.agreement else "peers"
        words = (AGREEMENT if options.agreement else SPEED).format(
            repeat=options.repeat, minutes=options.minutes, seeds=options.seeds,
            fine=f", at {options.fine:g} s, and at 1 s with `visibility` of 100 m on all minor roads" if options.fine else "",
            sumo=environment.versions.get("eclipse-sumo", "-"),
            uxsim=environment.versions.get("uxsim", "-"))
        if days:
            words += (
                f" What the peers did was measured on {', '.join(sorted(days))} on this machine, and"
                " kept.")
        self.text = "\n".join(
            [f"## {self.title}", "", "Printed by `Benchmarks/compare-peers"
             + (" --agreement" if options.agreement else "") + "`. " + words, "", *lines, "",
             *([WHY, ""] if options.agreement else []), origin(options.commit), ""])

    def put_into(self, path):
        put_section(path, self.title, self.text)


def put_section(path, title, text):
    """In place of the section of this title, or at the end; the file appears whole."""
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    parts = re.split(r"(?m)^(?=## )", old)
    at = next((i for i, p in enumerate(parts) if p.startswith(f"## {title}\n")), None)
    if at is None:
        parts = [old.rstrip("\n") + "\n\n" if old.strip() else "", text]
    else:
        parts[at] = text + ("\n" if at + 1 < len(parts) else "")
    with open(path + "~", "w", encoding="utf-8") as file:
        file.write("".join(parts))
    os.replace(path + "~", path)


def origin(commit):
    """Machine, commit and day; no host names."""
    processor = "A processor of unknown model"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            processor = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE).group(1)
    except (OSError, AttributeError):
        pass
    day = datetime.date.today().isoformat()
    return (
        f"{processor}, {os.cpu_count()} processors, {platform.system()}; "
        f"commit {commit or 'unknown'}, {day}.")
