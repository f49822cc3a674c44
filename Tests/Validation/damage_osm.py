#!/usr/bin/env python3
"""Damages OpenStreetMap files in thousands of ways and gives them to `cim import osm`.

    damage_osm.py CIM EXTRACT.osm[.gz] [options]

CIM is the built program. Out of the extract (XML) the first ways with streets are taken, with
their nodes and relations, and osmium (Debian: osmium-tool) makes a PBF of the same. Every try damages one of
the two: bits are flipped, bytes and pieces cut, doubled, moved or made up; in the PBF at times
within a block that is packed again, so that the damage gets past zlib. Who reads must end with
exit code 0, or with another one and a message, within the memory and the time allowed: a signal,
more time, or no word is a failure, and its file is kept. Exit 0 if there is none, 1 if there is.

A try hangs on the seed and its number alone.
"""

import argparse
import collections
import gzip
import os
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

NUMBERS = [b"0", b"-1", b"1e308", b"-1e-308", b"nan", b"inf", b"9223372036854775808", b"18446744073709551616",
           b"0x10", b"", b"4294967296", b"90.0000001", b"180.0000001", b"1;2;;3", b"none", b"|||", b"through|"]


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog=__doc__.split("\n\n", 2)[2],
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("cim", metavar="CIM", help="the built program")
    add("extract", metavar="EXTRACT", help="OpenStreetMap XML, may be gzipped")
    add("--tries", type=int, default=10_000, metavar="N", help="how many (10000)")
    add("--first", type=int, default=0, metavar="K", help="the number of the first try (0)")
    add("--seed", type=int, default=1, metavar="S", help="another seed, other damage (1)")
    add("--ways", type=int, default=160, metavar="N", help="streets in the sample (160)")
    add("--memory", type=int, default=1500, metavar="MB", help="address space allowed (1500)")
    add("--seconds", type=int, default=20, metavar="S", help="CPU time allowed (20)")
    add("--keep", metavar="DIR", help="keep files that fail here")
    return parser.parse_args()


def sample_of(extract, ways):
    """The first so many streets of the extract, as XML, with their nodes and relations."""
    opener = gzip.open if extract.endswith(".gz") else open
    with opener(extract, "rb") as stream:
        text = stream.read()
    element = re.compile(rb"<(node|way|relation)\b[^>]*?(?:/>|>.*?</\1>)", re.S)
    ident = re.compile(rb"\bid=[\"'](-?\d+)")
    found = collections.defaultdict(dict)
    for match in element.finditer(text):
        name = ident.search(match.group(0))
        if name:
            found[match.group(1)][name.group(1)] = match.group(0)
    refs = re.compile(rb"<nd ref=[\"'](-?\d+)")
    streets = [key for key, way in found[b"way"].items() if re.search(rb"k=[\"']highway[\"']", way)]
    taken = set(streets[:ways])
    nodes = {ref for key in taken for ref in refs.findall(found[b"way"][key])}
    # A way beside the streets now and then: houses, car parks, water.
    for key, way in found[b"way"].items():
        if key not in taken and len(taken) < ways + ways // 2 and nodes.intersection(refs.findall(way)):
            taken.add(key)
    for key in taken:
        nodes.update(refs.findall(found[b"way"][key]))
    relations = [r for r in found[b"relation"].values()
                 if any(ref in taken for ref in re.findall(rb"type=[\"']way[\"'] ref=[\"'](-?\d+)", r))]
    lines = [b"<?xml version='1.0' encoding='UTF-8'?>", b"<osm version='0.6'>"]
    lines += [node for key, node in found[b"node"].items() if key in nodes]
    lines += [way for key, way in found[b"way"].items() if key in taken]
    lines += relations + [b"</osm>", b""]
    return b"\n".join(lines)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a protobuf message: number, wire type, value."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            raise ValueError(f"wire type {key & 7}")
        yield key >> 3, key & 7, value


def packed_varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(parts):
    out = b""
    for number, wire, value in parts:
        out += packed_varint(number << 3 | wire)
        out += packed_varint(value) if wire == 0 else packed_varint(len(value)) + value
    return out


def blocks_of(pbf):
    """Kind and unpacked bytes of every block."""
    at, blocks = 0, []
    while at < len(pbf):
        length = struct.unpack(">I", pbf[at:at + 4])[0]
        header = {number: value for number, _, value in fields(pbf[at + 4:at + 4 + length])}
        at += 4 + length
        blob = {number: value for number, _, value in fields(pbf[at:at + header[3]])}
        at += header[3]
        blocks.append((header[1], blob[1] if 1 in blob else zlib.decompress(blob[3])))
    return blocks


def pbf_of(blocks):
    out = b""
    for kind, data in blocks:
        blob = message([(2, 0, len(data)), (3, 2, zlib.compress(data, 1))])
        header = message([(1, 2, kind), (3, 0, len(blob))])
        out += struct.pack(">I", len(header)) + header + blob
    return out


def damaged(data, draw):
    """One to four wounds."""
    data = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        if not data:
            break
        at, kind = draw.randrange(len(data)), draw.randrange(10)
        length = draw.choice((1, 2, 8, 64, 1024))
        if kind < 4:
            for _ in range(draw.choice((1, 1, 3, 16))):
                data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        elif kind == 4:
            del data[at:at + length]
        elif kind == 5:
            data[at:at] = draw.randbytes(length)
        elif kind == 6:
            data[at:at] = data[at:at + length] * draw.choice((1, 1, 9))
        elif kind == 7:
            data[at:at + length] = bytes([draw.choice((0, 255, 127, 128))]) * length
        elif kind == 8:
            piece = bytes(data[at:at + length])
            del data[at:at + length]
            to = draw.randrange(len(data) + 1)
            data[to:to] = piece
        elif draw.random() < 0.2:
            del data[at:]
    return bytes(data)


def other_words(xml, draw):
    """Values of XML attributes become others, or those of a neighbour."""
    marks = [match.span(1) for match in re.finditer(rb"=[\"']([^\"']*)[\"']", xml)]
    for _ in range(draw.choice((1, 2, 5))):
        begin, end = marks[draw.randrange(len(marks))]
        other = marks[draw.randrange(len(marks))]
        word = draw.choice(NUMBERS) if draw.random() < 0.6 else xml[other[0]:other[1]]
        word = (word + b" " * (end - begin))[:end - begin] if draw.random() < 0.5 else word
        if len(word) == end - begin:
            xml = xml[:begin] + word + xml[end:]
        else:
            xml = xml[:begin] + word + xml[end:]
            marks = [match.span(1) for match in re.finditer(rb"=[\"']([^\"']*)[\"']", xml)]
    return xml


def one(samples, draw):
    """A damaged file, and its ending."""
    xml, pbf, blocks = samples
    kind = draw.randrange(5)
    if kind == 0:
        return damaged(xml, draw), ".osm"
    if kind == 1:
        return other_words(xml, draw), ".osm"
    if kind == 2:
        return damaged(pbf, draw), ".osm.pbf"
    if kind == 3:
        return gzip.compress(damaged(xml, draw), 1), ".osm.gz"
    which = draw.randrange(len(blocks))
    changed = [(k, damaged(d, draw) if i == which else d) for i, (k, d) in enumerate(blocks)]
    return pbf_of(changed), ".osm.pbf"


def attempt(cim, path, out, options):
    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (options.memory << 20, options.memory << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (options.seconds, options.seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run([cim, "import", "osm", path, "--out", out, "--quiet"], capture_output=True,
                              preexec_fn=limits, timeout=options.seconds * 4,
                              env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
    except subprocess.TimeoutExpired:
        return "hangs", float(options.seconds * 4), ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    words = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0:
        return f"signal {-done.returncode}", seconds, words
    if done.returncode == 0:
        return "read", seconds, words
    return ("refused" if words.strip() else "no word"), seconds, words


def main():
    options = parse()
    folder = tempfile.mkdtemp(prefix="damage-osm-")
    counts, slowest, bad = collections.Counter(), (0.0, -1), []
    begin = time.time()
    try:
        xml = sample_of(options.extract, options.ways)
        whole, packed = os.path.join(folder, "whole.osm"), os.path.join(folder, "whole.osm.pbf")
        with open(whole, "wb") as stream:
            stream.write(xml)
        subprocess.run(["osmium", "cat", "--no-progress", whole, "-o", packed], check=True)
        with open(packed, "rb") as stream:
            pbf = stream.read()
        samples = (xml, pbf, blocks_of(pbf))
        for path in (whole, packed):
            result, seconds, words = attempt(options.cim, path, os.path.join(folder, "out"), options)
            if result != "read":
                sys.exit(f"the sound sample is not read: {result}: {words}")
        print(f"sample: {options.ways} streets, {len(xml):,} bytes of XML, {len(pbf):,} of PBF, "
              f"read in {seconds:.2f} CPU s", flush=True)
        for number in range(options.first, options.first + options.tries):
            data, ending = one(samples, random.Random(f"{options.seed} {number}"))
            path, out = os.path.join(folder, "try" + ending), os.path.join(folder, "out")
            with open(path, "wb") as stream:
                stream.write(data)
            result, seconds, words = attempt(options.cim, path, out, options)
            shutil.rmtree(out, ignore_errors=True)
            counts[result] += 1
            slowest = max(slowest, (seconds, number))
            if result not in ("read", "refused"):
                bad.append(number)
                print(f"try {number}: {result} after {seconds:.1f} CPU s: {words.strip()[-300:]}", flush=True)
                if options.keep:
                    os.makedirs(options.keep, exist_ok=True)
                    shutil.copy(path, os.path.join(options.keep, f"{options.seed}-{number}{ending}"))
            os.remove(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    told = ", ".join(f"{count:,} {result}" for result, count in sorted(counts.items()))
    print(f"{sum(counts.values()):,} tries: {told}; the slowest took {slowest[0]:.1f} CPU s (try {slowest[1]}); "
          f"{options.memory} MB of address space allowed; {time.time() - begin:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
