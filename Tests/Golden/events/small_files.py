"""Small files of events in the binary formats, and what other people's readers say of them: small.json beside it.

    python3 -m venv v && v/bin/pip install tonic==1.7.0 expelliarmus==1.1.12 aedat==2.3.0 lz4 zstandard
    v/bin/python small_files.py [FOLDER]

With a folder (Fuzzing/Corpus) the files are written there as well, as the first inputs of the fuzzer.
"""

import base64
import io
import json
import pathlib
import struct
import sys
import tempfile

import lz4.frame
import numpy as np
import zstandard

from recordings import aedat2, aedat4, dat, nmnist, summary

RECORD = np.dtype([("x", "<u2"), ("y", "<u2"), ("t", "<i8"), ("p", "u1")])
index = np.arange(40)
EVENTS = np.zeros(40, dtype=RECORD)
EVENTS["x"], EVENTS["y"] = index * 7 % 34, index * index % 34
EVENTS["t"], EVENTS["p"] = 1000 + 97 * index, index % 3 == 0


def big_endian(numbers):
    return np.asarray(numbers, dtype=">u4").tobytes()


def aedat2_bytes(events):
    address = events["y"].astype("u4") << 8 | events["x"].astype("u4") << 1 | events["p"]
    return b"#!AER-DAT2.0\r\n# by small_files.py\r\n" + big_endian(np.stack([address, events["t"]], axis=1))


def atis_bytes(events):
    data = b""
    for place, (x, y, t, p) in enumerate(events):
        if place == 20:
            # The clock of the events after it is short of 2¹³ µs.
            data += bytes([0, 240, 0, 0, 0])
        data += bytes([x, y]) + (int(p) << 23 | int(t)).to_bytes(3, "big")
    return data


def prophesee_bytes(events):
    data = b"% Data file\n% Version 2\n% Width 304\n% Height 240\n\x0c\x08"
    for x, y, t, p in events:
        data += struct.pack("<II", t, int(x) | int(y) << 14 | int(p) << 28)
    return data


def table(identifier, fields, body, elements, count):
    """A table of FlatBuffers after its size; the vector of its last field follows it."""
    fields = struct.pack(f"<HH{len(fields)}H", 4 + 2 * len(fields), 4 + len(body), *fields)
    padding = bytes(-len(fields) % 4)
    data = struct.pack("<I", 8 + len(padding + fields)) + identifier + padding + fields
    data += struct.pack("<i", len(fields)) + body + struct.pack("<I", count) + elements
    return struct.pack("<I", len(data)) + data


def aedat4_bytes(events, compression, compressed):
    description = (
        '<dv version="2.0"><node name="outInfo" path="/mainloop/Recorder/outInfo/"><node name="0" '
        'path="/mainloop/Recorder/outInfo/0/"><attr key="compression" type="string">NONE</attr>'
        '<attr key="originalModuleName" type="string">camera</attr><attr key="originalOutputName" type="string">events'
        '</attr><attr key="typeDescription" type="string">Array of events.</attr><attr key="typeIdentifier" '
        'type="string">EVTS</attr><node name="info" path="/mainloop/Recorder/outInfo/0/info/"><attr key="sizeX" '
        'type="int">34</attr><attr key="sizeY" type="int">34</attr><attr key="source" type="string">none</attr>'
        "</node></node></node></dv>").encode()
    data = b"#!AER-DAT4.0\r\n" + table(
        b"IOHE", [8, 12, 4], struct.pack("<IIqI", 20, compression, -1, 0), description, len(description))
    for part in (events[:25], events[25:]):
        elements = b"".join(struct.pack("<qhhBBBB", t, x, y, p, 0, 0, 0) for x, y, t, p in part)
        packet = compressed(table(b"EVTS", [4], struct.pack("<I", 4), elements, len(part)))
        data += struct.pack("<II", 0, len(packet)) + packet
    return data


def saved(save, *arguments, **named):
    stream = io.BytesIO()
    save(stream, *arguments, **named)
    return stream.getvalue()


floats = np.zeros(40, dtype=[("t", ">f8"), ("p", "?"), ("x", ">f4"), ("y", "<i4")])
for name in "xytp":
    floats[name] = EVENTS[name]
columns = {name: EVENTS[name] for name in "xytp"}
FILES = {
    "aedat2/seed-small.aedat": (aedat2_bytes(EVENTS), aedat2),
    "atis/seed-small.bin": (atis_bytes(EVENTS), nmnist),
    "prophesee/seed-small.dat": (prophesee_bytes(EVENTS), dat),
    "aedat4/seed-plain.aedat4": (aedat4_bytes(EVENTS, 0, bytes), aedat4),
    "aedat4/seed-lz4.aedat4": (aedat4_bytes(EVENTS, 1, lz4.frame.compress), aedat4),
    "aedat4/seed-zstd.aedat4": (aedat4_bytes(EVENTS, 3, zstandard.ZstdCompressor().compress), aedat4),
    "npy/seed-records.npy": (saved(np.save, EVENTS), np.load),
    "npy/seed-floats.npy": (saved(np.save, floats), np.load),
    "npz/seed-columns.npz": (saved(np.savez, **columns), np.load),
    "npz/seed-compressed.npz": (saved(np.savez_compressed, events=EVENTS), lambda path: np.load(path)["events"]),
}

if __name__ == "__main__":
    found = {}
    for name, (data, read) in FILES.items():
        with tempfile.NamedTemporaryFile(suffix=pathlib.Path(name).suffix) as file:
            file.write(data)
            file.flush()
            found[name] = {"bytes": base64.b64encode(data).decode(), "expected": summary(read(file.name))}
        if len(sys.argv) > 1:
            path = pathlib.Path(sys.argv[1]) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
    pathlib.Path(__file__).with_name("small.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
