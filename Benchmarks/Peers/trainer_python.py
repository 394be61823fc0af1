#!/usr/bin/env python3
"""What Python costs: epochs of `sqsnn train` beside the same through `sqsnn.Trainer`, in turns.

Of the command line, the seconds of each epoch that it writes; of Python, those around the call, with a callback at every batch.

    SQSNN_LIBRARY=… SQSNN_HEADER=… PYTHONPATH=python python Benchmarks/Peers/trainer_python.py --tool .build/release/sqsnn
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import sqsnn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--hidden", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    chosen = {"hidden": options.hidden, "epochs": options.epochs, "validation": 10_000}
    words = [word for name, value in chosen.items() for word in (f"--{name}", str(value))]
    text = sqsnn.configuration(**chosen)
    samples, _ = sqsnn.Samples.load(text)
    ratios, digests = [], set()
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            run = pathlib.Path(folder) / "run"
            subprocess.run([options.tool, "train", *words, "--output", str(run)], check=True, capture_output=True)
            lines = (run / "metrics.jsonl").read_text().splitlines()
            tool = [json.loads(line)["seconds"] for line in lines]
            digests.add(json.loads((run / "summary.json").read_text())["weights_digest"])
        trainer = sqsnn.Trainer(text, samples.inputs, samples.classes)
        python = []
        for _ in range(options.epochs):
            start = time.perf_counter()
            trainer.epoch(samples, lambda done, total: None)
            python.append(time.perf_counter() - start)
        digests.add(trainer.weights_digest)
        # The first epoch of each warms up.
        ratios.append(statistics.median(python[1:]) / statistics.median(tool[1:]))
        print(f"round {number + 1}: tool {min(tool):.3f} s, Python {min(python):.3f} s an epoch, ratio {ratios[-1]:.3f}")
    print(f"ratio {statistics.median(ratios):.3f} ({min(ratios):.3f} … {max(ratios):.3f}), digests {digests}")


if __name__ == "__main__":
    main()
