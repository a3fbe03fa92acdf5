#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Says what a handler was told: the request, and its environment.
use strict;
use warnings;

print "Content-Type: text/plain\r\n\r\n";
print "handler-output\n";
for my $name (sort keys %ENV) {
    next unless $name =~ /^(?:HTTP_|FASTAUTH_|REMOTE_|AUTH_|QUERY|REQUEST)/;
    print "$name=$ENV{$name}\n";
}
