#!/usr/bin/env python3
"""Prints the tables of docs/training-performance.md. usage: training-tables.py LAYERS.json NETWORKS.json

The files are those of `training-bench layers --json` and `training-bench networks --profile --json`.
"""
import json
import math
import sys

PASSES = [("forward", "forward"), ("both gradients", "gradients")]


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "|".join("---" if i == 0 else "---:" for i in range(len(header))) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def layers(path):
    results = [r for r in json.load(open(path))["results"] if r["status"] == "ok"]
    names = list(dict.fromkeys(r["name"] for r in results))
    sparsities = sorted({r["sparsity"] for r in results if r["side"] == "sparse"})
    found = {(r["name"], r["side"], r["sparsity"], r["kernel"]): r for r in results}
    percent = [f"{100 * s:g} %" for s in sparsities]

    def baselines(name):
        dense = found[name, "dense", 0, "dense"]
        fastest = min((r for r in results if r["name"] == name and r["side"] == "dense"), key=lambda r: r["stepMedianSeconds"])
        return {"dense": dense, "the fastest": fastest}

    for base in ["dense", "the fastest"]:
        print(f"Speed-up of the whole step over {base}:\n")
        rows = []
        for name in names:
            dense = baselines(name)[base]
            ratios = [dense["stepMedianSeconds"] / found[name, "sparse", s, "direct"]["stepMedianSeconds"] for s in sparsities]
            kernel = [f"`{dense['kernel']}`"] if base != "dense" else []
            rows.append([name, *kernel, f"{1e3 * dense['stepMedianSeconds']:.1f}"] + [f"{r:.2f}" for r in ratios])
        table(["layer", *(["kernel"] if base != "dense" else []), "ms", *percent], rows)
        rows = []
        for group in dict.fromkeys(r["group"] for r in results):
            members = [n for n in names if found[n, "dense", 0, "dense"]["group"] == group]

            def ratios(key, s):
                return [baselines(n)[base][key] / found[n, "sparse", s, "direct"][key] for n in members]

            rows.append([f"{group}: step"] + [f"{mean(ratios('stepMedianSeconds', s)):.2f}" for s in sparsities])
            rows.append([f"{group}: slowest layer"] + [f"{min(ratios('stepMedianSeconds', s)):.2f}" for s in sparsities])
            for word, key in PASSES:
                rows.append([f"{group}: {word}"] + [f"{mean(ratios(key + 'MedianSeconds', s)):.2f}" for s in sparsities])
        table(["geometric means", *percent], rows)

    print("Milliseconds of a step: repacking, forward, both gradients:\n")
    keys = ["repackMedianSeconds", *(k + "MedianSeconds" for _, k in PASSES)]

    def split(r):
        return ", ".join(f"{1e3 * r[k]:.2f}" for k in keys)

    table(
        ["layer", "`dense`", *(f"sparse {100 * s:g} %" for s in (0.9, 0.95))],
        [[n, split(found[n, "dense", 0, "dense"]), *(split(found[n, "sparse", s, "direct"]) for s in (0.9, 0.95))] for n in names])


def networks(path):
    results = [r for r in json.load(open(path))["results"] if r["status"] == "ok"]
    rows = []
    for r in results:
        sides = [o for o in results if o["network"] == r["network"] and o["sparsity"] == 0]
        dense = next(o for o in sides if o["form"] == "dense")
        best = min(o["stepMedianSeconds"] for o in sides)
        rows.append([
            r["network"], r["form"], f"{100 * r['sparsity']:g} %", f"{1e3 * r['stepMedianSeconds']:.1f}",
            f"{r['batch'] / r['stepMedianSeconds']:.0f}", f"{dense['stepMedianSeconds'] / r['stepMedianSeconds']:.2f}",
            f"{best / r['stepMedianSeconds']:.2f}"])
    table(["network", "weights", "sparsity", "step ms", "images/s", "over `dense`", "over the faster dense side"], rows)


layers(sys.argv[1])
networks(sys.argv[2])
