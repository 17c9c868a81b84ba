"""Cases of interop.py about training: optimizers and losses against ONNX's, pruning against NumPy.

Each has an operation of InteropConverter, a `make` that writes its input and returns what must come out, and a `check`. Nothing here
is taken from our code: the optimizers are the operators of ai.onnx.preview.training, and the losses those of ai.onnx, as node test data
that the onnx package carries (1.19 to 1.22); the optimizers also as its reference evaluator computes them; pruning is written from the papers with sorting and dense masks.
"""
import json
import pathlib

import numpy as np
import onnx
import onnx.backend.test
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

DOMAIN = "ai.onnx.preview.training"
NODE_TESTS = [
    "test_adagrad", "test_adagrad_multiple", "test_adam", "test_adam_multiple", "test_momentum", "test_momentum_multiple",
    "test_nesterov_momentum",
]
# How our optimizers call what ONNX's operators keep.
SLOTS = {"Adam": ["exp_avg", "exp_avg_sq"], "Momentum": ["momentum_buffer"], "Adagrad": ["sum"]}


def our_optimizer(operator, a, t):
    """Name, hyper-parameters and steps before this one, for an operator with attributes `a` at its step `t`."""
    common = {"weightDecay": a["norm_coefficient"], "decayFilter": {"excluded": []}}
    if operator == "Momentum":
        return "SGD", {"momentum": a["alpha"], "dampening": 1 - a["beta"], "nesterov": a["mode"] == "nesterov", **common}, t
    if operator == "Adagrad":
        return "Adagrad", {"learningRateDecay": a["decay_factor"], "epsilon": a["epsilon"], **common}, t
    correction = "rateOnly" if t > 0 else "none"
    betas = {"beta1": a["alpha"], "beta2": a["beta"], "epsilon": a["epsilon"]}
    # ONNX takes T as the exponent, ours is one more than the steps before.
    return "Adam", {**betas, "biasCorrection": correction, **common}, max(t - 1, 0)


class Update:
    operation, endings = "update", (".safetensors", ".safetensors")

    def write(self, node, inputs, outputs, path):
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in attributes.items()}
        # Attributes are float32: 0.95 is meant where 0.949999988 is stored.
        attributes = {k: float(f"{v:.7g}") if isinstance(v, float) else v for k, v in attributes.items()}
        assert attributes.pop("norm_coefficient_post", 0) == 0, "decay after the step has no counterpart here"
        slots = SLOTS[node.op_type]
        groups = 2 + len(slots)
        count = (len(inputs) - 2) // groups
        tensors, want = {}, {}
        for p in range(count):
            for kind, name in enumerate(["values", "gradient", *slots]):
                tensors[f"p{p}.{name}"] = np.ascontiguousarray(inputs[2 + kind * count + p])
            for kind, name in enumerate(["values", *slots]):
                want[f"p{p}.{name}"] = outputs[kind * count + p]
        optimizer, parameters, steps = our_optimizer(node.op_type, attributes, int(inputs[1]))
        save_file(tensors, path, metadata={
            "optimizer": optimizer, "parameters": json.dumps(parameters), "steps": str(steps), "rate": repr(float(inputs[0]))})
        return want

    def check(self, path, want):
        got = load_file(path)
        assert got.keys() == want.keys(), f"{sorted(got)}, expected {sorted(want)}"
        for name in want:
            # Everything is of the order of 1 here, and a step is a dozen roundings of 2^-24 at most.
            np.testing.assert_allclose(got[name], want[name].astype(np.float32).reshape(got[name].shape), rtol=1e-6, atol=1e-6, err_msg=name)


class NodeTest:
    """One of the ONNX standard's own tests."""

    FOLDER = pathlib.Path(onnx.backend.test.__file__).parent / "data" / "node"

    def __init__(self, name):
        self.folder = self.FOLDER / name

    def make(self, rng, path):
        def arrays(kind):
            files = sorted(self.folder.glob(f"test_data_set_0/{kind}_*.pb"), key=lambda f: int(f.stem.split("_")[1]))
            return [numpy_helper.to_array(onnx.load_tensor(str(f))) for f in files]

        (node,) = onnx.load(self.folder / "model.onnx").graph.node
        inputs, outputs = arrays("input"), arrays("output")
        assert len(inputs) >= 2 and outputs, f"{self.folder} has no data"
        return self.write(node, inputs, outputs, path)


class UpdateTest(NodeTest, Update):
    pass


class LossTest(NodeTest):
    """SoftmaxCrossEntropyLoss and NegativeLogLikelihoodLoss, with the log-probabilities where the test wants them."""

    operation, endings = "loss", (".safetensors", ".safetensors")
    # Of 52 each is there once more as `_expanded`: the same data for the operator written out in simpler ones.
    NAMES = sorted(f.name for kind in ("sce", "nllloss") for f in NodeTest.FOLDER.glob(f"test_{kind}_*") if not f.name.endswith("_expanded"))

    def write(self, node, inputs, outputs, path):
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        metadata = {"operator": node.op_type, "reduction": attributes.pop("reduction", b"mean").decode()}
        if "ignore_index" in attributes:
            metadata["ignored"] = str(attributes.pop("ignore_index"))
        assert not attributes, f"{self.folder} has attributes {attributes}"
        scores, labels, *weights = inputs
        assert scores.dtype == np.float32 and labels.dtype == np.int64, f"{self.folder} has {scores.dtype} and {labels.dtype}"
        # Labels are small whole numbers, which float32 has.
        tensors = {"scores": scores, "labels": labels.astype(np.float32)}
        if weights:
            tensors["weights"] = weights[0]
        save_file({name: np.ascontiguousarray(t) for name, t in tensors.items()}, path, metadata=metadata)
        return dict(zip(["loss", "log_prob"], outputs))

    def check(self, path, want):
        got = load_file(path)
        for name in want:
            assert got[name].shape == want[name].shape, f"{name} has shape {got[name].shape}, expected {want[name].shape}"
            # ONNX's numbers are sums of up to some hundred terms in float32.
            np.testing.assert_allclose(got[name], want[name], rtol=2e-6, atol=1e-6, err_msg=f"{self.folder.name} {name}")


class ReferenceUpdate(Update):
    """The same operators by ONNX's reference evaluator, at later steps and with other attributes."""

    def make(self, rng, path):
        operator = ["Adam", "Momentum", "Adagrad"][rng.integers(0, 3)]
        attributes = {"norm_coefficient": float(rng.choice([0, 0.01]))}
        if operator == "Momentum":
            attributes |= {"alpha": 0.9, "beta": float(rng.choice([1, 0.7])), "mode": str(rng.choice(["standard", "nesterov"]))}
        elif operator == "Adagrad":
            attributes |= {"decay_factor": 0.05, "epsilon": 1e-6}
        else:
            attributes |= {"alpha": 0.9, "beta": 0.99, "epsilon": 1e-4}
        slots = len(SLOTS[operator])
        names = ["R", "T", "X", "G", *(f"S{i}" for i in range(slots))]
        outputs = ["XN", *(f"SN{i}" for i in range(slots))]
        node = helper.make_node(operator, names, outputs, domain=DOMAIN, **attributes)
        value = lambda name, kind, shape: helper.make_tensor_value_info(name, kind, shape)
        kinds = {"R": (onnx.TensorProto.FLOAT, []), "T": (onnx.TensorProto.INT64, [])}
        graph = helper.make_graph(
            [node], "update", [value(n, *kinds.get(n, (onnx.TensorProto.FLOAT, [None]))) for n in names],
            [value(n, onnx.TensorProto.FLOAT, [None]) for n in outputs])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid(DOMAIN, 1), helper.make_opsetid("", 17)])
        count = int(rng.integers(1, 40))
        inputs = [np.float32(0.05), np.int64(rng.integers(0, 50))]
        inputs += [rng.uniform(-1, 1, count).astype(np.float32) for _ in range(2 + slots)]
        if operator != "Momentum":
            inputs[-1] = np.abs(inputs[-1]) + np.float32(0.1)
        feeds = {n: np.asarray(i) for n, i in zip(names, inputs)}
        return self.write(node, inputs, ReferenceEvaluator(model).run(None, feeds), path)


def highest(scores, count):
    """A mask of the highest scores: of equal ones the last, NaN above all."""
    nan = np.isnan(scores)
    order = np.lexsort((np.arange(len(scores)), np.where(nan, 0, scores), nan))
    kept = np.zeros(len(scores), bool)
    kept[order[len(scores) - count:]] = True
    return kept


def scores_with_ties(rng, count):
    scores = np.where(rng.integers(0, 2, count) == 0, rng.integers(-3, 4, count), rng.standard_normal(count)).astype(np.float32)
    scores[rng.integers(0, 20, count) == 0] = np.nan
    scores[rng.integers(0, 20, count) == 0] = -0.0
    return scores


def rounded(number):
    return int(np.floor(number + 0.5))


def erdos_renyi(shapes, density, kernel):
    """The factor by which all shares, none above 1, give the whole: tried with 0, 1, 2, ... of the largest at 1."""
    counts = np.array([np.prod(s) for s in shapes], float)
    shares = np.array([sum(s if kernel else s[:2]) / np.prod(s if kernel else s[:2]) for s in shapes])
    order = np.argsort(-shares)
    for dense in range(len(shapes) + 1):
        rest = order[dense:]
        if len(rest) == 0:
            return np.ones(len(shapes))
        factor = (density * counts.sum() - counts[order[:dense]].sum()) / (shares[rest] * counts[rest]).sum()
        if factor * shares[rest[0]] <= 1:
            densities = np.ones(len(shapes))
            densities[rest] = factor * shares[rest]
            return densities


def zhu_gupta(initial, final, begin, end, interval, step):
    t = begin + (step - begin) // interval * interval if step < end else end
    return final + (initial - final) * (1 - (t - begin) / (end - begin)) ** 3


def sparse_layer(rng, shape, density):
    """Weights of OIHW shape as a dense array with NaN where nothing is stored."""
    weights = rng.standard_normal(shape).astype(np.float32)
    weights[rng.uniform(size=shape) >= density] = np.nan
    return weights


def csr(name, weights):
    matrix = weights.reshape(weights.shape[0], -1)
    stored = ~np.isnan(matrix)
    offsets = np.concatenate([[0], np.cumsum(stored.sum(1))]).astype(np.int32)
    return {f"{name}.row_offsets": offsets, f"{name}.column_indices": np.nonzero(stored)[1].astype(np.int32),
            f"{name}.values": matrix[stored]}


def check_layers(path, want):
    got = load_file(path)
    with safe_open(path, "np") as file:
        shapes = file.metadata()
    assert len(got) == 3 * len(want), f"{sorted(got)}"
    for name, weights in want.items():
        assert shapes[f"{name}.shape"] == ",".join(map(str, weights.shape))
        for part, array in csr(name, weights).items():
            assert got[part].dtype == array.dtype
            np.testing.assert_array_equal(got[part], array, err_msg=part)


class Prune:
    """Masks of every form, with each distribution and a cubic schedule, from given scores."""

    operation, endings = "prune", (".safetensors", ".safetensors")

    def make(self, rng, path):
        shapes = [(int(rng.integers(1, 17)), int(rng.integers(1, 9)), *[(1, 1), (3, 3), (5, 3)][rng.integers(0, 3)])
                  for _ in range(rng.integers(1, 6))]
        layers = {f"layer{i}": sparse_layer(rng, shape, rng.choice([0.5, 1])) for i, shape in enumerate(shapes)}
        parts, scores = {}, {}
        for name, weights in layers.items():
            parts |= csr(name, weights)
            scores[name] = scores_with_ties(rng, len(parts[f"{name}.values"]))
        schedule = {"initial": 0.05, "final": float(rng.choice([0.5, 0.9, 1])), "begin": 10, "end": 100, "interval": 7}
        step = int(rng.integers(10, 110))
        density = 1 - zhu_gupta(**schedule, step=step)
        distribution = str(rng.choice(["uniform", "erdosRenyi", "erdosRenyiKernel", "global"]))
        mask = ["unstructured", "unstructured", "outputChannels", "nOfM"][rng.integers(0, 4)]
        n, m = [(2, 4), (1, 2), (3, 8)][rng.integers(0, 3)]
        positions = [int(np.prod(s)) for s in shapes]
        together = np.concatenate(list(scores.values()))
        whole = highest(together, min(rounded(density * sum(positions)), len(together)))
        want, start = {}, 0
        if distribution == "uniform":
            counts = [rounded(density * p) for p in positions]
        elif distribution != "global":
            densities = erdos_renyi(shapes, density, distribution == "erdosRenyiKernel")
            counts = [rounded(d * p) for d, p in zip(densities, positions)]
        for i, (name, weights) in enumerate(layers.items()):
            stored, values = ~np.isnan(weights), scores[name]
            global_mask = whole[start:start + len(values)]
            start += len(values)
            count = int(global_mask.sum()) if distribution == "global" else counts[i]
            if mask == "nOfM":
                kept = self.n_of_m(weights.shape, stored, values, n, m)
            elif mask == "outputChannels":
                kept = self.channels(stored, values, count)
            else:
                kept = global_mask if distribution == "global" else highest(values, min(count, len(values)))
            new = np.full(weights.shape, np.nan, np.float32)
            positions_kept = np.flatnonzero(stored)[kept]
            new.flat[positions_kept] = weights.flat[positions_kept]
            want[name] = new
        # N:M along input channels is told by the spacing of their columns, which is one number for all layers.
        area = shapes[0][2] * shapes[0][3]
        form = {"nOfM": {"n": n, "m": m, "spacing": area}} if mask == "nOfM" else {mask: {}}
        if mask == "nOfM":
            want = {name: w for name, w in want.items() if layers[name].shape[2] * layers[name].shape[3] == area}
            parts = {k: v for k, v in parts.items() if k.split(".")[0] in want}
        method = {"score": {"magnitude": {}}, "mask": form, "distribution": distribution, "schedule": {"cubic": schedule}}
        save_file({**parts, **{f"{name}.scores": scores[name] for name in want}}, path, metadata={
            "method": json.dumps(method), "step": str(step),
            **{f"{name}.shape": ",".join(map(str, layers[name].shape)) for name in want}})
        return want

    @staticmethod
    def n_of_m(shape, stored, values, n, m):
        dense = np.full(shape, -1, int)
        dense[stored] = np.arange(len(values))
        kept = np.zeros(len(values), bool)
        for o in range(shape[0]):
            for y in range(shape[2]):
                for x in range(shape[3]):
                    for i in range(0, shape[1], m):
                        group = dense[o, i:i + m, y, x]
                        group = group[group >= 0]
                        kept[group[highest(values[group], min(n, len(group)))]] = True
        return kept

    @staticmethod
    def channels(stored, values, count):
        rows = np.nonzero(stored.reshape(stored.shape[0], -1))[0]
        sums = np.full(stored.shape[0], -np.inf)
        for row in np.unique(rows):
            sums[row] = sum(values[rows == row].astype(float))
        return highest(sums, min(rounded(count / (stored.size // stored.shape[0])), len(sums)))[rows]

    def check(self, path, want):
        check_layers(path, want)


class RigL:
    """Drop and growth by the paper: what is dropped is a candidate again, and then it was never dropped."""

    operation, endings = "rewire", (".safetensors", ".safetensors")

    def make(self, rng, path):
        shape = (int(rng.integers(1, 17)), int(rng.integers(1, 9)), 3, 3)
        weights = sparse_layer(rng, shape, rng.choice([0.1, 0.5, 1]))
        gradient = scores_with_ties(rng, weights.size)
        fraction, interval, end, step = 0.3, 10, 200, 10 * int(rng.integers(1, 20))
        stored = np.flatnonzero(~np.isnan(weights))
        dropped = int(fraction / 2 * (1 + np.cos(step * np.pi / end)) * len(stored))
        active = np.zeros(weights.size, bool)
        active[stored[highest(np.abs(weights.flat[stored]), len(stored) - dropped)]] = True
        free = np.flatnonzero(~active)
        active[free[highest(np.abs(gradient[free]), dropped)]] = True
        new = np.full(shape, np.nan, np.float32)
        new.flat[active] = np.where(np.isnan(weights.flat[active]), 0, weights.flat[active])
        method = {"growth": {"gradient": {}}, "initialFraction": fraction, "interval": interval, "end": end, "decays": True}
        save_file({**csr("layer", weights), "layer.gradient": gradient}, path, metadata={
            "method": json.dumps(method), "step": str(step), "layer.shape": ",".join(map(str, shape))})
        return {"layer": new}

    def check(self, path, want):
        check_layers(path, want)


KINDS = [ReferenceUpdate, Prune, Prune, RigL]


def node_tests():
    return [UpdateTest(name) for name in NODE_TESTS] + [LossTest(name) for name in LossTest.NAMES]
