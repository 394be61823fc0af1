"""What other people's readers say of the recordings in SQSNN_DATA: the expected values of RealRecordingTests.

    python3 -m venv v && v/bin/pip install tonic==1.7.0 expelliarmus==1.1.12 aedat==2.3.0
    SQSNN_DATA=FOLDER v/bin/python recordings.py > recordings.json
"""

import json
import os
from pathlib import Path

import numpy as np
import tonic.io
from aedat import Decoder
from expelliarmus import Wizard

FIELDS = np.dtype([("x", int), ("y", int), ("t", int), ("p", int)])


def nmnist(path):
    return tonic.io.read_mnist_file(str(path), dtype=FIELDS)


def aedat2(path):
    # read_dvs_128 of this version of tonic does not run, its parts do. Columns of the DVS128 are bits 1 to 7.
    version, start, _ = tonic.io.read_aedat_header_from_file(str(path))
    events = tonic.io.get_aer_events_from_file(str(path), version, start)
    address = events["address"]
    return {
        "x": address >> 1 & 127, "y": address >> 8 & 127, "t": events["timeStamp"], "p": address & 1,
    }


def aedat4(path):
    packets = [packet["events"] for packet in Decoder(str(path)) if "events" in packet]
    events = np.concatenate(packets)
    return {"x": events["x"], "y": events["y"], "t": events["t"], "p": events["on"]}


def dat(path):
    return Wizard(encoding="dat").read(str(path))


def summary(events):
    x, y, t, p = (np.asarray(events[name]).astype(np.int64) for name in "xytp")

    def event(index):
        return {"x": int(x[index]), "y": int(y[index]), "on": bool(p[index]), "time": int(t[index])}

    # Sums that a pixel or a time out of its place would change.
    order = np.arange(1, len(t) + 1) % 1009
    return {
        "count": len(t), "on": int(p.sum()), "first": event(0), "last": event(-1),
        "sums": [int((order * values).sum()) for values in (x, y, t - t[0])],
    }


FILES = {
    "n-mnist/Train/0/00002.bin": nmnist, "n-mnist/Test/7/*.bin": nmnist,
    "mnist-dvs/*scale04_00??.aedat": aedat2, "mnist-dvs/*scale08*.aedat": aedat2,
    "event-samples/sample.aedat4": aedat4, "event-samples/sample_ncars.dat": dat,
}

if __name__ == "__main__":
    data = Path(os.environ["SQSNN_DATA"])
    found = {}
    for pattern, read in FILES.items():
        for path in sorted(data.glob(pattern)):
            found[str(path.relative_to(data))] = summary(read(path))
    print(json.dumps(found, indent=1, sort_keys=True))
