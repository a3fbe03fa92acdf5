# SPDX-License-Identifier: Apache-2.0
# S52-S56: the document is true. For generated configurations, each operation of
# the document that the server serves is asked for by real requests: without
# credentials, with too little, with enough. Model (FastAuthTest/Walk.pm),
# document and answers are held against each other.
#
# FASTAUTH_WALK  how many configurations: 200; others than these where it is set,
#                to 150 or more
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256 sha1_base64 sha256_hex);
use IO::Socket::INET ();
use JSON::PP ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;
use FastAuthTest::Walk;

my $wanted = $ENV{FASTAUTH_WALK} || 200;
my $number = $ENV{FASTAUTH_WALK} ? 100_000 : 0;
my $httpd  = Apache::Test::vars('httpd');
my $top    = top();
my $dir    = "$top/walk";
second_dir($dir);
mkdir $dir;

my ($port, $tls_port, $main_port) = map { $_->sockport }
    map { IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) } 1 .. 3;

# --- who may ask ------------------------------------------------------------

my %secret = (first => 'the first secret of the walk 0123456789abcdef',
    other => 'another secret of the walk 0123456789abcdef0');
my $json = JSON::PP->new->utf8->canonical;

sub token
{
    my ($secret, $claims) = @_;
    my $text = encode_base64url('{"alg":"HS256","typ":"JWT"}') . '.'
        . encode_base64url($json->encode($claims));
    return "$text." . encode_base64url(hmac_sha256($text, $secret));
}

sub subsets
{
    my (@of) = @_;
    my @all = ([]);
    for my $member (@of) {
        @all = map { ($_, [@$_, $member]) } @all;
    }
    return @all;
}

# A key for each set of scopes and roles, users enough of each
my $KEYS = 200;
my @keys = ('walk-expired expires=2020-01-01');
for my $scopes (subsets(@SCOPES)) {
    for my $roles (subsets(@ROLES)) {
        my $what = (@$scopes ? ' scopes=' . join ',', @$scopes : '')
            . (@$roles ? ' roles=' . join ',', @$roles : '');
        push @keys, map { 'walk-' . join('', @$scopes, '-', @$roles) . "-$_$what" }
            1 .. $KEYS;
    }
}
spill("$dir/api-keys", join '', map { my ($key, $rest) = split / /, $_, 2;
    sha256_hex($key) . " user=$key" . ($rest ? " $rest" : '') . "\n" } @keys);
spill("$dir/passwords", join '',
    map { "user$_:{SHA}" . sha1_base64("password $_") . "=\n" } 1 .. 200);
spill("$dir/$_.secret", $secret{$_}) for keys %secret;
# nothing here is a CGI script
spill("$dir/modules.conf", join "\n", (grep { !/cgi/ } split /\n/,
    slurp("$top/../base.conf")), '');
spill("$dir/answer.lua", <<'END');
function handle(r)
    r.content_type = "text/plain"
    if r.args and r.args:find("refused") then return 404 end
    r:puts("let in\n")
    return apache2.OK
end
END

# --- an httpd with some of the configurations -------------------------------

sub server_configuration
{
    my ($main, @configurations) = @_;
    my $hosts = '';
    spill("$dir/main.conf", text_of($main));
    for my $one (@configurations) {
        my $file = "w$one->{number}";
        spill("$dir/$file.conf", text_of($one));
        $hosts .= "<VirtualHost 127.0.0.1:$port>\nServerName $file\n"
            . "Include $file.conf\n</VirtualHost>\n";
        # behind a proxy that ends TLS
        $hosts .= "<VirtualHost 127.0.0.1:$tls_port>\nServerName https://$file\n"
            . "Include $file.conf\n</VirtualHost>\n" if $one->{needs_tls};
    }
    return <<"END";
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel notice
Mutex default:$dir
Include modules.conf
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
Listen 127.0.0.1:$port
Listen 127.0.0.1:$tls_port
Listen 127.0.0.1:$main_port
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 600
StartServers 1
<IfModule !mpm_prefork_module>
    ThreadsPerChild 8
    MinSpareThreads 8
    MaxSpareThreads 8
    MaxRequestWorkers 8
</IfModule>
DocumentRoot "$top/htdocs/limits"
TypesConfig /dev/null
RemoteIPHeader X-Test-Address
AuthTokenKey HS256 file:first.secret
AuthAPIKeys file:api-keys
APIOAuth2 flow=clientCredentials token=https://login.example/token
AliasMatch "^/" "$dir/answer.lua"
SetHandler lua-script
LuaScope thread
LuaCodeCache forever
Include main.conf
$hosts
END
}

my %refused; # what kind -> how often
my $refusals = 0;
my @unexplained; # refused, and not for what is known here

# Why httpd refuses a configuration, in lines; nothing where it takes it
sub judged
{
    spill("$dir/httpd.conf", server_configuration(@_));
    my $said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
    return unless $?;
    $said =~ s/(Syntax error on line .*)\n/$1 /g;
    return grep { /:emerg\]|Syntax error/ } split /\n/, $said;
}

my %KIND = (
    order             => qr/is overridden by the shorter/,
    contradiction     => qr/contradict each other in one section/,
    'none in <Limit>' => qr/none cannot stand in <Limit>/,
    twice             => qr/in this section already/,
    'other names'     => qr/another operation's path under other names/,
    'wrong example'   => qr/is not a path that it is for/,
    'no path'         => qr/does not say how its path is to be printed/,
    'one name'        => qr/name=\S+ .*is another limit at/,
    'one id'          => qr/is another operation's in this server/,
    'no scheme'       => qr/no AuthScheme is in force/,
    example           => qr/give one by example=/,
);

sub note_refusal
{
    my ($what, @said) = @_;
    my @kinds = grep { my $kind = $KIND{$_}; grep { /$kind/ } @said } sort keys %KIND;
    $refused{$_}++ for @kinds;
    $refusals++;
    push @unexplained, join "\n", text_of($what), @said unless @kinds;
    push @unexplained, join "\n", "not by the mistake of '$what->{mistake}':",
        text_of($what), @said
        if $what->{mistake} && !grep { $_ eq $what->{mistake} } @kinds;
    return;
}

sub mistakes_are_refused
{
    my (@taken) = @_;
    push @unexplained, map { "taken, and '$_->{mistake}':\n" . text_of($_) }
        grep { $_->{mistake} } @taken;
    return @taken;
}

# So many that httpd takes, beside these sections of the main server
sub taken_with
{
    my ($main, $count) = @_;
    my @good;
    for (1 .. 100) {
        push @good, configuration(++$number) while @good < $count;
        my @said = judged($main, @good) or return mistakes_are_refused(@good);
        # a line may name one, or two of the main server's
        my %named = map { ($_ => 1) } join(' ', @said) =~ /\bw(\d+)\.conf\b/g;
        my @bad = grep { $named{ $_->{number} } } @good;
        @bad = grep { judged($main, $_) } @good unless @bad;
        die join "\n", 'httpd refuses, and none of them:', @said unless @bad;
        for my $one (@bad) {
            note_refusal($one,
                grep { /\bw$one->{number}\.conf\b/ || @bad == 1 } @said);
        }
        %named = map { ($_->{number} => 1) } @bad;
        @good = grep { !$named{ $_->{number} } } @good;
    }
    die "no end of refusals\n";
}

END {
    my $status = $?;
    stop() if $$ == $main::test;
    $? = $status;
}
our $test = $$;

sub stop
{
    my $pid = pid();
    wait_for(sub { !kill 0, $pid }) if $pid && kill 'WINCH', $pid;
    return;
}

# --- requests ---------------------------------------------------------------

my %socket;
my $requests = 0;

sub dial
{
    my ($to) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$to", Timeout => 10)
        or die "cannot connect: $@\n";
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
    return $socket;
}

sub more
{
    my ($socket, $raw) = @_;
    return sysread($socket, $$raw, 65536, length $$raw) || die "no answer\n";
}

# The answer to a whole request on a connection that is kept
sub exchange
{
    my ($to, $method, $text) = @_;
    my $socket = $socket{$to} //= dial($to);
    my $raw = '';
    $requests++;
    local $SIG{PIPE} = 'IGNORE';
    syswrite $socket, $text;
    more($socket, \$raw) while index($raw, "\r\n\r\n") < 0;
    my ($head, $body) = split /\r\n\r\n/, $raw, 2;
    my ($status) = $head =~ m{^HTTP/1\.1 (\d+)};
    my @headers = map { [split /:[ \t]*/, $_, 2] } split /\r\n/, $head;
    my %answer = (status => $status, headers => \@headers, head => $head);
    if ($method ne 'HEAD' && $status !~ /^(?:1|204|304)/) {
        my $length = header(\%answer, 'Content-Length');
        if (defined $length) {
            more($socket, \$body) while length $body < $length;
        }
        else {
            more($socket, \$body) until $body =~ /(?:^|\r\n)0\r\n\r\n\z/;
            $body =~ s/^[0-9a-f]+\r\n//i;
            $body =~ s/\r\n[0-9a-f]+\r\n/ /gi;
        }
    }
    delete $socket{$to} if $head =~ /^Connection: close/mi;
    $answer{body} = $body;
    return \%answer;
}

my %used; # of a configuration: how many addresses, users, keys

sub fresh { return ++$used{ $_[0] } }

# An address in a network that nobody had before
sub address_in
{
    my ($zone) = @_;
    return if $zone eq 'local';
    my $n = fresh($zone);
    my ($high, $low) = (int $n / 250, 1 + $n % 250);
    return { n1 => "198.18.$high.$low", n2 => "198.19.$high.$low",
        n3 => '198.18.' . (128 + $high) . ".$low",
        n4 => sprintf('2001:db8:%x:%x::1', $high, $low),
        out => "100.64.$high.$low" }->{$zone};
}

# What somebody sends for a way: good or not ('bad', 'expired'), holding this
sub credential
{
    my ($at, $way, $quality, $holds) = @_;
    my %one = (way => $way, good => $quality eq 'good', %{ $holds // {} });
    my $n = fresh('user');

    if ($way->{kind} eq 'bearer') {
        my %claims = (sub => "user$n", exp => int(time) + 600, team => "team$n");
        $claims{exp} = 1_600_000_000 if $quality eq 'expired';
        $claims{scope} = join ' ', @{ $holds->{Scope} } if @{ $holds->{Scope} // [] };
        $claims{roles} = $holds->{Role} if @{ $holds->{Role} // [] };
        my %more = %{ $holds->{claims} // {} };
        $claims{org} = { level => delete $more{'org.level'} } if $more{'org.level'};
        my $ours = $at->{configuration}{other_key} ? 'other' : 'first';
        my ($not_ours) = grep { $_ ne $ours } sort keys %secret;
        $one{value} = token($secret{ $quality eq 'bad' ? $not_ours : $ours },
            { %claims, %more });
    }
    elsif ($way->{kind} eq 'key') {
        my $set = join '', sort(@{ $holds->{Scope} // [] }), '-',
            sort @{ $holds->{Role} // [] };
        $one{claims} = {};
        $one{value} = $quality eq 'expired' ? 'walk-expired'
            : $quality eq 'bad' ? "walk-unknown-$n"
            : "walk-$set-" . ($at->{counts_users} ? fresh("key $set") : 1);
        die "not enough API keys\n" if ($used{"key $set"} // 0) > $KEYS;
    }
    else {
        my $user = 1 + fresh('basic') % 200;
        @one{qw(claims Scope Role)} = ({}, [], []);
        $one{value} = $quality eq 'bad' ? "nobody$n:wrong" : "user$user:password $user";
    }
    return \%one;
}

# A request as the model sees it, and sent
sub send_request
{
    my ($at, $request) = @_;
    my ($way, @query, @cookies);
    my $target = $request->{path};
    my $host = $at->{host};
    my $text = "Host: $host\r\n";
    my $address = $request->{address} // address_in($request->{zone});

    $text .= "X-Test-Address: $address\r\n" if $address;
    for my $one (@{ $request->{credentials} }) {
        $way = $one->{way};
        my $value = $one->{value};
        $value = $way->{kind} eq 'basic' ? 'Basic ' . encode_base64($value, '')
            : "Bearer $value" if $way->{name} eq 'Authorization';
        push @query, "$way->{name}=$value" if $way->{in} eq 'query';
        push @cookies, "$way->{name}=$value" if $way->{in} eq 'cookie';
        $text .= "$way->{name}: $value\r\n" if $way->{in} eq 'header';
    }
    push @query, $request->{query} if $request->{query};
    $text .= 'Cookie: ' . join('; ', @cookies) . "\r\n" if @cookies;
    $text .= "$request->{condition}\r\n" if $request->{condition};
    $text .= "Content-Length: 0\r\n" if $request->{method} =~ /^P/;
    $target .= '?' . join '&', @query if @query;
    $text = "$request->{method} $target HTTP/1.1\r\n$text\r\n";
    my $answer = exchange($request->{tls} ? $tls_port : $at->{port},
        $request->{method}, $text);
    $answer->{request} = $text;
    return $answer;
}

# --- what is wrong with an answer -------------------------------------------

my @wrong;

sub complain
{
    my ($at, $what, $answer) = @_;
    push @wrong, join "\n", "$at->{label}: $what",
        $answer ? map { s/^/  > /mgr } grep { defined } $answer->{request},
        $answer->{head}, substr $answer->{body} // '', 0, 300 : ();
    return;
}

# What tells a challenge from others: "Bearer", "ApiKey header X-Key"
sub challenge_of
{
    my ($way) = @_;
    return $way->{kind} eq 'bearer' ? 'Bearer' : $way->{kind} eq 'basic' ? 'Basic'
        : "ApiKey $way->{in} $way->{name}";
}
sub unique { my %seen; return grep { !$seen{$_}++ } @_ }

sub expected_challenges
{
    my ($policy, $request, $status, $why) = @_;
    my @all = unique(map { challenge_of($_) } @{ $policy->{ways} });
    my @bearer = grep { $_ eq 'Bearer' } @all;
    return @all if $status == 401;
    return @bearer if $why eq 'two';
    my ($one) = grep { $_->{way}{in} ne 'cookie' } @{ $request->{credentials} };
    $one //= $request->{credentials}[0];
    return @bearer if $why eq 'Scope' && $one->{way}{kind} eq 'bearer';
    return ();
}

my %ERROR = (two => 'invalid_request', Scope => 'insufficient_scope',
    bad => 'invalid_token');

sub check_challenges
{
    my ($at, $policy, $request, $answer, $status, $why) = @_;
    my @came = eval { challenges($answer) };
    my @names = map { $_->[0] eq 'ApiKey' ? "ApiKey $_->[1]{in} $_->[1]{name}"
        : $_->[0] } @came;
    my @expected = expected_challenges($policy, $request, $status, $why);
    complain($at, "challenges '@names', not '@expected' ($why)", $answer)
        if "@names" ne "@expected";
    my ($bearer) = grep { $_->[0] eq 'Bearer' } @came;
    my @came_by = map { $_->{way}{kind} } @{ $request->{credentials} };
    complain($at, 'no error in the challenge', $answer)
        if $bearer && $ERROR{$why} && "@came_by" eq 'bearer'
        && ($bearer->[1]{error} // '') ne $ERROR{$why};
    return;
}

my %TYPE = (problem => 'application/problem+json', fastopenapi => 'application/json',
    httpd => 'text/html');

# The response of the document that an answer is one of
sub declared
{
    my ($at, $status) = @_;
    my $responses = $at->{operation}{responses};
    my $class = $status =~ s/..$/XX/r;
    return $responses->{$status} // $responses->{$class};
}

sub check_declared
{
    my ($at, $policy, $request, $answer, $why) = @_;
    my $status = $answer->{status};
    my $response = declared($at, $status)
        // return complain($at, "$status is not declared", $answer);
    my ($type) = (header($answer, 'Content-Type') // '') =~ /^([^; ]+)/;
    my $content = $response->{content};

    $at->{met}{ $at->{operation}{responses}{$status} ? $status
        : $status =~ s/..$/XX/r }++;
    complain($at, "$type is not declared for $status", $answer)
        if $content && $request->{method} ne 'HEAD' && $status != 304
        && !$content->{ $type // '' };
    complain($at, "$status has no content declared", $answer)
        if !$content && $why ne 'in';
    complain($at, "a refusal is " . ($type // 'nothing'), $answer)
        if $why ne 'in' && ($type // '') ne $TYPE{ $policy->{format} };
    for my $header (qw(WWW-Authenticate Retry-After RateLimit RateLimit-Policy)) {
        complain($at, "$header is not declared for $status", $answer)
            if defined header($answer, $header) && !$response->{headers}{$header};
    }
    return;
}

# One request: model, document and answer are one
sub check
{
    my ($at, $request, $over) = @_;
    my $policy = policy_at($at->{main}, $at->{configuration}, $request->{path},
        $request->{method});
    my ($status, $why) = $over ? ($policy->{limit_status}, 'limit')
        : verdict($policy, $request);
    my $answer = send_request($at, $request);

    complain($at, "$answer->{status}, and the model says $status ($why)", $answer)
        if $answer->{status} != $status;
    complain($at, 'no Retry-After', $answer)
        if $why eq 'limit' && !header($answer, 'Retry-After');
    check_challenges($at, $policy, $request, $answer, $status, $why);
    check_declared($at, $policy, $request, $answer, $why);
    return $answer;
}

# --- what is asked of an operation ------------------------------------------

# Networks that a request can come from, or undef
sub zone_for
{
    my ($policy, $not) = @_;
    for my $zone (qw(out n1 n3 n2 n4)) {
        my @refusing = grep { !zone_in($zone, @{ $_->{values} }) }
            @{ $policy->{addresses} };
        return $zone if $not ? grep { $_ == $not } @refusing : !@refusing;
    }
    return;
}

# All that is demanded, but for one thing
sub holding
{
    my ($policy, $but) = @_;
    my %holds = (Scope => [], Role => [], claims => {});
    for my $demand (@{ $policy->{demands} }) {
        my @values = $demand->{kind} eq 'Role' ? $demand->{values}[0]
            : @{ $demand->{values} };
        my $list = $demand->{claim} ? $holds{claims}{ $demand->{claim} } //= []
            : $holds{ $demand->{kind} };
        @$list = unique(@$list, @values);
    }
    if ($but) {
        my ($demand, $value) = @$but;
        my %gone = map { ($_ => 1) } $demand->{kind} eq 'Scope' ? $value
            : @{ $demand->{values} };
        my $list = $demand->{claim} ? $holds{claims}{ $demand->{claim} }
            : $holds{ $demand->{kind} };
        @$list = grep { !$gone{$_} } @$list;
        push @$list, 'nothing' if $demand->{claim};
    }
    return \%holds;
}

sub first_of_kinds
{
    my %seen;
    return grep { !$seen{ $_->{kind} }++ } @_;
}

sub refuses_nobody
{
    my ($policy) = @_;
    return $policy->{report} eq 'on' || ($policy->{tls} eq 'off'
        && !(grep { @{ $policy->{$_} } } qw(ways demands addresses))
        && !grep { !$_->{failure} } @{ $policy->{limits} });
}

sub usual_requests
{
    my ($at, $policy) = @_;
    my $tls = $policy->{tls} ne 'off';
    my $zone = zone_for($policy) // 'out';
    my @ways = @{ $policy->{ways} };
    my @all;
    my $add = sub {
        push @all, { method => $at->{method}, path => $at->{path}, zone => $zone,
            tls => $tls, credentials => [], @_ };
    };
    my $bring = sub { return credential($at, @_) };
    my $good = sub { return credential($at, $_[0], 'good', holding($policy, $_[1])) };

    $add->();
    for my $way (@ways) {
        $add->(credentials => [$bring->($way, 'bad')]);
        $add->(credentials => [$bring->($way, 'expired', holding($policy))])
            if $way->{kind} ne 'basic';
        $add->(credentials => [$good->($way)]);
    }
    for my $way (first_of_kinds(@ways)) {
        $add->(credentials => [$bring->($way, 'good', {})]) if @{ $policy->{demands} };
        next if $way->{kind} eq 'basic';
        for my $demand (@{ $policy->{demands} }) {
            $add->(credentials => [$good->($way, [$demand, $_])])
                for $demand->{kind} eq 'Scope' ? @{ $demand->{values} } : undef;
        }
    }
    # two at once; a cookie is sent unasked, and is none of two
    my ($way, $other) = grep { $_->{in} ne 'cookie' } @ways;
    my ($cookie) = grep { $_->{in} eq 'cookie' } @ways;
    $add->(credentials => [map { $good->($way) } 1, 2]) if $way;
    $add->(credentials => [map { $good->($_) } $way, $other])
        if $other && $other->{name} ne $way->{name};
    $add->(credentials => [$good->($way), $bring->($cookie, 'bad')])
        if $way && $cookie;
    # from elsewhere, and without TLS
    my ($admitting) = grep { $_->{admits} } @ways;
    my $best = $admitting ? [$good->($admitting)] : [];
    $add->(credentials => $best, zone => zone_for($policy, $_) // 'local')
        for @{ $policy->{addresses} };
    $add->(credentials => $best, tls => 0) if $tls;
    $add->(credentials => $best, zone => 'local', tls => 0)
        if $policy->{tls} eq 'loopback' && !@{ $policy->{limits} };
    # HEAD is what GET is
    if ($at->{method} eq 'GET') {
        $add->(method => 'HEAD');
        $add->(method => 'HEAD', credentials => [$bring->($ways[0], 'bad')]) if @ways;
        $add->(method => 'HEAD', credentials => [$good->($admitting)])
            if $admitting;
    }
    # what a handler of ours answers beside
    my $also = sub {
        $add->(credentials => $admitting ? [$good->($admitting)] : [], @_);
    };
    if ($at->{method} eq 'GET' && $policy->{handler} eq 'status') {
        $also->(query => 'format=nothing', handled => 400);
    }
    elsif ($at->{method} eq 'GET' && $policy->{handler}) {
        $also->(condition => 'If-None-Match: *', handled => 304);
        $also->(condition => 'If-Match: "another"', handled => 412);
    }
    # a handler may refuse by itself; where we refuse too, nothing is said of that
    $also->(query => 'refused', handled => 404)
        if !$policy->{handler} && refuses_nobody($policy);
    return @all;
}

# Whoever may ask for this at all; undef: nobody
sub somebody
{
    my ($at, $policy) = @_;
    my ($way) = grep { $_->{admits} } @{ $policy->{ways} };
    return [credential($at, $way, 'good', holding($policy))] if $way;
    return $policy->{optional} || (!@{ $policy->{ways} } && !@{ $policy->{demands} })
        ? [] : undef;
}

sub by_location { return grep { $_ eq 'location' } @{ $_[0]{by} } }

# As often as a limit allows, and once more. Those for all callers together are
# for the end
sub over_the_limit
{
    my ($at, $policy) = @_;
    my $zone = zone_for($policy) // return;
    my $who = somebody($at, $policy);
    my @limits = grep { !$_->{failure} && !by_location($_)
        && ($who || !$_->{identity}) } @{ $policy->{limits} };
    my @failures = grep { $_->{failure} } @{ $policy->{limits} };

    return if $policy->{report} eq 'on';
    if (!@limits && @failures && @{ $policy->{ways} }) {
        my ($way) = sort { ($a->{kind} eq 'bearer') <=> ($b->{kind} eq 'bearer') }
            @{ $policy->{ways} };
        $who = [credential($at, $way, 'bad')];
        @limits = grep { !$_->{guessable} || $way->{kind} ne 'bearer' } @failures;
    }
    return unless @limits;
    my ($room) = sort { $a <=> $b } map { $_->{room} } @limits;
    my %request = (method => $at->{method}, path => $at->{path}, zone => $zone,
        tls => $policy->{tls} ne 'off', credentials => $who // [],
        address => address_in($zone));
    check($at, \%request) for 1 .. $room;
    check($at, \%request, 1);
    return;
}

# What is left of a limit for all together is taken by requests that cost more
sub over_all_limits
{
    my (@all) = @_;
    my $is_drained;
    for my $at (@all) {
        my $policy = policy_at(@$at{qw(main configuration path method)});
        my $zone = zone_for($policy);
        next if !$zone || $policy->{report} eq 'on'
            || !grep { by_location($_) } @{ $policy->{limits} };
        my %request = (method => $at->{method}, path => $at->{path},
            tls => $policy->{tls} ne 'off', zone => $zone, credentials => []);
        for (['/drain', 4], ['/sip', 20]) {
            my ($path, $most) = @$_;
            last if $is_drained;
            my $answer;
            for (1 .. $most + 1) {
                $answer = send_request($at, { method => 'GET', path => $path,
                    zone => 'out', credentials => [] });
                last if $answer->{status} != 200;
            }
            complain($at, "$path never ends", $answer) if $answer->{status} == 200;
        }
        for (1 .. 50) {
            last if $is_drained;
            last if send_request($at, \%request)->{status} == $policy->{limit_status};
        }
        $is_drained = 1;
        check($at, \%request, 1);
    }
    return;
}

# --- what the document says of who may ask ----------------------------------

# A scheme of the document as a way
sub documented_way
{
    my ($scheme) = @_;
    my $is_token = ($scheme->{description} // '') =~ /Token|token/;
    my $type = $scheme->{type} eq 'http' ? $scheme->{scheme} : $scheme->{type};
    my %header = (in => 'header', name => 'Authorization');
    return { %header, kind => 'basic' } if $type eq 'basic';
    return { %header, kind => 'bearer', scheme => 'bearer-jwt' } if $type eq 'bearer';
    return { %header, kind => 'bearer', scheme => 'oauth2' } if $type eq 'oauth2';
    return { kind => $is_token ? 'bearer' : 'key', in => $scheme->{in},
        name => $scheme->{name},
        scheme => $scheme->{description} =~ /OAuth/ ? 'oauth2' : 'bearer-jwt' };
}

# What a reader makes of the description: lists of values
sub described
{
    my ($text) = @_;
    my %said = (Scope => [], Role => [], claims => {}, networks => []);
    $text =~ s/\\(.)/$1/g;
    my $list = qr/(.*?)\.(?: |$)/;
    push @{ $said{Scope} }, split /, /, $1
        while $text =~ /(?:All of these scopes:|The scope) $list/g;
    push @{ $said{Role} }, [split /, /, $1]
        while $text =~ /(?:One of these roles:|The role) $list/g;
    push @{ $said{claims}{$1} }, split /, /, $2
        while $text =~ /The claim (\S+) with (?:one of these values:|the value) $list/g;
    push @{ $said{networks} }, [split /, /, $1]
        while $text =~ /A client address in (?:one of: )?$list/g;
    $said{tls} = $text =~ /Over TLS only/;
    return \%said;
}

sub described_zone
{
    my ($said) = @_;
    my %name = map { ($ZONES{$_}{text} => $_) } keys %ZONES;
    my %policy = (addresses => [map { { values => [map { $name{$_} } @$_] } }
        @{ $said->{networks} }]);
    return zone_for(\%policy);
}

# Each alternative, holding just what is listed and what the description adds
sub check_alternatives
{
    my ($at, $document) = @_;
    my $operation = $at->{operation};
    my $said = described($operation->{description} // '');
    my $zone = described_zone($said) // return;
    my @security = @{ $operation->{security} };
    return unless grep { /^(?:2|405)/ } keys %{ $operation->{responses} };

    for my $alternative (@security ? @security : {}) {
        my %request = (method => $at->{method}, path => $at->{path}, zone => $zone,
            tls => $said->{tls}, credentials => []);
        for my $name (sort keys %$alternative) {
            my $scheme = $document->{components}{securitySchemes}{$name};
            my $way = documented_way($scheme);
            my @listed = @{ $alternative->{$name} };
            my $is_oauth = $scheme->{type} eq 'oauth2';
            my %holds = (
                Scope => $is_oauth ? \@listed : $said->{Scope},
                Role => !$is_oauth && @listed ? \@listed
                    : [map { $_->[0] } @{ $said->{Role} }],
                claims => $said->{claims});
            $_ = [unique(sort @$_)] for @holds{qw(Scope Role)};
            push @{ $request{credentials} }, credential($at, $way, 'good', \%holds);
        }
        my $answer = send_request($at, \%request);
        complain($at, 'what security lists is not let in: '
            . $json->encode($alternative), $answer)
            if $answer->{status} !~ /^(?:2..|405)$/;
        check_declared($at, policy_at(@$at{qw(main configuration path method)}),
            \%request, $answer, 'in');
    }
    return;
}

sub way_text
{
    my ($way) = @_;
    my $what = $way->{kind} eq 'bearer' ? $way->{scheme} : $way->{kind};
    return "$what $way->{in} $way->{name}";
}

# The schemes listed are those that can let somebody in, where any can
sub check_security
{
    my ($at, $document, $policy) = @_;
    my @security = @{ $at->{operation}{security} };
    my $schemes = $document->{components}{securitySchemes};
    my @listed = unique(map { way_text(documented_way($schemes->{$_})) }
        map { sort keys %$_ } @security);
    my @ways = @{ $policy->{ways} };
    @ways = grep { $_->{admits} } @ways if grep { $_->{admits} } @ways;
    @ways = () if $policy->{report} eq 'on';
    my @expected = unique(map { way_text($_) } @ways);
    complain($at, "security lists '@listed', not '@expected'")
        if "@listed" ne "@expected";
    my $anonymous = grep { !%$_ } @security;
    complain($at, "security $anonymous times {}")
        if $anonymous != ($policy->{optional} && $policy->{report} ne 'on' ? 1 : 0);
    return;
}

# All that is declared was met, but for what no request brings about
sub check_met
{
    my ($at, $policy) = @_;
    my $who = somebody($at, $policy);
    my $in_force = @{ $policy->{ways} };
    my $may_fail = $policy->{report} ne 'on' && zone_for($policy)
        && (grep({ $_->{kind} ne 'bearer' } @{ $policy->{ways} })
        || grep { $_->{failure} ? $in_force : $who || !$_->{identity} }
        @{ $policy->{limits} });
    my @declared = sort keys %{ $at->{operation}{responses} };
    my @met = sort keys %{ $at->{met} }, $may_fail ? 503 : ();
    complain($at, "declared @declared, and met @met") if "@declared" ne "@met";
    return;
}

# --- the walk ---------------------------------------------------------------

my (%seen, $operations);
my @MUCH = ((map { "met $_" } qw(2XX 4XX 200 304 400 401 403 405 412 429)),
    (map { "method $_" } @METHODS), (map { "way $_" } qw(bearer-jwt oauth2
    api-key-header api-key-query api-key-cookie basic)), 'token in cookie',
    'token in query', 'optional', 'open', 'nobody', 'report', 'over TLS',
    'by address', 'limit for all', 'limit as 403', 'format problem',
    'format fastopenapi', 'format httpd', 'demand Scope', 'demand Role',
    'demand Claim', 'of the main server', 'below another', 'of a pattern',
    'of no APIOperation', 'handler status', 'handler docs', 'handler openapi');

# A path of an operation, with the document's own examples, and another one
sub paths_of
{
    my ($path, $operation) = @_;
    my $other = $path;
    for my $parameter (grep { $_->{in} eq 'path' } @{ $operation->{parameters} // [] }) {
        my $example = $parameter->{example} // '1';
        my $pattern = $parameter->{schema}{pattern} // '';
        my $value = !$pattern ? 'zz9'
            : (grep { /$pattern/ } qw(4711 zed dog 2031-12))[0] // $example;
        s/\{\Q$parameter->{name}\E\}/$example/ for $path;
        s/\{\Q$parameter->{name}\E\}/$value/ for $other;
    }
    return ($path, $other);
}

# What the walk has come by
sub count
{
    my ($at, $policy) = @_;
    my @ways = @{ $policy->{ways} };
    my @sections = grep { falls_into($_, $at->{path}) }
        map { @{ $_->{sections} } } $at->{main}, $at->{configuration};
    my $of_main = grep { $_ eq $sections[0] } @{ $at->{main}{sections} };
    my @said = ("handler $policy->{handler}", "method $at->{method}",
        "format $policy->{format}", (map { "way $_->{scheme}" } @ways),
        (map { "demand $_->{kind}" } @{ $policy->{demands} }),
        (map { "token in $_->{in}" } grep { $_->{kind} eq 'bearer' } @ways),
        $policy->{report} eq 'on' ? 'report' : (),
        $policy->{optional} ? 'optional' : (), @ways ? () : 'open',
        somebody($at, $policy) && zone_for($policy) ? () : 'nobody',
        $policy->{tls} ne 'off' ? 'over TLS' : (),
        @{ $policy->{addresses} } ? 'by address' : (),
        (grep { by_location($_) } @{ $policy->{limits} }) ? 'limit for all' : (),
        @{ $policy->{limits} } && $policy->{limit_status} == 403 ? 'limit as 403' : (),
        @sections > 1 ? 'below another' : (), $of_main ? 'of the main server' : (),
        (grep { $_->{match} } @sections) ? 'of a pattern' : (),
        (grep { @{ $_->{operations} // [] } } @sections) ? () : 'of no APIOperation');
    $seen{$_}++ for unique(@said);
    return;
}

sub walk_operation
{
    my ($at, $document) = @_;
    my $policy = policy_at(@$at{qw(main configuration path method)});

    $operations++;
    $at->{counts_users} = grep { $_->{identity} } @{ $policy->{limits} };
    count($at, $policy);
    check_security($at, $document, $policy);
    check($at, $_) for usual_requests($at, $policy);
    check_alternatives($at, $document);
    over_the_limit($at, $policy);
    return;
}

# Another value of a parameter is no other operation
sub check_other_value
{
    my ($at, $other) = @_;
    my ($one, $two) = map { policy_at(@$at{qw(main configuration)}, $_, $at->{method}) }
        $at->{path}, $other;
    return complain($at, "another policy holds at $other")
        if $json->encode($one) ne $json->encode($two);
    my ($first) = usual_requests({ %$at, path => $other }, $two);
    check($at, $first);
    return;
}

# What the main server says and no section of a virtual host changes is walked
# there, and in some of them
sub is_inherited
{
    my ($at) = @_;
    my ($main, $configuration) = @$at{qw(main configuration)};
    return 0 if $configuration == $main || $configuration->{number} % 8 == 0;
    my ($here, $there) = map { policy_at($main, $_, $at->{path}, $at->{method}) }
        $configuration, $main;
    return operations_of($main, $main)->{ $at->{label} }
        && $json->encode($here) eq $json->encode($there);
}

sub walk
{
    my ($main, $configuration, $host, $to) = @_;
    my %at = (main => $main, configuration => $configuration, host => $host,
        port => $to);
    my @all;
    %used = ();

    my $answer = exchange($to, 'GET',
        "GET /openapi.json HTTP/1.1\r\nHost: $host\r\n\r\n");
    my $document = eval { $json->decode($answer->{body}) }
        // return complain({ label => $host }, 'no document', $answer);
    my %paths = %{ $document->{paths} };
    my @found = map { my $path = $_; map { uc($_) . " $path" } keys %{ $paths{$path} } }
        keys %paths;
    my $expected = operations_of($main, $configuration);
    my %found = map { ($_ => 1) } @found;
    complain({ label => $_ }, 'it is not in the document')
        for grep { !$found{$_} } sort keys %$expected;
    complain({ label => $_ }, 'it is in the document')
        for grep { !$expected->{$_} } sort @found;

    for my $label (sort @found) {
        my ($method, $printed) = split / /, $label;
        my $operation = $paths{$printed}{ lc $method };
        my ($path, $other) = paths_of($printed, $operation);
        push @all, { %at, label => $label, method => $method, path => $path,
            operation => $operation, met => {} };
        if (is_inherited($all[-1])) {
            pop @all;
            next;
        }
        walk_operation($all[-1], $document);
        check_other_value($all[-1], $other) if $other ne $path;
    }
    over_all_limits(@all);
    for my $at (@all) {
        check_met($at, policy_at(@$at{qw(main configuration path method)}));
        $seen{"met $_"}++ for keys %{ $at->{met} };
    }
    return scalar @found;
}

# What went wrong with one configuration, so that it can be understood
sub settle
{
    my ($what, $main, $configuration, $count) = @_;
    my $more = @wrong > 4 ? @wrong - 4 : 0;
    ok(!@wrong, $what . ($count ? ", $count operations" : '')) or diag(join "\n",
        '--- the main server ---', text_of($main),
        $configuration == $main ? () : ("--- $what ---", text_of($configuration)),
        '--- what is wrong ---', splice(@wrong, 0, 4), $more ? "and $more more" : ());
    @wrong = ();
    return;
}

my $started = time;
my $at_once = 50;
my $group = 0;
for (my $left = $wanted; $left > 0; $left -= $at_once) {
    my $main = main_configuration(++$group + $number);
    while (my @said = judged($main)) {
        note_refusal($main, @said);
        die join "\n", 'httpd refuses everything:', @said if $refusals > 9 * $wanted;
        $main = main_configuration(++$group + $number);
    }
    my @configurations = taken_with($main, $left < $at_once ? $left : $at_once);
    unlink "$dir/httpd.pid", "$dir/error_log";
    is system("'$httpd' -f '$dir/httpd.conf' -k start >'$dir/start' 2>&1"), 0,
        'httpd starts' or diag(slurp("$dir/start"));
    wait_for(sub { IO::Socket::INET->new("127.0.0.1:$port") && pid() });
    for my $one (@configurations) {
        my $count = walk($main, $one, "w$one->{number}", $port);
        settle("S54 configuration $one->{number}", $main, $one, $count);
    }
    walk($main, $main, 'localhost', $main_port);
    settle('S54 the main server', $main, $main);
    unlike(said(), qr/exit signal/, 'no process died');
    %socket = ();
    stop();
}

# --- whether all of this means something ------------------------------------

is join("\n", @unexplained), '', 'what httpd refuses, it refuses for a known reason';
is join(', ', grep { !$refused{$_} } sort keys %KIND), '',
    'each kind of refusal was met';
cmp_ok $refusals, '<', $wanted / 2, "$refusals refused, $wanted taken";
is join(', ', grep { ($seen{$_} // 0) < $wanted / 10 } @MUCH), '',
    'much of each kind was asked for';
note join ', ', map { "$_: $seen{$_}" } sort keys %seen;
diag(sprintf '%d operations, %d requests, %.0f s', $operations, $requests,
    time - $started);
finish();
