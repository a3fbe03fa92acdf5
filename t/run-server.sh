#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The server tests: Apache::Test starts httpd with the module, and runs t/*.t.
# `make check-server' calls this; these may be set:
#
#   TESTS="t/10-x.t ..."  only these (after make)
#   VERBOSE=1             all that they print
#   FASTAUTH_MPM=event    or worker, prefork
#   KEEP=1                keep the tree
#   FASTAUTH_NPM=DIR      where npm's packages are, if not in t/npm
#
# Configured with --enable-sanitizers, httpd runs under ASan and UBSan.
# Everything happens in a copy, which an ordinary user may write: httpd does not
# start its children as root, and the source may be read-only. Left behind are
# t/server.log, t/server.tally and, after a failure, t/server-error.log.
set -eu
: "${srcdir:?}" "${APXS:?}" "${HTTPD:?}" "${PERL:?}"
: "${FASTAUTH_MODULE:?}" "${FASTAUTH_CORPUS:?}"
out=$PWD/t
mkdir -p "$out"
# of make's TESTS, those that are ours
tests=$(for test in ${TESTS-}; do
    case $test in *.t) echo "$test" ;; esac
done)
rm -f "$out/server.log" "$out/server.tally" "$out/server-error.log"

if ! "$PERL" -MApache::TestRun -MLWP::UserAgent -e 1 2>/dev/null; then
    echo "SKIP: server tests: no Apache::Test; ./bootstrap check installs it"
    echo "0 0 1" >"$out/server.tally"
    exit 0
fi

tree=$(mktemp -d "${TMPDIR:-/tmp}/fastauth-test.XXXXXX")
finish()
{
    # httpd, should the harness have died before it
    [ ! -s "$tree/t/logs/httpd.pid" ] ||
        kill "$(cat "$tree/t/logs/httpd.pid")" 2>/dev/null || :
    [ -n "${KEEP-}" ] || rm -rf "$tree"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The copy: tests and their configuration, the module, nothing else
chmod 755 "$tree"
(cd "$srcdir/t" && tar -cf - --exclude=./unit --exclude=./fuzz \
    --exclude=./guards --exclude='./server*.log' --exclude=node_modules .) |
    (mkdir "$tree/t" && cd "$tree/t" && tar -xf - --no-same-owner)
chmod -R u+w "$tree"
cp "$FASTAUTH_MODULE" "$tree/mod_fastauth.so"
cp "$srcdir/conf/security-log.schema.json" "$tree/t/node"
moduledir=$("$APXS" -q LIBEXECDIR)
mpm=${FASTAUTH_MPM:-event}
cgi=cgid
[ "$mpm" != prefork ] || cgi=cgi
# a module that has no file of its own is part of httpd, or not there
sed -e "s,@MPM@,mpm_$mpm,g; s,@CGI@,$cgi,g; s,@MODULEDIR@,$moduledir,g" \
    "$tree/t/conf/base.conf.in" |
    while read -r word name file; do
        [ "$word" != LoadModule ] || [ -f "$file" ] || continue
        echo "$word $name $file"
    done >"$tree/base.conf"
# Apache::Test would take it for one of its own
rm "$tree/t/conf/base.conf.in"

httpd=$HTTPD
if [ -n "${SANITIZER_LIBS-}" ]; then
    httpd=$tree/httpd
    cat >"$httpd" <<END
#!/bin/sh
LD_PRELOAD='$SANITIZER_LIBS'
ASAN_OPTIONS='log_path=$tree/t/logs/asan:detect_leaks=0'
UBSAN_OPTIONS='log_path=$tree/t/logs/ubsan:print_stacktrace=1'
export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS
exec '$HTTPD' "\$@"
END
    chmod 755 "$httpd"
fi

as_tester=
if [ "$(id -u)" = 0 ]; then
    user=www-data
    id $user >/dev/null 2>&1 || user=nobody
    as_tester="setpriv --reuid $user --regid $(id -g $user) --clear-groups"
    chown -R $user "$tree"
fi
# the corpus may lie where only its owner looks
if [ -d "$FASTAUTH_CORPUS" ] &&
    ! $as_tester test -r "$FASTAUTH_CORPUS/README.md"; then
    cp -R "$FASTAUTH_CORPUS" "$tree/corpus"
    chmod -R a+rX "$tree/corpus"
    FASTAUTH_CORPUS=$tree/corpus
fi

# t/npm's packages, which t/node/*.mjs look for beside them: a link to them, or a
# copy where only their owner looks. npm writes that file last
for npm in "${FASTAUTH_NPM-}" "$out/npm" "$srcdir/t/npm"; do
    [ -f "$npm/node_modules/.package-lock.json" ] || continue
    npm=$(cd "$npm" && pwd)
    if $as_tester test -r "$npm/node_modules/.package-lock.json"; then
        ln -s "$npm/node_modules" "$tree/t/node/node_modules"
    else
        cp -R "$npm/node_modules" "$tree/t/node"
        chmod -R a+rX "$tree/t/node/node_modules"
    fi
    break
done

# A hundred free ports in a row, for httpd and its virtual hosts, elsewhere for
# each run: Apache::Test's own choice looks at one, and two runs would meet
# shellcheck disable=SC2016 # Perl's
port=$("$PERL" -MIO::Socket::INET -e '
    my $port = 10000 + 100 * ($ARGV[0] % 200);
    for my $try (1 .. 200) {
        print($port), exit unless grep { !IO::Socket::INET->new(Listen => 1,
            LocalPort => $_, ReuseAddr => 1) } $port .. $port + 99;
        $port = 10000 + ($port - 10000 + 100) % 20000;
    }
    die "no hundred free ports\n"' $$)

# Twenty clients to begin with: two processes of event or worker
run_tests()
{
    cd "$tree"
    export FASTAUTH_CORPUS FASTAUTH_MPM="$mpm"
    export FASTAUTH_MODULE="$tree/mod_fastauth.so" HOME="$tree"
    export PERL5LIB="$tree/t/lib${PERL5LIB:+:$PERL5LIB}"
    # where Debian keeps jose, which its node finds by itself
    export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
    [ ! -f t/conf/environment ] || . ./t/conf/environment
    # httpd reads the keys before the first test runs
    $as_tester "$PERL" t/lib/make-keys.pl t/keys || exit
    # shellcheck disable=SC2086 # lists
    $as_tester "$PERL" t/TEST.PL -verbose -apxs "$APXS" -httpd "$httpd" \
        -httpd_conf "$tree/base.conf" -port "$port" -maxclients 80 \
        -minclients 20 -threadsperchild 10 $tests </dev/null 2>&1
}

# the lines that matter: one for each file, what failed, and how it ended
digest()
{
    [ -z "${VERBOSE-}" ] || { cat; return; }
    awk '
    /^Test Summary Report/ { all = 1 }
    all || /^t\/.*\.t \.+ skipped: / { print; next }
    /^t\/.*\.t \.+/ { file = $1; count = 0; next }
    /^ok [0-9]/ { count++; next }
    /^(ok$|skipped:|All tests|Files=|Result:|Failed|Dubious)/ {
        print $1 == "ok" ? file " .. ok, " count : file " .. " $0; next }
    /^not ok|^# |^\[ *error\]|^!!!|Syntax error|died|^t\// { print }' |
        sed 's,^.* \.\. \(All tests\|Files=\|Result:\),\1,'
}

echo "server tests: httpd with the $mpm MPM, $(basename "$tree")"
{
    status=0
    (run_tests) || status=$?
    echo "$status" >"$out/server.status"
} | tee "$out/server.log" | digest
status=$(cat "$out/server.status")
rm -f "$out/server.status"

reports=$(find "$tree/t/logs" -name '*san.*' -size +0c 2>/dev/null)
[ -z "$reports" ] || {
    status=1
    # shellcheck disable=SC2086 # a list
    cat $reports | tee -a "$out/server.log"
}
awk -v status="$status" '
/^ok [0-9].*# *[Ss][Kk][Ii][Pp]/ { skipped++; next }
# a whole file
/^(t\/.*\.t \.+ *)?skipped: / { skipped++; next }
/^ok [0-9]/ || /^not ok [0-9].*# TODO/ { passed++ }
/^not ok [0-9]/ && !/# TODO/ { failed++ }
END {
    if (status != 0 && !failed)
        failed = 1
    print passed + 0, failed + 0, skipped + 0
}' "$out/server.log" >"$out/server.tally"
if [ "$status" != 0 ]; then
    # httpd did not come up: why is among the last lines
    grep -q '^Result:' "$out/server.log" || tail -n 20 "$out/server.log"
    cp "$tree/t/logs/error_log" "$out/server-error.log" 2>/dev/null || :
    echo "see t/server.log and t/server-error.log"
fi
exit "$status"
