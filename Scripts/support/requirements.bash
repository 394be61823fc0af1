# Sourced by the scripts beside it: finds out what is missing and installs it. Silent when nothing is.

# Lowest version of Swift that can build the package.
readonly required_swift="6.2"

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

require_swift() {
    command -v swift >/dev/null ||
        fail "Swift is not installed; get $required_swift or newer from https://www.swift.org/install and put it on PATH"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "cannot read the version of $(command -v swift); expected Swift $required_swift or newer"
    [ "$(printf '%s\n' "$required_swift" "$version" | sort -V | head -n 1)" = "$required_swift" ] ||
        fail "found Swift $version, expected $required_swift or newer from https://www.swift.org/install"
}

# Debian packages without which the package does not build.
missing_libraries() {
    command -v pkg-config >/dev/null || { echo pkg-config zlib1g-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev libhdf5-dev liblapacke-dev libopenblas-dev liblz4-dev libzstd-dev; return; }
    pkg-config --exists zlib || echo zlib1g-dev
    pkg-config --exists libcrypto || echo libssl-dev
    pkg-config --exists libcurl || echo libcurl4-openssl-dev
    pkg-config --exists sqlite3 || echo libsqlite3-dev
    pkg-config --exists hdf5 || echo libhdf5-dev
    pkg-config --exists lapacke || echo liblapacke-dev
    pkg-config --exists openblas || echo libopenblas-dev
    pkg-config --exists liblz4 || echo liblz4-dev
    pkg-config --exists libzstd || echo libzstd-dev
}

# Debian packages of the data set that the quickstart trains on and the tests read.
missing_data() {
    local folders folder
    IFS=: read -r -a folders <<<"${SQSNN_DATA:-}:${XDG_DATA_HOME:-$HOME/.local/share}/sqsnn:/usr/share/datasets"
    for folder in "${folders[@]}"; do
        [ -n "$folder" ] && [ -d "$folder/fashion-mnist" ] && return 0
    done
    echo dataset-fashion-mnist
}

# Debian packages that draw figures, networks (and the picture of docs/architecture.md) and the curves of reports, and the browser
# that tests look at reports with.
missing_drawing() {
    command -v dot >/dev/null || echo graphviz
    command -v gnuplot >/dev/null || echo gnuplot-nox
    [ -f /usr/share/javascript/dygraphs/dygraph.min.js ] || echo libjs-dygraphs
    command -v chromium >/dev/null || echo chromium
}

# Debian packages of MPI: its library, and mpirun.
missing_mpi() {
    pkg-config --exists mpi-c 2>/dev/null || echo libopenmpi-dev
    command -v mpirun >/dev/null || echo openmpi-bin
}

# Debian packages that count instructions (Benchmarks/check-counts).
missing_counters() {
    command -v valgrind >/dev/null || echo valgrind
    command -v python3 >/dev/null || echo python3
}

# Debian packages that the bridge to Qiskit is installed with.
missing_python() {
    if ! command -v python3 >/dev/null; then
        echo python3 python3-venv
    elif ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        echo python3-venv
    fi
}

# install PACKAGE…: as root, or through sudo where there is one.
install() {
    [ $# -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "missing: $*; there is no apt-get here, install them by your system's means"
    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "missing: $*; run as root: apt-get install $*"
        as_root=(sudo "${as_root[@]}")
    fi
    echo "Installing $*" >&2
    "${as_root[@]}" apt-get update -qq >&2 || echo "apt-get update failed; trying with the lists that are there" >&2
    "${as_root[@]}" apt-get install -qq --yes --no-install-recommends "$@" >&2 ||
        fail "apt-get could not install: $*; see its message above"
}
