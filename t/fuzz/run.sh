#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make fuzz': every target under libFuzzer with ASan and UBSan, for
# FUZZ_SECONDS each (600). What it finds worth keeping stays in
# fuzzing/corpus/NAME, what breaks in fuzzing/crash-*. FUZZ_TARGETS picks some.
set -eu
: "${srcdir:?}" "${fuzzers?}" "${sources:?}" "${flags:?}" "${libs:?}"
: "${FASTAUTH_CORPUS:?}"
clang=${FUZZ_CC:-clang}
seconds=${FUZZ_SECONDS:-600}
common='-std=gnu11 -g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all'
mkdir -p fuzzing
cd fuzzing
case $srcdir in /*) ;; *) srcdir=../$srcdir ;; esac
# the flags look from the folder above
flags=$(printf '%s\n' "$flags" | sed 's,-I\.,-I../.,g')

# what others published: more seeds, and the words of their formats
published=$FASTAUTH_CORPUS/fuzz_seeds_mod_auth_openidc
[ -d "$published" ] || published=
: >words.dict
[ -z "$published" ] || cat "$published"/dict/* >words.dict

objects=
for source in $sources; do
    case $source in *.h) continue ;; esac
    object=$(basename "$source" .c).o
    # shellcheck disable=SC2086 # lists
    $clang $common -fsanitize=fuzzer-no-link,address,undefined $flags \
        -c -o "$object" "$srcdir/$source"
    objects="$objects $object"
done

status=0
for fuzzer in ${FUZZ_TARGETS:-$fuzzers}; do
    name=$(basename "$fuzzer")
    name=${name#fuzz_}
    # shellcheck disable=SC2086 # lists
    $clang $common -fsanitize=fuzzer,address,undefined $flags \
        -o "fuzz_$name" "$srcdir/t/fuzz/fuzz_$name.c" $objects $libs
    mkdir -p "corpus/$name"
    echo "fuzz: $name for $seconds seconds"
    "./fuzz_$name" -max_total_time="$seconds" -max_len=16384 -timeout=10 \
        -artifact_prefix="crash-$name-" -print_final_stats=1 \
        -dict=words.dict "corpus/$name" "$srcdir/t/fuzz/seeds/$name" \
        ${published:+"$published"} >"$name.log" 2>&1 ||
        { status=1; echo "fuzz: $name FAILED"; tail -n 40 "$name.log"; }
    grep -E 'stat::number_of_executed_units|cov:' "$name.log" | tail -n 2
done
exit $status
