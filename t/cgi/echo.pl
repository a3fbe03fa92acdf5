#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Says what a handler was told: the request, and its environment. A query may
# ask for a header (cached, status=NNN).
use strict;
use warnings;

# Unread, a body would reset the connection between httpd and this program
1 while read STDIN, my $body, 65536;
my $query = $ENV{QUERY_STRING} // '';
print "Status: $1\r\n" if $query =~ /status=(\d{3})/;
print "Cache-Control: max-age=60\r\nVary: Accept\r\n" if $query =~ /cached/;
print "Content-Type: text/plain\r\n\r\n";
print "handler-output\n";
for my $name (sort keys %ENV) {
    next unless $name =~ /^(?:HTTP_|FASTAUTH_|REMOTE_|AUTH_|QUERY|REQUEST)/;
    print "$name=$ENV{$name}\n";
}
