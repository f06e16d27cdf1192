# Two commands for newcomers: `make serve` runs Saraban, `make test` its tests.

PYTHON ?= python3.11
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
# Compiled once for all the processes that are started, and out of the tree; also where the environment
# forbids to write what was compiled (empty is unset to Python).
export PYTHONPYCACHEPREFIX = $(CURDIR)/.venv/pycache
export PYTHONDONTWRITEBYTECODE =
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# Debian packages that the tests need beside Python: a browser, PDF tools, a database server, Java for veraPDF, a font, systemd,
# a proxy, a hardware token in software, networks that lose packets.
PACKAGES := chromium poppler-utils postgresql default-jre-headless libjaxb-java openssl fonts-tlwg-laksaman-ttf systemd nginx-light softhsm2 iproute2
# Spared processor, where it can be had: the same browser without its windows.
WISHED := chromium-headless-shell

.PHONY: serve test check nightly soak bench lint types clean ui packages lock

serve: .venv/.serve
	SARABAN_DEMO=$${SARABAN_DEMO:-1} $(BIN)/saraban serve

# Locked, hashed dependencies first, then the project itself with its front-end bundle.
.venv/.serve: requirements.lock requirements-build.lock pyproject.toml api/web/package-lock.json api/web/build_hook.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.test: requirements-dev.lock .ci/typefaces.txt .venv/.serve
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes --no-deps --upgrade --target .venv/typefaces -r .ci/typefaces.txt
	touch $@

ui: .venv/.test
	$(BIN)/python api/web/build_hook.py

# Installs the Debian packages where it may, else prints what is missing, and fails where that is needed.
packages:
	@.ci/packages $(PACKAGES) -- $(WISHED)

# Files stay whole and are begun in the order of tests/conftest.py; the slowest tests are told. One more process than cores:
# a test that waits for a browser, a server or a timer leaves its core to another.
PARALLEL := -n $(shell echo $$(($$(nproc) + 1))) --dist loadfile --no-loadscope-reorder --durations 40 --durations-min 4

test: .venv/.test packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy >.venv/types.log & types=$$!; \
	$(BIN)/python -P -m pytest $(PARALLEL) -m "not slow" --randomly-seed=2569; tests=$$?; \
	wait $$types; typed=$$?; cat .venv/types.log; exit $$((tests + typed))

check: .venv/.test
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache && $(BIN)/mypy

nightly: .venv/.test packages
	NIGHTLY=true $(BIN)/python -P -m pytest $(PARALLEL)

bench: .venv/.test packages
	$(BIN)/python -P -m bench

# Half an hour of everyday work over a million tasks: exit code 1 where a goal was missed.
soak: .venv/.test packages
	$(BIN)/python -P -m bench soak

# Writes the lock files anew from pyproject.toml: hashes in, index addresses out.
lock:
	$(BIN)/pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --constraint requirements.lock .ci/build-requirements.txt -o requirements-build.lock
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv api/static/dist api/web/node_modules var
