#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every fuzz target, built by plain cc with replay.c, over its seeds: those of
# t/fuzz/seeds/NAME, and for all of them the ones that others published. A
# target without a seed has failed.
: "${fuzzers?the targets, from make check}"
seeds=$srcdir/t/fuzz/seeds
published=$FASTAUTH_CORPUS/fuzz_seeds_mod_auth_openidc
status=0

[ -n "$fuzzers" ] || { echo "no fuzz target"; exit 1; }
[ -d "$published" ] || published=
for fuzzer in $fuzzers; do
    name=${fuzzer#t/fuzz/fuzz_}
    [ -d "$seeds/$name" ] || { echo "$name: no seed"; status=1; continue; }
    "./$fuzzer" "$seeds/$name" ${published:+"$published"} || status=1
done
exit $status
