"""A miniature Whisper on disk: real CTranslate2 files and tokenizer, 64 dimensions, one phrase.

Its weights are random except for one decoder layer that leads from each token of the phrase to the
next, so that the real loading, feature, decoding, alignment and confidence code has something
definite to find. It says its phrase for any audio.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH = 64
PHRASE = "hello there"
SPECIALS = (
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>",
    "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
)  # fmt: skip
TIMESTAMPS = tuple(f"<|{n * 0.02:.2f}|>" for n in range(1501))


def make(folder: Path, phrase: str = PHRASE) -> Path:
    """Write the model that says `phrase` to `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [" " + word for word in phrase.split()]
    vocabulary = _write_tokenizer(folder, words)
    chain = ["<|notimestamps|>", *(word.replace(" ", "Ġ") for word in words), "<|endoftext|>"]
    spec = _spec(vocabulary, [vocabulary.index(token) for token in chain])
    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [vocabulary.index("<|en|>")]
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    spec.save(str(folder))
    features = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(
        json.dumps(features | {"chunk_length": 30, "n_samples": 480000, "nb_max_frames": 3000})
    )
    return folder


def _write_tokenizer(folder: Path, words: Sequence[str]) -> list[str]:
    """A byte-level BPE tokenizer with `words` as whole tokens; returns its vocabulary in order."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges: list[tuple[str, str]] = []
    for word in words:
        built = ""
        for letter in word.replace(" ", "Ġ"):
            if built and built + letter not in tokens:
                merges.append((built, letter))
                tokens.append(built + letter)
            built += letter
    model = models.BPE(vocab={token: n for n, token in enumerate(tokens)}, merges=merges)
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    extra = [*SPECIALS, *TIMESTAMPS]
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in extra])
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokens + extra


def _spec(vocabulary: Sequence[str], chain: Sequence[int]) -> Any:
    from ctranslate2.specs import WhisperSpec

    random = np.random.default_rng(7)

    def noise(*shape: int, scale: float = 0.02) -> NDArray[np.float32]:
        return random.normal(0.0, scale, shape).astype(np.float32)

    def linear(to: Any, out: int, into: int) -> None:
        to.weight, to.bias = noise(out, into), np.zeros(out, np.float32)

    def norm(to: Any) -> None:
        to.gamma, to.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def attention(to: Any, fused: Sequence[int]) -> None:
        norm(to.layer_norm)
        for part, out in zip(to.linear, fused, strict=True):
            linear(part, out, WIDTH)

    spec = WhisperSpec(1, 1, 1, 1)
    for conv, into in ((spec.encoder.conv1, 80), (spec.encoder.conv2, WIDTH)):
        conv.weight, conv.bias = noise(WIDTH, into, 3), np.zeros(WIDTH, np.float32)
    spec.encoder.position_encodings.encodings = noise(1500, WIDTH)
    spec.decoder.position_encodings.encodings = noise(448, WIDTH, scale=0.001)
    norm(spec.encoder.layer_norm)
    norm(spec.decoder.layer_norm)
    embedding = noise(len(vocabulary), WIDTH, scale=0.5)
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    (encoder,), (decoder,) = spec.encoder.layer, spec.decoder.layer
    attention(encoder.self_attention, (3 * WIDTH, WIDTH))
    attention(decoder.self_attention, (3 * WIDTH, WIDTH))
    attention(decoder.attention, (WIDTH, 2 * WIDTH, WIDTH))
    for layer in (encoder, decoder):
        norm(layer.ffn.layer_norm)
        linear(layer.ffn.linear_0, WIDTH, WIDTH)
        linear(layer.ffn.linear_1, WIDTH, WIDTH)
    _lead(decoder.ffn, embedding, chain)
    return spec


def _lead(ffn: Any, embedding: NDArray[np.float32], chain: Sequence[int]) -> None:
    """Make the layer map each token of `chain` to the next: one hidden unit per step."""
    into, out = np.zeros((WIDTH, WIDTH), np.float32), np.zeros((WIDTH, WIDTH), np.float32)
    bias = np.zeros(WIDTH, np.float32)
    for unit, (this, following) in enumerate(zip(chain, chain[1:], strict=False)):
        here, there = embedding[this], embedding[following]
        into[unit] = 10.0 * here / (np.linalg.norm(here) * np.sqrt(WIDTH))
        bias[unit] = -6.0
        out[:, unit] = 3.0 * there - here / 4.0
    ffn.linear_0.weight, ffn.linear_0.bias = into, bias
    ffn.linear_1.weight = out
