"""onnxruntime as Allegedly runs it: on the processor, on few threads, and silent.

Since version 1.29 its builds for Linux, macOS and Windows send reports on models and runs to their makers
unless ``ORT_DISABLE_TELEMETRY`` is set before the library is loaded (its Privacy.md). Nothing leaves the user's machine
here, so no other module imports it.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()  # the older Windows builds heed this alone


def session(
    graph: Path | bytes, *, threads: int = 1, arena: bool = True, without: tuple[str, ...] = ()
) -> onnxruntime.InferenceSession:
    """Open a network for running.

    Args:
        graph: the ONNX file, or its bytes.
        threads: on which one product is worked out.
        arena: whether to keep freed memory for the next run.
        without: optimisations of onnxruntime to leave out, by name.

    Raises:
        ValueError: it is no network that onnxruntime can run; says why in one line.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = arena
    options.log_severity_level = 3
    source = graph if isinstance(graph, bytes) else str(graph)
    try:
        return onnxruntime.InferenceSession(
            source, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(without)
        )
    except Exception as error:  # onnxruntime has its own, without a common base
        raise ValueError(str(error).splitlines()[0]) from None
