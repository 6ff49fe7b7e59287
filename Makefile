# The commands of a checkout. PYTHON chooses the Python (3.11 or newer) that .venv is made with.
PYTHON ?= python3
BIN := .venv/bin
SET_UP := .ci/set_up.py pyproject.toml constraints.txt
WHEELHOUSE ?= build/wheelhouse
OUT ?= demo-call
# Half of the tests wait for sound in real time: two at once take half as long, more would disturb each other.
WORKERS ?= 2

.PHONY: help demo test check bench clean wheelhouse constraints licences

help:
	@echo "make demo         watch a whole recorded practice call; its report is left in $(OUT)/"
	@echo "make test         the whole test suite"
	@echo "make check        format, lint, types, import rules, docs, licences"
	@echo "make bench        measure speed, memory and accuracy"
	@echo "make wheelhouse   all wheels in $(WHEELHOUSE)/, to install or test without a network"
	@echo "make constraints  write constraints.txt from what is installed in .venv"
	@echo "make licences     write docs/licences.md from what is installed in .venv"
	@echo "make clean        remove .venv, caches and what was built; calls are kept"
	@echo "Another Python: make demo PYTHON=python3.12"

demo: .venv/.ready-demo
	@rm -f $(addprefix $(OUT)/,call.json report.html caller.flac trainee.flac)
	@$(BIN)/voicesim demo --out $(OUT)

test: .venv/.ready-test
	@.ci/system-packages
	@.ci/page-checker
	@$(BIN)/python -m pytest -rsR --rerun-show-tracebacks -n $(WORKERS) --dist loadfile

check: .venv/.ready-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --strict .ci/packages.py .ci/constraints.py .ci/licences.py
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -rs tests/docs
	$(BIN)/python .ci/licences.py --check

bench: .venv/.ready-test
	@for program in $$(ls tests/benchmarks/*.py | grep -v '/_\|/fit_'); do \
		echo "== $$program"; $(BIN)/python $$program || exit; \
	done

wheelhouse: .venv/.ready-demo
	@echo "Collecting all wheels in $(WHEELHOUSE)/ (about 330 MB)"
	@$(BIN)/python -m pip wheel -q -c constraints.txt -w $(WHEELHOUSE) .
	@rm -f $(WHEELHOUSE)/voicesim-*.whl
	@echo "To use it: python -m pip install --no-index --find-links $(WHEELHOUSE) PATH_OF_VOICESIM_WHEEL"

constraints: .venv/.ready-test
	@$(BIN)/python .ci/constraints.py

licences: .venv/.ready-test
	@$(BIN)/python .ci/licences.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready-demo: $(SET_UP)
	@$(PYTHON) .ci/set_up.py demo

.venv/.ready-test: $(SET_UP)
	@$(PYTHON) .ci/set_up.py test
	@touch .venv/.ready-demo
