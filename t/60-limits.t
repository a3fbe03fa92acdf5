# SPDX-License-Identifier: Apache-2.0
# S36, S37, S39, A80, A89, A93, A95: how often. What many do at once is in
# 62-races.t; that a clock which is set changes nothing (A96) the units claim:
# the arithmetic is given its time, and the server reads CLOCK_BOOTTIME.
use strict;
use warnings;
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;

at('limits');
my $secret = secret('hs256');

# --- who asks, and how it stands ---------------------------------------------------

sub bearer
{
    return (Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_)));
}
my %bearer = map { ($_ => [bearer(sub => $_)]) } qw(alice bob carol kim);
my @kim = ('X-API-Key' => api_key('kim'));
my @lee = ('X-API-Key' => api_key('lee'));

sub from { return ('X-Test-Address' => $_[0]) }

# An address that nobody has had yet
my $clients = 0;
sub client
{
    $clients++;
    return from('198.51.' . int($clients / 250) . '.' . (1 + $clients % 250));
}

# Requests one after the other are answered so; the last answer
sub answers
{
    my ($name, $path, $headers, @statuses) = @_;
    my @got = map { ask('GET', $path, $headers) } @statuses;
    is join(' ', map { $_->{status} } @got), "@statuses", $name
        or diag(map { "$_\n" } @{ $got[-1]{log} });
    return $got[-1];
}

# A list of RFC 9651: [name, {parameter => integer}]... Dies of what is
# malformed.
sub fields
{
    my ($response, $name) = @_;
    my @values = headers($response, $name);
    die "$name: " . @values . " lines\n" if @values > 1;
    return () unless @values;
    my ($rest, @found) = ($values[0]);
    while ($rest =~ s/^"((?:[ !#-\[\]-~]|\\["\\])*)"//) {
        my ($item, %parameter) = ($1);
        $item =~ s/\\(.)/$1/g;
        $parameter{$1} = $2 while $rest =~ s/^;([a-z]+)=(\d{1,15})(?![\d.])//;
        push @found, [$item, \%parameter];
        return @found if $rest eq '';
        $rest =~ s/^, // or last;
    }
    die "$name is malformed: $values[0]\n";
}

# What is left, by name: three=2
sub left
{
    return join ' ', map { "$_->[0]=$_->[1]{r}" } fields($_[0], 'RateLimit');
}

# The fields are there, go with each other, and say so much is left
sub tells
{
    my ($response, $name, $left, %policy) = @_;
    my @policy = eval { fields($response, 'RateLimit-Policy') };
    my @state  = eval { fields($response, 'RateLimit') };
    is $@, '', "$name: RFC 9651 reads it";
    is_deeply [map { $_->[0] } @state], [map { $_->[0] } @policy],
        "$name: both fields name the same";
    is left($response), $left, "$name: what is left";
    my %told = map { @$_ } @policy;
    is_deeply \%told, \%policy, "$name: the policy" if %policy;
    # above 64 a 64th of the window late
    ok !(grep { my ($q, $w) = @{ $told{ $_->[0] } }{qw(q w)};
        $_->[1]{t} < 1 || $_->[1]{t} > ($q > 64 ? 1 + $w * 65 / 64 : $w)
    } @state),
        "$name: t is from 1 to the window"
        or diag(headers($response, 'RateLimit'));
    return;
}

sub is_untold
{
    my ($response, $name) = @_;
    ok !(map { headers($response, $_) } qw(RateLimit RateLimit-Policy
        Retry-After)), "$name: no field";
    return;
}

# Over a limit: all that a refusal is, and when to come again
sub is_over
{
    my ($response, $name, $violated, $least, $most, %also) = @_;
    check_denial($response, $also{status} // 429, undef, $name, %also);
    my $problem = problem($response) // {};
    is $problem->{type},
        'https://iana.org/assignments/http-problem-types#quota-exceeded',
        "$name: its type";
    is_deeply $problem->{'violated-policies'}, $violated,
        "$name: which limits";
    my $after = header($response, 'Retry-After') // '';
    ok $after =~ /^[1-9]\d*$/ && $after >= $least && $after <= $most,
        "$name: Retry-After" or diag("$after, not $least to $most");
    return;
}

# --- S36: N, and one more -----------------------------------------------------------

{
    my @client = client();
    my @three = ('three' => { q => 3, w => 3600 });
    for my $left (2, 1, 0) {
        my $response = ask('GET', '/l/three', [@client]);
        check_allowed($response, undef, 'S36 within the limit');
        tells($response, 'S36 200', "three=$left", @three);
        is header($response, 'Retry-After'), undef, 'S36 no Retry-After';
    }
    my $over = ask('GET', '/l/three', [@client]);
    is_over($over, 'S36 the fourth', ['three'], 3590, 3600);
    tells($over, 'S36 429', 'three=0', @three);
    like $over->{log}[-1], qr/refused 429 rate-exceeded: .*RateLimit/,
        'S36 the log says why';
    for (1 .. 5) {
        my $again = ask('GET', '/l/three', [@client]);
        is $again->{status}, 429, 'S36 and stays so';
        is left($again), 'three=0', 'S36 refused requests take nothing';
    }
    my $head = ask('HEAD', '/l/three', [@client]);
    check_denial($head, 429, undef, 'S36 HEAD');
    tells($head, 'S36 HEAD', 'three=0', @three);
    answers('S36 another address', '/l/three', [client()], 200);
}
is_over(answers('RateLimitStatus 403', '/l/status', [from('203.0.113.1')], 200,
    403), 'RateLimitStatus 403', ['1/1h'], 3590, 3600, status => 403);
answers('RateLimitStatus 429 below it', '/l/status/child',
    [from('203.0.113.1')], 429);
{
    # every answer of a limited section tells
    my @client = client();
    my $head = ask('HEAD', '/l/three', [@client]);
    tells($head, 'A80 HEAD', 'three=2');
    my $same = ask('GET', '/l/three',
        [@client, 'If-None-Match' => header($head, 'ETag')]);
    is $same->{status}, 304, 'A80 304';
    tells($same, 'A80 304', 'three=1');
    my $range = ask('GET', '/l/three', [@client, Range => 'bytes=999-']);
    is $range->{status}, 416, 'A80 416';
    tells($range, 'A80 416', 'three=0');
    answers('A80 and all of them count', '/l/three', [@client], 429);

    @client = client();
    my $missing = answers('A80 404', '/missing/x', [@client], 404);
    tells($missing, 'A80 404', '2/1h=1');
    $missing = answers('A80 404 counts', '/missing/x', [@client], 404);
    tells($missing, 'A80 404', '2/1h=0');
    answers('A80 429 rather than 404', '/missing/x', [@client], 429);

    # refused by another reason: what is weighed before credentials is spent
    @client = client();
    my $none = ask('GET', '/l/before', [@client]);
    check_denial($none, 401, qr/^Bearer realm="API"$/, 'A80 401');
    tells($none, 'A80 401', '3/1h=2');
    my $scope = ask('GET', '/l/before', [@client, @{ $bearer{alice} }]);
    check_denial($scope, 403, qr/^Bearer .*insufficient_scope/, 'A80 403');
    tells($scope, 'A80 403', '3/1h=1');
    answers('A80 401 counts', '/l/before', [@client], 401, 429);
}
{
    my @client = client();
    my $last = answers('more than 64', '/l/seventy', [@client], (200) x 70);
    is left($last), '70/1h=0', 'none is left of 70';
    # a 64th of the window late at most
    is_over(ask('GET', '/l/seventy', [@client]), 'the 71st', ['70/1h'], 3590,
        3600 + 3600 / 64 + 1);

    @client = client();
    check_denial(answers('AuthErrorFormat', '/l/format', [@client], 200, 429),
        429, undef, 'AuthErrorFormat fastopenapi', body => 'fastopenapi');
    my $page = answers('AuthErrorFormat', '/l/page', [@client], 200, 429);
    check_denial($page, 429, undef, 'AuthErrorFormat httpd', body => 'any');
    cmp_ok header($page, 'Retry-After'), '>=', 3590, 'and Retry-After';

    my $trial = answers('AuthReportOnly', '/l/trial', [@client], 200, 200);
    is scalar(grep { /would refuse 429/ } @{ $trial->{log} }), 1,
        'AuthReportOnly says what it would do';
}

# --- S36, S39: windows go by -------------------------------------------------------

{
    my @client = client();
    answers('S39 a long window', '/l/long', [@client], 200, 200, 429);
    answers('S39 and a short one', '/l/short', [@client], (200) x 5, 429);

    # a slot frees one window after its request: the times around each answer
    my (@sent, @came);
    my $go = sub {
        my $sent = time;
        my $response = ask('GET', '/l/second', [@client]);
        return $response unless $response->{status} == 200;
        push @sent, $sent;
        push @came, time;
        return $response;
    };
    $go->();
    sleep 0.3;
    $go->();
    is scalar(@came), 2, 'S36 two in a second';
    my $over = $go->();
    is_over($over, 'S36 two in a second, and one more', ['2/1s'], 1, 1);
    my ($refused, $end) = (0, time + 5);
    while (@came < 4 && time < $end) {
        $refused++ if $go->()->{status} == 429;
        sleep 0.02;
    }
    is scalar(@came), 4, 'S36 both slots free again';
    cmp_ok $refused, '>', 10, "S36 for all that were refused ($refused)";
    for my $slot (0, 1) {
        cmp_ok $came[$slot + 2] - $sent[$slot], '>=', 1,
            "S36 slot $slot: not before its window ends";
        cmp_ok $sent[$slot + 2] - $came[$slot], '<', 1.4,
            "S36 slot $slot: and not much later";
    }
    answers('S39 the short window is over', '/l/short', [@client], 200);
    answers('S39 the long one is not', '/l/long', [@client], 429);
}

# --- S37: by user -------------------------------------------------------------------

{
    my @client = client();
    answers('S37 no credential', '/l/user', [@client], (401) x 4);
    answers('S37 a bad one', '/l/user',
        [@client, Authorization => 'Bearer a.b.c'], (401) x 4);
    answers('S37 an expired one', '/l/user', [@client, bearer(exp => 1)],
        (401) x 4);
    my $over = answers('S37 nothing of that was alice\'s', '/l/user',
        [@client, @{ $bearer{alice} }], 200, 200, 429);
    is_over($over, 'S37 by user', ['2/1h'], 3590, 3600);
    answers('S37 from elsewhere she is the same', '/l/user',
        [client(), @{ $bearer{alice} }], 429);
    answers('S37 with another token too', '/l/user', [@client, bearer(x => 1)],
        429);
    answers('S37 another user', '/l/user', [@client, @{ $bearer{bob} }], 200);
    # two users of one name: a key's, and a token's
    answers('S37 kim by key', '/l/user', [@client, @kim], 200, 200, 429);
    answers('S37 kim by token', '/l/user', [@client, @{ $bearer{kim} }], 200);

    answers('S37 who lacks the scope pays nothing', '/l/scope',
        [@client, @{ $bearer{alice} }], (403) x 3);
    answers('S37 and with it', '/l/scope', [@client, bearer(scope => 'read')],
        200, 429);
}
{
    # step 5 refuses: what step 2 took is given back
    my @client = client();
    my @alice = (@client, @{ $bearer{alice} });
    is left(answers('both steps', '/l/caller', [@alice], 200)),
        'step-2=99 step-5=0', 'each takes one';
    my $over = answers('step 5 refuses', '/l/caller', [@alice], (429) x 5);
    is_over($over, 'step 5', ['step-5'], 3590, 3600);
    is left(answers('another user', '/l/caller', [@client, @{ $bearer{bob} }],
        200)), 'step-2=98 step-5=0', 'and nothing of step 2 was spent';
    is left(answers('a bad credential', '/l/caller', [@client], 401)),
        'step-2=97', 'is told of step 2 alone';
}

# --- by= -----------------------------------------------------------------------------

# Requests of these callers, one each, at a limit of one: who has paid for whom
sub one_each
{
    my ($name, $path, @rows) = @_;
    for (@rows) {
        my ($who, $status, @headers) = @$_;
        answers("by=$name: $who", $path, \@headers, $status);
    }
    return;
}

one_each('ip', '/l/by-ip', ['one', 200, from('203.0.113.7')],
    ['again', 429, from('203.0.113.7')],
    ['another', 200, from('203.0.113.8')],
    ['IPv6', 200, from('2001:db8:1:2::1')],
    ['its /64', 429, from('2001:db8:1:2:ffff:ffff:ffff:ffff')],
    ['in long', 429, from('2001:0db8:0001:0002:0000:0000:0000:0009')],
    ['the next /64', 200, from('2001:db8:1:3::1')],
    ['zeros', 200, from('2001:db8::1')],
    ['the same IPv4, mapped', 429, from('::ffff:203.0.113.7')],
    ['what a client says is nothing', 429, from('203.0.113.7'),
        'X-Forwarded-For' => '203.0.113.99', Forwarded => 'for=203.0.113.99']);
{
    my @sweep = map { ask('GET', '/l/by-ip',
        [from(sprintf '2001:db8:7:7:%x::%x', $_, $_ * 77)])->{status} } 1 .. 40;
    is scalar(grep { $_ == 200 } @sweep), 1, 'A89 a sweep of a /64 is one caller';
}
one_each('location', '/l/by-location', ['one', 200, client()],
    ['another', 200, client()], ['a third', 429, client()]);
{
    my @one = client();
    my @two = client();
    one_each('user', '/l/by-user', ['alice', 200, @one, @{ $bearer{alice} }],
        ['nobody', 200, @one], ['nobody again', 429, @one],
        ['nobody elsewhere', 200, @two],
        ['bob', 200, @one, @{ $bearer{bob} }],
        ['alice elsewhere', 429, @two, @{ $bearer{alice} }]);
    one_each('user,ip', '/l/by-user-ip',
        ['alice', 200, @one, @{ $bearer{alice} }],
        ['alice again', 429, @one, @{ $bearer{alice} }],
        ['alice elsewhere', 200, @two, @{ $bearer{alice} }],
        ['bob', 200, @one, @{ $bearer{bob} }]);
    one_each('api-key', '/l/by-key', ['kim', 200, @one, @kim],
        ['kim elsewhere', 429, @two, @kim], ['lee', 200, @one, @lee],
        ['a token has no key: by user', 200, @one, @{ $bearer{alice} }],
        ['and so elsewhere', 429, @two, @{ $bearer{alice} }],
        ['another user', 200, @two, @{ $bearer{bob} }],
        ['nobody: by address', 200, @one], ['nobody again', 429, @one],
        ['nobody elsewhere', 200, @two]);
    my $of = sub { return bearer(sub => $_[0], org => { tenant => $_[1] }) };
    one_each('claim', '/l/by-claim', ['tenant t', 200, @one, $of->('alice', 't')],
        ['its other user', 429, @two, $of->('bob', 't')],
        ['tenant u', 200, @one, $of->('alice', 'u')],
        ['a number', 200, @one, $of->('alice', 7)],
        ['the same number', 429, @one, $of->('bob', 7)],
        ['another number', 200, @one, $of->('bob', 2**53)],
        ['no tenant: by user', 200, @one, @{ $bearer{alice} }],
        ['so elsewhere', 429, @two, @{ $bearer{alice} }],
        ['an array is none', 429, @two, $of->('alice', ['t'])],
        ['another user', 200, @one, @{ $bearer{carol} }],
        ['nobody: by address', 200, @one], ['nobody again', 429, @one]);
    one_each('header', '/l/by-header', ['a', 200, @one, 'X-Tenant' => 'a'],
        ['a elsewhere', 429, @two, 'X-Tenant' => 'a'],
        ['any spelling of its name', 429, @two, 'x-tenant' => 'a'],
        ['b', 200, @one, 'X-Tenant' => 'b'],
        ['none: by address', 200, @one], ['none again', 429, @one],
        ['none elsewhere', 200, @two],
        ['an address is no way round', 200, @one, 'X-Tenant' => '198.51.0.2']);
    one_each('ip,header', '/l/by-header-ip', ['a', 200, @one, 'X-Tenant' => 'a'],
        ['b', 200, @one, 'X-Tenant' => 'b'],
        ['a elsewhere', 200, @two, 'X-Tenant' => 'a'],
        ['a again', 429, @one, 'X-Tenant' => 'a'],
        ['none', 200, @one], ['none again', 429, @one]);
}

# --- names, and virtual hosts -----------------------------------------------------------

{
    my @client = client();
    answers('A95 its own', '/own', [@client], 200, 200, 429);
    answers('shared by sections', '/shared', [@client], 200);
    answers('shared by sections', '/sharer', [@client], 200);
    at('limits_second');
    answers('A95 the other host\'s own', '/own', [@client], 200, 200, 429);
    answers('A95 a name is shared', '/shared', [@client], 200, 429);
    answers('A95 in all sections', '/sharer', [@client], 429);
    at('limits');
    answers('A95 and back', '/shared', [@client], 429);
    answers('A95 another address', '/shared', [client()], 200);

    my $odd = answers('a name', '/l/quoted', [@client], 200);
    my $name = 'a "b\\c; é';
    (my $ascii = $name) =~ s/[\x80-\xff]/?/g;
    tells($odd, 'a name that needs quoting', "$ascii=0",
        $ascii => { q => 1, w => 3600 });
    utf8::decode($name);
    is_over(ask('GET', '/l/quoted', [@client]), 'and in the body', [$name], 3590,
        3600);
}

# --- several; cost=; methods; children ------------------------------------------------------

{
    my @client = client();
    is left(answers('several', '/l/several', [@client], 200, 200)),
        'all=98 2/1h=0 day=1', 'all of them are paid';
    my $over = answers('one is exceeded', '/l/several', [@client], 429, 429);
    is_over($over, 'one of several', ['2/1h'], 3590, 3600);
    tells($over, 'one of several', 'all=98 2/1h=0 day=1',
        all => { q => 100, w => 3600 }, '2/1h' => { q => 2, w => 3600 },
        day => { q => 3, w => 86400 });
    is left(answers('another', '/l/several', [client()], 200)),
        'all=97 2/1h=1 day=2', 'all or nothing: the others took nothing';

    my $cost = answers('cost=2 of 5', '/l/cost', [@client], 200);
    tells($cost, 'cost=2', '5/1h=3', '5/1h' => { q => 5, w => 3600 });
    $cost = answers('cost=2 of 5', '/l/cost', [@client], 200, 429);
    is_over($cost, 'one is left, two are asked', ['5/1h'], 3590, 3600);
    is left($cost), '5/1h=1', 'cost=2: one is left';

    is_untold(ask('GET', '/l/post', [@client]), '<Limit POST>: GET');
    my @posts = map { ask('POST', '/l/post', [@client], 'x') } 1, 2;
    is_over($posts[1], '<Limit POST>: the second', ['post'], 3590, 3600);
    isnt $posts[0]{status}, 429, '<Limit POST>: the first';
    is_untold(answers('<Limit POST>: GET', '/l/post', [@client], (200) x 3),
        '<Limit POST>: GET goes on');
    is ask('HEAD', '/l/get', [@client])->{status}, 200, '<Limit GET>: HEAD';
    answers('<Limit GET>: HEAD was one of two', '/l/get', [@client], 200, 429);
    is_untold(ask('POST', '/l/get', [@client], 'x'), '<Limit GET>: POST');
}
{
    my @client = client();
    is left(answers('a child adds', '/l/parent/adds', [@client], 200)),
        'parent=1 child=0', 'both';
    is_over(answers('a child\'s own', '/l/parent/adds', [@client], 429),
        'a child\'s own', ['child'], 3590, 3600);
    answers('all below share', '/l/parent/x', [@client], 200);
    answers('the parent\'s count', '/l/parent', [@client], 429);
    answers('none on=failure keeps it', '/l/parent/failure', [@client], 429);
    is_untold(answers('none', '/l/parent/none', [@client], (200) x 4), 'none');
    is left(answers('none, and another', '/l/parent/instead', [@client], 200)),
        'instead=0', 'none, and another';
    answers('none, and another', '/l/parent/instead', [@client], 429);
}

# --- on=failure ---------------------------------------------------------------------------------

sub as { return (Authorization => basic(@_)) }
my @ann = as('ann', password('ann'));
my @colon = as('colon', password('colon'));

{
    my @client = client();
    my $hash = qr/refused 401 bad-credential/;
    is_untold(answers('good credentials', '/f/five', [@client, @ann],
        (200) x 8), 'a throttle of failures');
    answers('no credential', '/f/five', [@client], (401) x 8);
    for (1 .. 5) {
        my $wrong = ask('GET', '/f/five', [@client, as('ann', "guess no. $_")]);
        check_denial($wrong, 401, qr/^Basic/, 'A80 a guess reaches the hash');
        like $wrong->{log}[-1], $hash, 'A80 and was verified';
        is_untold($wrong, 'A80 a guess');
    }
    my $sixth = ask('GET', '/f/five', [@client, as('ann', 'guess no. 6')]);
    is_over($sixth, 'A80 429 before the hash', ['five-guesses'], 50, 60);
    unlike join("\n", @{ $sixth->{log} }), $hash, 'A80 nothing was verified';
    is_over(ask('GET', '/f/five', [@client, @ann]), 'A80 the right one, too',
        ['five-guesses'], 50, 60);
    answers('another account', '/f/five', [@client, @colon], (200) x 6);
    answers('the victim elsewhere', '/f/five', [client(), @ann], (200) x 6);
    answers('an account that does not exist', '/f/five',
        [@client, as('nobody', 'guess no. 7')], (401) x 5, 429);
    answers('nobody is told', '/f/five', [@client], 401);

    # a permit that is in flight is none that is spent
    my @both = client();
    is left(answers('beside another limit', '/f/both', [@both, @ann],
        (200) x 3)), 'all-of-both=97', 'and only that one is spent';
    answers('and wrong', '/f/both', [@both, as('ann', 'guess no. 8')], 401, 401);
    my $over = answers('over', '/f/both', [@both, @ann], 429, 429);
    is_over($over, 'the throttle', ['two-guesses'], 50, 60);
    is left($over), 'two-guesses=0 all-of-both=95', 'all or nothing';
}
{
    # what nobody has configured
    my @client = client();
    answers('30/1m of one account', '/f/usual',
        [@client, as('ann', 'guess no. 9')], (401) x 30, 429);
    answers('and its right password', '/f/usual', [@client, @ann], 429);
    answers('not another\'s', '/f/usual', [@client, @colon], 200);
    answers('not elsewhere', '/f/usual', [client(), @ann], 200);

    my %got;
    $got{ ask('GET', '/f/usual', [@client, as("user$_", 'guess no. 10')])
            ->{status} }++ for 1 .. 280;
    is_deeply \%got, { 401 => 270, 429 => 10 }, '300/1m of one address';
    my $over = answers('and nobody else from there', '/f/usual',
        [@client, @colon], 429);
    is_over($over, '300/1m', ['300/1m'], 1, 62);

    my @bad = ('X-API-Key' => 'a key that nobody has');
    @client = client();
    answers('30/1m of one key', '/f/key', [@client, @bad], (401) x 30, 429);
    answers('another bad key', '/f/key',
        [@client, 'X-API-Key' => 'nor this one'], 401);
    answers('a good key', '/f/key', [@client, @kim], (200) x 40);
    answers('bearer has no throttle', '/f/bearer',
        [@client, Authorization => 'Bearer a.b.c'], (401) x 40);
    is_untold(answers('none on=failure', '/f/free',
        [@client, as('ann', 'guess no. 11')], (401) x 40), 'none');
}

# --- A80: what is spent once ------------------------------------------------------------------------

{
    my @client = client();
    my $index = answers('DirectoryIndex', '/dir/', [@client], 200);
    like $index->{body}, qr/of a directory/, 'DirectoryIndex';
    tells($index, 'A80 DirectoryIndex counts one', 'dir=8');
    is left(answers('DirectoryIndex', '/dir/', [@client], 200)), 'dir=7',
        'A80 DirectoryIndex counts one, again';
    answers('a slash is missing', '/dir', [@client], 301);
    is left(answers('the file', '/dir/file.txt', [@client], 200)), 'dir=5',
        'A80 a redirect by the client is a request';

    for my $path ('/rewritten/from', '/from-outside') {
        my @own = client();
        for my $left (8, 7) {
            my $response = answers($path, $path, [@own], 200);
            like $response->{body}, qr/where a rewrite goes/, $path;
            is left($response), "rewritten=$left", "A80 $path counts one";
        }
    }
    my $page = answers('SSI', '/page.shtml', [@client], 200);
    like $page->{body}, qr/a part\n a part/, 'SSI';
    is left($page), 'page=8', 'A80 SSI: the page counts one';
    is left(answers('its part', '/part.txt', [@client], 200)), 'part=8',
        'A80 SSI: its parts count nothing';

    my $error = answers('ErrorDocument', '/l/with-error', [@client], 401);
    like $error->{body}, qr/a part/, 'ErrorDocument';
    $error = answers('ErrorDocument', '/l/over-error', [@client], 200, 429, 429);
    like $error->{body}, qr/a part/, 'ErrorDocument of 429';
    cmp_ok header($error, 'Retry-After') // 0, '>=', 3590,
        'ErrorDocument of 429: Retry-After';
    is left(answers('the error page', '/errors', [@client], 200)), 'errors=8',
        'A80 ErrorDocument counts nothing';

    my $hop = answers('an internal redirect', '/hop?/l/target', [@client], 200);
    is left($hop), 'hop=8 target=0', 'A80 pays what is not paid yet';
    is_over(answers('again', '/hop?/l/target', [@client], 429), 'A80 again',
        ['target'], 3590, 3600, lines => 1, handler => 1);
    is left(answers('elsewhere', '/hop?/alive', [@client], 404)), 'hop=6',
        'A80 what was paid is paid';
}

# --- fastauth-status -----------------------------------------------------------------------------

sub counts
{
    my $json = decode_json(ask('GET', '/counts?format=json')->{body});
    my %count = ('over' => $json->{decisions}{'rate-exceeded'});
    for (grep { $_->{server} =~ /^limits\.example/ } @{ $json->{limits} }) {
        $count{"$_->{limit} admitted"} += $_->{admitted};
        $count{"$_->{limit} refused"} += $_->{refused};
    }
    $count{"keys $_"} = $json->{store}{$_}{keys} for keys %{ $json->{store} };
    return \%count;
}
sub moves
{
    my ($name, $requests, %expected) = @_;
    my $before = counts();
    $requests->();
    my $after = counts();
    my %moved = map { ($_ => $after->{$_} - $before->{$_}) }
        grep { $after->{$_} != $before->{$_} } keys %$after;
    is_deeply \%moved, \%expected, "counters: $name" or diag(explain(\%moved));
    return;
}
{
    my @client = client();
    moves('nothing', sub { });
    moves('three of three', sub {
        answers('counted', '/l/three', [@client], 200, 200, 200);
    }, 'three admitted' => 3, 'keys other' => 1);
    moves('and over', sub { answers('counted', '/l/three', [@client], 429, 429) },
        'three refused' => 2, over => 2);
    moves('step 5', sub {
        answers('counted', '/l/caller', [@client, @{ $bearer{alice} }], 429);
    }, 'step-5 refused' => 1, over => 1, 'keys other' => 1);
    moves('by header', sub {
        answers('counted', '/l/by-header', [@client, 'X-Tenant' => 'z'], 200);
    }, '1/1h admitted' => 1, 'keys header' => 1);
    moves('a failure', sub {
        answers('counted', '/f/five', [@client, as('ann', 'guess no. 12')], 401);
    }, 'five-guesses admitted' => 1, 'keys failure' => 1);
    moves('an internal redirect', sub {
        answers('counted', '/hop?/l/target', [@client], 200);
    }, 'hop admitted' => 1, 'target admitted' => 1, 'keys other' => 2);
}

# --- more limits than can be weighed at once ---------------------------------------------------------

{
    my @client = client();
    is scalar(fields(answers('32 limits', '/l/deep/2/3/4', [@client], 200),
        'RateLimit')), 32, '32 limits at once';
    my $over = ask('GET', '/l/deep/2/3/4/5', [@client]);
    check_denial($over, 500, undef, '33 limits at once');
    like $over->{log}[-1], qr/more limits in force than can be weighed/,
        'and the log says so';
}

# --- a second httpd: restarts and misuse ---------------------------------------------------------------

my $dir   = top() . '/limits';
second_dir($dir);
my $httpd = Apache::Test::vars('httpd');
my $mpm   = $ENV{FASTAUTH_MPM} // 'event';
my $port  = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
    ->sockport;
mkdir $dir;

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
    ScriptSock cgisock
</IfModule>
DocumentRoot "${\top()}/htdocs/limits"
TypesConfig /dev/null
StartServers 2
$text
END
    return;
}

END {
    my $status = $?;
    my $pid = pid();
    if ($pid && kill 'TERM', $pid) {
        wait_for(sub { !kill 0, $pid });
    }
    $? = $status;
}

# What it says to a configuration, and whether it takes it
sub judge
{
    my ($text) = @_;
    configure($text);
    my $said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
    return ($? == 0, $said);
}
sub refused
{
    my ($name, $text, @patterns) = @_;
    my ($taken, $said) = judge($text);
    ok !$taken && !(grep { $said !~ $_ } @patterns), $name or diag($said);
    return;
}
sub in { return "<Location \"$_[0]\">\n$_[1]\n</Location>\n" }

{
    configure('');
    my $first = 1 + (() = slurp("$dir/httpd.conf") =~ /\n/g);
    my $second = $first + 3;
    for (['N', '4/1h name=x'], ['W', '3/2h name=x'],
        ['by=', '3/1h name=x by=location'],
        ['on=', '3/1h name=x on=failure'],
        ['the header', '3/1h name=x by=header:A'])
    {
        my ($what, $other) = @$_;
        refused("one name, two limits: $what", in('/a', 'RateLimit 3/1h name=x')
                . in('/b', "RateLimit $other"),
            qr/RateLimit: name=x \(\S*httpd\.conf:$second\) is another/,
            qr/ limit at \S*httpd\.conf:$first: /);
    }
    my ($taken, $said) = judge(in('/a', 'RateLimit 3/1h name=x')
            . in('/b', 'RateLimit 3/1h name=x cost=2')
            . "<VirtualHost *:1>\n" . in('/c', 'RateLimit 3/1h name=x')
            . "</VirtualHost>\n");
    ok $taken, 'one name, one limit, at three places' or diag($said);
    refused('one name, two limits, two hosts', in('/a', 'RateLimit 3/1h name=x')
            . "<VirtualHost *:1>\n" . in('/c', 'RateLimit 4/1h name=x')
            . "</VirtualHost>\n", qr/RateLimit: name=x /);
    my $deep = join '', map { in('/deep' . '/x' x $_, join "\n",
        map { "RateLimit $_/1h" } 1 .. 8) } 0 .. 3;
    ok((judge($deep))[0], '32 limits at once');
    refused('33 limits at once', $deep . in('/deep/x/x/x/x', 'RateLimit 9/1h'),
        qr/RateLimit: 33 limits hold in <Location \/deep\/x\/x\/x\/x>/);
    refused('nine limits in one section',
        in('/a', join "\n", map { "RateLimit $_/1h" } 1 .. 9),
        qr/RateLimit: more than 8 limits in one section/);
    refused('RateLimitStore of a virtual host',
        "<VirtualHost *:1>\nRateLimitStore shm:2M\n</VirtualHost>\n",
        qr/RateLimitStore: .*main server's only/);
    refused('RateLimitStore in a section', in('/a', 'RateLimitStore shm'),
        qr/RateLimitStore.*not allowed/);
}

my $limits = in('/file.txt', "RateLimit 5/1h\nRateLimit 70/1h name=named");
configure("RateLimitStore shm:2M\n$limits");
is system($httpd, '-f', "$dir/httpd.conf", '-k', 'start'), 0,
    'a second httpd starts';
ok wait_for(sub { generations() == 1 }), 'and is up' or diag(said());
my ($keys, @parts) = said() =~ /RateLimitStore holds (\d+) keys: (\d+) of failures, (\d+) by header, (\d+) others/;
cmp_ok $keys // 0, '>', 4000, 'S40 the log says how many keys it holds';
is $parts[0] + $parts[1] + $parts[2], $keys, 'S40 and of which kind';

# The rest of an answer, on a connection of its own
sub second
{
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
        Timeout => 10) or return { status => 0, headers => [] };
    print {$socket} "GET /file.txt HTTP/1.0\r\n\r\n";
    local $/ = undef;
    return FastAuthTest::_parse(readline($socket) // '');
}
sub graceful
{
    my ($text) = @_;
    my $before = generations();
    configure($text);
    is system($httpd, '-f', "$dir/httpd.conf", '-k', 'graceful'), 0, 'graceful';
    ok wait_for(sub { generations() > $before }), 'A93 a new generation';
    return;
}
is left(second()), "5/1h=$_ named=" . (65 + $_), 'before the restart' for 4, 3;
graceful("RateLimitStore shm:2M\n$limits");
is left(second()), '5/1h=2 named=67', 'A93 a graceful restart keeps counters';
unlike said(), qr/stays at/, 'the same SIZE says nothing';
# a line more above, and another size
graceful("RateLimitStore shm:4M\n" . in('/other', 'RateLimit 9/1h') . "\n$limits");
is left(second()), '5/1h=1 named=66', 'A93 with another SIZE too';
like said(), qr/RateLimitStore: the store stays at 2097152 bytes until a full restart/,
    'A93 and the log says that it stays';
is scalar(() = said() =~ /RateLimitStore holds $keys keys/g), 3,
    'A93 as large as before';
graceful($limits);
is left(second()), '5/1h=0 named=65', 'A93 and with none';
my $over = second();
is $over->{status}, 429, 'A93 five are five, over all restarts';
is left($over), '5/1h=0 named=65', 'A93 and the rest is kept';
unlike said(), qr/exit signal|AddressSanitizer/, 'no process died';
{
    my $pid = pid();
    kill 'TERM', $pid;
    ok wait_for(sub { !kill 0, $pid }), 'it stops';
    unlink "$dir/httpd.pid";
}
finish();
