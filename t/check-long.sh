#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `./bootstrap check-long', after the build: what takes longer. Each part works
# on the archive that `make dist' makes, out of tree. PARTS picks some;
# FUZZ_SECONDS (600) is for each fuzz target, SOAK_REQUESTS (1000000) for all;
# FASTAUTH_KILLS (1000) workers are killed over all MPMs, STORE_KILLS (1000)
# processes at the store, RATE_ROUNDS (20) times 10,000 arrival patterns are tried;
# FASTAUTH_WALK (2000) configurations are walked.
set -u
parts=${PARTS:-distcheck clang sanitizers mpms races walk bench asan fuzz soak}
top=$PWD
FASTAUTH_CORPUS=${FASTAUTH_CORPUS:-$top/../shared/corpus}
[ ! -d "$FASTAUTH_CORPUS" ] ||
    FASTAUTH_CORPUS=$(cd "$FASTAUTH_CORPUS" && pwd)
FASTAUTH_NPM=${FASTAUTH_NPM:-$top/t/npm}
export FASTAUTH_CORPUS FASTAUTH_NPM
jobs=$(nproc 2>/dev/null || echo 2)
passed=0 failed=0

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fastauth-long.XXXXXX")
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# build NAME CONFIGURE-ARGUMENT...: out of tree, in $scratch/NAME
build()
{
    name=$1
    shift
    mkdir -p "$scratch/$name" && cd "$scratch/$name" &&
        "$source/configure" --quiet "$@" &&
        make --quiet -j"$jobs"
}
# in_build NAME COMMAND...
in_build()
{
    cd "$scratch/$1" || return
    shift
    "$@"
}

# checked MAKE-ARGUMENT...: and where a test failed, what it said
checked()
{
    find . -name test-suite.log -exec rm -f {} +
    make --quiet -k "$@" && return
    find . -name test-suite.log -exec cat {} +
    return 1
}

distcheck()
{
    cd "$top" && checked distcheck
}
clang()
{
    build clang CC=clang && checked -j"$jobs" check
}
# forked tests under ASan would each report the leaks of the parent
sanitizers()
{
    build sanitizers --enable-sanitizers CFLAGS='-g -O1' &&
        CK_FORK=no CK_DEFAULT_TIMEOUT=600 UBSAN_OPTIONS=print_stacktrace=1 \
            checked check-units
}
asan()
{
    [ -d "$scratch/sanitizers" ] ||
        build sanitizers --enable-sanitizers CFLAGS='-g -O1' || return
    in_build sanitizers make --quiet check-server
}
mpms()
{
    broken=0
    for mpm in event worker prefork; do
        (cd "$top" && FASTAUTH_MPM=$mpm make --quiet check-server) || broken=1
    done
    return $broken
}
# Limits and what races for them: workers killed in each MPM, then the store by
# itself, killed and under ThreadSanitizer (which has no use for other processes)
races()
{
    broken=0
    for mpm in event worker prefork; do
        (cd "$top" && FASTAUTH_KILLS=$(((${FASTAUTH_KILLS:-1000} + 2) / 3)) \
            FASTAUTH_MPM=$mpm TESTS=t/62-races.t \
            make --quiet -e check-server) || broken=1
    done
    [ -x "$scratch/races/t/unit/t_store" ] || build races &&
        in_build races make --quiet t/unit/t_store t/unit/t_rate &&
        STORE_KILLS=${STORE_KILLS:-1000} CK_DEFAULT_TIMEOUT=3600 \
            in_build races t/unit/t_store &&
        RATE_ROUNDS=${RATE_ROUNDS:-20} CK_DEFAULT_TIMEOUT=3600 \
            in_build races t/unit/t_rate || broken=1
    build tsan CC=clang CFLAGS='-g -O1 -fsanitize=thread' \
        LDFLAGS=-fsanitize=thread &&
        in_build tsan make --quiet t/unit/t_store &&
        CK_FORK=no CK_RUN_CASE=threads CK_DEFAULT_TIMEOUT=600 \
            TSAN_OPTIONS=halt_on_error=1 in_build tsan t/unit/t_store ||
        broken=1
    return $broken
}
# The document against real requests, for other configurations than check's
walk()
{
    cd "$top" && FASTAUTH_WALK=${FASTAUTH_WALK:-2000} TESTS=t/72-walk.t \
        make --quiet -e check-server
}
bench()
{
    build bench && make --quiet t/bench/operations &&
        sh "$source/t/bench/operations.sh" t/bench/operations
}
fuzz()
{
    cd "$top" && make --quiet fuzz
}
soak()
{
    cd "$top" && sh t/soak.sh "${SOAK_REQUESTS:-1000000}"
}

archive=$(sed -n 's/^PACKAGE_TARNAME = //p' Makefile)
archive=$archive-$(sed -n 's/^PACKAGE_VERSION = //p' Makefile)
source=$scratch/$archive
make --quiet dist && xz -dc "$archive.tar.xz" | (cd "$scratch" && tar -xf -)
[ -f "$source/configure" ] || exit 1
for part in $parts; do
    echo "check-long: $part"
    if ($part) >"$scratch/$part.log" 2>&1; then
        passed=$((passed + 1))
        tail -n 5 "$scratch/$part.log"
    else
        failed=$((failed + 1))
        cp "$scratch/$part.log" "$top/check-long-$part.log"
        tail -n 60 "$scratch/$part.log"
        echo "check-long: $part FAILED; see check-long-$part.log"
    fi
done
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
