"""Recordings and arrays as spikes: the rule of the tool, by hand and by its own output."""

from __future__ import annotations

import os
import subprocess

import numpy as np
import pytest

from sqsnn.datasets import (
    bin_events,
    latency_spikes,
    rate_spikes,
    spikes_from_frames,
    spikes_from_recordings,
)

EVENTS = np.dtype([("x", np.int16), ("y", np.int16), ("t", np.int64), ("p", bool)])

needs_tool = pytest.mark.skipif(
    "SQSNN_TOOL" not in os.environ, reason="SQSNN_TOOL does not name the sqsnn command line tool"
)


def recording(*events: tuple[int, int, int, int]) -> np.ndarray:
    return np.array(list(events), EVENTS)


def random_recording(
    random: np.random.Generator, count: int, side: int = 34, duration: int = 8_000_000
) -> np.ndarray:
    events = np.zeros(count, EVENTS)
    events["x"], events["y"] = random.integers(0, side, (2, count))
    events["t"] = np.sort(random.integers(0, duration, count))
    events["p"] = random.integers(0, 2, count)
    return events


def spiking(spikes: np.ndarray) -> list[tuple[int, int]]:
    return [tuple(map(int, place)) for place in np.argwhere(spikes)]


def test_inputs_are_row_by_row_with_on_first():
    events = recording((1, 0, 0, 1), (0, 1, 0, 0), (2, 1, 1, 1))
    # A sensor 3 wide and 2 high: ON at y · 3 + x, OFF 6 further.
    assert spiking(bin_events(events, (3, 2, 2), 1)) == [(0, 1), (0, 5), (0, 9)]
    assert spiking(bin_events(events, (3, 2, 1), 1)) == [(0, 1), (0, 3), (0, 5)]


def test_steps_of_time_include_the_latest_event():
    events = recording(*[(0, 0, t, 1) for t in (100, 149, 150, 199)])
    # 100 µs to 199 µs are 100 µs: two steps of 50.
    assert bin_events(events, (1, 1, 1), 2)[:, 0].tolist() == [1, 1]
    by_pixel = recording((0, 0, 100, 1), (1, 0, 149, 1), (2, 0, 150, 1), (3, 0, 199, 1))
    assert spiking(bin_events(by_pixel, (4, 1, 1), 2)) == [(0, 0), (0, 1), (1, 2), (1, 3)]


def test_steps_of_events_have_as_many_each():
    events = recording(*[(x, 0, 7, 1) for x in range(5)])
    # Event i of 5 is in step ⌊2 i / 5⌋.
    assert spiking(bin_events(events, (5, 1, 1), 2, "events")) == [
        (0, 0), (0, 1), (0, 2), (1, 3), (1, 4)]  # fmt: skip


@pytest.mark.parametrize("bins", [1000, "1ms", "1000us", "1000", "0.001s", "0.9996ms"])
def test_steps_of_a_span_leave_later_and_earlier_events_out(bins):
    events = recording(
        (0, 0, 10, 1), (1, 0, 1009, 1), (2, 0, 1010, 1), (3, 0, 2010, 1), (4, 0, 9, 1)
    )
    assert spiking(bin_events(events, (5, 1, 1), 2, bins)) == [(0, 0), (0, 1), (1, 2)]


def test_no_events_are_no_spikes():
    assert bin_events(recording(), (3, 2, 2), 4).shape == (4, 12)
    assert bin_events(recording(), (3, 2, 2), 4).sum() == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": recording((3, 0, 0, 1))}, r"events\['x'\]: found 3, expected 0 to 2"),
        ({"events": recording((0, -1, 0, 1))}, r"events\['y'\]: found -1, expected 0 to 1"),
        ({"events": np.zeros(2)}, "events: found the fields None, expected 'x'"),
        ({"steps": 0}, "steps: found 0, expected 1 to 65536"),
        ({"bins": "25min"}, "bins: found '25min', expected 'time', 'events'"),
        ({"bins": 0.5}, "bins: found 0.5, expected"),
        ({"sensor_size": (3, 2)}, r"sensor_size: found \(3, 2\)"),
        ({"sensor_size": (3, 2, 3)}, r"sensor_size: found \(3, 2, 3\)"),
    ],
)
def test_what_cannot_be_binned_is_refused(change, message):
    arguments = {"events": recording((0, 0, 0, 1)), "sensor_size": (3, 2, 2), "steps": 2} | change
    with pytest.raises(ValueError, match=message):
        bin_events(**arguments)


def test_a_data_set_gives_spikes_and_labels():
    class Set(list):
        sensor_size = (3, 2, 2)

    samples = Set([(recording((1, 0, 0, 1)), 4), (recording((2, 1, 5, 0), (0, 0, 6, 1)), 1)])
    spikes, labels = spikes_from_recordings(samples, 2)
    assert (spikes.dtype, spikes.shape, labels.tolist()) == (np.uint8, (2, 2, 12), [4, 1])
    assert spiking(spikes[1]) == [(0, 11), (1, 0)]
    named = Set([(events, "ab"[label == 1]) for events, label in samples])
    assert spikes_from_recordings(named, 2, classes=["a", "b"])[1].tolist() == [0, 1]
    assert len(spikes_from_recordings(samples, 2, limit=1)[1]) == 1
    with pytest.raises(ValueError, match=r"dataset\[0\]: label: found 'a'"):
        spikes_from_recordings(named, 2)
    with pytest.raises(ValueError, match="sensor_size: found none given"):
        spikes_from_recordings(list(samples), 2)
    samples.append((recording((9, 0, 0, 1)), 0))
    with pytest.raises(ValueError, match=r"dataset\[2\]: events\['x'\]: found 9"):
        spikes_from_recordings(samples, 2)


def test_channels_of_sounds_have_neither_rows_nor_polarities():
    events = np.array([(3, 1), (699, 9)], [("x", np.int16), ("t", np.int64)])
    assert spiking(bin_events(events, (700, 1, 1), 2)) == [(0, 3), (1, 699)]


def test_frames_of_tonic_are_the_same_spikes():
    transforms = pytest.importorskip("tonic.transforms")
    events = random_recording(np.random.default_rng(1), 3000, side=8)
    # tonic's steps of a span: [first + k span, first + (k + 1) span), as ours.
    frames = transforms.ToFrame(sensor_size=(8, 8, 2), time_window=10_000)(events)
    spikes = spikes_from_frames(frames[None], off_first=True)[0]
    assert spikes.sum() > 1000
    np.testing.assert_array_equal(spikes, bin_events(events, (8, 8, 2), len(frames), 10_000))


def test_a_data_set_of_tonic_with_transforms(tmp_path):
    pytest.importorskip("tonic")
    from tonic.cached_dataset import MemoryCachedDataset
    from tonic.transforms import CropTime

    class Set:
        sensor_size = (8, 8, 2)
        recordings = [random_recording(np.random.default_rng(seed), 500, 8) for seed in range(3)]

        def __len__(self):
            return 3

        def __getitem__(self, index):
            return CropTime(max=4_000_000)(self.recordings[index]), index

    cached = MemoryCachedDataset(Set())
    spikes, labels = spikes_from_recordings(cached, 10, sensor_size=Set.sensor_size)
    assert labels.tolist() == [0, 1, 2]
    for found, events in zip(spikes, Set.recordings, strict=True):
        early = events[events["t"] <= 4_000_000]
        assert 0 < len(early) < len(events)
        np.testing.assert_array_equal(found, bin_events(early, (8, 8, 2), 10))


def n_mnist_file(events: np.ndarray) -> bytes:
    """Five bytes an event: x, y, and polarity with 23 bits of time."""
    words = events["p"].astype(np.int64) << 23 | events["t"]
    columns = [events["x"], events["y"], words >> 16, words >> 8 & 255, words & 255]
    return np.stack(columns, axis=1).astype(np.uint8).tobytes()


@needs_tool
@pytest.mark.parametrize("bins", ["time", "events", "0.4s", "123457us"])
def test_the_tool_makes_the_same_spikes_of_the_same_files(tmp_path, bins):
    random = np.random.default_rng(7)
    parts = {}
    for part in ("Train", "Test"):
        parts[part] = [
            (random_recording(random, int(random.integers(1, 4000))), label)
            for label in [*range(10), *range(10)]
        ]
        for number, (events, label) in enumerate(parts[part]):
            path = tmp_path / "n-mnist" / part / str(label) / f"{number:05}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(n_mnist_file(events))
    command = [os.environ["SQSNN_TOOL"], "data", "export", "n-mnist", str(tmp_path / "out")]
    environment = {**os.environ, "SQSNN_DATA": str(tmp_path)}
    command += ["--steps", "17", "--bins", bins]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    for part, samples in parts.items():
        spikes, labels = spikes_from_recordings(samples, 17, bins, sensor_size=(34, 34, 2))
        name = str(tmp_path / "out" / part.lower())
        np.testing.assert_array_equal(labels, np.load(f"{name}-labels.npy"))
        np.testing.assert_array_equal(np.argwhere(spikes), np.load(f"{name}-spikes.npy"))


@needs_tool
def test_the_tool_makes_the_same_spikes_of_a_recording_read_by_tonic(tmp_path):
    """Of real recordings of N-MNIST, where SQSNN_DATA has some."""
    io = pytest.importorskip("tonic.io")
    folders = [f"{folder}/n-mnist" for folder in os.environ.get("SQSNN_DATA", "").split(":")]
    folders = [folder for folder in folders if os.path.isdir(f"{folder}/Test/0")]
    if not folders:
        pytest.skip("SQSNN_DATA names no folder with n-mnist/Test")
    command = [os.environ["SQSNN_TOOL"], "data", "export", "n-mnist", str(tmp_path)]
    subprocess.run([*command, "--steps", "20"], check=True, capture_output=True)
    names = sorted(os.listdir(f"{folders[0]}/Test/0"))
    events = io.read_mnist_file(f"{folders[0]}/Test/0/{names[0]}", EVENTS)
    rows = np.load(tmp_path / "test-spikes.npy")
    # The first sample is the first recording of digit 0.
    np.testing.assert_array_equal(
        np.argwhere(bin_events(events, (34, 34, 2), 20)), rows[rows[:, 0] == 0][:, 1:])  # fmt: skip


def test_latency_spikes_by_hand():
    # ⌊(255 − v) 5 / 255⌋: 255 at 0, 204 at 1, 205 at 0, 1 at 4, 0 never.
    spikes = latency_spikes(np.array([[255, 204, 205, 1, 0]], np.uint8), 5)
    assert spiking(spikes[0]) == [(0, 0), (0, 2), (1, 1), (4, 3)]


def test_rate_spikes_have_the_probabilities():
    intensities = np.array([[0, 51, 255, 200]], np.uint8)
    spikes = rate_spikes(intensities, 40_000, np.random.default_rng(1), ceiling=0.5)
    # Standard deviation of a mean of 40,000 steps: at most 0.0025.
    np.testing.assert_allclose(spikes[0].mean(axis=0), [0, 0.2, 0.5, 0.5], atol=0.0125)
    assert rate_spikes(intensities, 50, np.random.default_rng(1))[0, :, 2].all()


def test_arrays_are_refused_by_name():
    with pytest.raises(ValueError, match="intensities: found float64 of shape"):
        latency_spikes(np.zeros((2, 3)), 5)
    with pytest.raises(ValueError, match="ceiling: found 2"):
        rate_spikes(np.zeros((2, 3), np.uint8), 5, np.random.default_rng(), ceiling=2)
    with pytest.raises(ValueError, match="frames: found a number below 0"):
        spikes_from_frames(np.full((1, 1, 1), -1))
    with pytest.raises(ValueError, match="frames: found shape"):
        spikes_from_frames(np.zeros((1, 1, 1)), off_first=True)
