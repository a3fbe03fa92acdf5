# SPDX-License-Identifier: Apache-2.0
# fastauth-openapi and fastauth-docs: how they answer, to whom, and what nobody
# learns from them. S52 S53 S55, A66 A101.
use strict;
use warnings;
use Digest::SHA qw(sha256_base64);
use File::Path qw(make_path);
use IO::Socket::INET ();
use Test::More;
use FastAuthTest;
use FastAuthTest::Second;

spill(Apache::Test::vars('documentroot') . '/openapi-thing.json', "{}\n");
my $secret = secret('hs256');
sub bearer
{
    return [Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_))];
}
my $alice = bearer();

# All but the date
sub head
{
    my ($response) = @_;
    return [sort map { "$_->[0]: $_->[1]" }
        grep { $_->[0] ne 'Date' } @{ $response->{headers} }];
}

# --- how they answer ----------------------------------------------------------

at('openapi');
my %type = ('/openapi.json' => 'application/json',
    '/openapi.json?pretty' => 'application/json',
    '/docs' => 'text/html; charset=utf-8');
my (%text, %etag);
for my $path (sort keys %type) {
    my $response = ask('GET', $path);
    check_status($response, 200, $path);
    ($text{$path}, $etag{$path}) = ($response->{body}, header($response, 'ETag'));
    is header($response, 'Content-Type'), $type{$path}, "$path: its type";
    like $etag{$path}, qr/^"[\x21\x23-\x7e]+"$/, "$path: a strong ETag";
    is header($response, 'Content-Length'), length $text{$path},
        "$path: all of it came";
    is header($response, 'X-Content-Type-Options'), 'nosniff', "$path: nosniff";
    is header($response, 'Set-Cookie'), undef, "$path: no cookie";

    my $head = ask('HEAD', $path);
    is_deeply head($head), head($response), "HEAD $path: the same headers";
    is $head->{status}, 200, "HEAD $path: the same status";
    is $head->{body}, '', "HEAD $path: no body";
    is_deeply head(ask('GET', $path)), head($response),
        "$path: the same headers again";

    for my $accept ('gzip', 'gzip, br;q=0.5, identity;q=0', '*', '') {
        my $other = ask('GET', $path, ['Accept-Encoding' => $accept]);
        is $other->{body}, $text{$path}, "$path: Accept-Encoding: '$accept'";
        is_deeply head($other), head($response), "$path: and the same headers";
    }
    is ask('GET', $path, [Accept => 'application/xml'])->{body}, $text{$path},
        "$path: Accept changes nothing";

    my $tag = $etag{$path};
    for (
        [$tag, 304], ["W/$tag", 304], ['*', 304], ["\"x\", $tag", 304],
        ["\"x\",W/\"y\" , W/$tag,\"z\"", 304], ['"x"', 200], ['W/"x"', 200],
        ['', 200], [$tag =~ tr/"//dr, 200], ['"' . uc($tag) . '"', 200],
        [($tag =~ s/"$//r), 200],
    ) {
        my ($match, $status) = @$_;
        for my $method ('GET', 'HEAD') {
            my $answer = ask($method, $path, ['If-None-Match' => $match]);
            is $answer->{status}, $status, "$method $path, If-None-Match: $match";
            is $answer->{body}, $status == 200 && $method eq 'GET'
                ? $text{$path} : '', 'and the body of that';
            is header($answer, 'ETag'), $tag, 'and its ETag';
        }
    }
    is ask('GET', $path, ['If-Match' => $_->[0]])->{status}, $_->[1],
        "$path: If-Match: $_->[0]" for ['"x"', 412], [$tag, 200], ['*', 200];

    for my $method (qw(POST PUT DELETE PATCH OPTIONS PROPFIND LOCK X)) {
        my $other = ask($method, $path, [],
            $method =~ /^P[OUA]/ ? 'x' : undef);
        check_status($other, 405, "$method $path");
        my %allow = map { ($_ => 1) } split /,\s*/,
            header($other, 'Allow') // '';
        ok $allow{GET} && $allow{HEAD} && !$allow{$method},
            'and Allow says what may be' or diag(header($other, 'Allow'));
        unlike $other->{body}, qr/"openapi"|Orders/, 'and nothing of the text';
    }
}
isnt $etag{'/openapi.json?pretty'}, $etag{'/openapi.json'},
    '?pretty has another ETag';
is_deeply decode_json($text{'/openapi.json?pretty'}),
    decode_json($text{'/openapi.json'}), 'and says the same';
cmp_ok scalar(() = $text{'/openapi.json?pretty'} =~ /\n/g), '>', 50,
    'in many lines';
is scalar(() = $text{'/openapi.json'} =~ /\n/g), 1, 'and without it in one';
is ask('GET', "/openapi.json?$_")->{body}, $text{'/openapi.json'},
    "?$_ is not ?pretty" for '', 'Pretty', 'pretty=false', 'pretty=0', 'x',
    'prettyx', 'x=pretty';
is ask('GET', "/openapi.json?$_")->{body}, $text{'/openapi.json?pretty'},
    "?$_ is" for 'pretty=', 'pretty=true', 'x&pretty', 'pretty&x=1';
is ask('GET', '/docs?pretty')->{body}, $text{'/docs'}, 'the page knows no query';

# --- the page loads nothing but what it holds ---------------------------------

{
    my $page = ask('GET', '/docs');
    my @policy = headers($page, 'Content-Security-Policy');
    is scalar @policy, 1, 'one policy';
    my %policy = map { my ($name, @values) = split / /; ($name => "@values") }
        split /; */, $policy[0];
    is $policy{'default-src'}, "'none'", 'nothing is loaded';
    is $policy{$_} // '', "'none'", "$_ 'none'"
        for qw(base-uri form-action frame-ancestors);
    is_deeply [sort keys %policy], [sort qw(default-src style-src base-uri
        form-action frame-ancestors)], 'and nothing else is said'
        or diag($policy[0]);
    my @styles = $page->{body} =~ /<style>(.*?)<\/style>/sg;
    is $policy{'style-src'}, join(' ', map { "'sha256-" . sha256_base64($_)
        . "='" } @styles), 'but its style, by its digest';
    unlike $page->{body}, qr/<(?:script|link|img|iframe|object|embed|form|base)\b/i,
        'no element that loads';
    unlike $page->{body}, qr/\s(?:on\w+|style|src|srcset)=|javascript:|url\(|\@import/i,
        'no attribute that does';
    is_deeply [grep { !/^#/ } $page->{body} =~ /\shref="([^"]*)"/g], [],
        'links within the page only';
    like $page->{body}, qr/Orders and &lt;more&gt;/, 'the title is escaped';
}

# --- A66: nothing of the request is in the answer -----------------------------

for my $path ('/openapi.json', '/docs') {
    for (
        ['in the path', "$path/e1f-mark", []],
        ['in the path, as a tag', "$path/%3Cscript%3Ee1f-mark", []],
        ['in the query', "$path?e1f-mark=e1f-mark", []],
        ['a URL', "http://e1f-mark.example$path", []],
        ['Host', $path, [Host => 'e1f-mark.example']],
        ['Host and port', $path, [Host => 'e1f-mark.example:99']],
        (map { [$_, $path, [$_ => 'e1f-mark']] } qw(X-Forwarded-Host
            X-Forwarded-Proto X-Forwarded-Prefix Forwarded Referer Origin
            User-Agent Accept Accept-Language Cookie X-Original-URL
            X-Request-Id Range)),
        ['Authorization', $path, [Authorization => 'Bearer e1f-mark']],
    ) {
        my ($name, $target, $headers) = @$_;
        my $response = ask('GET', $target, $headers);
        is $response->{status}, 200, "A66 $path: $name" or diag($response->{raw});
        is $response->{body}, $text{$path}, 'A66 the same text';
        unlike $response->{raw}, qr/e1f-mark/i, 'A66 and nothing of it';
    }
    my $refused = ask('POST', "$path/e1f-mark?e1f-mark", [], 'e1f-mark');
    unlike $refused->{raw}, qr/e1f-mark/, "A66 $path: nor in a 405";
}

# --- where, and for whom ------------------------------------------------------

for my $path ('/', '/openapi', '/openapi.jsonx', '/openapi.yaml', '/Openapi.json',
    '/docsx', '/doc', '/docs.html', '/kept', '/swagger', '/redoc', '/api-docs',
    '/page', '/fastauth-openapi', '/openapi.json.', '/DOCS')
{
    my $response = ask('GET', $path);
    unlike $response->{body}, qr/"openapi"|Orders/, "$path has no document";
    is $response->{status}, 404, "$path is 404" if $path ne '/';
}
at('openapi_none');
is ask('GET', $_)->{status}, 404, "a host without a handler: $_"
    for '/openapi.json', '/docs', '/api-docs';

at('openapi');
my $NONE = qr/^Bearer realm="Orders and <more>"$/;
for (['/kept/openapi.json', $alice, '/openapi.json'],
    ['/kept/docs', bearer(scope => 'read'), '/docs'])
{
    my ($path, $who, $same) = @$_;
    for my $method ('GET', 'HEAD', 'POST') {
        check_denial(ask($method, $path, [], $method eq 'POST' ? 'x' : undef),
            401, $NONE, "$method $path without a token");
    }
    check_denial(ask('GET', $path, ['If-None-Match' => '*']), 401, $NONE,
        "$path: a 304 is for who may read it");
    my $answer = ask('GET', $path, $who);
    is $answer->{status}, 200, "$path with one";
    is $answer->{body}, $text{$same}, 'is the same text';
    is header($answer, 'ETag'), $etag{$same}, 'with its ETag';
    is header($answer, 'Cache-Control'), 'private', 'and private';
    like header($answer, 'Vary') // '', qr/\bAuthorization\b/, 'by the token';
    my $same_still = ask('GET', $path, [@$who, 'If-None-Match' => $etag{$same}]);
    is $same_still->{status}, 304, 'and 304';
    is ask('POST', $path, $who, 'x')->{status}, 405, 'and 405';
}
check_denial(ask('GET', '/kept/docs', $alice), 403, qr/scope="read"$/,
    'a demand holds');
unlike header(ask('GET', '/openapi.json'), 'Cache-Control') // '', qr/private/,
    'what is for everybody is not private';

# --- each host its own --------------------------------------------------------

my $json = decode_json($text{'/openapi.json'});
at('openapi_other');
my $other = decode_json(ask('GET', '/api-docs')->{body});
my $page  = ask('GET', '/page')->{body};
is $json->{openapi}, '3.1.0', 'S52 OpenAPI 3.1';
is $json->{info}{title}, 'Orders and <more>', 'its title';
is $json->{info}{version}, '2.1.0', 'its version';
is $other->{info}{title}, 'Another host', 'another host has another title';
is_deeply [sort grep { /^\/(?:bearer|oauth2|keys|basic|places)/ }
    keys %{ $json->{paths} }], ['/basic', '/bearer/users/{id}', '/keys',
    '/oauth2/things', '/places'], 'its paths';
is_deeply [sort grep { !/^\/(?:api-docs|page)$/ } keys %{ $other->{paths} }],
    ['/other/things/{id}'], 'and its own';
like $page, qr/Another host/, 'and a page of its own';
unlike $page, qr/Orders|users/, 'with nothing of the other\'s';
is ask('GET', $_)->{status}, 404, "and none of the other's: $_"
    for '/openapi.json', '/docs';
at('openapi_open');
my $open = decode_json(ask('GET', '/openapi.json')->{body});
ok !$open->{components}{securitySchemes}, 'no scheme where there is none';
is_deeply $open->{paths}{'/open/{id}'}{get}{security}, [], 'and no security';

# --- S53, A101: the schemes are those that are configured ---------------------

# What a scheme says, but for people's description
sub schemes
{
    my ($document) = @_;
    my %schemes = %{ $document->{components}{securitySchemes} };
    return [sort map { my %one = %$_; delete $one{description};
        encode_json(\%one) } values %schemes];
}
my @configured = (
    { type => 'http', scheme => 'bearer', bearerFormat => 'JWT' },
    { type => 'apiKey', in => 'cookie', name => 'token' },
    { type => 'apiKey', in => 'query', name => 'access_token' },
    { type => 'oauth2', flows => {
        authorizationCode => {
            authorizationUrl => 'https://login.example.com/authorize',
            tokenUrl => 'https://login.example.com/token',
            scopes => { 'things:list' => '', 'things:read' => '' },
        },
        clientCredentials => {
            tokenUrl => 'https://login.example.com/token',
            scopes => { 'things:list' => '', 'things:read' => '' },
        },
    } },
    { type => 'apiKey', in => 'header', name => 'X-API-Key' },
    { type => 'apiKey', in => 'header', name => 'X-Other' },
    { type => 'apiKey', in => 'query', name => 'key' },
    { type => 'apiKey', in => 'cookie', name => 'sid' },
    { type => 'http', scheme => 'basic' },
);
is_deeply schemes($json), [sort map { encode_json($_) } @configured],
    'A101 each scheme that is configured, and no other';
is_deeply schemes($other), [encode_json({ type => 'http', scheme => 'basic' })],
    'A101 and of another host its own';
# and those of an operation are there
for my $path (sort keys %{ $json->{paths} }) {
    for my $method (sort keys %{ $json->{paths}{$path} }) {
        my $security = $json->{paths}{$path}{$method}{security};
        is_deeply [grep { !$json->{components}{securitySchemes}{$_} }
            map { keys %$_ } @$security], [],
            "A101 $method $path names schemes that are there";
    }
}
# and a handler's answers, all of them
is_deeply [sort keys %{ $json->{paths}{$_}{get}{responses} }],
    [qw(200 304 412)], "$_: its answers" for '/openapi.json', '/docs';
is scalar @{ $json->{paths}{'/keys'}{get}{security} }, 4,
    'S53 any of four ways';
is_deeply [map { values %$_ } @{ $json->{paths}{'/oauth2/things'}{get}{security} }],
    [['things:read', 'things:list']], 'S53 with its scopes';
ok !!(grep { !%$_ } @{ $json->{paths}{'/places'}{get}{security} }),
    'S53 or nobody, where that may be';

# --- a second httpd: secrets, restarts, many operations -----------------------

my $dir = top() . '/openapi';
second_dir($dir);
make_path("$dir/hidden-folder");
my $httpd = Apache::Test::vars('httpd');
my $port  = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
    ->sockport;
my $hidden = private_to('the-hidden-secret-0123456789-abcdef');
my $key    = private_to('the-hidden-api-key');
local $ENV{HIDDEN_ENVIRONMENT} = $hidden;
spill("$dir/hidden-folder/hidden-secret", "$hidden-2");
spill("$dir/hidden-folder/hidden-keys", Digest::SHA::sha256_hex($key)
        . " user=hidden-key-user id=hidden-id scopes=hidden-scope\n");
spill("$dir/hidden-folder/hidden-passwords",
    'hidden-password-user:' . bcrypted('hidden-password') . "\n");
spill("$dir/hidden-folder/hidden-description", "What may be known.\n");

my $handlers = <<'END';
<Location "/openapi.json">
    SetHandler fastauth-openapi
</Location>
<Location "/docs">
    SetHandler fastauth-docs
</Location>
END
my $all = <<"END";
AuthTokenKey HS256 env:HIDDEN_ENVIRONMENT kid=hidden-kid-1
AuthTokenKey HS256 file:hidden-folder/hidden-secret kid=hidden-kid-2
AuthTokenKey RS256 file:${\keys_dir()}/rs.pub kid=hidden-kid-3
AuthAPIKeys file:hidden-folder/hidden-keys
APIDescription file:hidden-folder/hidden-description
APILicense MIT https://opensource.org/license/mit
<AuthIssuer https://issuer.example>
    AuthTokenKey HS256 env:HIDDEN_ENVIRONMENT
</AuthIssuer>
<Location "/a">
    AuthScheme bearer-jwt oauth2 api-key-header api-key-query api-key-cookie:c basic
    AuthPasswords file
    AuthUserFile hidden-folder/hidden-passwords
    AuthIdentityHeaders X-Auth-
    AuthStripCredentials on
    RequireClaim sub hidden-claim-user
    RequireClaim user_id hidden-claim-user
    Require user hidden-stock-user
    RateLimit 100/1h by=user
    APIOperation GET /users/{id} scope=users:read
    APIOperation PUT,DELETE /users/{id} role=admin scope=b,a
</Location>
<LocationMatch "^/m/(?<id>[0-9]+)\$">
    AuthScheme bearer-jwt
    <Limit POST>
        RequireScope z y x
    </Limit>
    APIOperation GET,POST
</LocationMatch>
<Location "/b">
    AuthScheme api-key-header:X-K
    RequireRole z a m
</Location>
END

sub configure
{
    my ($text) = @_;
    spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel notice
Mutex default:$dir
Include "${\top()}/../base.conf"
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
Listen 127.0.0.1:$port
<IfModule mod_cgid.c>
    ScriptSock "$dir/cgisock"
</IfModule>
DocumentRoot "$dir/hidden-folder"
TypesConfig /dev/null
StartServers 1
$handlers
$text
END
    return;
}

sub control { return system $httpd, '-f', "$dir/httpd.conf", '-k', $_[0] }

sub stop
{
    my $pid = pid();
    return $pid && kill('TERM', $pid) && wait_for(sub { !kill 0, $pid });
}
END { my $status = $?; stop(); $? = $status }

# ETag and text of a path, on a connection of its own
sub second
{
    my ($path) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
        Timeout => 10) or return 'no connection';
    print {$socket} "GET $path HTTP/1.0\r\n\r\n";
    local $/ = undef;
    my $response = FastAuthTest::_parse(readline($socket) // '');
    return $response->{status} . ' ' . (header($response, 'ETag') // '') . "\n"
        . $response->{body};
}

# Up once more, by start or graceful
sub comes_up
{
    my ($how) = @_;
    my $before = generations();
    is control($how), 0, $how;
    ok wait_for(sub { generations() > $before }), 'and it is up' or diag(said());
    return;
}

configure($all);
comes_up('start');
my @paths = ('/openapi.json', '/openapi.json?pretty', '/docs');
my %first = map { ($_ => second($_)) } @paths;
like $first{$_}, qr/^200 ".+"\n.*users:read/s, "$_ is there" for @paths;
for my $path (@paths) {
    unlike $first{$path}, qr/hidden/i, "A101 $path: no secret, file, user, "
        . 'environment or kid';
    unlike $first{$path}, qr/\Q$dir\E|httpd\.conf|\.pem|base\.conf/,
        "A101 $path: no file of this server";
    unlike $first{$path}, qr/\$2y\$|BEGIN PUBLIC|[0-9a-f]{64}/,
        "A101 $path: no digest, no key";
}
comes_up('graceful');
is second($_), $first{$_}, "S55 after a graceful restart: $_" for @paths;
ok stop(), 'it stops';
comes_up('start');
is second($_), $first{$_}, "S55 after another start: $_" for @paths;

# nothing is read again while it runs
rename "$dir/hidden-folder/hidden-description", "$dir/gone";
spill("$dir/httpd.conf", "no configuration\n");
is second($_), $first{$_}, "from memory: $_" for @paths;
rename "$dir/gone", "$dir/hidden-folder/hidden-description";

# --- many operations ----------------------------------------------------------

sub many
{
    my ($count) = @_;
    return "AuthTokenKey HS256 env:HIDDEN_ENVIRONMENT\n<Location \"/many\">\n"
        . "AuthScheme bearer-jwt\n"
        . join('', map { "APIOperation GET,PUT /things$_/{id} scope=things:$_\n" }
            1 .. $count / 2) . "</Location>\n";
}

# Seconds of a processor that httpd -t takes, the least of three
sub seconds
{
    my ($count) = @_;
    configure(many($count));
    my $least;
    for (1 .. 3) {
        my $before = (times)[2];
        my @said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
        is $?, 0, "httpd -t takes $count operations" or diag(@said);
        my $took = (times)[2] - $before;
        $least = $took if !defined $least || $took < $least;
    }
    return $least;
}
my ($ten, $thousand) = map { seconds($_) } 10, 1_000;
diag(sprintf '1,000 operations: %.2f s more than ten', $thousand - $ten)
    if $thousand - $ten > 1;
cmp_ok $thousand - $ten, '<', 3, '1,000 operations take no time to start with';
comes_up('graceful');
my $large = second('/openapi.json');
my @got   = eval { decode_json($large =~ s/^.*?\n//r)->{paths} };
is scalar(grep { /^\/many\// } map { keys %$_ } @got), 500,
    'and all are in the document';
my $docs = second('/docs');
my %shown = map { ($_ => 1) }
    ($docs =~ s/<[^>]*>//gr) =~ m{/many/things\d+/\{id\}}g;
is scalar(keys %shown), 500, 'and on the page';
unlike said(), qr/exit signal|AddressSanitizer/, 'no process died';
ok stop(), 'it stops';

# --- other tools read it ------------------------------------------------------

SKIP: {
    my $missing = eval { require FastAuthTest::Node; 1 }
        ? FastAuthTest::Node::no_node() : 'no t/lib/FastAuthTest/Node.pm';
    skip $missing, 1 if $missing;
    my $at = at('openapi');
    my %file = (openapi => "$dir/openapi.json", second => "$dir/second.json");
    spill($file{openapi}, $text{'/openapi.json'});
    spill($file{second}, $first{'/openapi.json'} =~ s/^.*?\n//r);
    for my $name (sort keys %file) {
        my ($status, $out, $error) =
            FastAuthTest::Node::run_node('lint.mjs', [$file{$name}]);
        is "$status\n$out$error", "0\n", "S52 $name: the linter is content";
        ($status, $out, $error) = FastAuthTest::Node::run_node('validate.mjs',
            [$file{$name}, $ENV{FASTAUTH_CORPUS}]);
        is "$status\n$out$error", "0\n", "S52 $name: it is OpenAPI 3.1";
    }
    my $reader = mint('HS256', $secret, claims(scope => 'users:read'));
    my $plain  = mint('HS256', $secret, claims());
    for ([$reader, 200], [$plain, 403], ['x', 401]) {
        my ($token, $answer) = @$_;
        my ($status, $out, $error) = FastAuthTest::Node::run_node('client.mjs',
            [$file{openapi}, "http://$at", $token, 'GET', '/bearer/users/{id}',
                '{"params": {"path": {"id": "7"}}}']);
        is "$status\n$out$error", "0\n$answer\n",
            "S52 a client made of it is answered $answer";
    }
    $missing = FastAuthTest::Node::no_node('chromium');
    skip $missing, 1 if $missing;
    my ($status, $out, $error) =
        FastAuthTest::Node::run_node('page.mjs', ["http://$at/docs"]);
    is "$status\n$out$error", "0\n", 'S52 a browser finds nothing wrong';
}
finish();
