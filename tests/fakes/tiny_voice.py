"""A Piper voice of a few hundred bytes: every phoneme is a short tone whose pitch is its id.

The file has a real voice's inputs and output and runs through the real Piper and onnxruntime; only
the weights are missing.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 22_050
SAMPLES_PER_PHONEME = 512
"""At length_scale 1.0. Piper puts a pad between phonemes, so a letter lasts about twice this."""


def make_tiny_voice(folder: Path, name: str = "tiny") -> Path:
    """Write `name`.onnx and `name`.onnx.json into the folder; returns the path of the first."""
    model = helper.make_model(
        _graph(), opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="tests"
    )
    onnx.checker.check_model(model)
    path = folder / f"{name}.onnx"
    path.write_bytes(model.SerializeToString())
    Path(f"{path}.json").write_text(json.dumps(_config()), encoding="utf-8")
    return path


def _config() -> dict[str, object]:
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    return {
        "audio": {"sample_rate": RATE_HZ, "quality": "x_low"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "piper_version": "1.0.0",
    }


def _graph() -> onnx.GraphProto:
    """audio[t] = 0.5 sin(2 pi sum(hz[0..t]) / rate), hz[t] = 200 + 10 * id of t's phoneme."""
    constants = {
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "minus_one": np.array([-1], np.int64),
        "zero": np.array(0, np.int64),
        "samples": np.array([SAMPLES_PER_PHONEME], np.float32),
        "hz_per_id": np.array(10.0, np.float32),
        "lowest_hz": np.array(200.0, np.float32),
        "radians": np.array(2 * np.pi / RATE_HZ, np.float32),
        "half": np.array(0.5, np.float32),
        "column": np.array([0, -1, 1], np.int64),
        "flat": np.array([1, 1, 1, -1], np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Slice", ["scales", "one", "two"], ["length_scale"]),
        node("Mul", ["length_scale", "samples"], ["long_f"]),
        node("Cast", ["long_f"], ["long"], to=TensorProto.INT64),
        node("Size", ["input"], ["count"]),
        node("Reshape", ["count", "one"], ["phonemes"]),
        node("Concat", ["one", "phonemes", "long"], ["grid"], axis=0),
        node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        node("Reshape", ["ids", "column"], ["ids_column"]),
        node("Expand", ["ids_column", "grid"], ["ids_grid"]),
        node("Reshape", ["ids_grid", "minus_one"], ["ids_line"]),
        node("Mul", ["ids_line", "hz_per_id"], ["above"]),
        node("Add", ["above", "lowest_hz"], ["hz"]),
        node("Mul", ["hz", "radians"], ["steps"]),
        node("CumSum", ["steps", "zero"], ["phase"]),
        node("Sin", ["phase"], ["wave"]),
        node("Mul", ["wave", "half"], ["quiet"]),
        node("Reshape", ["quiet", "flat"], ["output"]),
    ]
    return helper.make_graph(
        nodes,
        "tiny_voice",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 1, 1, "time"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
