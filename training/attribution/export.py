"""Write a trained tagger as the package loads it: an int8 ONNX encoder, heads in half precision, and the vocabulary.

    python training/attribution/export.py TRAINED --encoder FOLDER --out FOLDER [--float]

TRAINED holds ``tagger.pt``. With ``--float`` the encoder stays in 32 bit, to measure what int8 costs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from model import Encoder, Tagger
from prepare import ACT_LIST


class OneWindow(nn.Module):
    """The encoder for one window at a time, without padding."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces: Tensor) -> Tensor:
        found: Tensor = self.encoder(pieces, torch.zeros(1))
        return found


def load(folder: Path) -> Tagger:
    stored = torch.load(folder / "tagger.pt", weights_only=False)
    model = Tagger(stored["sizes"])
    model.load_state_dict(stored["state"])
    return model.eval()


def write_encoder(model: Tagger, out: Path, *, quantized: bool) -> None:
    window = torch.randint(1000, 2000, (1, 100))
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            OneWindow(model.encoder).eval(),
            (window,),
            str(plain if quantized else out),
            input_names=["pieces"],
            output_names=["vectors"],
            dynamic_axes={"pieces": {1: "length"}, "vectors": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        if quantized:
            quantize_dynamic(
                plain, out, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
            )


def write_heads(model: Tagger, out: Path) -> None:
    heads = {k: v.numpy().astype(np.float16) for k, v in model.state_dict().items() if not k.startswith("encoder.")}
    np.savez(out, **heads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trained", type=Path)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    model = load(options.trained)
    write_encoder(model, options.out / "encoder.onnx", quantized=not options.float)
    write_heads(model, options.out / "heads.npz")
    shutil.copyfile(options.encoder / "vocab.txt", options.out / "vocabulary.txt")
    about = {
        "acts": ACT_LIST,
        "thresholds": {"seen": 0.8, "both": 0.2, "quoted": 0.05},  # calibrate.py sets both anew
        "calibration": [0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0],
    }
    (options.out / "model.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
