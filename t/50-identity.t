# SPDX-License-Identifier: Apache-2.0
# Who is asking, told to every kind of handler, and never what a client made up.
use strict;
use warnings;
use IO::Socket::INET ();
use Test::More;
use FastAuthTest;

my $host = at('identity');
my ($port) = slurp(top() . '/conf/extra/50-identity.conf')
    =~ /identity_raw_port (\d+)/;

# --- the backend that answers with the bytes that it got -------------------------

sub read_request
{
    my ($client) = @_;
    my $got = '';
    while (sysread $client, $got, 65536, length $got) {
        my ($head, $body) = $got =~ /^(.*?\r\n\r\n)(.*)$/s or next;
        return $got if $head =~ /^Transfer-Encoding:.*chunked/mi
            ? $body =~ /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n$/
            : length $body >= ($head =~ /^Content-Length: *(\d+)/mi ? $1 : 0);
    }
    return $got;
}

my $listen = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port", Listen => 50,
    ReuseAddr => 1) or die "port $port: $!\n";
my $backend = fork // die "fork: $!\n";
if (!$backend) {
    while (my $client = $listen->accept) {
        my $got = read_request($client);
        print {$client} "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
            'Content-Length: ', length($got), "\r\nConnection: close\r\n\r\n",
            $got;
        close $client;
    }
    exit 0;
}
close $listen;
END {
    if ($backend) {
        my $status = $?;
        kill 'TERM', $backend;
        waitpid $backend, 0;
        $? = $status;
    }
}

# --- what a handler was told -------------------------------------------------------

# Headers as a backend got them, names as they came: [name, value]...
sub got_headers
{
    my ($response) = @_;
    my ($head) = split /\r\n\r\n/, $response->{body}, 2;
    my @lines = split /\r\n/, $head // '';
    shift @lines;
    return map { [split /: */, $_, 2] } @lines;
}

# Of a header by any spelling that a server could take for it
sub got
{
    my ($response, $name) = @_;
    (my $folded = lc $name) =~ tr/a-z0-9/_/c;
    return map { $_->[1] }
        grep { (my $is = lc $_->[0]) =~ tr/a-z0-9/_/c; $is eq $folded }
        got_headers($response);
}

# A CGI's variable, or undef
sub variable
{
    my ($response, $name) = @_;
    return $response->{body} =~ /^\Q$name\E=(.*)$/m ? $1 : undef;
}

my $secret = secret('hs256');
my %all    = (iss => 'https://issuer', scope => 'read write',
    roles => ['editor', 'admin'], permissions => ['a:b', 'c']);
my $claims = claims(%all);
my $token  = mint('HS256', $secret, $claims, { kid => 'named' });
my @alice  = (Authorization => "Bearer $token");
my $payload = encode_json($claims);
my %told   = (user => 'alice', scheme => 'bearer-jwt', scopes => 'read write',
    roles => 'editor admin', permissions => 'a:b c', claims => $payload,
    key => 'named', issuer => 'https://issuer');

# --- S1: told in every way -----------------------------------------------------------

for my $section (qw(kept quiet look optional)) {
    my $cgi = ask('GET', "/$section/cgi", [@alice]);
    is variable($cgi, 'FASTAUTH_' . uc $_), $told{$_},
        "S1 a CGI in /$section: FASTAUTH_" . uc $_ for sort keys %told;
    is variable($cgi, 'FASTAUTH_OWNER'), undef, 'S1 nothing of an owner';
    is variable($cgi, 'REMOTE_USER'), 'alice', "S1 /$section: REMOTE_USER";
    is variable($cgi, 'AUTH_TYPE'), 'Bearer', "S1 /$section: AUTH_TYPE";
    is header($cgi, 'X-User'), 'alice', "S1 /$section: a note";
    is variable($cgi, 'HTTP_X_AUTH_' . uc $_),
        $section eq 'quiet' ? undef : $told{$_},
        "S1 a CGI in /$section: HTTP_X_AUTH_" . uc $_ for sort keys %told;

    my $lua = ask('POST', "/$section/lua", [@alice], 'a body');
    for my $when ('before', 'after') {
        for my $name (sort keys %told) {
            like $lua->{body}, qr/^$when $_ $name=\Q$told{$name}\E$/m,
                "S1 mod_lua in /$section, $when its body: $_ $name"
                for qw(note env);
        }
        like $lua->{body}, qr/^$when user=alice$/m, "S1 mod_lua: r->user";
    }

    my $raw = ask('GET', "/$section/raw", [@alice]);
    is join('|', got($raw, "X-Auth-$_")),
        $section eq 'quiet' ? '' : $told{ lc $_ },
        "S1 mod_proxy_http in /$section: X-Auth-$_"
        for map { ucfirst } sort keys %told;
    my $back = ask('GET', "/$section/back", [@alice]);
    is $back->{status}, 200, "S1 a CGI behind mod_proxy_http in /$section";
    # a server of the same httpd: to it, that is a client
    is variable($back, 'HTTP_X_AUTH_USER'), undef,
        'A60 each server forgets what comes to it';
}

# AUTH_TYPE and scheme by the other credentials
my $key = api_key('kim');
for (['X-API-Key', $key, 'kim', 'api-key-header', 'ApiKey', 'kim-1'],
    ['Authorization', basic('ann', password('ann')), 'ann', 'basic', 'Basic',
        undef],
    [undef, form_escape($key), 'kim', 'api-key-query', 'ApiKey', 'kim-1'])
{
    my ($name, $value, $user, $scheme, $type, $id) = @$_;
    my $response = ask('GET', '/kept/cgi' . ($name ? '' : "?api_key=$value"),
        $name ? [$name => $value] : []);
    is variable($response, 'REMOTE_USER'), $user, "S21 S23 $scheme: REMOTE_USER";
    is variable($response, 'AUTH_TYPE'), $type, "S21 S23 $scheme: AUTH_TYPE";
    is variable($response, 'FASTAUTH_SCHEME'), $scheme, "S21 S23 $scheme";
    is variable($response, 'FASTAUTH_KEY'), $id, "S21 S23 $scheme: the key's id";
    is variable($response, 'FASTAUTH_CLAIMS'), undef, "S21 S23 $scheme: no claims";
}

# A handler is told nothing of nobody
for my $section (qw(optional other public)) {
    my $cgi = ask('GET', "/$section/cgi");
    unlike $cgi->{body}, qr/^(?:FASTAUTH_|REMOTE_USER|AUTH_TYPE|HTTP_X_AUTH|HTTP_AUTH)/m,
        "S56 nobody in /$section: a CGI";
    my $lua = ask('GET', "/$section/lua");
    like $lua->{body}, qr/^before user=\(none\)$/m, "S56 nobody: mod_lua";
    unlike $lua->{body}, qr/^before (?:note|env) /m, "S56 nobody: mod_lua";
    my $raw = ask('GET', "/$section/raw");
    is scalar(grep { $_->[0] =~ /auth/i } got_headers($raw)), 0,
        "S56 nobody: mod_proxy_http";
}

# --- A60, A63, A64: headers that a client made up ---------------------------------------

my @suffixes = qw(User Scheme Scopes Roles Permissions Claims Key Issuer Owner);
my @names = map { my $suffix = $_; map { "$_$suffix" } qw(X-Auth- Auth_) }
    @suffixes;
my %spellings = (
    'as configured' => sub { $_[0] },
    'lower case'    => sub { lc $_[0] },
    'upper case'    => sub { uc $_[0] },
    'mixed case'    => sub { join '', map { ord() % 2 ? uc : lc } split //, $_[0] },
    'underscores'   => sub { $_[0] =~ tr/-/_/r },
    'dashes'        => sub { $_[0] =~ tr/_/-/r },
    'one of each'   => sub { $_[0] =~ s/-/_/r },
    'the other one' => sub { $_[0] =~ s/-([^-]*)$/_$1/r },
    'a dot'         => sub { $_[0] =~ tr/-_/../r },
    'a tilde'       => sub { $_[0] =~ tr/-_/~~/r },
);
# what never gets through begins so
my $forged = 'forged-by-the-client';

sub not_forged
{
    my ($response, $name) = @_;
    my $text = $response->{body} . join '', map { $_->[1] }
        @{ $response->{headers} };
    return ok($text !~ /$forged/, $name) || diag($response->{raw});
}

for my $spelling (sort keys %spellings) {
    my @headers = map { ($spellings{$spelling}->($_) => $forged) } @names;
    for my $way (qw(kept quiet optional other public look)) {
        my @with = $way eq 'other' ? ('X-API-Key' => $key)
            : $way eq 'public' ? () : @alice;
        for my $handler (qw(cgi lua raw back static missing)) {
            for my $method ('GET', $handler eq 'raw' ? qw(OPTIONS POST) : ()) {
                my $response = ask($method, "/$way/$handler",
                    [@headers, @with, @headers]);
                not_forged($response,
                    "A60 $spelling: $method /$way/$handler");
                is $response->{status}, 200, 'A60 and it is answered'
                    if $handler =~ /cgi|lua|raw|back/;
            }
        }
    }
    not_forged(ask($_->[0], $_->[1], [@headers]),
        "A60 $spelling: $_->[0] $_->[1] without a credential")
        for ['GET', '/kept/raw'], ['GET', '/denied/x'], ['OPTIONS', '/kept/raw'],
        ['GET', '/optional/raw'], ['GET', '/optional/cgi'], ['GET', '/%zz'];
    not_forged(ask('GET', '/denied/x', [@headers, @alice]),
        "A60 $spelling: an error page");
    not_forged(ask('GET', '/kept/hop?/public/cgi', [@headers, @alice]),
        "A60 $spelling: a redirect");
}
for my $section (qw(kept other)) {
    my $response = ask('GET', "/$section/raw",
        [$section eq 'other' ? ('X-API-Key' => $key) : @alice,
            map { ($_ => $forged) } @names]);
    my $name = $section eq 'other' ? 'Auth_User' : 'X-Auth-User';
    is join('|', got($response, $name)), $section eq 'other' ? 'kim' : 'alice',
        "A60 exactly one $name at the backend";
}

# Odd lines: refused by httpd, or no header of ours
for my $line ("X-Auth-User : $forged", "X-Auth-User\t: $forged",
    " X-Auth-User: $forged", "X: y\r\n X-Auth-User: $forged",
    "X-Auth-User\0: $forged", "X-Auth-User:\r\n $forged",
    "\x{a0}X-Auth-User: $forged", "X-Auth-User\x{a0}: $forged")
{
    my $response = send_raw("GET /optional/raw HTTP/1.1\r\nHost: $host\r\n"
            . "$line\r\nConnection: close\r\n\r\n");
    (my $shown = $line) =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
    ok $response->{status} == 400 || !got($response, 'X-Auth-User'),
        "A60 $shown" or diag($response->{raw});
}

# A63: a hop-by-hop header is taken out by mod_proxy, ours is not
for my $list ('close;X-Auth-User', 'close X-Auth-User', "close\tX-Auth-User",
    'close;,; X-Auth-User', 'keep-alive, close, X-Auth-User="x"', 'X-Auth-User', 'close, X-Auth-User, Authorization',
    'x-auth-user', 'X_Auth_User', 'close,X-Auth-User;q=1', 'close, ,X-Auth-User ',
    '"X-Auth-User"', "close\r\nConnection: X-Auth-User")
{
    my $response = ask('GET', '/kept/raw', [@alice, Connection => $list =~ /close/
            ? $list : "close, $list"]);
    is join('|', got($response, 'X-Auth-User')), 'alice',
        "A63 Connection: $list" =~ s/\r\n/, /r;
}

# A64: names that CGI keeps for itself
my @reserved = map { $_ => $forged } qw(Proxy Session Remote-User REMOTE_USER
    Auth-Type AUTH_TYPE HTTP_X_AUTH_USER FASTAUTH_USER Fastauth-User
    Fastauth.User fastauth.user X-Forwarded-User HTTP_AUTHORIZATION);
for my $path (qw(/kept/cgi /quiet/cgi /optional/cgi /public/cgi)) {
    my $response = ask('GET', $path, [$path =~ /public|optional/ ? () : @alice,
        @reserved]);
    is $response->{status}, 200, "A64 $path";
    unlike $response->{body},
        qr/^(?:REMOTE_USER|AUTH_TYPE|FASTAUTH_\w+|HTTP_PROXY|HTTP_X_AUTH_\w+|
        HTTP_AUTHORIZATION)=$forged/mx, "A64 $path: no variable of ours";
    is header($response, 'X-User'), $path =~ /public|optional/ ? '' : 'alice',
        "A64 $path: nor the note";
}

# --- A60, A73: trailers ------------------------------------------------------------------

sub chunked
{
    my ($path, $headers, $trailers) = @_;
    my @headers = @$headers;
    my $text = "POST $path HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n"
        . "Transfer-Encoding: chunked\r\nTrailer: X\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    return send_raw("$text\r\n6\r\na body\r\n0\r\n"
            . join('', map { "$_\r\n" } @$trailers) . "\r\n");
}
my @trailers = map { ("$_: $forged", (tr/-_/_-/r) . ": $forged") } @names;
for my $way (qw(kept quiet optional public)) {
    for my $handler (qw(cgi lua raw back)) {
        my $response = chunked("/$way/$handler",
            $way eq 'public' ? [] : [@alice], \@trailers);
        is $response->{status}, 200, "A60 trailers: /$way/$handler"
            or diag($response->{raw});
        not_forged($response, "A60 trailers: /$way/$handler");
        like $response->{body}, qr/^after user=alice$/m,
            'A60 trailers: and who asked stays so'
            if $handler eq 'lua' && $way ne 'public';
        like $response->{body}, qr/^after header X-Auth-User=alice$/m,
            'A60 trailers: in the header too'
            if $handler eq 'lua' && $way =~ /kept|optional/;
    }
}
is header(chunked('/public/cgi', [], ['X-Other: passed']), 'X-Saw-Other'),
    'passed', 'A60 another trailer does pass';
is join('|', got(chunked('/kept/raw', [@alice], ['Connection: X-Auth-User']),
    'X-Auth-User')), 'alice', 'A63 Connection in a trailer';
for my $trailer ("Authorization: Bearer $token", "X-API-Key: $key") {
    check_denial(chunked('/kept/lua', [], [$trailer]), 401, [qr/^Bearer/,
        qr/^ApiKey/, qr/^ApiKey/, qr/^Basic/], 'A73 a credential in a trailer');
}

# --- A61: what claims may hold ---------------------------------------------------------------

sub asks
{
    my ($path, $user) = @_;
    return ask('GET', $path, [Authorization => 'Bearer '
        . mint('HS256', $secret, claims(sub => $user))]);
}
for ("a\r\nX-Evil: 1", "a\nb", "a\rb", "a\tb", "a\0b", "a\x7fb", "\e[2J", '',
    "a\x01") {
    check_denial(asks('/kept/raw', $_), 401, [qr/error="invalid_token"/,
        qr/^ApiKey/, qr/^ApiKey/, qr/^Basic/],
        'A61 a user ' . (encode_json([$_]) =~ s/^\[|\]$//gr));
}
for ([ 'a, b', 'a, b' ], [ ' a ', '%20a%20' ], [ '100%', '100%25' ],
    [ "\x{e4}\x{20ac}\x{1f600}", '%C3%A4%E2%82%AC%F0%9F%98%80' ],
    [ 'a"b\\c', 'a"b\\c' ], [ "a\x{85}b", 'a%C2%85b' ],
    [ "a\x{2028}b", 'a%E2%80%A8b' ], [ "\x{202e}nimda", '%E2%80%AEnimda' ],
    [ 'a' x 255, 'a' x 255 ])
{
    my ($user, $sent) = @$_;
    my $response = asks('/kept/raw', $user);
    is join('|', got($response, 'X-Auth-User')), $sent,
        'A61 in a header: ' . substr $sent, 0, 30;
    my $bytes = $user;
    utf8::encode($bytes);
    is variable(asks('/kept/cgi', $user), 'FASTAUTH_USER'), $bytes,
        'A61 in the environment as it is';
}
for my $text ("a\r\nX-Evil: 1", "\x{e4}" x 50, ', ' x 50, "\0", "\x{7f}") {
    my $response = ask('GET', '/kept/raw', [Authorization => 'Bearer '
        . mint('HS256', $secret, claims(note => $text))]);
    is $response->{status} == 401 ? 0 : scalar(got($response, 'X-Evil')), 0,
        'A61 a claim makes no header';
    ok $response->{status} == 401
        || 1 == got($response, 'X-Auth-Claims'), 'A61 and one header at most';
}
my $long = ask('GET', '/kept/raw', [Authorization => 'Bearer '
    . mint('HS256', $secret, claims(note => 'x' x 5_500, '0' => 'y'))]);
is length(join '|', got($long, 'X-Auth-Claims')),
    length(encode_json(claims(note => 'x' x 5_500, '0' => 'y'))),
    'A61 long claims are whole';
check_status(ask('GET', '/kept/raw', [Authorization => 'Bearer '
    . mint('HS256', $secret, claims(note => 'x' x 10_240))]), 400,
    'A61 10 kB are over httpd\'s limit for a field');
for my $scope ("a\nb", "a\"b", "\x{e4}") {
    my $response = ask('GET', '/kept/raw', [Authorization => 'Bearer '
        . mint('HS256', $secret, claims(scope => $scope, roles => ["r\r\nX: y"]))]);
    ok $response->{status} == 401 || !grep { /[\r\n]/ }
        (map { @$_ } got_headers($response)), 'A61 a scope makes no header';
}
my $strings = corpus('strings/blns_b64.json');
SKIP: {
    skip 'no corpus strings/blns_b64', 1 unless $strings;
    my @wrong;
    for my $string (map { MIME::Base64::decode_base64($_) }
        @{ $strings->{cases} }) {
        my $text = $string;
        utf8::decode($text) or next;
        my $response = asks('/optional/raw', $text);
        my @user = got($response, 'X-Auth-User');
        my $good = $response->{status} == 401
            ? $text =~ /[\0-\x1f\x7f]/ || $text eq '' || length $string > 255
            : @user == 1 && $user[0] =~ /^[ -~]+$/
            && $user[0] =~ s/%([0-9A-F]{2})/chr hex $1/ger eq $string;
        push @wrong, "$response->{status} @user: $string" unless $good;
    }
    is_deeply \@wrong, [], 'A61 corpus strings/blns_b64 as users';
}

# --- A62: AuthStripCredentials -------------------------------------------------------------

my $lua = ask('GET', '/strip/lua', [@alice]);
unlike $lua->{body}, qr/header Authorization=/, 'A62 no Authorization in mod_lua';
my @kept = ('Accept' => 'text/x; q=0.5,  */*', 'X-Custom' => 'a  b',
    'Cookie' => 'a=1;b="2; 3" ;  c=%3b;d', 'X-Api' => 'key');
# the credential, query before, query after, Cookie before, Cookie after
my @strips = (
    ['Authorization', [@alice], 'a=1&b=%2f&&c', 'a=1&b=%2f&&c', undef, undef],
    ['API key header', ['X-API-Key' => $key], undef, undef, undef, undef],
    ['api_key alone', [], "api_key=$key", '', undef, undef],
    ['api_key, nocanon', [], "a=1&api_key=$key&b=%2f", 'a=1&b=%2f', undef, undef,
        '/strip/same'],
    ['api_key first', [], "api_key=$key&a=1&b=%2f", 'a=1&b=%2f', undef, undef],
    ['api_key between', [], "a=%20+&api_key=$key&&b", 'a=%20+&&b', undef, undef],
    ['api_key last', [], "a=1&b=2&api_key=$key", 'a=1&b=2', undef, undef],
    ['access_token', [], "x=api_key=1&access_token=$token&API_KEY=u",
        'x=api_key=1&API_KEY=u', undef, undef],
    ['token cookie alone', [], undef, undef, "token=$token", undef],
    ['token cookie first', [], undef, undef, "token=$token; a=1; b=\"x y\"",
        'a=1; b="x y"'],
    ['token cookie between', [], undef, undef,
        "a=1; token=$token;b=2;  c=3", 'a=1;b=2;  c=3'],
    ['token cookie last', [], undef, undef, "xtoken=1; tokenx=2; token=$token",
        'xtoken=1; tokenx=2'],
    ['key cookie', [], undef, undef, "a=%20;key=$key; Key=2; b", 'a=%20; Key=2; b'],
    ['a cookie that was not used', [@alice], 'q=1', 'q=1', "a=1; key=nothing; b=2",
        'a=1; b=2'],
);
for (@strips) {
    my ($name, $headers, $query, $left, $cookie, $rest, $path) = @$_;
    my $response = ask('GET', ($path // '/strip/raw') . (defined $query ? "?$query" : ''),
        [@$headers, @kept[0 .. 3], defined $cookie ? (Cookie => $cookie) : ()]);
    is $response->{status}, 200, "A62 $name" or diag($response->{raw});
    my ($line) = $response->{body} =~ /^(.*?)\r\n/;
    is $line =~ s{/same}{}r, 'GET /strip' . ($left ? "?$left" : '') . ' HTTP/1.1',
        "A62 $name: the query that is left" if $response->{status} == 200;
    is join('|', got($response, 'Cookie')), $rest // '',
        "A62 $name: the cookies that are left";
    is join('|', got($response, 'Accept'), got($response, 'X-Custom')),
        "$kept[1]|$kept[3]", "A62 $name: other headers as they were";
    ok index($response->{body}, $token) < 0 && index($response->{body}, $key) < 0,
        "A62 $name: no credential at the backend";
    like $response->{body}, qr/^X-Auth-User: (?:alice|kim)\r$/m,
        "A62 $name: but who is asking";
    my $cgi = ask('GET', '/strip/cgi' . (defined $query ? "?$query" : ''),
        [@$headers, defined $cookie ? (Cookie => $cookie) : ()]);
    is variable($cgi, 'QUERY_STRING'), $left // '', "A62 $name: QUERY_STRING";
    is variable($cgi, 'HTTP_COOKIE'), $rest, "A62 $name: HTTP_COOKIE";
    my @in = grep { index($_, $token) >= 0 || index($_, $key) >= 0 }
        split /\n/, $cgi->{body};
    is_deeply \@in, [], "A62 $name: no credential in the environment";
}
# without AuthStripCredentials all of it passes
my $passed = ask('GET', '/kept/raw?a=1&&b', [@alice, @kept]);
is join('|', map { got($passed, $_) } qw(Authorization Cookie X-Api)),
    "Bearer $token|$kept[5]|$kept[7]", 'A62 nothing is taken out unasked';

# --- redirects between sections ----------------------------------------------------------------

for my $from ("/kept/hop", "/strip/hop") {
    for my $to (qw(public optional other quiet kept)) {
        my $response = ask('GET', "$from?/$to/cgi", [@alice]);
        my $knows = $to !~ /public|other/;
        is $response->{status}, 200, "S41 $from to /$to";
        is variable($response, 'FASTAUTH_USER'), $knows ? 'alice' : undef,
            "S41 $from to /$to: FASTAUTH_USER";
        is variable($response, 'REMOTE_USER'), $knows ? 'alice' : undef,
            "S41 $from to /$to: REMOTE_USER";
        is variable($response, 'HTTP_X_AUTH_USER'),
            $to =~ /kept|optional/ ? 'alice' : undef,
            "S41 $from to /$to: HTTP_X_AUTH_USER";
    }
}
is variable(ask('GET', '/kept/hop?/other/cgi', ['X-API-Key' => $key]),
    'FASTAUTH_USER'), 'kim', 'S41 another section, the same credential';
finish();
