# SPDX-License-Identifier: Apache-2.0
# fastauth-status: every request is counted once, and told in three formats.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $host   = at('status');
my $secret = secret('hs256');
my @alice  = (Authorization => 'Bearer '
        . mint('HS256', $secret, claims(scope => 'read')));
my @old = (Authorization => 'Bearer '
        . mint('HS256', $secret, claims(exp => 1_600_000_000)));
my @nothing = (Authorization => 'Bearer '
        . mint('HS256', $secret, claims(scope => 'write')));

# --- what is counted -------------------------------------------------------------

sub status { return ask('GET', "/status?format=$_[0]") }

# Prometheus text (exposition format 0.0.4) read strictly: series => value. Dies
# of what is malformed.
sub parse_prometheus
{
    my ($text) = @_;
    my $name = qr/[a-zA-Z_:][a-zA-Z0-9_:]*/;
    my $label = qr/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"/;
    my (%help, %type, %value);
    die "no line feed at the end\n" unless $text =~ /\n\z/;
    utf8::decode(my $copy = $text) or die "no UTF-8\n";
    for my $line (split /\n/, $text) {
        if ($line =~ /^# HELP ($name) (?:[^\\]|\\[\\n])+$/) {
            die "HELP twice: $1\n" if $help{$1}++;
        }
        elsif ($line =~ /^# TYPE ($name) (counter|gauge)$/) {
            die "TYPE twice: $1\n" if $type{$1};
            die "no HELP: $1\n" unless $help{$1};
            $type{$1} = $2;
        }
        elsif ($line =~ /^(($name)(?:\{$label(?:,$label)*\})?) (\d+)$/) {
            my ($series, $family, $number) = ($1, $2, $3);
            die "no TYPE: $series\n" unless $type{$family};
            die "twice: $series\n" if exists $value{$series};
            die "a counter's name: $family\n"
                if ($type{$family} eq 'counter') != ($family =~ /_total$/);
            $value{$series} = $number;
        }
        else {
            die "no line of the format: $line\n";
        }
    }
    return \%value;
}

# All counts as JSON tells them, by names that read well
sub counts
{
    my $json = decode_json(status('json')->{body});
    my %count;
    for my $kind (qw(decisions report_only)) {
        $count{"$kind $_"} = $json->{$kind}{$_} for keys %{ $json->{$kind} };
    }
    for my $section (@{ $json->{sections} }) {
        next unless $section->{server} =~ /^(?:status\.example:|main$)/;
        $count{"$section->{section} $_"} = $section->{$_}
            for qw(allowed refused would_refuse);
    }
    for my $limit (@{ $json->{limits} }) {
        next unless $limit->{server} =~ /^status\.example:/;
        $count{"$limit->{section} $limit->{limit} by=$limit->{by} "
                . "on=$limit->{on} $_"} = $limit->{$_}
            for qw(admitted refused);
    }
    $count{"password $_"} = $json->{password_cache}{$_} for qw(hits misses);
    return \%count;
}

# What rises while requests are made: exactly this
sub rises
{
    my ($name, $requests, %expected) = @_;
    my $before = counts();
    $requests->();
    my $after = counts();
    my %risen = map { ($_ => $after->{$_} - ($before->{$_} // 0)) }
        grep { $after->{$_} != ($before->{$_} // 0) } keys %$after;
    is_deeply \%risen, \%expected, $name or diag(explain(\%risen));
    return;
}

sub asks
{
    my ($path, $headers, @statuses) = @_;
    return sub {
        is ask('GET', $path, $headers)->{status}, $_, "$path: $_"
            for @statuses;
    };
}

rises('reading counts nothing', sub { status($_) for qw(page json prometheus) });
rises('allowed', asks('/bearer', [@alice], 200, 200, 200),
    'decisions allowed' => 3, 'Location /bearer allowed' => 3);
rises('HEAD is counted as GET', sub { ask('HEAD', '/bearer', [@alice]) },
    'decisions allowed' => 1, 'Location /bearer allowed' => 1);
for (['no-credential', [], 401], ['expired-credential', [@old], 401],
    ['bad-credential', [Authorization => 'Bearer a.b.c'], 401],
    ['scope-missing', [@nothing], 403])
{
    my ($verdict, $headers, $status) = @$_;
    rises($verdict, asks('/bearer', $headers, $status, $status),
        "decisions $verdict" => 2, 'Location /bearer refused' => 2);
}
rises('two-credentials', asks('/bearer?api_key=x', [@alice], 400),
    'decisions two-credentials' => 1, 'Location /bearer refused' => 1);
rises('a demand alone is its section\'s', asks('/address', [], 403),
    'decisions address-refused' => 1, 'Location /address refused' => 1);
rises('what no section says is others', asks('/others', [], 403),
    'decisions tls-required' => 1, 'others refused' => 1);
rises('AuthReportOnly', asks('/trial', [@old], 200, 200),
    'report_only expired-credential' => 2,
    'Location /trial would_refuse' => 2);
rises('AuthReportOnly and nothing to report', asks('/trial', [@alice], 200),
    'decisions allowed' => 1, 'Location /trial allowed' => 1);
rises('refused by httpd\'s own Require: it was not we',
    asks('/default', [@alice], 403));

# what a client asks for is one request, whatever httpd makes of it
rises('a directory\'s index', asks('/index/', [@alice], 200),
    'decisions allowed' => 1, 'Location /index allowed' => 1);
rises('a refusal with an ErrorDocument', asks('/index/', [], 401),
    'decisions no-credential' => 1, 'Location /index refused' => 1);

rises('refused twice, counted once', asks('/any', [], 500),
    'decisions no-credential' => 1, 'Location /any refused' => 1);

# --- limits ----------------------------------------------------------------------------

my $two = 'Location /limits two by=ip on=request';
rises('a limit', asks('/limits', [], 200, 200, 429, 429, 429),
    'decisions allowed' => 2, 'decisions rate-exceeded' => 3,
    'Location /limits allowed' => 2, 'Location /limits refused' => 3,
    "$two admitted" => 2, "$two refused" => 3);
rises('all or nothing: only the limit that refuses has refused',
    asks('/both', [], 200, 200, 200, 429, 429),
    'decisions allowed' => 3, 'decisions rate-exceeded' => 2,
    'Location /both allowed' => 3, 'Location /both refused' => 2,
    'Location /both 100/1h by=location on=request admitted' => 3,
    'Location /both 3/1h by=ip on=request admitted' => 3,
    'Location /both 3/1h by=ip on=request refused' => 2);

rises('and what it was given back, it has not admitted',
    asks('/caller', [@alice], 200, 200, 429), 'decisions allowed' => 2,
    'decisions rate-exceeded' => 1, 'Location /caller allowed' => 2,
    'Location /caller refused' => 1,
    'Location /caller 100/1h by=ip on=request admitted' => 2,
    'Location /caller 2/1h by=user on=request admitted' => 2,
    'Location /caller 2/1h by=user on=request refused' => 1);

# a throttle of failures lets credentials be checked
my @throttles = ('Location /failure guesses by=ip,user on=failure',
    'Location /failure 30/1m by=ip,user on=failure',
    'Location /failure 300/1m by=ip on=failure');
my @ann = (Authorization => basic('ann', password('ann')));
rises('passwords: one asked, then remembered',
    asks('/failure', [@ann], 200, 200, 200), 'decisions allowed' => 3,
    'Location /failure allowed' => 3, 'password misses' => 1,
    'password hits' => 2, map { ("$_ admitted" => 3) } @throttles);
rises('guesses', asks('/failure', [Authorization => basic('ann', 'wrong-one')],
        401, 401, 429), 'decisions bad-credential' => 2,
    'decisions rate-exceeded' => 1, 'Location /failure refused' => 3,
    'password misses' => 2, "$throttles[0] refused" => 1,
    map { ("$_ admitted" => 2) } @throttles);

# --- two processes, one sum ---------------------------------------------------------------

my $pids = top() . '/logs/status_pids';
sub process_count
{
    my %seen = map { ($_ => 1) } split /\s+/, slurp($pids);
    return scalar keys %seen;
}
my ($children, $each) = (8, 25);
rises('many at once, over all processes', sub {
    my @started;
    for (1 .. $children) {
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            ask('GET', '/everywhere', $_ % 5 ? [@alice] : []) for 1 .. $each;
            require POSIX;
            POSIX::_exit(0);
        }
        push @started, $pid;
    }
    waitpid $_, 0 for @started;
}, 'decisions allowed' => $children * $each * 4 / 5,
    'decisions no-credential' => $children * $each / 5,
    'Location /everywhere allowed' => $children * $each * 4 / 5,
    'Location /everywhere refused' => $children * $each / 5);
cmp_ok process_count(), '>', 1, 'and there was more than one process';

# --- formats ---------------------------------------------------------------------------------

my %types = (page => 'text/html; charset=utf-8', json => 'application/json',
    prometheus => 'text/plain; version=0.0.4; charset=utf-8');
for ([undef, 'page'], ['*/*', 'page'], [',;,;;q=,=,/,*', 'page'], ['text/html', 'page'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'page'],
    ['application/json', 'json'],
    ['text/plain; version=0.0.4', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0;q=0.5,'
            . 'text/plain;version=0.0.4;q=0.3,*/*;q=0.2', 'prometheus'])
{
    my ($accept, $format) = @$_;
    my $response = ask('GET', '/status', $accept ? [Accept => $accept] : []);
    is $response->{status}, 200, 'Accept: ' . ($accept // 'nothing');
    is header($response, 'Content-Type'), $types{$format}, "is $format";
}
for my $format (sort keys %types) {
    my $response = status($format);
    my $head = ask('HEAD', "/status?format=$format");
    for ($response, $head) {
        is $_->{status}, 200, "$_->{method} $format";
        is header($_, 'Content-Type'), $types{$format}, "$format: its type";
        is header($_, 'Cache-Control'), 'no-store', "$format: no-store";
        is header($_, 'X-Content-Type-Options'), 'nosniff', "$format: nosniff";
    }
    is $head->{body}, '', "HEAD $format has no body";
    is header($response, 'Content-Length'), length $response->{body},
        "$format: all of it came";
}
check_status(ask('GET', '/status?format=xml'), 400, 'no such format');
for my $method (qw(POST PUT DELETE PATCH OPTIONS PROPFIND LOCK X)) {
    my $response = ask($method, '/status', [], $method eq 'POST' ? 'x' : undef);
    check_status($response, 405, "$method is not allowed");
    my $allow = header($response, 'Allow') // '';
    ok $allow =~ /\bGET\b/ && $allow =~ /\bHEAD\b/ && $allow !~ /\b$method\b/,
        "and Allow says what is" or diag($allow);
    is header($response, 'Cache-Control'), 'no-store', 'no-store';
}

my $page = status('page');
my $csp = header($page, 'Content-Security-Policy') // '';
like $csp, qr/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+\/]{43}='; /,
    'nothing but its style is loaded';
unlike $csp, qr/unsafe|\*|https?:/, 'and nothing from elsewhere';
unlike $page->{body}, qr/<script|javascript:|\son\w+=/i, 'no script';

# what the two formats for machines say is the same
my $metrics = eval { parse_prometheus(status('prometheus')->{body}) };
ok $metrics, 'a strict parser takes the Prometheus text' or diag($@);
my $json = decode_json(status('json')->{body});
is $metrics->{ "fastauth_decisions_total{verdict=\"$_\",enforced=\"true\"}" },
    $json->{decisions}{$_}, "Prometheus and JSON agree on $_"
    for sort keys %{ $json->{decisions} };
is $metrics->{"fastauth_store_keys{kind=\"$_\"}"}, $json->{store}{$_}{keys},
    "and on the store's $_" for qw(failure header other);
cmp_ok $json->{store}{failure}{keys}, '>', 0, 'the store holds throttles';
cmp_ok $json->{store}{other}{room}, '>', $json->{store}{other}{keys},
    'and has room';

# a name that would end a label, a string or a tag is in all three, escaped
my ($odd) = grep { $_->{section} =~ m{\^/odd} } @{ $json->{sections} };
like $odd->{section}, qr/<script>/, 'JSON has the odd pattern';
is scalar(grep { m{\^/odd} && /section_decisions/ } keys %$metrics), 3,
    'Prometheus has it';
like $page->{body}, qr/&lt;script&gt;/, 'the page has it';

# --- behind a policy; nothing that nobody may know ----------------------------------------------

check_denial(ask('GET', '/status/kept'), 401, qr/^Bearer/, 'it can be guarded');
is ask('GET', '/status/kept', [@alice])->{status}, 200, 'and read';
for my $format (sort keys %types) {
    my $body = status($format)->{body};
    for my $text ($secret, $alice[1], password('ann'), api_key('kim'), 'kim',
        'ann', 'alice', 'hs256', 'api-keys', 'keys/passwords')
    {
        ok index($body, $text) < 0, "$format tells nothing of "
            . substr $text, 0, 9;
    }
}

# --- mod_status ---------------------------------------------------------------------------------

my $stock = ask('GET', '/server-status');
is $stock->{status}, 200, 'mod_status';
like $stock->{body}, qr/<h1>mod_fastauth<\/h1>/, 'has a part of ours';
like $stock->{body}, qr/>rate-exceeded<.*?>\d+</, 'with verdicts';
my $auto = ask('GET', '/server-status?auto');
my %lines = $auto->{body} =~ /^(FastAuth-[a-z-]+): (\d+)$/mg;
is scalar(() = $auto->{body} =~ /^FastAuth/mg), scalar keys %lines,
    '?auto: key and value, each once';
my $now = decode_json(status('json')->{body});
is $lines{"FastAuth-$_"}, $now->{decisions}{$_}, "?auto: $_"
    for sort keys %{ $now->{decisions} };
is $lines{'FastAuth-store-room-other'}, $now->{store}{other}{room},
    '?auto: the store';
is $lines{'FastAuth-password-cache-hits'}, $now->{password_cache}{hits},
    '?auto: the cache';
unlike $auto->{body}, qr/<hr|<table/, '?auto: no tags';
like ask('GET', '/server-status?notable')->{body}, qr/<dt>allowed<\/dt>/,
    '?notable: a list';
finish();
