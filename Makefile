# Two commands matter: `make run` and `make test`. Each works alone on a machine with Python ≥ 3.11 and make.
UV_VERSION := 0.13.9
UV := .uv/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: help run test fast lint bench browser clean pictures

help:
	@echo "make run    everything on this machine, watching a replica of five sites (Ctrl-C stops it)"
	@echo "make test   all tests"
	@echo "make fast   the tests that need no Airflow"
	@echo "make lint   ruff, mypy, import-linter"
	@echo "make bench  the benchmarks"
	@echo "make clean  remove the local state (var/)"

run: .venv/.made
	@exec $(BIN)/tongjian up

test: .venv/.made browser
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

fast: .venv/.made
	$(BIN)/python -m pytest -m "not slow and not browser"

lint: .venv/.made
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.made
	$(BIN)/python -m bench

clean:
	rm -rf var

browser:
	@sh tests/browser.sh

.venv/.made: uv.lock pyproject.toml $(UV)
	@echo "making the environment from uv.lock …"
	@$(UV) sync --frozen --compile-bytecode --quiet --python "$$(sh .ci/python)"
	@touch $@

$(UV): Makefile
	@"$$(sh .ci/python)" -m venv .uv || { echo "error: this Python cannot make environments (on Debian: apt install python3-venv)"; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@touch $@

pictures: .venv/.made browser
	$(BIN)/python docs/pictures/make.py
