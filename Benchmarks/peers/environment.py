"""The programs that are compared, and what a run of one costs."""

import os
import re
import resource
import subprocess
import venv


class Failure(Exception):
    """A program that ended with an error, in its words."""


class Environment:
    """A virtual environment with the peers, made where there is none yet."""

    def __init__(self, folder, options):
        self.folder = os.path.abspath(folder)
        self.cim = options.cim
        wanted = ["eclipse-sumo"] + ([] if options.no_uxsim or options.agreement else ["uxsim"])
        if not self.has(wanted):
            if not os.path.exists(self.python):
                venv.create(self.folder, with_pip=True)
            subprocess.run(
                [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                 *wanted], check=True)
        self.versions = {name: self.version(name) for name in wanted}
        self.home = self.ask("import sumo; print(sumo.SUMO_HOME)")

    @property
    def python(self):
        return os.path.join(self.folder, "bin", "python")

    def has(self, names):
        return os.path.exists(self.python) and all(self.version(n) for n in names)

    def ask(self, code):
        done = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    def version(self, name):
        return self.ask(f"import importlib.metadata as m; print(m.version({name!r}))")

    def program(self, name):
        return os.path.join(self.home, "bin", name)

    def run(self, command):
        """What a command prints, and its CPU seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            env=dict(os.environ, SUMO_HOME=self.home))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise Failure(f"{' '.join(command)}\n{done.stdout[-500:]}\n{done.stderr[-2000:]}")
        cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        return done.stdout + done.stderr, cpu


def number(pattern, text):
    """The first group of a pattern in a text as a number."""
    found = re.search(pattern, text)
    if not found:
        raise Failure(f"no {pattern} in\n{text[-1500:]}")
    return float(found.group(1).replace(",", ""))
