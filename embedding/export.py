"""Writing the network as ONNX for OpenCV, its large weights as bytes with one scale for each output channel."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

USED_SIDE = 224
"""Pixels of the square that the exported model takes."""

_OPSET = 13
_FEWEST_WEIGHTS = 2_000


def export(network: nn.Module, path: Path, side: int = USED_SIDE) -> None:
    """Write the model; it takes (1, 3, side, side) and gives (1, dimension).

    Weights are stored as signed bytes (DequantizeLinear), a quarter of the size; the arithmetic stays in floats, so
    that any OpenCV since 4.10 runs it.
    """
    example = torch.zeros(1, 3, side, side)
    torch.onnx.export(
        network.eval(), (example,), str(path), dynamo=False, opset_version=_OPSET,
        input_names=["photo"], output_names=["vector"], do_constant_folding=True,
    )  # fmt: skip
    model = onnx.load(str(path))
    _store_as_bytes(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _store_as_bytes(graph: onnx.GraphProto) -> None:
    kept, restored = [], []
    for tensor in graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.ndim < 2 or weights.size < _FEWEST_WEIGHTS or weights.dtype != np.float32:
            kept.append(tensor)
            continue
        scale = np.maximum(np.abs(weights.reshape(len(weights), -1)).max(1), 1e-12) / 127
        bytes_ = np.round(weights / scale.reshape(-1, *[1] * (weights.ndim - 1))).astype(np.int8)
        names = [f"{tensor.name}.{part}" for part in ("bytes", "scale", "zero")]
        values = (bytes_, scale.astype(np.float32), np.zeros(len(scale), np.int8))
        kept += [numpy_helper.from_array(value, name) for value, name in zip(values, names, strict=True)]
        restored.append(helper.make_node("DequantizeLinear", names, [tensor.name], axis=0))
    nodes = [*restored, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
