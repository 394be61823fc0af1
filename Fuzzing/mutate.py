#!/usr/bin/env python3
"""Mutated files through the command line.

    Fuzzing/mutate.py --tool .build/release/sqsnn [--count 5000] [--seed 1] [--only WORD] [--keep DIR]

Takes right files (Fuzzing/Corpus, and a run that the tool makes where it finds a data set), changes each at random, and gives it to
every command that reads such a file. Each call must end within the time limit, without a signal, within the memory limit, with exit
code 0 to 3, and, where it fails, with a message that names the file. What does not is printed, kept under --keep, and ends with 1.
"""
import argparse
import gzip
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "Corpus")
EXTREMES = [
    b"-1", b"0", b"1e999", b"-0.0", b"1e-320", b"2049", b"65537", b"2147483648", b"4294967296", b"9223372036854775807",
    b"-9223372036854775808", b"18446744073709551616", b"1e18", b"0.5", b"true", b"null", b'""', b"[]", b"{}", b'"x"',
    b"NaN", b"[[[[[[[[", b'"\\u0600\'"', b'".."', b'"\\ud800"',
]

# Small enough that thousands of calls take minutes; {dataset} is that of --dataset.
RESERVOIR = ["--neurons", "3", "--seeds", "1", "--washout", "20", "--train", "60", "--test", "30", "--threads", "1"]
MEMORY = ["--draws", "2", "--steps", "2"]
TRAINING = ["train", "--dataset", "{dataset}", "--limit", "10", "--epochs", "1", "--hidden", "2", "--threads", "1",
            "--output", "{new}"]

# Corpus folder, name that the file gets, and the commands that read it; {} is the file, {dir} its folder, {new} a new name.
COMMANDS = {
    "graph": ("graph.json", [
        ["network", "show", "{}"], ["network", "show", "{}", "--json"], ["network", "draw", "{}"],
        ["network", "run", "{}", "--steps", "2"],
    ]),
    "circuit": ("circuit.json", [
        ["neuron", "circuit", "{}"], ["neuron", "circuit", "{}", "--openqasm"], ["neuron", "memory", "{}"] + MEMORY,
        ["reservoir", "capacity", "{}", "--lags", "2"] + RESERVOIR, ["reservoir", "narma", "{}"] + RESERVOIR,
        TRAINING + ["--ansatz", "{}"],
    ]),
    "trace": ("trace.json", [["neuron", "trace", "{}"], ["neuron", "mitigate", "{}"]]),
    "recipe": ("recipe.json", [TRAINING + ["--recipe", "{}"], ["recipe", "show", "{}"]]),
    "device": ("device.json", [
        ["device", "show", "{}"], ["neuron", "memory", "--noise", "{}"] + MEMORY, TRAINING + ["--noise", "{}"],
    ]),
    "calibration": ("calibration.json", [
        ["device", "convert", "{}", "--qubits", "0,1"], ["device", "convert", "{}", "--median"],
    ]),
    "extrapolation": ("values.json", [["neuron", "extrapolate", "{}"]]),
}
RECORDING_COMMANDS = [
    ["data", "info", "{}"], ["data", "preview", "{}", "--transforms", "downsample=2,refractory=1ms"],
    ["data", "convert", "{}", "{new}.npy"], ["data", "convert", "{}", "{new}.h5", "--transforms", "window=1s,background=5ms"],
]
# By the names of their formats.
COMMANDS |= {
    name: (file, RECORDING_COMMANDS)
    for name, file in [("aedat2", "a.aedat"), ("aedat3", "a.aedat"), ("aedat4", "a.aedat4"), ("atis", "a.bin"),
                       ("prophesee", "a.dat"), ("npy", "a.npy"), ("npz", "a.npz")]
}
# Files of a run, and the commands that read its folder.
OF_RUNS = ["run.json", "metrics.jsonl", "checkpoint.safetensors", "summary.json"]
RUN_COMMANDS = [
    ["eval", "{dir}", "--repetitions", "1", "--threads", "1"], ["doctor", "{dir}"],
    ["train", "--output", "{dir}", "--resume", "--threads", "1"],
]


def mutated(data, rng):
    """Some changes of bytes, numbers, words or structure."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        kind = rng.randrange(8)
        place = rng.randrange(len(data) + 1)
        numbers = list(re.finditer(rb"-?\d+(\.\d+)?(e-?\d+)?", bytes(data)))
        if kind == 0 and data:
            data[min(place, len(data) - 1)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 2, 8])))
        elif kind == 2:
            del data[place:place + rng.choice([1, 2, 10, 100])]
        elif kind == 3:
            data = data[:place]
        elif kind in (4, 5) and numbers:
            number = rng.choice(numbers)
            data[number.start():number.end()] = rng.choice(EXTREMES)
        elif kind == 6:
            values = list(re.finditer(rb'"[^"]*"|\[[^\[\]]*\]|\{[^{}]*\}', bytes(data)))
            if values:
                value = rng.choice(values)
                data[value.start():value.end()] = rng.choice(EXTREMES + [value.group() + b"," + value.group()])
        else:
            start = rng.randrange(len(data) + 1)
            piece = data[start:start + rng.choice([4, 40, 400])]
            data[place:place] = piece * rng.choice([1, 2, 50])
    return bytes(data)


def limited(memory):
    def apply():
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return apply


def check(tool, words, path, arguments):
    """What is wrong with a call, None if nothing."""
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
    try:
        done = subprocess.run(
            [tool] + words, capture_output=True, timeout=arguments.timeout, env=environment, stdin=subprocess.DEVNULL,
            preexec_fn=limited(arguments.memory << 20))
    except subprocess.TimeoutExpired:
        return f"still at work after {arguments.timeout} s"
    if done.returncode < 0:
        return f"signal {-done.returncode}: {done.stderr[-200:]!r}"
    if b"unknown option" in done.stderr:
        sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")
    if done.returncode not in (0, 1, 2, 3):
        return f"exit code {done.returncode}: {done.stderr[-200:]!r}"
    if done.returncode != 0 and os.path.basename(path).encode() not in done.stderr + done.stdout:
        return f"exit code {done.returncode} and a message without the file: {done.stderr[-300:]!r}"
    return None


def cases(arguments, work):
    """Corpus folder, file name, right bytes, a folder to copy beside it, and the commands."""
    for name, (file, commands) in COMMANDS.items():
        folder = os.path.join(CORPUS, name)
        for seed in sorted(os.listdir(folder)):
            with open(os.path.join(folder, seed), "rb") as source:
                yield name, file, source.read(), None, commands
    # HDF5 is read in a child process; the file is our own writer's.
    converted = os.path.join(work, "a.h5")
    recording = os.path.join(CORPUS, "aedat2", "seed-small.aedat")
    made = subprocess.run([arguments.tool, "data", "convert", recording, converted], capture_output=True)
    if made.returncode != 0:
        sys.exit(f"no HDF5 file to mutate: {made.stderr.decode().strip()}")
    with open(converted, "rb") as source:
        yield "hdf5", "a.h5", source.read(), None, RECORDING_COMMANDS
    small = ["train", "--dataset", arguments.dataset, "--limit", "20", "--batch", "10", "--epochs", "2",
             "--threads", "1", "--output"]
    local = ["--learning", "local", "--estimator", "memoryless", "--backend", "ideal", "--passes", "1",
             "--synapse-perturbations", "1"]
    run, ofBackend = os.path.join(work, "run"), os.path.join(work, "run-of-backend")
    for words in [small + [run, "--hidden", "3"], small + [ofBackend] + local]:
        made = subprocess.run([arguments.tool] + words, capture_output=True)
        if made.returncode != 0:
            sys.exit(f"no run to mutate: {made.stderr.decode().strip()}")
    for folder, files in [(run, OF_RUNS), (ofBackend, ["jobs.journal"])]:
        for file in files:
            with open(os.path.join(folder, file), "rb") as source:
                yield "run " + file, file, source.read(), folder, RUN_COMMANDS
    side = 16 if arguments.dataset.startswith("usps") else 28
    images = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, side, 0, 0, 0, side]) + bytes(2 * side * side)
    for right in [images, gzip.compress(images, mtime=0)]:
        yield "images", "images", right, None, [["predict", run, "{}", "--threads", "1"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="corpus folders whose name has this word")
    parser.add_argument("--dataset", default="usps-1v7")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--memory", type=int, default=2048, help="address space of a call, MB")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", default="", help="folder for the files of calls that failed")
    arguments = parser.parse_args()
    arguments.tool = os.path.abspath(arguments.tool)
    work = tempfile.mkdtemp(prefix="sqsnn-mutate-")
    try:
        known = [case for case in cases(arguments, work) if arguments.only in case[0]]
        problems = []

        def one(number):
            rng = random.Random(f"{arguments.seed} {number}")
            name, file, right, folder, commands = known[number % len(known)]
            place = os.path.join(work, f"case-{number}")
            if folder:
                shutil.copytree(folder, place)
            else:
                os.mkdir(place)
            path = os.path.join(place, file)
            with open(path, "wb") as target:
                target.write(mutated(right, rng))
            words = [
                word.format(path, dir=place, new=os.path.join(place, "new"), dataset=arguments.dataset)
                for word in rng.choice(commands)
            ]
            problem = check(arguments.tool, words, place if folder else path, arguments)
            if problem and arguments.keep:
                shutil.copytree(place, os.path.join(arguments.keep, f"{number}"), dirs_exist_ok=True)
            shutil.rmtree(place)
            return number, name, words, problem

        with ThreadPoolExecutor(arguments.jobs) as pool:
            for number, name, words, problem in pool.map(one, range(arguments.count)):
                if problem:
                    problems.append(number)
                    print(f"case {number}, {name}: {' '.join(words)}: {problem}", flush=True)
        print(f"{arguments.count} mutated files of {len(known)} right ones, {len(problems)} failed")
        return 1 if problems else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
