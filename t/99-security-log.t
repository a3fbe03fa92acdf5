# SPDX-License-Identifier: Apache-2.0
# What all tests together have written to the main server's SecurityLog: every
# line is right, by the schema and by eye, and no secret of the suite is in it.
use strict;
use warnings;
use Test::More;
use FastAuthTest;
use FastAuthTest::Node;
use FastAuthTest::SecurityLog;

# one line at least, should this be the only test that runs
my $name = 'security.json';
my $file = top() . "/logs/$name";
at('seclog_shared');
my $mark = events_mark($name);
is ask('GET', '/kept/the-last-of-all')->{status}, 401, 'one more';
events_since($name, $mark, 1);
my $bytes = slurp($file);
my $lines = $bytes =~ tr/\n//;
cmp_ok $lines, '>', 0, "$lines lines";
is_deeply [wrong_lines($bytes)], [], 'every line is right';

SKIP: {
    my $missing = no_node();
    skip $missing, 2 if $missing;
    my ($status, $found, $error) =
        run_node('lines.mjs', [schema_file(), $file]);
    is "$status\n$found$error", "0\n$lines lines\n", 'the schema takes every line';
    # and it would have said so
    my ($good) = $bytes =~ /\A(.*)\n/;
    my @bad = ('{}', '[]', 'x', $good =~ s/^\{/{"more":1,/r,
        $good =~ s/"level":"\w+"/"level":"DEBUG"/r,
        $good =~ s/"enforced":\w+/"enforced":"yes"/r,
        $good =~ s/"event":"\w+"/"event":"authn_login_success"/r);
    my $other = top() . '/logs/not-events.json';
    spill($other, join '', map { "$_\n" } $good, @bad);
    ($status, $found) = run_node('lines.mjs', [schema_file(), $other]);
    unlink $other;
    is scalar(my @told = $found =~ /^  data/mg), @bad, 'and no other'
        or diag($found);
}

# no secret: keys, API keys, passwords, and whatever looks like a token
private_to(map { slurp($_) } glob keys_dir() . '/*.secret');
private_to(map { $_->{key} } @FastAuthTest::API_KEYS);
# one password is a row of x, as some paths are
private_to(grep { !/^(.)\1*$/ } map { values %$_ }
    values %FastAuthTest::PASSWORDS);
private_to($ENV{JWT_SECRET_KEY});
is_deeply [FastAuthTest::_leaks($bytes)], [], 'no secret of the suite in it';
is_deeply [grep { /eyJ[A-Za-z0-9_-]{8}/ } split /\n/, $bytes], [],
    'and no token';
is_deeply [grep { /"path":"[^"]*\?/ } split /\n/, $bytes], [], 'and no query';
finish();
