"""Writes a graph as an ONNX file, in the few messages of its format that are needed.

The wire format is that of Protocol Buffers, the numbers of the fields those of ``onnx.proto`` (ONNX 1.17, IR 10). The
library that writes such files elsewhere would be one more thing to install, for one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MICROSOFT = "com.microsoft"
"""The domain of onnxruntime's own operators: fused attention and quantised products."""
_IR = 10
_OPSET = 18
_KINDS = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE = 1, 2


class Graph:
    """A graph that grows by its operators; `encoded` is the file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[bytes] = []
        self._made = 0

    def constant(self, values: NDArray[Any], name: str) -> str:
        """Add a constant tensor and return its name."""
        self._parts.append(_message(5, _tensor(np.ascontiguousarray(values), name)))
        return name

    def operator(
        self, kind: str, inputs: Sequence[str], outputs: int | str = 1, domain: str = "", **settings: float
    ) -> list[str]:
        """Add an operator and return the names of its outputs."""
        self._made += 1
        names = [outputs] if isinstance(outputs, str) else [f"{kind}{self._made}.{i}" for i in range(outputs)]
        node = [*(_text(1, name) for name in inputs), *(_text(2, name) for name in names), _text(4, kind)]
        node += [_message(5, _attribute(name, value)) for name, value in sorted(settings.items())]
        self._parts.append(_message(1, b"".join([*node, _text(7, domain)])))
        return names

    def encoded(self, inputs: Iterable[bytes], outputs: Iterable[bytes]) -> bytes:
        """Return the file, for `inputs` and `outputs` as `port` describes them."""
        parts = [*self._parts, _text(2, self._name)]
        parts += [_message(11, each) for each in inputs] + [_message(12, each) for each in outputs]
        versions = [_message(8, _text(1, domain) + _number(2, v)) for domain, v in (("", _OPSET), (MICROSOFT, 1))]
        return b"".join([_number(1, _IR), *versions, _message(7, b"".join(parts))])


def port(name: str, kind: str, shape: Sequence[int | str]) -> bytes:
    """Describe an input or output; a dimension with a name may have any length."""
    sizes = (_number(1, d) if isinstance(d, int) else _text(2, d) for d in shape)
    dimensions = b"".join(_message(1, size) for size in sizes)
    return _text(1, name) + _message(2, _message(1, _number(1, _KINDS[kind]) + _message(2, dimensions)))


def _tensor(values: NDArray[Any], name: str) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return sizes + _number(2, _KINDS[values.dtype.name]) + _text(8, name) + _message(9, little.tobytes())


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INT_ATTRIBUTE)
    return _text(1, name) + _key(2, 5) + np.float32(value).tobytes() + _number(20, _FLOAT_ATTRIBUTE)


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())


def _message(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(value: int) -> bytes:
    value &= 2**64 - 1  # a negative number is its two's complement
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
