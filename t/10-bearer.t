# SPDX-License-Identifier: Apache-2.0
# Bearer tokens: which are believed, and what the others are answered.
use strict;
use warnings;
use IO::Select ();
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(time);
use FastAuthTest;

my $NONE    = qr/^Bearer realm="API"$/;
my $INVALID = qr/^Bearer realm="API", error="invalid_token"$/;
my $EXPIRED = qr/^Bearer\ realm="API",\ error="invalid_token",
    \ error_description="The\ token\ has\ expired"$/x;
my $TWICE = qr/^Bearer realm="API", error="invalid_request"$/;

my $secret = secret('hs256');
my $now    = int time;

# HS256 with the right secret, claims changed
sub good { return mint('HS256', $secret, claims(@_)) }

# The payload's own text, signed
sub says { return mint('HS256', $secret, $_[0]) }

# The header's own text, signed
sub under { return mint('HS256', $secret, claims(), $_[0]) }

sub bearer { return ask('GET', $_[1] // '/valid', ['Authorization', "Bearer $_[0]"]) }

# [what it is, token, user] or [what it is, token, undef, challenge]
sub table
{
    for my $row (@_) {
        my ($name, $token, $user, $challenge) = @$row;
        if (defined $user) {
            check_allowed(bearer($token), $user, "$name is accepted");
        } else {
            check_denial(bearer($token), 401, $challenge // $INVALID,
                "$name is refused");
        }
    }
    return;
}

at('bearer');
my $token = good();
my ($head, $payload, $signature) = split /\./, $token;

# --- how a credential is written ------------------------------------------------

check_allowed(bearer($token), 'alice', 'S1 a valid token is accepted');
check_allowed(bearer($token, '/oauth2'), 'alice', 'S1 so it is by oauth2');
for (
    ['S2 A27 no Authorization', []],
    ['S3 an empty Authorization', [Authorization => '']],
    ['S3 another scheme in force nowhere here', [Authorization => 'Basic abc']],
    ['S3 A28 an unknown scheme', [Authorization => "Token $token"]],
    ['S5 A28 Bearer and nothing', [Authorization => 'Bearer']],
    ['S5 A28 Bearer and a space', [Authorization => 'Bearer ']],
    ['A28 Bearer and a comma', [Authorization => 'Bearer,']],
    ['A28 Bearer and a tab', [Authorization => "Bearer\t$token"]],
    ['A28 the token alone', [Authorization => $token]],
    ['A28 Bearer glued to the token', [Authorization => "Bearer$token"]],
    ['A28 Bearer: a scheme of its own', [Authorization => "Bearer: $token"]],
    ['A31 a token in a cookie', [Cookie => "access_token=$token"]],
    ['A31 in a header of another name', ['X-Access-Token' => $token]],
) {
    check_denial(ask('GET', '/valid', $_->[1]), 401, $NONE, $_->[0]);
}
for my $written ("bearer $token", "BEARER $token", "bEaReR $token",
    "Bearer  $token", "Bearer     $token", "Bearer $token ",
    "Bearer $token \t ") {
    my $shown = $written =~ s/\Q$token\E/TOKEN/r =~ s/\t/TAB/r;
    check_allowed(ask('GET', '/valid', [Authorization => $written]), 'alice',
        "S4 S6 A28 '$shown' is accepted");
}
check_allowed(ask('GET', '/valid', [aUtHoRiZaTiOn => "Bearer $token"]),
    'alice', 'a header name is case-insensitive');

# S15, A30: httpd joins two lines with a comma; never does one of them win
for (
    ['twice the same', ["Bearer $token", "Bearer $token"]],
    ['a good and a bad one', ["Bearer $token", 'Bearer bad']],
    ['a bad and a good one', ['Bearer bad', "Bearer $token"]],
    ['Bearer and Basic', ["Bearer $token", 'Basic YTpi']],
    ['Basic and Bearer', ['Basic YTpi', "Bearer $token"]],
    ['joined by the client', ["Bearer $token, Bearer $token"]],
) {
    check_denial(
        ask('GET', '/valid', [map { (Authorization => $_) } @{ $_->[1] }]),
        400, $TWICE, "S15 A30 two credentials: $_->[0]");
}

# A31: RFC 6750 sections 2.2 and 2.3 are off unless they are said
check_denial(ask('GET', "/valid?access_token=$token"),
    401, $NONE, 'A31 a token in the query does not count');
check_denial(
    ask('POST', '/valid',
        ['Content-Type' => 'application/x-www-form-urlencoded'],
        "access_token=$token"),
    401, $NONE, 'A31 a token in a form does not count');
check_allowed(ask('GET', "/source/query?access_token=$token"),
    'alice', 'A31 a query parameter, where it is said');
check_denial(bearer($token, '/source/query'), 401, $NONE,
    'A31 and then not the header');
check_denial(ask('GET', "/source/query?access_token=$token&access_token=$token"),
    400, $TWICE, 'A31 a query parameter twice');
check_denial(ask('GET', '/source/query?access_token='),
    401, $NONE, 'A31 an empty query parameter');
check_denial(ask('GET', '/source/query?access_token=%zz'),
    401, $INVALID, 'A31 a badly encoded query parameter');
check_allowed(ask('GET', '/source/cookie', [Cookie => "a=b; token=$token"]),
    'alice', 'A31 a cookie, where it is said');
check_allowed(bearer($token, '/source/cookie'), 'alice',
    'A31 and the header beside it');
check_allowed(
    ask('GET', '/source/cookie',
        [Authorization => "Bearer $token", Cookie => 'token=bad']),
    'alice', 'A33 a cookie beside the header is ignored');
check_denial(
    ask('GET', '/source/cookie',
        [Authorization => 'Bearer bad', Cookie => "token=$token"]),
    401, $INVALID, 'A33 and does not save a bad one');
check_denial(
    ask('GET', '/source/cookie', [Cookie => "token=$token; token=$token"]),
    401, $INVALID, 'A33 a cookie twice');

# S16, A51, A50
my $get  = ask('GET',  '/valid');
my $head_of = ask('HEAD', '/valid');
check_denial($head_of, 401, $NONE, 'S16 A51 HEAD without a token');
my $same = sub {
    return [map { "$_->[0]: $_->[1]" } grep { $_->[0] ne 'Date' }
        @{ $_[0]{headers} }];
};
is_deeply($same->($head_of), $same->($get),
    'S16 A51 the headers of HEAD are those of GET');
check_allowed(ask('HEAD', '/valid', [Authorization => "Bearer $token"]),
    'alice', 'S16 A51 HEAD with a token');
check_denial(ask('OPTIONS', '/valid'), 401, $NONE,
    'S16 OPTIONS is a method like any other');
check_denial(
    ask('OPTIONS', '/valid',
        [Origin => 'https://a.example',
            'Access-Control-Request-Method' => 'GET']),
    401, $NONE, 'S16 a preflight where there is no CORS');
my $trace = ask('TRACE', '/valid', [Authorization => "Bearer $token"]);
check_status($trace, 405, 'S16 A50 TRACE is not allowed');
unlike($trace->{body}, qr/\Q$token\E/, 'S16 and tells nothing');
for my $method (qw(POST PUT PATCH DELETE PROPFIND FOO get)) {
    check_denial(ask($method, '/valid', [], ''), 401, $NONE,
        "A50 $method without a token");
}
check_denial(
    ask('POST', '/valid', ['X-HTTP-Method-Override' => 'OPTIONS'], ''),
    401, $NONE, 'A50 a method override is ignored');

# S56
check_allowed(ask('GET', '/optional'), undef,
    'S56 optional: no credential is anonymous');
check_allowed(bearer($token, '/optional'), 'alice', 'S56 a good one is known');
check_denial(bearer('bad', '/optional'), 401, $INVALID, 'S56 a bad one is 401');
check_denial(ask('GET', '/optional', [Authorization => 'Bearer ']),
    401, $NONE, 'S56 an empty one is 401');
check_denial(bearer(good(exp => $now - 1), '/optional'), 401, $EXPIRED,
    'S56 an expired one is 401');

# One challenge for both bearer schemes
check_denial(ask('GET', '/both'), 401, $NONE, 'bearer-jwt and oauth2: one line');

# S1: what the handler is told
my $long = good(sub => 'bob', scope => 'a b', roles => ['r1', 'r2'],
    permissions => 'p:q', iss => 'https://nobody.example');
my $told = bearer($long, '/echo');
check_allowed($told, 'bob', 'S1 a CGI program runs');
my %env = $told->{body} =~ /^(\w+)=(.*)$/mg;
is_deeply(
    { map { $_ => $env{"FASTAUTH_$_"} }
        qw(USER SCHEME SCOPES ROLES PERMISSIONS ISSUER) },
    { USER => 'bob', SCHEME => 'bearer-jwt', SCOPES => 'a b',
        ROLES => 'r1 r2', PERMISSIONS => 'p:q',
        ISSUER => 'https://nobody.example' },
    'S1 and has it in its environment');
is($env{REMOTE_USER}, 'bob', 'S1 REMOTE_USER too');
is($env{AUTH_TYPE}, 'Bearer', 'S1 AUTH_TYPE too');
is($env{FASTAUTH_CLAIMS}, decode_base64url((split /\./, $long)[1]),
    'S1 the claims are the payload as received');

# --- signatures and headers --------------------------------------------------------

table(
    ['S8 garbage', 'garbage'],
    ['S8 the wrong secret', mint('HS256', secret('other-hs256'), claims())],
    ['S8 A7 HS512 with the right secret', mint('HS512', $secret, claims())],
    ['A7 HS384 with the right secret', mint('HS384', $secret, claims())],
    ['A7 hs256', under({ alg => 'hs256' })],
    ['A7 HS256 said, HS512 done', mint('HS512', $secret, claims(),
        { alg => 'HS256' })],
    ['A6 the empty secret', mint('HS256', '', claims())],
    ['A6 32 zero bytes', mint('HS256', "\0" x 32, claims())],
    (map { ["A2 alg $_ without a signature",
        mint('none', '', claims(), { alg => $_ })] }
        qw(none None NONE nOnE)),
    (map { ["A3 alg $_ with a signature", under({ alg => $_ })] }
        qw(none None NONE nOnE)),
    (map { ["A3 alg $_", under(qq({"alg":$_,"typ":"JWT"}))] }
        'null', '1', '[]', '""', '["HS256"]', '{"HS256":1}'),
    ['A3 no alg', under({ alg => undef })],
    ['A16 alg twice, good last', under('{"alg":"none","alg":"HS256"}')],
    ['A16 alg twice, good first', under('{"alg":"HS256","alg":"none"}')],
    ['A9 crit unknown', under({ crit => ['x'], x => 1 })],
    ['A9 crit empty', under({ crit => [] })],
    ['A9 crit b64', under({ crit => ['b64'], b64 => JSON::PP::false })],
    ['A9 b64 alone', under({ b64 => JSON::PP::false })],
    ['A9 zip', under({ zip => 'DEF' })],
    ['A9 enc', under({ enc => 'A128GCM' })],
    ['a header that is an array', under('["HS256"]')],
    ['a header that is a text', under('"HS256"')],
    ['a header with text behind it', under('{"alg":"HS256"} x')],
    ['a header over 1 KiB', under({ x => 'y' x 1100 })],
    ['typ JWT in lower case', under({ typ => 'jwt' }), 'alice'],
    ['typ application/JWT', under({ typ => 'application/JWT' }), 'alice'],
    ['no typ', under({ typ => undef }), 'alice'],
    ['typ at+jwt, where JWT is due', under({ typ => 'at+jwt' })],
    ['typ a number', under('{"alg":"HS256","typ":1}')],
    ['another typ', under({ typ => 'JOSE' })],
    ['an unknown header member', under({ x => 'y' }), 'alice'],
);

# A8: the attacker's key, and where it might be fetched
my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
    or die "no listener: $!";
my $url = 'http://127.0.0.1:' . $listener->sockport . '/keys';
my $theirs = secret('other-hs256');
table(
    map { ["A8 the header's own key by " . join(' ', keys %$_),
        mint('HS256', $theirs, claims(), $_)] }
        { jwk => { kty => 'oct', k => encode_base64url($theirs) } },
        { jku => $url }, { x5u => $url }, { x5c => ['MIIB'] },
        { jku => $url, kid => $url }
);
ok(!IO::Select->new($listener)->can_read(0.05), 'A8 and nobody was asked');

# A17, A19: one spelling for each token
(my $last = substr $signature, -1) =~ tr/A-Za-z0-9_-/B-Za-z0-9_\-A/;
my $loose = substr($signature, 0, -1) . $last;
table(
    ['A17 one segment', $head],
    ['A17 two segments', "$head.$payload"],
    ['A17 four segments', "$token.$signature"],
    ['A17 five segments', "$token.x.y"],
    ['A17 dots', '..'],
    ['A17 an empty header', ".$payload.$signature"],
    ['A17 an empty payload', "$head..$signature"],
    ['A17 an empty signature', "$head.$payload."],
    ['A17 a token as JSON',
        encode_json({ protected => $head, payload => $payload,
            signature => $signature }) =~ s/,/ /gr],
    ['A18 a signature cut', "$head.$payload." . substr($signature, 0, -2)],
    ['A18 a signature and a byte',
        "$head.$payload." . encode_base64url(
            decode_base64url($signature) . "\0")],
    ['A18 a signature of zeros',
        "$head.$payload." . encode_base64url("\0" x 32)],
    ['A19 a token and =', "$token="],
    ['A19 a token and !!!', "$token!!!"],
    ['A19 a token and a dot', "$token."],
    ['A19 a space inside', "$head.$payload. $signature"],
    ['A19 a tab inside', "$head.\t$payload.$signature"],
    ['A19 in quotes', qq("$token")],
    ['A19 percent-encoded', $token =~ s/\./%2E/gr],
    ['A19 unused bits set', "$head.$payload.$loose"],
    ['A19 high bytes', "$token\xc3\xa9"],
);
# one that has - or _ in it, so that the other alphabet is another text
my ($other) = grep { /[-_]/ } map { good(n => $_) } 1 .. 100;
table(['A19 the alphabet of MIME', $other =~ tr{-_}{+/}r]);
check_status(bearer("$token\x01"), 400, 'A19 a control byte is httpd\'s 400');

# --- claims ---------------------------------------------------------------------------

table(
    ['S9 A12 no exp', good(exp => undef)],
    ['S7 A11 exp one second ago', good(exp => $now - 1), undef, $EXPIRED],
    ['S7 A11 exp now', good(exp => int time), undef, $EXPIRED],
    ['A11 exp in two seconds', good(exp => int(time) + 2), 'alice'],
    (map { ["S10 A12 exp $_", says(qq({"sub":"alice","exp":$_}))] }
        '"9999999999"', 'null', 'true', '[]', '{}', '-1', '-9999999999',
        '1e300', '1e309', '9007199254740993', '9223372036854775807',
        '9223372036854775808', '""', '"1e11"'),
    ['A12 exp 0', says('{"sub":"alice","exp":0}'), undef, $EXPIRED],
    (map { ["S10 A12 exp $_", says(qq({"sub":"alice","exp":$_})), 'alice'] }
        '1e11', '9999999999.5', '9007199254740992'),
    ['S11 A15 nbf in the future', good(nbf => $now + 60)],
    ['S11 A15 iat in the future', good(iat => $now + 60)],
    ['A15 nbf a second ago', good(nbf => $now - 1), 'alice'],
    ['A15 iat a second ago', good(iat => $now - 1), 'alice'],
    ['A15 iat a text', good(iat => "$now")],
    ['A15 nbf a text', good(nbf => 'x')],
    ['A15 iat null', says('{"sub":"alice","exp":9999999999,"iat":null}')],
    ['S11 A13 an audience, none configured', good(aud => 'x')],
    ['A13 an empty list of audiences', good(aud => [])],
    ['S11 A21 sub a number',
        says('{"sub":42,"exp":9999999999}')],
    ['S11 user_id a number',
        says('{"user_id":42,"exp":9999999999}'), '42'],
    ['S12 no user', good(sub => undef)],
    ['S12 A20 no claim at all', says('{}')],
    ['A21 sub empty', good(sub => '')],
    ['A21 sub of 255 bytes', good(sub => 'u' x 255), 'u' x 255],
    ['A21 sub of 256 bytes', good(sub => 'u' x 256)],
    ['A21 sub with CR LF', good(sub => "a\r\nX-Admin: 1")],
    ['A21 sub with ESC', good(sub => "a\e[31m")],
    ['A21 A20 sub with NUL',
        says('{"sub":"admin\u0000x","exp":9999999999}')],
    ['A21 sub null', says('{"sub":null,"exp":9999999999}')],
    ['A21 a good user_id beside a bad sub',
        says('{"sub":7,"user_id":"alice","exp":9999999999}')],
    ['A21 a homoglyph is another user', good(sub => "\x{430}lice"),
        "\xd0\xb0lice"],
    ['A16 sub twice, good last',
        says('{"sub":"bob","sub":"alice","exp":9999999999}')],
    ['A16 exp twice, good last',
        says('{"sub":"alice","exp":1,"exp":9999999999}')],
    ['A16 exp twice, good first',
        says('{"sub":"alice","exp":9999999999,"exp":1}')],
    ['A16 scope twice',
        says('{"sub":"alice","exp":9999999999,"scope":"a","scope":"b"}')],
    ['A20 a list', says('[{"sub":"alice","exp":9999999999}]')],
    ['A20 a text', says('"alice"')],
    ['A20 a number', says('1')],
    ['A20 NUL and more behind',
        says(qq({"sub":"alice","exp":9999999999}\0x))],
    ['A20 text behind', says('{"sub":"alice","exp":9999999999}x')],
    ['A20 a byte order mark',
        says("\xef\xbb\xbf" . '{"sub":"alice","exp":9999999999}')],
    ['A20 no UTF-8', says(qq({"sub":"ali\xffce","exp":9999999999}))],
    ['A20 UTF-16', says("{\0}\0")],
    ['A25 token_use refresh', good(token_use => 'refresh')],
    ['A25 token_use a number', says(
        '{"sub":"alice","exp":9999999999,"token_use":1}')],
    ['A25 token_use access', good(token_use => 'access'), 'alice'],
);

# A22 to A24: as large as httpd lets in, in bounded time
my $before = time;
my $line = sub { return 'x' x ($_[0] - length 'Authorization: Bearer ') };
check_denial(bearer($line->(8190)), 401, $INVALID, 'A22 a line of 8190 bytes');
check_status(bearer($line->(8300)), 400, 'A22 a line over 8190 bytes: httpd');
check_status(bearer('x' x 70_000), 400, 'A22 a line of 70 kB: httpd');
check_denial(bearer(('x' x 2700) . '.' . ('y' x 2700) . '.' . ('z' x 2700)),
    401, $INVALID, 'A22 three long segments');
table(
    ['A23 claims nested 100 deep', says('{"sub":"alice","exp":9999999999,"x":'
        . ('[' x 100) . (']' x 100) . '}')],
    ['A23 claims nested 2,900 deep',
        says('{"sub":"alice","exp":9999999999,"x":'
            . ('[' x 2900) . (']' x 2900) . '}')],
    ['A23 claims nested 10 deep', says('{"sub":"alice","exp":9999999999,"x":'
        . ('[' x 10) . (']' x 10) . '}'), 'alice'],
    ['A24 600 members', says('{"sub":"alice","exp":9999999999,'
        . join(',', map { sprintf '"%03x":1', $_ } 1 .. 600) . '}'), 'alice'],
);
check_status(
    bearer(says('{"sub":"alice","exp":9999999999,'
        . join(',', map { qq("k$_":1) } 1 .. 10_000) . '}')),
    400, 'A24 10,000 members: httpd');
cmp_ok(time - $before, '<', 2, 'A22 A23 A24 and none takes long');

# --- a public key is no secret --------------------------------------------------------

at('bearer_rsa');
my $rsa    = key_file('rs');
my $pem    = slurp(keys_dir() . '/rs.pub');
my ($spki) = $pem =~ /-----\n(.*)-----END/s;
my $lines  = $spki;
$spki =~ s/\s//g;
my ($jwk) = grep { ($_->{kid} // '') eq 'set-RS256' }
    @{ decode_json(slurp(keys_dir() . '/set.jwks'))->{keys} };
table(
    ['RS256 with its key', mint('RS256', $rsa, claims()), 'alice'],
    (map { ["S8 A5 HS256 keyed with $_->[0]",
        mint('HS256', $_->[1], claims())] }
        ['the public PEM', $pem],
        ['the PEM without its last line feed', $pem =~ s/\n\z//r],
        ['the PEM with CR LF', $pem =~ s/\n/\r\n/gr],
        ['the DER', MIME::Base64::decode_base64($spki)],
        ['the JWK', encode_json($jwk)],
        ['the modulus', decode_base64url($jwk->{n})],
        ['the base64 of the DER', $spki],
        ['the lines of the PEM', $lines],
        ['nothing', '']),
    ['A7 RS512 under RS256', mint('RS512', $rsa, claims())],
    ['A7 RS384 under RS256', mint('RS384', $rsa, claims())],
    ['A7 PS256 under RS256', mint('PS256', $rsa, claims())],
    ['A7 RS256 said, PS256 done',
        mint('PS256', $rsa, claims(), { alg => 'RS256' })],
    ['A7 RS256 of another key', mint('RS256', key_file('other-rs'), claims())],
    ['A2 alg none', mint('none', '', claims())],
);

# --- kid ----------------------------------------------------------------------------------

at('bearer_kid');
my %of = (one => $secret, two => $theirs);
my $by = sub { return mint('HS256', $_[1], claims(), { kid => $_[0] }) };
table(
    ['A10 the first key by its kid', $by->('one', $secret), 'alice'],
    ['A10 the second key by its kid', $by->('two', $theirs), 'alice'],
    ['A10 the kid of one, the key of the other', $by->('one', $theirs)],
    ['A10 and the other way round', $by->('two', $secret)],
    ['A10 no kid, and two keys', mint('HS256', $secret, claims())],
    ['A10 no kid, and one key of the algorithm',
        mint('HS384', secret('hs384'), claims()), 'alice'],
    ['A10 the kid of a key for another algorithm', $by->('three',
        secret('hs384'))],
    (map { ['A10 kid ' . substr($_, 0, 20), $by->($_, $secret)] }
        '', 'unknown', 'ONE', 'one ', 'one,two', '../../dev/null',
        '/dev/null', "' OR 1=1", "one\n", "one\0", 'x' x 129, 'x' x 900,
        'x' x 5000, 'file:' . keys_dir() . '/hs256.secret'),
    (map { ["A10 kid $_", mint('HS256', $secret, claims(),
        qq({"alg":"HS256","kid":$_}))] }
        '1', '[]', '["one"]', '{}', 'null', 'true'),
    ['A10 A16 kid twice', mint('HS256', $secret, claims(),
        '{"alg":"HS256","kid":"two","kid":"one"}')],
);

# --- audience -----------------------------------------------------------------------------

at('bearer_audience');
table(
    ['A13 our audience', good(aud => 'https://api.example.com'), 'alice'],
    ['A13 our other audience', good(aud => 'second'), 'alice'],
    ['A13 a list with ours', good(aud => ['x', 'second']), 'alice'],
    ['A13 no audience', good()],
    map { ['A13 audience ' . encode_json($_), good(aud => $_)] }
        'other', 'https://api.example.co', 'https://api.example.com/',
        'https://api.example.com.evil', 'HTTPS://API.EXAMPLE.COM',
        'https://api.example.com second', '', [], ['x', 'y'], ['second', 1],
        [1], { second => 1 }, [['second']], 1, JSON::PP::true,
);
table(['A13 audience null', says('{"sub":"alice","exp":9999999999,"aud":null}')]);

# --- leeway and type ----------------------------------------------------------------------

at('bearer_leeway');
sub access { return mint('HS256', $secret, claims(@_), { typ => 'at+jwt' }) }
$now = int time;
table(
    ['A11 exp within the leeway', access(exp => $now - 25), 'alice'],
    ['A11 exp at the leeway\'s end', access(exp => $now - 30), undef, $EXPIRED],
    ['A11 exp behind it', access(exp => $now - 31), undef, $EXPIRED],
    ['A15 nbf within the leeway', access(nbf => $now + 25), 'alice'],
    ['A15 iat within the leeway', access(iat => $now + 25), 'alice'],
    ['A15 nbf beyond it', access(nbf => $now + 90)],
    ['A15 iat beyond it', access(iat => $now + 90)],
    ['A12 exp at the end of time, and a leeway',
        access(exp => 9007199254740992), 'alice'],
    ['typ JWT, where at+jwt is due', good()],
    ['no typ, where at+jwt is due', under({ typ => undef })],
    ['typ AT+JWT', under({ typ => 'AT+JWT' }), 'alice'],
    ['typ application/at+jwt', under({ typ => 'application/at+jwt' }), 'alice'],
    ['typ text/at+jwt', under({ typ => 'text/at+jwt' })],
);

# --- where the identity lives --------------------------------------------------------------

at('bearer_claims');
my $mail = good(sub => 'x', email => 'a@b.example', scope => 'unseen',
    rights => 'r w', realm_access => { roles => ['admin'] });
my $answer = bearer($mail, '/role');
check_allowed($answer, 'a@b.example', 'user=email, and a dotted path to roles');
is(header($answer, 'X-Scopes'), 'r w', 'scopes of the claim that is named');
check_allowed(bearer(good(sub => undef, user_id => 7)), '7',
    'the first claim present names the user');
table(
    ['a user claim that is none, though another is there',
        good(email => [], user_id => 7)],
    ['sub no text, though unused', says(
        '{"sub":1,"email":"a@b.example","exp":9999999999}')],
);
check_denial(bearer(good(email => 'x', roles => ['admin']), '/role'),
    403, undef, 'the usual claim of roles does not count beside it');
check_allowed(
    bearer(good(email => 'x', 'realm_access.roles' => ['admin']), '/role'),
    'x', 'a claim may have the dot in its very name');

finish();
