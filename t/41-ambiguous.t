# SPDX-License-Identifier: Apache-2.0
# AuthAmbiguousPath: what a backend might read in another way never gets there.
use strict;
use warnings;
use Test::More;
use FastAuthTest;
use Time::HiRes qw(sleep);

my $token = mint('HS256', secret('hs256'), claims());
my @alice = (Authorization => "Bearer $token");
my $log   = Apache::Test::vars('t_logs') . '/ambiguous_backend.log';
my $came  = 0; # requests that the backend should have seen

sub proxied
{
    my ($response, $name) = @_;
    my $there = $response->{status} == 200
        && $response->{body} =~ /^REQUEST_URI=/m;
    $came++ if $there;
    return ok($there, $name) || diag($response->{raw});
}

# Each way to be proxied, and its first path segment
my @ways = (
    [q => 'ProxyPass mapping=encoded'],
    [d => 'ProxyPass'],
    [n => 'ProxyPass nocanon'],
    [m => 'ProxyPassMatch'],
    [h => 'SetHandler proxy:'],
    [r => 'RewriteRule [P]'],
    [w => 'RewriteRule [P] in a section'],
);
# `Tried on httpd': what reached a backend past the section of /adm
my @ambiguous = ('adm%2fx', 'adm%2Fx', '%2fadm/x', '..%2f%sadm/x', 'adm;x/y',
    'adm;/y', ';/adm/x', 'x/..;/adm/y', 'adm%5cx', 'x%5c..%5cadm',
    'adm%5Cx');
# escaped twice, or a semicolon escaped: ambiguous once httpd has decoded them;
# where it does not, the backend finds what the client wrote
my @decoded = ('%252e%252e/adm/x', 'x/%252e%252e/adm', 'adm%252fx',
    'adm%255cx', 'adm%3bx', '%3b/adm');
# and what only looks so
my @plain = ('x', 'x/y', 'x.y/z', 'x?a=%2f;%2e\\', 'x%20y', 'x,y', 'x%c3%a4',
    'x?/../adm', 'x:y@z', 'x//y');

at('ambiguous');
for (@ways) {
    my ($way, $title) = @$_;
    proxied(ask('GET', "/$way/$_"), "$title: /$way/$_ is proxied") for @plain;
    proxied(ask('GET', "/$way/adm/x", [@alice]), "$title: a token opens");
    check_denial(ask('GET', "/$way/adm/x"), 401, qr/^Bearer realm="API"$/,
        "$title: nothing opens /$way/adm/x");
    for my $path (@ambiguous, $way eq 'q' ? () : @decoded) {
        my $target = "/$way/" . ($path =~ s/%s/$way\//r);
        check_denial(ask('GET', $target), 400, undef, "$title: $target");
        check_denial(ask('POST', "$target?x", [@alice], 'x'), 400, undef,
            "$title: nor with a token");
    }
    # a backslash, which httpd itself lets pass
    check_denial(ask('GET', "/$way/adm\\x"), 400, undef,
        "$title: /$way/adm\\x");
    # dots, escaped: httpd resolves them before any section, or they are refused
    for my $dots ('%2e%2e', '.%2e', '%2E.') {
        my $response = ask('GET', "/$way/x/$dots/adm/x");
        like $response->{status}, qr/^40[01]$/, "$title: /$way/x/$dots/adm/x";
    }
    check_denial(ask('GET', "/$way/%61dm/x"), 401, qr/^Bearer realm="API"$/,
        "$title: a letter escaped is that letter");
    # where only the fixups show a proxy, the token was asked for before
    like ask('GET', "/$way/adm/x;y")->{status}, qr/^40[01]$/,
        "$title: /$way/adm/x;y";
    is ask('GET', "/$way/adm/x;y", [@alice])->{status}, 400,
        "$title: /$way/adm/x;y with a token";
}

at('ambiguous');
proxied(ask('GET', "/q/$_"), "mapping=encoded: /q/$_ stays as it is")
    for @decoded;

# What an operation demands holds however its path is escaped on the way: a
# backend decodes what httpd has left as it is
for my $way (qw(q d n v)) {
    for my $path ('users/@me', 'users/%40me', 'gr%c3%b6%c3%9fe', 'a:b/1',
        'a%3ab/1', 'A%3aB/1', 'users//%40me/')
    {
        check_denial(ask('GET', "/$way/op/$path", [@alice]), 403, undef,
            "/$way/op/$path: the operation's role is missing");
    }
    proxied(ask('GET', "/$way/op/users/%40you", [@alice]),
        "/$way/op: another user is another operation");
}
# <Limit POST> knows no post, and a backend may
for my $method (qw(post Post gET)) {
    check_denial(ask($method, "/$_/x", [], ''), 400, undef,
        "$method is no method that a backend is told") for qw(q d n);
}

# A path that is not proxied may be written in any way
for my $path ('/x;y', '/x%2fy', '/x%5cy', '/x\\y', '/adm;x/y', '/adm%2fx') {
    is ask('GET', $path)->{status}, 404, "$path is not proxied";
}

# AuthAmbiguousPath allow: all reach the backend, and that is what was asked for
at('ambiguous_allowed');
for (@ways) {
    my ($way, $title) = @$_;
    for my $path ('adm;x/y', 'a%2fx', 'a\\x') {
        my $response = ask('GET', "/$way/$path");
        proxied($response, "allow, $title: /$way/$path");
    }
    check_denial(ask('GET', "/$way/adm/x"), 401, qr/^Bearer realm="API"$/,
        "allow, $title: /$way/adm/x is still kept");
}

# The backend saw these, and no other
sub backend_lines { return () = slurp($log) =~ /\n/g }
for (1 .. 200) {
    last if backend_lines() >= $came;
    sleep 0.01;
}
is scalar backend_lines(), $came, 'nothing else reached the backend';
finish();
