"""Writes numpy.json beside it: small files of events as numpy saves them. Needs numpy 2.

    python numpy_files.py
"""

import base64
import io
import json
import pathlib

import numpy as np

EVENTS = [(3, 127, 1, 10), (127, 0, 0, 20), (300, 2, 1, 2**40)]


def saved(save, *arguments, **named):
    stream = io.BytesIO()
    save(stream, *arguments, **named)
    return base64.b64encode(stream.getvalue()).decode()


def records(types):
    array = np.zeros(len(EVENTS), dtype=types)
    for index, (x, y, p, t) in enumerate(EVENTS):
        array[index] = tuple({"x": x, "y": y, "p": p, "t": t}[name[0]] for name, *_ in types)
    return array


def typed(kind):
    return [(name, kind) for name in "xytp"]


tonic = records([("x", "<i2"), ("y", "<i2"), ("t", "<i8"), ("p", "i1")])
aligned = np.zeros(len(EVENTS), dtype=np.dtype([("p", "?"), ("x", ">u2"), ("ts", ">u8"), ("y", "u2")], align=True))
for index, (x, y, p, t) in enumerate(EVENTS):
    aligned[index] = (p, x, t, y)
columns = {name: np.array([event["xypt".index(name)] for event in EVENTS]) for name in "xypt"}
floats = {name: column.astype("f8") for name, column in columns.items()}

files = {
    "tonic.npy": saved(np.save, tonic),
    "aligned.npy": saved(np.save, aligned),
    "floats.npy": saved(np.save, records([("t", "<f8"), ("x", "<f4"), ("y", "<f4"), ("p", "<f4")])),
    "empty.npy": saved(np.save, tonic[:0]),
    "columns.npz": saved(np.savez, **columns),
    "columns-compressed.npz": saved(np.savez_compressed, **floats),
    "records.npz": saved(np.savez, events=tonic),
    "records-compressed.npz": saved(np.savez_compressed, tonic),
    "bad-matrix.npy": saved(np.save, np.zeros((3, 4))),
    "bad-pixel.npy": saved(np.save, np.array([(-1, 2, 3, 1)], dtype=typed("i4"))),
    "bad-fraction.npy": saved(np.save, np.array([(1.5, 2, 3, 1)], dtype=typed("f4"))),
    "bad-complex.npy": saved(np.save, np.zeros(3, dtype="c16")),
    "bad-lengths.npz": saved(np.savez, x=np.arange(3), y=np.arange(3), t=np.arange(2), p=np.arange(3)),
    "bad-missing.npz": saved(np.savez, x=np.arange(3), y=np.arange(3), t=np.arange(3)),
}
path = pathlib.Path(__file__).with_name("numpy.json")
path.write_text(json.dumps(files, indent=1, sort_keys=True) + "\n")
