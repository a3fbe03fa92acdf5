# SPDX-License-Identifier: Apache-2.0
# Two credentials say two things: whichever way they come, neither wins. Only
# cookies, which are sent unasked, give way.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

at('two_credentials');
my $alice = mint('HS256', secret('hs256'), claims());
my $carol = mint('HS256', secret('hs256'), claims(sub => 'carol'));
my ($kim, $lee) = map { api_key($_) } 'kim', 'lee';
my $ann = basic('ann', password('ann'));

# Ways to send one: name, header and value or a query; whom it proves
my @WAYS = (
    { name => 'a token', header => [Authorization => "Bearer $alice"],
        user => 'alice' },
    { name => 'a bad token', header => [Authorization => 'Bearer bad'] },
    { name => 'an empty Bearer', header => [Authorization => 'Bearer '] },
    { name => 'a password', header => [Authorization => $ann], user => 'ann' },
    { name => 'a wrong password', header => [Authorization => 'Basic YTpi'] },
    { name => 'an empty Basic', header => [Authorization => 'Basic'] },
    { name => 'an API key', header => ['X-API-Key' => $lee], user => 'lee' },
    { name => 'a wrong API key', header => ['X-API-Key' => 'wrong'] },
    { name => 'an empty API key', header => ['X-API-Key' => ''] },
    { name => 'a key in the query', query => "api_key=$kim", user => 'kim' },
    { name => 'a wrong key in the query', query => 'api_key=wrong' },
    { name => 'an empty key in the query', query => 'api_key=' },
    { name => 'a token in the query', query => "access_token=$carol",
        user => 'carol' },
    { name => 'a bad token in the query', query => 'access_token=bad' },
    { name => 'an empty token in the query', query => 'access_token=' },
);

sub send_all
{
    my ($path, $cookie, @ways) = @_;
    my $query = join '&', map { $_->{query} // () } @ways;
    return ask('GET', $path . (length $query ? "?$query" : ''),
        [(map { @{ $_->{header} // [] } } @ways),
            defined $cookie ? (Cookie => $cookie) : ()]);
}

my $TWO = qr/^Bearer realm="API", error="invalid_request"$/;
my @ALL = (qr/^Bearer realm="API"/, qr/^Basic /, (qr/^ApiKey /) x 3);

for my $way (@WAYS) {
    my $response = send_all('/all', undef, $way);
    defined $way->{user}
        ? check_allowed($response, $way->{user}, "$way->{name} alone")
        : check_denial($response, 401, \@ALL, "$way->{name} alone");
    # A33: a session or key cookie neither joins nor helps
    for my $cookie ("sid=$kim", "jwt=$carol", 'sid=bad', 'sid=; jwt=') {
        my $shown = $cookie =~ s/=\S{8,}/=GOOD/r;
        $response = send_all('/all', $cookie, $way);
        defined $way->{user}
            ? check_allowed($response, $way->{user},
                "A33 $way->{name}, and a cookie $shown")
            : check_denial($response, 401, \@ALL,
                "A33 $way->{name}, and a cookie $shown");
    }
}

# S15, A30, A33, A49: every pair, both ways round, the same one twice too
for my $first (@WAYS) {
    for my $second (@WAYS) {
        check_denial(send_all('/all', undef, $first, $second), 400, $TWO,
            "S15 A30 A33 $first->{name} and $second->{name}");
    }
}
check_denial(send_all('/all', "sid=$kim", @WAYS[0, 6]), 400, $TWO,
    'A33 and a cookie changes nothing of it');
check_denial(send_all('/all', undef, @WAYS[0, 6, 9]), 400, $TWO,
    'A33 three of them');

# Two cookies: the first scheme of the configuration that is there, alone
check_allowed(ask('GET', '/cookies', [Cookie => "jwt=$carol; sid=$kim"]), 'kim',
    'A33 two cookies: the order of the schemes counts');
check_denial(ask('GET', '/cookies', [Cookie => "jwt=$carol; sid=bad"]),
    401, [qr/^ApiKey /, qr/^Bearer realm="API"$/],
    'A33 two cookies: a bad one is not saved by the other');
check_allowed(ask('GET', '/cookies', [Cookie => "jwt=$carol"]), 'carol',
    'A33 the other cookie alone');

# What is not in force here is not looked at
for (
    ['/bearer', [Authorization => "Bearer $alice", 'X-API-Key' => $kim],
        'alice', 'a token beside an API key that nobody asks for'],
    ['/key', [Authorization => "Bearer $alice", 'X-API-Key' => $kim],
        'kim', 'an API key beside a token that nobody asks for'],
    ['/key', [Authorization => 'Bearer bad', 'X-API-Key' => $kim],
        'kim', 'a bad token that nobody asks for'],
    ['/key', [Authorization => $ann, 'X-API-Key' => $lee],
        'lee', 'a password that nobody asks for'],
    ['/basic', [Authorization => $ann, 'X-API-Key' => $kim],
        'ann', 'a password beside an API key that nobody asks for'],
) {
    my ($path, $headers, $user, $name) = @$_;
    check_allowed(ask('GET', "$path?api_key=x&access_token=y", $headers),
        $user, $name);
}

finish();
