#!/usr/bin/env python3
"""Prints the accuracies of docs/results: one row for each training, and means over seeds. usage: results.py FOLDER"""
import collections
import csv
import pathlib
import sys

runs = collections.defaultdict(dict)
for path in sorted(pathlib.Path(sys.argv[1]).glob("*-seed*.csv")):
    name, seed = path.stem.rsplit("-seed", 1)
    with open(path, newline="") as file:
        epochs = list(csv.DictReader(file))
    runs[name][int(seed)] = (float(epochs[-1]["testAccuracy"]), float(epochs[-1]["sparsity"]), len(epochs))
seeds = sorted({seed for run in runs.values() for seed in run})
print("| training | zeros | epochs | " + " | ".join(f"seed {s}" for s in seeds) + " | mean |")
print("|---|---:|---:|" + "---:|" * (len(seeds) + 1))
for name in sorted(runs, key=lambda n: (n != "dense", n)):
    run = runs[name]
    accuracies = [100 * a for a, _, _ in run.values()]
    _, sparsity, epochs = next(iter(run.values()))
    cells = [f"{100 * run[s][0]:.2f} %" if s in run else "" for s in seeds]
    print(f"| {name} | {100 * sparsity:.1f} % | {epochs} | " + " | ".join(cells) + f" | {sum(accuracies) / len(accuracies):.2f} % |")
