# SPDX-License-Identifier: Apache-2.0
# A70, A60, A73: over HTTP/2 every verdict is the same.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

for my $tool (qw(nghttp h2load)) {
    plan skip_all => "no $tool (Debian: nghttp2-client)"
        unless grep { -x "$_/$tool" } split /:/, $ENV{PATH};
}

my $host   = at('http2');
my $secret = secret('hs256');
my $token  = mint('HS256', $secret, claims());
my $other  = mint('HS256', $secret, claims(sub => 'bob'));
my @alice  = (authorization => "Bearer $token");
my $kim    = api_key('kim');
my $forged = 'forged-by-the-client';

sub output
{
    my (@command) = @_;
    open my $from, '-|', @command or die "$command[0]: $!\n";
    local $/ = undef;
    my $output = <$from>;
    close $from;
    return $output // '';
}

# A request over HTTP/2: the lines that nghttp shows
sub ask2
{
    my ($target, $headers, @options) = @_;
    my @headers = @{ $headers // [] };
    while (my ($name, $value) = splice @headers, 0, 2) {
        push @options, '-H', "$name: $value";
    }
    my $from   = log_mark();
    my $output = output('nghttp', '-v', '--timeout=10', @options,
        "http://$host$target");
    my @headers_in = map { [$1, $2] if /recv \(stream_id=\d+\) (:?[^:]+): (.*)$/ }
        grep { /recv \(stream_id=\d+\) / } split /\n/, $output;
    my ($status) = map { $_->[1] } grep { $_->[0] eq ':status' } @headers_in;
    return { status => $status // 0, headers => \@headers_in, raw => $output,
        body => $output, log => [log_since($from)] };
}

sub is_denied
{
    my ($response, $status, $challenge, $name) = @_;
    my @challenges = headers($response, 'www-authenticate');
    my @ours = grep { /\[fastauth:/ } @{ $response->{log} };
    my $good = $response->{status} == $status && @ours == 1
        && (defined $challenge ? ($challenges[0] // '') =~ $challenge
            : !@challenges)
        && (header($response, 'cache-control') // '') eq 'no-store'
        && $response->{raw} !~ /^GATEWAY_INTERFACE=|the kept secret/m;
    return ok($good, $name) || diag($response->{raw}, @{ $response->{log} });
}

sub tells
{
    my ($response, $user, $name) = @_;
    my ($told) = $response->{body} =~ /^FASTAUTH_USER=(.*)$/m;
    return is($response->{status} . ' ' . ($told // ''), '200 ' . ($user // ''),
        $name) || diag($response->{raw});
}

# --- the same verdicts ------------------------------------------------------------

is_denied(ask2('/kept/cgi'), 401, qr/^Bearer realm="API"$/, 'A27 S2 nothing');
tells(ask2('/kept/cgi', [@alice]), 'alice', 'S1 a token');
tells(ask2('/kept/cgi', [authorization => "bearer $token"]), 'alice', 'S4');
tells(ask2('/kept/cgi', ['x-api-key' => $kim]), 'kim', 'S21 an API key');
tells(ask2("/kept/cgi?api_key=$kim"), 'kim', 'S22 in the query');
is_denied(ask2('/kept/cgi', [authorization => 'Bearer x.y.z']), 401,
    qr/error="invalid_token"/, 'S8 a bad token');
is_denied(ask2('/kept/cgi', [authorization => "Bearer $token",
    authorization => "Bearer $other"]), 400, qr/error="invalid_request"/,
    'S15 A30 two fields');
is_denied(ask2('/kept/cgi', [@alice, 'x-api-key' => $kim]), 400,
    qr/error="invalid_request"/, 'A33 two credentials');
is_denied(ask2("/kept/cgi?api_key=$kim&api_key=$kim"), 400,
    qr/error="invalid_request"/, 'A49 twice in the query');
tells(ask2('/optional/cgi'), undef, 'S56 nobody');
is_denied(ask2('/optional/cgi', [authorization => 'Bearer x']), 401,
    qr/error="invalid_token"/, 'S56 a bad one');
for my $method (qw(HEAD POST PUT OPTIONS PATCH FOO get)) {
    is_denied(ask2('/kept/cgi', [':method' => $method]), 401, qr/^Bearer /,
        "A50 $method");
}
is_denied(ask2('/kept/cgi', [':method' => 'DELETE', @alice]), 403,
    qr/error="insufficient_scope", scope="delete"/, 'A50 DELETE needs more');
for my $method (qw(TRACE CONNECT)) {
    my $response = ask2('/kept/cgi', [':method' => $method, @alice]);
    unlike $response->{raw}, qr/^GATEWAY|\Q$token\E.*\Q$token\E.*\Q$token\E/m,
        "A50 $method gives nothing away";
    isnt $response->{status}, 200, "A50 $method";
}

# --- paths and authorities -------------------------------------------------------------

for my $path ('/keep/secret.txt', '//keep/secret.txt', '/./keep/secret.txt',
    '/x/../keep/secret.txt', '/%6beep/secret.txt', '/keep%2fsecret.txt',
    '/x/%2e%2e/keep/secret.txt', '/keep;/secret.txt', '/keep/secret.txt/',
    'keep/secret.txt', '/keep\\secret.txt', '//other/keep/secret.txt',
    'http://other/keep/secret.txt', '*', '')
{
    my $response = ask2('/', [':path' => $path]);
    ok $response->{status} != 200 && $response->{status} < 500
        && $response->{raw} !~ /the kept secret/, "A52 A53 A55 :path $path"
        or diag($response->{raw});
}
for my $headers ([':authority' => 'other'], [host => 'other'],
    [':authority' => $host, host => 'other'], [':authority' => 'u:p@' . $host],
    [':scheme' => 'https'], [':scheme' => 'x'], [':authority' => ''])
{
    my $response = ask2('/keep/secret.txt', $headers);
    ok $response->{status} =~ /^(?:0|40[01]|421)$/
        && $response->{raw} !~ /the kept secret/, "A55 A70 @$headers"
        or diag($response->{raw});
}

# --- cookies in crumbs --------------------------------------------------------------------

tells(ask2('/cookie/cgi', [cookie => 'a=1', cookie => "token=$token",
    cookie => 'b=2']), 'alice', 'A70 a cookie in crumbs');
tells(ask2('/cookie/cgi', [cookie => "a=1; key=$kim", cookie => 'b=2',
    cookie => 'c=3']), 'kim', 'A70 an API key in crumbs');
my $left = ask2('/cookie/cgi', [cookie => 'a=1', cookie => "token=$token",
    cookie => 'b="2"', cookie => 'c']);
like $left->{body}, qr/^HTTP_COOKIE=a=1; b="2"; c$/m,
    'A62 A70 the other crumbs are left';
is_denied(ask2('/cookie/cgi', [cookie => "token=$token",
    cookie => "token=$other"]), 401, qr/^ApiKey/, 'A36 A70 one cookie twice');
is_denied(ask2('/cookie/cgi', [cookie => "token=$token;key",
    cookie => '=', cookie => 'x']), 401, qr/^ApiKey/, 'A70 an empty cookie');

# --- identity headers, trailers -------------------------------------------------------------

my @headers = map { $_ => $forged } qw(x-auth-user x_auth_user x-auth_user
    x-auth-scopes x-auth-roles x-auth-claims x_auth_issuer auth-type remote-user
    fastauth-user fastauth_user);
for my $path (qw(/kept/cgi /optional/cgi /public/cgi /keep/x /missing)) {
    for my $with ([], [@alice]) {
        my $response = ask2($path, [@headers, @$with]);
        my $seen = join "\n", (header($response, 'x-saw') // ''),
            grep { !/^HTTP_(?:FASTAUTH_USER|REMOTE_USER|AUTH_TYPE)=/ && /^[A-Z]/
            && /=/ } split /\n/, $response->{body};
        unlike $seen, qr/$forged/, "A60 over HTTP/2: $path";
    }
}
my $body = top() . '/logs/http2-body';
spill($body, 'a body');
# httpd may leave a stream open behind trailers, whatever modules it has
my @posted = ('--timeout=2', '-d', $body);
for my $path (qw(/kept/cgi /optional/cgi /public/cgi)) {
    my @with = $path =~ /kept/ ? @alice : ();
    my $response = ask2($path, [@with], @posted,
        map { ('--trailer', "$_: $forged") } qw(x-auth-user x_auth_user));
    is $response->{status}, 200, "A60 trailers over HTTP/2: $path";
    is header($response, 'x-saw') // '', $path =~ /kept/ ? 'alice' : '',
        "A60 trailers over HTTP/2: $path is told nothing of it";
}
for my $trailer ("authorization: Bearer $token", "x-api-key: $kim") {
    is_denied(ask2('/kept/cgi', [], @posted, '--trailer', $trailer), 401,
        qr/^Bearer realm="API"$/, 'A73 a credential in a trailer');
}

# --- frames that no client sends ---------------------------------------------------------------

sub frame
{
    my ($type, $flags, $stream, $payload) = @_;
    return substr(pack('N', length $payload), 1) . pack('CCN', $type, $flags,
        $stream) . $payload;
}
# a field that is not indexed, not compressed (RFC 7541 section 6.2.2)
sub literal
{
    return join '', "\0", map { (length $_ < 127 ? chr length $_
        : "\x7f" . chr(length($_) - 127)) . $_ } @_;
}
for (['upper case', ['Authorization', 'Bearer x']],
    ['X-Auth-User in upper case', ['X-Auth-User', $forged]],
    ['a line break in a value', ['x', "y\r\nauthorization: Bearer x"]],
    ['a NUL in a value', ['x-auth-user', "a\0b"]],
    ['a colon in a name', ['x-auth-user:', $forged]],
    ['a blank in a name', ['x-auth-user ', $forged]],
    ['a pseudo-header behind', [':path', '/public/cgi']],
    ['connection', ['connection', 'x-auth-user']])
{
    my ($name, $field) = @$_;
    my $block = literal(':method', 'GET') . literal(':scheme', 'http')
        . literal(':authority', $host) . literal(':path', '/optional/cgi')
        . literal(@$field);
    my $response = send_raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            . frame(4, 0, 0, '') . frame(1, 5, 1, $block)
            . frame(7, 0, 0, pack 'NN', 1, 0));
    ok length $response->{raw}, "A70 $name: an answer";
    unlike $response->{raw}, qr/(?:HTTP_X_AUTH_USER|FASTAUTH_USER)=/,
        "A70 $name: told to nobody";
}

# --- many streams ----------------------------------------------------------------------------------

my $from = log_mark();
my $load = output('h2load', '-n100', '-c1', '-m100', '-H',
    'authorization: Bearer bad.token.here', "http://$host/kept/cgi");
like $load, qr/status codes: 0 2xx, 0 3xx, 100 4xx, 0 5xx/,
    'A70 100 streams with bad tokens';
is scalar(grep { /\[fastauth:.*refused 401/ } log_since($from)), 100,
    'A70 one line for each';
$load = output('h2load', '-n200', '-c4', '-m50', '-H',
    "authorization: Bearer $token", "http://$host/keep/secret.txt");
like $load, qr/status codes: 200 2xx, 0 3xx, 0 4xx, 0 5xx/,
    'A70 200 streams with good ones';
tells(ask2('/kept/cgi', [@alice]), 'alice', 'A70 and the server goes on');
finish();
