#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A CGI's local redirect (RFC 3875 section 6.2.2) to the path in its query.
printf 'Location: %s\r\n\r\n' "$QUERY_STRING"
