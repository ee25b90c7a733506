"""Write small ONNX files: int8 weights, and the operators that opset 17 does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


_BLOCK = 64  # weights of a row that the runtime multiplies by activations of one scale


def linear8(before: str, after: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> Linear8:
    """A linear layer whose int8 weights stay int8 when it runs: a quarter of the memory that one input has to read.

    ONNX Runtime's ``MatMulNBits`` turns the activations to int8 too, each block of `_BLOCK` by its own scale.

    Parameters
    ----------
    before, after : str
        Names of input, shape (n, width), and output, shape (n, rows).
    weight : ndarray of float32, shape (rows, width)
    bias : ndarray of float32, shape (rows,)

    Returns
    -------
    Linear8
    """
    rows, width = weight.shape
    small, scale = quantised(weight)
    blocks = -(-width // _BLOCK)
    padded = np.zeros((rows, blocks * _BLOCK), dtype=np.int16)
    padded[:, :width] = small
    node = helper.make_node(
        "MatMulNBits",
        [before, f"{after}_w", f"{after}_scale", "", "", f"{after}_b"],
        [after],
        domain="com.microsoft",
        K=width,
        N=rows,
        bits=8,
        block_size=_BLOCK,
        accuracy_level=4,  # int8 activations
    )
    return Linear8(
        node,
        {
            f"{after}_w": (padded + 128).astype(np.uint8).reshape(rows, blocks, _BLOCK),
            f"{after}_scale": np.repeat(scale, blocks),
            f"{after}_b": bias,
        },
    )


@dataclass(frozen=True)
class Linear8:
    """A node and its constants."""

    node: onnx.NodeProto
    constants: Mapping[str, NDArray[Any]]


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
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        producer_name="bencao",
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    partial = path.with_name(path.name + ".partial")
    onnx.save(model, str(partial))
    partial.replace(path)
