# SPDX-License-Identifier: Apache-2.0
# S47, A65: SecurityLog has one line for each refusal of a client's request and
# for each login, whatever httpd makes of the request inside; and AuthReportOnly
# header tells what would have been refused.
use strict;
use warnings;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);
use FastAuthTest;
use FastAuthTest::SecurityLog;

my $log  = 'seclog.json';
my $host = at('seclog');
my ($port) = $host =~ /:(\d+)$/;
my $secret = secret('hs256');
sub token { return mint('HS256', $secret, claims(@_), { kid => 'now' }) }
sub bearer { return [Authorization => 'Bearer ' . token(@_)] }
my $alice = bearer();
my $old   = bearer(exp => 1_600_000_000);
my @ann   = (Authorization => basic('ann', password('ann')));

# What a request writes: its events, and its answer. That there are no more than
# expected is seen behind the next request's line, which always has one.
sub events_of
{
    my ($expected, @request) = @_;
    my $mark = events_mark($log);
    my $response = ask(@request);
    ask('GET', '/kept/marker');
    my @events = events_since($log, $mark, $expected + 1);
    is((pop @events // {})->{path}, '/kept/marker', 'the next one')
        if @events != $expected + 1;
    pop @events if @events && $events[-1]{path} eq '/kept/marker';
    return ($response, @events);
}

# One line, of these members (undef: it has none of that name)
sub writes
{
    my ($name, $request, $status, %member) = @_;
    my ($response, @events) = events_of(1, @$request);
    my $event = $events[0] // {};
    my %wanted = (enforced => JSON::PP::true, server => "seclog.example:$port",
        client => '127.0.0.1', method => $request->[0], dropped => undef,
        status => $status, %member);
    my @wrong = map { "$_: " . ($event->{$_} // 'none') }
        grep { ($wanted{$_} // '') ne ($event->{$_} // '') } sort keys %wanted;
    push @wrong, "answered $response->{status}"
        if defined $status && $event->{enforced}
        && $response->{status} != ($member{answer} // $status)
        && !exists $member{answer};
    @wrong = grep { !/^answer:/ } @wrong;
    ok(@events == 1 && !@wrong, $name) || diag(scalar(@events) . ' lines',
        explain(\@wrong, \@events), $response->{raw}, @{ $response->{log} });
    return ($response, $event);
}

sub silent
{
    my ($name, $request, $status) = @_;
    my ($response, @events) = events_of(0, @$request);
    ok(!@events && $response->{status} == $status, "no line: $name")
        || diag($response->{status}, explain(\@events));
    return $response;
}

my @fail  = (event => 'authn_login_fail', level => 'WARN');
my @authz = (event => 'authz_fail', level => 'CRITICAL');
my @proven = (subject => 'alice', authenticated => 1, scheme => 'bearer-jwt',
    key => 'now');
my @unknown = (subject => undef, authenticated => undef, issuer => undef,
    key => undef);

# --- S47: who is asking -----------------------------------------------------------

writes('no credential', ['GET', '/kept/x?q=1'], 401, @fail, @unknown,
    verdict => 'no-credential', path => '/kept/x', scheme => undef,
    location => 'Location /kept', directive => 'AuthScheme', limit => undef);
writes('a bad token', ['GET', '/kept/x', [Authorization => 'Bearer a.b.c']],
    401, @fail, @unknown, verdict => 'bad-credential', scheme => 'bearer-jwt');
writes('an expired one', ['POST', '/kept/x', $old, 'x'], 401, @fail,
    @unknown, verdict => 'expired-credential', scheme => 'bearer-jwt');
writes('an unknown API key', ['HEAD', '/kept/x', ['X-API-Key' => 'nobody-has-it']],
    401, @fail, @unknown, verdict => 'bad-credential', scheme => 'api-key-header');
writes('a bad password', ['GET', '/basic', [Authorization => basic('ann', 'wrong-one')]],
    401, @fail, verdict => 'bad-credential', subject => 'ann',
    authenticated => 0, scheme => 'basic');
writes('an unknown user', ['GET', '/basic', [Authorization => basic('no one', 'wrong-one')]],
    401, @fail, subject => 'no one', authenticated => 0);
writes('two credentials', ['GET', '/every?api_key=x', $alice], 400,
    event => 'input_validation_fail', level => 'WARN',
    verdict => 'two-credentials', path => '/every');
writes('an ambiguous path', ['GET', '/proxied/a%2fb'], 400,
    event => 'input_validation_fail', verdict => 'ambiguous-path',
    directive => 'AuthAmbiguousPath', at => undef);

my @login = (event => 'authn_login_success', level => 'INFO', subject => 'ann',
    authenticated => 1, scheme => 'basic', verdict => 'allowed',
    location => 'Location /basic');
writes('S47 a good password', ['GET', '/basic', [@ann]], undef, @login);
silent('S47 a password that is remembered', ['GET', '/basic', [@ann]], 200);
silent('S47 a token is no login', ['GET', '/kept/part.txt', $alice], 200);
silent('S47 an API key is none', ['GET', '/kept/part.txt', ['X-API-Key' => api_key('kim')]], 200);
writes('S47 nothing is remembered', ['GET', '/every', [@ann]], undef, @login,
    location => 'Location /every') for 1 .. 2;

writes('S47 asked twice within one request', ['GET', '/every/hop?/every/again', [@ann]],
    undef, @login, location => 'Location /every');

# both a login and a refusal
my ($refused, @both) = events_of(2, 'GET', '/basic/writers',
    [Authorization => basic('Aladdin', 'open sesame')]);
is_deeply [map { "$_->{event} $_->{subject} $_->{authenticated}" } @both],
    ['authn_login_success Aladdin 1', 'authz_fail Aladdin 1'],
    'S47 a login, and then it is refused' or diag(explain(\@both));
is $refused->{status}, 403, 'with 403';

# --- what they need ---------------------------------------------------------------

for my $row (['/scope', 'scope-missing', 'RequireScope'],
    ['/role', 'role-missing', 'RequireRole'],
    ['/claim', 'claim-refused', 'RequireClaim'],
    ['/stock', 'scope-missing', 'Require scope'],
    ['/stock/document', 'scope-missing', 'Require scope'])
{
    my ($path, $verdict, $directive) = @$row;
    my (undef, $event) = writes("A65 $path", ['GET', $path, $alice], 403,
        @authz, @proven, verdict => $verdict, directive => $directive);
    like $event->{at}, qr{/67-security-log\.inc:\d+$}, 'and where it stands';
}
my (undef, $scoped) = writes('an API key without it',
    ['GET', '/scope', ['X-API-Key' => api_key('lee')]], 403, @authz,
    subject => 'lee', scheme => 'api-key-header');
ok length $scoped->{key}, 'and its id';
writes('a foreign address', ['GET', '/address'], 403, @authz, @unknown,
    verdict => 'address-refused', directive => 'RequireAddress',
    location => 'Location /address');
writes('no TLS', ['GET', '/tls'], 403, @authz, @unknown,
    verdict => 'tls-required', directive => 'AuthRequireTLS');
silent('httpd\'s own Require', ['GET', '/foreign', $alice], 403);

# --- how often --------------------------------------------------------------------

my @round = ('X-Round' => "$$-" . time);
silent('a limit with room', ['GET', '/limit', [@round]], 200);
writes('over a limit', ['GET', '/limit', [@round]], 429,
    event => 'excess_rate_limit_exceeded', level => 'WARN', limit => 'seclog-one',
    verdict => 'rate-exceeded', directive => 'RateLimit',
    location => 'Location /limit') for 1 .. 2;
silent('another with room', ['GET', '/status403', [@round]], 200);
writes('RateLimitStatus', ['GET', '/status403', [@round]], 403,
    event => 'excess_rate_limit_exceeded', limit => '1/1h');
my @guess = (Authorization => basic("guess-$$-" . int time, 'wrong-one'));
writes('a guess', ['GET', '/guess', [@guess]], 401, @fail);
writes('one too many', ['GET', '/guess', [@guess]], 429, limit => 'seclog-guesses',
    event => 'excess_rate_limit_exceeded', authenticated => 0,
    subject => (split /:/, decode_base64url($guess[1] =~ s/.* //r))[0]);

# --- what fails -------------------------------------------------------------------

writes('Satisfy Any', ['GET', '/satisfy'], 500, event => 'sys_unavailable',
    level => 'WARN', verdict => 'misconfigured');
writes('a password file that is not there', ['GET', '/gone', [@ann]], 503,
    event => 'sys_unavailable', verdict => 'unavailable', subject => 'ann',
    authenticated => 0);

# --- whatever httpd makes of it inside --------------------------------------------

my @none = (@fail, verdict => 'no-credential');
for my $way ('/hop?/kept/part.txt', '/hop?/hop?/kept/part.txt', '/to-kept',
    '/dir-rewrite/to-kept')
{
    my (undef, $event) = writes("A58 $way", ['GET', $way], 401, @none,
        path => '/kept/part.txt', location => 'Location /kept');
    silent("A58 $way", ['GET', $way, $alice], 200);
}
writes('A57 a directory\'s index', ['GET', '/dir/'], 401, @none,
    path => '/dir/', location => 'Location /dir/start.txt');
writes('A57 refused to somebody', ['GET', '/dir/', $alice], 403, @authz,
    @proven, directive => 'RequireScope');
my ($indexed) = writes('A57 an index, and a stock Require',
    ['GET', '/index-stock/', $alice], 403, @authz, @proven,
    directive => 'Require role');
check_denial($indexed, 403, undef, 'is answered as ours');
check_allowed(silent('A57 the other Require', ['GET', '/index-stock/',
    bearer(roles => ['editor'])], 200), 'alice', 'and nothing is left of the first');
for my $way ('/index-two/', '/index-own/') {
    unlike silent("A57 refused by httpd after all, $way", ['GET', $way,
        bearer(roles => ['editor'])], 403)->{body}, qr/role/, 'and not by us';
}
writes('A59 an open error page', ['GET', '/err-open/x'], 401, @none,
    path => '/err-open/x');
writes('A59 a kept one', ['GET', '/err-kept/x'], 401, @none,
    path => '/err-kept/x', location => 'Location /err-kept');
writes('A59 one that refuses itself', ['GET', '/err-self/x'], 401, @none,
    path => '/err-self/x');
writes('A59 a text', ['GET', '/err-away/x'], 401, @none);
writes('A59 one elsewhere', ['GET', '/err-away/x', $alice], 403, @authz,
    @proven, answer => 302);
silent('A59 a page of 404 that is kept', ['GET', '/err-missing/x'], 404);
silent('not there', ['GET', '/missing'], 404);

silent('A57 SSI: a part that nobody asked for by name', ['GET', '/page.shtml'], 200);
silent('A57 SSI: a part that may be seen', ['GET', '/page.shtml', $alice], 200);
writes('A57 SSI: a guess is a guess', ['GET', '/page.shtml', [Authorization => 'Bearer x']],
    401, @fail, verdict => 'bad-credential', answer => 200);
silent('A57 SSI: a part without its scope', ['GET', '/writers.shtml', $alice], 200);
silent('A57 a listing', ['GET', '/list/'], 200);
writes('A57 a listing, and a guess', ['GET', '/list/', [Authorization => 'Bearer x']],
    401, @fail, answer => 200);

# --- AuthReportOnly ---------------------------------------------------------------

sub told { return join '|', headers($_[0], 'X-Would-Refuse') }
my @would = (enforced => 0);
for my $row (
    ['nobody', '/report', [], 401, 'no-credential', ''],
    ['without its scope', '/report', $alice, 403, 'scope-missing', ''],
    ['nobody', '/report/header', [], 401, 'no-credential', '401 no-credential'],
    ['an old token', '/report/header', $old, 401, 'expired-credential',
        '401 expired-credential'],
    ['without its scope', '/report/header', $alice, 403, 'scope-missing',
        '403 scope-missing'],
    ['the handler says so too', '/report/header/forged', $alice, 403,
        'scope-missing', '403 scope-missing'],
    ['stock Require', '/report/header/stock', $alice, 403, 'scope-missing',
        '403 scope-missing'],
    ['an index', '/list-report/', [], 401, 'no-credential', '401 no-credential'],
    ['a redirect', '/tell-report?/open.html', [], 401, 'no-credential',
        '401 no-credential'],
    ['a redirect to itself', '/tell-report?/tell-report?/open.html', [], 401,
        'no-credential', '401 no-credential'],
    ['a page with parts', '/page-report.shtml', [], 401, 'no-credential',
        '401 no-credential'],
    ['an error of httpd', '/report/header/denied', [], 401, 'no-credential',
        '401 no-credential', 403],
)
{
    my ($name, $path, $headers, $status, $verdict, $tells, $answer) = @$row;
    my ($response) = writes("AuthReportOnly: $name at $path",
        ['GET', $path, $headers], $status, @would, verdict => $verdict);
    is $response->{status}, $answer // 200, 'is answered';
    is told($response), $tells, 'and tells the administrator';
}
my $reader = bearer(scope => 'seclog:read');
for (['/report/header', $reader], ['/report/header/stock', $reader],
    ['/list-report/', $alice], ['/page.shtml', []])
{
    is told(silent("AuthReportOnly: nothing to report at $_->[0]",
        ['GET', @$_], 200)), '', 'and nothing is told';
}
# a refusal behind what would have been one: both
my ($behind, @two) = events_of(2, 'GET', '/tell-report?/kept/part.txt');
is_deeply [map { [$_->{location}, $_->{enforced} ? 1 : 0] } @two],
    [['Location /tell-report', 0], ['Location /kept', 1]],
    'AuthReportOnly: let pass, and refused behind it';
is $behind->{status}, 401, 'with 401';
is told($behind), '401 no-credential', 'and both are told';
# what the handler says of itself where we have nothing to say
is told(silent('forged', ['GET', '/report/header/forged', $reader], 200)), '',
    'AuthReportOnly: no other word than ours';

# --- a virtual host's own, and the main server's ---------------------------------

my $main = events_mark('security.json');
writes('a virtual host\'s own', ['GET', '/kept/own'], 401);
is_deeply [grep { $_->{server} =~ /^seclog\.example:$port$/ }
    events_since('security.json', $main, 0)], [],
    'is not in the main server\'s';
my $own = events_mark($log);
my ($other) = at('seclog_shared') =~ /:(\d+)$/;
ask('GET', '/kept/shared');
my @shared = events_since('security.json', $main, 1);
is "$shared[0]{path} $shared[0]{server}", "/kept/shared seclog.example:$other",
    'and without one it is';
is events_mark($log), $own, 'and in no other';
at('seclog');

# --- A65: what no line may do to its reader -----------------------------------------

my @strings = ("a\r\nb", "\e[31mred\e[0m", "\x9b2J", "a\0b", "\x7f\x08\x07",
    '%n%s%n%s%p', '"},{"event":"x', '\\', "\xff\xfe", "\xe2\x80\xae",
    "\xed\xa0\x80", map({ $_ x 5_000 } 'a', "\xc3\xa4", "\n", '"'));
for my $list (qw(strings/blns_b64 strings/terminal_escapes_fuzzdb
    strings/format_strings_fuzzdb strings/null_bytes_fuzzdb
    strings/unicode_corrupted_fuzzdb strings/unicode_naughty_fuzzdb
    headers/crlf_fuzzdb patt/crlfinjection))
{
    my $cases = corpus("$list.json") or next;
    for my $string (@{ $cases->{cases} }) {
        my $bytes = $list =~ /b64/ ? MIME::Base64::decode_base64($string)
            : $string;
        utf8::encode($bytes) if utf8::is_utf8($bytes);
        push @strings, $bytes;
    }
}
ok @strings > 400 || !corpus('strings/blns_b64.json'),
    'A65 ' . @strings . ' strings';
sub field { my ($text) = @_; $text =~ tr/\0-\x08\x0a-\x1f\x7f//d; return $text }
sub escaped { return form_escape(substr $_[0], 0, 2_500) }
my %places = (
    'the user' => sub { ['GET', '/basic', [Authorization => 'Basic '
        . encode_base64("$_[0]:x", '')]] },
    'the path' => sub { ['GET', '/kept/' . escaped($_[0])] },
    'the query' => sub { ['GET', '/kept?x=' . escaped($_[0])] },
    'the token' => sub { ['GET', '/kept', [Authorization => 'Bearer ' . field($_[0])]] },
    'the key' => sub { ['GET', '/kept', ['X-API-Key' => field($_[0])]] },
    'a good user' => sub { utf8::decode(my $user = $_[0]);
        ['GET', '/scope', bearer(sub => $user)] },
);
for my $place (sort keys %places) {
    my $mark = events_mark($log);
    my $from = -s top() . "/logs/$log";
    my ($count, @subjects) = (0);
    for my $string (@strings) {
        my $request = $places{$place}->($string);
        next if 8_000 < length join '', $request->[1], map { @$_ }
            $request->[2] // ();
        my $response = ask(@$request);
        # 400, 403 and 404 may be httpd's own: a NUL, a CR, a long name
        next if (header($response, 'Cache-Control') // '') ne 'no-store';
        $count++;
        push @subjects, $string;
    }
    my @events = events_since($log, $mark, $count);
    my @lines = split /\n/, substr slurp(top() . "/logs/$log"), $from;
    cmp_ok $count, '>', 8, "A65 $place: $count refusals";
    is scalar(@events), $count, "A65 $place: as many lines";
    is_deeply [wrong_lines(join '', map { "$_\n" } @lines)], [],
        "A65 $place: every line is right";
    is_deeply [grep { /[^ -~\x80-\xff]/ } @lines], [],
        "A65 $place: no control character";
    next if $place ne 'the user';
    # what can be shown, is
    my %shown = map { $_->{subject} // '' => 1 } @events;
    for my $user ("\e[31mred\e[0m", '%n%s%n%s%p', '"},{"event"', "a\r\nb") {
        ok $shown{$user}, 'A65 the name is in the log, escaped';
    }
}
my (undef, $long) = writes('A65 a long path', ['GET', '/kept' . '/aaaaaaaaa' x 200], 401);
is length $long->{path}, 1_024, 'A65 is cut';
like $long->{path}, qr/\.\.\.\z/, 'A65 and says so';

# --- many at once ------------------------------------------------------------------

my ($children, $each) = (8, 60);
my $mark = events_mark($log);
my @started;
for my $child (1 .. $children) {
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        alarm 120;
        ask('GET', "/kept/many-$child-$_-" . '/xxxxxxxxx' x $_, []) for 1 .. $each;
        POSIX::_exit(0);
    }
    push @started, $pid;
}
waitpid $_, 0 for @started;
my @many = events_since($log, $mark, $children * $each);
is scalar(@many), $children * $each, 'as many lines as refusals';
my %seen;
$seen{ ($_->{path} =~ /(many-\d+-\d+)-/)[0] // 'another' }++ for @many;
is scalar(grep { /^many/ && $seen{$_} == 1 } keys %seen), $children * $each,
    'each has one';

is_deeply [wrong_lines(slurp(top() . "/logs/$log"))], [],
    'every line is right, and none is mixed';
my $bytes = slurp(top() . "/logs/$log");
is_deeply [FastAuthTest::_leaks($bytes)], [], 'no secret in it';
unlike $bytes, qr/eyJ|wrong-one|nobody-has-it|q=1/, 'nor what was sent';
finish();
