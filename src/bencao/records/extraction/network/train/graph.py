"""Writes trained networks as one ONNX graph that gives the mean of their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bencao.records.extraction.network.pieces import FEATURES

Weights = Mapping[str, NDArray[np.float32]]
_TABLES = ("character", "pair", "pair", "shape")


def graph_of(networks: Sequence[Weights]) -> bytes:
    """An ONNX model of several networks: embeddings, a bidirectional LSTM, a linear layer; their scores' mean.

    Parameters
    ----------
    networks : sequence of mapping of str to ndarray
        Weights by their names in `network.new_network`.

    Returns
    -------
    bytes
        Inputs: the `FEATURES`, int64, shape (pieces, length), and ``lengths``, int32, shape (pieces,). Output:
        ``scores``, float32, shape (pieces, length, tags). Embeddings are held in half precision.
    """
    nodes: list[Any] = []
    constants: list[Any] = []
    scores = [_network(place, weights, nodes, constants) for place, weights in enumerate(networks)]
    nodes.append(helper.make_node("Mean", scores, ["scores"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces", "length"]) for name in FEATURES]
    inputs.append(helper.make_tensor_value_info("lengths", TensorProto.INT32, ["pieces"]))
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["pieces", "length", "tags"])
    graph = helper.make_graph(nodes, "entities", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _network(place: int, weights: Weights, nodes: list[Any], constants: list[Any]) -> str:
    def name(text: str) -> str:
        return f"n{place}_{text}"

    def constant(text: str, value: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name(text)))
        return name(text)

    def node(kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [name(output)], **attributes))
        return name(output)

    tables = {table: constant(f"table_{table}", weights[table].astype(np.float16)) for table in dict.fromkeys(_TABLES)}
    parts = [
        node("Cast", [node("Gather", [tables[table], feature], f"{feature}_half")], feature, to=TensorProto.FLOAT)
        for table, feature in zip(_TABLES, FEATURES, strict=True)
    ]
    read = node("Transpose", [node("Concat", parts, "read", axis=2)], "read_turned", perm=[1, 0, 2])
    hidden = weights["recurrent_forward"].shape[1]
    cells = node(
        "LSTM",
        [
            read,
            constant("input_weights", _both(weights, "input", _onnx_gates)),
            constant("recurrent_weights", _both(weights, "recurrent", _onnx_gates)),
            constant("bias", _both(weights, "bias", _onnx_gates_of_bias)),
            "lengths",
        ],
        "cells",
        hidden_size=hidden,
        direction="bidirectional",
    )
    flat = node("Transpose", [cells], "cells_turned", perm=[2, 0, 1, 3])
    shape = constant("shape_out", np.array([0, 0, 2 * hidden], dtype=np.int64))
    joined = node("Reshape", [flat, shape], "joined")
    product = node("MatMul", [joined, constant("out", weights["out"].T)], "product")
    return node("Add", [product, constant("out_bias", weights["out_bias"])], "scores")


def _both(weights: Weights, part: str, turned: Any) -> NDArray[np.float32]:
    return np.stack([turned(weights, part, direction) for direction in ("forward", "backward")])


def _onnx_gates(weights: Weights, part: str, direction: str) -> NDArray[np.float32]:
    """PyTorch orders gates input, forget, cell, output; ONNX input, output, forget, cell."""
    first, forget, cell, output = np.split(weights[f"{part}_{direction}"], 4)
    return np.concatenate([first, output, forget, cell])


def _onnx_gates_of_bias(weights: Weights, part: str, direction: str) -> NDArray[np.float32]:
    gates = _onnx_gates(weights, part, direction)
    return np.concatenate([gates, np.zeros_like(gates)])
