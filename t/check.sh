#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `./bootstrap check', after the build: every claim once, and an honest count.
# A claim is one libcheck test, one guard, or one line of a .t file. In CI
# (CI=true) what is skipped has failed: there, everything is to be had.
set -u
jobs=$(nproc 2>/dev/null || echo 2)

find t -name '*.trs' -exec rm -f {} +
rm -f t/server.tally
make --quiet -k -j"$jobs" check </dev/null
status=$?

passed=0 failed=0 skipped=0
count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

for result in $(find t -name '*.trs' | sort); do
    log=${result%.trs}.log
    # libcheck's own line: "100%: Checks: 12, Failures: 0, Errors: 0"
    sums=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' \
        "$log" | awk '{ p += $1 - $2 - $3; f += $2 + $3 } END { if (NR) print p, f }')
    case $(sed -n 's/^:global-test-result: //p' "$result") in
    PASS) case $sums in *' 0') count "${sums% *}" 0 0 ;; *) count 1 0 0 ;; esac ;;
    SKIP)
        count 0 0 1
        echo "skipped: $log: $(head -n 1 "$log")"
        ;;
    *) case $sums in
        '' | *' 0') count 0 1 0 ;;
        *) count "${sums% *}" "${sums#* }" 0 ;;
        esac
        echo "FAILED: $log"
        tail -n 40 "$log"
        ;;
    esac
done
if [ -s t/server.tally ]; then
    # shellcheck disable=SC2046 # three numbers
    count $(cat t/server.tally)
else
    echo "FAILED: the server tests did not run"
    count 0 1 0
fi

[ "$status" = 0 ] || [ "$failed" -gt 0 ] ||
    { echo "FAILED: make check"; failed=1; }
if [ "${CI-}" = true ] && [ "$skipped" -gt 0 ]; then
    echo "FAILED: in CI nothing may be skipped"
    status=1
fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$status" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
