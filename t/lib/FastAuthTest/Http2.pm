# SPDX-License-Identifier: Apache-2.0
# A request over HTTP/2 in clear text, by nghttp, as FastAuthTest::ask does it.
#
#   use FastAuthTest::Http2;
#   my $r = ask2(at('host'), 'GET', '/x', [Origin => 'https://a.example'])
#       if has_http2();
package FastAuthTest::Http2;
use strict;
use warnings;
use Exporter qw(import);
use FastAuthTest qw(log_mark log_since);

our @EXPORT = qw(has_http2 ask2);

sub has_http2
{
    return scalar grep { -x "$_/nghttp" } split /:/, $ENV{PATH};
}

sub ask2
{
    my ($host, $method, $target, $headers) = @_;
    my @options = ('-H', ":method: $method");
    my @left = @{ $headers // [] };
    while (my ($name, $value) = splice @left, 0, 2) {
        push @options, '-H', lc($name) . ": $value";
    }
    my $from = log_mark();
    open my $said, '-|', 'nghttp', '-v', '--timeout=10', @options,
        "http://$host$target" or die "nghttp: $!\n";
    my @lines = <$said>;
    close $said;
    # a header of HTTP/2 is in lower case: as HTTP/1.1 would have it
    my @received = map { /recv \(stream_id=\d+\) (:?[^:]+): (.*)$/
        ? [$1, $2] : () } @lines;
    my ($status) = map { $_->[1] } grep { $_->[0] eq ':status' } @received;
    return { status => $status // 0, headers => \@received,
        raw => join('', @lines), body => '', method => $method,
        target => $target, log => [log_since($from)] };
}

1;
