# SPDX-License-Identifier: Apache-2.0
# A65, A66: one line for a denial, printable, of a bounded length, and nothing of
# a secret in it; no answer reflects what came.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

at('logs');
my $secret = secret('hs256');
my @long   = map { $_ x 7_000 } 'a', "\xc3\xa4", '%n';
my @strings = (@long, "a\r\nb", "a\nb", "\e[31mred\e[0m", "a\0b", "\x9b2J",
    "\x7f\x08\x07", '%n%s%n%s%p', '%s' x 100, '\\', '"', "a\tb", "\xff\xfe",
    "\xe2\x80\xae", '<script>alert(1)</script>', '[fastauth:info] refused 401');
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

# as a header can carry it
sub field { my ($text) = @_; $text =~ tr/\0-\x08\x0a-\x1f\x7f//d; return $text }
sub escaped { return form_escape(substr $_[0], 0, 2_500) }

# What is wrong with the log of a denial, and with its answer
sub wrongs
{
    my ($response, $string) = @_;
    my @lines = @{ $response->{log} };
    my @ours  = grep { /\[fastauth:/ } @lines;
    my @wrong;
    push @wrong, @ours . ' lines of ours' if @ours != 1;
    push @wrong, map { "not printable: $_" } grep { /[^ -~]/ } @lines;
    push @wrong, 'too long' if grep { length > 8_300 } @lines;
    push @wrong, 'a line that is none' if grep { !/^\[/ } @lines;
    push @wrong, "the answer repeats it" if length $string > 11
        && index($response->{raw}, $string) >= 0
        && index('Authentication is required. The credential is not valid. '
            . 'application/problem+json', $string) < 0;
    push @wrong, "a 5xx: $response->{status}" if $response->{status} >= 500;
    push @wrong, "not refused: $response->{status}" if $response->{status} < 400;
    return @wrong;
}

# where the string is put -> the request, and the status it must have
my %places = (
    'the path'        => sub { ['GET', '/kept/' . escaped($_[0])], 401 },
    'the query'       => sub { ['GET', '/kept?x=' . escaped($_[0])], 401 },
    'the API key in the query' =>
        sub { ['GET', '/kept?api_key=' . escaped($_[0])], 401 },
    'the token in the query' =>
        sub { ['GET', '/kept?access_token=' . escaped($_[0])], 401 },
    'User-Agent'      => sub { ['GET', '/kept', ['User-Agent' => field($_[0])]], 401 },
    'Referer'         => sub { ['GET', '/kept', [Referer => field($_[0])]], 401 },
    'the token'       =>
        sub { ['GET', '/kept', [Authorization => 'Bearer ' . field($_[0])]], '40[01]' },
    'Authorization'   => sub { ['GET', '/kept', [Authorization => field($_[0])]], '40[01]' },
    'the API key'     => sub { ['GET', '/kept', ['X-API-Key' => field($_[0])]], '40[01]' },
    'the cookie'      => sub { ['GET', '/kept', [Cookie => 'key=' . field($_[0])]], 401 },
    'the user'        => sub { ['GET', '/kept', [Authorization => 'Basic '
        . encode_base64("$_[0]:x", '')]], 401 },
    'the password'    => sub { ['GET', '/kept', [Authorization => 'Basic '
        . encode_base64("ann:$_[0]", '')]], 401 },
);
for my $place (sort keys %places) {
    my (@bad, $count);
    for my $string (@strings) {
        my ($request, $status) = $places{$place}->($string);
        next if 8_000 < length join '', $request->[1], map { @$_ }
            $request->[2] // ();
        # what another server's tool would take for the name of a method
        my $response = ask(@$request);
        $count++;
        my @wrong = wrongs($response, $string);
        # a lone CR and the like are httpd's to refuse, before us
        @wrong = grep { !/^0 lines/ } @wrong if $response->{status} =~ /^(?:400|404|413|414)$/;
        push @wrong, "status $response->{status}"
            unless $response->{status} =~ /^(?:$status|400|404|414)$/;
        push @bad, [$string, @wrong, @{ $response->{log} }] if @wrong;
    }
    ok(!@bad, "A65 A66 $place: $count requests") || diag(explain([
        @bad[0 .. ($#bad < 3 ? $#bad : 3)]]));
}

# users that are good, with names that are not nice
for my $user ('%n%s', "\x{202e}x", '<b>', '"', "a'b", '\\x1b[0m', "\x{9b}2J") {
    my $response = ask('GET', '/kept/scope', [Authorization => 'Bearer '
        . mint('HS256', $secret, claims(sub => $user))]);
    is $response->{status}, 403, 'A65 a known user is refused';
    is_deeply [wrongs($response, $user)], [], 'A65 ' . (encode_json([$user]));
}

# --- no secret at any level -----------------------------------------------------

at('logs_trace');
my $good   = mint('HS256', $secret, claims());
my $wrong  = mint('HS256', secret('other-hs256'), claims());
my $key    = api_key('kim');
my $basic  = basic('ann', password('ann'));
my $unknown = private_to('a-key-that-nobody-has-0123456789');
my $typed   = basic('ann', 'a password mistyped');
my $nobody  = basic('nobody-here', 'a password of nobody');
my @sent = (
    [[Authorization => "Bearer $good"], '', 200],
    [[Authorization => "Bearer $wrong"], '', 401],
    [[Authorization => "Bearer $good, Bearer $wrong"], '', 400],
    [[Authorization => "Bearer\t$good"], '', 401],
    [[Authorization => "bearer $good"], '', 200],
    [[Authorization => "Bearer$good"], '', 401],
    [['X-API-Key' => $key], '', 200],
    [['X-API-Key' => $unknown], '', 401],
    [['X-API-Key' => "$key,$unknown"], '', 400],
    [[Authorization => $basic], '', 200],
    [[Authorization => $typed], '', 401],
    [[Authorization => $nobody], '', 401],
    [[Cookie => "token=$good"], '', 200],
    [[Cookie => "token=$wrong; key=$unknown"], '', 401],
    [[Cookie => "key=$key"], '', 200],
    [[], "?api_key=$key", 200],
    [[], "?api_key=$unknown&x=1", 401],
    [[], "?x&api_key=$key&api_key=$unknown", 400],
    [[], "?access_token=$good", 200],
    [[], "?access_token=$wrong", 401],
    [[Authorization => "Bearer $good"], "?api_key=$key", 400],
    [[Authorization => "Bearer $good"], '', 403, '/kept/scope'],
    [[], "?api_key=$key", 200, '/kept/scope'],
);
for (@sent) {
    my ($headers, $query, $status, $path) = @$_;
    $status = 403 if ($path // '') eq '/kept/scope';
    check_status(ask('GET', ($path // '/kept') . $query, $headers), $status,
        'A65 at trace8: ' . ($headers->[0] // $query =~ s/=.*//r));
}
my $logs = Apache::Test::vars('t_logs');
my $last = ask('GET', '/kept/the-last-of-them');
for (1 .. 200) {
    last if slurp("$logs/trace_access_log") =~ /the-last-of-them/;
    select undef, undef, undef, 0.01;
}
my $access = slurp("$logs/trace_access_log");
like $access, qr/\?api_key=\*\*\*&x=1 HTTP/, 'A49 a query is logged masked';
like $access, qr/"\S*\?api_key=\*\*\*"/, 'A49 as %q too';
like $access, qr/\?x&api_key=\*\*\*&api_key=\*\*\* HTTP/, 'A49 each of two';
like $access, qr/access_token=\*\*\*/, 'A49 so is a token';
like slurp("$logs/trace_log"), qr/:trace[1-8]\]/, 'A65 it said all that it can';

# What every test of the suite keeps secret, and every log so far
private_to(map { slurp($_) } glob keys_dir() . '/*.secret');
private_to(map { $_->{key} } @FastAuthTest::API_KEYS);
private_to(map { values %$_ } values %FastAuthTest::PASSWORDS);
for my $file (grep { -f && !/\.(?:pid|lock)$/ } glob "$logs/*") {
    my @leaks = FastAuthTest::_leaks(slurp($file));
    is_deeply \@leaks, [], 'A65 no secret of the suite in '
        . ($file =~ s/.*\///r);
}
is scalar(() = slurp("$logs/trace_log") =~ /\[fastauth:[a-z0-9]+\].*refused/g),
    1 + grep({ $_->[2] != 200 || $_->[3] } @sent),
    'A65 one line for each that was refused';
finish();
