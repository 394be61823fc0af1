"""Downloads, from a server of the machine's own."""

from __future__ import annotations

import functools
import http.server
import os
import pathlib
import threading

import pytest

import sqsnn
from sqsnn.datasets import fetch


class Server(http.server.SimpleHTTPRequestHandler):
    """A folder, from any byte on; ``asked`` keeps what was asked for."""

    asked: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        asked_for = self.headers.get("Range")
        self.asked.append((self.path, asked_for))
        path = pathlib.Path(self.translate_path(self.path))
        if not path.exists():
            return self.send_error(404)
        contents, first = path.read_bytes(), 0
        if asked_for:
            first = int(asked_for.removeprefix("bytes=").removesuffix("-"))
            if first >= len(contents):
                return self.send_error(416)
        self.send_response(206 if asked_for else 200)
        self.send_header("Content-Length", str(len(contents) - first))
        self.end_headers()
        self.wfile.write(contents[first:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def published(needs_data, tmp_path, monkeypatch):
    """Fashion-MNIST on a server, and nothing of it here."""
    folder = next(
        folder
        for folder in map(pathlib.Path, [*sqsnn_data(), "/usr/share/datasets"])
        if (folder / "fashion-mnist").is_dir()
    )
    served = tmp_path / "served"
    served.mkdir()
    for file in (folder / "fashion-mnist").glob("*.gz"):
        (served / file.name).write_bytes(file.read_bytes())
    Server.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Server, directory=served))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SQSNN_DATA", "")
    yield f"http://127.0.0.1:{server.server_port}", served
    server.shutdown()
    server.server_close()


def sqsnn_data() -> list[str]:
    return [folder for folder in os.environ.get("SQSNN_DATA", "").split(":") if folder]


def test_a_data_set_arrives_once(published):
    url, served = published
    paths = fetch("fashion-mnist", url)
    assert [path.name for path in paths] == [
        f"{name}-ubyte.gz"
        for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    ]
    assert all(path.read_bytes() == (served / path.name).read_bytes() for path in paths)
    assert len(sqsnn.datasets.load("fashion-mnist").test[0]) == 10_000
    asked = len(Server.asked)
    assert fetch("fashion-mnist", url) == paths and len(Server.asked) == asked == 4


def test_what_was_stopped_goes_on(published):
    url, served = published
    paths = fetch("fashion-mnist", url)
    whole = paths[1].read_bytes()
    part = paths[1].with_name(paths[1].name + ".part")
    for beginning, asked in [
        (whole[:1000], ["bytes=1000-"]),
        # All there; too much; another's: then once more from the beginning.
        (whole, [f"bytes={len(whole)}-"]),
        (b"x" * 500, ["bytes=500-", None]),
    ]:
        paths[1].unlink()
        part.write_bytes(beginning)
        Server.asked.clear()
        fetch("fashion-mnist", url, progress=False)
        assert paths[1].read_bytes() == whole and not part.exists()
        assert [what for _, what in Server.asked] == asked


def test_another_file_is_refused(published):
    url, served = published
    name = "train-labels-idx1-ubyte.gz"
    for contents, text in [
        ((served / "t10k-labels-idx1-ubyte.gz").read_bytes(), f"{name}: found SHA-256"),
        (b"not gzip", "found SHA-256 of no gzip file"),
        (b"x" * 200_000, "found more than"),
    ]:
        (served / name).write_bytes(contents)
        with pytest.raises(sqsnn.EngineError, match=text):
            fetch("fashion-mnist", url)
        assert not list(served.parent.glob(f"home/**/{name}*"))


def test_what_cannot_be_fetched(published):
    url, _ = published
    with pytest.raises(sqsnn.EngineError, match="404"):
        fetch("fashion-mnist", url + "/elsewhere")
    with pytest.raises(sqsnn.EngineError, match="fashion-mnist: .*refused"):
        fetch("fashion-mnist", "http://127.0.0.1:1")
    with pytest.raises(ValueError, match="no data set is called 'fashion'"):
        fetch("fashion")
    with pytest.raises(ValueError, match="no address to fetch it from is known"):
        fetch("n-mnist")
    with pytest.raises(sqsnn.EngineError) as error:
        fetch("fashion-mnist", url.replace("http://", "http://name:secret@"))
    assert "secret" not in str(error.value)
