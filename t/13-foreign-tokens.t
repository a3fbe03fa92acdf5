# SPDX-License-Identifier: Apache-2.0
# Tokens of other projects' tests, and tokens signed with secrets that everybody
# knows: none of them is believed here.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $INVALID = qr/^Bearer realm="API", error="invalid_token"/;

my $foreign = corpus('jwt/foreign_tokens.json');
my $weak    = corpus('jwt/weak_secrets_wallarm.json');
plan skip_all => 'no corpus of foreign tokens (FASTAUTH_CORPUS)'
    unless $foreign && $weak;

at('foreign');
my $token = mint('HS256', secret('hs256'), claims());
check_allowed(ask('GET', '/valid', [Authorization => "Bearer $token"]),
    'alice', 'a token of ours is accepted');

my $count = 0;
for my $case (@{ $foreign->{cases} }) {
    my ($signature) = $case->{token} =~ /([^.]+)$/;
    private_to($signature) if length $signature > 20;
    check_denial(
        ask('GET', '/valid', [Authorization => "Bearer $case->{token}"]),
        401, $INVALID, "token $count of $case->{src} is refused");
    $count++;
}
is($count, 172, 'every foreign token was sent');

# A4: one test for all of them, or nobody finds what matters
my (@passed, @lines);
for my $secret (@{ $weak->{cases} }) {
    utf8::encode($secret);
    my $response = ask('GET', '/valid',
        [Authorization => 'Bearer ' . mint('HS256', $secret, claims())]);
    push @passed, $secret unless $response->{status} == 401
        && (header($response, 'WWW-Authenticate') // '') =~ $INVALID;
    push @lines, $secret
        unless 1 == grep { /\[fastauth:/ } @{ $response->{log} };
}
is_deeply(\@passed, [], 'A4 no token signed with a known secret is accepted');
is_deeply(\@lines, [], 'A4 and each is a line in the log');
cmp_ok(scalar @{ $weak->{cases} }, '>', 2000, 'A4 of over two thousand');

finish();
