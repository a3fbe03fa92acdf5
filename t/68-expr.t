# SPDX-License-Identifier: Apache-2.0
# fastauth('user') and the others in httpd's expressions: what the handler is
# told, and nothing of anybody else.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

at('expr');
my $secret = secret('hs256');
sub bearer
{
    return [Authorization => 'Bearer '
            . mint('HS256', $secret, claims(@_), { kid => 'now' })];
}
my $alice = bearer(scope => 'read write', roles => ['admin', 'x']);
my $bob   = bearer(sub => 'bob', roles => ['administrator']);

sub all
{
    my (%is) = @_;
    return join ';', map { "$_=" . ($is{$_} // '') }
        qw(user scheme scopes roles permissions key issuer owner);
}
my $nobody = all();

# The headers that expressions made, with those that are not there as ''
sub tells
{
    my ($name, $response, $status, %wanted) = @_;
    my %told = map { $_ => header($response, $_) // '' } keys %wanted;
    is_deeply {status => $response->{status}, %told},
        {status => $status, %wanted}, $name or diag($response->{raw});
    return;
}

# --- every name, as a text and as a list --------------------------------------------

my %alice = (user => 'alice', scheme => 'bearer-jwt', scopes => 'read write',
    roles => 'admin x', key => 'now');
tells('a token', ask('GET', '/every', $alice), 200, 'X-All' => all(%alice),
    'X-Admin' => 'yes', 'X-Reader' => 'yes', 'X-Permitted' => '',
    'X-Nobody' => '');
tells('a role is a whole word', ask('GET', '/every', $bob), 200,
    'X-All' => all(user => 'bob', scheme => 'bearer-jwt',
        roles => 'administrator', key => 'now'), 'X-Admin' => '');
tells('an API key', ask('GET', '/every', ['X-API-Key' => api_key('kim')]), 200,
    'X-All' => all(user => 'kim', scheme => 'api-key-header', key => 'kim-1',
        scopes => 'orders:read orders:write', roles => 'editor',
        permissions => 'a b'), 'X-Permitted' => 'yes', 'X-Admin' => '');
tells('a password', ask('GET', '/every', [Authorization => basic('ann', password('ann'))]),
    200, 'X-All' => all(user => 'ann', scheme => 'basic'), 'X-Admin' => '');
tells('a name of two words is one', ask('GET', '/every', bearer(sub => 'two words')),
    200, 'X-Two-Words' => 'yes');
tells('and no part of it is', ask('GET', '/every', bearer(sub => 'all two words')),
    200, 'X-Two-Words' => '');
tells('an issuer is told where the token has one that is ours',
    ask('GET', '/every', bearer(iss => 'elsewhere')), 200,
    'X-All' => all(user => 'alice', scheme => 'bearer-jwt', key => 'now',
        issuer => 'elsewhere'));

# --- nobody ------------------------------------------------------------------------

for (['an open page', '/open.html', [], 200],
    ['an open page, and a token for others', '/open.html', $alice, 200],
    ['anonymous', '/also', [], 200], ['refused', '/every', [], 401],
    ['a bad token', '/every', [Authorization => 'Bearer a.b.c'], 401],
    ['known, and refused', '/role', $alice, 403],
    ['and on the error page', '/err', $alice, 403])
{
    my ($name, $path, $headers, $status) = @$_;
    tells("nobody: $name", ask('GET', $path, $headers), $status,
        'X-All' => $nobody, 'X-Admin' => '', 'X-Nobody' => 'yes');
}
tells('AuthReportOnly: who would be refused is known',
    ask('GET', '/report', $alice), 200, 'X-All' => all(%alice));

# --- where it can be asked ----------------------------------------------------------

for ([$alice, 200], [$bob, 403], [bearer(sub => 'root'), 200], [[], 401]) {
    is ask('GET', '/require', $_->[0])->{status}, $_->[1],
        "Require expr: $_->[1]";
}
is ask('GET', '/rewrite', $alice)->{status}, 410, 'RewriteCond: alice';
is ask('GET', '/rewrite', $bob)->{status}, 200, 'RewriteCond: bob';

my $file = top() . '/logs/expr_log';
ask('GET', '/every/of-bob', $bob);
ask('GET', '/every/of-nobody');
ask('GET', '/every/of-alice', $alice);
for (1 .. 500) {
    last if slurp($file) =~ /of-alice/;
    select undef, undef, undef, 0.01;
}
like slurp($file), qr{^/every/of-alice$}m, 'CustomLog: alice';
unlike slurp($file), qr/of-bob|of-nobody/, 'CustomLog: nobody else';

# Before any access check there is nobody: <If>, SetEnvIfExpr
tells('<If> and SetEnvIfExpr come too early', ask('GET', '/if', $alice), 200,
    'X-If' => 'nobody', 'X-Early' => 'nobody', 'X-All' => all(%alice));

# --- sub-requests and internal redirects ---------------------------------------------

tells('a redirect to an open page', ask('GET', '/kept/hop?/open.html', $alice),
    200, 'X-All' => $nobody, 'X-Admin' => '');
tells('a redirect to a kept one', ask('GET', '/hop?/also/x', $alice), 200,
    'X-All' => all(%alice), 'X-Admin' => 'yes');
tells('a redirect within the section', ask('GET', '/also/hop?/also/x', $alice),
    200, 'X-All' => all(%alice));
tells('a page whose part is somebody\'s', ask('GET', '/page.shtml', $alice),
    200, 'X-All' => $nobody, 'X-Admin' => '');

# --- a name that there is not ----------------------------------------------------------

my $dir = top() . '/expr';
mkdir $_ for $dir, "$dir/logs";
my $base = slurp(Apache::Test::vars('top_dir') . '/base.conf');
sub judge
{
    my ($line) = @_;
    my $httpd = Apache::Test::vars('httpd');
    spill("$dir/httpd.conf", $base . 'LoadModule fastauth_module '
            . Apache::Test::vars('top_dir') . "/mod_fastauth.so\n"
            . "ServerRoot \"$dir\"\nServerName localhost\n"
            . "Listen 127.0.0.1:1\nDocumentRoot \"$dir\"\n"
            . "TypesConfig /dev/null\n$line\n");
    my $said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
    return $said =~ /Syntax OK/ ? 'taken' : $said;
}
my $names = qr/it takes one of 'user', 'scheme', 'scopes', 'roles'/;
for (['a text', q{Header set X "expr=%{fastauth:name}"}, qr/fastauth\('name'\)/],
    ['claims are no text', q{Header set X "expr=%{fastauth:claims}"}, qr/'claims'/],
    ['nothing', q{Header set X y "expr=fastauth('') == 'x'"}, qr/fastauth\(''\)/],
    ['a list', q{Header set X y "expr='a' in fastauth('role')"}, qr/'role'/],
    ['in Require', qq{<Location "/">\nRequire expr "'a' in fastauth('groups')"\n</Location>},
        qr/'groups'/],
    ['a name made at run time', q{Header set X y "expr=fastauth(%{REQUEST_URI}) == 'x'"},
        qr/fastauth\('\.\.\.'\)/])
{
    my ($name, $line, $says) = @$_;
    my $said = judge($line);
    ok $said =~ $says && $said =~ $names, "refused: $name" or diag($said);
}
is judge(q{Header set X y "expr='a' in fastauth('roles') && fastauth('USER') == 'b'"}),
    'taken', 'and all of them are taken';
finish();
