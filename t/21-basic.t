# SPDX-License-Identifier: Apache-2.0
# Passwords: how they are read, httpd's providers behind them, what is
# remembered and for whom.
use strict;
use warnings;
use Test::More;
use Time::HiRes qw(sleep);
use FastAuthTest;

my $PLAIN = qr/^Basic realm="API", charset="UTF-8"$/;

at('basic');
sub with { return ask('GET', $_[0], [Authorization => $_[1]]) }
sub login { return with($_[0], basic($_[1], $_[2])) }
sub encoded { return 'Basic ' . encode_base64($_[0], '') }

# --- how a password is written ---------------------------------------------------

my $pass = password('ann');
check_allowed(login('/first', 'ann', $pass), 'ann', 'S23 a good password');
is(header(login('/first', 'ann', $pass), 'X-Scheme'), 'basic',
    'S23 and the scheme is told');
for ('basic', 'BASIC', 'bAsIc') {
    check_allowed(with('/first', basic('ann', $pass) =~ s/^Basic/$_/r),
        'ann', "S23 the scheme as $_");
}
check_allowed(with('/first', basic('ann', $pass) =~ s/ /   /r . '  '), 'ann',
    'S23 more spaces');
check_allowed(login('/first', 'colon', 'a:b::c'), 'colon',
    'S23 A44 a password with colons');
check_allowed(login('/first', 'long', 'x' x 72), 'long',
    'S20 a password of 72 bytes');

check_denial(ask('GET', '/first'), 401, $PLAIN, 'S23 no credential');
for (
    ['S23 Basic alone', 'Basic'],
    ['S23 Basic and a space', 'Basic '],
    ['another scheme', 'Bearer abc'],
    ['S23 wrong', encoded('ann:wrong')],
    ['S23 unknown', encoded("nobody:$pass")],
    ['S23 another user\'s', encoded('colon:' . $pass)],
    ['S23 a user in another case', encoded("ANN:$pass")],
    ['S23 A44 a user and a space', encoded("ann :$pass")],
    ['S23 not base64', 'Basic !!!!'],
    ['A44 QWxh!!', 'Basic QWxh!!'],
    ['S23 junk inside base64',
        encoded("ann:$pass") =~ s/^(.{12})/$1!!/r],
    ['S23 a space inside base64', encoded("ann:$pass") =~ s/^(.{12})/$1 /r],
    ['A44 missing padding', 'Basic ' . encode_base64('ann:four', '') =~ s/=//gr],
    ['A44 one of two', encoded('ann:1234567') =~ s/=$//r . '='],
    ['A44 padding and more', encoded("ann:$pass") . '===='],
    ['A44 the alphabet of URLs', 'Basic ' . encode_base64url("ann:\xff\xfe?>")],
    ['S23 no colon', encoded('ann')],
    ['A44 an empty user', encoded(":$pass")],
    ['A44 an empty password', encoded('ann:')],
    ['A44 a colon alone', encoded(':')],
    ['A44 a control byte', encoded("ann:$pass\x07")],
    ['A44 A65 ESC in the user', encoded("ann\e[31m:$pass")],
    ['A44 A65 CR LF in the user', encoded("ann\r\nrefused:$pass")],
    ['S20 A44 NUL behind', encoded("ann:$pass\0")],
    ['S20 A45 a NUL in it', encoded("a:a\0b")],
    ['A44 NUL in the user', encoded("ann\0x:$pass")],
    ['S23 A44 no UTF-8', encoded("ann:\xa3\xff")],
    ['A44 a user of no UTF-8', encoded("\xff:$pass")],
    ['A44 a user of 300 bytes', encoded('u' x 300 . ":$pass")],
    ['S20 A45 73 bytes, of which 72 are right', encoded('long:' . 'x' x 73)],
    ['A45 71 of them', encoded('long:' . 'x' x 71)],
    ['A44 8 kB, as far as httpd lets it in', encoded('ann:' . 'p' x 6000)],
    ['A65 a user like a format', encoded("%s%n%x:$pass")],
    ['the whole in quotes', encoded(qq("ann:$pass"))],
) {
    my ($name, $value) = @$_;
    my ($coded) = $value =~ /^Basic (.{12,})/;
    check_denial(with('/first', $value), 401, $PLAIN, "$name is refused");
}
check_status(with('/first', encoded('ann:' . 'p' x 8000)), 400,
    'A44 over 8 kB: httpd\'s own 400');
check_denial(
    ask('GET', '/first',
        [Authorization => basic('ann', $pass),
            Authorization => basic('ann', $pass)]),
    400, undef, 'S15 A30 two of them');
check_denial(with('/first', basic('ann', $pass) . ', Bearer x'),
    400, undef, 'A30 Basic and Bearer');

# An unknown user and a wrong password: one answer, to the byte
my @answers =
    map { login('/first', $_, 'wrong password')->{raw} =~ s/^Date: .*\r\n//mr }
    'ann', 'nobody';
is($answers[0], $answers[1], 'S18 an unknown user is answered as a wrong password');

# --- the corpus ---------------------------------------------------------------------

SKIP: {
    my $corpus = corpus('basic/basic_vectors.json')
        or skip 'no corpus of Basic credentials', 10;
    for my $case (@{ $corpus->{cases} }) {
        my $value = $case->{header} // "Basic $case->{b64}";
        if ($case->{expect}) {
            check_denial(with('/first', $value), 401, $PLAIN,
                "S23 A44 $value is refused");
            next;
        }
        my $user = $case->{user};
        utf8::encode($user);
        my $path = $case->{password} =~ /^4711/ ? '/second' : '/first';
        check_allowed(with($path, $value), $user, "S23 A44 $value is accepted");
    }
}

# --- beside others ---------------------------------------------------------------------

my @BOTH = (qr/^Bearer realm="API"$/, $PLAIN);
check_denial(ask('GET', '/bearer-too'), 401, \@BOTH, 'both challenges');
check_denial(login('/bearer-too', 'ann', 'wrong'), 401, \@BOTH,
    'a wrong password is no invalid token');
check_denial(with('/bearer-too', 'Bearer x'), 401,
    [qr/^Bearer realm="API", error="invalid_token"$/, $PLAIN],
    'a bad token is one');
check_allowed(ask('GET', '/optional'), undef, 'S56 optional: anonymous');
check_denial(login('/optional', 'ann', 'wrong'), 401, $PLAIN,
    'S56 a wrong password is 401');
check_denial(with('/optional', 'Basic '), 401, $PLAIN, 'S56 an empty one too');
check_denial(login('/broken', 'ann', $pass), 503, undef,
    'a provider that fails: 503');

# --- two locations, one name -------------------------------------------------------------

my ($one, $two) = map { password('shared', $_) } 'passwords', 'passwords2';
for my $round ('first', 'again, from memory') {
    check_allowed(login('/third', 'shared', $one), 'shared', "its own: $round");
    check_allowed(login('/second', 'shared', $two), 'shared', "its own: $round");
    check_denial(login('/third', 'shared', $two), 401, $PLAIN,
        "the other location's password: $round");
    check_denial(login('/second', 'shared', $one), 401, $PLAIN,
        "and the other way round: $round");
}

# --- what is remembered -------------------------------------------------------------------

my $file = keys_dir() . '/passwords-changing';
my $old  = 'the password as it was';
my $new  = 'the password as it is';
private_to($old, $new);
spill($file, 'ann:' . bcrypted($old) . "\n");
my $everywhere = sub {
    my ($password, $name, %status) = @_;
    for my $path (sort keys %status) {
        my $response = login($path, 'ann', $password);
        $status{$path} == 200
            ? check_allowed($response, 'ann', "$name at $path: accepted")
            : check_denial($response, 401, $PLAIN, "$name at $path: refused");
    }
};
$everywhere->($old, 'the old password', '/cached' => 200, '/uncached' => 200,
    '/brief' => 200) for 1 .. 2;
$everywhere->($new, 'a wrong one', '/cached' => 401, '/uncached' => 401);
spill($file, 'ann:' . bcrypted($new) . "\n");
$everywhere->($old, 'the old password, after a change',
    '/cached' => 200, '/cached-elsewhere' => 401, '/uncached' => 401);
$everywhere->($new, 'the new password',
    '/cached' => 200, '/cached-elsewhere' => 200, '/uncached' => 200);
check_denial(login('/cached', 'Ann', $old), 401, $PLAIN,
    'it is remembered of nobody else');
check_denial(with('/cached', encoded("ann:$old\0")), 401, $PLAIN,
    'S20 nor with a NUL behind');
check_denial(with('/cached', encoded("ann:" . substr $old, 0, -1)), 401, $PLAIN,
    'nor a part of it');
spill($file, 'b:' . bcrypted('one') . "\n");
$everywhere->($new, 'of a user who is gone', '/cached' => 200,
    '/uncached' => 401);
at('basic_other');
$everywhere->($new, 'of another virtual host', '/cached' => 401);
at('basic');

# cache=1s: by now it is over, or soon
my $until;
for (1 .. 60) {
    $until = login('/brief', 'ann', $old);
    last if $until->{status} != 200;
    sleep 0.05;
}
check_denial($until, 401, $PLAIN, 'cache=1s: a second later it is forgotten');

# --- .htaccess --------------------------------------------------------------------------

my $folder = top() . '/htdocs/htaccess';
mkdir $folder;
spill("$folder/page.txt", "a page\n");
spill($file, 'ann:' . bcrypted($old) . "\n");
spill("$folder/.htaccess", "AuthUserFile $file\n");
my $page = '/htaccess/page.txt';
$everywhere->($old, '.htaccess names the file', $page => 200) for 1 .. 2;
$everywhere->($new, '.htaccess, a wrong one', $page => 401);
spill($file, 'ann:' . bcrypted($new) . "\n");
$everywhere->($old, '.htaccess: nothing is remembered', $page => 401);
$everywhere->($new, '.htaccess: the file as it is', $page => 200);
spill("$folder/.htaccess",
    'AuthUserFile ' . keys_dir() . "/passwords2\n");
$everywhere->($new, '.htaccess names another file', $page => 401);
check_allowed(login($page, 'bob', 'builder'), 'bob', 'and that one counts');

finish();
