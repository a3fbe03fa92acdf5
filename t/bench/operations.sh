#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# t/bench/operations.sh PROGRAM: the instructions that one request costs to find
# its operation among 10 and among 1,000 of one section, as callgrind counts
# them. More than 4,000 more (2 us at 2 a ns) is a failure. PROGRAM is
# t/bench/operations as built.
set -eu
program=${1:?the program}
most=4000
command -v valgrind >/dev/null ||
    { echo "bench: skipped, valgrind is absent"; exit 0; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fastauth-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# count OPERATIONS KIND: the mean and the most of a search's instructions; every
# request is a dump of its own
count()
{
    rm -f "$scratch"/out*
    LD_BIND_NOW=1 valgrind --tool=callgrind --collect-atstart=no \
        --toggle-collect=measured --dump-after=measured \
        --callgrind-out-file="$scratch/out" "$program" "$1" "$2" \
        >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
    find "$scratch" -name 'out*' -exec sed -n 's/^summary: //p' {} + |
        awk -v due="$1" '$1 > 0 { n++; sum += $1; if ($1 > max) max = $1 }
            END { if (n != due) { print n " counted, of " due; exit 1 }
                  printf "%d %d\n", sum / n, max }'
}

status=0
echo "instructions of one search among 10 and 1,000 operations"
for kind in hit case miss; do
    few=$(count 10 $kind) || { echo "$few"; exit 1; }
    many=$(count 1000 $kind) || { echo "$many"; exit 1; }
    # shellcheck disable=SC2086 # two numbers each
    set -- $few $many
    echo "$kind: mean $1 and $3 ($(($3 - $1)) more)," \
        "most $2 and $4 ($(($4 - $2)) more)"
    if [ $(($4 - $2)) -gt $most ] || [ $(($3 - $1)) -gt $most ]; then
        status=1
        echo "$kind: more than $most more"
    fi
done
exit $status
