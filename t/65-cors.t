# SPDX-License-Identifier: Apache-2.0
# S16 S44 A69 A77 A78 A79: pages of other origins may read what they are meant
# to read, errors too, and a preflight is answered before anything is asked.
use strict;
use warnings;
use Test::More;
use FastAuthTest;
use FastAuthTest::Http2;
use FastAuthTest::Node;

my $host   = at('cors');
my $secret = secret('hs256');
my $token  = mint('HS256', $secret, claims(scope => 'read'));
my @alice  = (Authorization => "Bearer $token");
my $kim    = api_key('kim');
my @a      = (Origin => 'https://a.example');
my @asks   = (@a, 'Access-Control-Request-Method' => 'GET');
my $page   = at('cors_page');
my $stranger = at('cors_stranger');
at('cors');

# What Vary names, each word as often as it is there
sub varies { return map { lc } map { split /\s*,\s*/ } headers($_[0], 'Vary') }

# The Access-Control- headers of an answer, sorted, as `Name: value'
sub cors
{
    return sort map { "$_->[0]: $_->[1]" =~ /^access-control-(.*)/i ? lc $1 : () }
        @{ $_[0]{headers} };
}

sub is_cors
{
    my ($response, $status, $expected, $name, %also) = @_;
    my @wrong;
    push @wrong, "status $response->{status}, not $status"
        if $response->{status} != $status;
    my ($got, $want) = (join('; ', cors($response)), join '; ', sort @$expected);
    push @wrong, "'$got', not '$want'" if $got ne $want;
    for my $word (@{ $also{vary} // ['origin'] }) {
        my $count = grep { $_ eq $word } varies($response);
        push @wrong, "$count times $word in Vary" if $count != 1;
    }
    push @wrong, 'a handler ran'
        if $also{preflight} && grep { /handler runs|\[fastauth:/ }
        @{ $response->{log} };
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(!@wrong, $name)
        || diag(join "\n", @wrong, substr $response->{raw}, 0, 1500);
}

my @exposed = ('expose-headers: ratelimit, retry-after, www-authenticate');
my @allowed = ('allow-origin: https://a.example', 'allow-credentials: true');
my @actual  = (@allowed, @exposed);
my @before  = (@allowed, 'allow-methods: get, put',
    'allow-headers: authorization, x-a', 'max-age: 300');
my @vary_before = map { "access-control-request-$_" } qw(method headers);
sub is_preflight
{
    my ($response, $expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is_cors($response, 204, $expected, $name, preflight => 1,
        vary => ['origin', @vary_before]);
}

# --- S44, A79: every answer, exactly once, whoever made it --------------------

my $etag = header(ask('GET', '/list/file'), 'ETag');
my @rows = (
    ['a file', 200, 'GET', '/list/file'],
    ['HEAD', 200, 'HEAD', '/list/file'],
    ['304', 304, 'GET', '/list/file', ['If-None-Match' => $etag]],
    ['206', 206, 'GET', '/list/file', [Range => 'bytes=0-3']],
    ['416', 416, 'GET', '/list/file', [Range => 'bytes=9999-']],
    ['404', 404, 'GET', '/list/missing'],
    ['405', 405, 'PATCH', '/list/file', [], 'x'],
    ['DirectoryIndex', 200, 'GET', '/list/dir/'],
    ['a slash that httpd adds', 301, 'GET', '/list/dir'],
    ['a redirect', 302, 'GET', '/list/redirect'],
    ['CGI', 200, 'GET', '/list/cgi'],
    (map { ["CGI's $_", $_, 'GET', "/list/cgi?status=$_"] }
        qw(201 301 401 403 404 429 500 503)),
    ['204 of a handler', 204, 'GET', '/list/cgi?status=204'],
    ['an error of mod_lua', 404, 'GET', '/list/lua-error'],
    ['a local redirect', 200, 'GET', '/list/hop?/pages/file'],
    ['proxied', 200, 'GET', '/list/back/file'],
    (map { ["proxied $_", $_, 'GET', "/list/back/cgi?status=$_"] }
        qw(401 404 500)),
    ['proxied 304', 304, 'GET', '/list/back/file', ['If-None-Match' => '*']],
    ['proxied HEAD', 200, 'HEAD', '/list/back/file'],
    ['others speak of CORS', 200, 'GET', '/list/headers/file'],
    ['others speak of CORS, 404', 404, 'GET', '/list/headers/none'],
    ['ours: 200', 200, 'GET', '/list/kept/file', [@alice]],
    ['ours: 401', 401, 'GET', '/list/kept/file'],
    ['ours: 401, HEAD', 401, 'HEAD', '/list/kept/file'],
    ['ours: 401, others speak', 401, 'GET', '/list/kept/headers/file'],
    ['ours: 400', 400, 'GET', '/list/kept/file', [@alice, @alice]],
    ['ours: 403 role', 403, 'GET', '/list/role/file', [@alice]],
    ['ours: 403 TLS', 403, 'GET', '/list/tls/file'],
    ['ours: 403 address', 403, 'GET', '/list/address/file'],
    ['ours: 503', 503, 'GET', '/list/broken/file',
        [Authorization => basic('ada', 'a-long-password')]],
    ['stock 403', 403, 'GET', '/list/stock/file'],
    ['ours: 400 of a proxied path', 400, 'GET', '/list/back/a;b'],
    ['ErrorDocument', 401, 'GET', '/list/document/file'],
    ['ErrorDocument, a program', 401, 'GET', '/list/program/file'],
    ['ErrorDocument elsewhere', 302, 'GET', '/list/elsewhere/file'],
    ['OPTIONS without a method asked for', 401, 'OPTIONS', '/list/kept/file'],
);
for my $row (@rows) {
    my ($name, $status, $method, $target, $headers, $body) = @$row;
    my @headers = @{ $headers // [] };
    is_cors(ask($method, $target, [@a, @headers], $body), $status, \@actual,
        "S44 A79 $name");
    is_cors(ask($method, $target, [Origin => 'https://b.example', @headers],
            $body), $status, [], "S44 A77 $name, another origin");
    is_cors(ask($method, $target, \@headers, $body), $status, [],
        "A77 $name, no origin");
}
for my $i (1 .. 3) {
    is_cors(ask('GET', '/list/limited/file', [@a, 'X-A' => 'one']),
        $i < 3 ? 200 : 429, \@actual, "A79 limited, request $i");
}

# --- A77: the origin's exact text -------------------------------------------------

for my $origin ('null', '', 'https://a.example.evil', 'https://evila.example',
    'https://a.example:443', 'https://a.example.', 'https://a.example/',
    'https://A.example', 'HTTPS://a.example', 'http://a.example',
    'https://sub.a.example', 'https://a.example, https://a.example',
    'https://a.example https://a.example', '*', "https://a.example\x80",
    'https://' . 'a' x 8000 . '.example')
{
    my $name = length $origin > 50 ? '8 kB' : $origin;
    $name =~ s/[^ -~]/?/g;
    is_cors(ask('GET', '/list/file', [Origin => $origin]), 200, [], "A77 '$name'");
    is_preflight(ask('OPTIONS', '/list/kept/file', [Origin => $origin,
            'Access-Control-Request-Method' => 'GET']), [],
        "A77 A78 a preflight of '$name'");
}
is_cors(ask('GET', '/list/file', [@a, @a]), 200, [], 'A77 Origin twice');
is_cors(ask('GET', '/list/file', [Origin => 'https://b.example', @a]), 200, [],
    'A77 two origins');
my $split = ask('GET', '/list/file',
    [Origin => "https://a.example\r\n X: y"]);
is join('; ', cors($split)), '', 'A77 an Origin of two lines';
is_cors(ask('GET', '/list/file', [Origin => 'http://a.example:8080']), 200,
    ['allow-origin: http://a.example:8080', 'allow-credentials: true', @exposed],
    'A77 and one with its port');

# --- A78: preflights --------------------------------------------------------------

for my $row (
    map({ [$_, "/list/$_"] } qw(file missing cgi kept/file role/file tls/file
        address/file broken/file stock/file document/file methods/file
        any-satisfied/file headers/file back/file lua-error))
) {
    my ($name, $target) = @$row;
    is_preflight(ask('OPTIONS', $target, \@asks), \@before, "A78 $name");
}
my @put = (@a, 'Access-Control-Request-Method' => 'PUT',
    'Access-Control-Request-Headers' => 'x-a,authorization');
is_preflight(ask('OPTIONS', '/list/kept/file', \@put), \@before,
    'A78 PUT with headers');
is_preflight(ask('OPTIONS', '/list/kept/file', \@put, 'a body'), \@before,
    'A78 with a body');
is_preflight(ask('OPTIONS', '/list/kept/file', [@put, @alice,
        Cookie => "key=$kim"]), \@before, 'A78 with credentials too');
for (['DELETE'], ['get'], ['PUT, GET'], [''], ['*'], ['PUT', 'x-b'],
    ['PUT', 'x-a, x-b'], ['PUT', 'x-a authorization'], ['PUT', '*'])
{
    my ($method, $headers) = @$_;
    is_preflight(ask('OPTIONS', '/list/kept/file', [@a,
            'Access-Control-Request-Method' => $method,
            defined $headers ? ('Access-Control-Request-Headers' => $headers)
            : ()]), [], "A78 $method " . ($headers // ''));
}
check_denial(ask('OPTIONS', '/list/kept/file', [@a]), 401, qr/^Bearer /,
    'A78 OPTIONS that asks for no method');
check_denial(ask('OPTIONS', '/list/kept/file',
        ['Access-Control-Request-Method' => 'GET']), 401, qr/^Bearer /,
    'A78 OPTIONS without an origin');
for my $method (qw(GET POST PUT HEAD)) {
    check_denial(ask($method, '/list/kept/file', \@asks), 401, qr/^Bearer /,
        "A78 $method that asks like a preflight");
}
# where CORSOrigin is not in force, OPTIONS is a method like any other
check_denial(ask('OPTIONS', $_, \@asks), 401, qr/^Bearer /, "A78 $_")
    for qw(/plain/kept/file /list/none/kept/file);

# S16, A80: nothing is paid
is_preflight(ask('OPTIONS', '/list/limited/file', [@asks, 'X-A' => 'two']),
    \@before, "A78 A80 limited, preflight $_") for 1 .. 4;
is(ask('GET', '/list/limited/file', [@a, 'X-A' => 'two'])->{status},
    $_ < 3 ? 200 : 429, "A80 and then request $_") for 1 .. 3;
is_preflight(ask('OPTIONS', '/list/limited/file', [@asks, 'X-A' => 'two']),
    \@before, 'A78 A80 preflight over the limit');

# no backend is asked
my $log = top() . '/logs/cors_backend.log';
my $heard = slurp($log);
is_preflight(ask('OPTIONS', '/list/back/x', \@asks), \@before, 'A78 proxied');
is slurp($log), $heard, 'A78 and the backend has heard nothing';
unlike $heard, qr/^OPTIONS/m, 'A78 nor before';

# --- each directive of a child replaces that one; none; any ------------------------

is_cors(ask('GET', '/list/child/file', [Origin => 'https://child.example']),
    200, ['allow-origin: https://child.example', @exposed], 'S44 a child');
is_cors(ask('GET', '/list/child/file', [@a]), 200, [],
    "S44 a child, its parent's origin");
is_preflight(ask('OPTIONS', '/list/child/file',
        [@asks, Origin => 'https://child.example'] ), [],
    'S44 a child, two origins');
my $none = ask('GET', '/list/none/back/file', [@a]);
is $none->{status}, 404, 'S44 none: no such path';
for my $target ('/plain/back/file', '/list/none/file') {
    my $response = ask('GET', $target, [@a]);
    is $response->{status}, 200, "S44 $target";
    is join('; ', cors($response)), $target =~ /back/
        ? 'allow-credentials: true; allow-origin: *; expose-headers: x-backend; '
        . 'something: else' : '', 'S44 where nothing is in force nothing changes';
    ok !grep({ $_ eq 'origin' } varies($response)), 'S44 nor varies';
}
is_cors(ask('GET', '/guide-any/file', [Origin => $_]), 200,
    ['allow-origin: *'], "S44 any: $_") for 'https://b.example', 'null';
is_preflight(ask('OPTIONS', '/guide-any/file', [@a,
        'Access-Control-Request-Method' => 'PATCH',
        'Access-Control-Request-Headers' => 'x-b,  x-c']),
    ['allow-origin: *', 'allow-methods: patch', 'allow-headers: x-b, x-c',
        'max-age: 600'], 'S44 any: what was asked for comes back');
my $odd = ask('OPTIONS', '/guide-any/file', [@a,
        'Access-Control-Request-Method' => 'GET',
        'Access-Control-Request-Headers' => 'x-b, <script>']);
is_preflight($odd, [], 'A66 and nothing that is no name');
is_preflight(ask('OPTIONS', '/guide-list/file', [Origin => 'http://localhost:3000',
        'Access-Control-Request-Method' => 'DELETE',
        'Access-Control-Request-Headers' => 'content-type']),
    ['allow-origin: http://localhost:3000', 'allow-credentials: true',
        'allow-methods: delete', 'allow-headers: content-type', 'max-age: 600'],
    'S44 a list, methods * and headers *');

# --- HTTP/2 --------------------------------------------------------------------------

SKIP: {
    skip 'no nghttp (Debian: nghttp2-client)', 1 unless has_http2();
    for (['GET', '/list/file', 200], ['HEAD', '/list/file', 200],
        ['GET', '/list/kept/file', 401], ['GET', '/list/back/file', 200],
        ['GET', '/list/missing', 404],
        ['GET', '/list/file', 304, 'If-None-Match' => $etag])
    {
        my ($method, $target, $status, @headers) = @$_;
        is_cors(ask2($host, $method, $target, [@a, @headers]), $status,
            \@actual, "A70 S44 HTTP/2: $method $target $status");
    }
    is_preflight(ask2($host, 'OPTIONS', '/list/kept/file', \@put), \@before,
        'A70 A78 HTTP/2: a preflight');
    is_preflight(ask2($host, 'OPTIONS', '/list/kept/file', [
            'Access-Control-Request-Method' => 'GET', Origin => 'null']), [],
        'A70 A77 HTTP/2: null');
}

# --- A69: mod_cache ------------------------------------------------------------------

sub is_hit { return (header($_[0], 'X-Cache') // '') =~ /^HIT/ }

for my $cache (qw(cors_quick cors_normal)) {
    at($cache);
    for my $path ('/list/lua/max-age=60', '/list/file') {
        for my $round (1, 2) {
            for my $origin ('https://a.example', 'https://b.example', undef,
                'https://c.example', 'https://server.example')
            {
                my @mine = ($origin // '') =~ m{//[ab]\.}
                    ? ("allow-origin: $origin", 'allow-credentials: true') : ();
                my $response = ask('GET', $path,
                    [defined $origin ? (Origin => $origin) : ()]);
                my $name = "A69 $cache, $path, round $round, "
                    . ($origin // 'no origin');
                is_cors($response, 200, \@mine, $name);
                is is_hit($response) ? 2 : 1, $round, 'A69 from the cache or not';
                is join('; ', map { headers($response, $_) }
                        qw(X-Frame-Options Content-Security-Policy)),
                    "DENY; default-src 'none'", 'A67 A69 with security headers';
            }
        }
    }
    my $tag = header(ask('GET', '/list/file', [@a]), 'ETag');
    my $same = ask('GET', '/list/file', [@a, 'If-None-Match' => $tag]);
    is_cors($same, 304, \@allowed, "A69 $cache, 304 from the cache");
    ok is_hit($same), 'A69 it is from there';
    is_cors(ask('GET', '/any/lua/max-age=60', [Origin => "https://$_"]), 200,
        ['allow-origin: *'], "A69 $cache, any: $_") for qw(a a b);
    is_preflight(ask('OPTIONS', '/list/file', \@asks), [@allowed,
        'allow-methods: get, head, post', 'max-age: 600'],
        "A78 $cache, a preflight");
}

# --- a browser on two origins ----------------------------------------------------------

SKIP: {
    my $missing = no_node('chromium');
    skip $missing, 1 if $missing;
    at('cors');
    s/^[^:]*/127.0.0.1/ for my ($api, $own, $other) = ($host, $page, $stranger);
    my $mark = access_log_mark();
    my ($status, $out, $error) = run_node('cors.mjs', ["http://$own/",
            "http://$other/", "http://$api", private_to($token), $kim]);
    is $status, 0, 'the browser came to its end' or diag($error, $out);
    my %found = map { /^(.*?) = (.*)$/ ? ($1 => $2) : () } split /\n/, $out;
    my %expected = (
        'a simple request' => '200 the file of another origin',
        'a preflight, then a token' => '200 the file of another origin',
        'no token' => '401 Bearer realm="API"',
        'cookies go along' => '200 the file of another origin',
        'cookies do not go along' => '401 -',
        'an API key of the page' => 'refused',
        'a method that may not be' => 'refused',
        'a header that may not be' => 'refused',
        'limited 1' => '200 1',
        'limited 2' => '200 0',
        'limited 3' => '429 0 Retry-After',
        'not exposed' => '200 -',
        'guide: list' => '200 handler-output',
        'guide: list, cookies' => '200 the file of another origin',
        'guide: any' => '200 handler-output',
        'guide: any, cookies' => 'refused',
        'backend' => '200 the file of another origin',
        'none' => 'refused',
        'stranger: simple' => 'refused',
        'stranger: a preflight' => 'refused',
        'stranger: cookies' => 'refused',
        'stranger: 401' => 'refused',
        'stranger: guide: list' => 'refused',
        'stranger: guide: any' => '200 the file of another origin',
    );
    is $found{$_} // 'nothing', $expected{$_}, "S44 browser: $_"
        for sort keys %expected;
    is_deeply [sort keys %found], [sort keys %expected], 'S44 and no more';
    my @asked = grep { /"OPTIONS / } access_log_since($mark, 20);
    cmp_ok scalar @asked, '>', 5, 'S44 it did send preflights';
    is_deeply [grep { !/" 204 / } @asked], [], 'S44 answered 204, all of them';
}
finish();
