"""Write small ONNX files: int8 weights, and the operators that opset 17 does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


def quantised(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric int8 with one scale a row."""
    scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / 127.0
    return np.round(weight / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def dequantised(name: str) -> list[onnx.NodeProto]:
    """Weights as float32, by operators that the runtime folds once at loading, as it does not for DequantizeLinear."""
    return [
        helper.make_node("Cast", [name], [f"{name}_cast"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [f"{name}_float"]),
    ]


def gelu(before: str, after: str) -> list[onnx.NodeProto]:
    """The exact Gelu, 0.5 x (1 + erf(x / sqrt 2)), in operators of opset 17."""
    node = helper.make_node
    half, one, root = f"{after}_half", f"{after}_one", f"{after}_root"
    return [
        node("Constant", [], [root], value_float=float(np.sqrt(0.5))),
        node("Constant", [], [half], value_float=0.5),
        node("Constant", [], [one], value_float=1.0),
        node("Mul", [before, root], [f"{after}_scaled"]),
        node("Erf", [f"{after}_scaled"], [f"{after}_erf"]),
        node("Add", [f"{after}_erf", one], [f"{after}_gate"]),
        node("Mul", [before, half], [f"{after}_part"]),
        node("Mul", [f"{after}_part", f"{after}_gate"], [after]),
    ]


def write_graph(
    path: Path,
    name: str,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[tuple[str, int, Sequence[Any]]],
    outputs: Sequence[tuple[str, Sequence[Any]]],
    constants: Mapping[str, NDArray[Any]],
) -> None:
    """Check a graph and write it, under a temporary name first.

    Parameters
    ----------
    path : Path
    name : str
    nodes : sequence of NodeProto
    inputs : sequence of (name, element type, shape)
    outputs : sequence of (name, shape)
        All float32.
    constants : mapping of str to ndarray
        Weights, by the name the nodes use.
    """
    graph = helper.make_graph(
        list(nodes),
        name,
        [helper.make_tensor_value_info(*entry) for entry in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape) for output, shape in outputs],
        [numpy_helper.from_array(value, constant) for constant, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="bencao")
    model.ir_version = 8
    onnx.checker.check_model(model)
    partial = path.with_name(path.name + ".partial")
    onnx.save(model, str(partial))
    partial.replace(path)
