"""Writes series.json beside it: small files of series as numpy saves them, and seeds of the fuzzer. Needs numpy 2.

    python series_files.py [Fuzzing/Corpus]
"""

import base64
import io
import json
import pathlib
import sys

import numpy as np


def saved(save, *arguments, **named):
    stream = io.BytesIO()
    save(stream, *arguments, **named)
    return stream.getvalue()


cube = np.arange(12.0).reshape(2, 2, 3)
cube[1, :, 2] = np.nan
hole = cube.copy()
hole[1, 0, 0] = np.nan
labels = np.array([7, 3])
files = {
    "cube.npy": saved(np.save, cube),
    "cube-column-major.npy": saved(np.save, np.asfortranarray(cube)),
    "cube-big-endian.npy": saved(np.save, cube.astype(">f4")),
    "labels.npy": saved(np.save, labels),
    "cube.npz": saved(np.savez, X=cube, y=labels),
    "matrix.npz": saved(np.savez_compressed, data=np.arange(6, dtype="i2").reshape(2, 3), labels=labels.astype("f4")),
    "bad-hole.npz": saved(np.savez, X=hole, y=labels),
    "bad-shape.npz": saved(np.savez, X=cube[0], y=np.arange(5)),
}
path = pathlib.Path(__file__).with_name("series.json")
path.write_text(
    json.dumps({name: base64.b64encode(data).decode() for name, data in files.items()}, indent=1, sort_keys=True) + "\n")
if len(sys.argv) > 1:
    corpus = pathlib.Path(sys.argv[1])
    wave = b"WAVEfmt " + bytes([16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0])
    samples = np.round(8000 * np.sin(np.arange(80) * 0.5)).astype("<i2").tobytes()
    wave += b"data" + len(samples).to_bytes(4, "little") + samples
    for name, data in {
        "wav/seed-tone.wav": b"RIFF" + len(wave).to_bytes(4, "little") + wave,
        "series-ts/seed-two.ts": b"# made here\n@problemName Tiny\n@timeStamps false\n@classLabel true a b\n@data\n"
        b"0,1,2:10,10,20:b\n2,0:0,5:a\n",
        "series-csv/seed-header.csv": b"class,t0,t1\nup,1,2.5\ndown,-3e2,4\n",
        "series-csv/seed-numbers.csv": b"2,1,2.5,nan\n10,3,4,5\n",
        "series-npy/seed-cube.npy": files["cube.npy"] + files["labels.npy"],
        "series-npz/seed-cube.npz": files["cube.npz"],
        "series-npz/seed-compressed.npz": files["matrix.npz"],
    }.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_bytes(data)
