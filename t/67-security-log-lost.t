# SPDX-License-Identifier: Apache-2.0
# SecurityLog never delays or fails a request: a program that does not read, a
# disk that is full; what was lost is told by number. And it is opened anew at a
# graceful restart, without losing a line. A second httpd does it, which the
# test starts and stops by its pid.
use strict;
use warnings;
use IO::Socket::INET ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;
use FastAuthTest::SecurityLog;

my $top = top();
my $dir = "$top/lost";
second_dir($dir);
my $httpd = Apache::Test::vars('httpd');
my $mpm   = $ENV{FASTAUTH_MPM} // 'event';
my %port  = map { $_ => IO::Socket::INET->new(LocalAddr => '127.0.0.1',
    Listen => 1)->sockport } qw(file slow full second);
mkdir $_ for $dir, "$dir/kept";

# Reads nothing before there is a file `go'; then all, into a file
my $program = "$dir/slow.pl";
spill($program, <<'END');
my ($dir) = @ARGV;
select undef, undef, undef, 0.02 until -e "$dir/go";
open my $out, '>>', "$dir/slow.json" or die;
while (sysread STDIN, my $bytes, 65536) { syswrite $out, $bytes }
END

sub configure
{
    my ($first) = @_;
    my $size = $mpm eq 'prefork' ? "StartServers 4\nMaxRequestWorkers 16\n"
        : "StartServers 2\nThreadsPerChild 10\nMinSpareThreads 10\n"
        . "MaxSpareThreads 40\nMaxRequestWorkers 40\n";
    spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel notice fastauth:error
Mutex default:$dir
Include "$top/../base.conf"
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
<IfModule mod_cgid.c>
    ScriptSock cgisock
</IfModule>
$size
DocumentRoot "$top/htdocs/sub"
TypesConfig /dev/null
AuthTokenKey HS256 file:$top/keys/hs256.secret
SecurityLog $first
<Location "/kept">
    AuthScheme bearer-jwt
</Location>
<Location "/status">
    SetHandler fastauth-status
</Location>
@{[map { "Listen 127.0.0.1:$_\n" } values %port]}
<VirtualHost 127.0.0.1:$port{file}>
</VirtualHost>
<VirtualHost 127.0.0.1:$port{slow}>
    SecurityLog "|$^X $program $dir"
</VirtualHost>
<VirtualHost 127.0.0.1:$port{full}>
    SecurityLog /dev/full
</VirtualHost>
# the same file, opened once
<VirtualHost 127.0.0.1:$port{second}>
    SecurityLog $first
</VirtualHost>
END
    return;
}

our $test = $$;
END {
    my $status = $?;
    my $pid = $$ == $main::test ? pid() : 0;
    if ($pid && kill 'TERM', $pid) {
        wait_for(sub { !kill 0, $pid });
    }
    $? = $status;
}

# One request, on a connection of its own: its status
sub status_of
{
    my ($at, $path) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port{$at}",
        Timeout => 10) or return 0;
    print {$socket} "GET $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n\r\n";
    my $raw = join '', readline $socket;
    return $raw =~ m{^HTTP/1\.1 (\d+).*\r\n\r\n(.*)}s ? ($1, $2) : (0, '');
}

# So many processes, each with so many requests; how many were answered 401, and
# the longest that one took
sub ask_many
{
    my ($at, $children, $each, $meanwhile) = @_;
    my @from;
    for my $child (1 .. $children) {
        my $pid = open my $from, '-|';
        die "fork: $!\n" unless defined $pid;
        if (!$pid) {
            my ($right, $most) = (0, 0);
            alarm 120;
            for (1 .. $each) {
                my $start = time;
                $right++ if (status_of($at, "/kept/$child-$_" . 'x' x 150))[0] == 401;
                my $took = time - $start;
                $most = $took if $took > $most;
            }
            print "$right $most\n";
            close STDOUT;
            POSIX::_exit(0);
        }
        push @from, $from;
    }
    $meanwhile->() if $meanwhile;
    my ($right, $most) = (0, 0);
    for my $from (@from) {
        my ($count, $took) = split ' ', readline($from) // '0 0';
        $right += $count;
        $most = $took if $took > $most;
        close $from;
    }
    return ($right, $most);
}

sub lines_of { return -e "$dir/$_[0]" ? split(/\n/, slurp("$dir/$_[0]")) : () }
sub complaints { return scalar(() = said() =~ /SecurityLog: '\Q$_[0]\E' takes no more/g) }
sub json_status { return decode_json((status_of('file', '/status?format=json'))[1]) }

# --- what cannot be opened -------------------------------------------------------------

SKIP: {
    skip 'root may write anywhere', 2 if $> == 0;
    chmod 0500, "$dir/kept";
    configure('kept/security.json');
    my $said = `'$httpd' -f '$dir/httpd.conf' -k start 2>&1`;
    isnt $?, 0, 'a SecurityLog that cannot be opened: httpd does not start';
    $said .= said();
    like $said, qr{SecurityLog: '\S+/kept/security\.json' cannot be opened},
        'and says which';
    chmod 0700, "$dir/kept";
    unlink "$dir/error_log";
}

configure('security.json');
system($httpd, '-f', "$dir/httpd.conf", '-k', 'start') == 0
    or BAIL_OUT("no second httpd\n" . said());
wait_for(sub { generations() == 1 && (status_of('file', '/status'))[0] == 200 })
    or BAIL_OUT("it does not answer\n" . said());

# --- a full disk ------------------------------------------------------------------------

is((status_of('full', '/kept/full'))[0], 401, 'a full disk: refused as always')
    for 1 .. 5;
wait_for(sub { json_status()->{security_log}{dropped} == 5 });
is json_status()->{security_log}{dropped}, 5, 'fastauth-status counts the lines';
is complaints('/dev/full'), 1, 'and the error log says so, once a minute';

# --- a program that does not read -------------------------------------------------------

my ($children, $each) = (8, 75);
my ($right, $most) = ask_many('slow', $children, $each);
is $right, $children * $each, 'a program that does not read: all are answered';
cmp_ok $most, '<', 5, 'none has waited for it' or diag("$most s");
my $dropped = 0;
wait_for(sub { $dropped = json_status()->{security_log}{dropped} - 5;
    complaints("|$^X $program $dir") });
is complaints("|$^X $program $dir"), 1, 'the error log says so, once a minute';
cmp_ok $dropped, '>', 100, 'lines were dropped';

# now it reads; the next line tells how many there were
spill("$dir/go", '');
wait_for(sub { (lines_of('slow.json'))[-1] });
my $size = 0;
wait_for(sub { my $before = $size; $size = -s "$dir/slow.json"; sleep 0.1;
    $before == $size });
is((status_of('slow', '/kept/after'))[0], 401, 'once more');
wait_for(sub { slurp("$dir/slow.json") =~ m{"path":"/kept/after"} });
my @events = map { decode_json($_) } lines_of('slow.json');
my $untold = 0;
$untold += $_->{dropped} // 0 for @events;
is @events + $untold, $children * $each + 1,
    'lines and what they tell of lost ones are all that there was';
is((json_status()->{security_log}{dropped}) - 5, $untold,
    'as fastauth-status has counted');
is $events[-1]{path}, '/kept/after', 'the last is the last';
is_deeply [wrong_lines(slurp("$dir/slow.json"))], [], 'no line is cut or mixed';

# --- a file that cannot grow any more ----------------------------------------------------

# The largest file that the second httpd may write, in bytes; it and all of its
# children, but for those that end just then
sub allow
{
    my ($bytes) = @_;
    my $parent = pid();
    open my $in, '<', "/proc/$parent/task/$parent/children" or return;
    system("prlimit --fsize=$bytes: --pid $_ >'$dir/prlimit' 2>&1")
        for $parent, split ' ', readline($in) // '';
    return;
}

is((status_of('file', "/kept/before-$_"))[0], 401, 'a file') for 1 .. 40;
SKIP: {
    skip 'no prlimit(1)', 7 unless grep { -x "$_/prlimit" }
        split /:/, $ENV{PATH};
    wait_for(sub { lines_of('security.json') == 40 });
    allow((-s "$dir/security.json") + 100);
    is((status_of('file', "/kept/cut-$_"))[0], 401, 'it is full: refused')
        for 1 .. 3;
    wait_for(sub { complaints("$dir/security.json") });
    like slurp("$dir/security.json"), qr/\n[^\n]{100}\z/, 'a line is cut';
    allow('unlimited');
    is((status_of('file', '/kept/again'))[0], 401, 'and there is room again');
    wait_for(sub { slurp("$dir/security.json") =~ m{"path":"/kept/again"} });
    my @lines = lines_of('security.json');
    my $last = eval { decode_json($lines[-1]) };
    is $last->{dropped}, 3, 'the next line begins on a new one, and tells of 3';
    ok !eval { decode_json($lines[-2]); 1 }, 'behind the one that was cut';
}

# --- a graceful restart -------------------------------------------------------------------

# as logrotate does it: the old file moved away, then the restart
my $before = () = lines_of('security.json');
rename "$dir/security.json", "$dir/security.json.1" or die "rename: $!\n";
my ($answered) = ask_many('file', 4, 100, sub {
    sleep 0.1;
    kill 'USR1', pid();
    wait_for(sub { generations() == 2 });
});
wait_for(sub { -s "$dir/security.json" });
my ($still) = ask_many('second', 1, 3);
my @all;
wait_for(sub {
    @all = (lines_of('security.json.1'), lines_of('security.json'));
    @all >= $before + $answered + $still });
is $answered, 400, 'a graceful restart: all are answered';
is scalar(@all), $before + $answered + $still, 'and each has a line';
cmp_ok scalar(() = lines_of('security.json')), '>=', $still,
    'the new ones in the new file, one virtual host\'s beside another\'s';
is_deeply [wrong_lines(slurp("$dir/security.json"))], [], 'every line is right';
finish();
