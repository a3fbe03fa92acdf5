# SPDX-License-Identifier: Apache-2.0
# What a caller may do, by permissions of his own and by his roles. S29 S30
# A34 A35.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $NONE = qr/^Bearer realm="API"$/;
my @BOTH = ($NONE, qr/^ApiKey /);
my $scope =
    qr/^Bearer realm="API", error="insufficient_scope", scope="posts"$/;

my $secret = secret('hs256');
sub token { return mint('HS256', $secret, claims(@_)) }

sub bearer
{
    my ($path, $token, $method) = @_;
    return ask($method // 'GET', $path, [Authorization => "Bearer $token"],
        ($method // '') eq 'POST' ? 'x' : undef);
}

# [path, 200 or 403, claims...]
sub table
{
    my ($title, @rows) = @_;
    for (@rows) {
        my ($path, $status, @claims) = @$_;
        my $name = "$title: $path with " . encode_json({@claims});
        my $response = bearer($path, token(@claims));
        $status == 200
            ? check_allowed($response, 'alice', $name)
            : check_denial($response, 403, undef, "not $name");
    }
    return;
}

at('permissions');

# --- S29: held, and not ---------------------------------------------------------------

table('S29',
    ['/may/delete', 200, permissions => ['posts:delete']],
    ['/may/delete', 200, permissions => ['x', 'posts:delete', 'y']],
    ['/may/delete', 200, permissions => 'posts:delete'],
    ['/may/delete', 403],
    ['/may/delete', 403, permissions => []],
    ['/may/delete', 403, permissions => ['posts:deleted']],
    ['/may/delete', 403, permissions => ['posts:read']],
    ['/may/delete', 403, scope => 'posts:delete'],
    ['/may/delete', 403, roles => 'posts:delete'],
    ['/may/both', 200, permissions => ['posts:read', 'staff:hire']],
    ['/may/both', 200, permissions => ['staff:hire'], roles => 'reader'],
    ['/may/both', 403, permissions => ['posts:read']],
    ['/may/both', 403, roles => 'reader'],
);
check_denial(ask('GET', '/may/delete'), 401, \@BOTH,
    'S29 no credential is 401');
check_denial(bearer('/may/delete', 'bad'), 401,
    [qr/error="invalid_token"$/, $BOTH[1]], 'S29 so is a bad one');
check_allowed(ask('GET', '/may/delete',
    ['X-API-Key' => private_to('permissions-of-its-own-0123456789')]), 'kay',
    'S29 the permission of an API key');
check_allowed(ask('GET', '/may/archive',
    ['X-API-Key' => private_to('role-of-a-key-0123456789abcdef')]), 'kai',
    'S29 what the role of an API key permits');
check_denial(ask('GET', '/may/archive',
    ['X-API-Key' => 'permissions-of-its-own-0123456789']), 403, undef,
    'A34 an API key\'s posts:* is that word');
like(join(' ', @{ bearer('/may/delete', token())->{log} }),
    qr/refused 403 permission-missing: \/may\/delete, RequirePermission posts:delete \(\S+:\d+\)/,
    'the log names the directive and its place');

# --- S30: wildcards, of the server's table alone -----------------------------------------

table('S30',
    ['/may/delete', 200, roles => 'editor'],
    ['/may/archive', 200, roles => 'editor'],
    ['/may/archive', 200, roles => ['x', 'editor']],
    ['/may/script', 403, roles => 'editor'],
    ['/may/posts', 403, roles => 'editor'],
    ['/may/anything', 403, roles => 'editor'],
    ['/may/archive', 403, roles => 'reader'],
    ['/may/archive', 403, roles => 'unknown'],
    ['/may/archive', 403, roles => 'Editor'],
    map({ [$_, 200, roles => 'admin'] } qw(/may/delete /may/archive /may/script
        /may/posts /may/anything /may/both)),
    # hierarchy
    ['/may/archive', 200, roles => 'chief'],
    ['/may/both', 200, roles => 'chief'],
    ['/may/both', 403, roles => 'editor'],
    ['/may/script', 403, roles => 'chief'],
);
table('A34',
    map { my $word = $_;
        map { ['/may/archive', 403, $_ => $word] } qw(permissions scope) }
    'posts:*', '*', ['posts:*'], ['*'], ['posts:'], ['posts'], ['@editor'],
    ['editor'], ['posts:archive:*'], ['posts:archive x'], ['posts:Archive'],
    [7], { 'posts:archive' => 1 });
table('A34 a wildcard for a role',
    map { ['/may/archive', 403, roles => $_] } '*', 'edit*', '@editor',
    'editor:*', 'posts:*', 'editor,reader');

# a role in RequireRole is that one, whatever it takes in
table('RequireRole knows no hierarchy',
    ['/role', 200, roles => 'editor'], ['/role', 403, roles => 'chief'],
    ['/role', 403, roles => 'admin']);

# --- sections, methods, operations ----------------------------------------------------------

for (
    ['GET', '/nested', 200, 'posts:read'],
    ['GET', '/nested/more', 403, 'posts:read'],
    ['GET', '/nested/more', 403, 'staff:hire'],
    ['GET', '/nested/more', 200, 'posts:read', 'staff:hire'],
    ['POST', '/nested/more', 403, 'posts:read', 'staff:hire'],
    ['POST', '/nested/more', 200, 'posts:read', 'staff:hire', 'staff:fire'],
    ['GET', '/nested/none', 200],
    ['GET', '/operations/posts/7', 403],
    ['GET', '/operations/posts/7', 200, 'posts:read'],
    ['HEAD', '/operations/posts/7', 403],
    ['DELETE', '/operations/posts/7', 403, 'posts:read'],
    ['DELETE', '/operations//posts/7/', 403, 'posts:delete'],
    ['DELETE', '/operations/posts/7', 200, 'posts:read', 'posts:delete'],
    ['GET', '/operations/other', 200],
) {
    my ($method, $path, $status, @permissions) = @$_;
    my $name = "$method $path with '@permissions'";
    my $response = bearer($path, token(permissions => \@permissions), $method);
    $status == 200
        ? check_allowed($response, 'alice', $name)
        : check_denial($response, 403, undef, "not $name");
}
like(join(' ', @{ bearer('/operations/posts/7', token())->{log} }),
    qr/APIOperation permission posts:read \(\S+:\d+\)/,
    'the log names an operation');
my $reported = bearer('/report', token());
is $reported->{status}, 200, 'AuthReportOnly lets in';
like join(' ', @{ $reported->{log} }), qr/would refuse 403 permission-missing/,
    'and tells';

# --- stock Require ------------------------------------------------------------------------------

for (
    ['/stock/one', 200, undef, roles => 'reader'],
    ['/stock/one', 403, undef, permissions => ['posts:read']],
    ['/stock/one', 403, undef],
    ['/stock/any', 200, undef, roles => 'editor'],
    ['/stock/any', 200, undef, scope => 'posts'],
    ['/stock/any', 403, $scope, roles => 'x'],
    ['/stock/any-turned', 200, undef, roles => 'editor'],
    ['/stock/any-turned', 200, undef, scope => 'posts'],
    ['/stock/any-turned', 403, undef, roles => 'x'],
    ['/stock/all', 200, undef, roles => 'editor', scope => 'posts'],
    ['/stock/all', 403, $scope, roles => 'editor'],
    ['/stock/all', 403, undef, scope => 'posts'],
    ['/stock/none', 200, undef, roles => 'editor'],
) {
    my ($path, $status, $challenge, @claims) = @$_;
    my $name = "Require at $path with " . encode_json({@claims});
    my $response = bearer($path, token(@claims));
    $status == 200
        ? check_allowed($response, 'alice', $name)
        : check_denial($response, 403, $challenge, "not $name",
            told => 'alice');
}
my $none = bearer('/stock/none', token(roles => 'chief'));
is $none->{status}, 403, 'Require permission in <RequireNone>: who has it is out';
is_deeply [headers($none, 'WWW-Authenticate')], [], 'without a challenge';
check_denial(ask('GET', $_), 401, $NONE, "no token at $_: 401")
    for '/stock/one', '/stock/any', '/stock/all', '/stock/none';
like(join(' ', @{ bearer('/stock/one', token())->{log} }),
    qr/permission-missing: \/stock\/one, Require permission posts:read comments:read/,
    'the log names it as it was written');

# --- a trial ---------------------------------------------------------------------------

at('permissions');
for (['nobody special', 0], ['banned', 1, roles => 'banned'],
    ['by a role', 1, roles => 'chief'],
    ['by itself', 1, permissions => ['staff:hire']])
{
    my ($name, $would, @claims) = @$_;
    my $response = bearer('/trial', token(@claims));
    my $log = ref $response->{log} ? "@{ $response->{log} }" : $response->{log};
    is $response->{status}, 200, "a trial refuses nobody: $name";
    is $log =~ /would refuse/ ? 1 : 0, $would, "and the log tells whom: $name";
}

# --- what the handler is told ---------------------------------------------------------------------

for (
    [['editor'], [], 'posts:* posts:read comments:read'],
    [['chief'], ['own:thing'],
        'own:thing staff:hire posts:* posts:read comments:read'],
    [['reader', 'editor'], ['posts:read'], 'posts:read comments:read posts:*'],
    [['unknown'], ['a', 'b'], 'a b'],
    # A34: a handler would take these for the server's
    [['reader'], ['*', 'posts:*', 'a'], 'a posts:read comments:read'],
    [[], ['*'], ''],
) {
    my ($roles, $permissions, $told) = @$_;
    my $name = "told of '@$roles' and '@$permissions'";
    my $response = bearer('/report', token(roles => $roles,
        permissions => $permissions));
    is header($response, 'X-Permissions') // '', $told, "$name: the note";
    like $response->{body}, qr/^FASTAUTH_PERMISSIONS=\Q$told\E$/m,
        "$name: the environment" if length $told;
    like $response->{body}, qr/^HTTP_X_AUTH_PERMISSIONS=\Q$told\E$/m,
        "$name: the header" if length $told;
}

# --- virtual hosts ----------------------------------------------------------------------------------

at('permissions_of_main');
table('a virtual host has the main server\'s roles',
    ['/may/archive', 200, roles => 'main-editor'],
    ['/may/archive', 403, roles => 'editor']);
at('permissions_own');
table('and of its own, they alone',
    ['/may/archive', 403, roles => 'main-editor'],
    ['/may/archive', 403, roles => 'reader'],
    ['/nested', 200, roles => 'reader'],
    ['/nested', 403, roles => 'main-editor']);
at('permissions');
table('in a third one too', ['/may/archive', 403, roles => 'main-editor']);

finish();
