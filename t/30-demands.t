# SPDX-License-Identifier: Apache-2.0
# What a caller needs: scopes, roles, claims, an address; by section, method and
# condition; in stock Require.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $NONE = qr/^Bearer realm="API"$/;
sub scope
{
    return qr/^Bearer realm="API", error="insufficient_scope", scope="$_[0]"$/;
}

my $secret = secret('hs256');
sub token { return mint('HS256', $secret, claims(@_)) }
sub says { return mint('HS256', $secret, $_[0]) }

sub bearer
{
    my ($path, $token, $method, $body) = @_;
    return ask($method // 'GET', $path, [Authorization => "Bearer $token"],
        $body);
}

at('demands');

# --- scopes --------------------------------------------------------------------------

my $huge = join ' ', map { "s$_" } 1 .. 1000;
for (
    ['S33 the scope', token(scope => 'admin:read'), 1],
    ['S33 among others', token(scope => 'x admin:read y'), 1],
    ['S33 in a list', token(scope => ['x', 'admin:read']), 1],
    ['S33 in scopes', token(scopes => ['admin:read']), 1],
    ['S33 in scp', token(scp => ['admin:read']), 1],
    ['A34 twice', token(scope => 'admin:read admin:read'), 1],
    ['A34 many spaces', token(scope => '  a   admin:read '), 1],
    ['S34 two words around it', token(scope => 'superadmin:readonly')],
    ['S34 null', says('{"sub":"alice","exp":9999999999,"scope":null}')],
    ['S34 a number', token(scope => 1)],
    ['S34 true', token(scope => JSON::PP::true)],
    ['S34 an object', token(scope => { 'admin:read' => 1 })],
    ['S33 none', token()],
    ['S33 an empty text', token(scope => '')],
    ['S33 an empty list', token(scope => [])],
    ['A34 a longer one', token(scope => 'admin:readx')],
    ['A34 a shorter one', token(scope => 'admin:rea')],
    ['A34 one in front', token(scope => 'xadmin:read')],
    ['A34 another case', token(scope => 'Admin:read')],
    ['A34 *', token(scope => '*')],
    ['A34 admin:*', token(scope => 'admin:*')],
    ['A34 a pattern', token(scope => 'admin.read admin:rea[d] .*')],
    ['A34 tabs between', token(scope => "x\tadmin:read")],
    ['A34 a line feed between', token(scope => "x\nadmin:read")],
    ['A34 commas between', token(scope => 'x,admin:read')],
    ['A34 in a list, but as one of two words', token(scope => ['x admin:read'])],
    ['A34 a list with a number in it', token(scope => ['admin:read', 1])],
    ['A34 a list in a list', token(scope => [['admin:read']])],
    ['A34 a thousand others', token(scope => $huge)],
    ['A34 an empty scope first, then scp', token(scope => '',
        scp => ['admin:read'])],
    ['A34 as a role', token(roles => 'admin:read')],
    ['A34 as a permission', token(permissions => ['admin:read'])],
) {
    my ($name, $token, $good) = @$_;
    my $response = bearer('/scope', $token);
    $good
        ? check_allowed($response, 'alice', $name)
        : check_denial($response, 403, scope('admin:read'), $name);
}
is(problem(bearer('/scope', token()))->{error}, 'insufficient_scope',
    'A32 the body says it too');
unlike(bearer('/scope', token(scope => 'mine:only'))->{raw}, qr/mine:only/,
    'A32 the caller\'s own scopes are not shown');
check_denial(ask('GET', '/scope'), 401,
    [$NONE, qr/^ApiKey /], 'S28 no credential is 401, never 403');
check_denial(bearer('/scope', 'bad'), 401,
    [qr/error="invalid_token"$/, qr/^ApiKey /], 'S28 so is a bad one');
check_denial(ask('GET', '/scope', ['X-API-Key' => api_key('lee')]), 403, undef,
    'A32 no Bearer challenge to a caller with an API key');

check_allowed(bearer('/scopes', token(scope => 'b c a')), 'alice',
    'S33 all of two');
check_denial(bearer('/scopes', token(scope => $_)), 403, scope('a b'),
    "S33 of two only $_, and both are named") for 'a', 'b', 'ab', 'c';
check_denial(bearer('/wildcard', token(scope => $_)), 403, scope('posts:read'),
    "A34 no wildcards of the caller's: $_")
    for 'posts:*', '*', 'posts:', 'posts', 'postsX:read', 'posts:read:own';

# S35: each set counts; a section below adds
check_denial(bearer('/nested', token(scope => 'a')), 403, scope('b'),
    'S35 the second set of one section');
check_denial(bearer('/nested', token(scope => 'b')), 403, scope('a'),
    'S35 the first one');
check_allowed(bearer('/nested', token(scope => 'a b')), 'alice', 'S35 both');
check_denial(bearer('/nested/more', token(scope => 'a b', roles => 'editor')),
    403, scope('c'), 'S35 a set that a section below adds');
check_denial(bearer('/nested/more', token(scope => 'a c', roles => 'editor')),
    403, scope('b'), 'S35 and those above still hold');
check_denial(bearer('/nested/more', token(scope => 'a b c')), 403, undef,
    'S35 a role that it adds');
check_allowed(
    bearer('/nested/more', token(scope => 'a b c', roles => 'editor')),
    'alice', 'S35 all of it');
check_allowed(bearer('/nested/more/none', token(roles => 'editor')), 'alice',
    'RequireScope none drops scopes');
check_denial(bearer('/nested/more/none', token(scope => 'a b c')), 403, undef,
    'and leaves roles');
check_denial(ask('GET', '/nested/more/none'), 401, $NONE, 'and the scheme');
check_allowed(ask('GET', '/nested/open'), undef, 'AuthScheme none opens');
check_allowed(bearer('/nested/open', 'bad'), undef,
    'and looks at no credential');
check_denial(bearer('/nested/again', token(scope => 'a')), 403, scope('b'),
    'another AuthScheme keeps what is demanded');
check_denial(ask('GET', '/nested/again'), 401, $NONE,
    'S56 optional, and something demanded: anonymous is 401');
check_denial(ask('GET', '/optional'), 401, $NONE,
    'S56 optional and a scope: anonymous is 401');
check_allowed(bearer('/optional', token(scope => 'a')), 'alice',
    'S56 and with it 200');

# --- roles ------------------------------------------------------------------------------

check_allowed(bearer('/role', token(roles => ['editor'])), 'alice', 'S27 role');
check_allowed(bearer('/role', token(role => 'editor')), 'alice',
    'S27 role in one text');
check_allowed(ask('GET', '/role', ['X-API-Key' => api_key('kim')]), 'kim',
    'S27 the role of an API key');
check_denial(bearer('/role', token(@$_)), 403, undef,
    'S27 A32 not: ' . encode_json($_))
    for ['roles', 'admin'], ['roles', 'Editor'], ['roles', 'editors'],
    ['roles', '*'], ['scope', 'editor'], ['roles', 7], ['roles', [7]], [],
    ['roles', [], 'role', 'editor'];
check_denial(ask('GET', '/role', ['X-API-Key' => api_key('lee')]), 403, undef,
    'S27 an API key without it');
check_allowed(bearer('/roles', token(roles => $_)), 'alice',
    "S28 any of two: $_") for 'editor', 'admin', 'x admin', 'admin editor';
check_denial(bearer('/roles', token(roles => 'viewer')), 403, undef,
    'S28 none of two');
check_denial(ask('GET', '/roles'), 401, $NONE,
    'S28 a missing token is 401, never 403');
check_denial(bearer('/roles/both', token(roles => $_)), 403, undef,
    "a section below adds: $_ is not enough") for 'editor', 'auditor';
check_allowed(bearer('/roles/both', token(roles => 'auditor admin')), 'alice',
    'one of each is');

# --- claims ------------------------------------------------------------------------------

for (
    ['/claim', 1, tenant => 'acme'],
    ['/claim', 1, tenant => 'globex inc'],
    ['/claim', 1, tenant => ['x', 'acme']],
    ['/claim', 0, tenant => 'globex'],
    ['/claim', 0, tenant => 'Acme'],
    ['/claim', 0, tenant => 'acme '],
    ['/claim', 0, tenant => ['x']],
    ['/claim', 0, tenant => { acme => 1 }],
    ['/claim', 0, tenant => [['acme']]],
    ['/claim', 0, other => 'acme'],
    ['/claim', 0],
    ['/claim-deep', 1, org => { unit => { id => 7 } }],
    ['/claim-deep', 1, org => { unit => { id => '7' } }],
    ['/claim-deep', 1, 'org.unit.id' => [7]],
    ['/claim-deep', 0, org => { unit => { id => 77 } }],
    ['/claim-deep', 0, org => { unit => 7 }],
    ['/claim-deep', 0, id => 7],
    ['/claim-flag', 1, email_verified => JSON::PP::true],
    ['/claim-flag', 0, email_verified => JSON::PP::false],
    ['/claim-flag', 0, email_verified => 1],
    ['/claim-flag', 0],
) {
    my ($path, $good, %claims) = @$_;
    my $name = "RequireClaim at $path: " . encode_json(\%claims);
    my $response = bearer($path, token(%claims));
    $good
        ? check_allowed($response, 'alice', $name)
        : check_denial($response, 403, undef, "not $name");
}
check_denial(ask('GET', '/claim', ['X-API-Key' => api_key('kim')]), 403, undef,
    'RequireClaim: an API key has no claims');
check_denial(ask('GET', '/claim'), 401, [$NONE, qr/^ApiKey/],
    'RequireClaim: a missing token is 401');

# --- the order of answers -------------------------------------------------------------------

check_denial(bearer('/order', token()), 403, undef, 'the first demand: role');
check_denial(bearer('/order', token(roles => 'admin')), 403, scope('a'),
    'then scope');
check_denial(bearer('/order', token(roles => 'admin', scope => 'a')), 403,
    undef, 'then claim');
check_allowed(
    bearer('/order', token(roles => 'admin', scope => 'a', tenant => 'acme')),
    'alice', 'and then in');
like(join(' ', @{ bearer('/order', token())->{log} }),
    qr/refused 403 role-missing: \/order, RequireRole admin \(\S+:\d+\)/,
    'the log names the directive and its place');

# --- methods and conditions --------------------------------------------------------------------

for (
    ['GET', 'read', 1],
    ['HEAD', 'read', 1], # as GET
    ['POST', 'read', 0, 'write'],
    ['POST', 'read write', 1],
    ['POST', 'write', 0, 'read'],
    ['PUT', 'read', 0, 'manage'],
    ['PUT', 'read manage', 1],
    ['PUT', 'read write', 0, 'manage'],
    ['DELETE', 'read', 0, 'manage'],
    ['PATCH', 'read manage', 1],
    ['OPTIONS', 'read', 1],
    ['FOO', 'read', 0, 'manage'],
    ['post', 'read', 0, 'manage'],
) {
    my ($method, $scopes, $good, $missing) = @$_;
    my $response = bearer('/limit', token(scope => $scopes), $method,
        $method =~ /^P/i ? 'x' : undef);
    $good
        ? check_allowed($response, 'alice', "<Limit>: $method with $scopes")
        : check_denial($response, 403, scope($missing),
            "<Limit>: $method with $scopes alone");
}
check_denial(ask($_, '/limit', [], $_ eq 'POST' ? 'x' : undef), 401, $NONE,
    "<Limit>: $_ without a token") for qw(GET POST PUT OPTIONS FOO);
check_denial(bearer('/limit/get', token(), $_), 403, undef,
    "<Limit GET> holds for $_") for 'GET', 'HEAD';
check_allowed(bearer('/limit/get', token(), 'OPTIONS'), 'alice',
    '<Limit GET> does not hold for OPTIONS');

check_denial(bearer('/if?all', token(scope => 'some')), 403, undef,
    '<If> holds: a role');
check_allowed(bearer('/if?all', token(roles => 'admin')), 'alice',
    '<If> holds, and the role is there');
check_denial(bearer('/if', token(roles => 'admin')), 403, scope('some'),
    '<Else> holds: a scope');
check_allowed(bearer('/if', token(scope => 'some')), 'alice',
    '<Else> holds, and the scope is there');
check_denial(ask('GET', '/if?all'), 401, $NONE, '<If>: no token is 401');

# --- addresses -------------------------------------------------------------------------------------

check_allowed(ask('GET', "/net/$_"), undef, "RequireAddress $_")
    for qw(here exact mapped all both/none post);
check_denial(ask('GET', "/net/$_"), 403, undef, "S41 not RequireAddress $_")
    for qw(elsewhere next both);
check_denial(ask('GET', '/net/token'), 403, undef,
    'an address is judged before a credential');
check_denial(bearer('/net/token', token()), 403, undef,
    'and a good one does not help');
check_denial(ask('POST', '/net/post', [], 'x'), 403, undef,
    'RequireAddress in <Limit>');

my @NAMES = ('X-Forwarded-For', 'X-Real-IP', 'True-Client-IP',
    'CF-Connecting-IP', 'Client-IP', 'X-Client-IP', 'X-Remote-Addr',
    'X-Cluster-Client-IP', 'Forwarded', 'X-Originating-IP', 'Via');
for my $name (@NAMES) {
    for my $address ('10.0.0.1', '203.0.113.7', 'for=10.0.0.1', '2001:db8::1') {
        check_denial(ask('GET', '/net/elsewhere', [$name, $address]), 403,
            undef, "S41 A74 A76 $name: $address changes nothing");
    }
    check_allowed(ask('GET', '/net/here', [$name, '10.0.0.1']), undef,
        "S41 A76 $name: 10.0.0.1 locks nobody out");
}
for my $corpus ('ip/localhost_forms_fuzzdb.json', 'ip/realclientip.json') {
    my $cases = corpus($corpus);
    SKIP: {
        skip "no $corpus", 1 unless $cases;
        my @wrong;
        for my $case (@{ $cases->{cases} }) {
            my @headers = ref $case
                ? map { my $name = $_;
                    map { ($name, $_) } @{ $case->{headers}{$name} } }
                    sort keys %{ $case->{headers} // {} }
                : map { ($_, $case) } @NAMES;
            my $response = ask('GET', '/net/elsewhere', \@headers);
            push @wrong, encode_json($case) if $response->{status} != 403;
        }
        is_deeply(\@wrong, [], "A74 nothing of $corpus changes anything");
    }
}

at('demands_proxied');
sub from
{
    my ($says, $path) = @_;
    return ask('GET', $path // '/net',
        [map { ('X-Forwarded-For', $_) } ref $says ? @$says : $says]);
}
for my $good ('203.0.113.9', '2001:db8:1::7', '2001:DB8:1:0:0:0:0:7',
    '198.51.100.1, 203.0.113.9', '10.0.0.1, 127.0.0.1, 203.0.113.9',
    '203.0.113.9, 192.0.2.7', '203.0.113.9,192.0.2.7,192.0.2.8',
    ['198.51.100.1', '203.0.113.9'], '::ffff:203.0.113.9',
    'unknown, 203.0.113.9') {
    check_allowed(from($good), undef, 'S41 A74 behind a trusted proxy: '
        . encode_json($good));
}
for my $bad ('198.51.100.1', '203.0.113.9, 198.51.100.1',
    ['203.0.113.9', '198.51.100.1'], '203.0.113.9, 198.51.100.1, 192.0.2.7',
    '203.0.112.9', '2001:db8:2::7', 'unknown', '', ',', '203.0.113.9, unknown',
    '203.0.113.', '203.0.113.9.1', '203.0.113.256', '::1', '127.0.0.1',
    'fe80::1%eth0', '203.0.113.9, ::ffff:198.51.100.1',
    join(', ', ('203.0.113.9') x 300, '198.51.100.1')) {
    my $shown = ref $bad ? encode_json($bad) : substr $bad, 0, 40;
    check_denial(from($bad), 403, undef, "S41 A74 not: $shown");
}
check_denial(ask('GET', '/net', ['Forwarded', 'for=203.0.113.9']), 403, undef,
    'A74 Forwarded is not the header that is trusted');
check_denial(ask('GET', '/net'), 403, undef, 'A74 no header: the proxy itself');
for (
    ['/pair', '203.0.113.6', 1], ['/pair', '203.0.113.7', 1],
    ['/pair', '203.0.113.5', 0], ['/pair', '203.0.113.8', 0],
    ['/pair', '2001:db8:2::4', 1], ['/pair', '2001:db8:2::5', 1],
    ['/pair', '2001:db8:2::3', 0], ['/pair', '2001:db8:2::6', 0],
    ['/one', '203.0.113.7', 1], ['/one', '203.0.113.6', 0],
    ['/one', '2001:db8:2::4', 1], ['/one', '2001:db8:2::5', 0],
    ['/one', '::ffff:203.0.113.7', 1],
    ['/any6', '2001:db8::1', 1],
    ['/any6', '203.0.113.7', 1], # as ::ffff:203.0.113.7
) {
    my ($path, $address, $good) = @$_;
    my $response = from($address, $path);
    $good
        ? check_allowed($response, undef, "A75 $address is in $path")
        : check_denial($response, 403, undef, "A75 $address is not in $path");
}

# --- stock Require ---------------------------------------------------------------------------------------

at('demands');
for (
    ['/stock/scope', 200, undef, scope => 'a b'],
    ['/stock/scope', 403, scope('a b'), scope => 'a'],
    ['/stock/role', 200, undef, roles => 'admin'],
    ['/stock/role', 403, undef, roles => 'viewer'],
    ['/stock/claim', 200, undef, tenant => 'acme'],
    ['/stock/claim', 403, undef, tenant => 'x'],
    ['/stock/all', 200, undef, roles => 'admin', scope => 'a'],
    ['/stock/all', 403, scope('a'), roles => 'admin'],
    ['/stock/all', 403, undef, scope => 'a'],
    ['/stock/near', 200, undef, roles => 'x'],
    ['/stock/far', 200, undef, roles => 'admin'],
    ['/stock/far', 403, undef, roles => 'x'],
    ['/stock/not', 200, undef],
    ['/stock/user', 200, undef],
    ['/stock/ours-too', 200, undef, scope => 'a', roles => 'admin'],
    ['/stock/ours-too', 403, scope('a'), roles => 'admin'],
    ['/stock/ours-too', 403, undef, scope => 'a'],
) {
    my ($path, $status, $challenge, %claims) = @$_;
    my $name = "Require at $path with " . encode_json(\%claims);
    my $response = bearer($path, token(%claims));
    $status == 200
        ? check_allowed($response, 'alice', "$name: in")
        : check_denial($response, 403, $challenge, "$name: 403",
            $challenge && $path =~ /ours/ ? () : (told => 'alice'));
}
# httpd's own refusals, by providers that are not ours
for (
    ['/stock/not', roles => 'suspended'],
    ['/stock/user', sub => 'bob'],
    ['/stock/denied'],
) {
    my ($path, %claims) = @$_;
    my $response = bearer($path, token(%claims));
    check_status($response, 403, "Require at $path: 403");
    is_deeply([headers($response, 'WWW-Authenticate')], [],
        "Require at $path: no challenge");
}
check_denial(ask('GET', '/stock/scope', ['X-API-Key' => api_key('lee')]),
    403, undef, 'Require scope: no Bearer challenge to an API key',
    told => 'lee');
like(join(' ', @{ bearer('/stock/scope', token())->{log} }),
    qr/refused 403 scope-missing: \/stock\/scope, Require scope a b \(\S+:\d+\)/,
    'Require scope: the log names it as it was written');
check_denial(ask('GET', $_), 401, $NONE, "no token at $_: 401")
    for '/stock/role', '/stock/claim', '/stock/all', '/stock/user',
    '/stock/not', '/stock/ours-too';
check_allowed(ask('GET', '/stock/near'), undef,
    '<RequireAny>: an address is enough');
check_denial(ask('GET', '/stock/far'), 401, $NONE,
    '<RequireAny>: the wrong address and nobody is 401');
check_denial(bearer('/stock/near', 'bad'), 401, qr/error="invalid_token"/,
    '<RequireAny>: a bad credential is 401 at any address');
my $without = bearer('/stock/without', token(scope => 'a'));
cmp_ok($without->{status}, '>=', 401, 'Require scope without AuthScheme: closed');
ok(!grep({ /handler runs/ } @{ $without->{log} }), 'and no handler runs');

finish();
