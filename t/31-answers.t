# SPDX-License-Identifier: Apache-2.0
# What is answered: status, challenge and body of each case, in each format;
# what an ErrorDocument changes; what caches are told; the trial run.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $NONE    = qr/^Bearer realm="API"$/;
my $INVALID = qr/^Bearer realm="API", error="invalid_token"$/;
my $TWICE   = qr/^Bearer realm="API", error="invalid_request"$/;
my $SCOPE   = qr/^Bearer realm="API", error="insufficient_scope", scope="a"$/;
my $EXPIRED = qr/^Bearer\ realm="API",\ error="invalid_token",
    \ error_description="The\ token\ has\ expired"$/x;

at('answers');
my $secret = secret('hs256');
my $token  = mint('HS256', $secret, claims(scope => 'a'));
my $poor   = mint('HS256', $secret, claims());
my $old    = mint('HS256', $secret, claims(exp => 1));

sub bearer { return ask('GET', $_[0], [Authorization => "Bearer $_[1]"]) }

# --- each case in each format -----------------------------------------------------

# name, request, status, challenge, title, FastOpenAPI's type, detail, error
for my $row (
    ['no credential', sub { ask('GET', $_[0]) }, 401, $NONE,
        'Unauthorized', 'authentication_error',
        'Authentication is required.', undef],
    ['a malformed header', sub { ask('GET', $_[0], [Authorization => 'x']) },
        401, $NONE, 'Unauthorized', 'authentication_error',
        'Authentication is required.', undef],
    ['a bad credential', sub { bearer($_[0], 'bad') }, 401, $INVALID,
        'Unauthorized', 'authentication_error',
        'The credential is not valid.', 'invalid_token'],
    ['an expired one', sub { bearer($_[0], $old) }, 401, $EXPIRED,
        'Unauthorized', 'authentication_error',
        'The credential has expired.', 'invalid_token'],
    ['two of them', sub { bearer($_[0], "$token, Bearer $token") }, 400, $TWICE,
        'Bad Request', 'bad_request',
        'More than one credential was sent.', 'invalid_request'],
    ['a scope missing', sub { bearer($_[0], $poor) }, 403, $SCOPE,
        'Forbidden', 'authorization_error',
        'The credential lacks a scope that this resource requires.',
        'insufficient_scope'],
) {
    my ($name, $request, $status, $challenge, $title, $type, $detail, $error) =
        @$row;

    my $response = $request->('/problem');
    check_denial($response, $status, $challenge, "problem+json: $name");
    is_deeply(problem($response),
        { type => 'about:blank', title => $title, status => $status,
            detail => $detail, defined $error ? (error => $error) : () },
        "RFC 9457: $name");

    $response = $request->('/fastopenapi');
    check_denial($response, $status, $challenge, "fastopenapi: $name",
        body => 'fastopenapi');
    is_deeply(problem($response),
        { error => { type => $type, message => $detail, status => $status } },
        "FastOpenAPI's form: $name");

    $response = $request->('/httpd');
    check_denial($response, $status, $challenge, "httpd's own page: $name",
        body => 'any');
    like(header($response, 'Content-Type'), qr{^text/html}, "and HTML: $name");
    like($response->{body}, qr/<title>$status /, "and of its status: $name");
}
check_allowed(bearer($_, $token), 'alice', "with all that is needed: $_")
    for '/problem', '/fastopenapi', '/httpd';

# --- the other rows --------------------------------------------------------------------

my @ALL = ($NONE, qr/^Basic realm="API", charset="UTF-8"$/,
    map { qr/^ApiKey realm="API", in="$_->[0]", name="$_->[1]"$/ }
        ['header', 'X-API-Key'], ['query', 'api_key'], ['cookie', 'sid']);
check_denial(ask('GET', '/all'), 401, \@ALL,
    'one line for each scheme, in their order, one for bearer-jwt and oauth2');
check_denial(ask('GET', '/all', ['X-API-Key', 'x']), 401, \@ALL,
    'a bad API key: no error in any of them');
is(problem(ask('GET', '/all', ['X-API-Key', 'x']))->{error}, undef,
    'nor in the body');
check_denial(ask('GET', '/all', [Authorization => 'Basic YTpi']), 401, \@ALL,
    'a wrong password: no error either');
check_denial(bearer('/all', 'bad'), 401, [$INVALID, @ALL[1 .. $#ALL]],
    'a bad token: in the Bearer line alone');
check_denial(
    ask('GET', '/all', ['X-API-Key', 'x', Authorization => 'Bearer bad']),
    400, $TWICE, 'two credentials: the Bearer line alone');
for (
    ['/role', $token, 'The caller has none of the roles that this resource '
        . 'requires.'],
    ['/claim', $token, 'A claim of the credential is not accepted here.'],
    ['/address', $token, 'Requests from this address are not accepted.'],
    ['/address', 'bad', 'Requests from this address are not accepted.'],
    ['/tls', $token, 'This resource is served over TLS only.'],
    ['/tls', 'bad', 'This resource is served over TLS only.'],
    ['/tls-alone', 'bad', 'This resource is served over TLS only.'],
) {
    my ($path, $sent, $detail) = @$_;
    my $response = bearer($path, $sent);
    check_denial($response, 403, undef, "no challenge at $path");
    is(problem($response)->{detail}, $detail, "what $path says");
    is(problem($response)->{error}, undef, "and no OAuth error at $path");
}
check_denial(
    ask('GET', '/tls', ['X-Forwarded-Proto' => 'https',
            Forwarded => 'proto=https', 'X-Forwarded-SSL' => 'on']),
    403, undef, 'AuthRequireTLS: nobody says that he came by TLS');
check_allowed(bearer('/tls-or-loopback', $token), 'alice',
    'AuthRequireTLS loopback: from this machine');
check_denial(ask('GET', '/tls-or-loopback'), 401, $NONE,
    'AuthRequireTLS loopback: and then a credential is due');
my $down = ask('GET', '/broken', [Authorization => basic('ann', 'x' x 9)]);
check_denial($down, 503, undef, 'a provider that is down');
like(header($down, 'Retry-After'), qr/^[1-9]\d*$/, 'and when to come again');
for ('/misconfigured', '/satisfy') {
    my $response = bearer($_, $token);
    check_denial($response, 500, undef, "$_ is 500, never open",
        $_ eq '/satisfy' ? (told => header($response, 'X-User')) : ());
    # Satisfy Any lets a 401 pass, which is then caught
    check_denial(ask('GET', $_), 500, undef,
        "$_ is 500 without a credential too", lines => [1, 2]);
}
like(join(' ', @{ bearer('/misconfigured', $token)->{log} }),
    qr/fastauth:error.*RequireRole admin \(\S+:\d+\)/,
    'and the log names the directive');

# --- A29 A68: the realm ---------------------------------------------------------------------

my $quoted = ask('GET', '/realm');
my $string = qr/"Kim's \\"own\\" \\\\ realm, x=1"/;
check_denial($quoted, 401,
    [qr/^Bearer realm=$string$/, qr/^Basic realm=$string, charset="UTF-8"$/,
        qr/^ApiKey realm=$string, in="header", name="X-API-Key"$/],
    'A29 quotes and backslashes in a realm');
is_deeply([map { [$_->[0], $_->[1]{realm}] } challenges($quoted)],
    [map { [$_, q(Kim's "own" \\ realm, x=1)] } qw(Bearer Basic ApiKey)],
    'A29 read as RFC 9110 says, they are what was configured');

# --- ErrorDocument ----------------------------------------------------------------------------

my $text = ask('GET', '/document/text');
check_denial($text, 401, $NONE, 'A59 ErrorDocument with a text', body => 'any');
is($text->{body}, 'please log in', 'A59 the text is shown');
my $page = ask('GET', '/document/page');
check_denial($page, 401, $NONE, 'A59 ErrorDocument with a page', body => 'any',
    handler => 1);
is($page->{body}, "an open page\n", 'A59 the page is shown');
like(header($page, 'Content-Type'), qr{^text/html}, 'A59 as what it is');
for (['closed', 'below itself'], ['other-closed', 'closed by another']) {
    my $response = ask('GET', "/document/$_->[0]");
    check_denial($response, 401, $NONE, "A59 ErrorDocument $_->[1]",
        body => 'any', lines => [1, 2]);
    unlike($response->{body}, qr/welcome/, "A59 and it stays closed: $_->[1]");
}
my $program = bearer('/document/program', $token);
check_denial($program, 403, undef, 'A59 ErrorDocument with a program',
    body => 'any', handler => 1);
like($program->{body}, qr/^handler-output$/m, 'A59 the program runs');
unlike($program->{body}, qr/^FASTAUTH_/m, 'A59 and is told of nobody');
check_denial(ask('GET', '/document/elsewhere'), 401, $NONE,
    'ErrorDocument of another status changes nothing');
check_denial(bearer('/document/page', 'bad'), 401, $INVALID,
    'A59 ErrorDocument: the challenge keeps its error', body => 'any',
    handler => 1);

# --- caches ---------------------------------------------------------------------------------------

sub cache
{
    my ($response) = @_;
    return [map { header($response, $_) } 'Cache-Control', 'Vary'];
}

is_deeply(cache(bearer('/cgi/bearer', $token)), ['private', 'Authorization'],
    'A69 what a protected handler says nothing of is private');
my ($control, $vary) = @{ cache(bearer('/cgi/bearer?cached', $token)) };
is($control, 'max-age=60', 'A69 what it says stays');
like($vary, qr/^Accept\b/, 'A69 its Vary too');
is_deeply(cache(ask('GET', '/cgi/open?x')), [undef, undef],
    'A69 nothing is said of what is open');
($control, $vary) = @{ cache(bearer('/cgi/many', $token)) };
is($control, 'private', 'A69 many schemes: private');
is(join(' ', sort map { lc } split /,\s*/, $vary), 'authorization cookie x-key',
    'A69 and Vary names each header once');
($control, $vary) =
    @{ cache(ask('GET', '/cgi/source', [Cookie => "jwt=$token"])) };
is($control, 'private', 'A69 a token in a cookie: private');
like($vary, qr/\bCookie\b/, 'A69 and Vary names Cookie');
my $missing = bearer('/cgi/bearer?status=404', $token);
check_status($missing, 404, 'A69 a handler\'s own 404');
is(header($missing, 'Cache-Control'), 'private', 'A69 is private too');
$missing = bearer('/cgi/bearer?status=401', $token);
check_status($missing, 401, 'a handler\'s own 401 stays its own');
is_deeply([headers($missing, 'WWW-Authenticate')], [],
    'and gets no challenge of ours');
unlike($missing->{body}, qr/about:blank/, 'nor a body of ours');

# --- the trial run -----------------------------------------------------------------------------------

my $would = 1; # one line in the log, which says what would have been
for (
    ['/report', [], undef, qr/would refuse 401 no-credential/],
    ['/report', [Authorization => 'Bearer bad'], undef,
        qr/would refuse 401 bad-credential/],
    ['/report', [Authorization => "Bearer $old"], undef,
        qr/would refuse 401 expired-credential/],
    ['/report', [Authorization => "Bearer $token, Bearer $token"], undef,
        qr/would refuse 400 two-credentials/],
    ['/report', [Authorization => "Bearer $poor"], 'alice',
        qr/would refuse 403 scope-missing.*RequireScope a/],
    ['/report/stock', [Authorization => "Bearer $token"], 'alice',
        qr/would refuse 403 scope-missing: .*, Require scope b \(/],
    ['/report/address', [], undef, qr/would refuse 403 tls-required/],
) {
    my ($path, $headers, $user, $says) = @$_;
    my $response = ask('GET', $path, $headers);
    check_allowed($response, $user, "AuthReportOnly: $says is let through",
        lines => $would);
    like(join(' ', @{ $response->{log} }), $says, 'and the log says so');
}
check_allowed(bearer('/report', $token), 'alice',
    'AuthReportOnly: a good credential is no line in the log');
my $anonymous = ask('GET', '/report/cgi',
    [Authorization => 'Bearer bad', 'X-Auth-User' => 'root']);
unlike($anonymous->{body}, qr/^(?:FASTAUTH_|REMOTE_USER)/m,
    'AuthReportOnly: with a bad credential the handler is told of nobody');
for ('/report/denied', '/report/ip') {
    my $response = bearer($_, $token);
    check_status($response, 403, "AuthReportOnly: stock Require refuses at $_");
    ok(!headers($response, 'WWW-Authenticate'), 'without a challenge');
}
check_denial(ask('GET', '/report/off'), 401, $NONE,
    'AuthReportOnly off below: refused again');

finish();
