# SPDX-License-Identifier: Apache-2.0
# Whose a resource is, by its path or by a real database: SQLite and PostgreSQL,
# which this test makes, starts, stops and starts again. S31 S32 A98.
use strict;
use warnings;
use File::Path qw(make_path);
use IO::Select ();
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(sleep);
use FastAuthTest;
use FastAuthTest::Second;

my $libexec = slurp(top() . '/../base.conf') =~ m{^LoadModule authz_core_module (.*)/}m
    ? $1 : '';
my ($sqlite) = grep { -x } map { "$_/sqlite3" } split /:/, $ENV{PATH} // '';
plan skip_all => 'there is no mod_dbd' if !-f "$libexec/mod_dbd.so";
plan skip_all => 'there is no sqlite3; ./bootstrap check installs it' if !$sqlite;

# nothing here takes minutes, unless an answer never comes
$SIG{ALRM} = sub { die "no answer\n" };
alarm 300;

my $secret = secret('hs256');
sub bearer
{
    return [Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_))];
}
my $alice = bearer();
my $bob   = bearer(sub => 'bob');
my $admin = bearer(sub => 'root', roles => 'admin');
my $NONE  = qr/^Bearer realm="Posts"$/;

my $dir = second_dir(top() . '/owner');
make_path($dir);

# --- a table of posts, twice --------------------------------------------------------

# 1 and 10 are alice's, 11 is bob's, 12 nobody's
my $TABLE = <<'END';
CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, text TEXT);
INSERT INTO posts VALUES (1, 'alice', 'a'), (10, 'alice', 'b'),
    (11, 'bob', 'c'), (12, NULL, 'd'), (13, '', 'e'), (14, 'Alice', 'f'),
    (15, 'alice ', 'g');
CREATE TABLE comments (post INTEGER, id INTEGER, author TEXT);
INSERT INTO comments VALUES (1, 7, 'bob'), (7, 1, 'alice');
END
my $DUMP = 'SELECT * FROM posts ORDER BY id; SELECT * FROM comments ORDER BY id;';

# What a program says, its input given
sub say_to
{
    my ($input, @command) = @_;
    spill("$dir/input", $input);
    my $pid = open my $from, '-|' or do {
        open STDIN, '<', "$dir/input" or die "input: $!\n";
        open STDERR, '>&', \*STDOUT or die "stderr: $!\n";
        exec @command or die "$command[0]: $!\n";
    };
    local $/ = undef;
    my $said = <$from> // '';
    close $from or diag("@command: $said");
    return $said;
}

sub sqlite { return say_to($_[0], $sqlite, "$dir/posts.db") }
sqlite($TABLE);

# PostgreSQL, as whoever runs this test, on a socket in the tree
my ($bin) = sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] }
    glob '/usr/lib/postgresql/*/bin';
my $data = "$dir/pgdata";
sub pg_ctl
{
    my (@words) = @_;
    return say_to('', "$bin/pg_ctl", '-D', $data, '-w', '-t', '60',
        '-l', "$dir/pg.log", @words);
}
sub psql
{
    return say_to($_[0], "$bin/psql", '-X', '-q', '-A', '-t', '-h', $dir, '-U', 'tester',
        'postgres');
}
my $no_pgsql = !$bin || !-x "$bin/initdb" ? 'there is no PostgreSQL'
    : length "$dir/.s.PGSQL.5432" > 100 ? "$dir is too long for a socket" : '';

my @modules = grep { !/_module .*(?:mod_lua|mod_log_debug)\.so/ }
    split /\n/, slurp(top() . '/../base.conf');
push @modules, "LoadModule dbd_module $libexec/mod_dbd.so";
spill("$dir/try.conf", join("\n", @modules, "ServerRoot \"$dir\"",
    'ErrorLog try_log', 'ServerName localhost', 'Listen 127.0.0.1:1',
    'DBDriver pgsql', ''));
my $httpd = Apache::Test::vars('httpd');
$no_pgsql ||= 'there is no PostgreSQL driver of apr_dbd'
    if say_to('', 'sh', '-c', "'$httpd' -t -f '$dir/try.conf' || :") !~ /Syntax OK/;

if (!$no_pgsql) {
    local $ENV{LC_ALL} = 'C.UTF-8';
    my $said = say_to('', "$bin/initdb", '-D', $data, '-A', 'trust', '-U',
        'tester', '-E', 'UTF8', '--no-sync');
    open my $conf, '>>', "$data/postgresql.conf" or die "$data: $!\n";
    print {$conf} "listen_addresses = ''\nunix_socket_directories = '$dir'\n"
        . "fsync = off\nmax_connections = 60\nshared_buffers = 16MB\n";
    close $conf;
    pg_ctl('start');
    psql($TABLE);
}

# --- httpd -----------------------------------------------------------------------------

my @ports = map { $_->sockport }
    map { IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) } 1 .. 6;
my ($SQLITE, $PGSQL, $DOWN, $MORE, $NO_DBD, $HELD) = 0 .. 5;
my $root = Apache::Test::vars('documentroot') . '/owner';
make_path($root);
spill("$root/file.txt", "a file\n");
# what is asked for in a query is where it redirects to
spill("$root/tell.cgi", <<'END');
#!/bin/sh
case $QUERY_STRING in /*) printf 'Location: %s\r\n\r\n' "$QUERY_STRING"; exit ;; esac
printf 'Content-Type: text/plain\r\n\r\n'
env
END
chmod 0755, "$root/tell.cgi";

my $one = 'SELECT author FROM posts WHERE CAST(id AS TEXT) = %s';
my $sections = <<'END';
<LocationMatch "^/posts/(?<post>[^/]+)$">
    RequireOwner query:post_author bypass=admin
</LocationMatch>
<LocationMatch "^/hidden/(?<post>[^/]+)$">
    RequireOwner query:post_author hide bypass=admin
</LocationMatch>
<LocationMatch "(?s)^/bulk/(?<post>.+)$">
    RequireOwner query:post_author
</LocationMatch>
<LocationMatch "^/comments/(?<post>[^/]+)/(?<comment>[^/]+)$">
    RequireOwner query:comment_author
</LocationMatch>
<LocationMatch "^/fails/(?<post>[^/]+)$">
    RequireOwner query:fails
</LocationMatch>
<LocationMatch "^/unknown/(?<post>[^/]+)$">
    RequireOwner query:no_such_label
</LocationMatch>
<LocationMatch "^/role/(?<post>[^/]+)$">
    RequireOwner query:post_author hide
    RequireRole editor
</LocationMatch>
<LocationMatch "^/users/(?<user>[^/]+)">
    RequireOwner path:user bypass=admin
</LocationMatch>
# it sets MATCH_USER, which outlives it
<LocationMatch "^/from/(?<user>[^/]+)/">
    RequireScope none
</LocationMatch>
RewriteEngine On
RewriteRule "^/from/[^/]+/(.*)$" "/users/$1" [PT]
RewriteRule "^/posts-of/[^/]+/(.*)$" "/posts/$1" [PT]
<Location "/api">
    APIOperation GET /posts/{post} owner=query:post_author bypass=admin
    APIOperation PUT /users/{user} owner=path:user hide
    APIOperation GET /x/{user}
    APIOperation GET /posts/{post}/comments/{comment} owner=query:comment_author
</Location>
<LocationMatch "^/limited/(?<user>[^/]+)$">
    <Limit PUT>
        RequireOwner path:user
    </Limit>
    <If "%{QUERY_STRING} == 'own'">
        RequireOwner path:user
    </If>
</LocationMatch>
<LocationMatch "^/optional/?(?<user>[^/]+)?$">
    RequireOwner path:user
</LocationMatch>
<LocationMatch "^/twice/(?<user>[^/]+)/(?<post>[^/]+)$">
    RequireOwner path:user
    <RequireAll>
        Require owner path:post
    </RequireAll>
</LocationMatch>
<LocationMatch "^/stock/(?<post>[^/]+)$">
    Require owner query:post_author bypass=admin
</LocationMatch>
<LocationMatch "^/stock-path/(?<user>[^/]+)">
    Require owner path:user
</LocationMatch>
<LocationMatch "^/any/(?<post>[^/]+)$">
    <RequireAny>
        Require owner query:post_author
        Require role editor
    </RequireAny>
</LocationMatch>
<LocationMatch "^/any-scope/(?<post>[^/]+)$">
    <RequireAny>
        Require owner query:post_author
        Require scope posts
    </RequireAny>
</LocationMatch>
<LocationMatch "^/all/(?<post>[^/]+)$">
    <RequireAll>
        Require scope posts
        Require owner query:post_author
    </RequireAll>
</LocationMatch>
<LocationMatch "^/none/(?<post>[^/]+)$">
    <RequireAll>
        Require valid-user
        <RequireNone>
            Require owner query:post_author
        </RequireNone>
    </RequireAll>
</LocationMatch>
<LocationMatch "^/not/(?<post>[^/]+)$">
    <RequireAll>
        Require valid-user
        Require not owner query:post_author
    </RequireAll>
</LocationMatch>
<Location "/openapi.json">
    AuthScheme none
    RequireOwner none
    SetHandler fastauth-openapi
</Location>
<Location "/">
    AuthIdentityHeaders X-Auth-
    Header always set X-User "expr=%{note:fastauth.user}"
    Header always set X-Owner "expr=%{note:fastauth.owner}"
</Location>
ScriptAliasMatch "^/(?!bulk|openapi)" "ROOT/tell.cgi"
AliasMatch "^/bulk/" "ROOT/file.txt"
END
$sections =~ s/ROOT/$root/g;
spill("$dir/sections.conf", $sections);
my $pgsql_host = $no_pgsql ? '' : <<"END";
<VirtualHost 127.0.0.1:$ports[$PGSQL]>
    DBDriver pgsql
    DBDParams "host=$dir user=tester dbname=postgres connect_timeout=5"
    DBDPrepareSQL "SELECT author FROM posts WHERE id = CAST(%s AS INTEGER)" fails
    # one more than the main server's section has
    DBDPrepareSQL "SELECT author FROM posts WHERE CAST(id AS TEXT) = %s AND author = %s" counted
    Include $dir/sections.conf
</VirtualHost>
END
spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel info
Mutex default:$dir
${\join "\n", @modules}
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
${\join "\n", map { "Listen 127.0.0.1:$_" } @ports}
<IfModule mod_cgid.c>
    ScriptSock "$dir/cgisock"
</IfModule>
TypesConfig /dev/null
StartServers 2
<IfModule !mpm_prefork_module>
    ThreadsPerChild 10
</IfModule>
MaxKeepAliveRequests 0
KeepAliveTimeout 60
AllowEncodedSlashes On
AuthTokenKey HS256 file:${\keys_dir()}/hs256.secret
APITitle "Posts"
DocumentRoot "$root"
<Directory "$root">
    Options +ExecCGI
    Require all granted
</Directory>
<Location "/">
    AuthScheme bearer-jwt
    LogLevel fastauth:info
</Location>
<Location "/bulk">
    LogLevel fastauth:warn
</Location>
DBDriver sqlite3
DBDParams "$dir/posts.db"
DBDMax 10
DBDPrepareSQL "$one" post_author
DBDPrepareSQL "SELECT author FROM comments WHERE CAST(post AS TEXT) = %s AND CAST(id AS TEXT) = %s" comment_author
DBDPrepareSQL "SELECT author FROM posts WHERE CAST(id AS TEXT) = %s AND abs(-9223372036854775807 - 1) = 1" fails
DBDPrepareSQL "$one" counted
# of the main server, and so in force in each virtual host with its statement
<LocationMatch "^/counted/(?<post>[^/]+)\$">
    RequireOwner query:counted
</LocationMatch>
<VirtualHost 127.0.0.1:$ports[$SQLITE]>
    DBDPrepareSQL "SELECT 'alice'" counted
    Include $dir/sections.conf
</VirtualHost>
$pgsql_host
<VirtualHost 127.0.0.1:$ports[$DOWN]>
    DBDParams "$dir/no/such/folder/posts.db"
    Include $dir/sections.conf
</VirtualHost>
<VirtualHost 127.0.0.1:$ports[$HELD]>
    DBDMin 0
    DBDKeep 1
    DBDMax 1
    DBDPrepareSQL "SELECT 'alice' WHERE %s <> ''" everybody
    AliasMatch "^/big/" "$root/big"
    <LocationMatch "^/big/(?<post>[^/]+)\$">
        RequireOwner query:everybody
    </LocationMatch>
</VirtualHost>
<VirtualHost 127.0.0.1:$ports[$MORE]>
    DBDPrepareSQL "$one AND author = %s AND text = %s" counted
    Include $dir/sections.conf
</VirtualHost>
END
END {
    my $status = $?;
    my $pid = pid();
    if ($pid && kill 'TERM', $pid) {
        wait_for(sub { !kill 0, $pid });
    }
    pg_ctl('stop', '-m', 'immediate') if -s "$data/postmaster.pid";
    $? = $status;
}
spill("$root/big", 'x' x 20_000_000);
is system($httpd, '-f', "$dir/httpd.conf", '-k', 'start'), 0,
    'a second httpd starts' or diag(said());
ok wait_for(sub { generations() == 1 }), 'and is up' or diag(said());

# --- asked ------------------------------------------------------------------------------

sub open_to
{
    my ($which) = @_;
    return IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ports[$which]",
        Timeout => 20) || die "no second httpd: $@\n";
}

my $at = $SQLITE;
sub ask_here
{
    my ($method, $path, $headers, $body) = @_;
    my $from = length said();
    my $socket = open_to($at);
    my @headers = @{ $headers // [] };
    my $text = "$method $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    $text .= "Content-Length: 1\r\n\r\nx" if $method =~ /^P/;
    $text .= "\r\n" if $method !~ /^P/;
    print {$socket} $text;
    local $/ = undef;
    my $response = FastAuthTest::_parse(readline($socket) // '');
    $response->{method} = $method;
    $response->{log} = [split /\n/, substr said(), $from];
    return $response;
}

sub denied { return check_denial(@_) }

# 200, and what the handler is told of the owner (undef: nothing)
sub let_in
{
    my ($response, $owner, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is $response->{status}, 200, $name or return diag($response->{raw});
    is header($response, 'X-Owner') // '', $owner // '', "$name: the note";
    my ($told) = $response->{body} =~ /^FASTAUTH_OWNER=(.*)$/m;
    is $told, $owner, "$name: the environment";
    ($told) = $response->{body} =~ /^HTTP_X_AUTH_OWNER=(.*)$/m;
    is $told, $owner, "$name: the header";
    is_deeply [headers($response, 'WWW-Authenticate')], [],
        "$name: no challenge";
    is_deeply [grep { /\[fastauth:/ } @{ $response->{log} }], [],
        "$name: nothing in the log";
    return;
}

# --- S31, S32, A98: each database --------------------------------------------------------

sub claims_of
{
    my ($title) = @_;

    # S31
    let_in(ask_here('GET', '/posts/1', $alice), 'alice', "S31 $title: owner");
    let_in(ask_here('GET', '/posts/11', $bob), 'bob', "S31 $title: another");
    denied(ask_here('GET', '/posts/11', $alice), 403, undef, "S31 $title: other");
    let_in(ask_here('GET', '/posts/11', $admin), undef, "S31 $title: bypass");
    denied(ask_here('GET', '/posts/99', $alice), 404, undef,
        "S31 $title: not there");
    let_in(ask_here('GET', '/posts/99', $admin), undef,
        "S31 $title: bypass does not look");
    denied(ask_here('GET', '/posts/1'), 401, $NONE, "S31 $title: nobody");
    denied(ask_here('GET', '/posts/1', [Authorization => 'Bearer x']), 401,
        qr/error="invalid_token"$/, "S31 $title: a bad token");
    for (12 .. 15) {
        denied(ask_here('GET', "/posts/$_", $alice), 403, undef,
            "S31 $title: $_ is nobody's, or nearly alice's");
    }
    is problem(ask_here('GET', '/posts/99', $alice))->{title}, 'Not Found',
        "$title: the body of 404";
    like join(' ', @{ ask_here('GET', '/posts/99', $alice)->{log} }),
        qr{refused 404 not-found: /posts/99, RequireOwner query:post_author bypass=admin \(\S+:\d+\), there is no such resource},
        "$title: the log says which and why";

    # S32: bound to the path, whatever else names a post
    for my $more ('resource_id=10', 'post=10', 'post_id=10&id=10') {
        denied(ask_here('PUT', "/posts/11?$more", $alice), 403, undef,
            "S32 $title: PUT /posts/11?$more by the owner of 10");
    }
    denied(ask_here('PUT', '/posts/11', [@$alice, MATCH_POST => 10, 'X-Match-Post' => 10]),
        403, undef, "S32 $title: nor a header");
    let_in(ask_here('PUT', '/posts/10?post=11', $alice), 'alice',
        "S32 $title: PUT /posts/10?post=11");
    denied(ask_here('GET', '/posts-of/alice/11', $alice), 403, undef,
        "S32 $title: a path that [PT] led here");
    let_in(ask_here('GET', '/posts-of/bob/10', $alice), 'alice',
        "S32 $title: and one's own");

    # A98: alice's 1 in other spellings is nothing
    my @other = ('01', '+1', '1.0', '%201', '1%20', '1%00', '1e0', '0x1',
        '%2B1', '18446744073709551617', '-1', '%C2%B9', '1%0a', '%ff', '%c0%b1',
        '%ed%a0%80', "1'", "1'%20OR%20'1'='1", '1;--', '%25s', '$1', '1%09');
    for my $id (@other) {
        for my $path ('/posts', '/hidden') {
            my $response = ask_here('GET', "$path/$id", $alice);
            # NUL is no path to httpd
            $id =~ /%00/ ? cmp_ok($response->{status}, '=~', qr/^40[04]$/,
                "A98 $title: $path/$id is none")
                : denied($response, 404, undef, "A98 $title: $path/$id is none");
        }
    }
    let_in(ask_here('GET', '/posts/%31', $alice), 'alice',
        "A98 $title: %31 is 1");
    my ($others, $missing) =
        map { ask_here('GET', "/hidden/$_", $alice) } 11, 99;
    denied($others, 404, undef, "A98 $title: hide: another's");
    denied($missing, 404, undef, "A98 $title: hide: missing");
    is $others->{body}, $missing->{body}, "A98 $title: hide: the same body";
    is_deeply [map { [sort grep { !/^Date/ } map { "@$_" } @{ $_->{headers} }] }
            $others, $missing],
        [([sort grep { !/^Date/ } map { "@$_" } @{ $missing->{headers} }]) x 2],
        "A98 $title: hide: the same headers";
    let_in(ask_here('GET', '/hidden/11', $bob), 'bob', "$title: hide: owner");
    let_in(ask_here('GET', '/hidden/11', $admin), undef, "$title: hide: bypass");
    denied(ask_here('GET', '/role/11', $alice), 403, undef,
        "$title: what a role refuses is not looked at") for 1;
    is ask_here('GET', "/role/$_", $alice)->{body},
        ask_here('GET', '/role/1', $alice)->{body},
        "$title: nor told apart: $_" for 11, 99;

    # two parts, in their order
    let_in(ask_here('GET', '/comments/7/1', $alice), 'alice',
        "$title: two parameters");
    denied(ask_here('GET', '/comments/1/7', $alice), 403, undef,
        "$title: in their order");
    denied(ask_here('GET', '/comments/1/1', $alice), 404, undef,
        "$title: both of them");

    # operations
    let_in(ask_here('GET', '/api/posts/1', $alice), 'alice',
        "$title: an operation");
    denied(ask_here('GET', '/api/posts/11?post=1', $alice), 403, undef,
        "$title: an operation, another's");
    denied(ask_here('GET', '/api//posts/99/', $alice), 404, undef,
        "$title: an operation, missing");
    let_in(ask_here('GET', '/api/posts/99', $admin), undef,
        "$title: an operation, bypass");
    let_in(ask_here('GET', '/api/posts/7/comments/1', $alice), 'alice',
        "$title: an operation's two");
    denied(ask_here('GET', '/api/posts/1/comments/7', $alice), 403, undef,
        "$title: an operation's two, in their order");

    # a database that cannot say
    my ($id, $why) = $at == $PGSQL ? ('abc', qr/invalid input syntax/)
        : ('1', qr/integer overflow/);
    my $failed = ask_here('GET', "/fails/$id", $alice);
    denied($failed, 503, undef, "A98 $title: a statement that fails is 503");
    like join(' ', @{ $failed->{log} }),
        qr/fails\/$id, RequireOwner query:fails .*DBDPrepareSQL fails: .*$why/,
        "A98 $title: the log says why" or diag(@{ $failed->{log} });
    let_in(ask_here('GET', '/posts/1', $alice), 'alice',
        "$title: and the connection is good still");
    denied(ask_here('GET', '/unknown/1', $alice), 503, undef,
        "$title: a label that nobody prepares is 503");
    return;
}

sub counts_of
{
    my ($title, $parameters) = @_;
    my $response = ask_here('GET', '/counted/1', $alice);
    denied($response, 503, undef, "$title: $parameters parameters for one group");
    like join(' ', @{ $response->{log} }),
        qr/takes $parameters parameters, and the path has 1/, "$title: says so";
    return;
}

my $before = sqlite($DUMP);
like $before, qr/^11\|bob\|c$/m, 'SQLite has a table of posts';
claims_of('SQLite');
counts_of('SQLite', 0);
# A connection is for the look-up alone: readers who take nothing keep none, and
# of these there are more than processes
my @slow = map { open_to($HELD) } 1 .. 8;
for my $reader (@slow) {
    print {$reader} "GET /big/1 HTTP/1.1\r\nHost: localhost\r\n",
        "$alice->[0]: $alice->[1]\r\n\r\n";
    my $first = '';
    sysread $reader, $first, 15 if IO::Select->new($reader)->can_read(20);
    is $first, 'HTTP/1.1 200 OK', 'a slow reader keeps no connection from others';
}
close $_ for @slow;

$at = $MORE;
counts_of('SQLite', 3);
SKIP: {
    skip $no_pgsql, 1 if $no_pgsql;
    $at = $PGSQL;
    like psql($DUMP), qr/^11\|bob\|c$/m, 'PostgreSQL has a table of posts';
    claims_of('PostgreSQL');
    counts_of('PostgreSQL', 2);
}

# --- by the path ----------------------------------------------------------------------------

$at = $SQLITE;
for (
    ['GET', '/users/alice', 200], ['GET', '/users/alice/x', 200],
    ['GET', '/users/%61lice', 200], ['GET', '/users//alice', 200],
    ['GET', '/users/bob/../alice', 200],
    ['GET', '/users/bob', 403], ['GET', '/users/Alice', 403],
    ['GET', '/users/alice%20', 403], ['GET', '/users/bob?user=alice', 403],
    ['GET', '/users/alice/../bob', 403],
    # S32: another section's group, of the same name
    ['GET', '/from/alice/bob', 403], ['GET', '/from/alice/alice', 200],
    ['GET', '/from/bob/alice', 200],
    ['PUT', '/api/users/alice', 200], ['PUT', '/api/users/bob', 404],
    ['PUT', '/api//USERS/bob/', 404], ['GET', '/api/users/bob', 200],
    ['PUT', '/limited/bob', 403], ['PUT', '/limited/alice', 200],
    ['GET', '/limited/bob', 200], ['GET', '/limited/bob?own', 403],
    ['GET', '/limited/alice?own', 200],
    ['GET', '/optional/alice', 200], ['GET', '/optional', 403],
    ['GET', '/stock-path/alice', 200], ['GET', '/stock-path/bob', 403],
    ['GET', '/twice/alice/alice', 200], ['GET', '/twice/alice/bob', 403],
    ['GET', '/twice/bob/alice', 403],
) {
    my ($method, $path, $status) = @$_;
    my $response = ask_here($method, $path, $alice);
    $status == 200
        ? is($response->{status}, 200, "S32 $method $path is alice's")
        : denied($response, $status, undef, "S32 $method $path is not",
            $path =~ /stock|twice.alice/ ? (told => 'alice') : ());
}
let_in(ask_here('GET', '/users/alice', $alice), 'alice', 'the owner by the path');
let_in(ask_here('GET', '/users/bob', $admin), undef, 'bypass by the path');
is header(ask_here('GET', '/stock-path/alice', $alice), 'X-Owner'), 'alice',
    'Require owner tells it too';

# A program that sends its caller to another's within one section: httpd would
# skip the access checks, for the configuration is the same
for my $place ('/users', '/stock-path') {
    for (['alice', 200], ['bob', 403]) {
        my ($to, $status) = @$_;
        my $response = ask_here('GET', "$place/alice?$place/$to", $alice);
        is $response->{status}, $status,
            "S32 from $place/alice to $place/$to within httpd is $status"
            or diag($response->{raw});
        unlike $response->{body}, qr/^REQUEST_METHOD/m, 'and nothing is shown'
            if $status != 200;
    }
}
is ask_here('GET', '/api/x/me?/api/posts/11', $alice)->{status}, 403,
    'from an operation to another\'s post';

# --- stock Require ------------------------------------------------------------------------------

my $editor = bearer(roles => 'editor');
my $scoped = bearer(scope => 'posts');
my $missing = qr/^Bearer realm="Posts", error="insufficient_scope", scope="posts"$/;
for (
    # the path, who, what, challenge
    ['/stock/1', $alice, 200], ['/stock/11', $alice, 403],
    ['/stock/99', $alice, 403], ['/stock/99', $admin, 200],
    ['/any/1', $alice, 200], ['/any/11', $alice, 403], ['/any/11', $editor, 200],
    ['/any/99', $editor, 200], ['/any/99', $alice, 403],
    ['/any-scope/1', $alice, 200], ['/any-scope/11', $scoped, 200],
    ['/any-scope/11', $alice, 403, $missing],
    ['/all/1', $scoped, 200], ['/all/11', $scoped, 403],
    ['/all/1', $alice, 403, $missing], ['/all/99', $scoped, 403],
) {
    my ($path, $caller, $status, $challenge) = @$_;
    my $response = ask_here('GET', $path, $caller);
    my $name = "Require owner: $path";
    if ($status == 200) {
        is $response->{status}, 200, "$name: in";
        is_deeply [headers($response, 'WWW-Authenticate')], [],
            "$name: no challenge on a 200";
        next;
    }
    denied($response, 403, $challenge, "$name: 403", told => 'alice');
}
denied(ask_here('GET', $_), 401, $NONE, "Require owner: nobody at $_")
    for '/stock/1', '/any/1', '/all/1', '/none/1';
for my $path ('/none', '/not') {
    for ([1, 403], [11, 200], [99, 200]) {
        my ($id, $status) = @$_;
        my $response = ask_here('GET', "$path/$id", $alice);
        is $response->{status}, $status, "Require owner turned over: $path/$id";
        is_deeply [headers($response, 'WWW-Authenticate')], [],
            "$path/$id: no challenge";
    }
}
is header(ask_here('GET', '/any/11', $editor), 'X-Owner') // '', '',
    'whom a role lets in is told of no owner';

# --- no database ------------------------------------------------------------------------------------

sub down
{
    my ($title) = @_;
    for my $path ('/posts/1', '/hidden/1', '/api/posts/1', '/comments/7/1') {
        my $response = ask_here('GET', $path, $alice);
        denied($response, 503, undef, "A98 $title: $path is 503");
        is scalar(grep { /no connection to the database|DBDPrepareSQL/ }
                grep { /\[fastauth:/ } @{ $response->{log} }), 1,
            "A98 $title: $path: one line says why";
    }
    let_in(ask_here('GET', '/posts/1', $admin), undef, "$title: bypass");
    let_in(ask_here('GET', '/users/alice', $alice), 'alice', "$title: by the path");
    denied(ask_here('GET', '/posts/1'), 401, $NONE, "$title: nobody is 401");
    denied(ask_here('GET', '/role/1', $alice), 403, undef, "$title: no role is 403");
    denied(ask_here('GET', "/$_/1", $scoped), 403, undef,
        "$title: Require owner at /$_ refuses", told => 'alice', lines => 2)
        for 'stock', 'any', 'all';
    # not the owner, as far as anybody knows, is no reason to let in
    for my $path ('/none/1', '/none/11', '/not/1', '/not/11') {
        my $response = ask_here('GET', $path, $alice);
        is $response->{status}, 403, "$title: $path refuses";
        is_deeply [headers($response, 'WWW-Authenticate')], [],
            "$title: $path: no challenge";
    }
    is ask_here('GET', '/any/11', $editor)->{status}, 200,
        "$title: a role beside it lets in";
    return;
}
$at = $DOWN;
down('no database');

# --- the document -----------------------------------------------------------------------------------

$at = $SQLITE;
my $paths = decode_json(ask_here('GET', '/openapi.json')->{body})->{paths};
my $answers = $paths->{'/api/posts/{post}'}{get}{responses};
is_deeply [sort keys %$answers], [qw(2XX 400 401 403 404 503)],
    'an operation\'s answers are in the document';
is $answers->{404}{description}, 'There is no such resource.', 'its 404';
is_deeply [sort keys %{ $paths->{'/api/users/{user}'}{put}{responses} }],
    [qw(2XX 400 401 404)], 'a hidden one has no 403';

# --- 100,000 hostile ids, 8 processes at once ----------------------------------------------------------

my @hostile = (
    "'", '"', "1'", "1' OR '1'='1", "1' OR 1=1--", "1; DROP TABLE posts", '1;--',
    "1'; DELETE FROM posts; --", "1'; UPDATE posts SET author='alice'; --",
    "' UNION SELECT 'alice'--", "1) OR (1=1", "1' AND author='bob", "\\'", "1\\",
    "%s", "%27 OR 1=1", '$1', '$$', ':post', '?', '@x', "1/**/OR/**/1=1", '1--',
    "1'||'", "'||(SELECT author FROM posts LIMIT 1)||'", "\x{bf}' OR 1=1",
    "1' OR 'alice'='alice", "E'1'", "0x31", 'NULL', 'true', "\xff\xfe", "\xc0\xa7",
    "1'::text", "11", "99999999999999999999", '1 OR 1', "\n", "1\n", "\t1",
    "a\x01b", '*', '%', '_', '1%', '[1]', "1';SELECT pg_sleep(9);--",
    "1'; COPY posts TO PROGRAM 'id';--", "';ATTACH DATABASE '/tmp/x' AS x;--",
);
for my $file ('strings/blns.json', 'strings/bigstrings.json') {
    my $corpus = corpus($file) or next;
    my $all = ref $corpus eq 'HASH' ? $corpus->{cases} : $corpus;
    push @hostile, grep { length($_) && length($_) < 2000 }
        map { my $text = ref $_ ? '' : $_; utf8::encode($text); $text } @$all;
}

my $PROCESSES = 8;
my $EACH = 12_500;
my @hosts = $no_pgsql ? ($SQLITE) : ($SQLITE, $PGSQL);

# What one process has asked: "[id] status owner" of each that is wrong
sub bulk
{
    my ($number) = @_;
    my $which = $hosts[$number % @hosts];
    my $socket = open_to($which);
    my (@wrong, %seen, $buffer);
    $buffer = '';
    srand $number;
    for (my $sent = 0; $sent < $EACH; $sent += 50) {
        my (@ids, $text);
        for my $i (0 .. 49) {
            my $id = $i == 6 ? '10' : $i == 23 ? '11'
                : $hostile[rand @hostile];
            # no two alike, but for those that are there
            $id = substr($id, 0, rand(1 + length($id)))
                . join '', $hostile[rand @hostile], $sent + $i if $i % 3 == 1;
            push @ids, $id;
            $text .= 'GET /bulk/' . form_escape($id) . " HTTP/1.1\r\n"
                . "Host: localhost\r\n$alice->[0]: $alice->[1]\r\n\r\n";
        }
        print {$socket} $text;
        for my $id (@ids) {
            while ($buffer !~ /\r\n\r\n/) {
                sysread $socket, $buffer, 65536, length $buffer
                    or return [@wrong, "[$id] closed"], \%seen;
            }
            my ($status) = $buffer =~ m{^HTTP/1\.1 (\d+)};
            my ($head, $rest) = split /\r\n\r\n/, $buffer, 2;
            my ($size) = $head =~ /^Content-Length: (\d+)/mi;
            my ($owner) = $head =~ /^X-Owner: (.*?)\r?$/m;
            while (length($rest) < $size) {
                sysread $socket, $rest, 65536, length($rest) or last;
            }
            $buffer = substr $rest, $size;
            $seen{$status}++;
            my $expected = $id eq '10' || $id eq '1' ? 200
                : $id =~ /^1[1-5]$/ ? 403 : 404;
            # what is no path to httpd, or another's path, it says itself
            push @wrong, "[$id] $status " . ($owner // '')
                if $status != $expected
                && !($expected == 404 && $status =~ /^40[0345]$/);
            if ($head =~ /^Connection: close/mi) {
                $socket = open_to($which);
                last;
            }
        }
    }
    return \@wrong, \%seen;
}

my @running;
for my $number (1 .. $PROCESSES) {
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    if (!$pid) {
        my ($wrong, $seen) = eval { bulk($number) };
        spill("$dir/bulk.$number", encode_json([$wrong // [$@], $seen // {}]));
        require POSIX;
        POSIX::_exit(0);
    }
    push @running, $pid;
}
waitpid $_, 0 for @running;
my (%sum, @all_wrong);
for my $number (1 .. $PROCESSES) {
    my ($wrong, $seen) = @{ decode_json(slurp("$dir/bulk.$number")) };
    push @all_wrong, @$wrong;
    $sum{$_} += $seen->{$_} for keys %$seen;
}
my $answered = 0;
$answered += $_ for values %sum;
note join ' ', map { "$_: $sum{$_}" } sort keys %sum;
is_deeply [splice @all_wrong, 0, 10], [], 'no id finds what is not its own';
cmp_ok $answered, '>', 99_000, "$answered hostile ids were answered";
cmp_ok $sum{404}, '>', 60_000, 'most of them find nothing';
is_deeply [grep { $_ >= 500 } keys %sum], [], 'and none of them fails';
is sqlite($DUMP), $before, 'SQLite: the tables are what they were';
SKIP: {
    skip $no_pgsql, 1 if $no_pgsql;
    is psql($DUMP), $before, 'PostgreSQL: the tables are what they were';
    unlike slurp("$dir/pg.log"), qr/syntax error at|unterminated|does not exist/,
        'PostgreSQL: and nothing was read as SQL';
}

# --- PostgreSQL stopped, and started again --------------------------------------------------------------

SKIP: {
    skip $no_pgsql, 1 if $no_pgsql;
    $at = $PGSQL;
    pg_ctl('stop', '-m', 'fast');
    down('PostgreSQL stopped');
    pg_ctl('start');
    my ($refused, $row) = (0, 0);
    ok wait_for(sub {
        my $status = ask_here('GET', '/posts/1', $alice)->{status};
        $refused++ if $status == 503;
        die "status $status\n" if $status != 503 && $status != 200;
        $row = $status == 200 ? $row + 1 : 0;
        return $row == 100;
    }), 'PostgreSQL started again: good again';
    # one for each connection that had not noticed
    cmp_ok $refused, '<=', 20, "after $refused times 503";
    denied(ask_here('GET', '/posts/11', $alice), 403, undef, 'and as exact');
    denied(ask_here('GET', '/posts/99', $alice), 404, undef, 'as before');

    # in between nobody asked: connections are lost, statements with them
    pg_ctl('restart', '-m', 'fast');
    ($refused, $row) = (0, 0);
    ok wait_for(sub {
        my $status = ask_here('GET', '/posts/1', $alice)->{status};
        $refused++ if $status == 503;
        die "status $status\n" if $status != 503 && $status != 200;
        $row = $status == 200 ? $row + 1 : 0;
        return $row == 100;
    }), 'PostgreSQL restarted: good again';
    cmp_ok $refused, '<=', 20, "after $refused times 503";
    is psql($DUMP), $before, 'the tables are what they were';
}
is_deeply [grep { /exit signal|AddressSanitizer/ } split /\n/, said()], [],
    'no process of the second httpd died';
is_deeply [grep { index(said(), $_) >= 0 } $alice->[1], $secret], [],
    'no secret in its log';
finish();
