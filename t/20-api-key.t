# SPDX-License-Identifier: Apache-2.0
# API keys in a header, a query and a cookie; their file; what others see.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Test::More;
use FastAuthTest;

sub challenge
{
    my ($place, $name) = @_;
    return qr/^ApiKey realm="API", in="$place", name="\Q$name\E"$/;
}
my $HEADER = challenge('header', 'X-API-Key');
my $QUERY  = challenge('query',  'api_key');
my $COOKIE = challenge('cookie', 'sid');

at('api_key');
my ($kim, $lee, $odd) = map { api_key($_) } 'kim', 'lee', 'odd one';
# a key that is good and may stand in the access log
my $known = $FastAuthTest::KNOWN_KEY->{key};

sub key { return ask('GET', $_[1] // '/header', ['X-API-Key', $_[0]]) }
sub query { return ask('GET', ($_[1] // '/query') . "?$_[0]") }
sub cookie { return ask('GET', $_[1] // '/cookie', [Cookie => $_[0]]) }

# --- in a header ------------------------------------------------------------------

my $answer = key($kim);
check_allowed($answer, 'kim', 'S21 a good key');
is_deeply([map { header($answer, "X-$_") }
        qw(Scheme Scopes Roles Permissions Key)],
    ['api-key-header', 'orders:read orders:write', 'editor', 'a b', 'kim-1'],
    'S21 and what its line says');
$answer = key($lee);
check_allowed($answer, 'lee', 'S21 another one');
is(header($answer, 'X-Key'), substr(sha256_hex($lee), 0, 12),
    'S21 a key without a name goes by its digest');
is(header($answer, 'X-Scopes'), '', 'S21 and has no scopes');
check_allowed(ask('GET', '/header', ['x-aPi-kEY', $kim]), 'kim',
    'S21 the header\'s name is case-insensitive');
check_allowed(key("$kim \t"), 'kim',
    'A48 white space behind a header is no part of it (RFC 9110 section 5.5)');
check_allowed(key($odd), 'odd one', 'S21 a key of odd bytes');
check_allowed(ask('GET', '/named', ['X-My-Key', $kim]), 'kim',
    'S21 a header of another name');
check_denial(key($kim, '/named'), 401, challenge('header', 'X-My-Key'),
    'S21 and then not the usual one');
check_allowed(key($known), 'mia', 'a key with an hour to expire at');

check_denial(ask('GET', '/header'), 401, $HEADER, 'S21 no key');
for (
    ['S21 A48 empty', ''],
    ['S21 wrong', 'wrong'],
    ['A48 all but the last byte', substr $kim, 0, -1],
    ['A48 all but the first byte', substr $kim, 1],
    ['A48 one byte more', "${kim}x"],
    ['A48 in another case', uc $kim],
    ['A48 a space inside', substr($kim, 0, 4) . ' ' . substr $kim, 4],
    ['A48 in quotes', qq("$kim")],
    ['A48 10 kB, as far as httpd lets it in', 'k' x 8000],
    ['A48 over the longest', 'k' x 513],
    ['A48 %00', "$kim%00"],
    ['A48 UTF-8', "\xc3\xa9\xe2\x82\xac"],
    ['A48 no UTF-8', "\xff\xfe"],
    ['its digest', sha256_hex($kim)],
    ['as a Bearer token', "Bearer $kim"],
) {
    check_denial(key($_->[1]), 401, $HEADER, "$_->[0] is refused");
}
check_status(key('k' x 10_000), 400, 'A48 10 kB: httpd\'s own 400');
check_denial(key(api_key('old')), 401, $HEADER, 'an expired key is refused');
like(join(' ', @{ key(api_key('old'))->{log} }), qr/expired/,
    'and the log says why');
check_denial(ask('GET', '/header', ['X-API-Key', $kim, 'X-API-Key', $kim]),
    400, undef, 'A48 two headers');
check_denial(key("$kim, $lee"), 400, undef, 'A48 two keys in one');
check_denial(query("api_key=$known", '/header'), 401, $HEADER,
    'a query is not looked at');
check_denial(cookie("sid=$kim", '/header'), 401, $HEADER,
    'nor is a cookie');
check_denial(
    ask('GET', '/header', [Authorization => "ApiKey $kim"]),
    401, $HEADER, 'nor is Authorization');
check_allowed(ask('GET', '/optional'), undef, 'S56 optional: anonymous');
check_denial(key('wrong', '/optional'), 401, $HEADER, 'S56 a bad one is 401');
check_denial(key('', '/optional'), 401, $HEADER, 'S56 an empty one is 401');

# --- in a query --------------------------------------------------------------------

check_allowed(query("api_key=$kim"), 'kim', 'S22 a good key');
check_allowed(query("a=b&api_key=$kim&c"), 'kim', 'S22 among others');
check_allowed(query('api_key=' . form_escape($odd)), 'odd one',
    'S22 percent-encoded');
check_allowed(query("token=$kim", '/token'), 'kim', 'S22 by another name');
check_denial(query('api_key=wrong'), 401, $QUERY, 'S22 wrong');
check_denial(ask('GET', '/query'), 401, $QUERY, 'S22 missing');
check_denial(query('api_key='), 401, $QUERY, 'S22 empty');
check_denial(query('api_key'), 401, $QUERY, 'S22 a name alone');
check_denial(query("api_key=$kim&api_key=$kim"), 400, undef, 'S22 A49 twice');
check_denial(query("api_key=$kim&x=1&api_key="), 400, undef,
    'S22 A49 twice, one of them empty');
check_denial(query("api_key=$kim&api_key=wrong"), 400, undef,
    'A49 a good and a bad one');
check_denial(query("api_key=$kim%00"), 401, $QUERY, 'A48 %00');
check_denial(query("api_key=$kim%20"), 401, $QUERY, 'A48 a space behind');
check_denial(query("api_key=$kim%2"), 401, $QUERY, 'A48 half an escape');
check_denial(query("api_key=$kim+"), 401, $QUERY, 'A48 a plus behind');
for ("api_key[]=$known", "API_KEY=$known", "api%5Fkey=$known",
    "a=b;api_key=$known", "xapi_key=$known", "api_keyx=$known",
    "?api_key=$known") {
    check_denial(query($_), 401, $QUERY,
        'A49 ' . (split /=test/)[0] . ' is not the parameter');
}
check_denial(ask('GET', "/query/api_key=$known"), 401, $QUERY,
    'A49 nor is the path');
check_status(ask('GET', "/query#api_key=$known"), 400,
    'A49 a fragment: httpd\'s own 400');
check_denial(key($kim, '/query'), 401, $QUERY, 'and a header is not looked at');

# --- in a cookie -------------------------------------------------------------------

check_allowed(cookie("sid=$kim"), 'kim', 'a good key in a cookie');
check_allowed(cookie("a=b; sid=$kim; c=d"), 'kim', 'among others');
check_denial(ask('GET', '/cookie'), 401, $COOKIE, 'no cookie');
check_denial(cookie('a=b'), 401, $COOKIE, 'another cookie');
check_denial(cookie('sid=wrong'), 401, $COOKIE, 'a wrong one');
check_denial(cookie('sid='), 401, $COOKIE, 'an empty one');
check_denial(cookie("SID=$kim"), 401, $COOKIE, 'a cookie\'s name has its case');
check_denial(cookie("sid=$kim; sid=$lee"), 401, $COOKIE, 'a cookie twice');
check_denial(cookie("asid=$kim"), 401, $COOKIE, 'the end of another name');

# --- beside each other ------------------------------------------------------------------

my $token = mint('HS256', secret('hs256'), claims());
my @ALL = ($HEADER, $QUERY, $COOKIE, qr/^Bearer realm="API"$/);
my @BAD = (@ALL[0 .. 2], qr/^Bearer realm="API", error="invalid_token"$/);
my $TWO = qr/^Bearer realm="API", error="invalid_request"$/;
check_denial(ask('GET', '/any'), 401, \@ALL, 'a challenge for each way in');
check_denial(key('wrong', '/any'), 401, \@ALL,
    'a bad key is no invalid token');
check_denial(ask('GET', '/any', [Authorization => 'Bearer x']), 401, \@BAD,
    'a bad token is');
check_denial(
    ask('GET', "/any?api_key=$kim", ['X-API-Key', $kim]), 400, $TWO,
    'A49 header and query at once');
check_denial(
    ask('GET', '/any', ['X-API-Key', $kim, Authorization => "Bearer $token"]),
    400, $TWO, 'A33 a token and a key');
check_denial(
    ask('GET', "/any?api_key=$kim", [Authorization => "Bearer $token"]),
    400, $TWO, 'A33 a token and a key in the query');
check_denial(
    ask('GET', '/any', ['X-API-Key', '', Authorization => "Bearer $token"]),
    400, $TWO, 'A33 a token and an empty key');
for (
    ['X-API-Key', $lee, 'lee'],
    [Authorization => "Bearer $token", 'alice'],
) {
    my ($name, $value, $user) = @$_;
    my $response = ask('GET', '/any', [$name, $value, Cookie => "sid=$kim"]);
    check_allowed($response, $user, "A33 a cookie beside $name is ignored");
    is(header($response, 'X-Scopes'), '', 'A33 and its scopes do not join');
}
check_allowed(ask('GET', "/any?api_key=$lee", [Cookie => "sid=$kim"]), 'lee',
    'A33 a cookie beside a query is ignored');
check_denial(ask('GET', '/any', ['X-API-Key', 'wrong', Cookie => "sid=$kim"]),
    401, \@ALL, 'A33 and does not save a bad key');
check_denial(ask('GET', '/any', ['X-API-Key', '', Cookie => "sid=$kim"]),
    401, \@ALL, 'A33 nor an empty one');
check_allowed(cookie("sid=$kim", '/any'), 'kim', 'A33 alone it counts');

# --- what a handler, a backend and the log see ----------------------------------------------

sub env
{
    my ($response) = @_;
    return { $response->{body} =~ /^(\w+)=(.*)$/mg };
}

my @everything = (Cookie => "a=1; sid=$kim; b=\"2; 3\"", 'X-Other' => 'kept');
my $env = env(ask('GET', '/keep?b=2', [@everything, 'X-API-Key', $lee]));
is($env->{HTTP_X_API_KEY}, $lee, 'without AuthStripCredentials a key stays');
is($env->{HTTP_COOKIE}, "a=1; sid=$kim; b=\"2; 3\"", 'and so do cookies');
for my $path ('/strip', '/proxied') {
    $env = env(ask('GET', "$path/x?b=2&a=1", [@everything, 'X-API-Key', $lee]));
    is($env->{FASTAUTH_USER}, $path eq '/strip' ? 'lee' : undef,
        "$path: AuthStripCredentials, a key in a header");
    is($env->{HTTP_X_API_KEY}, undef, 'A62 the header is gone');
    is($env->{HTTP_COOKIE}, 'a=1; b="2; 3"',
        'A62 so is the cookie, and the others are as they were');
    is($env->{HTTP_X_OTHER}, 'kept', 'A62 other headers stay');
    is($env->{QUERY_STRING}, 'b=2&a=1', 'A62 and so does the query');
    $env = env(ask('GET', "$path/x?z=1&api_key=$kim&y=%41&&x=;+&API_KEY=3"));
    is($env->{QUERY_STRING}, 'z=1&y=%41&&x=;+&API_KEY=3',
        "S22 A49 $path: the key is out of the query, the others keep order");
    unlike($env->{REQUEST_URI} // $kim, qr/\Q$kim\E/,
        'S22 A49 and out of the request\'s URI');
    $env = env(ask('GET', "$path/x?api_key=$kim"));
    is($env->{QUERY_STRING}, '', "S22 A49 $path: a query of the key alone");
    unlike(join("\n", %$env), qr/\Q$kim\E/, 'A62 and it is nowhere');
    $env = env(cookie("sid=$kim", "$path/x"));
    is($env->{HTTP_COOKIE}, undef, "A62 $path: the only cookie");
}

for (
    ["/query?x=1&api_key=$kim&y=2", '/query?x=1&api_key=***&y=2'],
    ["/query?api_key=$kim", '/query?api_key=***'],
    ['/query?api_key=wrong-but-private', '/query?api_key=***'],
    ["/query?api_key=$kim&api_key=$lee", '/query?api_key=***&api_key=***'],
    ["/token?token=$kim&other=kept&api_key=x",
        '/token?token=***&other=kept&api_key=***'],
    ["/any/?a&api_key=$kim", '/any/?a&api_key=***'],
    ["/strip/?a=1&api_key=$kim&b", undef],
    ["/proxied/?a=1&api_key=$kim&b", undef],
) {
    my ($target, $shown) = @$_;
    my $mark = access_log_mark();
    ask('GET', $target);
    my $public = $target =~ s/\Q$kim\E|\Q$lee\E/KEY/gr;
    # the backend of /proxied writes a line of its own
    my ($line) = grep { /GET/ }
        access_log_since($mark, $target =~ /proxied/ ? 2 : 1);
    like($line, $shown ? qr/"GET \Q$shown\E HTTP/ : qr/"GET \S+ HTTP/,
        "S22 A49 the access log of $public");
    unlike($line, qr/\Q$kim\E|\Q$lee\E/, 'S22 A49 has no key');
}

# --- the file changes --------------------------------------------------------------------

at('api_key_changing');
my $file   = keys_dir() . '/api-keys-changing';
my $before = slurp($file);
my $new    = private_to('test-key-that-came-later-01');
check_allowed(key($kim), 'kim', 'a key of the file as it was');
check_denial(key($new), 401, $HEADER, 'one that is not in it yet');
spill($file, $before . sha256_hex($new) . " user=nia\n");
check_allowed(key($new), 'nia', 'a key that was added') for 1 .. 4;
check_allowed(key($kim), 'kim', 'and the others as before');
spill($file, $before =~ s/^\Q${\ sha256_hex($kim) }\E.*\n//mr);
check_denial(key($kim), 401, $HEADER, 'a key that was taken out') for 1 .. 4;
check_allowed(key($lee), 'lee', 'and the others as before');

# the operator's line, once for each process and reading, beside the refusal's
my $some = [1, 2];
spill($file, "$before\nthis is no line\n");
check_denial(key($lee), 503, undef, 'a line that is wrong: no key counts',
    lines => $some) for 1 .. 4;
check_denial(key($lee, '/bearer-too'), 503, undef,
    'no challenge where no answer would help', lines => $some);
my $wrong = key($lee);
is(problem($wrong)->{detail}, 'The request cannot be checked at the moment.',
    'the body tells nothing of the file');
unlike($wrong->{raw}, qr/api-keys|line/, 'nor does any header');
check_denial(ask('GET', '/header'), 401, $HEADER,
    'without a key it is still 401');
spill($file, "$before# a comment\n\n");
check_allowed(key($lee), 'lee', 'and right again') for 1 .. 4;
unlink $file;
check_denial(key($lee), 503, undef, 'a file that is gone', lines => $some)
    for 1 .. 2;
mkdir $file;
check_denial(key($lee), 503, undef, 'a directory in its place',
    lines => $some) for 1 .. 2;
rmdir $file;
spill($file, '');
check_denial(key($lee), 401, $HEADER, 'an empty file has no key');
spill($file, $before);
chmod 0, $file;
check_denial(key($lee), 503, undef, 'a file that cannot be read',
    lines => $some);
chmod 0644, $file;
check_allowed(key($lee), 'lee', 'and read again');

finish();
