"""Last: the network as the file that onnxruntime runs, weights in eight bits.

I decide the names of its inputs and outputs. run.py calls me. I never change what was learned.
"""

import tempfile
from pathlib import Path

import torch
from network import Network
from onnxruntime.quantization import QuantType, quantize_dynamic


def export(network: Network, hidden: int, out: Path) -> None:
    """Write the model."""
    network.eval()
    batch = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            network,
            (torch.randn(2, 16, hidden), torch.ones(2, 16)),
            str(plain),
            input_names=["rows", "mask"],
            output_names=["sentence", "words", "telling"],
            dynamic_axes={
                "rows": batch,
                "mask": batch,
                "sentence": {0: "batch"},
                "words": batch,
                "telling": batch,
            },
            dynamo=False,
            opset_version=17,
        )
        quantize_dynamic(plain, out, weight_type=QuantType.QInt8, per_channel=True)
