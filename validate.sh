#!/usr/bin/env bash
# Everything that must hold before a change lands, as one list of steps; CI runs exactly this.
#
#   ./validate.sh [--strict] [--only STEP]… [--list] [--json]
#     --strict      a step that cannot run here fails instead of being skipped (always so when CI is set)
#     --only STEP   only this step; may be given several times
#     --list        the names of the steps, one a line
#     --json        one JSON document on standard output; the lines for people go to standard error
#
# Exit 0 when no step failed, 1 when one did, 2 for a wrong call. The last line is `N passed, N failed, N skipped`.
#
# A step is a function step_NAME and a row in `steps`. It runs alone, in the project's directory, with `set -e`; what it
# prints is its log. It passes by returning 0 and is skipped by `skip REASON`; `figure TEXT` puts a figure on its line.
set -uo pipefail

steps=(setup format scripts clippy python models lean tests launcher clean)

step_setup() { scripts/setup.sh --dev; }

step_format() {
    cargo fmt --all --check -- --color never
    figure "$(git ls-files '*.rs' | wc -l) files"
}

step_scripts() {
    local script count=0
    for script in tribunal validate.sh .ci/run scripts/*.sh; do
        bash -n "$script"
        count=$((count + 1))
    done
    figure "$count scripts"
}

step_clippy() {
    scripts/setup.sh
    cargo clippy --quiet --locked --all-targets -- -D warnings
}

step_python() {
    scripts/setup.sh --dev
    export PYTHONDONTWRITEBYTECODE=1
    cd python
    local tests count=0 run
    for tests in interpreter/tests tests; do
        ../.venv/bin/python3 -W error -m unittest discover -t . -s "$tests" 2>&1 | tee "$scratch/python.out"
        run=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$scratch/python.out")
        [[ ${run:-0} -gt 0 ]] || { echo "no test was run in $tests"; return 1; }
        count=$((count + run))
    done
    figure "$count tests"
    ../.venv/bin/python3 constraints.py
}

# The reference models hold, and their mutants break what they must.
step_models() {
    export PYTHONDONTWRITEBYTECODE=1
    python3 -W error -m unittest discover -s tla
    local code=0
    tla/check.py >"$scratch/models.out" 2>&1 || code=$?
    cat "$scratch/models.out"
    [[ $code -ne 77 ]] || skip "$(sed -n 's/^SKIP  //p' "$scratch/models.out")"
    figure "$(tail -n 1 "$scratch/models.out")"
    return "$code"
}

# A real Lean: into this user's cache, once; then the development for readers. The tests use it too.
step_lean() {
    scripts/setup.sh
    if ! command -v lake >/dev/null 2>&1; then
        command -v npm >/dev/null 2>&1 || skip "neither lake nor npm here, so no Lean"
        cargo run --quiet --profile ci --locked -- doctor --install lean-wasm
    fi
    export PYTHONDONTWRITEBYTECODE=1
    python3 -W error -m unittest discover -s lean
    local code=0
    scripts/check-lean-dev.sh >"$scratch/lean.out" 2>&1 || code=$?
    cat "$scratch/lean.out"
    [[ $code -ne 77 ]] || skip "$(sed -n 's/^SKIP  //p' "$scratch/lean.out")"
    figure "$(find lean -name '*.lean' | wc -l) files"
    return "$code"
}

step_tests() {
    scripts/setup.sh --dev
    cargo test --profile ci --locked --no-fail-fast 2>&1 | tee "$scratch/tests.out"
    local run ignored
    run=$(sum_of passed "$scratch/tests.out") ignored=$(sum_of ignored "$scratch/tests.out")
    figure "$run tests, $ignored ignored"
    [[ $run -gt 0 ]] || { echo "no test was run"; return 1; }
}

# The README's first command: from another directory, through a link, with nothing but the program's words on its output.
step_launcher() {
    local root=$PWD output
    ln -s "$root/tribunal" "$scratch/a link"
    cd "$scratch"
    "./a link" --version >"$scratch/first.out"
    local start=$EPOCHREALTIME
    "./a link" --version >"$scratch/second.out" 2>"$scratch/second.err"
    local milliseconds=$(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 1000))
    figure "warm start $milliseconds ms"
    cmp "$scratch/first.out" "$scratch/second.out"
    [[ ! -s $scratch/second.err ]] || { echo "a warm start is not silent:"; cat "$scratch/second.err"; return 1; }
    [[ $(wc -l <"$scratch/first.out") -le 1 ]] || { echo "set-up output on standard output:"; cat "$scratch/first.out"; return 1; }
}

# Must stay last: the steps before it changed no file of the project, and made none.
step_clean() {
    git rev-parse --is-inside-work-tree >/dev/null 2>&1 || skip "not a git work tree"
    tree_state >"$scratch/after"
    diff "$scratch/before" "$scratch/after"
}

# --- how steps are run -------------------------------------------------------------------------------------------------

skip() { printf '%s\n' "$1" >"$scratch/skip"; exit 77; }
figure() { printf '%s\n' "$1" >"$scratch/figure"; }
# sum_of WORD FILE: over all lines `test result: … N WORD; …` of cargo test.
sum_of() { sed -n "s/^test result: .* \([0-9][0-9]*\) $1;.*/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'; }
tree_state() { git status --porcelain --untracked-files=all; git diff HEAD | sha256sum; }

strict=no json=no chosen=()
[[ -z ${CI:-} || ${CI:-} == false ]] || strict=yes

usage() { echo "validate.sh: $1; usage: ./validate.sh [--strict] [--only STEP]… [--list] [--json]" >&2; exit 2; }

while [[ $# -gt 0 ]]; do
    case $1 in
        --strict) strict=yes ;;
        --json) json=yes ;;
        --list) printf '%s\n' "${steps[@]}"; exit 0 ;;
        --only)
            [[ $# -gt 1 ]] || usage "--only needs a step"
            [[ " ${steps[*]} " == *" $2 "* ]] || usage "no step '$2'; the steps are ${steps[*]}"
            chosen+=("$2"); shift ;;
        *) usage "unknown argument '$1'" ;;
    esac
    shift
done
[[ ${#chosen[@]} -gt 0 ]] || chosen=("${steps[@]}")

cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" || exit 2
command -v cargo >/dev/null || PATH=$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin
scratch=$(mktemp -d) || exit 2
trap 'rm -rf -- "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$scratch/tmp"
# What the tests leave in their temporary directory goes with it. Snapshots are compared, never accepted.
export TMPDIR=$scratch/tmp INSTA_UPDATE=no CARGO_TERM_COLOR=never

exec 3>&1
[[ $json == no ]] || exec 3>&2
passed=0 failed=0 skipped=0 rows=()
tree_state >"$scratch/before" 2>/dev/null

# Only for text without control characters, which figures and reasons are.
quoted() { local text=${1//\\/\\\\}; printf '"%s"' "${text//\"/\\\"}"; }

for name in "${chosen[@]}"; do
    rm -f -- "$scratch/figure" "$scratch/skip"
    start=$EPOCHREALTIME
    # Not in a condition: there `set -e` would be ignored inside the step.
    (set -eo pipefail; "step_$name") >"$scratch/log" 2>&1 </dev/null 3>&-
    code=$?
    tenths=$(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 100000))
    seconds=$((tenths / 10)).$((tenths % 10))
    note=$(cat "$scratch/figure" 2>/dev/null)
    if [[ $code -eq 0 ]]; then
        word=PASS passed=$((passed + 1))
    elif [[ -f $scratch/skip && $strict == no ]]; then
        word=SKIP skipped=$((skipped + 1)) note=$(<"$scratch/skip")
    else
        word=FAIL failed=$((failed + 1))
        [[ ! -f $scratch/skip ]] || note="cannot run here: $(<"$scratch/skip")"
    fi
    printf '%s  %-12s %8s s  %s\n' "$word" "$name" "$seconds" "$note" >&3
    if [[ $word == FAIL ]]; then
        tail -n 60 "$scratch/log" | sed 's/^/    | /' >&3
    fi
    rows+=("{\"step\": $(quoted "$name"), \"result\": $(quoted "${word,,}"), \"seconds\": $seconds, \"note\": $(quoted "$note")}")
done

if [[ $json == yes ]]; then
    (IFS=,; printf '{"passed": %d, "failed": %d, "skipped": %d, "steps": [%s]}\n' "$passed" "$failed" "$skipped" "${rows[*]}")
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped" >&3
[[ $failed -eq 0 ]]
