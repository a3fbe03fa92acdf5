# SPDX-License-Identifier: Apache-2.0
# Pages as a browser shows them: t/node/page.mjs says what is wrong with one.
use strict;
use warnings;
use Test::More;
use FastAuthTest;
use FastAuthTest::Node;

my $missing = no_node('chromium');
plan skip_all => $missing if $missing;

# host of t/conf/extra/NN-*.conf.in => its pages
my %pages = (status => ['/status?format=page']);

for my $host (sort keys %pages) {
    my $at = at($host);
    for my $page (@{ $pages{$host} }) {
        my ($status, $found, $error) =
            run_node('page.mjs', ["http://$at$page"]);
        is "$status\n$found$error", "0\n", "nothing is wrong with $page";
    }
}

# and that it would have said so: a page that is not there
my ($status, $found) = run_node('page.mjs', ['http://' . at('status') . '/no']);
is $status, 1, 'a page that is not there';
like $found, qr{^http://\S+/no light 360: 404: http://\S+/no$}m, 'is told of';
finish();
