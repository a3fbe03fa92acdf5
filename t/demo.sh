#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demonstration keeps its word: each request that it prints is answered as
# it says.
for tool in curl openssl htpasswd setsid; do
    command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
DEMO_CHECK=1 DEMO_PORT=8180 exec sh "$srcdir/conf/demo.sh"
