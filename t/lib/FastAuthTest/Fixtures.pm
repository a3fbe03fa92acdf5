# SPDX-License-Identifier: Apache-2.0
# Who exists in the server tests: API keys and passwords, as bytes. Read by
# make-keys.pl, which writes the files that httpd reads, and by FastAuthTest.pm.
package FastAuthTest;
use strict;
use warnings;

# API keys, and what AuthAPIKeys says of each
our @API_KEYS = (
    { key => 'test-key-of-kim-4d1c90a7', line => 'user=kim id=kim-1 '
            . 'scopes=orders:read,orders:write roles=editor permissions=a,b' },
    { key => 'test-key-of-lee-77aa01ff', line => 'user=lee' },
    { key => 'test-key-expired-0b2e55c1',
        line => 'user=old expires=2020-01-01' },
    { key => 'test/key+with=odd&bytes%20é', line => 'user="odd one"' },
);

# One more, which tests send where it is no parameter, so that logs show it
our $KNOWN_KEY = {
    key  => 'test-key-of-mia-which-all-know',
    line => 'user=mia expires=2096-01-01T12:00:00Z',
};

# Passwords: file -> user -> password
our %PASSWORDS = (
    passwords => {
        ann     => 'correct horse battery',
        colon   => 'a:b::c',
        shared  => 'of the first file',
        a       => 'a',
        long    => 'x' x 72,
        Aladdin => 'open sesame',
        test    => '123£',
        'UmlauteÄüö' => 'a&Secret%!23',
    },
    passwords2 => {
        shared => 'of the second file',
        bob    => 'builder',
        test   => '4711:apassword',
    },
    'passwords-changing' => { ann => 'correct horse battery', b => 'one' },
);

# As htpasswd -B writes it, at the lowest cost there is
sub bcrypted
{
    my ($password) = @_;
    my $salt = join '', map { ('a' .. 'z')[rand 26] } 1 .. 21;
    my $hash = crypt $password, "\$2y\$04\$${salt}u";
    die "crypt(3) has no bcrypt here\n" unless $hash && $hash =~ /^\$2y/;
    return $hash;
}

1;
