# SPDX-License-Identifier: Apache-2.0
# S36, S37, A80: what is tried counts wherever it is tried - in the parts of a
# page and in error pages -, once a request, against the right caller; and the
# answer tells of it.
use strict;
use warnings;
use File::Path qw(make_path);
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;

at('guesses');
my $secret = secret('hs256');
my $root   = Apache::Test::vars('documentroot') . '/guesses';
my $BASIC  = qr/^Basic realm="API"/;

# --- files, passwords, callers -------------------------------------------------------

make_path(map { "$root/$_" } qw(idx idx-open idx-paid idx-slash list/kept many
    one two));
spill("$root/$_", "the page\n") for 'page.txt', 'one/x.txt', 'two/x.txt',
    'list/open.txt', 'many/open.txt', 'idx-open/other.html',
    (map { "$_/index.html" } qw(idx idx-open idx-paid idx-slash)),
    map { sprintf 'many/kept%02d.txt', $_ } 1 .. 30;

my %password = map { ($_ => "the password of $_") } qw(ann bob ada Ada slow);
sub bcrypted_at
{
    my ($cost, $password) = @_;
    my $salt = join '', map { ('a' .. 'z')[rand 26] } 1 .. 21;
    my $hash = crypt $password, "\$2y\$$cost\$${salt}u";
    die "crypt(3) has no bcrypt here\n" unless $hash && $hash =~ /^\$2y/;
    return $hash;
}
spill(keys_dir() . '/guesses-passwords', join '', map {
    "$_:" . bcrypted_at($_ eq 'slow' ? '10' : '04', $password{$_}) . "\n"
} sort keys %password);

sub as
{
    my ($user, $password) = @_;
    return (Authorization => basic($user, $password // $password{$user}));
}
my $guesses = 0;
sub guess { return as($_[0], 'guess no. ' . ++$guesses) }
sub bearer
{
    return (Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_)));
}
my $kim = api_key('kim');

# An address that nobody has had yet
my $clients = 0;
sub client { return ('X-Test-Address' => '198.51.100.' . ++$clients) }

# Requests one after the other are answered so; the last answer. headers: a
# list, or what makes one for each
sub answers
{
    my ($name, $path, $headers, @statuses) = @_;
    my @got = map {
        ask('GET', $path, ref $headers eq 'CODE' ? [$headers->()] : $headers)
    } @statuses;
    is join(' ', map { $_->{status} } @got), "@statuses", $name
        or diag(map { "$_\n" } @{ $got[-1]{log} });
    return $got[-1];
}

# What is left, by name: three=2
sub left
{
    my $field = header($_[0], 'RateLimit') // '';
    return join ' ', map { /^"(.*)";r=(\d+);t=\d+$/ ? "$1=$2" : "?$_" }
        split /, /, $field;
}

sub is_untold
{
    my ($response, $name) = @_;
    is_deeply [map { headers($response, $_) } qw(RateLimit RateLimit-Policy
        Retry-After)], [], "$name: no field";
    return;
}

# 429, with when to come again and which limit it was
sub is_over
{
    my ($response, $name, $limit, %also) = @_;
    check_denial($response, 429, undef, $name, %also);
    my $after = header($response, 'Retry-After') // 'none';
    ok $after =~ /^\d+$/ && $after >= 1 && $after <= 60, "$name: Retry-After"
        or diag($after);
    is left($response), "$limit=0", "$name: RateLimit";
    like header($response, 'RateLimit-Policy') // '',
        qr{^"\Q$limit\E";q=\d+;w=60$}, "$name: RateLimit-Policy";
    is_deeply((problem($response) // {})->{'violated-policies'}, [$limit],
        "$name: which limit");
    return;
}

# --- a directory, by the name of its index -----------------------------------------------

{
    my @client = client();
    answers('mod_dir: the right password', '/idx/', [@client, as('ann')],
        (200) x 7);
    answers('mod_dir: none', '/idx/', [@client], (401) x 7);
    for (1 .. 5) {
        my $wrong = ask('GET', '/idx/', [@client, guess('ann')]);
        check_denial($wrong, 401, $BASIC, "mod_dir: guess no. $_");
        is_untold($wrong, "mod_dir: guess no. $_");
    }
    is_over(ask('GET', '/idx/', [@client, guess('ann')]),
        'mod_dir: guess no. 6', '5/1m');
    is_over(ask('GET', '/idx/', [@client, as('ann')]),
        'mod_dir: the right password then', '5/1m');
    is_over(ask('GET', '/idx/index.html', [@client, as('ann')]),
        'mod_dir: nor by its name', '5/1m');
    answers('mod_dir: elsewhere', '/idx/', [client(), as('ann')], 200);

    # guessed there, and here
    @client = client();
    answers('mod_dir: its file counts with it', '/idx/index.html',
        sub { return (@client, guess('ann')) }, (401) x 3);
    answers('mod_dir: its file counts with it', '/idx/',
        sub { return (@client, guess('ann')) }, 401, 401, 429);
}
{
    my @client = client();
    for ([], [guess('ann')]) {
        my $open = ask('GET', '/idx-open/', [@client, @$_]);
        is $open->{status}, 200, 'mod_dir: the other name is open';
        is_deeply [headers($open, 'WWW-Authenticate')], [],
            'mod_dir: and has no challenge';
        isnt header($open, 'Cache-Control') // '', 'no-store',
            'mod_dir: nor is it no-store';
        is_untold($open, 'mod_dir: the other name');
    }
    # a limit of the directory, beside what its index is refused for
    my $paid = ask('GET', '/idx-paid/', [@client]);
    check_denial($paid, 401, $BASIC, 'mod_dir: a directory with a limit');
    is left($paid), 'paid-directory=8', 'mod_dir: tells of it';
    $paid = ask('GET', '/idx-paid/', [@client, as('ann')]);
    is left($paid), 'paid-directory=7', 'mod_dir: tells of it with a 200';
    my $slash = ask('GET', '/idx-slash/', [@client]);
    check_denial($slash, 401, qr/^Bearer realm="API"$/,
        'mod_dir: a limit that its index has not');
    is left($slash), 'slash=8', 'mod_dir: tells of it, too';
}

# --- a listing --------------------------------------------------------------------------------

sub lists_kept { return ask('GET', '/list/', [@_])->{body} =~ /kept/ ? 1 : 0 }
{
    my @client = client();
    ok !lists_kept(@client), 'a listing: nothing without a password';
    ok lists_kept(@client, as('ann')), 'a listing: and all with it';
    for (1 .. 5) {
        my $list = ask('GET', '/list/', [@client, guess('ann')]);
        is $list->{status}, 200, "a listing: guess no. $_";
        like $list->{body}, qr/open\.txt/, 'a listing: what is open';
        unlike $list->{body}, qr/kept/, 'a listing: what is not';
        is_deeply [headers($list, 'WWW-Authenticate')], [],
            'a listing: no challenge';
        is_untold($list, 'a listing');
        isnt header($list, 'Cache-Control') // '', 'no-store',
            'a listing: nobody\'s refusal';
    }
    ok !lists_kept(@client, as('ann')), 'a listing: no longer';
    is_over(ask('GET', '/list/kept/', [@client, as('ann')]),
        'a listing: nor what it lists', '5/1m');
    ok lists_kept(client(), as('ann')), 'a listing: elsewhere';
}

# --- an error page ------------------------------------------------------------------------------

{
    my @client = client();
    my $shows = sub {
        my $error = ask('GET', '/err/x', [@client, @_]);
        is $error->{status}, 404, 'ErrorDocument: 404';
        return $error->{body} =~ /the page/ ? 1 : 0;
    };
    ok !$shows->(), 'ErrorDocument: nothing without a password';
    ok $shows->(as('ann')), 'ErrorDocument: the page with it';
    ok !$shows->(guess('ann')), 'ErrorDocument: a guess' for 1 .. 5;
    ok !$shows->(as('ann')), 'ErrorDocument: no longer';
    is_over(ask('GET', '/error-page.txt', [@client, as('ann')]),
        'ErrorDocument: nor the page itself', '5/1m');

    @client = client();
    my $free = ask('GET', '/err-paid/x', [@client]);
    is $free->{status}, 404, 'ErrorDocument: a page that has a limit';
    like $free->{body}, qr/the page/, 'ErrorDocument: is free';
    is_untold($free, 'ErrorDocument: and tells of no limit');
    is left(answers('ErrorDocument: itself', '/paid-page.txt', [@client], 200)),
        'paid-page=4', 'ErrorDocument: and it was free';
}

# --- one request, one hash ------------------------------------------------------------------------

{
    # the shortest of three, each of its own guess
    my $takes = sub {
        my ($path, @statuses) = @_;
        my $least;
        for (1 .. 3) {
            my @client = client();
            my @guess  = guess('slow');
            my $start  = time;
            my $response = ask('GET', $path, [@client, @guess]);
            my $took     = time - $start;
            $least = $took if !defined $least || $took < $least;
            is $response->{status}, $statuses[0], "one hash: $path";
            unlike $response->{body}, qr/kept/, "one hash: $path shows nothing"
                if $statuses[0] == 200;
        }
        return $least;
    };
    my $one  = $takes->('/many/kept01.txt', 401);
    my $many = $takes->('/many/', 200);
    cmp_ok $many, '<', 5 * $one, sprintf
        'one hash: for 30 files %.0f ms, for one %.0f ms', 1000 * $many,
        1000 * $one;
    my @client = client();
    my $list = ask('GET', '/many/', [@client, as('slow')]);
    is scalar(() = $list->{body} =~ /href="kept/g), 30,
        'one hash: and all with the right one';
    answers('one hash: a request pays for one', '/many/',
        sub { return (@client, guess('bob')) }, (200) x 29);
    answers('one hash: a request has paid for one', '/many/kept01.txt',
        sub { return (@client, guess('bob')) }, 401, 429);
    like ask('GET', '/many/', [@client, as('ann')])->{body}, qr/kept30/,
        'one hash: nothing of it for another user';
}

# --- the throttles that hold by themselves -----------------------------------------------------------

{
    my @client = client();
    my @old = (@client, bearer(exp => 1_600_000_000));
    answers('expired tokens', '/l/mixed', \@old, (401) x 40);
    answers('forged tokens', '/l/mixed',
        [@client, Authorization => 'Bearer a.b.c'], (401) x 40);
    answers('and a valid one', '/l/mixed', [@client, bearer()], 200);
    answers('a password', '/l/mixed', [@client, as('ann')], 200);
    answers('31 guesses', '/l/mixed', sub { return (@client, guess('ann')) },
        (401) x 30, 429);
    is_over(ask('GET', '/l/mixed', [@client, as('ann')]),
        '31 guesses: the right one', '30/1m');
    answers('31 guesses: another user', '/l/mixed', [@client, as('bob')], 200);
    answers('31 guesses: another key', '/l/mixed',
        [@client, 'X-API-Key' => $kim], 200);
    answers('31 guesses: a token', '/l/mixed', [@client, bearer()], 200);
}

# --- cost= --------------------------------------------------------------------------------------------

{
    my @client = client();
    is left(answers('cost=', '/l/cheap', [@client], 200)), 'cheap-first=8',
        'cost=: where one counts';
    is left(answers('cost=', '/l/cheap/dear', [@client], 200)),
        'cheap-first=4', 'cost=: of a child that costs more';
    is left(answers('cost=', '/l/cheap/dear', [@client], 200)),
        'cheap-first=0', 'cost=: and again';
    is left(answers('cost=', '/l/dear', [@client], 200)), 'dear-first=5',
        'cost=: where four count';
    is left(answers('cost=', '/l/dear/cheap', [@client], 200)),
        'dear-first=1', 'cost=: of a child that costs less';
    answers('cost=', '/l/dear/cheap', [@client], 429);
}

# --- one credential, one caller ------------------------------------------------------------------------

{
    my @header = ('X-API-Key' => $kim);
    my @cookie = (Cookie => "key=$kim");
    is left(answers('a key in a header', '/l/keys', [client(), @header], 200)),
        '3/1h=2', 'a key in a header';
    is left(answers('a key in a query', "/l/keys?key=$kim", [client()], 200)),
        '3/1h=1', 'and in a query';
    is left(answers('a key in a cookie', '/l/keys', [client(), @cookie], 200)),
        '3/1h=0', 'and in a cookie';
    answers('over, in a header', '/l/keys', [client(), @header], 429);
    answers('over, in a query', "/l/keys?key=$kim", [client()], 429);
    answers('over, in a cookie', '/l/keys', [client(), @cookie], 429);
    answers('another key', '/l/keys', [client(), 'X-API-Key' => api_key('lee')],
        200);

    my @alice = (client(), bearer());
    is left(answers('bearer-jwt', '/l/jwt', \@alice, 200)), 'bearers=1',
        'bearer-jwt';
    is left(answers('oauth2', '/l/oauth2', \@alice, 200)), 'bearers=0',
        'and oauth2: one caller';
    answers('bearer-jwt', '/l/jwt', \@alice, 429);
    answers('oauth2', '/l/oauth2', \@alice, 429);
    answers('another user', '/l/oauth2', [client(), bearer(sub => 'bob')], 200);

    my @client = client();
    answers('a name in any case', '/l/names', [@client, guess($_)], 401)
        for qw(ada Ada ADA);
    answers('a name in any case', '/l/names', [@client, as($_)], 429)
        for qw(ada Ada);
    answers('another name', '/l/names', [@client, as('bob')], 200);
    is left(answers('Ada', '/l/people', [client(), as('Ada')], 200)),
        '2/1h=1', 'Ada, and';
    is left(answers('ada', '/l/people', [client(), as('ada')], 200)),
        '2/1h=0', 'ada: one caller';
}

# --- <Files> of one name -----------------------------------------------------------------------------------

{
    my @client = client();
    is left(answers('<Files> of one directory', '/one/x.txt', [@client], 200,
        200)), '2/1h=0', '<Files> of one directory';
    is left(answers('<Files> of another', '/two/x.txt', [@client], 200)),
        '2/1h=1', '<Files> of another has its own count';
    answers('<Files> of one directory', '/one/x.txt', [@client], 429);
    answers('<Files> of another', '/two/x.txt', [@client], 200, 429);
}

# --- a second httpd: no store where nothing counts ----------------------------------------------------------

my $dir = top() . '/guesses';
second_dir($dir);
mkdir $dir;
sub stop
{
    my $pid = pid();
    return wait_for(sub { !kill 0, $pid }) if $pid && kill 'TERM', $pid;
    return 0;
}
END {
    my $status = $?;
    stop();
    $? = $status;
}

# The log of a server with this configuration, once it is up
sub log_of
{
    my ($text) = @_;
    my $port = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        ->sockport;
    my $httpd = Apache::Test::vars('httpd');
    unlink "$dir/error_log", "$dir/httpd.pid";
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
    ScriptSock cgisock
</IfModule>
DocumentRoot "$root"
TypesConfig /dev/null
StartServers 1
AuthTokenKey HS256 file:${\keys_dir()}/hs256.secret
AuthAPIKeys file:${\keys_dir()}/api-keys
$text
END
    is system($httpd, '-f', "$dir/httpd.conf", '-k', 'start'), 0,
        'a second httpd starts';
    ok wait_for(sub { said() =~ /resuming normal operations/ }), 'and is up';
    my $said = said();
    ok stop(), 'and stops';
    return $said;
}

my $STORE = qr/RateLimitStore holds \d+ keys/;
sub in { return "<Location \"/a\">\n$_[0]\n</Location>\n" }
unlike log_of($_->[1]), $STORE, "no store: $_->[0]" for (
    ['nothing', ''],
    ['tokens alone', in('AuthScheme bearer-jwt')],
);
like log_of($_->[1]), $STORE, "a store: $_->[0]" for (
    ['a limit', in('RateLimit 5/1h')],
    ['a limit of a virtual host', "<VirtualHost *:1>\n" . in('RateLimit 5/1h')
        . '</VirtualHost>'],
    ['passwords', in("AuthScheme basic\nAuthPasswords file\nAuthUserFile x")],
    ['API keys', in('AuthScheme bearer-jwt api-key-header')],
);
finish();
