"""Peers that run as processes and take turns, and what else uses the machine meanwhile."""

from __future__ import annotations

import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measurement import Failure, Round, core_count, last_line

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
TOOL = ROOT / ".build/release/sqsnn"
#: Cores. Above, a round is told to be of little worth.
TOLERABLE_DISTURBANCE = 0.1


class PeerFailure(Exception):
    """Why a peer has no figures: the last line of its message."""


class RunningPeer:
    """A peer's process that gives a round on request."""

    def __init__(self, script: str, options: list[str]) -> None:
        self.script = script
        # A file, not a pipe, which would fill up; shown only where the peer fails.
        self._messages = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [sys.executable, str(FOLDER / script), "--rounds-on-request", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            text=True,
        )
        make_first_to_go(self.process.pid)
        try:
            self.description = self._answer()
        except BaseException:
            self.stop()
            raise

    def measure(self, request: str = "") -> Round:
        assert self.process.stdin
        try:
            self.process.stdin.write(f"{request}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._answer()

    def processor_seconds(self) -> float:
        """What the process has used so far, its threads included; 0 once it has ended."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _answer(self) -> dict:
        assert self.process.stdout
        line = self.process.stdout.readline()
        try:
            return json.loads(line)
        except json.JSONDecodeError:
            self.process.kill()
            status = self.process.wait()
            self._messages.seek(0)
            message = self._messages.read()
            sys.stderr.write(message)
            end = f"ended with status {status}" if status >= 0 else ended_by(signal.Signals(-status))
            raise PeerFailure(f"{self.script}: {last_line(message) or line.strip() or end}") from None


def ended_by(signal_: signal.Signals) -> str:
    because = ", as by a system without memory left" if signal_ == signal.SIGKILL else ""
    return f"ended by {signal_.name}{because}"


def make_first_to_go(process: int) -> None:
    """Where memory runs out, the system ends the peer, not what else runs."""
    try:
        Path(f"/proc/{process}/oom_score_adj").write_text("1000")
    except OSError:
        pass


def call_sqsnn(tool: Path, *options: str) -> dict:
    """What a command of the tool prints with --json."""
    command = [str(tool), *options, "--json"]
    try:
        result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(result.stdout)
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError) as error:
        raise Failure(f"{' '.join(command)}: {error}") from error


def require_tool(tool: Path) -> None:
    if not tool.is_file():
        raise Failure(f"{tool}: no such file; build it with swift build -c release --product sqsnn")


def warn_of(cores: float, program: str) -> None:
    if cores > TOLERABLE_DISTURBANCE:
        print(
            f"{program}: others used {cores:.2f} cores in this round; its figures, most of all those on all "
            "threads, say little",
            file=sys.stderr,
        )


class Disturbance:
    """How much of the machine other processes and other virtual machines use, from `/proc`."""

    def __init__(self, peers: list[RunningPeer]) -> None:
        self.peers = peers
        self._others_seconds, self._start = self._others(), time.perf_counter()

    def cores(self) -> float:
        """Cores' worth since the beginning."""
        return max(0, self._others() - self._others_seconds) / (time.perf_counter() - self._start)

    def _others(self) -> float:
        # user, nice, system, idle, I/O wait, interrupts (hard, soft), stolen; the rest is part of these.
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        everyone = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        ours = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        return everyone - ours - sum(peer.processor_seconds() for peer in self.peers)


def machine() -> dict[str, object]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": core_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
