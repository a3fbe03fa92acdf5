# SPDX-License-Identifier: Apache-2.0
# What the server tests share: tokens, requests byte by byte, and what every
# refusal must be (check_denial).
#
#   use FastAuthTest;
#   at('bearer');                    # <VirtualHost bearer> of the .conf.in
#   my $token = mint('HS256', secret('hs256'), claims(sub => 'alice'));
#   my $r = ask('GET', '/x', [Authorization => "Bearer $token"]);
#   check_allowed($r, 'alice', 'S1 a valid token');
#   check_denial(ask('GET', '/x'), 401, qr/^Bearer realm="API"$/, 'S2 none');
#   finish();                        # secrets in logs? crashes? done_testing
#
# A response is a hash: status, headers (list of [name, value]), body, log (the
# lines of error_log while it was answered), raw. header($r, NAME) is one value,
# headers($r, NAME) are all. t/conf/extra.conf.in makes each answer tell the
# notes: X-User, X-Scheme, X-Scopes; and each handler that runs say so in the
# error log, by which check_denial knows that none did.
package FastAuthTest;
use strict;
use warnings;
use Apache::Test ();
use Apache::TestRequest ();
use Errno ();
use Digest::SHA qw(hmac_sha256 hmac_sha384 hmac_sha512 sha256_hex);
use Exporter 'import';
use File::Temp ();
use IO::Socket::INET ();
use JSON::PP ();
use MIME::Base64 qw(encode_base64 encode_base64url decode_base64url);
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Test::More ();
use Time::HiRes qw(sleep time);
use FastAuthTest::Fixtures;

our (@API_KEYS, %PASSWORDS); # of FastAuthTest/Fixtures.pm

our @EXPORT = qw(
    at top keys_dir key_file secret claims mint sign encode_json decode_json
    ask send_raw header headers basic form_escape challenges problem
    check_denial check_allowed check_status
    access_log_since access_log_mark private_to log_mark log_since
    corpus httpd slurp spill api_key password bcrypted finish
    encode_base64 encode_base64url decode_base64url
);
# not through Test::More's own list, so that a .t uses that as always

my $json = JSON::PP->new->utf8->canonical->allow_nonref->allow_bignum;
sub encode_json { return $json->encode($_[0]) }
sub decode_json { return $json->decode($_[0]) }

# --- places --------------------------------------------------------------------

my $host = '';

# Ask this virtual host from now on; its name, as in <VirtualHost NAME>
sub at
{
    my ($name) = @_;
    Apache::TestRequest::module($name);
    $host = Apache::TestRequest::hostport();
    return $host;
}

# t/ of the tree that the server runs from
sub top { return Apache::Test::vars('t_dir') }
sub keys_dir { return top() . '/keys' }

sub slurp
{
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/ = undef;
    my $bytes = <$in>;
    return defined $bytes ? $bytes : '';
}

# Written beside and renamed, as an editor does
sub spill
{
    my ($file, $bytes) = @_;
    open my $out, '>:raw', "$file.new" or die "$file: $!\n";
    print {$out} $bytes or die "$file: $!\n";
    close $out or die "$file: $!\n";
    rename "$file.new", $file or die "$file: $!\n";
    return;
}

# Outside test material, parsed; undef where it is not here
sub corpus
{
    my ($name) = @_;
    my $file = ($ENV{FASTAUTH_CORPUS} // '') . "/$name";
    return -r $file ? JSON::PP->new->utf8->decode(slurp($file)) : undef;
}

# What httpd says, with the configuration of this server: httpd('-t')
sub httpd
{
    my (@options) = @_;
    my ($httpd, $root, $conf) =
        map { Apache::Test::vars($_) } qw(httpd serverroot t_conf_file);
    my @said = `'$httpd' -d '$root' -f '$conf' @options 2>&1`;
    chomp @said;
    return @said;
}

# --- secrets and keys ------------------------------------------------------------

my @secrets;

# Remember what no log may ever show
sub private_to
{
    my (@texts) = @_;
    push @secrets, grep { defined && length > 7 } @texts;
    return $texts[0];
}

# The secret for HMAC in t/keys, as hs256 or other-hs256
sub secret
{
    my ($name) = @_;
    return private_to(slurp(keys_dir() . "/$name.secret"));
}

# A private key in PEM: rs ps ec256 ec384 ec512 ed, or other-rs and so on
sub key_file { return keys_dir() . "/$_[0].pem" }

# The API key of a user, and a password (FastAuthTest/Fixtures.pm)
sub api_key
{
    my ($user) = @_;
    my ($found) = grep { $_->{line} =~ /^user="?\Q$user\E\b/ } @API_KEYS;
    return private_to($found->{key});
}

sub password
{
    my ($user, $file) = @_;
    return $PASSWORDS{ $file // 'passwords' }{$user};
}

sub basic
{
    my ($user, $password) = @_;
    my $encoded = encode_base64("$user:$password", '');
    private_to($encoded, $password);
    return "Basic $encoded";
}

sub form_escape
{
    my ($text) = @_;
    $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
    return $text;
}

# --- tokens ------------------------------------------------------------------------

# Claims that are good for ten minutes; undef leaves one out
sub claims
{
    my (%change) = @_;
    my %claims = (sub => 'alice', exp => int(time) + 600, %change);
    delete @claims{ grep { !defined $claims{$_} } keys %claims };
    return \%claims;
}

sub _openssl
{
    my ($input, @arguments) = @_;
    my $file = File::Temp->new;
    binmode $file;
    print {$file} $input;
    close $file;
    my $pid = open my $from, '-|';
    die "fork: $!\n" unless defined $pid;
    if (!$pid) {
        exec 'openssl', map { $_ eq 'INPUT' ? $file->filename : $_ } @arguments
            or die "openssl: $!\n";
    }
    binmode $from;
    local $/ = undef;
    my $output = <$from>;
    close $from or die "openssl @arguments failed\n";
    return $output;
}

# r and s of a DER signature, each in so many bytes (RFC 7518 section 3.4)
sub _raw_ecdsa
{
    my ($der, $size) = @_;
    my $at = ord(substr $der, 1, 1) & 0x80 ? 3 : 2;
    my $raw = '';
    for (1 .. 2) {
        my $length = ord substr $der, $at + 1, 1;
        my $number = substr $der, $at + 2, $length;
        $number =~ s/^\0+//;
        $raw .= "\0" x ($size - length $number) . $number;
        $at += 2 + $length;
    }
    return $raw;
}

# The signature of a text, as bytes. key: HS the secret itself; else the file
# of a private PEM.
sub sign
{
    my ($alg, $key, $text) = @_;
    return '' if $alg =~ /^none$/i;
    my ($kind, $bits) = $alg =~ /^(HS|RS|PS|ES)(256|384|512)$/;
    return _openssl($text, qw(pkeyutl -sign -rawin -inkey), $key, '-in', 'INPUT')
        if $alg eq 'EdDSA';
    die "no algorithm: $alg\n" unless $kind;
    return { 256 => \&hmac_sha256, 384 => \&hmac_sha384,
        512 => \&hmac_sha512 }->{$bits}->($text, $key)
        if $kind eq 'HS';
    my @pss = $kind eq 'PS' ? qw(-sigopt rsa_padding_mode:pss
        -sigopt rsa_pss_saltlen:digest) : ();
    my $signature =
        _openssl($text, 'dgst', "-sha$bits", @pss, '-sign', $key, 'INPUT');
    return $signature unless $kind eq 'ES';
    return _raw_ecdsa($signature, { 256 => 32, 384 => 48, 512 => 66 }->{$bits});
}

# A compact token. claims: a hash, or the payload's bytes; header: a hash of
# changes (undef leaves one out), or the header's bytes.
sub mint
{
    my ($alg, $key, $claims, $header) = @_;
    if (!defined $header || ref $header) {
        my %all = (alg => $alg, typ => 'JWT', %{ $header // {} });
        delete @all{ grep { !defined $all{$_} } keys %all };
        $header = encode_json(\%all);
    }
    my $payload = ref $claims ? encode_json($claims) : $claims;
    my $text = encode_base64url($header) . '.' . encode_base64url($payload);
    my $signature = encode_base64url(sign($alg, $key, $text));
    private_to($signature, encode_base64url($payload));
    return "$text.$signature";
}

# --- logs ---------------------------------------------------------------------------

my %mark;

sub _log_file { return Apache::Test::vars('t_logs') . "/$_[0]" }

sub _size { return -s _log_file($_[0]) || 0 }

sub _since
{
    my ($name, $from) = @_;
    open my $in, '<:raw', _log_file($name) or return ();
    seek $in, $from, 0;
    my @lines = <$in>;
    chomp @lines;
    return @lines;
}

# The error log from here on, in two calls
sub log_mark { return _size('error_log') }
sub log_since { return _since('error_log', $_[0]) }

# The access log is written after the answer: wait for so many lines
sub access_log_mark { return _size('access_log') }

sub access_log_since
{
    my ($mark, $lines) = @_;
    my @found;
    for (1 .. 200) {
        @found = _since('access_log', $mark);
        last if @found >= ($lines // 1);
        sleep 0.01;
    }
    return @found;
}

# --- requests -------------------------------------------------------------------------

sub _connect
{
    my $socket = IO::Socket::INET->new(PeerAddr => $host, Timeout => 10)
        or die "cannot connect to $host: $@\n";
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
    return $socket;
}

sub _parse
{
    my ($raw) = @_;
    my ($head, $body) = split /\r\n\r\n/, $raw, 2;
    my ($line, @lines) = split /\r\n/, $head // '';
    my ($status) = ($line // '') =~ m{^HTTP/\S+ (\d{3})};
    my @headers = map { [split /:[ \t]*/, $_, 2] } @lines;
    my %response = (raw => $raw, status => $status // 0, headers => \@headers,
        body => $body // '');
    $response{body} = _unchunk($response{body})
        if (header(\%response, 'Transfer-Encoding') // '') =~ /chunked/i;
    return \%response;
}

sub _unchunk
{
    my ($body) = @_;
    my $whole = '';
    while ($body =~ s/^([0-9a-fA-F]+)[^\r\n]*\r\n//) {
        my $size = hex $1 or last;
        $whole .= substr $body, 0, $size, '';
        $body =~ s/^\r\n//;
    }
    return $whole;
}

# Exactly these bytes; the server closes (say Connection: close, or HTTP/1.0)
sub send_raw
{
    my ($bytes) = @_;
    my $from = log_mark();
    my $socket = _connect();
    local $SIG{PIPE} = 'IGNORE';
    # a server that has seen enough may close while we still write
    for (my $at = 0; $at < length $bytes;) {
        my $sent = syswrite $socket, $bytes, length($bytes) - $at, $at;
        next if !defined $sent && $!{EINTR};
        last unless $sent;
        $at += $sent;
    }
    my ($raw, $failed) = ('');
    for (;;) {
        my $got = sysread $socket, $raw, 65536, length $raw;
        next if !defined $got && $!{EINTR};
        $failed = "$!" if !defined $got;
        last unless $got;
    }
    close $socket;
    my $response = _parse($raw);
    # no answer is one too, and a test that is told of it should tell why
    $response->{raw} .= "\n(the connection failed: $failed)" if defined $failed;
    $response->{log} = [log_since($from)];
    return $response;
}

# A request: method, target, list of header => value (exactly so, in order),
# body. Host, Connection and Content-Length are added where they are missing.
sub ask
{
    my ($method, $target, $headers, $body) = @_;
    my @headers = @{ $headers // [] };
    my %said;
    my $text = "$method $target HTTP/1.1\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $said{ lc $name } = 1;
        $text .= "$name: $value\r\n";
    }
    $text .= "Host: $host\r\n" unless $said{host};
    $text .= "Connection: close\r\n" unless $said{connection};
    $text .= 'Content-Length: ' . length($body) . "\r\n"
        if defined $body && !$said{'content-length'};
    my $response = send_raw("$text\r\n" . ($body // ''));
    $response->{method} = $method;
    $response->{target} = $target;
    return $response;
}

sub headers
{
    my ($response, $name) = @_;
    return map { $_->[1] } grep { lc $_->[0] eq lc $name }
        @{ $response->{headers} };
}

sub header
{
    my ($response, $name) = @_;
    my @values = headers($response, $name);
    return @values ? join ', ', @values : undef;
}

# WWW-Authenticate read strictly (RFC 9110 section 11.6.1), one challenge a
# line: [scheme, {parameter => value}]... Dies of what is malformed.
sub challenges
{
    my ($response) = @_;
    my $token = qr/[!#\$%&'*+.^_`|~0-9A-Za-z-]+/;
    my @found;
    for my $line (headers($response, 'WWW-Authenticate')) {
        my $rest = $line;
        my %parameters;
        $rest =~ s/^($token)// or die "no scheme: $line\n";
        my $scheme = $1;
        my $before = qr/^ /;
        while (length $rest) {
            $rest =~ s/$before// or die "no separator: $line\n";
            $rest =~ s/^($token)=(?:($token)|"((?:[^"\\]|\\.)*)")//
                or die "no parameter: $line\n";
            my ($name, $value) = (lc $1, $2 // $3);
            $value =~ s/\\(.)/$1/g;
            die "$name twice: $line\n" if exists $parameters{$name};
            $parameters{$name} = $value;
            $before = qr/^, /;
        }
        push @found, [$scheme, \%parameters];
    }
    return @found;
}

# The body of a refusal (RFC 9457), or undef
sub problem
{
    my ($response) = @_;
    my $problem = eval { decode_json($response->{body}) };
    return ref $problem eq 'HASH' ? $problem : undef;
}

# --- what must hold ---------------------------------------------------------------------

sub _module_lines
{
    my ($response) = @_;
    return grep { /\[fastauth:/ } @{ $response->{log} };
}

sub _leaks
{
    my (@lines) = @_;
    my $all = join "\n", @lines;
    return grep { index($all, $_) >= 0 } @secrets;
}

sub _shown
{
    my ($response) = @_;
    my $head = (split /\r\n\r\n/, $response->{raw}, 2)[0] // '';
    return join "\n", $head, substr($response->{body}, 0, 300),
        map { "log: " . substr $_, 0, 400 } @{ $response->{log} };
}

sub _settle
{
    my ($response, $name, @wrong) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 2;
    $name =~ s/[^ -~]/?/g;
    return Test::More::ok(!@wrong, $name)
        || Test::More::diag(join "\n", @wrong, _shown($response));
}

# The invariants of a refusal: status, challenge, body, no-store, nobody told,
# no handler, one line in the log, no secret in it.
#
# challenge  a pattern that one WWW-Authenticate line must match; a list of
#            patterns, for as many lines, in their order; undef for no challenge
# also       body => 'json' (default), 'fastopenapi', 'any'; lines => of the
#            module in the log, 1, or [least, most]; handler => 1 where one
#            may run; told => user whom the notes may tell: httpd refused him later
sub check_denial
{
    my ($response, $status, $challenge, $name, %also) = @_;
    my $body = $also{body} // 'json';
    my @wrong;

    push @wrong, "status $response->{status}, not $status"
        if $response->{status} != $status;

    my @wanted = !defined $challenge ? () : ref $challenge eq 'ARRAY'
        ? @$challenge : ($challenge);
    my @came = headers($response, 'WWW-Authenticate');
    push @wrong, scalar(@came) . ' challenges, not ' . scalar(@wanted) if @came != @wanted;
    for my $i (0 .. $#wanted) {
        push @wrong, 'challenge: ' . ($came[$i] // 'none') . " !~ $wanted[$i]"
            unless ($came[$i] // '') =~ $wanted[$i];
    }
    push @wrong, $@ unless eval { challenges($response); 1 };

    push @wrong, 'Cache-Control is not no-store'
        unless (header($response, 'Cache-Control') // '') eq 'no-store';
    my $told = header($response, 'X-User') // '';
    push @wrong, "the notes tell of '$told'" if $told ne ($also{told} // '');
    push @wrong, _body_is_wrong($response, $status, $body);
    push @wrong, 'Retry-After is missing'
        if $status == 503 && !header($response, 'Retry-After');

    push @wrong, 'a handler ran'
        if !$also{handler} && grep { /handler runs/ } @{ $response->{log} };
    my @lines = _module_lines($response);
    my ($least, $most) = ref $also{lines} ? @{ $also{lines} }
        : ($also{lines} // 1) x 2;
    push @wrong, @lines . " lines in the log, not $least to $most"
        if @lines < $least || @lines > $most;
    push @wrong, 'a control character in the log'
        if grep { /[\0-\x08\x0a-\x1f\x7f\x80-\x9f]/ && !/[\xc2-\xf4]/ } @lines;
    push @wrong, map { "a secret in the log: $_" }
        _leaks(@{ $response->{log} });
    return _settle($response, $name, @wrong);
}

sub _body_is_wrong
{
    my ($response, $status, $body) = @_;
    my $type = header($response, 'Content-Type') // '';

    return 'the body has ' . length($response->{body}) . ' bytes'
        if $body ne 'any' && length $response->{body} >= 512;
    return length $response->{body} ? 'HEAD has a body' : ()
        if ($response->{method} // '') eq 'HEAD';
    return () if $body eq 'any';
    my $said = problem($response) or return 'the body is no JSON object';
    if ($body eq 'fastopenapi') {
        return "type $type" if $type ne 'application/json';
        return ($said->{error}{status} // 0) == $status ? () : 'its status';
    }
    return "type $type" if $type ne 'application/problem+json';
    return 'its status' if ($said->{status} // 0) != $status;
    my %may = map { $_ => 1 } qw(type title status detail error);
    $may{'violated-policies'} = 1
        if ($said->{type} // '') =~ /#quota-exceeded$/;
    return map { "member $_" } grep { !$may{$_} } keys %$said;
}

# 200, the handler ran, the notes tell of this user (undef: of nobody), no
# challenge, nothing of ours in the log
sub check_allowed
{
    my ($response, $user, $name, %also) = @_;
    my @wrong;

    push @wrong, "status $response->{status}, not 200"
        if $response->{status} != 200;
    push @wrong, 'user ' . (header($response, 'X-User') // 'none')
        if (header($response, 'X-User') // '') ne ($user // '');
    push @wrong, 'a challenge on a 200'
        if headers($response, 'WWW-Authenticate');
    push @wrong, 'no handler ran'
        unless grep { /handler runs/ } @{ $response->{log} };
    my $lines = $also{lines} // 0;
    my @lines = _module_lines($response);
    push @wrong, @lines . " lines in the log, not $lines" if @lines != $lines;
    push @wrong, map { "a secret in the log: $_" }
        _leaks(@{ $response->{log} });
    return _settle($response, $name, @wrong);
}

# Only the status, for what httpd itself answers
sub check_status
{
    my ($response, $status, $name) = @_;
    return _settle($response, $name, $response->{status} == $status ? ()
        : "status $response->{status}, not $status");
}

my ($error_start, $access_start);

# At the end: no secret in a whole log, no crash; and the plan
sub finish
{
    my @error = _since('error_log', $error_start);
    my @access = _since('access_log', $access_start);
    Test::More::is_deeply([_leaks(@error, @access)], [], 'no secret in a log');
    Test::More::is_deeply([grep { /exit signal|AddressSanitizer/ } @error], [],
        'no process died');
    Test::More::done_testing();
    return;
}

INIT {
    $error_start = _size('error_log');
    $access_start = _size('access_log');
}

1;
