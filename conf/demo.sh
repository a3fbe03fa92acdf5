#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `./bootstrap demo': httpd with conf/fastauth.conf in the foreground, on a free
# port of 127.0.0.1, in a folder of its own that goes with it. Every secret is
# made now. DEMO_CHECK=1 sends the printed requests itself, compares the answers
# with what is promised, and stops; DEMO_RUN=SCRIPT has the script do its work
# here, with the server and the credentials that it finds (t/soak.sh).
set -eu
source=$(cd "$(dirname "$0")" && pwd)
setting() { sed -n "s/^$1 = //p" Makefile; }
moduledir=$(setting httpd_moduledir)
httpd=$(setting HTTPD)
module=$PWD/.libs/mod_fastauth.so
[ -f "$module" ] || { echo "demo: no $module: make"; exit 1; }

root=$(mktemp -d "${TMPDIR:-/tmp}/fastauth-demo.XXXXXX")
pid=
finish()
{
    trap '' INT TERM
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    [ -z "${log_pid-}" ] || kill "$log_pid" 2>/dev/null || :
    rm -rf "$root"
}
trap finish EXIT
trap 'exit 0' INT TERM HUP

# --- secrets and credentials ---
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
# token CLAIMS: signed with HS256, RFC 7515
token()
{
    signed=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
    signed=$signed.$(printf %s "$1" | base64url)
    printf '%s.%s\n' "$signed" "$(printf %s "$signed" |
        openssl dgst -sha256 -mac HMAC -macopt "key:$JWT_SECRET_KEY" -binary |
        base64url)"
}
JWT_SECRET_KEY=$(openssl rand -hex 32)
export JWT_SECRET_KEY
now=$(date +%s)
reader=$(token "{\"sub\":\"ada\",\"scope\":\"orders:read\",\"exp\":$((now + 86400))}")
nobody=$(token "{\"sub\":\"bob\",\"scope\":\"profile\",\"exp\":$((now + 86400))}")
expired=$(token "{\"sub\":\"ada\",\"scope\":\"orders:read\",\"exp\":$((now - 60))}")
key=$(openssl rand -hex 24)
password=$(openssl rand -hex 8)

mkdir "$root/conf" "$root/logs" "$root/cgi-bin" "$root/htdocs"
echo '{"hello": "world"}' >"$root/htdocs/hello.json"
printf '%s user=robot scopes=orders:read,orders:write roles=admin\n' \
    "$(printf %s "$key" | openssl dgst -sha256 -r | cut -c1-64)" \
    >"$root/conf/api-keys"
printf '%s' "$password" | htpasswd -i -c -B "$root/conf/passwords" carol 2>&1 |
    grep -v '^Adding' || :
cp "$source/fastauth.conf" "$root/conf/fastauth.conf"
cp "$source/demo-api" "$root/cgi-bin/api"
chmod 755 "$root" "$root/cgi-bin/api"

# --- httpd ---
user=
if [ "$(id -u)" = 0 ]; then
    name=www-data
    id $name >/dev/null 2>&1 || name=nobody
    user="User $name\\
Group $(id -gn $name)"
    chown -R $name "$root"
fi
free_port()
{
    perl -MIO::Socket::INET -e 'for ($ARGV[0] .. $ARGV[0] + 100) {
        IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1",
            LocalPort => $_, ReuseAddr => 1) or next;
        print; exit }' "${DEMO_PORT:-8080}"
}
port=$(free_port)
[ -n "$port" ] || { echo "demo: no free port"; exit 1; }
sed -e "s,@ROOT@,$root,g; s,@PORT@,$port,; s,@MODULEDIR@,$moduledir," \
    -e "s,@MODULE@,$module,; s,@USER@,$user," "$source/demo.conf.in" |
    while read -r line; do
        case $line in
        LoadModule*) [ -f "${line##* }" ] || continue ;;
        esac
        printf '%s\n' "$line"
    done >"$root/conf/httpd.conf"

# a session of its own: the terminal's signals are ours, not httpd's
set -- setsid "$httpd" -d "$root" -f "$root/conf/httpd.conf" -DFOREGROUND
# configured with --enable-sanitizers, the module needs their runtime
preload=$(setting SANITIZER_LIBS)
[ -z "$preload" ] ||
    set -- env LD_PRELOAD="$preload" ASAN_OPTIONS=detect_leaks=0 "$@"
"$@" </dev/null &
pid=$!
tries=0
until [ -s "$root/logs/httpd.pid" ] &&
    curl -s -o "$root/logs/first" "http://127.0.0.1:$port/"; do
    tries=$((tries + 1))
    if [ $tries -gt 50 ] || ! kill -0 "$pid" 2>/dev/null; then
        echo "demo: httpd did not start:"
        cat "$root/logs/error_log" 2>/dev/null || :
        exit 1
    fi
    sleep 0.2
done

# --- what to try: expected status, why, path, curl's arguments ---
requests()
{
    at=http://127.0.0.1:$port/api
    "$1" 401 'no credential: one challenge for each scheme' "$at/orders"
    "$1" 200 'a good token: ada, who may read orders' \
        -H "Authorization: Bearer $reader" "$at/orders"
    "$1" 403 'the same token, but writing needs orders:write' \
        -X DELETE -H "Authorization: Bearer $reader" "$at/orders/7"
    "$1" 403 'a token without the scope' \
        -H "Authorization: Bearer $nobody" "$at/orders"
    "$1" 401 'a token that expired a minute ago' \
        -H "Authorization: Bearer $expired" "$at/orders"
    "$1" 200 'an API key: a robot that may write too' \
        -X DELETE -H "X-API-Key: $key" "$at/orders/7"
    "$1" 200 'the same key has the role admin' \
        -H "X-API-Key: $key" "$at/admin"
    "$1" 200 'a password (Basic): carol' -u "carol:$password" "$at/whoami"
    "$1" 401 'a wrong password' -u carol:wrong "$at/whoami"
    "$1" 400 'two credentials at once' -H "X-API-Key: $key" \
        -H "Authorization: Bearer $reader" "$at/orders"
    "$1" 200 'what asks nobody' "$at/health"
    "$1" 200 'the OpenAPI document' "${at%/api}/openapi.json"
    "$1" 200 'a page that shows it: open it in a browser' "${at%/api}/docs"
}
show()
{
    printf '\n# %s: %s\ncurl -i' "$1" "$2"
    shift 2
    for word; do
        case $word in
        *[!A-Za-z0-9:/.-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    echo
}
attempt()
{
    expected=$1 why=$2
    shift 2
    got=$(curl -s -o "$root/logs/body" -w '%{http_code}' "$@")
    if [ "$got" = "$expected" ]; then
        echo "ok: $expected: $why"
    else
        echo "FAILED: $why: expected $expected, got $got"
        cat "$root/logs/body"
        broken=1
    fi
}

if [ -n "${DEMO_CHECK-}" ]; then
    broken=0
    requests attempt
    [ $broken = 0 ] || cat "$root/logs/error_log"
    exit $broken
fi
if [ -n "${DEMO_RUN-}" ]; then
    # shellcheck source=/dev/null
    . "$DEMO_RUN"
    exit
fi
requests show
cat <<END

httpd is at http://127.0.0.1:$port/api, with conf/fastauth.conf. Below comes its
error log, where each refusal says why. Ctrl-C stops it and cleans up.

END
tail -n 0 -f "$root/logs/error_log" &
log_pid=$!
wait "$pid"
