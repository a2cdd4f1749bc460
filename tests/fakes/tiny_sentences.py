"""A sentence model of a few kilobytes: a text's vector is the sum of its words' vectors.

The files have a real model's inputs, output and pooling and run through the real tokenizer and
onnxruntime; only the weights are missing. Words declared alike share a vector.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

DIMENSIONS = 64
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def make_tiny_sentences(
    folder: Path,
    texts: Iterable[str],
    alike: Mapping[str, str] | None = None,
    *,
    first: bool = False,
    outputs: int = 3,
) -> Path:
    """Write a model that knows the words of `texts` into the folder, as `models fetch` does.

    `first`: its pooling takes the first token. `outputs`: dimensions of the network's output.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(texts, alike or {})
    tokenizer.save(str(folder / "tokenizer.json"))
    model = helper.make_model(
        _graph(_table(tokenizer, alike or {}), outputs),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=9, producer_name="tests",
    )  # fmt: skip
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    pooling = {"pooling_mode_cls_token": first, "pooling_mode_mean_tokens": not first}
    (folder / "config.json").write_text(json.dumps(pooling))
    return folder


def _tokenizer(texts: Iterable[str], alike: Mapping[str, str]) -> Tokenizer:
    plain = normalizers.Sequence(
        [normalizers.BertNormalizer(), normalizers.Replace(Regex(r"[^a-z0-9 ]"), " ")]
    )
    words = {word for text in texts for word in plain.normalize_str(text).split()}
    known = [*_SPECIAL, *sorted(words | {*alike} | {*alike.values()})]
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(known)}, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = plain, pre_tokenizers.WhitespaceSplit()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.enable_truncation(4)  # like some shipped models: the loader has to set its own
    made.enable_padding(length=4)
    return made


def _table(tokenizer: Tokenizer, alike: Mapping[str, str]) -> np.ndarray:
    table = np.random.default_rng(7).standard_normal((tokenizer.get_vocab_size(), DIMENSIONS))
    table[: len(_SPECIAL)] = 0.0
    for word, other in alike.items():
        table[tokenizer.token_to_id(word)] = table[tokenizer.token_to_id(other)]
    return table.astype(np.float32)


def _graph(table: np.ndarray, outputs: int) -> onnx.GraphProto:
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    shape: list[str | int] = ["texts", "tokens", DIMENSIONS]
    if outputs == 3:
        nodes.append(helper.make_node("Identity", ["rows"], ["last_hidden_state"]))
    else:
        nodes.append(
            helper.make_node("ReduceMean", ["rows"], ["last_hidden_state"], axes=[1], keepdims=0)
        )
        del shape[1]
    puts = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    told = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, shape)
    return helper.make_graph(nodes, "tiny", puts, [told], [numpy_helper.from_array(table, "table")])
