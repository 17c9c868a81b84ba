#!/usr/bin/env python3
"""Checks that NumPy, SciPy and safetensors read what this package writes, and this package what they write; that optimizers and
losses do as ONNX's, and pruning as NumPy (training.py).

usage: interop.py CONVERTER [--cases N] [--seed N]

Makes N matrices and tensors (default 200), has them written by the other libraries, read and written again by CONVERTER (the target
InteropConverter), and reads the result; the tests that the onnx package carries are cases of their own after those. Needs numpy,
scipy, safetensors and onnx; ./run installs them into an environment of its own.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.io
import scipy.sparse
from safetensors.numpy import load_file, save_file
from safetensors import safe_open

import training


def floats(rng, shape):
    """Float32 values of every magnitude, whole numbers and exact zeros among them."""
    values = rng.standard_normal(shape) * 10.0 ** rng.integers(-30, 30, shape)
    kind = rng.integers(0, 4, shape)
    return np.where(kind == 0, rng.integers(-9, 9, shape), np.where(kind == 1, 0, values)).astype(np.float32)


def sparse(rng):
    rows, columns = (int(n) for n in rng.integers(1, 60, 2))
    matrix = scipy.sparse.random_array((rows, columns), density=float(rng.choice([0, 0.02, 0.3, 1])), rng=rng)
    matrix.data = floats(rng, matrix.data.shape)
    return matrix.tocoo()


def dense(rng, rank):
    return floats(rng, tuple(int(n) for n in rng.integers(0 if rank != 2 else 1, 9, rank)))


def same(got, want):
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, f"shape {got.shape}, expected {want.shape}"
    assert got.dtype == want.dtype, f"dtype {got.dtype}, expected {want.dtype}"
    np.testing.assert_array_equal(got, want)


def mtx_dense(path):
    matrix = scipy.io.mmread(path)
    return np.asarray(matrix.todense() if scipy.sparse.issparse(matrix) else matrix).astype(np.float32)


class Coordinate:
    """mmwrite -> ours -> mmread, with entries shuffled and some in two parts, and each of SciPy's fields and symmetries."""

    operation, endings = "mtx", (".mtx", ".mtx")

    def make(self, rng, path):
        matrix = sparse(rng)
        flavour = rng.integers(0, 5)
        if flavour == 0:
            matrix.data = rng.integers(-99, 99, matrix.data.shape)
        if flavour == 1:
            matrix = scipy.sparse.coo_array(matrix.T @ matrix)
            matrix.data = rng.integers(1, 9, matrix.data.shape).astype(np.float32)
            matrix = scipy.sparse.coo_array(matrix + matrix.T)
            scipy.io.mmwrite(path, matrix, symmetry="symmetric", precision=9)
        elif flavour == 2:
            scipy.io.mmwrite(path, matrix, field="pattern", symmetry="general")
            matrix.data = np.ones(matrix.data.shape, np.float32)
        elif flavour == 3:
            order = rng.permutation(matrix.nnz)
            halves = scipy.sparse.coo_array(
                (np.repeat(matrix.data[order] / 2, 2), (np.repeat(matrix.row[order], 2), np.repeat(matrix.col[order], 2))),
                shape=matrix.shape)
            scipy.io.mmwrite(path, halves, precision=9, symmetry="general")
        else:
            scipy.io.mmwrite(path, matrix, precision=9, symmetry="general", comment="made by SciPy\n\nof random numbers")
        return np.asarray(matrix.todense()).astype(np.float32)

    def check(self, path, want):
        same(mtx_dense(path), want)


class Pattern(Coordinate):
    operation = "mtx-pattern"

    def make(self, rng, path):
        matrix = sparse(rng)
        scipy.io.mmwrite(path, matrix, field="pattern", symmetry="general")
        return (np.asarray(scipy.sparse.coo_array((np.ones(matrix.nnz), matrix.coords), matrix.shape).todense())).astype(np.float32)


class CoordinateToNPY(Coordinate):
    operation, endings = "mtx-to-npy", (".mtx", ".npy")

    def check(self, path, want):
        same(np.load(path), want)


class ArrayToNPY(CoordinateToNPY):
    def make(self, rng, path):
        matrix = dense(rng, 2)
        flavour = rng.integers(0, 3)
        if flavour == 0:
            matrix = rng.integers(-9, 9, matrix.shape)
        if flavour == 1:
            column = np.clip(matrix[:, :1], -1e15, 1e15)
            matrix = column @ column.T
        scipy.io.mmwrite(path, matrix, precision=9, symmetry="symmetric" if flavour == 1 else "general")
        return matrix.astype(np.float32)


class NPYToArray(Coordinate):
    operation, endings = "npy-to-mtx", (".npy", ".mtx")

    def make(self, rng, path):
        want = dense(rng, 2)
        np.save(path, want)
        return want


class NPY:
    operation, endings = "npy", (".npy", ".npy")

    def make(self, rng, path):
        array = dense(rng, int(rng.integers(0, 6)))
        dtype = rng.choice(["<f4", ">f4", "<f2", ">f8", "<f8", "<i4", ">i2", "|i1", "|u1", "|b1"])
        with np.errstate(over="ignore", invalid="ignore"):
            array = np.clip(array, *((-6e4, 6e4) if "f" in dtype else (0, 100))).astype(dtype)
        if rng.integers(0, 2):
            array = np.asfortranarray(array)
        with open(path, "wb") as file:
            np.lib.format.write_array(file, array, version=[(1, 0), (2, 0), (3, 0)][rng.integers(0, 3)])
        return array.astype(np.float32)

    def check(self, path, want):
        same(np.load(path), want)
        # What we write is what NumPy would have written, byte for byte.
        again = path.with_suffix(".again.npy")
        np.save(again, np.ascontiguousarray(want).reshape(want.shape))
        assert again.read_bytes() == path.read_bytes(), "the bytes are not those of numpy.save"


class Safetensors:
    operation, endings = "safetensors", (".safetensors", ".safetensors")

    def make(self, rng, path):
        tensors = {f"layer {i}.weight \"é\"": dense(rng, int(rng.integers(0, 5))) for i in range(int(rng.integers(0, 5)))}
        half = {name: rng.integers(0, 2) for name in tensors}
        tensors = {
            name: np.asarray(np.clip(t, -6e4, 6e4).astype(np.float16)) if half[name] else t for name, t in tensors.items()}
        save_file(tensors, path, metadata={"made by": "safetensors"})
        return {name: t.astype(np.float32) for name, t in tensors.items()}

    def check(self, path, want):
        got = load_file(path)
        assert got.keys() == want.keys()
        for name in want:
            same(got[name], want[name])
        with safe_open(path, "np") as file:
            assert file.metadata() == {"made by": "safetensors"}


class CSRWritten(Coordinate):
    """The CSR convention of docs/file-formats.md, read from its description."""

    operation, endings = "mtx-to-safetensors", (".mtx", ".safetensors")

    def check(self, path, want):
        t = load_file(path)
        with safe_open(path, "np") as file:
            shape = tuple(int(n) for n in file.metadata()["matrix.shape"].split(","))
        arrays = t["matrix.values"], t["matrix.column_indices"], t["matrix.row_offsets"]
        assert [a.dtype for a in arrays] == [np.float32, np.int32, np.int32]
        same(np.asarray(scipy.sparse.csr_array(arrays, shape=shape).todense()), want)


class CSRRead(Coordinate):
    operation, endings = "safetensors-to-mtx", (".safetensors", ".mtx")

    def make(self, rng, path):
        matrix = sparse(rng).tocsr()
        matrix.sort_indices()
        save_file(
            {"matrix.row_offsets": matrix.indptr.astype(np.int32), "matrix.column_indices": matrix.indices.astype(np.int32),
             "matrix.values": matrix.data.astype(np.float32)},
            path, metadata={"matrix.shape": ",".join(map(str, matrix.shape))})
        return np.asarray(matrix.todense()).astype(np.float32)


class SMTX:
    """The Deep Learning Matrix Collection's format, by the description in its repository."""

    operation, endings = "smtx", (".smtx", ".smtx")

    def make(self, rng, path):
        matrix = sparse(rng).tocsr()
        matrix.sort_indices()
        lines = [f"{matrix.shape[0]}, {matrix.shape[1]}, {matrix.nnz}"]
        lines += [" ".join(map(str, a)) for a in (matrix.indptr, matrix.indices)]
        path.write_text("\n".join(lines) + "\n")
        return matrix.shape, matrix.indptr.tolist(), matrix.indices.tolist()

    def check(self, path, want):
        lines = path.read_text().split("\n")
        rows, columns, nnz = (int(n) for n in lines[0].split(","))
        offsets, indices = ([int(n) for n in line.split()] for line in lines[1:3])
        assert ((rows, columns), offsets, indices) == want and nnz == len(indices)


KINDS = [
    Coordinate, Coordinate, CoordinateToNPY, ArrayToNPY, NPYToArray, Pattern, NPY, NPY, Safetensors, Safetensors, CSRWritten, CSRRead,
    SMTX, *training.KINDS,
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("converter")
    arguments.add_argument("--cases", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        kinds = [KINDS[index % len(KINDS)]() for index in range(options.cases)] + training.node_tests()
        for index, kind in enumerate(kinds):
            source, result = (pathlib.Path(folder) / f"{index}-{side}{end}" for side, end in zip(("in", "out"), kind.endings))
            cases.append((index, kind, source, result, kind.make(np.random.default_rng([options.seed, index]), source)))
        lines = "".join(f"{kind.operation}\t{source}\t{result}\n" for _, kind, source, result, _ in cases)
        run = subprocess.run([options.converter], input=lines, text=True, stderr=subprocess.PIPE)
        if run.returncode != 0:
            sys.exit(f"the converter failed: {run.stderr.strip()}")
        for index, kind, _, result, want in cases:
            try:
                kind.check(result, want)
            except Exception as error:
                failed += 1
                print(f"case {index}, {type(kind).__name__}, seed {options.seed}: {error}", file=sys.stderr)
    losses = sum(isinstance(kind, training.LossTest) for _, kind, *_ in cases)
    print(f"interop: {len(cases) - failed} files passed, {failed} failed; {losses} are the ONNX standard's cases of losses")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
