#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lib/core cannot see httpd: with its flags, httpd.h is not to be found. That
# the same flags do find APR shows that they are the real ones.
: "${CC:?the compiler, from make check}"
: "${core_cppflags:?the flags of lib/core, from make check}"

compiles()
{
    # shellcheck disable=SC2086 # lists, and CC may have arguments
    printf '#include "%s"\n' "$1" | $CC $core_cppflags -x c -fsyntax-only -
}

guard()
{
    sources 'lib/core/*.[ch]' | grep -q . || echo "no lib/core"
    sources 'lib/core/*.[ch]' | xargs grep -nwE \
        'request_rec|server_rec|conn_rec|cmd_parms' | wrong "httpd's types"
}

compiles apr_pools.h || { echo "these flags do not find APR"; exit 1; }
for header in httpd.h http_config.h http_core.h ap_config.h mod_auth.h; do
    if compiles $header 2>/dev/null; then
        echo "lib/core can include $header"
        exit 1
    fi
done
. "${srcdir:-.}/t/guards/files.sh"
settle guard
