# SPDX-License-Identifier: Apache-2.0
# The thirteen algorithms, tokens minted with OpenSSL; key sets; issuers.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $INVALID = qr/^Bearer realm="API", error="invalid_token"$/;

# Which key goes with an algorithm; of a stranger with 'other-'
sub key_of
{
    my ($alg, $whose) = @_;
    $whose //= '';
    return secret($whose . lc $alg) if $alg =~ /^HS/;
    my %name = (RS => 'rs', PS => 'ps', ED => 'ed');
    my $name = $alg =~ /^ES(\d+)/ ? "ec$1" : $name{ uc substr $alg, 0, 2 };
    return key_file("$whose$name");
}

my @ALGS = ((map { my $kind = $_; map { "$kind$_" } 256, 384, 512 }
    qw(HS RS PS ES)), 'EdDSA');

sub bearer { return ask('GET', '/valid', [Authorization => "Bearer $_[0]"]) }

sub accepted
{
    my ($token, $name, $user) = @_;
    my $response = bearer($token);
    check_allowed($response, $user // 'alice', "$name is accepted");
    return $response;
}

sub refused { return check_denial(bearer($_[0]), 401, $INVALID, "$_[1] is refused") }

# A token with one bit of one segment changed
sub flipped
{
    my ($token, $segment, $byte, $bit) = @_;
    my @segments = split /\./, $token;
    my $bytes = decode_base64url($segments[$segment]);
    substr($bytes, $byte, 1) =
        chr(ord(substr $bytes, $byte, 1) ^ 1 << $bit);
    $segments[$segment] = encode_base64url($bytes);
    return join '.', @segments;
}

# --- each of them --------------------------------------------------------------

at('algorithms');
my %token;
for my $alg (@ALGS) {
    my $token = $token{$alg} = mint($alg, key_of($alg), claims());
    accepted($token, $alg);
    my @parts = (header => 'payload', 'signature');
    for my $segment (0 .. 2) {
        my $size = length decode_base64url((split /\./, $token)[$segment]);
        for my $place ([first => 0, 0], [middle => int($size / 2), 3],
            [last => $size - 1, 7]) {
            refused(flipped($token, $segment, @$place[1, 2]),
                "$alg with a bit of its $parts[$segment]"
                    . " changed, the $place->[0] byte");
        }
    }
    refused(mint($alg, key_of($alg, 'other-'), claims()),
        "$alg of a stranger's key");
    # the payload stays JSON, and names another user
    my ($head, undef, $signature) = split /\./, $token;
    refused(join('.', $head,
            encode_base64url(encode_json(claims(sub => 'alicf'))), $signature),
        "$alg, another payload under the signature");
    refused("$head." . (split /\./, $token)[1] . '.'
            . encode_base64url(decode_base64url($signature) . "\0"),
        "A18 $alg, a byte more");
    refused("$head." . (split /\./, $token)[1] . '.'
            . encode_base64url(substr decode_base64url($signature), 1),
        "A18 $alg, a byte less");
    refused("$head." . (split /\./, $token)[1] . '.'
            . encode_base64url("\0" x length decode_base64url($signature)),
        "A18 $alg, a signature of zeros");
}

# A7: what the header says is not what was done, though every key is here
for my $alg (grep { $_ ne 'EdDSA' } @ALGS) {
    for my $sibling (grep { $_ ne $alg && /^[^E]|^ES/ } @ALGS) {
        next if substr($alg, 0, 2) ne substr($sibling, 0, 2)
            && "$alg $sibling" !~ /^([RP])S(\d+) (?!\1)[RP]S\2$/;
        refused(mint($sibling, key_of($alg), claims(), { alg => $alg }),
            "A7 $alg said, $sibling done, with the key of $alg")
            unless $alg =~ /^ES/;
        my $said = $token{$sibling} =~ s/^[^.]+//r;
        refused(encode_base64url(encode_json({ alg => $alg, typ => 'JWT' }))
                . $said, "A7 a token of $sibling renamed to $alg");
    }
}

# A18: ES256's own: r and s are numbers of 32 bytes, from 1 to n - 1
my ($text) = $token{ES256} =~ /^(.*)\./;
my $n = pack 'H*',
    'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
my $raw = decode_base64url($token{ES256} =~ s/^.*\.//r);
my ($r, $s) = unpack 'a32 a32', $raw;
sub der_integer
{
    my $number = $_[0] =~ s/^\0+//r;
    $number = "\0$number" if ord $number >= 128;
    return "\x02" . chr(length $number) . $number;
}
my $sequence = der_integer($r) . der_integer($s);
for (
    ['r = s = 0', "\0" x 64],
    ['r = 0', "\0" x 32 . $s],
    ['s = 0', $r . "\0" x 32],
    ['r = n', $n . $s],
    ['s = n', $r . $n],
    ['r = s = n', $n . $n],
    ['r and s exchanged', $s . $r],
    ['DER', "\x30" . chr(length $sequence) . $sequence],
    ['as long as of P-384', "\0" x 16 . $r . "\0" x 16 . $s],
    ['r alone', $r],
) {
    refused("$text." . encode_base64url($_->[1]), "A18 ES256, $_->[0]");
}
refused(mint('ES384', key_of('ES384'), claims(), { alg => 'ES256' }),
    'A18 ES256 of a P-384 key');
accepted($token{$_}, "A94 and after all of that $_") for @ALGS;

# --- a key set -----------------------------------------------------------------------

at('algorithms_set');
for my $alg (grep { !/^HS/ } @ALGS) {
    my $by = sub { return mint($alg, key_of($alg), claims(), { kid => $_[0] }) };
    my $token = $by->("set-$alg");
    accepted($token, "AuthTokenKeySet: $alg by its kid");
    refused(flipped($token, 2, 5, 1), "AuthTokenKeySet: $alg, a bit changed");
    accepted(mint($alg, key_of($alg), claims()),
        "AuthTokenKeySet: $alg without a kid, the only one of its kind");
    refused($by->('set-none'), "AuthTokenKeySet: $alg by a kid of nobody");
    refused($by->($_), "AuthTokenKeySet: $alg by the kid of $_")
        for grep { $_ ne "set-$alg" } qw(set-RS256 set-RS384 set-EdDSA);
}
refused(mint('RS256', key_of('RS256'), claims(), { kid => 'set-enc' }),
    'AuthTokenKeySet: a key for encryption');
refused(mint('HS256', secret('hs256'), claims(), { kid => $_ }),
    'AuthTokenKeySet: a symmetric key beside others, kid ' . ($_ // 'none'))
    for 'set-HS256', undef;
my @skipped = grep { /AuthTokenKeySet.*set\.jwks/ } httpd('-t');
is(scalar @skipped, 3, 'AuthTokenKeySet: a line for each key left out')
    or diag(join "\n", @skipped);

# --- issuers ---------------------------------------------------------------------------

at('algorithms_issuers');
my ($a, $b) = ('https://a.example', 'https://b.example');
my %key = (a => key_file('rs'), b => key_file('other-rs'));
my $secret = secret('hs256');
sub rs { return mint('RS256', $key{ $_[0] }, claims(iss => $_[1])) }
sub of_b
{
    return mint('RS256', $key{b},
        claims(iss => $b, aud => 'b-api', name => 'bea', @_),
        { typ => 'at+jwt' });
}

my $answer = accepted(rs('a', $a), 'A14 a token of A by its key');
is(header($answer, 'X-Issuer'), $a, 'A14 and the note tells the issuer');
$answer = accepted(of_b(), 'A14 a token of B by its key', 'bea');
is(header($answer, 'X-Issuer'), $b, 'A14 and the note tells the issuer');
$answer = accepted(
    mint('ES256', key_file('ec256'),
        claims(iss => $b, aud => 'b-api', name => 'bea'),
        { typ => 'at+jwt', kid => 'b1' }),
    'A14 a token of B by another of its keys', 'bea');
is(header($answer, 'X-Key'), 'b1', 'the note tells the kid');
accepted(mint('HS256', $secret, claims()), 'A14 no iss, the key outside');
accepted(mint('HS256', $secret, claims(iss => 'https://c.example')),
    'A14 the iss of no block, the key outside');

refused(rs('b', $a), 'A14 a token of A by the key of B');
refused(of_b(iss => $a), 'A14 B in all but its iss');
refused(mint('RS256', $key{a},
        claims(iss => $b, aud => 'b-api', name => 'bea'),
        { typ => 'at+jwt' }), 'A14 a token of B by the key of A');
refused(mint('HS256', $secret, claims(iss => $_)),
    "A14 a token of $_ by the key outside") for $a, $b;
refused(rs('a', undef), 'A14 no iss, by the key of A');
refused(rs('a', $_), "A14 by the key of A, iss $_")
    for 'https://a.exampl', "$a/", "${a}.evil", "x$a", uc $a,
    'https://A.example', " $a", "$a ", 'https://c.example', '', "$a\0";
refused(rs('a', [$a]), 'A14 iss a list');
refused(rs('a', { $a => 1 }), 'A14 iss an object');
refused(mint('RS256', $key{a}, qq({"sub":"alice","exp":9999999999,"iss":$_})),
    "A14 iss $_") for 'null', '1', 'true';
refused(mint('RS256', $key{a},
        qq({"sub":"alice","exp":9999999999,"iss":"$b","iss":"$a"})),
    'A14 A16 iss twice');
refused(mint('HS256', $secret, claims(iss => [$a])),
    'A14 iss a list, the key outside');
refused(of_b(aud => undef), 'what B says of audience holds for B');
refused(of_b(aud => 'a-api'), 'and no other does');
refused(of_b(name => undef), 'what B says of claims holds for B');
refused(mint('RS256', $key{b}, claims(iss => $b, aud => 'b-api', name => 'x')),
    'what B says of typ holds for B');
refused(mint('RS256', $key{a}, claims(iss => $a, aud => 'b-api')),
    'what B says of audience is not for A');

finish();
