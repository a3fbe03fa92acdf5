# SPDX-License-Identifier: Apache-2.0
# Sub-requests, internal redirects and error pages: each is decided for itself.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

at('sub');
my $secret = secret('hs256');
sub bearer
{
    return [Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_))];
}
my $alice  = bearer();
my $reader = bearer(scope => 'read');
my $writer = bearer(scope => 'write');
my $challenge = qr/^Bearer realm="API"$/;

# Status and body, and no challenge on a 2xx
sub check
{
    my ($response, $status, $has, $hasnt, $name) = @_;
    my @wrong;
    push @wrong, "status $response->{status}, not $status"
        if $response->{status} != $status;
    push @wrong, 'no ' . $has if defined $has && $response->{body} !~ $has;
    push @wrong, 'there is ' . $hasnt
        if defined $hasnt && $response->{body} =~ $hasnt;
    push @wrong, 'a challenge on a 2xx'
        if $response->{status} < 300 && headers($response, 'WWW-Authenticate');
    return ok(!@wrong, $name) || diag(join "\n", @wrong, $response->{raw},
        @{ $response->{log} });
}

# --- A57: a page that includes ------------------------------------------------

check(ask('GET', '/page.shtml'), 200, qr/before \[.*\] after\nuser \[\(none\)\]/s,
    qr/the kept part/, 'A57 SSI: what is included is denied, the page is not');
check(ask('GET', '/page.shtml', $alice), 200, qr/before \[the kept part\n\] after/,
    undef, 'A57 SSI: what is included is identified by itself');
check(ask('GET', '/page.shtml', $alice), 200, qr/user \[\(none\)\]/,
    undef, 'A57 SSI: and its identity is not the page\'s');
check(ask('GET', '/page.shtml', [Authorization => 'Bearer x']), 200,
    qr/before \[/, qr/the kept part/, 'A57 SSI: a bad token');
check(ask('GET', '/writers.shtml', $alice), 200, undef, qr/of writers/,
    'A57 SSI: included for nobody without its scope');
check(ask('GET', '/writers.shtml', $writer), 200, qr/of writers/, undef,
    'A57 SSI: included with its scope');
check(ask('GET', '/member/page.shtml', $alice), 200,
    qr/\[the kept part\n\] after\nuser \[alice\]/, undef,
    'A57 SSI: from one kept section into another');
check_denial(ask('GET', '/member/page.shtml'), 401, $challenge,
    'A57 SSI: the page itself is kept');
check(ask('GET', '/member/two.shtml', $alice), 200,
    qr/member \[.*^FASTAUTH_USER=alice\n.*\]\nother/ms,
    qr/\nother \[.*^(?:FASTAUTH_USER|REMOTE_USER|AUTH_TYPE|HTTP_X_AUTH_USER)=/ms,
    'A57 SSI: a public part is not told who asks for the page');

# --- A57: listings and look-aheads ---------------------------------------------

check(ask('GET', '/list/'), 200, qr/open\.txt/, qr/kept-entry/,
    'A57 mod_autoindex lists nothing that is kept');
check(ask('GET', '/list/', $alice), 200, qr/kept-entry\.txt/, undef,
    'A57 mod_autoindex lists it to who may read it');
for ([[], ''], [$alice, ''], [[Authorization => 'Bearer x'], '']) {
    my ($headers, $user) = @$_;
    my $response = ask('GET', '/look-ahead', $headers);
    is $response->{status}, 404, 'A57 LA-U from an open page changes nothing';
    is scalar headers($response, 'WWW-Authenticate'), 0, 'A57 no challenge';
}

# --- A58: internal redirects ------------------------------------------------------

for my $way ('/hop?/kept/part.txt', '/to-kept', '/dir-rewrite/to-kept', '/dir/') {
    check_denial(ask('GET', $way), 401, $challenge, "A58 $way", handler => 1);
    check_denial(ask('POST', $way, [], 'x'), 401, $challenge,
        "A58 POST $way", handler => 1);
    check_denial(ask('GET', $way, [Authorization => 'Bearer x']), 401,
        qr/error="invalid_token"/, "A58 $way with a bad token", handler => 1);
    check(ask('GET', $way, $alice), 200, qr/the kept (?:part|index)/, undef,
        "A58 $way with a token");
}
check_denial(ask('GET', '/hop?/writers/part.txt', $alice), 403,
    qr/scope="write"/, 'A58 a redirect to what needs a scope', handler => 1);
check(ask('GET', '/hop?/hop?/kept/part.txt', $alice), 200, qr/the kept part/,
    undef, 'A58 two redirects');
check_denial(ask('GET', '/hop?/hop?/kept/part.txt'), 401, $challenge,
    'A58 two redirects without a token', handler => 1);
for my $headers ([], $alice) {
    my $response = ask('GET', '/hop?/tell-open/x', $headers);
    check($response, 200, qr/^SCRIPT_NAME=/m,
        qr/^(?:FASTAUTH_USER|REMOTE_USER|AUTH_TYPE)=/m,
        'A58 a redirect to a public handler tells of nobody');
}
for (['/member/hop.cgi?/tell-open/x', 200], ['/member/missing', 404]) {
    my ($way, $status) = @$_;
    check(ask('GET', $way, $alice), $status, qr/^SCRIPT_NAME=/m,
        qr/^(?:FASTAUTH_USER|REMOTE_USER|AUTH_TYPE|HTTP_X_AUTH_USER)=/m,
        "A58 $way leaves its identity headers behind");
}
check(ask('GET', '/member/../hop?/tell/x', $alice), 200,
    qr/^FASTAUTH_USER=alice$/m, undef, 'A58 a redirect into a kept section tells');

# --- Tried: the same per_dir_config, another method --------------------------------

check(ask('POST', '/same/hop.cgi?/same/part.txt', $reader, ''), 200,
    qr/the part for GET/, undef, 'Tried: POST, redirect to GET, with its scope');
check_denial(ask('POST', '/same/hop.cgi?/same/part.txt', $alice, ''), 403,
    qr/scope="read"/, 'Tried: POST, redirect to GET without its scope',
    handler => 1);
check_denial(ask('GET', '/same/part.txt', $alice), 403, qr/scope="read"/,
    'Tried: and GET itself');
check(ask('POST', '/same/page.shtml', $alice, ''), 200, qr/before \[/,
    qr/the part for GET/, 'Tried: POST, and a sub-request is a GET');
check(ask('POST', '/same/page.shtml', $reader, ''), 200,
    qr/\[the part for GET/, undef, 'Tried: the same with its scope');
check_denial(ask('POST', '/same/hop.cgi?/same/part.txt', [], ''), 401,
    $challenge, 'Tried: POST without a token');

# --- Tried: AuthStripCredentials and a redirect ---------------------------------------

my $told = ask('GET', '/strip/tell.cgi', $alice);
check($told, 200, qr/^FASTAUTH_USER=alice$/m, qr/AUTHORIZATION/,
    'Tried: stripped');
check(ask('GET', '/strip/hop.cgi?/strip/tell.cgi', $alice), 200,
    qr/^FASTAUTH_USER=alice$/m, qr/AUTHORIZATION|Bearer ey/,
    'Tried: stripped, redirected within the section');
check(ask('GET', '/strip/hop.cgi?/tell-strip/x', $reader), 200,
    qr/^FASTAUTH_USER=alice$/m, qr/AUTHORIZATION|Bearer ey/,
    'Tried: stripped, redirected into another');
check_denial(ask('GET', '/strip/hop.cgi?/tell-strip/x', $alice), 403,
    qr/scope="read"/, 'Tried: stripped, and the other one needs more',
    handler => 1);
check_denial(ask('GET', '/strip/hop.cgi?/tell-key/x', $alice), 401,
    qr/^ApiKey /, 'Tried: stripped, and the other one wants another credential',
    handler => 1);
check(ask('GET', '/strip/hop.cgi?/kept/part.txt', $alice), 200,
    qr/the kept part/, undef, 'Tried: stripped, and the other one does not strip');
check(ask('GET', '/strip/hop.cgi?/tell-open/x', $alice), 200,
    qr/^SCRIPT_NAME=/m, qr/^(?:FASTAUTH_USER|REMOTE_USER|HTTP_AUTHORIZATION)=/m,
    'Tried: stripped, and the other one is public');
check_denial(ask('GET', '/strip/hop.cgi?/tell-strip/x'), 401, $challenge,
    'Tried: nothing to strip');

# --- A59: error pages ------------------------------------------------------------------

sub check_page
{
    my ($response, $status, $has, $challenges, $name) = @_;
    check($response, $status, $has, undef, $name);
    is scalar(my @came = headers($response, 'WWW-Authenticate')), $challenges,
        "$name: challenges";
    is scalar(grep { /\[fastauth:/ } @{ $response->{log} }), 1,
        "$name: one line in the log";
}
check_page(ask('GET', '/err-open/x'), 401, qr/the page for everybody/, 1,
    'A59 an open page keeps the status');
my $kept = ask('GET', '/err-kept/x');
check($kept, 401, undef, qr/the kept page/, 'A59 a kept page is a plain 401');
is scalar(my @kept = headers($kept, 'WWW-Authenticate')), 1,
    'A59 with one challenge';
my $self = ask('GET', '/err-self/x');
check($self, 401, undef, undef, 'A59 an error page that is refused itself');
is scalar(my @self = headers($self, 'WWW-Authenticate')), 1,
    'A59 with one challenge';
check_page(ask('GET', '/err-text/x'), 401, qr/^a text of the administrator/, 1,
    'A59 a text');
my $cgi = ask('GET', '/err-cgi/x', $alice);
check_page($cgi, 403, qr/^REDIRECT_STATUS=403$/m, 1, 'A59 a CGI');
unlike $cgi->{body}, qr/^(?:FASTAUTH_USER|REMOTE_USER|HTTP_X_AUTH_USER)=/m,
    'A59 a public CGI is not told who was refused';
my $other = ask('GET', '/err-cgi/x');
check_page($other, 401, qr/^REDIRECT_STATUS=401$/m, 1, 'A59 an optional CGI');
my $bad = ask('GET', '/err-cgi/x', [Authorization => 'Bearer x']);
check($bad, 401, undef, undef,
    'A59 a bad token, and an error page that refuses it too');
is scalar(my @bad = headers($bad, 'WWW-Authenticate')), 1,
    'A59 with one challenge';

# --- Tried: Satisfy Any -------------------------------------------------------------

for my $path ('/satisfy/x', '/satisfy-allow/x', '/satisfy-scope/x') {
    for my $headers ([], $alice, [Authorization => 'Bearer x']) {
        my $response = ask('GET', $path, $headers);
        is $response->{status}, 500, "Tried: $path with Satisfy Any";
        ok scalar(grep { /Satisfy Any would let everybody/ }
            @{ $response->{log} }), 'Tried: and the log says why';
    }
}
finish();
