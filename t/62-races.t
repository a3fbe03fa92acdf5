# SPDX-License-Identifier: Apache-2.0
# S38, A80, A90, A93: limits of what many clients do at once, while workers are
# killed and the server restarts. A second httpd does it, which the test starts
# and stops by its pid; it kills that one's children, and nothing else.
#
# FASTAUTH_KILLS  how many workers are killed (30; t/check-long.sh: 1000)
use strict;
use warnings;
use IO::Select ();
use IO::Socket::INET ();
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;

my $top   = top();
my $dir   = "$top/races";
second_dir($dir);
my $httpd = Apache::Test::vars('httpd');
my $mpm   = $ENV{FASTAUTH_MPM} // 'event';
my $kills = $ENV{FASTAUTH_KILLS} || 30;
my $port  = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
    ->sockport;
mkdir $dir;

# A hash that takes a while, so that guesses meet
my $right = private_to('the right password of the races');
my $salt  = join '', map { ('a' .. 'z')[rand 26] } 1 .. 21;
my $bcrypt = crypt $right, "\$2y\$08\$${salt}u";
spill("$dir/passwords", "ann:$bcrypt\n");

# --- a second httpd ------------------------------------------------------------------

# How many children it has at first, so that killing some leaves enough. A child
# of event without a free thread closes connections that are kept; one of worker
# with many threads takes all connections
my $servers = 40;
my $threads = $mpm eq 'worker' ? 2 : 8;
my $generation = 0;

sub configure
{
    $generation++;
    my $size = $mpm eq 'prefork'
        ? "StartServers $servers\nMinSpareServers $servers\n"
        . "MaxSpareServers 60\nServerLimit 60\nMaxRequestWorkers 60\n"
        : "ServerLimit 60\nStartServers $servers\nThreadsPerChild $threads\n"
        . 'MinSpareThreads ' . $threads * $servers . "\nMaxSpareThreads "
        . 60 * $threads . "\nMaxRequestWorkers " . 60 * $threads . "\n";
    spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel notice
Mutex default:$dir
Include "$top/../base.conf"
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
Listen 127.0.0.1:$port
<IfModule mod_cgid.c>
    ScriptSock cgisock
</IfModule>
<IfModule mod_http2.c>
    Protocols h2c http/1.1
    H2MinWorkers 2
    H2MaxWorkers 4
</IfModule>
ListenBackLog 511
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 20
$size
DocumentRoot "$top/htdocs/limits"
TypesConfig /dev/null
RemoteIPHeader X-Test-Address
CustomLog processes "%P"
Header always set X-Generation $generation
AliasMatch "^/(?:hundred|two|graceful|killed|http2|guess)" "$top/htdocs/limits/file.txt"
<Location "/hundred">
    RateLimit 100/1h by=location
</Location>
<Location "/two">
    RateLimit 100/1h by=ip
    RateLimit 150/1h by=location
</Location>
<Location "/graceful">
    RateLimit 100/1h by=location
</Location>
<Location "/http2">
    RateLimit 100/1h by=header:X-Round
</Location>
<Location "/killed">
    RateLimit 100/1h by=header:X-Round
    RateLimit 60/1h by=header:X-Half
</Location>
<Location "/guess">
    AuthScheme basic
    AuthPasswords file cache=0
    AuthUserFile passwords
    RateLimit none on=failure
    RateLimit 5/1m by=ip,user on=failure
</Location>
END
    return;
}

END {
    my $status = $?;
    my $pid = $$ == $main::test ? pid() : 0;
    if ($pid && kill 'TERM', $pid) {
        wait_for(sub { !kill 0, $pid });
    }
    $? = $status;
}
our $test = $$;

# Its children that serve
sub children
{
    my $parent = pid();
    open my $in, '<', "/proc/$parent/task/$parent/children" or return ();
    my ($cgid) = said() =~ /.*cgid.*daemon.*pid (\d+)/;
    return grep { $_ ne ($cgid // '') } split ' ', readline($in) // '';
}

# --- clients ------------------------------------------------------------------------------

sub dial
{
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port",
        Timeout => 10) or return;
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
    return $socket;
}

# A whole answer: [status, generation], or undef where the connection ended
sub answer
{
    my ($socket) = @_;
    my $raw = '';
    while ($raw !~ /\r\n\r\n/) {
        sysread $socket, $raw, 65536, length $raw or return;
    }
    my ($length) = $raw =~ /^Content-Length: (\d+)\r$/mi;
    my $whole = index($raw, "\r\n\r\n") + 4 + ($length // 0);
    while (length $raw < $whole) {
        sysread $socket, $raw, 65536, length $raw or return;
    }
    my ($status) = $raw =~ m{^HTTP/1\.1 (\d+)};
    my ($from) = $raw =~ /^X-Generation: (\d+)\r$/m;
    return [$status // 0, $from // 0];
}

# Ask on this connection; a new one where it has ended. A request that a
# connection ended behind has been lost, and is not asked again.
sub ask_on
{
    my ($socket, $path, @headers) = @_;
    my $text = "GET $path HTTP/1.1\r\nHost: localhost\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    $$socket //= dial() or return;
    local $SIG{PIPE} = 'IGNORE';
    my $sent = syswrite $$socket, "$text\r\n";
    my $answer = $sent ? answer($$socket) : undef;
    $$socket = undef unless $answer;
    return $answer;
}

# Processes that begin together: run is called with the number of each, and
# returns a hash of numbers, all of which are summed up; most* are maxima. While
# they run, meanwhile is called.
sub together
{
    my ($count, $run, $meanwhile) = @_;
    pipe my $wait, my $start or die "pipe: $!\n";
    my @clients;
    for my $client (1 .. $count) {
        pipe my $from, my $to or die "pipe: $!\n";
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            close $start;
            alarm 120; # nobody waits for ever
            my $socket = dial(); # before it begins
            readline $wait;
            my $got = eval { $run->($client, \$socket) } // { died => 1 };
            warn $@ if $@;
            print {$to} join ' ', map { "$_=$got->{$_}" } keys %$got;
            close $to;
            POSIX::_exit(0);
        }
        close $to;
        push @clients, [$pid, $from];
    }
    sleep 0.1;
    close $start;
    $meanwhile->() if $meanwhile;
    my %sum;
    for (@clients) {
        my ($pid, $from) = @$_;
        my %got = map { split /=/ } split ' ', readline($from) // 'died=1';
        waitpid $pid, 0;
        for my $what (keys %got) {
            my $value = $got{$what};
            $sum{$what} = $what !~ /^most/ ? ($sum{$what} // 0) + $value
                : $value > ($sum{$what} // 0) ? $value : $sum{$what};
        }
    }
    return \%sum;
}

# 300 requests of eight clients, each on a connection that it keeps
my @share = (38) x 4;
push @share, (37) x 4;
sub three_hundred
{
    my ($path, $pause, $meanwhile, @headers) = @_;
    return together(8, sub {
        my ($client, $socket) = @_;
        my %got;
        for (1 .. $share[$client - 1]) {
            # a server that restarts closes connections: nobody was asked then
            my $answer;
            for (1 .. 20) {
                $answer = ask_on($socket, $path, @headers) and last;
                $got{again}++;
            }
            $got{ $answer ? $answer->[0] : 'lost' }++;
            $got{"generation$answer->[1]"}++ if $answer;
            sleep $pause if $pause;
        }
        return \%got;
    }, $meanwhile);
}
sub by_status
{
    my ($got) = @_;
    return { map { ($_ => $got->{$_}) } grep { /^(?:\d+|lost|died)$/ } keys %$got };
}

# --- S38: exactly so many ---------------------------------------------------------------------

configure();
is system($httpd, '-f', "$dir/httpd.conf", '-k', 'start'), 0,
    'a second httpd starts';
ok wait_for(sub { generations() == 1 && children() >= $servers }), 'and is up'
    or diag(said());

is_deeply by_status(three_hundred('/hundred', 0)), { 200 => 100, 429 => 200 },
    'S38 A80 300 at once: exactly 100 pass';
# On a busy machine one process may have answered all of them: then again, until
# several do
sub answered_by { my %by = map { ($_ => 1) } split /\n/, $_[0]; return keys %by }
my $by = () = answered_by(slurp("$dir/processes"));
for (my $round = 1; $by < 2 && $round <= 20; $round++) {
    my $before = length slurp("$dir/processes");
    is_deeply by_status(three_hundred('/http2', 0.002, undef,
        'X-Round' => "several $round")), { 200 => 100, 429 => 200 },
        'S38 A80 300 at once, again: exactly 100';
    $by = () = answered_by(substr slurp("$dir/processes"), $before);
}
cmp_ok $by, '>', 1, "S38 by $by processes";

my @one = ('X-Test-Address' => '192.0.2.1');
my @two = ('X-Test-Address' => '192.0.2.2');
is_deeply by_status(three_hundred('/two', 0, undef, @one)),
    { 200 => 100, 429 => 200 }, 'S38 two limits together: exactly 100';
is_deeply by_status(three_hundred('/two', 0, undef, @two)),
    { 200 => 50, 429 => 250 }, 'S38 and the other took exactly 100';

SKIP: {
    skip 'mod_http2 does not work with prefork', 2 if $mpm eq 'prefork';
    skip 'no h2load (Debian: nghttp2-client)', 2
        unless grep { -x "$_/h2load" } split /:/, $ENV{PATH};
    for my $streams (1, 20) {
        # mod_http2 of httpd 2.4.71 forgets a stream now and then, with no module
        # of ours too: then again, for another caller
        my ($done, $passed, $refused, $too_many) = (0, 0, 0, 0);
        for my $try (1 .. 8) {
            my $load = `h2load -n300 -c8 -m$streams -N 2s \\
                -H 'x-round: $streams, $try' http://127.0.0.1:$port/http2 2>&1`;
            ($done) = $load =~ /, (\d+) done,/;
            ($passed, $refused) =
                $load =~ /status codes: (\d+) 2xx, 0 3xx, (\d+) 4xx, 0 5xx/;
            $too_many++ if ($passed // 999) > 100;
            last if ($done // 0) == 300;
        }
        is_deeply [$done, $passed, $refused, $too_many], [300, 100, 200, 0],
            "S38 A80 over HTTP/2, $streams streams at once: exactly 100";
    }
}

# --- A93: a graceful restart in the middle -----------------------------------------------------

# a connection may end before its next request was read
my $got = three_hundred('/graceful', 0.02, sub {
    sleep 0.15;
    configure();
    is system($httpd, '-f', "$dir/httpd.conf", '-k', 'graceful'), 0, 'graceful';
});
is_deeply by_status($got), { 200 => 100, 429 => 200 },
    'A93 S38 with a graceful restart: exactly 100';
ok $got->{generation1} && $got->{generation2},
    'A93 answered by the old and the new'
    or diag(explain($got));
ok wait_for(sub { generations() == 2 && children() >= $servers }),
    'A93 the new generation is up';

# --- A80: guesses at once --------------------------------------------------------------------------

# 200 connections, 25 of each client: all have been asked before one is read
{
    my $text = "GET /guess HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    my $before = () = said() =~ /./sg;
    my $got = together(8, sub {
        my ($client) = @_;
        my (%got, @sockets);
        push @sockets, dial() // () for 1 .. 25;
        for my $i (0 .. $#sockets) {
            my $guess = basic('ann', "guess no. $client.$i");
            syswrite $sockets[$i], "${text}Authorization: $guess\r\n\r\n";
        }
        for my $socket (@sockets) {
            my $answer = answer($socket);
            $got{ $answer ? $answer->[0] : 'lost' }++;
        }
        return \%got;
    });
    is_deeply $got, { 401 => 5, 429 => 195 },
        'A80 200 guesses at once: five reach the hash';
    my $socket;
    my @auth = (Authorization => basic('ann', $right));
    is ask_on(\$socket, '/guess', @auth)->[0], 429,
        'A80 and not the right one either';
    is ask_on(\$socket, '/guess', @auth, @one)->[0], 200,
        'A80 but from elsewhere';
    # 200 right ones at once: permits in flight are given back
    $got = together(8, sub {
        my ($client, $socket) = @_;
        my %got;
        for (1 .. 5) {
            my $answer = ask_on($socket, '/guess', @auth, @two);
            # five in flight: come again
            # or a worker with nobody free has closed this connection
            redo if (!$answer || $answer->[0] == 429) && $got{again}++ < 2000;
            $got{ $answer ? $answer->[0] : 'lost' }++;
        }
        return \%got;
    });
    is_deeply by_status($got), { 200 => 40 },
        'A80 the right ones are never spent';
}

# --- A90: workers are killed all along ----------------------------------------------------------------

# Each round has a caller of its own, whom eight clients are together; in each
# other one a second limit has less room. They ask through some rounds.
my $rounds = 0;
my ($lost, $wrong, $too_many, $too_few, $slowest) = (0, 0, 0, 0, 0);
sub room { return $_[0] % 2 ? 60 : 100 }
sub go_through
{
    my ($count, $meanwhile) = @_;
    my @rounds = ($rounds .. $rounds + $count - 1);
    $rounds += $count;
    my $got = together(8, sub {
        my ($client, $socket) = @_;
        my %got = (most => 0);
        for my $round (@rounds) {
            my @headers = ('X-Round' => "round-$round", 'X-Half' =>
                "half-$round" . ($round % 2 ? '' : ".$client"));
            for (1 .. $share[$client - 1]) {
                my $answer;
                for (1 .. 100) {
                    my $began = time;
                    $answer = ask_on($socket, '/killed', @headers);
                    my $took = time - $began;
                    $got{most} = $took if $took > $got{most};
                    last if $answer;
                    $got{"lost-$round"}++;
                }
                my $status = $answer ? $answer->[0] : 'none';
                $got{ $status =~ /^(?:200|429)$/ ? "$status-$round" : 'wrong' }++;
            }
        }
        return \%got;
    }, $meanwhile);
    for my $round (@rounds) {
        my $passed = $got->{"200-$round"} // 0;
        my $gone   = $got->{"lost-$round"} // 0;
        $lost += $gone;
        $too_many++ if $passed > room($round);
        # who got no answer may have been counted; nobody else
        $too_few++ if $passed + $gone < room($round);
    }
    $wrong += ($got->{wrong} // 0) + ($got->{died} // 0);
    $slowest = $got->{most} if $got->{most} > $slowest;
    return;
}

# Kill children until they are told to stop; three of four times who has worked
# most since it was looked at last
sub kill_some
{
    my ($most, $is_over) = @_;
    my ($count, %read) = (0);
    while (!$is_over->() && $count < $most) {
        sleep 0.01 + rand 0.02;
        my @children = children();
        # where one in four is gone, others come first
        next if @children < $servers * 3 / 4;
        my ($busiest, $work) = ($children[rand @children], 0);
        for my $child (@children) {
            my ($bytes) = (eval { slurp("/proc/$child/io") } // '')
                =~ /^rchar: (\d+)$/m or next;
            my $more = $bytes - ($read{$child} // $bytes);
            $read{$child} = $bytes;
            ($busiest, $work) = ($child, $more)
                if $more > $work && $count % 4;
        }
        $count++ if kill 'KILL', $busiest;
    }
    return $count;
}

my $killed = 0;
my $seconds = time;
while ($killed < $kills && time - $seconds < 10 * $kills) {
    pipe my $from, my $to or die "pipe: $!\n";
    my $pid;
    go_through(16, sub {
        $pid = fork // die "fork: $!\n";
        if (!$pid) {
            close $from;
            my $over = 0;
            local $SIG{TERM} = sub { $over = 1 };
            my $count = kill_some($kills - $killed, sub { $over });
            syswrite $to, "$count\n";
            POSIX::_exit(0);
        }
    });
    kill 'TERM', $pid;
    close $to;
    $killed += readline($from) // 0;
    waitpid $pid, 0;
}
cmp_ok $killed, '>=', $kills, "A90 $killed workers were killed";
is $wrong, 0, 'A90 all others were answered 200 or 429';
is $too_many, 0, "A90 none was admitted too many in $rounds rounds";
is $too_few, 0, "A90 nor too few: $lost requests were lost with workers";
cmp_ok $slowest, '<', 1, sprintf 'A90 the slowest answer took %.3f s', $slowest;
ok wait_for(sub { children() >= $servers * 3 / 4 }), 'A90 others came';
$lost = $wrong = 0;
go_through(2);
is "$wrong $lost $too_many $too_few", '0 0 0 0',
    'A90 and service is what it was';
is scalar(() = said() =~ /exit signal (?!Killed)/g), 0,
    'A90 nobody died of anything else' or diag(said());
is_deeply [FastAuthTest::_leaks(said())], [], 'no secret in its log';

my $pid = pid();
kill 'TERM', $pid;
ok wait_for(sub { !kill 0, $pid }), 'the second httpd has stopped';
unlink "$dir/httpd.pid";
finish();
