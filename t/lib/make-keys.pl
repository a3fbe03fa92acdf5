# SPDX-License-Identifier: Apache-2.0
# Keys, secrets, API keys and passwords of the server tests, made anew for each
# run, before httpd reads its configuration: perl t/lib/make-keys.pl DIRECTORY
#
#   hs256.secret hs384.secret hs512.secret
#   rs.pem ps.pem ec256.pem ec384.pem ec512.pem ed.pem   private, .pub beside
#   other-*                                              the same of a stranger
#   set.jwks        public keys of all asymmetric kinds, kid is the alg
#   api-keys, -changing  for AuthAPIKeys; the keys themselves are in FastAuthTest.pm
#   passwords, passwords2, passwords-changing            for AuthUserFile
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use FindBin;
use JSON::PP;
use MIME::Base64 qw(encode_base64url);
use lib $FindBin::Bin;
use FastAuthTest::Fixtures;

my $into = shift or die "usage: make-keys.pl DIRECTORY\n";
mkdir $into;
chdir $into or die "$into: $!\n";
umask 022;

sub openssl
{
    my @arguments = @_;
    open my $saved, '>&', \*STDERR or die;
    open STDERR, '>', '/dev/null' or die;
    system('openssl', @arguments) == 0 or die "openssl @arguments\n";
    open STDERR, '>&', $saved or die;
    return;
}

sub spill
{
    my ($file, $bytes) = @_;
    open my $out, '>:raw', $file or die "$file: $!\n";
    print {$out} $bytes or die;
    close $out or die;
    return;
}

sub slurp
{
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    local $/ = undef;
    return scalar <$in>;
}

for my $who ('', 'other-') {
    for my $bits (256, 384, 512) {
        spill("${who}hs$bits.secret",
            "test-only-$who" . encode_base64url(random($bits / 8)));
    }
    my %made = (
        rs    => [qw(RSA -pkeyopt rsa_keygen_bits:2048)],
        ps    => [qw(RSA -pkeyopt rsa_keygen_bits:2048)],
        ec256 => [qw(EC -pkeyopt ec_paramgen_curve:P-256)],
        ec384 => [qw(EC -pkeyopt ec_paramgen_curve:P-384)],
        ec512 => [qw(EC -pkeyopt ec_paramgen_curve:P-521)],
        ed    => [qw(ED25519)],
    );
    for my $name (sort keys %made) {
        openssl(qw(genpkey -out), "$who$name.pem", '-algorithm',
            @{ $made{$name} });
        openssl(qw(pkey -pubout -in),
            "$who$name.pem", '-out', "$who$name.pub");
    }
}

sub random
{
    my ($size) = @_;
    open my $in, '<:raw', '/dev/urandom' or die;
    read($in, my $bytes, $size) == $size or die;
    return $bytes;
}

# --- the set: SubjectPublicKeyInfo ends in the key itself --------------------

sub spki
{
    my ($name) = @_;
    openssl(qw(pkey -pubin -outform DER -in), "$name.pub", '-out', 'spki.der');
    my $der = slurp('spki.der');
    unlink 'spki.der';
    return $der;
}

my @set;
my %of = (
    rs => [qw(RS256 RS384 RS512)],
    ps => [qw(PS256 PS384 PS512)],
);
for my $name (qw(rs ps)) {
    my $modulus = `openssl rsa -pubin -in $name.pub -noout -modulus`;
    $modulus =~ s/^Modulus=//;
    chomp $modulus;
    for my $alg (@{ $of{$name} }) {
        push @set, {
            kty => 'RSA', use => 'sig', alg => $alg, kid => "set-$alg",
            n   => encode_base64url(pack 'H*', $modulus), e => 'AQAB',
        };
    }
}
for (['ec256', 'ES256', 'P-256', 32], ['ec384', 'ES384', 'P-384', 48],
    ['ec512', 'ES512', 'P-521', 66]) {
    my ($name, $alg, $curve, $size) = @$_;
    my $point = substr spki($name), -2 * $size;
    push @set, {
        kty => 'EC', use => 'sig', alg => $alg, kid => "set-$alg",
        crv => $curve,
        x   => encode_base64url(substr $point, 0, $size),
        y   => encode_base64url(substr $point, $size),
    };
}
push @set, {
    kty => 'OKP', use => 'sig', alg => 'EdDSA', kid => 'set-EdDSA',
    crv => 'Ed25519', x => encode_base64url(substr spki('ed'), -32),
};
# to be left out: not for signatures, of an unknown kind, a secret among them
push @set, { %{ $set[0] }, use => 'enc', kid => 'set-enc' },
    { kty => 'XYZ', kid => 'set-unknown' },
    { kty => 'oct', alg => 'HS256', kid => 'set-HS256',
        k => encode_base64url(slurp('hs256.secret')) };
spill('set.jwks', JSON::PP->new->canonical->encode({ keys => \@set }));

# --- API keys and passwords ----------------------------------------------------

spill('api-keys', "# of the server tests\n" . join '',
    map { sha256_hex($_->{key}) . " $_->{line}\n" } @FastAuthTest::API_KEYS,
    $FastAuthTest::KNOWN_KEY);
spill('api-keys-changing', slurp('api-keys'));
for my $file (sort keys %FastAuthTest::PASSWORDS) {
    my $users = $FastAuthTest::PASSWORDS{$file};
    spill($file, join '',
        map { "$_:" . FastAuthTest::bcrypted($users->{$_}) . "\n" } sort keys %$users);
}
