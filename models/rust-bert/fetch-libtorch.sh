#!/bin/sh
# Fetches the libtorch that the feature rust-bert is built with: the CPU half of
# PyPI's torch 2.4.0 for x86-64 Linux with glibc. Downloads 800 MB and keeps 520
# in DIR, ~/.cache/painpoint/libtorch-2.4.0 if left out, which models/rust-bert/libtorch
# then links to, where .cargo/config.toml looks. Needs python3 with pip, cc and nm.
#
#     models/rust-bert/fetch-libtorch.sh [DIR]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/painpoint/libtorch-2.4.0}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

# The file that torch-sys asks for the version; written last, so that it also
# says that all is there.
if [ ! -e "$dir/build-version" ]; then
    wheel=$(mktemp -d "$dir/wheel.XXXXXX")
    trap 'rm -rf "$wheel"' EXIT
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.11 --platform manylinux1_x86_64 --dest "$wheel" torch==2.4.0
    python3 - "$wheel"/torch-*.whl "$dir" <<'PYTHON'
import shutil, sys, zipfile
from pathlib import Path

wheel, folder = zipfile.ZipFile(sys.argv[1]), Path(sys.argv[2])
libraries = ("torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp")
for name in wheel.namelist():
    if name.startswith(("torch/include/", *libraries)) and not name.endswith("/"):
        to = folder / name.removeprefix("torch/")
        to.parent.mkdir(parents=True, exist_ok=True)
        with wheel.open(name) as packed, to.open("wb") as file:
            shutil.copyfileobj(packed, file)
PYTHON
    cd "$dir/lib"
    # The wheel's own libtorch.so asks for libtorch_cuda.so. The linker takes a script, too.
    echo 'INPUT(libtorch_cpu.so)' > libtorch.so
    # libtorch_cpu.so names two libraries of CUDA, for its profiler and to count
    # devices. These say that there are none: every function returns an error.
    for name in cudart:cuda cupti:cupti; do
        library=lib${name%:*}.so.12 prefix=${name#*:}
        nm --dynamic --undefined-only libtorch_cpu.so |
            sed -n "s/^ *U \($prefix[A-Za-z0-9_]*\)@.*/int \1(void) { return 1; }/p" > "$wheel/stub.c"
        echo "$library { global: *; };" > "$wheel/stub.map"
        cc -shared -fPIC -o "$library" "$wheel/stub.c" \
            "-Wl,-soname,$library" "-Wl,--version-script,$wheel/stub.map"
    done
    echo 2.4.0 > "$dir/build-version"
fi

ln -sfn "$dir" "$here/libtorch"
echo "libtorch 2.4.0 is in $dir"
