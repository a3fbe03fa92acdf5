# SPDX-License-Identifier: Apache-2.0
# APIOperation: what an operation demands is demanded, whatever the spelling of
# a request and whichever way it comes; and other requests keep the policy of
# their section.
use strict;
use warnings;
use File::Path qw(make_path);
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(time);
use FastAuthTest;
use FastAuthTest::Second;

my $secret = secret('hs256');
my $NONE = qr/^Bearer realm="API"$/;
my @BOTH = ($NONE, qr/^ApiKey /);
sub scope
{
    return qr/^Bearer realm="API", error="insufficient_scope", scope="$_[0]"$/;
}

my %minted;
sub bearer
{
    my (%claims) = @_;
    my $key = encode_json(\%claims);
    $minted{$key} //= 'Bearer ' . mint('HS256', $secret, claims(%claims));
    return [Authorization => $minted{$key}];
}

# Scopes, and roles behind a bar: 'read write|admin'
sub caller_of
{
    my ($scopes, $roles) = split /\|/, $_[0], 2;
    return bearer(length $scopes ? (scope => $scopes) : (),
        length($roles // '') ? (roles => $roles) : ());
}

# A request of a caller is answered so: 200; a text: the scopes of the
# challenge to a 403; undef: a 403 without one
sub answered
{
    my ($method, $path, $who, $answer, $name) = @_;
    my $response = ask($method, $path, caller_of($who),
        $method =~ /^(?:POST|PUT|PATCH)$/ ? 'x' : undef);
    $name //= '';
    $name = substr "$method $path '$who' $name", 0, 120;
    return check_allowed($response, 'alice', "$name is let in")
        if defined $answer && $answer eq '200';
    return check_denial($response, 403, defined $answer ? scope($answer) : undef,
        "$name is not");
}

# --- method and path -------------------------------------------------------------------

at('operations');
for (
    ['GET', '/api/users/7', '', 'users:read'],
    ['GET', '/api/users/7', 'users:write', 'users:read'],
    ['GET', '/api/users/7', 'users:read', 200],
    ['HEAD', '/api/users/7', '', 'users:read'],
    ['HEAD', '/api/users/7', 'users:read', 200],
    ['PUT', '/api/users/7', '', 'users:write users:read'],
    ['PUT', '/api/users/7', 'users:read', 'users:write users:read'],
    ['PUT', '/api/users/7', 'users:read users:write', 200],
    ['PATCH', '/api/users/7', 'users:write', 'users:write users:read'],
    ['PATCH', '/api/users/7', 'users:read users:write', 200],
    ['DELETE', '/api/users/7', 'users:read users:write', undef],
    ['DELETE', '/api/users/7', '|editor', undef],
    ['DELETE', '/api/users/7', '|owner', 200],
    ['DELETE', '/api/users/7', '|admin', 200],
    ['POST', '/api/users', '|editor', 'users:write'],
    ['POST', '/api/users', 'users:write', undef],
    ['POST', '/api/users', 'users:write|editor', 200],

    # no operation: the policy of the section
    ['GET', '/api', '', 200],
    ['GET', '/api/', '', 200],
    ['GET', '/api/users', '', 200],
    ['GET', '/api/users/', '', 200],
    ['POST', '/api/users/7', '', 200],
    ['DELETE', '/api/users', '', 200],
    ['GET', '/api/users/7/extra', '', 200],
    ['GET', '/api/other/7', '', 200],
    ['GET', '/api/xusers/7', '', 200],
    ['GET', '/api/usersx/7', '', 200],
    ['OPTIONS', '/api/users/7', '', 200],
    ['PROPFIND', '/api/users/7', '', 200],
    ['FOO', '/api/users/7', '', 200],
    ['get', '/api/users/7', '', 200],

    # a literal before a parameter, for each method by itself
    ['GET', '/api/users/me', '', 200],
    ['HEAD', '/api/users/me', '', 200],
    ['PUT', '/api/users/me', 'users:read users:write', undef],
    ['PUT', '/api/users/me', '|self', 200],
    ['PATCH', '/api/users/me', '|self', 'users:write users:read'],
    ['DELETE', '/api/users/me', '|self', undef],
    ['DELETE', '/api/users/me', '|owner', 200],
    # which of them ME is only the backend knows: both
    ['GET', '/api/users/ME', '', 'users:read'],
    ['GET', '/api/users/Me', 'users:read', 200],
    ['PUT', '/api/users/mE', '|self', 'users:write users:read'],
    ['PUT', '/api/users/mE', 'users:read users:write', undef],
    ['PUT', '/api/users/mE', 'users:read users:write|self', 200],
    ['GET', '/api/users/mee', '', 'users:read'],
    # from the left
    ['GET', '/api/a/b/c', 'ybc', 'axc'],
    ['GET', '/api/a/b/c', 'axc', 200],
    ['GET', '/api/x/b/c', 'axc', 'ybc'],
    ['GET', '/api/a/x/c', 'ybc', 'axc'],
    ['GET', '/api/A/b/c', 'axc', 'ybc'],
    ['GET', '/api/A/b/c', 'ybc', 'axc'],
) {
    answered(@$_);
}
check_denial(ask($_, '/api/users/7', [], /^P/ ? 'x' : undef), 401, [@BOTH],
    "$_ /api/users/7 without a token")
    for qw(GET HEAD PUT DELETE POST OPTIONS FOO);
check_denial(ask('GET', '/api/users/me'), 401, [@BOTH],
    'an operation that demands nothing keeps the scheme');
check_denial(ask('GET', '/api/users/7', [Authorization => 'Bearer x']), 401,
    [qr/error="invalid_token"$/, qr/^ApiKey /], 'a bad token is 401');
check_denial(ask('GET', '/api/users/7', ['X-API-Key' => api_key('lee')]), 403,
    undef, 'no Bearer challenge to a caller with an API key');
is(problem(ask('GET', '/api/users/7', bearer()))->{error}, 'insufficient_scope',
    'the body says it too');
{
    my @lines = split /\n/, slurp(top() . '/conf/extra/70-operations.conf');
    my ($line) = grep { $lines[$_ - 1] =~ /GET .*scope=users:read/ } 1 .. @lines;
    my ($role) = grep { $lines[$_ - 1] =~ /role=admin,owner/ } 1 .. @lines;
    like join(' ', @{ ask('GET', '/api/users/7', bearer())->{log} }),
        qr{refused 403 scope-missing: /api/users/7, APIOperation scope users:read \(\S+/70-operations\.conf:$line\)},
        'the log names the directive, what it demands and its place';
    like join(' ', @{ ask('DELETE', '/api/users/7', bearer())->{log} }),
        qr{refused 403 role-missing: /api/users/7, APIOperation role admin owner \(\S+/70-operations\.conf:$role\)},
        'and so for a role';
}

# --- spellings ----------------------------------------------------------------------------

# What httpd takes for a path of the section demands what the operation does
my @spelled = qw(
    /api/users/7/ /api/users//7 /api//users/7 //api/users/7 /api/users/7//
    ///api///users///7/// /api/USERS/7 /api/Users/7 /api/uSERs/7/
    /api/%75sers/7 /api/%75%73%65%72%73/7 /api/%55sers/7 /%61pi/users/7
    /api/users/%37 /api/users%2f7 /api%2fusers%2F7 /api/%2fusers/7
    /api/./users/7 /api/users/./7 /api/users/7/. /api/x/../users/7
    /api/users/x/../7 /x/../api/users/7 /api/users/8/../7/ /api/%2e/users/7
    /api/x/%2e%2e/users/7 /api/users/7? /api/users/7?a=/b /api/users/7?/extra
    /api/users/7#x /api/users/~ /api/users/a%20b /api/users/%20 /api/users/...
    /api/users/a:b /api/users/a@b /api/users/a,b /api/users/a;b /api/users/;
    /api/users/a%3fb /api/users/a%23b /api/users/%7bid%7d /api/users/{id}
    /api/users/%c3%a4 /api/users/%ff /api/users/%c0%af /api/users/a%5cb
    /api/users/* /api/users/7%0a /api/users/%0d%0a /api/users/a%25b
);
# 404 comes of httpd itself
sub demands
{
    my ($host, $scope, @paths) = @_;
    for my $path (@paths) {
        my $response = ask('GET', $path, bearer());
        my $why = $response->{status} == 403
            ? (header($response, 'WWW-Authenticate') // '') =~ scope($scope)
            : $response->{status} =~ /^40[04]$/
            && !grep { /handler runs/ } @{ $response->{log} };
        ok $why, "$host: $path demands $scope"
            or diag($response->{raw}, "@{ $response->{log} }");
    }
    return;
}
demands('operations', 'users:read', @spelled);
check_allowed(ask('GET', $_, bearer(scope => 'users:read')), 'alice',
    "$_ with the scope")
    for '/api/users//7/', '/api/USERS/7', '/api/%75sers/7', '/api/x/../users/7';
demands('operations', 'reports', map { "/api/$_" } qw(Reports/Yearly
    Reports/Yearly/ reports/yearly REPORTS//YEARLY/ reports/%59early));
answered('GET', '/api/reports', '', 200, 'is none of it');

at('operations_slashes');
demands('MergeSlashes Off', 'users:read', @spelled);
demands('MergeSlashes Off', 'root', '/api', '/api/', '//api', '/api//',
    '//api//', '/api/./', '/api/x/..');
check_allowed(ask('GET', '//api//users//7//', bearer(scope => 'users:read')),
    'alice', 'MergeSlashes Off: //api//users//7// with the scope');
check_denial(ask('GET', '//api//users/7'), 401, $NONE,
    'MergeSlashes Off: and a token');

# --- operations of every path ---------------------------------------------------------------

at('operations');
for (
    ['GET', '/every/users/7', '', 'base'],
    ['GET', '/every/users/7', 'base', 200],
    ['DELETE', '/every', 'base', 'delete'],
    ['DELETE', '/every/x/y/z', 'base', 'delete'],
    ['DELETE', '/every/x/y/z', 'delete', 'base'],
    ['DELETE', '/every/x/y/z', 'base delete', 200],
    ['DELETE', '/every/users/7', 'base delete', undef],
    ['DELETE', '/every/users/7', 'base|admin', 'delete'],
    ['DELETE', '/every/users/7', 'base delete|admin', 200],
    ['DELETE', '/every/USERS//7/', 'base delete', undef],
    ['POST', '/every/x', 'base', 'post'],
    ['OPTIONS', '/every/x', 'base', 'post'],
    ['OPTIONS', '/every/x', 'base post', 200],
    ['PROPFIND', '/every/x', 'base', 200],
    ['FOO', '/every/users/7', 'base', 200],
    ['delete', '/every/users/7', 'base', 200],
    ['FOO', '/every/users/7', '', 'base'],
) {
    answered(@$_);
}

# --- sections below, patterns, and what else stands beside -------------------------------------

for (
    ['GET', '/nest/admin/7', '|admin', 'read'],
    ['GET', '/nest/admin/7', 'read', undef],
    ['GET', '/nest/admin/7', 'read|admin', 200],
    ['GET', '/nest/admin', '', undef],
    ['GET', '/nest/deep/7', 'up', 'down'],
    ['GET', '/nest/deep/7', 'down', 'up'],
    ['GET', '/nest/deep/7', 'up down', 200],
    ['GET', '/nest/deep', '', 200],
    ['GET', '/nest/scopeless/7', '', undef],
    ['GET', '/nest/scopeless/7', '|editor', 200],
    ['GET', '/nest/scopeless/more/7', '', 'more'],
    ['GET', '/nest/scopeless/more/7', 'more', 200],
    ['GET', '/match/7', '', 'match'],
    ['GET', '/match/7', 'match', 200],
    ['GET', '/match/7/and/more', '', 'match'],
    ['HEAD', '/match/7/', '', 'match'],
    ['POST', '/match/7', '', 200],
    ['GET', '/stock/users/7', '', 'read'],
    ['GET', '/stock/users/7', 'read', 200],
    ['GET', '/stock/users', '', 200],
    ['GET', '/stock-granted/users/7', '', 'read'],
    ['GET', '/stock-granted/users/7', 'read', 200],
    ['GET', '/optional/users/7', '', 'read'],
    ['GET', '/optional/users/7', 'read', 200],
) {
    answered(@$_);
}
check_allowed(ask('GET', '/nest/open/7'), undef,
    'AuthScheme none below drops what operations demand of an identity');
check_status(ask('GET', '/match/x'), 200, 'a path that no pattern matches');
check_denial(ask('GET', $_), 401, $NONE, "$_ without a token")
    for '/stock-granted/users/7', '/stock/users/7', '/match/7',
    '/nest/admin/7', '/nest/scopeless/7';
check_status(ask('GET', '/stock/users/7', bearer(sub => 'bob',
    scope => 'read')), 403, 'Require user beside it holds');

check_denial(ask('GET', '/optional/users/7'), 401, $NONE,
    'optional: an operation that demands something is not');
check_allowed(ask('GET', '/optional/users'), undef,
    'optional: where none does it is');
check_denial(ask('GET', '/optional/users/7', [Authorization => 'Bearer x']),
    401, qr/invalid_token/, 'optional: a bad token is 401');

check_allowed(ask('GET', '/trial/users/7', bearer()), 'alice',
    'AuthReportOnly refuses nothing', lines => 1);
check_allowed(ask('GET', '/trial/users/7', bearer(scope => 'read')), 'alice',
    'AuthReportOnly, and nothing to report');
like join(' ', @{ ask('GET', '/trial/users/7', bearer())->{log} }),
    qr/would .*403 scope-missing: \/trial\/users\/7, APIOperation scope read/,
    'AuthReportOnly says what it would';

for my $headers ([], bearer(), bearer(scope => 'read')) {
    my $response = ask('GET', '/satisfy/users/7', $headers);
    is $response->{status}, 500, 'Satisfy Any opens no operation';
    ok scalar(grep { /Satisfy Any would let everybody/ }
        @{ $response->{log} }), 'and the log says why';
}

# --- a CGI with PATH_INFO -----------------------------------------------------------------------

at('operations');
for (
    ['GET', '/script/users/7', '', 'read'],
    ['GET', '/script/users//7/', '', 'read'],
    ['GET', '/script/users/7', 'read', 200],
    ['GET', '/script/users/7/extra', '', 200],
    ['GET', '/script/x/users/7', '', 200],
) {
    answered(@$_);
}

# --- long paths ------------------------------------------------------------------------------------

my @long = (
    ['a segment of 60,000 letters', '/long/' . 'x' x 60_000, 'one'],
    ['one of 20,000 escapes', '/long/' . '%61' x 20_000, 'one'],
    ['10,000 segments', '/long' . '/a' x 10_000, undef],
    ['20,000 empty ones', '/long' . '/' x 20_000 . 'b', 'one'],
    ['20,000 in the middle', '/long/a' . '/' x 20_000 . 'a', 'two'],
    ['20,000 of dots', '/long' . '/.' x 20_000 . '/b', 'one'],
    ['10,000 and back', '/long' . '/aa/..' x 8_000 . '/b', 'one'],
);
for my $host ('operations') {
    at($host);
    for (@long) {
        my ($name, $path, $scope) = @$_;
        my $started  = time;
        my $response = ask('GET', $path, bearer());
        cmp_ok time - $started, '<', 5, "$name: at once";
        if (defined $scope && $response->{status} !~ /^4(?:00|14)$/) {
            check_denial($response, 403, scope($scope), "$name demand $scope");
        }
        else {
            unlike $response->{status}, qr/^(?:0|5\d\d)$/, "$name are answered";
        }
    }
}
at('operations_slashes');
for my $path ('/api' . '/' x 20_000 . 'users' . '/' x 20_000 . '7',
    '/' x 20_000 . 'api/users/7', '/api/users/7' . '/' x 50_000)
{
    my $started = time;
    check_denial(ask('GET', $path, bearer()), 403, scope('users:read'),
        'MergeSlashes Off: thousands of slashes');
    cmp_ok time - $started, '<', 5, 'at once';
}

# --- through mod_proxy -------------------------------------------------------------------------------

at('operations_proxy');
my $alice  = bearer();
my $reader = bearer(scope => 'read');
my $came = qr/^REQUEST_URI=/m;
for my $way ('/api', '/raw') {
    for my $path ('/users/7', '/users/7/', '/users//7', '//users/7', '/USERS/7',
        '/%75sers/7', '/users/a%20b', '/users/7?x=%2f',
        # where the backend gets them as they come, they are ambiguous
        $way eq '/raw' ? () : ('/./users/7', '/x/../users/7'))
    {
        my $response = ask('GET', "$way$path", $alice);
        check_denial($response, 403, scope('read'), "proxied: $way$path");
        my $good = ask('GET', "$way$path", $reader);
        like $good->{body}, $came, "proxied: $way$path with the scope";
        check_denial(ask('GET', "$way$path"), 401, $NONE,
            "proxied: $way$path without a token");
    }
    for my $path ('/users%2f7', '/users;x/7', '/users/7;x', '/%2fusers/7',
        '/users%5c7', '/users\\7', '/x%2f..%2fusers/7', '/users%2F7',
        '/%252e/users/7')
    {
        check_denial(ask('GET', "$way$path", $_), 400, undef,
            "proxied: $way$path is ambiguous") for [], $alice, $reader;
    }
    for my $path ('/users', '/users/7/extra', '/other') {
        my $response = ask('GET', "$way$path");
        is $response->{status}, 200, "proxied: $way$path is no operation";
        like $response->{body}, $came, 'and arrives';
    }
}

# --- a second httpd ----------------------------------------------------------------------

# mod_lua and mod_log_debug have access checks that httpd must run for every
# redirect, and then it runs all; without them it skips those of a request that
# keeps its configuration
my $dir = top() . '/operations';
second_dir($dir);
make_path($dir);
my $httpd   = Apache::Test::vars('httpd');
my $modules = join "\n", grep { !/_module .*(?:mod_lua|mod_log_debug)\.so/ }
    split /\n/, slurp(top() . '/../base.conf');
my @ports = map { $_->sockport }
    map { IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) } 1 .. 2;
my $root = Apache::Test::vars('documentroot') . '/operations';
my $section = '<Location "/x">';
spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel info
Mutex default:$dir
$modules
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
Listen 127.0.0.1:$ports[0]
Listen 127.0.0.1:$ports[1]
<IfModule mod_cgid.c>
    ScriptSock "$dir/cgisock"
</IfModule>
TypesConfig /dev/null
StartServers 1
AuthTokenKey HS256 file:${\keys_dir()}/hs256.secret
DocumentRoot "$root"
AddType text/html .shtml
AddType text/plain .txt
AddOutputFilter INCLUDES .shtml
AddHandler cgi-script .cgi
AddHandler type-map .var
<Directory "$root">
    Options +Includes +Indexes +ExecCGI +FollowSymLinks +MultiViews
</Directory>
<Directory "$root/in/index">
    DirectoryIndex kept.txt
</Directory>
<Directory "$root/in/index-far">
    DirectoryIndex /in/kept.txt
</Directory>
<Directory "$root/in/index-post">
    DirectoryIndex kept.cgi
</Directory>
<Directory "$root/in/fallback">
    FallbackResource /in/kept.txt
</Directory>
<Directory "$root/in/error">
    ErrorDocument 404 /in/kept.txt
</Directory>
<Directory "$root/in/refused">
    ErrorDocument 403 /in/kept.txt
</Directory>
<Directory "$root/in/rewritten">
    RewriteEngine On
    RewriteRule "^here\$" "/in/kept.txt"
    RewriteRule "^beside\$" "kept.txt"
</Directory>
RewriteEngine On
RewriteRule "^/in/passed-through\$" "/in/kept.txt" [PT]
Action operations-action "/in/kept.cgi" virtual
AddHandler operations-action .act
<Location "/in">
    AuthScheme bearer-jwt
    APIOperation GET /kept.txt scope=read
    APIOperation GET /index/kept.txt scope=read
    APIOperation POST /index-post/kept.cgi scope=read
    APIOperation GET /rewritten/kept.txt scope=read
    APIOperation GET /nego/kept.txt scope=read
    APIOperation GET /map/kept.txt scope=read
    APIOperation GET /listed/kept.txt scope=read
    APIOperation GET /kept.cgi/in/{script} scope=read
    APIOperation GET /refused/{file} scope=read
    APIOperation GET /hop.cgi
    APIOperation GET /get.cgi scope=read
</Location>

AliasMatch "^/own/alice\$" "$root/in/hop.cgi"
AliasMatch "^/own/bob\$" "$root/in/kept.txt"
<LocationMatch "^/own/(?<user>[^/]+)\$">
    AuthScheme bearer-jwt
    RequireOwner path:user
</LocationMatch>

# a virtual host's section comes on top of the main server's
$section
    AuthScheme bearer-jwt
    APIOperation GET /users/{id} scope=main
    APIOperation POST scope=main
</Location>
AliasMatch "^/x" "$root/in/open.txt"
<VirtualHost 127.0.0.1:$ports[1]>
    AliasMatch "^/x" "$root/in/open.txt"
    $section
        APIOperation GET /users/{id} scope=host
        APIOperation GET /there scope=host
    </Location>
</VirtualHost>
END
END {
    my $status = $?;
    my $pid = pid();
    if ($pid && kill 'TERM', $pid) {
        wait_for(sub { !kill 0, $pid });
    }
    $? = $status;
}

sub ask_second
{
    my ($which, $method, $path, $headers, $body) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ports[$which]",
        Timeout => 10) or die "no second httpd: $@\n";
    my ($name, $value) = @$headers;
    print {$socket} "$method $path HTTP/1.0\r\n",
        $name ? "$name: $value\r\n" : '',
        defined $body ? "Content-Length: 0\r\n" : '', "\r\n";
    local $/ = undef;
    return FastAuthTest::_parse(readline($socket) // '');
}

make_path(map { "$root/in/$_" } qw(index index-far index-post fallback error
    refused rewritten nego map listed));
my $BODY = 'what is kept';
spill("$root/in/$_", "$BODY\n") for 'kept.txt', map { "$_/kept.txt" }
    qw(index rewritten nego map listed);
spill("$root/in/refused/file.txt", "refused\n");
spill("$root/in/open.txt", "open\n");
spill("$root/in/listed/open.txt", "open\n");
spill("$root/in/map/kept.var",
    "URI: kept.txt\nContent-Type: text/plain\nContent-Language: en\n");
spill("$root/in/$_->[0].shtml", "before [<!--#include $_->[1] -->] after\n")
    for ['virtual', 'virtual="/in/kept.txt"'], ['near', 'virtual="kept.txt"'],
    ['file', 'file="kept.txt"'], ['dots', 'virtual="/in/./x/../kept.txt"'],
    ['case', 'virtual="/in/listed/KEPT"'],
    ['nego', 'virtual="/in/nego/kept"'], ['hop', 'virtual="hop.cgi?/in/kept.txt"'];
spill("$root/in/x.act", "an action\n");
for (['hop.cgi', 'printf "Location: %s\r\n\r\n" "$QUERY_STRING"'],
    # a POST asks for itself by GET
    ['get.cgi', '[ "$REQUEST_METHOD" = GET ] || '
            . '{ printf "Location: /in/get.cgi\r\n\r\n"; exit; }'
            . "\nprintf 'Content-Type: text/plain\\r\\n\\r\\n$BODY\\n'"],
    ['kept.cgi', "printf 'Content-Type: text/plain\\r\\n\\r\\n$BODY\\n'"],
    ['index-post/kept.cgi',
        "printf 'Content-Type: text/plain\\r\\n\\r\\n$BODY\\n'"])
{
    spill("$root/in/$_->[0]", "#!/bin/sh\n$_->[1]\n");
    chmod 0755, "$root/in/$_->[0]";
}

is system($httpd, '-f', "$dir/httpd.conf", '-k', 'start'), 0,
    'a second httpd starts';
ok wait_for(sub { generations() == 1 }), 'and is up' or diag(said());

# --- from one operation to another of the same section -------------------------------------

for (
    ['GET', '/in/kept.txt', 403],
    ['GET', '/in/hop.cgi?/in/kept.txt', 403],
    ['POST', '/in/hop.cgi?/in/kept.txt', 403],
    ['GET', '/in/hop.cgi?/in/hop.cgi?/in/kept.txt', 403],
    ['GET', '/in/hop.cgi?/in//x/../kept.txt', 403],
    ['GET', '/in/index/', 403],
    ['GET', '/in/index-far/', 403],
    ['GET', '/in/fallback/missing', 403],
    ['GET', '/in/error/missing', 404],
    ['GET', '/in/rewritten/here', 403],
    ['GET', '/in/rewritten/beside', 403],
    ['GET', '/in/passed-through', 403],
    ['GET', '/in/nego/kept', 404],
    ['GET', '/in/map/kept.var', 403],
    ['GET', '/in/virtual.shtml', 200],
    ['GET', '/in/near.shtml', 200],
    ['GET', '/in/file.shtml', 200],
    ['GET', '/in/dots.shtml', 200],
    ['GET', '/in/nego.shtml', 200],
    ['GET', '/in/hop.shtml', 200],
    ['POST', '/in/virtual.shtml', 200],
    ['GET', '/in/get.cgi', 403],
    ['POST', '/in/get.cgi', 403],
    ['GET', '/in/x.act', 403],
    ['POST', '/in/index-post/', 403],
    ['HEAD', '/in/index/', 403],
) {
    my ($method, $path, $status) = @$_;
    my @body = $method eq 'POST' ? '' : ();
    my $name = "$method $path";
    my $response = ask_second(0, $method, $path, $alice, @body);
    is $response->{status}, $status, "$name without the scope"
        or diag($response->{raw});
    unlike $response->{body}, qr/$BODY/, "$name: nothing of what is kept";
    is scalar headers($response, 'WWW-Authenticate'), $status == 403 ? 1 : 0,
        "$name: challenges" or diag($response->{raw}) if $status < 404;
    $response = ask_second(0, $method, $path, $reader, @body);
    is $response->{status}, $path =~ /error/ ? 404 : 200, "$name with it"
        or diag($response->{raw});
    like $response->{body}, qr/$BODY/, "$name: and that is it"
        unless $method eq 'HEAD';
    my $none = ask_second(0, $method, $path, [], @body);
    is $none->{status}, 401, "$name without a token";
    unlike $none->{body}, qr/$BODY/, "$name: nothing for nobody";
}
{
    my $refused = ask_second(0, 'GET', '/in/refused/file.txt', $alice);
    is $refused->{status}, 403, 'an error page that is refused itself';
    unlike $refused->{body}, qr/$BODY/, 'shows nothing';
    my $list = ask_second(0, 'GET', '/in/listed/', $alice);
    like $list->{body}, qr/open\.txt/, 'mod_autoindex lists what is open';
    unlike $list->{body}, qr/kept\.txt/, 'and nothing that is kept';
    like ask_second(0, 'GET', '/in/listed/', $reader)->{body}, qr/kept\.txt/,
        'and lists it to who may read it';
    my $get = ask_second(0, 'GET', '/in/index-post/', $alice);
    is $get->{status}, 200, 'what only POST demands GET does not';
}

# S32: from one owner to another, of the same section
for (
    ['/own/alice?/own/bob', $alice, 403], ['/own/bob', $alice, 403],
    ['/own/bob', bearer(sub => 'bob'), 200],
) {
    my ($path, $caller, $status) = @$_;
    my $response = ask_second(0, 'GET', $path, $caller);
    is $response->{status}, $status, "S32 RequireOwner: $path is $status"
        or diag($response->{raw});
    unlike $response->{body}, qr/$BODY/, "S32 $path: nothing of what is kept"
        if $status != 200;
}

# --- the main server's section and a virtual host's ----------------------------------------------

for (
    [0, 'GET', '/x/users/7', '', 403], [0, 'GET', '/x/users/7', 'main', 200],
    [0, 'GET', '/x/there', '', 200], [0, 'POST', '/x/there', '', 403],
    [1, 'GET', '/x/users/7', 'main', 403], [1, 'GET', '/x/users/7', 'host', 403],
    [1, 'GET', '/x/users/7', 'main host', 200], [1, 'GET', '/x/there', '', 403],
    [1, 'GET', '/x/there', 'host', 200], [1, 'GET', '/x/other', '', 200],
    [1, 'POST', '/x/other', 'host', 403],
) {
    my ($which, $method, $path, $scopes, $status) = @$_;
    is ask_second($which, $method, $path, caller_of($scopes))->{status}, $status,
        ($which ? 'virtual host' : 'main server')
        . ": $method $path '$scopes' is $status";
}
finish();
