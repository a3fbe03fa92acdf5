# SPDX-License-Identifier: Apache-2.0
# A95: what one virtual host accepts, another does not.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $first  = secret('hs256');
my $second = secret('other-hs256');
my $iss    = 'https://issuer.example';
my @challenges = (qr/^Bearer realm="API"/, qr/^ApiKey /, qr/^Basic /);
my $other_key = private_to('key-of-kim-at-the-second-host');

sub bearer
{
    my ($secret, @claims) = @_;
    return [Authorization => 'Bearer ' . mint('HS256', $secret, claims(@claims))];
}
sub key { return ['X-API-Key' => $_[0]] }
sub password_of { return [Authorization => basic('shared', "of the $_[0] file")] }

# credential -> the hosts that accept it, and for whom
my @table = (
    ['a token of the first', bearer($first), { hosts_first => 'alice' }],
    ['a token of the second', bearer($second), { hosts_second => 'alice' }],
    ['a token of the issuer', bearer($second, iss => $iss),
        { hosts_second => 'alice', hosts_issuer => 'alice' }],
    ['a token of the issuer by the first\'s key', bearer($first, iss => $iss),
        { hosts_first => 'alice' }],
    ['a token of another issuer', bearer($second, iss => "$iss/"),
        { hosts_second => 'alice' }],
    ['a token for the audience', bearer($first, aud => 'nobody'), {}],
    ['an API key of the first', key(api_key('kim')), { hosts_first => 'kim' }],
    ['an API key of the second', key($other_key), { hosts_second => 'kim' }],
    ['a password of the first', password_of('first'), { hosts_first => 'shared' }],
    ['a password of the second', password_of('second'),
        { map { $_ => 'shared' } qw(hosts_second hosts_leeway hosts_audience
            hosts_issuer) }],
);
my @hosts = qw(hosts_first hosts_second hosts_leeway hosts_audience hosts_issuer);

# Forth, back and forth again: what one of them has remembered helps no other
for my $round (1 .. 3) {
    for my $host ($round == 2 ? reverse @hosts : @hosts) {
        at($host);
        for (@table) {
            my ($what, $headers, $accepted) = @$_;
            my $response = ask('GET', '/host/x', $headers);
            my $user = $accepted->{$host};
            # a host that has no API keys cannot say
            my $status = $user ? 200
                : $what =~ /API key/ && $host !~ /first|second/ ? '(?:401|503)' : 401;
            like $response->{status}, qr/^$status$/,
                "A95 round $round: $host, $what";
            is header($response, 'X-User') // '', $user // '',
                'A95 and tells of ' . ($user // 'nobody');
            check_denial($response, 401, [@challenges],
                "A95 $host: $what, a whole refusal")
                if $round == 1 && $response->{status} == 401;
        }
        check_denial(ask('GET', '/host/x'), 401, [@challenges],
            "A95 $host: nothing") if $round == 1;
    }
}

# Every worker has met every password by now; both of one user, at once
at('hosts_first');
for my $count (1 .. 20) {
    at('hosts_first');
    my @first = map { ask('GET', '/host/x', $_)->{status} } password_of('first'),
        password_of('second');
    at('hosts_second');
    my @second = map { ask('GET', '/host/x', $_)->{status} }
        password_of('first'), password_of('second');
    is "@first @second", '200 401 401 200', "A95 passwords, time $count";
}
finish();
