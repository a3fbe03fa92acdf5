# SPDX-License-Identifier: Apache-2.0
# A93, A94: what bad tokens leave behind on a thread, and restarts under load. A
# second httpd does it, which the test starts, restarts and stops by its pid.
use strict;
use warnings;
use IO::Socket::INET ();
use Test::More;
use Time::HiRes qw(sleep time);
use FastAuthTest;
use FastAuthTest::Second;

my $top   = top();
my $dir   = "$top/second";
second_dir($dir);
my $httpd = Apache::Test::vars('httpd');
my $mpm   = $ENV{FASTAUTH_MPM} // 'event';
my @ports = map { free_port() } 1 .. 2;

# Held until all are known, so that no two are the same
my @held;
sub free_port
{
    push @held, IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        or die "no port: $!\n";
    return $held[-1]->sockport;
}
close $_ for @held;

mkdir $dir;
for my $name (qw(steady old new)) {
    spill("$dir/$name.secret", private_to("the-$name-secret-of-the-second-httpd"));
}
my $made = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\
    -keyout '$dir/key.pem' -out '$dir/cert.pem' -days 2 -subj /CN=localhost 2>&1`;
$? == 0 or die $made;

# Few threads, so that each of them meets every kind of request
sub configure
{
    my (@keys) = @_;
    my $keys = join '', map { "AuthTokenKey HS256 file:$_.secret kid=$_\n" } @keys;
    my $size = $mpm eq 'prefork'
        ? "StartServers 4\nMinSpareServers 4\nMaxSpareServers 4\nMaxRequestWorkers 4\n"
        : "ServerLimit 3\nStartServers 1\nThreadsPerChild 4\nMinSpareThreads 4\n"
        . "MaxSpareThreads 8\nMaxRequestWorkers 8\n";
    spill("$dir/httpd.conf", <<"END");
ServerRoot "$dir"
ServerName localhost
PidFile httpd.pid
ErrorLog error_log
LogLevel warn mpm_$mpm:notice ssl:info
Mutex default:$dir
Include "$top/../base.conf"
LoadModule fastauth_module "$ENV{FASTAUTH_MODULE}"
Listen 127.0.0.1:$ports[0]
Listen 127.0.0.1:$ports[1]
<IfModule mod_cgid.c>
    ScriptSock cgisock
</IfModule>
GracefulShutdownTimeout 20
KeepAlive Off
$size
DocumentRoot "$top/htdocs/paths"
TypesConfig /dev/null
$keys
AuthTokenKey RS256 file:$top/keys/rs.pub kid=rs
AuthTokenKey PS256 file:$top/keys/ps.pub kid=ps
AuthTokenKey ES256 file:$top/keys/ec256.pub kid=es
AuthTokenKey EdDSA file:$top/keys/ed.pub kid=ed
<Location "/keep">
    AuthScheme bearer-jwt
</Location>
<VirtualHost 127.0.0.1:$ports[1]>
    SSLEngine on
    SSLCertificateFile cert.pem
    SSLCertificateKeyFile key.pem
</VirtualHost>
END
    return;
}

sub second { return system($httpd, '-f', "$dir/httpd.conf", @_) }

END {
    my $status = $?;
    spill("$dir/stop", '') if -d $dir;
    if (my $pid = pid()) {
        kill 'TERM', $pid;
        wait_for(sub { !kill 0, $pid });
    }
    $? = $status;
}

# What a request with this token is answered, on a connection of its own
sub status
{
    my ($token) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ports[0]",
        Timeout => 10) or return "no connection: $!";
    print {$socket} "GET /keep/secret.txt HTTP/1.1\r\nHost: localhost\r\n"
        . "Authorization: Bearer $token\r\n\r\n";
    my $raw = '';
    1 while sysread $socket, $raw, 65536, length $raw;
    return $raw =~ m{^HTTP/1\.1 (\d+)} ? $1 : 'nothing';
}

sub token
{
    my ($name) = @_;
    return mint('HS256', slurp("$dir/$name.secret"), claims(), { kid => $name });
}

configure(qw(steady old));
is second('-k', 'start'), 0, 'a second httpd starts';
ok wait_for(sub { generations() == 1 }), 'and is up' or diag(said());

# --- A94: a thousand bad tokens, then TLS on the same threads -----------------------

my %sizes = (RS256 => 256, PS256 => 256, ES256 => 64, EdDSA => 64);
my %kids  = (RS256 => 'rs', PS256 => 'ps', ES256 => 'es', EdDSA => 'ed');
my $payload = encode_base64url(encode_json(claims()));
my %counts;
for my $count (1 .. 1000) {
    my $alg  = (sort keys %sizes)[$count % 4];
    my $size = $sizes{$alg};
    # noise; zero; r = n (RFC 7518 wants 0 < r < n); a byte short
    my $signature = pack 'C*', map { $count * 31 + $_ * $_ & 255 } 1 .. $size;
    $signature = "\0" x $size if $count % 7 == 0;
    $signature = "\xff" x $size if $count % 11 == 0;
    chop $signature if $count % 13 == 0;
    my $header = encode_base64url(encode_json({ alg => $alg, kid => $kids{$alg} }));
    $counts{ status("$header.$payload." . encode_base64url($signature)) }++;
}
is_deeply \%counts, { 401 => 1000 }, 'A94 1,000 bad signatures are refused';

my $good = token('steady');
for my $count (1 .. 24) {
    my $got = `curl -sk --max-time 10 -o /dev/null -w '%{http_code}' \\
        -H 'Authorization: Bearer $good' https://127.0.0.1:$ports[1]/keep/secret.txt`;
    is $got, '200', "A94 then TLS, $count";
    is status("e30.$payload.AAAA"), 401, 'A94 and another bad one' if $count % 3 == 0;
}
unlike said(), qr/SSL Library Error|SSL handshake failed/,
    'A94 TLS found nothing in the error queue';

# --- A93: graceful restarts under load ------------------------------------------------

# Clients that ask until they are told to stop, and say what they got
my @clients;
for my $client (1 .. 3) {
    pipe my $from, my $to or die "pipe: $!\n";
    my $token = token('steady');
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        my %got;
        # by a file: a signal would cut the last answer short
        $got{ status($token) }++ until -e "$dir/stop";
        print {$to} join ' ', map { "$_=$got{$_}" } sort keys %got;
        close $to;
        require POSIX;
        POSIX::_exit(0);
    }
    close $to;
    push @clients, [$pid, $from];
}

sub restart
{
    my (@keys) = @_;
    my $before = generations();
    configure(@keys);
    is second('-k', 'graceful'), 0, "A93 graceful, with the keys @keys";
    ok wait_for(sub { generations() > $before }), 'A93 the new generation is up';
    return;
}

my %tokens = map { $_ => token($_) } qw(steady old new);
is status($tokens{old}), 200, 'A93 the old key';
is status($tokens{new}), 401, 'A93 no new key yet';

restart(qw(steady old new));
ok wait_for(sub { status($tokens{new}) eq '200' }), 'A93 a key was added';
is status($tokens{old}), 200, 'A93 both overlap';

restart(qw(steady new));
ok wait_for(sub { status($tokens{old}) eq '401' }), 'A93 a key was removed';
my %after;
$after{ status($tokens{old}) }++ for 1 .. 50;
is_deeply \%after, { 401 => 50 }, 'A93 and stays so, in every process';
is status($tokens{new}), 200, 'A93 the new one goes on';

# wrong configuration: the running one stays
my $before = generations();
configure(qw(steady new));
spill("$dir/httpd.conf", slurp("$dir/httpd.conf") . "AuthTokenKey HS256 file:none\n");
isnt system("$httpd -f '$dir/httpd.conf' -k graceful >/dev/null 2>&1"), 0,
    'A93 a wrong configuration is not taken';
is status($tokens{new}), 200, 'A93 and the running one stays';
is generations(), $before, 'A93 with no restart';

restart(qw(steady)) for 1 .. 3;
spill("$dir/stop", '');
my $total = 0;
for (@clients) {
    my ($pid, $from) = @$_;
    my $said = readline($from) // '';
    waitpid $pid, 0;
    like $said, qr/^200=\d+$/, "A93 under load: $said";
    $total += $said =~ /^200=(\d+)/ ? $1 : 0;
}
cmp_ok $total, '>', 100, "A93 $total requests went on meanwhile";
unlike said(), qr/exit signal|AddressSanitizer|seg/i, 'A93 no process died';
is_deeply [FastAuthTest::_leaks(said())], [], 'A93 no secret in its log';

my $pid = pid();
kill 'TERM', $pid;
ok wait_for(sub { !kill 0, $pid }), 'the second httpd has stopped';
unlink "$dir/httpd.pid";
finish();
