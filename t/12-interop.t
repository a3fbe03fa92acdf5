# SPDX-License-Identifier: Apache-2.0
# Tokens minted by another library, jose for node, in every algorithm; and those
# that FastAuthTest.pm mints, read by it. The server is that of 11-algorithms.
use strict;
use warnings;
use File::Temp ();
use Test::More;
use FastAuthTest;

my $INVALID = qr/^Bearer realm="API", error="invalid_token"$/;

plan skip_all => 'no node with jose: Debian has it as node-jose'
    if system("node -e 'require(\"jose\")' >/dev/null 2>&1") != 0;

# Jobs through t/interop/mint.js
sub node
{
    my ($jobs, @arguments) = @_;
    my $file = File::Temp->new;
    print {$file} encode_json($jobs);
    close $file;
    my $script = top() . '/interop/mint.js';
    my $output = `node '$script' @arguments <'$file'`;
    die "mint.js failed\n" if $?;
    return @{ decode_json($output) };
}

my %name = (RS => 'rs', PS => 'ps', Ed => 'ed', ES256 => 'ec256',
    ES384 => 'ec384', ES512 => 'ec512');
my @algs = ((map { my $kind = $_; map { "$kind$_" } 256, 384, 512 }
    qw(HS RS PS ES)), 'EdDSA');

sub name_of { return $name{ $_[0] } // $name{ substr $_[0], 0, 2 } }

sub key_of
{
    my ($alg, $end) = @_;
    return encode_base64url(secret(lc $alg)) if $alg =~ /^HS/;
    return slurp(keys_dir() . '/' . name_of($alg) . $end);
}

at('algorithms');
my $claims = claims(sub => "zo\x{eb}", scope => 'a b', n => { deep => [1, 2.5] });
my %token;
@token{@algs} = node([map {
    { alg => $_, key => key_of($_, '.pem'), header => { typ => 'JWT' },
        claims => $claims }
} @algs]);

for my $alg (@algs) {
    private_to((split /\./, $token{$alg})[2]);
    my $ask = sub { ask('GET', '/valid', [Authorization => "Bearer $_[0]"]) };
    my $response = $ask->($token{$alg});
    check_allowed($response, "zo\xc3\xab", "$alg by jose is accepted");
    is(header($response, 'X-Scopes'), 'a b', "$alg by jose: its scopes");
    my @segments = split /\./, $token{$alg};
    for my $segment (0 .. 2) {
        my $bytes = decode_base64url($segments[$segment]);
        substr($bytes, -2, 1) = chr(ord(substr $bytes, -2, 1) ^ 1);
        my @changed = @segments;
        $changed[$segment] = encode_base64url($bytes);
        check_denial($ask->(join '.', @changed), 401, $INVALID,
            "$alg by jose with a bit of segment $segment changed is refused");
    }
}

# The other way round: what these tests mint is what others read
my @read = node([map {
    { alg => $_, key => key_of($_, '.pub'), token => mint($_,
        /^HS/ ? secret(lc $_) : key_file(name_of($_)), $claims) }
} @algs], 'verify');
is($read[$_] && $read[$_]{sub}, "zo\x{eb}", "$algs[$_] by OpenSSL, read by jose")
    for 0 .. $#algs;

finish();
