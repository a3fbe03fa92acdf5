# SPDX-License-Identifier: Apache-2.0
# S43 A67: security headers on every answer, each exactly once, never over what
# somebody else has set; HSTS over TLS only.
use strict;
use warnings;
use Test::More;
use FastAuthTest;
use FastAuthTest::Http2;

my $secret = secret('hs256');
my @alice  = (Authorization => 'Bearer '
        . mint('HS256', $secret, claims(scope => 'read')));
my @bob = (Authorization => 'Bearer ' . mint('HS256', $secret, claims()));

my %all = (
    'X-Content-Type-Options' => 'nosniff',
    'X-Frame-Options'        => 'DENY',
    'Referrer-Policy'        => 'no-referrer',
    'X-XSS-Protection'       => '0',
);
my %tls = ('Strict-Transport-Security' => 'max-age=63072000');
my @names = (sort(keys %all, keys %tls), 'Content-Security-Policy');

# Status, and each of the names as often as expected: once, or (undef) not at
# all; a list is for several
sub is_secured
{
    my ($response, $status, $expected, $name) = @_;
    my @wrong;
    push @wrong, "status $response->{status}, not $status"
        if $response->{status} != $status;
    for my $header (@names) {
        my $value = $expected->{$header};
        my $want  = join ' | ', ref $value ? @$value : $value // ();
        my $got   = join ' | ', headers($response, $header);
        push @wrong, "$header: '$got', not '$want'" if $got ne $want;
    }
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(!@wrong, $name)
        || diag(join "\n", @wrong, substr $response->{raw}, 0, 1200);
}

my %csp = ('Content-Security-Policy' => "default-src 'self'");
for my $host (qw(secured secured_tls)) {
    my $at   = at($host);
    my %hsts = $host eq 'secured_tls' ? %tls : ();
    my %usual = (%all, %hsts);
    my $etag = header(ask('GET', '/on/file'), 'ETag');

    for my $row (
        ['a file', 200, 'GET', '/on/file'],
        ['HEAD', 200, 'HEAD', '/on/file'],
        ['304', 304, 'GET', '/on/file', ['If-None-Match' => $etag]],
        ['206', 206, 'GET', '/on/file', [Range => 'bytes=0-3']],
        ['416', 416, 'GET', '/on/file', [Range => 'bytes=9999-']],
        ['404', 404, 'GET', '/on/missing'],
        ['405', 405, 'PATCH', '/on/file'],
        ['DirectoryIndex', 200, 'GET', '/on/dir/'],
        ['a slash that httpd adds', 301, 'GET', '/on/dir'],
        ['a redirect', 302, 'GET', '/on/redirect'],
        ['an error of mod_lua', 404, 'GET', '/on/lua-error'],
        (map { ["CGI's $_", $_, 'GET', "/on/cgi?status=$_"] }
            qw(200 201 204 301 400 401 403 404 429 500 503)),
        ['ours: 200', 200, 'GET', '/on/kept/file', [@alice]],
        ['ours: 400', 400, 'GET', '/on/kept/file', [@alice, @bob]],
        ['ours: 401', 401, 'GET', '/on/kept/file'],
        ['ours: 401, HEAD', 401, 'HEAD', '/on/kept/file'],
        ['ours: 403', 403, 'GET', '/on/kept/file', [@bob]],
        ['ours: limited', 200, 'GET', '/on/limited/file', ['X-A' => $host]],
        ['ours: 429', 429, 'GET', '/on/limited/file', ['X-A' => $host]],
        ['stock 403', 403, 'GET', '/on/stock/file'],
        ['ErrorDocument', 401, 'GET', '/on/document/file'],
        ['OPTIONS', 200, 'OPTIONS', '/on/file'],
        ['the document', 200, 'GET', '/on/openapi.json'],
        ['a preflight', 204, 'OPTIONS', '/on/cors/file', [Origin => 'https://b',
                'Access-Control-Request-Method' => 'GET']])
    {
        my ($name, $status, $method, $target, $headers) = @$row;
        is_secured(ask($method, $target, $headers), $status, \%usual,
            "S43 A67 $host: $name");
    }

    # what a backend has said stays, and is not said again
    for (['GET', 'file', 200], ['HEAD', 'file', 200], ['GET', 'none', 404],
        ['GET', 'cgi?status=500', 500])
    {
        my ($method, $path, $status) = @$_;
        is_secured(ask($method, "/on/back/$path"), $status,
            { %usual, %csp, 'X-Frame-Options' => 'ALLOW' },
            "A67 $host: proxied $method $path");
    }
    my %headers = (%all, 'X-Frame-Options' => 'SAMEORIGIN',
        'X-XSS-Protection' => '1', 'Strict-Transport-Security' => 'max-age=1');
    is_secured(ask('GET', '/on/headers/file'), 200,
        { %headers, 'Referrer-Policy' => 'origin' },
        "A67 $host: what mod_headers sets stays");
    # `Header set' without always is not for errors
    is_secured(ask('GET', '/on/headers/none'), 404, \%headers,
        "A67 $host: on errors too");
    is_secured(ask('GET', '/on/twice/file'), 200, { %usual,
            'X-Frame-Options' => 'SAMEORIGIN', 'Referrer-Policy' => 'origin' },
        "A67 $host: of two that would fight one");
    my $page = ask('GET', '/on/docs');
    is_secured($page, 200, { %usual, 'Content-Security-Policy' =>
                header($page, 'Content-Security-Policy') },
        "A67 $host: our own page");
    like header($page, 'Content-Security-Policy'), qr/^default-src 'none'/,
        'A67 has its own policy';

    # what the line may say
    my %own = (%usual, 'X-Frame-Options' => 'SAMEORIGIN',
        'Content-Security-Policy' => "default-src 'none'; frame-ancestors 'none'",
        %hsts ? ('Strict-Transport-Security' => 'max-age=0') : ());
    is_secured(ask('GET', '/own/file'), 200, \%own, "S43 $host: csp= and frame=");
    is_secured(ask('GET', '/own/none'), 404, \%own, "S43 $host: on a 404");
    is_secured(ask('GET', '/own/back/file'), 200,
        { %own, %csp, 'X-Frame-Options' => 'ALLOW' },
        "S43 $host: csp= is not over a backend's");
    my %less = map { $_ => $all{$_} } grep { !/Frame/ } keys %all;
    is_secured(ask('GET', '/less/file'), 200, \%less, "S43 $host: less");
    for my $target (qw(/plain/file /off/file /on/off/file /none)) {
        is_secured(ask('GET', $target), $target eq '/none' ? 404 : 200, {},
            "S43 $host: $target has none");
    }

    SKIP: {
        skip 'no nghttp (Debian: nghttp2-client)', 1 unless has_http2();
        for (['GET', '/on/file', 200], ['GET', '/on/kept/file', 401],
            ['GET', '/on/missing', 404],
            ['GET', '/on/file', 304, 'If-None-Match' => $etag])
        {
            my ($method, $target, $status, @headers) = @$_;
            is_secured(ask2($at, $method, $target, [@headers]), $status,
                \%usual, "A67 A70 $host: HTTP/2, $target $status");
        }
    }
}

# --- what httpd answers before it knows a section ------------------------------

at('secured_server');
for (['no request line', "GET\r\n\r\n", 400],
    ['a method that is none', "G{T / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ['no host', "GET / HTTP/1.1\r\n\r\n", 400],
    ['a header that is none', "GET / HTTP/1.1\r\nHost: x\r\nX\r\n\r\n", 400],
    ['a long line', 'GET /' . 'a' x 9000 . " HTTP/1.1\r\nHost: x\r\n\r\n", 414],
    ['a long header', "GET / HTTP/1.1\r\nHost: x\r\nX: " . 'a' x 9000
            . "\r\n\r\n", 400],
    ['no escape', "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        400],
    ['%2f', "GET /a%2fb HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404],
    ['dots', "GET /../../x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        400])
{
    my ($name, $bytes, $status) = @$_;
    is_secured(send_raw($bytes), $status, \%all, "A67 in the server: $name");
}
finish();
