"""What the same work costs each of them."""

import json
import os
import statistics
import sys

from peers.environment import number

COLUMNS = [
    "work", "program", "vehicle-seconds", "CPU s", "vehicle-s / CPU s", "times SUMO at 1 s",
    "arrived",
]

SUMO = [
    "--no-step-log", "--no-warnings", "--time-to-teleport", "-1", "--duration-log.statistics"]


def speed_table(environment, maker, options, kept):
    """The lines of the table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---:|---:|---:|---:|---:|"]
    for work in maker.works():
        rows = [
            (f"SUMO, {step:g} s",
             kept.runs(work, f"sumo-{step:g}", SUMO, options.repeat,
                       lambda: sumo(environment, work, step)))
            for step in options.sumo_steps]
        city, import_cpu = maker.city(work) if options.steps else (None, None)
        for step in options.steps:
            rows.append(
                (f"cim, {step}",
                 [cim(environment, maker, city, work, step) for _ in range(options.repeat)]))
        if work.is_grid and not options.no_uxsim:
            for platoon in [5, 1] if options.single else [5]:
                runs = kept.runs(
                    work, f"uxsim-{platoon}", [], options.repeat,
                    lambda: uxsim(environment, work, platoon))
                name = f"UXsim, platoons of {platoon}" if platoon > 1 else "UXsim, single vehicles"
                rows.append((name, [r[:3] for r in runs]))
                rows.append((name + ", stepping alone", [(r[0], r[3], r[2]) for r in runs]))
        rates = {name: statistics.median(r[0] / r[1] for r in runs) for name, runs in rows}
        measure = rates.get("SUMO, 1 s")
        for name, runs in rows:
            times = f"{rates[name] / measure:,.1f}" if measure else "-"
            few = "" if len(runs) >= options.repeat else (
                f" ({len(runs)} run{'s' if len(runs) > 1 else ''})")
            lines.append(
                f"| {work.name} | {name}{few} | {statistics.median(r[0] for r in runs):,.0f} | "
                f"{statistics.median(r[1] for r in runs):,.2f} | {rates[name]:,.0f} | {times} | "
                f"{runs[0][2]:,.0f} |")
        if city:
            lines.append(f"| {work.name} | cim import sumo | | {import_cpu:,.2f} | | | |")
        print(f"compare-peers: {work.name} done", file=sys.stderr, flush=True)
    return lines


def sumo(environment, work, step):
    """Vehicle-seconds, CPU seconds, arrivals."""
    text, cpu = environment.run(
        [environment.program("sumo"), "--net-file", work.net, "--route-files", work.routes,
         "--begin", str(work.begin), "--end", str(work.begin + work.minutes * 60),
         "--step-length", str(step), *SUMO])
    updates = number(r"Duration: ([\d.]+)s", text) * number(r"UPS: ([\d.]+)", text)
    inserted = number(r"Inserted: (\d+)", text)
    return updates * step, cpu, inserted - number(r"Running: (\d+)", text)


def cim(environment, maker, city, work, step):
    scenario = os.path.join(city, f"bench-{step}.json")
    with open(os.path.join(city, "scenario.json"), encoding="utf-8") as file:
        settings = json.load(file)
    settings["clock"]["step"] = step
    with open(scenario, "w", encoding="utf-8") as file:
        json.dump(settings, file)
    out = maker.path("run-" + os.path.basename(city))
    _, cpu = environment.run(
        [environment.cim, "run", scenario, "--out", out, "--threads", "1", "--quiet", "--until",
         f"{settings['clock']['start'][:11]}{clock(settings, work)}"])
    with open(os.path.join(out, "performance.json"), encoding="utf-8") as file:
        performance = json.load(file)
    with open(os.path.join(out, "metrics.json"), encoding="utf-8") as file:
        arrived = json.load(file)["trips"]["arrived"]
    return performance["vehicle_seconds"], cpu, arrived


def clock(settings, work):
    """The end of the time that is simulated, as a time of day with its zone; days do not end."""
    end = min(86399, work.begin + round(work.minutes * 60))
    zone = settings["clock"]["start"][19:]
    return f"{end // 3600:02}:{end // 60 % 60:02}:{end % 60:02}" + zone


def uxsim(environment, work, platoon):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drive_uxsim.py")
    text, cpu = environment.run(
        [environment.python, script, work.net, work.routes, str(work.minutes * 60), str(platoon)])
    found = json.loads(text[text.rindex("{"):])
    # Importing pandas and matplotlib, which a user of Python pays for once, is taken out.
    return (
        found["vehicle_seconds"], cpu - found["import_cpu_s"], found["arrived"],
        max(found["core_cpu_s"], 1e-3))
