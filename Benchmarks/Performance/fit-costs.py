#!/usr/bin/env python3
"""Finds the factors of the kernels' cost models anew from measurements, and says how good the models are.

    fit-costs.py FILE.json ...

The files are what `sparse-bench --json` writes (`Benchmarks/Performance/measure-costs` measures all suites). Each result has the terms of
its kernel's cost: the seconds that each part would take at the machine's rates. Their factors are fitted to the shortest sample of
each case, by least squares of the relative error with factors of 0 or more, in which a case that fits badly counts less: a few are
disturbed by other programs. The printed factors go into the files `*ConvKernel+Cost.swift`. Needs NumPy and SciPy.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy
from scipy.optimize import nnls

SHORTEST = 30e-6  # A shorter time is mostly what a call costs.
LEAST_REGRET_SECONDS = 50e-6  # As sparse-bench counts regret.


def load(paths):
    return [r for path in paths for r in json.loads(Path(path).read_text())["results"] if r["status"] == "ok"]


def fit(terms, seconds):
    """The factors that bring `terms @ factors` nearest to `seconds`."""
    relative = terms / seconds[:, None]
    weights = numpy.ones(len(seconds))
    for _ in range(60):
        factors, _ = nnls(relative * weights[:, None], weights)
        weights = 1 / numpy.sqrt(numpy.maximum(numpy.abs(relative @ factors - 1), 0.03))
    return factors


def report_fit(title, results):
    names = [name for name in results[0]["costTerms"] if any(r["costTerms"][name] for r in results)]
    terms = numpy.array([[r["costTerms"][name] for name in names] for r in results])
    seconds = numpy.array([r["minimumSeconds"] for r in results])
    if len(seconds) < len(names):
        return print(f"{title}: {len(seconds)} cases for {len(names)} terms, expected more")
    factors = fit(terms, seconds)
    now = numpy.log([r["predictedSeconds"] for r in results]) - numpy.log(seconds)
    then = numpy.log(terms @ factors) - numpy.log(seconds)
    print(f"{title}: {len(seconds)} cases, error {now.mean():+.3f} +- {now.std():.3f} now, +- {then.std():.3f} with")
    for name, factor in zip(names, factors):
        print(f"    {name}: {factor:.3g}")


def report_regret(results):
    """What the models' choices lose, whether or not `auto` was measured beside them."""
    cases = defaultdict(list)
    for r in results:
        if r["chosenKernel"] is None:
            cases[r["pass"], r["threads"], r["problem"], r["sparsity"]].append(r)
    regrets = defaultdict(list)
    for (direction, threads, _, sparsity), rivals in cases.items():
        modelled = [r for r in rivals if r["predictedSeconds"] is not None]
        fastest = min(r["medianSeconds"] for r in rivals)
        if modelled and fastest >= LEAST_REGRET_SECONDS:
            choice = min(modelled, key=lambda r: r["predictedSeconds"])
            regret = choice["medianSeconds"] / fastest - 1
            regrets[direction, threads].append((regret, choice["name"], sparsity, choice["kernel"]))
    for (direction, threads), found in regrets.items():
        found.sort(reverse=True)
        mean = sum(f[0] for f in found) / len(found)
        print(f"{direction}, {threads} threads: regret {100 * mean:.1f} % on average over {len(found)} cases; the worst:")
        for regret, name, sparsity, kernel in found[:5]:
            print(f"    {100 * regret:.1f} % on {name} at {sparsity:g}: {kernel}")


def main():
    results = load(sys.argv[1:])
    groups = defaultdict(list)
    for r in results:
        if r["threads"] == 1 and r["costTerms"] and r["minimumSeconds"] >= SHORTEST:
            groups[r["kernel"], r["pass"]].append(r)
    for (kernel, direction), found in sorted(groups.items()):
        report_fit(f"{kernel}, {direction}", found)
    # The input gradient of `direct` is made of the same steps as forward.
    shared = groups["direct", "forward"] + groups["direct", "input-gradient"]
    if groups["direct", "input-gradient"]:
        report_fit("direct, forward and input-gradient", shared)
    report_regret(results)


if __name__ == "__main__":
    main()
