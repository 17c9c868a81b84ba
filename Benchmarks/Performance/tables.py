#!/usr/bin/env python3
"""Writes the tables of docs/performance.md from the JSON that Benchmarks/Performance/run measured.

    tables.py FOLDER DOCUMENT

Each table stands between `<!-- NAME -->` and `<!-- end -->` in the document; what is there is replaced.
"""

import json
import math
import re
import sys
from pathlib import Path


def load(folder, name):
    return json.loads((folder / f"{name}.json").read_text())


def direct(document):
    return [r for r in document["results"] if r["kernel"] == "direct"]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def percent(fraction):
    return f"{100 * fraction:g} %"


def speedups(document, baseline="speedupOverBestDense"):
    """A row for each layer, a column for each sparsity, and the geometric means."""
    results = direct(document)
    sparsities = sorted({r["sparsity"] for r in results})
    layers = list(dict.fromkeys(r["name"] for r in results))
    found = {(r["name"], r["sparsity"]): r[baseline] for r in results}
    rows = [[layer] + [f"{found[layer, s]:.2f}x" for s in sparsities] for layer in layers]
    means = [geometric_mean([found[layer, s] for layer in layers]) for s in sparsities]
    rows.append(["**geometric mean**"] + [f"**{mean:.2f}x**" for mean in means])
    return table(["layer"] + [percent(s) for s in sparsities], rows)


def shares(document):
    """The rate on the nonzeros as a share of the ceiling, a multiply-add with one operand from the first-level cache."""
    ceiling = document["ceilings"]["l1FmaGflops"]
    results = direct(document)
    sparsities = sorted({r["sparsity"] for r in results})
    layers = list(dict.fromkeys(r["name"] for r in results))
    found = {(r["name"], r["sparsity"]): r["nonzeroGflops"] for r in results}
    rows = [
        [layer] + [f"{found[layer, s]:.0f} ({100 * found[layer, s] / ceiling:.0f} %)" for s in sparsities]
        for layer in layers
    ]
    return table(["layer"] + [percent(s) for s in sparsities], rows)


def batches(folder):
    """Time per image, and the steps between neighbouring batches."""
    documents = {batch: load(folder, f"images{batch}") for batch in (7, 8, 9, 15, 16, 17)}
    layers = list(dict.fromkeys(r["name"] for r in direct(documents[8])))
    times = {
        (r["name"], batch): 1e6 * r["medianSeconds"] / batch
        for batch, document in documents.items()
        for r in direct(document)
    }
    rows = [[layer] + [f"{times[layer, batch]:.0f}" for batch in documents] for layer in layers]
    return table(["microseconds an image"] + [f"batch {batch}" for batch in documents], rows)


def machine(document):
    environment, ceilings = document["environment"], document["ceilings"]
    caches = ", ".join(
        f"L{c['level']} {c['byteCount'] // 1024} KiB" for c in environment["processor"]["caches"] if c["kind"] != "Instruction"
    )
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(environment["libraries"].items()))
    return table(
        ["", ""],
        [
            ["processor", f"{environment['processor']['model']}, {environment['processor']['threadCount']} threads, {caches}"],
            ["widest instruction set", environment["processor"]["instructionSet"]],
            ["system", f"{environment['operatingSystem']}, {environment['compiler']}"],
            ["libraries", libraries],
            ["multiply-adds, registers", f"{ceilings['fmaGflops']:.0f} GFLOP/s"],
            ["multiply-adds, operand from L1", f"{ceilings['l1FmaGflops']:.0f} GFLOP/s"],
            ["multiply-adds, operand from L2", f"{ceilings['l2FmaGflops']:.0f} GFLOP/s"],
            ["reading L3, memory", f"{ceilings['l3ReadGBps']:.0f}, {ceilings['memoryReadGBps']:.0f} GB/s"],
            ["date", environment["date"]],
        ],
    )


def main():
    folder, path = Path(sys.argv[1]), Path(sys.argv[2])
    batch1 = load(folder, "batch1")
    tables = {
        "machine": machine(batch1),
        "batch1": speedups(batch1),
        "shares": shares(batch1),
        "threads2": speedups(load(folder, "threads2")),
        "batch16": speedups(load(folder, "batch16")),
        "varied": speedups(load(folder, "varied")),
        "input-gradient": speedups(load(folder, "input-gradient")),
        "weight-gradient": speedups(load(folder, "weight-gradient")),
        "batches": batches(folder),
    }
    text = path.read_text()
    for name, content in tables.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not pattern.search(text):
            sys.exit(f"{path}: no place for the table <!-- {name} -->")
        text = pattern.sub(lambda match: match[1] + "\n" + content + "\n\n" + match[2], text)
    path.write_text(text)


if __name__ == "__main__":
    main()
