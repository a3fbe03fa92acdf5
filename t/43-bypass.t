# SPDX-License-Identifier: Apache-2.0
# What once got past a policy: caches, escapes, raw paths, Connection,
# remembered passwords; and past what hides a secret from logs and status.
use strict;
use warnings;
use File::Path qw(make_path);
use IO::Socket::INET ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;

my $secret = secret('hs256');
my $logs   = Apache::Test::vars('t_logs');
my $dir    = Apache::Test::vars('documentroot');
my $fresh  = 0;
sub token { return mint('HS256', $secret, claims(@_)) }
sub bearer { return (Authorization => 'Bearer ' . token(@_)) }
my @alice  = bearer();
my @bob    = bearer(sub => 'bob');
my $BEARER = qr/^Bearer realm="API"$/;

# --- A69: no cache in front, whatever the backend says ----------------------------

sub is_hit { return (header($_[0], 'X-Cache') // '') =~ /^HIT/ }
sub told { return header($_[0], 'X-Told') // '' }

# A path that no cache has seen, of a backend that wants to be cached
sub cacheable
{
    my ($section, $public) = @_;
    return "/$section/lua/" . ($public ? 'public' : 'x') . '?x-' . ++$fresh;
}

my @by_cookie = map { [Cookie => 'token=' . token(sub => $_)] } qw(alice bob);
my @cached    = (
    # section, who may, another who may, whom the backend is told of
    [key => ['X-API-Key' => api_key('kim')], ['X-API-Key' => api_key('lee')]],
    [strip => \@alice, \@bob, 'alice', 'bob'],
    [cookie => @by_cookie, 'alice', 'bob'],
    [address => ['X-Client' => '192.0.2.1'], ['X-Client' => '192.0.2.2']],
);
for my $host (qw(bypass_quick bypass_normal)) {
    at($host);
    for my $public (0, 1) {
        my $path = cacheable('open', $public);
        is ask('GET', $path)->{status}, 200, "$host: $path";
        ok is_hit(ask('GET', $path)), "$host: and again, from the cache";
    }
    for (map { [@$_, 0] } @cached) {
        my ($section, $one, $other, @users) = @$_;
        for my $public (0, 1) {
            my $path  = cacheable($section, $public);
            my $title = "A69 $host: $path";
            my $first = ask('GET', $path, $one);
            is $first->{status}, 200, $title;
            is told($first), $users[0], "$title: for its user" if @users > 1;
            my $nobody = ask('GET', $path);
            is $nobody->{status}, $section eq 'address' ? 403 : 401,
                "$title: then without a credential";
            unlike $nobody->{body}, qr/^for /, "$title: nothing of it";
            # a key may be revoked: the module is asked again
            ok !is_hit(ask('GET', $path, $one)), "$title: again, and no hit";
            my $second = ask('GET', $path, $other);
            is $second->{status}, 200, "$title: for another";
            ok !is_hit($second), "$title: is no hit";
            isnt $second->{body}, $first->{body}, "$title: but made anew";
            is told($second), $users[1], "$title: for that user"
                if @users > 1;
        }
    }
    my $path = cacheable('report');
    is told(ask('GET', $path, \@alice)), 'alice', "$host: report-only, alice";
    is told(ask('GET', $path, \@bob)), 'bob', "$host: report-only, bob";
    is told(ask('GET', $path)), '', "$host: report-only, nobody";
}

# --- AuthAmbiguousPath: an escaped `?` is part of the path ---------------------------

at('ambiguous');
for my $path ('x%3f/..;/adm/x', 'x%3f/..%5cadm/x', 'x%3F;', 'x%3fy%2fz') {
    check_denial(ask('GET', "/$_/$path"), 400, undef,
        "/$_/$path is ambiguous behind ?") for qw(q d n m h);
    # which mod_rewrite may refuse by itself
    like ask('GET', "/$_/$path")->{status}, qr/^40[03]$/, "/$_/$path is refused"
        for qw(r w);
}

# --- mapping=encoded: sections are compared with what was decoded ---------------------

at('bypass');
my @escaped = ('users/%40me', 'users/%40me/x', 'x%3adelete', 'two%20words', 'two%20words/x', '%c3%a4', '%C3%A4/x',
    'kept/%2b');
for my $path (@escaped) {
    for my $headers ([], [@alice]) {
        my $response = ask('GET', "/q/$path", $headers);
        check_denial($response, 400, undef, "/q/$path means two things"
            . (@$headers ? ', with a token too' : ''));
    }
}
for my $path ('users/@me', 'x:delete', 'kept', 'kept/x', 'kept/x%20y',
    'kept/%c3%b6', 'kept/x%3a', 'us%65rs/@me', 'x:delet%65', 'k%65pt',
    '%6bept/x')
{
    check_denial(ask('GET', "/q/$path"), 401, $BEARER, "/q/$path is kept");
    is ask('GET', "/q/$path", [@alice])->{status}, 200,
        "/q/$path and a token opens it";
}
for my $path ('x%20y', 'x%40y', 'users/%c3%b6', 'x%3ay', 'users/%2540me',
    'x%25', '100%25')
{
    my $response = ask('GET', "/q/$path");
    is $response->{status}, 200, "/q/$path means one thing";
    like $response->{body}, qr{^REQUEST_URI=/q/\Q$path\E$}m,
        "/q/$path reached the backend as it was sent";
}

# --- the path as it was sent: dots that httpd has resolved -----------------------------

for my $path ('n/adm/../open', 'n/./open', 'n/open/.', 'n/open/x/..',
    'n/adm/../open?x', 'n/%61dm/../open', 'n/adm/%2e%2e/open',
    'n/adm%2f..%2fopen')
{
    check_denial(ask('GET', "/$path"), 400, undef, "nocanon: /$path");
}
is ask('GET', "/n/$_")->{status}, 200, "nocanon: /n/$_ is proxied"
    for 'open', 'open/...', 'open/.x/..y', 'open?x/../y', '%6fpen';
check_denial(ask('GET', "/n/$_"), 401, $BEARER, "nocanon: /n/$_")
    for 'adm/x', '%61dm/x';

for my $way (qw(fcgi upper unix scgi uwsgi balancer)) {
    isnt ask('GET', "/$way/x")->{status}, 400, "$way: /x may be asked for";
    check_denial(ask('GET', "/$way/$_"), 400, undef, "$way: /$_")
        for 'adm/../x', './x', 'x/%2e', 'x;y';
}
# which gets the path that httpd has resolved
is ask('GET', '/http/adm/../x')->{status}, 200, 'http: /adm/../x is /x';

# --- a word in any case ------------------------------------------------------------------

{
    my $response = ask('GET', '/on', [OffUser => 'mine']);
    is $response->{status}, 200, 'AuthReportOnly On refuses nothing';
    is scalar(grep { /would refuse/ } @{ $response->{log} }), 1,
        'and says what it would refuse';
    like $response->{body}, qr/^HTTP_OFFUSER=mine$/m,
        'AuthIdentityHeaders Off: OffUser is a header like any other';
    $response = ask('GET', '/on', [@alice, 'Off-User' => 'mine']);
    like $response->{body}, qr/^FASTAUTH_USER=alice$/m, 'the caller is told';
    like $response->{body}, qr/^HTTP_OFF_USER=mine$/m, 'and Off-User stays';
    unlike $response->{body}, qr/^HTTP_OFF\w*=alice$/m,
        'and nobody is told in a header of that name';
}

# --- A88: what Connection lists ------------------------------------------------------------

# A backend that answers with the bytes that it got, once the file is there that
# a query names behind wait=: until then the request is in flight
my ($port) = slurp(top() . '/conf/extra/43-bypass.conf')
    =~ m{bypass_raw http://127\.0\.0\.1:(\d+)};
my $listen = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port", Listen => 9,
    ReuseAddr => 1) or die "port $port: $!\n";
my $backend = fork // die "fork: $!\n";
if (!$backend) {
    while (my $client = $listen->accept) {
        my $got = '';
        1 while $got !~ /\r\n\r\n/
            && sysread $client, $got, 65536, length $got;
        my ($wait) = $got =~ /wait=(\w+) /;
        for (1 .. 500) {
            last if !$wait || -e "$dir/$wait";
            sleep 0.02;
        }
        print {$client} "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n$got";
        close $client;
    }
    POSIX::_exit(0);
}
close $listen;
END {
    my $status = $?;
    kill 'TERM', $backend if $backend;
    waitpid $backend, 0 if $backend;
    $? = $status;
}

# The most memory that each process had so far, in kB
sub child_memory
{
    chomp(my $parent = slurp("$logs/httpd.pid"));
    my %most;
    for my $file (glob '/proc/[0-9]*/status') {
        my $text = eval { slurp($file) } // next;
        $most{$file} = $1 if $text =~ /^PPid:\s+$parent$/m
            && $text =~ /^VmHWM:\s+(\d+) kB$/m;
    }
    return %most;
}

sub to_backend
{
    my ($connection, $name) = @_;
    my $response = ask('GET', '/told', [@alice, Connection => $connection,
        'X-Mine' => 'mine']);
    is $response->{status}, 200, "Connection: $name";
    is_deeply [$response->{body} =~ /^X[-_]Auth[-_]User: *(.*?)\r$/gmi],
        ['alice'], "Connection: $name does not strip our header";
    return $response;
}

to_backend($_, $_) for 'close', 'close, X-Auth-User', 'close;X-Auth-User',
    'close; X-Auth-User', 'close X-Auth-User', "close,\tX-Auth-User",
    '"X-Auth-User", close', 'X-Auth-User,close', 'close, x_auth_user',
    'close,,;, X-Auth-User;', 'close, X-Auth-Scheme, X-Auth-User';
unlike to_backend('close, X-Mine, X-Auth-User', 'with another name')->{body},
    qr/^X-Mine:/m, 'what else it lists is gone';
like to_backend('close', 'without it')->{body}, qr/^X-Mine: mine\r$/m,
    'and else is not';
{
    my %before = child_memory();
    my $start  = time;
    for my $i (1 .. 5) {
        to_backend('close' . ',a' x 4_000 . ($i & 1 ? ',X-Auth-User' : ''),
            "4,000 words, $i");
    }
    cmp_ok time - $start, '<', 20, 'A88 thousands of words are read quickly';
    my %after = child_memory();
    my @grown = sort { $b <=> $a } map { $after{$_} - $before{$_} }
        grep { $after{$_} } keys %before;
    SKIP: {
        skip 'no /proc here', 1 unless @grown;
        cmp_ok $grown[0], '<', 8 * 1024, 'A88 and in little memory';
    }
}

# --- what is stripped is what was the credential --------------------------------------------

for my $other ('Basic eDp5', 'Negotiate abc', 'Bearer another') {
    my @sent = (Cookie => 'a=b; token=' . token(), Authorization => $other);
    my $response = ask('GET', '/strip/cookie', \@sent);
    is $response->{status}, 200, 'the cookie is the credential';
    like $response->{body}, qr/^HTTP_COOKIE=a=b$/m, 'and is stripped';
    like $response->{body}, qr/^HTTP_AUTHORIZATION=\Q$other\E$/m,
        "Authorization: $other is another's";
}
{
    my $response = ask('GET', '/strip/both', [@alice]);
    is $response->{status}, 200, 'header or cookie';
    unlike $response->{body}, qr/^HTTP_AUTHORIZATION=/m,
        'the header is stripped';
}

# --- passwords of a provider that may be anything are asked for each time -----------------------

my $file = keys_dir() . '/bypass-passwords';
my ($old, $new) = ('the password before', 'the password after');
sub login { return ask('GET', $_[0], [Authorization => basic('ann', $_[1])]) }
my $PLAIN = qr/^Basic realm="API"/;
at('bypass_passwords');
spill($file, 'ann:' . bcrypted($old) . "\n");
check_allowed(login($_, $old), 'ann', "$_: the password")
    for ('/alias', '/beside', '/file') x 2;
spill($file, 'ann:' . bcrypted($new) . "\n");
check_allowed(login('/file', $old), 'ann', '/file: is remembered');
for ('/alias', '/beside') {
    check_denial(login($_, $old), 401, $PLAIN, "$_: nothing is remembered");
    check_allowed(login($_, $new), 'ann', "$_: the password as it is");
}

# --- secrets in a query: logs and the status page ------------------------------------------------

at('bypass');
my $key   = private_to(api_key('kim'));
my $later = 0;

sub log_lines
{
    my ($mark) = @_;
    $later++;
    ask('GET', "/mark-$later");
    for (1 .. 200) {
        my $text = substr slurp("$logs/bypass_log"), $mark;
        return split /\n/, $text if $text =~ /mark-$later/;
        sleep 0.01;
    }
    return ();
}

sub status { return ask('GET', '/shown')->{body} }

my $name = at('bypass');
for (
    ['a query that is read', "GET /query?pass=SECRET HTTP/1.1", "Host: $name", 200],
    ['another section', 'GET /nothing?pass=SECRET HTTP/1.1', "Host: $name", 404],
    ['a name of another server', 'GET /nothing?api_key=SECRET HTTP/1.1',
        "Host: $name", 404],
    ['a token', 'GET /nothing?access_token=SECRET HTTP/1.1', "Host: $name", 404],
    ['two of them', 'GET /nothing?pass=SECRET&x=1&api_key=SECRET HTTP/1.1',
        "Host: $name", 404],
    ['a Host that is none', 'GET /query?pass=SECRET HTTP/1.1', 'Host: a/b', 400],
    ['no Host', 'GET /query?pass=SECRET HTTP/1.1', 'X: y', 400],
    ['two Hosts', 'GET /query?pass=SECRET HTTP/1.1', "Host: a\r\nHost: b", 400],
    ['a header that is none', 'GET /query?pass=SECRET HTTP/1.1', "Host : $name", 400],
    ['a password in the URL', "GET http://u:p\@$name/query?pass=SECRET HTTP/1.1",
        "Host: $name", 400],
    ['a version that is none', 'GET /query?pass=SECRET HTTP/9.9', "Host: $name",
        '[2345]0[0-9]'],
    ['an escape that is none', 'GET /query/%zz?pass=SECRET HTTP/1.1',
        "Host: $name", 400],
    ['above the root', 'GET /../query?pass=SECRET HTTP/1.1', "Host: $name", 400],
    ['HEAD', 'HEAD /query?pass=SECRET HTTP/1.1', "Host: $name", 200],
) {
    my ($title, $line, $host, $status) = @$_;
    my $mark = -s "$logs/bypass_log";
    $line =~ s/SECRET/$key/g;
    my $response = send_raw("$line\r\n$host\r\nConnection: close\r\n\r\n");
    like $response->{status}, qr/^$status$/, "A49 $title";
    my @lines = grep { !/mark-/ } log_lines($mark);
    is scalar(grep { /=\*\*\*/ } @lines), 1, "A49 $title: is logged masked"
        or diag(map { s/\Q$key\E/(the secret)/gr } @lines);
    is scalar(grep { /\Q$key\E/ } @lines), 0, "A49 $title: and not in full";
    my $shown = status();
    ok $shown !~ /\Q$key\E/, "A49 $title: nor is it shown in the status"
        or diag($shown =~ /^.*\Q$key\E.*$/mg);
}

# While they are in flight
for my $path ('/query/slow?pass=', '/open/slow?pass=', '/open/slow?api_key=',
    '/open/slow?access_token=')
{
    my $go  = 'go' . ++$later;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        POSIX::_exit(ask('GET', "$path$key&wait=$go")->{status} != 200);
    }
    my $shown = '';
    for (1 .. 300) {
        $shown = status();
        last if $shown =~ /wait=$go/;
        sleep 0.02;
    }
    ok $shown =~ /=\*\*\*&(?:amp;)?wait=$go/, "A49 $path in flight, masked"
        or diag($shown =~ s/\Q$key\E/(the secret)/gr);
    ok $shown !~ /\Q$key\E/, "A49 $path in flight, not in full";
    spill("$dir/$go", '');
    waitpid $pid, 0;
    is $?, 0, "A49 $path was answered";
    ok status() !~ /\Q$key\E/, "A49 $path as the last request";
}
{
    # what a section does not read, its handler gets
    my $response = ask('GET', '/on?pass=mine', [@alice]);
    like $response->{body}, qr{^REQUEST_URI=/on\?pass=mine$}m,
        'a parameter of that name elsewhere reaches the handler';
    like $response->{body}, qr{^QUERY_STRING=pass=mine$}m, 'as the query does';
}

# --- A97: AllowOverrideList lets nothing of ours into an .htaccess ------------------------------------

my $folder = "$dir/bypass";
make_path($folder);
spill("$folder/page.txt", "the page\n");
spill("$folder/.htaccess", "Header set X-Htaccess read\n");
is header(ask('GET', '/bypass/page.txt'), 'X-Htaccess'), 'read',
    'AllowOverrideList: the .htaccess is read';
for ('AuthScheme none', 'AuthScheme bearer-jwt', 'RequireScope none',
    'AuthReportOnly on')
{
    spill("$folder/.htaccess", "$_\n");
    my $response = ask('GET', '/bypass/page.txt', [@alice]);
    is $response->{status}, 500, "A97 AllowOverrideList: $_ in .htaccess";
    unlike $response->{body}, qr/the page/, 'A97 and nothing is served';
}
unlink "$folder/.htaccess";
finish();
