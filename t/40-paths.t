# SPDX-License-Identifier: Apache-2.0
# Methods and paths: no other spelling of a request gets past what keeps it.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my @kept = ([paths => 'MergeSlashes On, AllowEncodedSlashes Off'],
    [paths_on => 'MergeSlashes Off, AllowEncodedSlashes On'],
    [paths_nodecode => 'MergeSlashes Off, AllowEncodedSlashes NoDecode']);
my $token  = mint('HS256', secret('hs256'), claims());
my $writer = mint('HS256', secret('hs256'), claims(scope => 'keep:write'));
my @alice  = (Authorization => "Bearer $token");

# What keeps a secret: no 2xx with it in the body, and no 5xx. Where `closed',
# no 2xx at all.
sub kept
{
    my ($response, $closed) = @_;
    return $response->{body} !~ /the kept secret/
        && $response->{status} >= ($closed ? 300 : 200)
        && $response->{status} < 500;
}

# One test for many requests; those that went wrong are shown
sub all_kept
{
    my ($name, $closed, @requests) = @_;
    my @wrong = grep { !kept($_->[1], $closed) }
        map { [$_, ref $_ ? ask(@$_) : send_raw($_)] } @requests;
    return ok(!@wrong, "$name, " . @requests . ' requests') || diag(join "\n",
        map { "$_->[1]{status}: " . (ref $_->[0] ? "@{ $_->[0] }[0, 1]"
            : $_->[0]) } @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]);
}

# The request line as it is, and nothing else
sub raw
{
    my ($target, @headers) = @_;
    utf8::encode($target) if utf8::is_utf8($target);
    return join "\r\n", "GET $target HTTP/1.1", 'Host: localhost',
        'Connection: close', @headers, '', '';
}

# --- what is asked for by its name ---------------------------------------------

for (@kept) {
    my ($host, $title) = @$_;
    at($host);
    is ask('GET', $_, [@alice])->{status}, 200, "$host: $_ with a token"
        for '/keep/secret.txt', '/keep/', '/vault/secret.txt', '/by-rewrite-pt',
        '/by-rewrite', '/by-alias/secret.txt', '/nego/doc', '/open/',
        '/keep-script/x';
    check_denial(ask('GET', $_), 401, qr/^Bearer realm="API"$/,
        "$host: $_ without one")
        for '/keep/secret.txt', '/keep/', '/vault/secret.txt';
}

# --- A50, A51: methods ----------------------------------------------------------

at('paths');
for (qw(GET POST PUT PATCH DELETE OPTIONS PROPFIND MKCOL LOCK FOO get gET
    HEAD BASELINE-CONTROL))
{
    check_denial(ask($_, '/keep/secret.txt', [], $_ eq 'POST' ? 'x' : undef),
        401, qr/^Bearer realm="API"$/, "A50 $_ is a method like any other");
}
check_status(ask('TRACE', '/keep/secret.txt', [@alice]), 405,
    'A50 S16 TRACE with TraceEnable Off');
like ask('CONNECT', '/keep/secret.txt')->{status}, qr/^40[05]$/, 'A50 CONNECT';
like ask('CONNECT', 'localhost:80')->{status}, qr/^40[05]$/,
    'A50 CONNECT to a host';
all_kept('A50 corpus http/methods', 1,
    map { my $method = $_; map { [$method, $_] } '/keep/secret.txt',
        '/vault/secret.txt' }
    grep { /^\S+$/ } @{ (corpus('http/methods_fuzzdb.json') // {})->{cases} // [] });

for my $override (qw(X-HTTP-Method-Override X-HTTP-Method X-Method-Override)) {
    check_denial(ask('DELETE', '/keep/secret.txt',
        [@alice, $override => 'GET']), 403,
        qr/error="insufficient_scope", scope="keep:write"/,
        "A50 $override does not make a DELETE a GET");
    check_status(ask('GET', '/keep/secret.txt', [@alice, $override => 'DELETE']),
        200, "A50 $override does not make a GET a DELETE");
}
check_status(ask('DELETE', '/keep/secret.txt',
    [Authorization => "Bearer $writer"]), 405,
    'A50 a DELETE that may be is then the handler\'s');

for my $headers ([], [@alice], [Authorization => 'Bearer x.y.z']) {
    my @pair = map { ask($_, '/keep/secret.txt', $headers) } qw(GET HEAD);
    my @heads = map { join "\n", sort grep { !/^Date/ }
        map { "$_->[0]: $_->[1]" } @{ $_->{headers} } } @pair;
    is $pair[1]{status}, $pair[0]{status}, "A51 S16 HEAD has GET's status";
    is $heads[1], $heads[0], 'A51 and GET\'s headers';
    is $pair[1]{body}, '', 'A51 and no body';
}

# --- A52, A53: spellings of a path ----------------------------------------------

my @spelled = qw(
    //keep/secret.txt ///keep/secret.txt /keep//secret.txt /./keep/secret.txt
    /keep/./secret.txt /keep/. /keep/.. /x/../keep/secret.txt
    /x/../../keep/secret.txt /../keep/secret.txt /keep/../keep/secret.txt
    /keep/x/../secret.txt /keep/secret.txt/ /keep/secret.txt/. /keep%20
    /keep%20/secret.txt /KEEP/secret.txt /Keep/secret.txt /keep;x/secret.txt
    /keep;/secret.txt /;/keep/secret.txt /keep/;/secret.txt
    /keep/secret.txt;x /keep./secret.txt /.keep/secret.txt /keep\\secret.txt
    \\keep/secret.txt /\\keep/secret.txt keep/secret.txt
    %2fkeep/secret.txt /%2fkeep/secret.txt /keep%2fsecret.txt
    /keep%2Fsecret.txt /keep%5csecret.txt /%5ckeep/secret.txt
    /%6beep/secret.txt /k%65ep/secret.txt /%6b%65%65%70/%73%65cret.txt
    /%2e/keep/secret.txt /x/%2e%2e/keep/secret.txt /x/.%2e/keep/secret.txt
    /x/%2e./keep/secret.txt /%252e%252e/keep/secret.txt
    /x/%252e%252e/keep/secret.txt /keep%252fsecret.txt /keep/%2e/secret.txt
    /keep%00/secret.txt /keep/secret.txt%00 /keep/secret.txt%00.html
    /keep/secret.txt%0a /keep/secret.txt%0d%0a /keep%09/secret.txt
    /%c0%afkeep/secret.txt /keep%c0%afsecret.txt /%c0%ae%c0%ae/keep/secret.txt
    /%e0%80%afkeep/secret.txt /%ef%bc%8fkeep/secret.txt /%u002fkeep/secret.txt
    /keep%ff/secret.txt /keep/%zz/secret.txt /keep/secret.txt% /keep%3f
    /keep%3fx /keep/secret.txt%3fx /keep%23/secret.txt /keep/secret.txt#x
    /keep/secret.txt? /keep/secret.txt?x /keep?/secret.txt /keep&/secret.txt
    /keep,/secret.txt /keep=/secret.txt /keep:/secret.txt /keep@/secret.txt
    /keep~/secret.txt /keep*/secret.txt /keep'/secret.txt /~/keep/secret.txt
    /vault//secret.txt //vault/secret.txt /./vault/./secret.txt
    /x/../vault/secret.txt /%76ault/secret.txt /vault%2fsecret.txt
    /vault/secret.txt/ /vault/secret.txt/x /vault/secret.txt;x /vault/secret
    /by-alias//secret.txt /by-alias/./secret.txt /by-alias/../keep/secret.txt
    /by-alias%2fsecret.txt /by-alias/%73ecret.txt /keep/secret /keep/index
    /keep/index.html /keep/index.html/x /nego/doc /nego/doc.txt /nego/doc.
    /nego//doc /nego/./doc.txt /nego/doc.txt/ /nego/doc/x
    /by-match//secret.txt /by-match/../vault/secret.txt
);
for (@kept) {
    my ($host, $title) = @$_;
    at($host);
    for my $path (@spelled) {
        my $response = send_raw(raw($path));
        ok(kept($response), "A52 A53 $host: $path")
            || diag("$response->{status} $response->{body}");
    }
}

# --- A54: the lists of the tools that look for a way around -----------------------

my @middle = qw(
    # ## % %09 %09%3b %09.. %09; %20 %20/ %23 %23%3f %252f %252f/ %2e %2e%2e
    %2e%2e/ %2e%2e%2f %2e/ %2f %2f%20%23 %2f%23 %2f%2f %2f%3b%2f %2f%3b%2f%2f
    %2f%3f %2f%3f/ %2f/ %3b %3b%09 %3b%2f%2e. %3b%2f.. %3b/%2e%2e/..%2f%2f
    %3b/%2e. %3b/..%2f%2f/../ %3b// %3b/.. %3f %3f%23 %3f%3f %5c %5c..
    %00 %0a %0d & . .%2e/ .. ..%00/ ..%00;/ ..%09 ..%0d/ ..%0d/; ..%2f ..%2f..%2f
    ..%3B ..%5c ..%5c/ ..%ff/ ..%ff/; ../ ../../ ..// ..//../ ../;/ ..;%00/
    ..;%0d/ ..;%ff/ ..;/ ..;\\ ..\\ ..\\; ./ ./. .// .//./ .\\;/ .;/ / /%20 /%20#
    /%20%23 /%252e%252e%252f/ /%252e%252e%253b/ /%252e%252f/ /%252f
    /%2e%2e /%2e%2e%3b/ /%2e%2e/ /%2e%2f/ /%2e%3b/ /%2e%3b// /%2e/ /%2e// /%2f
    /%3b/ /.. /..%2f /..%2f..%2f /../ /../../ /../../../ /../..// /..// /..//../
    /../;/ /../;/../ /..;%2f /..;%2f..;%2f /..;/ /..;/../ /..;/..;/ /..;//
    /..;//../ /..;/;/ /./ /.// /.;/ /.;// /// //%2f .//. //.. //../../ //..;
    //./ //.;/ ///.. ///../ ///..;/ ///; //;/ //?anything /;/ /;// /;x /;x/ /x/../
    /x/..// /x/../;/ /x/..;/ /x//../ /x/;/../ ; ;%09 ;%2f%2e%2e ;%2f.. ;/%2e%2e
    ;/%2f/../ ;/.%2e ;/.. ;/..%2f ;/../ ;/..// ;// ;x ;x/ ;x; ? ?# ?.php ?;
    ?? \\..\\.\\ ~ @ : :80 * *0 !
);
my @end = ('#', '#?', '%', '%00', '%09', '%0a', '%20', '%20/', '%23', '%25',
    '%26', '%2500', '%2520', '%252e', '%2e', '%2f', '%3b', '%3f', '%61', '%ff',
    '&', '*', '.', '..', '..%3B/', '..;', '..;/', './', '.css', '.html', '.ico',
    '.jpg', '.js', '.json', '.php', '.svg', '.txt', '.xml', '/', '/#', '/%20',
    '/%2e', '/%2f', '/*', '/.', '/..', '/..;/', '/./', '/.;/', '//', '///', '/?',
    '/favicon.ico', '/index.html', '/x/..', '/~', ';', ';/', ';x', ';x=y', '?',
    '?.css', '?.html', '?/', '??', '???', '?WSDL', '?debug=1', '?x=1', '\\',
    '\\;', '~', '=', '+', '-', '_', '$', '!', '0', '::$DATA');
my @targets = (
    map({ my $middle = $_; ("/$middle/keep/secret.txt", "/${middle}keep/secret.txt",
        "/keep$middle/secret.txt", "/keep/${middle}secret.txt",
        "/vault/$middle/secret.txt") } @middle),
    map({ ("/keep/secret.txt$_", "/keep$_", "/vault/secret.txt$_",
        "/nego/doc.txt$_") } @end));
my @forwarded = qw(X-Original-URL X-Rewrite-URL X-Original-URI Referer
    X-Forwarded-URI X-Forwarded-Path X-Forwarded-Prefix X-Custom-Path
    Destination Content-Location X-Accel-Redirect X-Sendfile Base-Url
    Request-Uri Uri Url Http-Url Proxy-Url Redirect X-Proxy-Url X-HTTP-Path
    X-HTTP-DestinationURL);
my @inside = qw(X-Forwarded-For X-Real-IP X-Client-IP Client-IP True-Client-IP
    CF-Connecting-IP X-Originating-IP X-Remote-IP X-Remote-Addr X-Host
    X-Forwarded-Host X-Forwarded-Server X-Custom-IP-Authorization
    X-Cluster-Client-IP X-ProxyUser-Ip Forwarded X-Forwarded X-Forwarded-By
    X-WAP-Profile X-Arbitrary Profile Fastly-Client-IP);
for (@kept) {
    my ($host, $title) = @$_;
    at($host);
    all_kept("A54 $host ($title): paths", 0, map { raw($_) } @targets);
    for my $place (['/keep/secret.txt', '/'], ['/', '/keep/secret.txt'],
        ['/x', '/vault/secret.txt'])
    {
        all_kept("A54 $host: $place->[0], and in headers $place->[1]", 0,
            map { [GET => $place->[0], [$_ => $place->[1]]] } @forwarded);
    }
    all_kept("A54 A76 $host: headers that claim to come from inside", 1,
        map { my $name = $_; map { [GET => '/keep/secret.txt', [$name => $_]] }
            '127.0.0.1', 'localhost', '10.0.0.1', '::1', 'for=127.0.0.1' }
        @inside);
    all_kept("A54 $host: other schemes, ports and protocols in headers", 1,
        map { [GET => '/keep/secret.txt', [@$_]] }
        (map { ['X-Forwarded-Proto' => $_] } qw(http https)),
        (map { ['X-Forwarded-Port' => $_] } qw(80 443 4443 8080)),
        (map { ['X-Forwarded-Scheme' => $_] } qw(http https nothttps)),
        ['Front-End-Https' => 'on'], ['X-Remote-User' => 'alice'],
        ['Remote-User' => 'alice'], [REMOTE_USER => 'alice'],
        ['X-Auth-User' => 'alice']);
}

# --- A55: forms of the target and the Host -----------------------------------------

my $name = at('paths');
my @forms = (
    ['GET http://other/keep/secret.txt HTTP/1.1', "Host: $name", 401],
    ["GET http://$name/keep/secret.txt HTTP/1.1", "Host: $name", 401],
    ["GET http://$name/keep/secret.txt HTTP/1.1", 'Host: other', 401],
    ["GET HTTP://$name//keep/secret.txt HTTP/1.1", "Host: $name", 401],
    ["GET http://u:p\@$name/keep/secret.txt HTTP/1.1", "Host: $name", '40[01]'],
    ["GET https://$name/keep/secret.txt HTTP/1.1", "Host: $name", 401],
    ["GET $name HTTP/1.1", "Host: $name", '40[04]'],
    ["GET $name/keep/secret.txt HTTP/1.1", "Host: $name", '40[04]'],
    ['GET * HTTP/1.1', "Host: $name", '40[0145]'],
    ['GET keep/secret.txt HTTP/1.1', "Host: $name", 400],
    ['GET /keep/secret.txt HTTP/1.1', "Host: $name\r\nHost: $name", 400],
    ['GET /keep/secret.txt HTTP/1.1', "Host: $name\r\nHost: other", 400],
    ['GET /keep/secret.txt HTTP/1.1', 'Host: ', '40[01]'],
    ['GET /keep/secret.txt HTTP/1.1', 'X: y', 400],
    ['GET /keep/secret.txt HTTP/1.0', 'X: y', 401],
    ['GET /keep/secret.txt', 'X: y', '0|40[01]'], # HTTP/0.9 has no status
    ['GET /keep/secret.txt HTTP/1.1', 'Host: a/keep', '40[01]'],
    ['GET /keep/secret.txt HTTP/1.1', "Host : $name", 400],
    ['GET  /keep/secret.txt HTTP/1.1', "Host: $name", 400],
    ["GET\t/keep/secret.txt HTTP/1.1", "Host: $name", 400],
    [' GET /keep/secret.txt HTTP/1.1', "Host: $name", 400],
    ['GET /keep/secret.txt HTTP/1.1 x', "Host: $name", 400],
    ['GET /keep/secret.txt HTTP/2.0', "Host: $name", '[45]0[015]'],
    ['GET /keep/secret.txt HTTP/9.9', "Host: $name", '[45]0[015]'],
    ['OPTIONS http://other/keep/secret.txt HTTP/1.1', "Host: $name", 401],
);
for (@forms) {
    my ($line, $headers, $status) = @$_;
    my $response = send_raw("$line\r\n$headers\r\nConnection: close\r\n\r\n");
    like $response->{status}, qr/^(?:$status)$/, "A55 $line, $headers";
    unlike $response->{body}, qr/the kept secret/, 'A55 and no secret';
}
my $star = send_raw("OPTIONS * HTTP/1.1\r\nHost: $name\r\nConnection: close\r\n\r\n");
check_status($star, 200, 'A55 OPTIONS * is httpd\'s own');
is $star->{body}, '', 'A55 and says nothing';

# --- A56: other ways to the same file -----------------------------------------------

for (@kept) {
    my ($host, $title) = @$_;
    at($host);
    for my $path (qw(/by-alias/secret.txt /by-match/secret.txt /by-rewrite
        /by-rewrite-pt /open/ /indexed/ /nego/doc.txt
        /keep-script /keep-script/secret.txt /keep-script/../keep-script
        /vault/secret.txt/path/info /keep/secret.txt/path/info))
    {
        check_denial(ask('GET', $path), 401, qr/^Bearer realm="API"$/,
            "A56 $host: $path");
        check_denial(ask('HEAD', $path), 401, qr/^Bearer realm="API"$/,
            "A56 $host: HEAD $path");
    }
    # mod_negotiation asks for each variant, and has none that it may give
    check_status(ask('GET', '/nego/doc'), 404, "A56 $host: /nego/doc");
    check_status(ask('GET', '/keep%3fx'), 404, "A56 $host: %3f is no query");
}

# --- corpora -----------------------------------------------------------------------

for my $list (qw(paths/traversal_exotic_fuzzdb patt/deep_traversal
    patt/directory_traversal patt/dotdotpwn
    patt/traversals-8-deep-exotic-encoding))
{
    my $cases = corpus("$list.json");
    SKIP: {
        skip "no corpus $list", 4 unless $cases;
        my @paths = map { s/\{FILE\}/vault\/secret.txt/r } @{ $cases->{cases} };
        at('paths_walled');
        all_kept("corpus $list, everything walled in", 1,
            map { raw($_) } map { $_, "/open/$_" } @paths);
        for my $host (qw(paths paths_on paths_nodecode)) {
            at($host);
            all_kept("corpus $list, $host", 0,
                map { raw($_) } map { m{^/} ? $_ : "/$_" } @paths);
        }
    }
}
finish();
