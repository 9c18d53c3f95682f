"""Times sanxiang-bench and jsonschema-rs on one record in turns; see the script jsonschema-rs."""

import argparse
import importlib.metadata
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
# Turns of each side; a busy moment of the machine spoils one of them, not one side.
TURNS = 5


def documents():
    """All documents of the contract, by their $id."""
    found = {}
    for folder in ("records", "common", "codes"):
        for path in sorted((SCHEMAS / folder).rglob("*.json")):
            document = json.loads(path.read_bytes())
            found[document["$id"]] = document
    return found


def reachable(uri, documents):
    """The documents that a schema is made of."""
    seen, pending = {}, [uri]
    while pending:
        uri = pending.pop().partition("#")[0]
        if uri not in seen:
            seen[uri] = documents[uri]
            pending += [ref for key, ref in members(seen[uri]) if key == "$ref"]
    return seen.values()


def members(node):
    """Every member of every object, as name and value."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield key, value
            yield from members(value)
    elif isinstance(node, list):
        for value in node:
            yield from members(value)


def is_checked(name):
    """Whether jsonschema-rs refuses what no format of ours allows."""
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    return not validator.is_valid("\u0001 neither this nor that")


def rounds(body, count, records):
    """Microseconds for each call, one value a round; two more rounds warm up."""
    times = []
    for number in range(count + 2):
        start = time.perf_counter()
        for _ in range(records):
            body()
        if number >= 2:
            times.append((time.perf_counter() - start) / records * 1e6)
    return times


def ours(bench, record, schema, count, records):
    """One turn of this engine."""
    output = subprocess.run(
        [bench, "validate", "--json", "--file", record, "--schema", schema]
        + ["--rounds", str(count), "--records", str(records)],
        check=True, capture_output=True,
    ).stdout
    return json.loads(output)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="the program sanxiang-bench")
    parser.add_argument("--file", help="this record instead of the benchmark's own")
    parser.add_argument("--schema", default="lead.transfer/1")
    parser.add_argument("--rounds", type=int, default=55, help="of each side, in all")
    parser.add_argument("--records", type=int, default=2000, help="of each round")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def measure(options, record):
    """Medians of both sides, in microseconds for each record."""
    all_documents = documents()
    uri = "urn:sanxiang:schema:" + options.schema.replace("/", ":")
    if uri not in all_documents:
        sys.exit(f"there is no schema {options.schema}")
    registry = jsonschema_rs.Registry(list(all_documents.items()))
    validator = jsonschema_rs.Draft202012Validator(
        all_documents[uri], registry=registry, validate_formats=True, offline=True)
    text = Path(record).read_bytes()
    value = json.loads(text)
    if not validator.is_valid(value):
        sys.exit("jsonschema-rs says that the record is not valid")

    count = -(-options.rounds // TURNS)
    parts = {
        "parse": lambda: json.loads(text),
        "flag": lambda: validator.is_valid(value),
        "full": lambda: list(validator.iter_errors(value)),
        "check": lambda: validator.is_valid(json.loads(text)),
    }
    mine = {name: [] for name in parts}
    theirs = {name: [] for name in parts}
    for _ in range(TURNS):
        turn = ours(options.bench, record, options.schema, count, options.records)
        for name, body in parts.items():
            mine[name].append(turn[name + "Micros"])
            theirs[name] += rounds(body, count, options.records)
    used = reachable(uri, all_documents)
    formats = {value for document in used for key, value in members(document) if key == "format"}
    return {
        "schema": options.schema,
        "payloadBytes": len(text),
        "jsonschemaRs": importlib.metadata.version("jsonschema-rs"),
        "python": platform.python_version(),
        "sanxiangMicros": {name: statistics.median(times) for name, times in mine.items()},
        "jsonschemaRsMicros": {name: statistics.median(times) for name, times in theirs.items()},
        "formatsThatJsonschemaRsLeavesOut": sorted(f for f in formats if not is_checked(f)),
    }


WORDS = {
    "parse": "bytes to document (jsonschema-rs: json.loads)",
    "flag": "flag mode on a document (jsonschema-rs: is_valid)",
    "full": "full mode on a document (jsonschema-rs: list(iter_errors))",
    "check": "bytes to verdict",
}


def show(result):
    print(f"{result['schema']}, {result['payloadBytes']} B, one thread, medians in µs per record")
    print(f"jsonschema-rs {result['jsonschemaRs']} in Python {result['python']}")
    print(f"\n{'sanxiang':>10} {'jsonschema-rs':>14} {'ratio':>7}")
    for name, words in WORDS.items():
        mine, theirs = result["sanxiangMicros"][name], result["jsonschemaRsMicros"][name]
        print(f"{mine:>10.2f} {theirs:>14.2f} {theirs / mine:>6.1f}x  {words}")
    left_out = result["formatsThatJsonschemaRsLeavesOut"]
    print("\njsonschema-rs takes Python's objects, so each of its calls begins by reading them.")
    if left_out:
        print(f"It does not check these formats, sanxiang does: {', '.join(left_out)}.")


def main():
    options = arguments()
    record = options.file
    if record is None:
        record = ROOT / ".build" / "compare" / "record.json"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(
            subprocess.run(
                [options.bench, "validate", "--sample"], check=True, capture_output=True).stdout)
    result = measure(options, str(record))
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        show(result)


if __name__ == "__main__":
    main()
