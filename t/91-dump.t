# SPDX-License-Identifier: Apache-2.0
# httpd -t -DDUMP_FASTAUTH tells, section by section, who may do what.
use strict;
use warnings;
use File::Path qw(make_path);
use Test::More;
use FastAuthTest;

my $dir    = top() . '/dump';
my $SECRET = 'a-good-secret-of-more-than-32-bytes';
make_path("$dir/logs");
spill("$dir/api-keys", '0123456789abcdef' x 4 . " user=alice\n");
spill("$dir/passwords", '');
local $ENV{GOOD} = $SECRET;

my $modules = join '', map { "$_\n" }
    grep {
    /^LoadModule (?:mpm_\w+|alias|auth_basic|authn_core|authn_file|authz_core|authz_host|authz_user|dir|mime|proxy|unixd)_module /
    } split /\n/, slurp(Apache::Test::vars('top_dir') . '/base.conf');
my $module = Apache::Test::vars('top_dir') . '/mod_fastauth.so';
spill("$dir/httpd.conf", <<"END");
${modules}LoadModule fastauth_module $module
ServerRoot "$dir"
ServerName https://main.example:1
Listen 127.0.0.1:1
DocumentRoot "$dir"
AuthTokenKey HS256 env:GOOD
AuthAPIKeys file:api-keys
AuthRequireTLS loopback
<Directory "$dir">
    RequireAddress 10.0.0.0/8 ::1
    <Files "*.key">
        RequireRole admin
    </Files>
</Directory>
<Location "/api">
    AuthScheme bearer-jwt api-key-header:X-Key
    AuthTokenSource header cookie:token
    AuthIdentityHeaders X-Auth-
    RequireScope api
    <Limit POST DELETE>
        RequireScope api:write
    </Limit>
    <LimitExcept GET>
        RequireRole editor admin
    </LimitExcept>
</Location>
<Location "/api/admin">
    AuthScheme basic optional
    AuthPasswords file cache=5m
    AuthUserFile passwords
    RequireClaim tenant acme "two words"
    AuthStripCredentials on
    AuthRequireTLS on
</Location>
<LocationMatch "^/api/users/(?<id>[0-9]+)\$">
    RequireScope users
    AuthReportOnly on
</LocationMatch>
<Location "/api/open">
    AuthScheme none
</Location>
RolePermissions editor posts:* \@reader
RolePermissions reader posts:read
<LocationMatch "^/posts/(?<author>[^/]+)/">
    AuthScheme oauth2
    RequirePermission posts:read
    RequireOwner path:author bypass=editor hide
</LocationMatch>
<Location "/things">
    AuthScheme oauth2
    APIOperation GET /{id} scope=things:read role=reader,writer
    APIOperation PUT,DELETE scope=things:write
    APIOperation GET /open
</Location>
<Location "/things/free">
    RequireScope none
    APIOperation POST /{id} role=poster
</Location>
<LocationMatch "^/more/">
    AuthScheme oauth2
    APIOperation GET /more/{id} scope=more
</LocationMatch>
<Location "/browsers">
    CORSOrigin https://app.example
    CORSMethods GET PUT
    SecurityHeaders on
</Location>
<Location "/browsers/any">
    CORSOrigin *
</Location>
<Location "/plain">
    Require all granted
</Location>
<VirtualHost *:1>
    ServerName other.example
    <AuthIssuer https://login.example>
        AuthTokenKey HS256 env:GOOD
    </AuthIssuer>
    <Location "/other">
        AuthScheme oauth2
        RequireRole reader
    </Location>
</VirtualHost>
END

my $httpd = Apache::Test::vars('httpd');
my @said = `'$httpd' -t -DDUMP_FASTAUTH -f '$dir/httpd.conf' 2>&1`;
is($?, 0, 'httpd -t is content') or diag(@said);
chomp @said;

# The lines of a section of a server, as told
sub section
{
    my ($server, $title) = @_;
    my ($in, @lines) = (0);
    for (@said) {
        $in = /^(?:server|virtual host) \Q$server\E/ ? 1 : 0 if /^\S/;
        next if !$in;
        $in = $1 eq $title ? 2 : 1 if /^  (\S.*)$/;
        push @lines, $1 if $in == 2 && /^    (.*?)(?:   \(.*)?$/;
    }
    return \@lines;
}

is_deeply([grep { /^  role / } @said], [
    map { ('  role editor may: posts:* posts:read',
        '  role reader may: posts:read') } 1 .. 2],
    'what each role may, in each server');

my $main = 'main.example';
my $tls  = 'over TLS only, but for clients on this machine';
my @api  = (
    'identified by: bearer-jwt api-key-header:X-Key',
    'all methods: with every scope of: api',
);
my @prefix = ('the backend reads the identity in X-Auth-User...');
my @sources = map { "tokens are looked for in $_" }
    'the Authorization header', 'the cookie token';

my @throttles = map { "all methods: bad credentials, $_" }
    '30 in 60s by address and user', '300 in 60s by address';

is_deeply(section($main, 'outside every section'), [$tls],
    'what holds outside every section');
my $told = section($main, '<Location /api>, all in all');
is_deeply([@{$told}[0, 1]], \@api, '/api: who, and with what');
like($told->[2], qr/^(?:POST,DELETE|DELETE,POST): with every scope of: api:write$/,
    '/api: what POST and DELETE need beside');
like($told->[3], qr/^[\w,-]+: with one role of: editor admin$/,
    '/api: what all but GET need beside');
unlike($told->[3], qr/\bGET\b/, '/api: and GET does not');
is_deeply([@{$told}[4 .. $#{$told}]], [@throttles, @sources, $tls, @prefix],
    '/api: where from, over what, told to whom');

$told = section($main, '<Location /api/admin>, all in all');
is($told->[0], 'identified by: basic optional', '/api/admin: its own scheme');
is((grep { /scope of: api$/ } @{$told})[0],
    'all methods: with every scope of: api', '/api/admin: what it inherits');
for my $line (
    'all methods: with the claim and one value of: tenant acme two words',
    'passwords by: file, remembered for 300s',
    'the credential is taken out before the handler', 'over TLS only')
{
    ok((grep { $_ eq $line } @{$told}), "/api/admin: $line") or diag(@{$told});
}
is_deeply(
    section($main,
        '<LocationMatch ^/api/users/(?<id>[0-9]+)$>, on top of what it falls into'),
    ['all methods: with every scope of: users',
        'REPORT ONLY: nothing of this is enforced'],
    'a LocationMatch is told by itself');
is_deeply(section($main, '<Location /api/open>, all in all'),
    ['identified by: none', @sources, $tls, @prefix],
    '/api/open: none, and what else holds');
is_deeply(section($main, "<Directory $dir/>, on top of what it falls into"),
    ['all methods: from one of the networks: 10.0.0.0/8 ::1'],
    'a Directory is told');
is_deeply(section($main, '<Files *.key>, on top of what it falls into'),
    ['all methods: with one role of: admin'], 'Files in it are told');
my @own = ('/{id} of <Location /things>, of these:',
    'GET: with every scope of: things:read',
    'GET: with one role of: reader writer',
    'every path of <Location /things>, of these:',
    'PUT,DELETE: with every scope of: things:write');
is_deeply(section($main, '<Location /things>, all in all'),
    ['identified by: oauth2', @own, $tls],
    '/things: what operations demand on top, and of those only');
is_deeply(section($main, '<Location /things/free>, all in all'),
    ['identified by: oauth2', @own[0, 2],
        '/{id} of <Location /things/free>, of these:',
        'POST: with one role of: poster', $tls],
    '/things/free: less what it drops, and its own');
is_deeply(
    section($main, '<LocationMatch ^/more/>, on top of what it falls into'),
    ['identified by: oauth2', 'every path of <LocationMatch ^/more/>, of these:',
        'GET: with every scope of: more'],
    'in a LocationMatch they are of every path');
like(join("\n", @said),
    qr/\(APIOperation scope, \Q$dir\E\/httpd\.conf:\d+\)/,
    'and each says where');
my @browsers = ('and use these methods: GET, PUT',
    'answers have X-Content-Type-Options nosniff, X-Frame-Options DENY, '
        . 'Referrer-Policy no-referrer, X-XSS-Protection 0, '
        . 'Strict-Transport-Security max-age=63072000', $tls);
is_deeply([sort @{ section($main, '<Location /browsers>, all in all') }],
    [sort 'pages of https://app.example may read the answers', @browsers],
    '/browsers: what browsers are told');
is_deeply([sort @{ section($main, '<Location /browsers/any>, all in all') }],
    [sort 'pages of any origin may read the answers', @browsers],
    '/browsers/any: and what of it a section below replaces');
my $other = section('other.example', '<Location /other>, all in all');
is_deeply([@{$other}[0, 1]],
    ['identified by: oauth2', 'all methods: with one role of: reader'],
    'a virtual host is told');
is_deeply(section('other.example', '<Location /api>, all in all')->[0],
    $api[0], 'with what it has of the main server');
like(join("\n", @said), qr/\(AuthScheme, \Q$dir\E\/httpd\.conf:\d+\)/,
    'each line with its place');

my @leaks = grep { /\Q$SECRET\E|0123456789abcdef|GOOD/ } @said;
is_deeply(\@leaks, [], 'no secret is told');
my @plain = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
is_deeply([grep { !/^Syntax OK$|AH00558/ } @plain], [],
    'and nothing without -DDUMP_FASTAUTH');
finish();
