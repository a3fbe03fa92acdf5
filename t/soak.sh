#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# t/soak.sh [REQUESTS]: a million requests of mixed kinds against the server of
# the demonstration (loopback only). Every one is answered as it must be, and
# httpd's children hold no more memory at the end than after a tenth of them.
set -eu
if [ -z "${DEMO_RUN-}" ]; then
    export SOAK_REQUESTS="${1:-1000000}"
    DEMO_RUN=$0 DEMO_PORT=8280 exec sh "$(dirname "$0")/../conf/demo.sh"
fi

# From here on read by conf/demo.sh, with its variables
: "${port:?}" "${root:?}" "${pid:?}" "${key:?}" "${password:?}" "${expired:?}"
rounds=20 kinds=7 most_growth_kb=4096
each=$(((SOAK_REQUESTS + rounds * kinds - 1) / (rounds * kinds)))
file=http://127.0.0.1:$port/api/files/hello.json
orders=http://127.0.0.1:$port/api/orders

# send KIND STATUS URL AB-ARGUMENT...: all of them answered, all with STATUS
send()
{
    kind=$1 status=$2 url=$3
    shift 3
    ab -q -k -c 16 -n "$each" "$@" "$url" >"$root/logs/ab" 2>&1 ||
        { cat "$root/logs/ab"; exit 1; }
    done=$(sed -n 's/^Complete requests: *//p' "$root/logs/ab")
    refused=$(sed -n 's/^Non-2xx responses: *//p' "$root/logs/ab")
    failed=$(sed -n 's/^Failed requests: *//p' "$root/logs/ab")
    expected=0
    [ "$status" = 200 ] || expected=$each
    if [ "$done" != "$each" ] || [ "${refused:-0}" != "$expected" ] ||
        [ "$failed" != 0 ]; then
        echo "soak: $kind: of $each, $done answered, ${refused:-0} refused"
        exit 1
    fi
    sent=$((sent + done))
}
# the children's resident memory: "PID KB" each
memory()
{
    ps -o pid=,rss=,nlwp= --ppid "$pid" | awk '$3 > 2 { print $1, $2 }' | sort
}

sent=0 round=0 begun=$(date +%s)
while [ $round -lt $rounds ]; do
    round=$((round + 1))
    good=$(token "{\"sub\":\"ada\",\"jti\":\"$round\",\"exp\":$(($(date +%s) + 3600))}")
    send 'good token' 200 "$file" -H "Authorization: Bearer $good"
    send 'too little' 403 "$orders" -H "Authorization: Bearer $good"
    send 'expired' 401 "$file" -H "Authorization: Bearer $expired"
    send 'forged' 401 "$file" -H "Authorization: Bearer ${good%????}AAAA"
    send 'API key' 200 "$file" -H "X-API-Key: $key"
    send 'password' 200 "$file" -A "carol:$password"
    send 'nothing' 401 "$file"
    [ $round != $((rounds / 10)) ] || memory >"$root/logs/before"
    echo "soak: $sent requests, children at $(memory | tr '\n' ' ')kB"
done
memory >"$root/logs/after"
seconds=$(($(date +%s) - begun))

echo "soak: $sent requests in $seconds seconds"
join "$root/logs/before" "$root/logs/after" |
    awk -v most=$most_growth_kb '
        { print "soak: child " $1 ": " $2 " kB, then " $3 " kB"
          if ($3 - $2 > most) bad = 1
          children++ }
        END {
            if (children != 2) print "soak: a child has gone"
            if (bad) print "soak: the memory grew by more than " most " kB"
            exit bad || children != 2 }'
