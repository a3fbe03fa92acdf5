# SPDX-License-Identifier: Apache-2.0
# Every wrong configuration is refused by httpd -t, which names the directive,
# the value and what would be right, and never a secret. A1 A35 A50 A68 A75 A97
# A104 A105 S48.
use strict;
use warnings;
use File::Path qw(make_path);
use Test::More;
use FastAuthTest;

my $dir = top() . '/misconfig';
my $SECRET = 'a-good-secret-of-more-than-32-bytes';
my $SHORT  = 'hunter2-is-short';
my $PLAIN  = 'my-plain-api-key';
make_path("$dir/directory", "$dir/logs");

# --- files to name ----------------------------------------------------------------

my $digest = '0123456789abcdef' x 4;
my %files  = (
    secret       => $SECRET,
    empty        => '',
    'line-feed'  => "\n",
    one          => 'x',
    short        => $SHORT,
    weak         => 'secret',
    unreadable   => $SECRET,
    keys         => "$digest user=alice\n",
    'bad-keys'   => "# keys\n$digest user=alice\n$PLAIN user=bob\n",
    'bad-option' => "$digest $PLAIN\n",
    'no-set'     => '{"keys":[]}',
    passwords    => '',
);
spill("$dir/$_", $files{$_}) for keys %files;
chmod 0, "$dir/unreadable";
my $pem = keys_dir() . '/rs';

# --- httpd -t -----------------------------------------------------------------------

my $base = slurp(Apache::Test::vars('top_dir') . '/base.conf');
my @needed = qw(mpm_\w+ access_compat alias auth_basic authn_core authn_file
    authz_core authz_host authz_user dir log_config mime proxy unixd);
my $modules = join '', map { "$_\n" }
    grep { my $line = $_; grep { $line =~ /^LoadModule ${_}_module / } @needed }
    split /\n/, $base;
my $module = Apache::Test::vars('top_dir') . '/mod_fastauth.so';
our $prologue = <<"END";
${modules}LoadModule fastauth_module $module
ServerRoot "$dir"
ServerName localhost
Listen 127.0.0.1:1
DocumentRoot "$dir"
END

# What the schemes of a configuration need, where it is about something else
sub needs
{
    my ($text) = @_;
    return join '',
        $text =~ /bearer-jwt|oauth2/ && $text !~ /AuthTokenKey|AuthIssuer/
        ? "AuthTokenKey HS256 env:GOOD\n" : '',
        $text =~ /api-key-/ && $text !~ /AuthAPIKeys/
        ? "AuthAPIKeys file:keys\n" : '',
        $text =~ /AuthScheme.* basic/ && $text !~ /AuthPasswords/
        ? "AuthPasswords file\n" : '';
}

# What httpd says to a configuration, and whether it takes it
sub judge
{
    my ($text, $before) = @_;
    my $httpd = Apache::Test::vars('httpd');
    spill("$dir/httpd.conf", ($before // $prologue . needs($text)) . $text);
    my $said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
    return ($? == 0, $said);
}

sub secretless
{
    my ($said) = @_;
    return !grep { index($said, $_) >= 0 }
        $SECRET, $SHORT, $PLAIN, '-----BEGIN', secret('hs256');
}

# Exit code, message and secrets are one claim each
sub refused
{
    my ($name, $text, @patterns) = @_;
    my ($taken, $said) = judge($text);
    my @missing = grep { $said !~ $_ } @patterns;
    ok(!$taken && !@missing && secretless($said), $name)
        or diag(($taken ? 'taken: ' : ''), "missing @missing in: $said");
    return;
}

sub taken
{
    my ($name, $text, @patterns) = @_;
    my ($taken, $said) = judge($text);
    my @missing = grep { $said !~ $_ } @patterns;
    ok($taken && !@missing && secretless($said), $name)
        or diag("missing @missing in: $said");
    return $said;
}

# Taken, and nothing but `Syntax OK' is said
sub quiet
{
    my ($name, $text) = @_;
    my ($taken, $said) = judge($text);
    ok($taken && $said =~ /\A(?:\[[^\n]*:notice\][^\n]*\n)*Syntax OK\s*\z/,
        $name)
        or diag($said);
    return;
}

sub in { return "<Location \"$_[0]\">\n$_[1]\n</Location>\n" }

quiet('nothing said is fine', '');
delete $ENV{UNSET};
@ENV{qw(EMPTY SHORT GOOD)} = ('', $SHORT, $SECRET);

# --- every directive misused ----------------------------------------------------------

# The line, where it stands, what the message must name: value and remedy
my %misuse = (
    AuthScheme      => ['bearer', qr/'bearer'/, qr/bearer-jwt/],
    AuthTokenSource => ['body', qr/'body'/, qr/header/],
    AuthTokenKey    => ['HS257 env:GOOD', qr/'HS257'/, qr/HS256/],
    AuthTokenKeySet => ['file:gone', qr{/gone'}, qr/file:PATH/],
    AuthTokenAudience => ['""', qr/not empty/],
    AuthTokenType => ['application/at+jwt', qr/'application/, qr/at\+jwt/],
    AuthTokenLeeway => ['90s', qr/'90s'/, qr/60s/],
    AuthTokenClaims => ['name=sub', qr/'name=sub'/, qr/user=/],
    AuthAPIKeys   => ['file:bad-keys', qr{/bad-keys' line 3}, qr/SHA-256/],
    AuthPasswords => ['flie', qr/'flie'/, qr/loaded/],
    AuthRequireTLS    => ['yes', qr/'yes'/, qr/off, on or loopback/],
    AuthAmbiguousPath => ['deny', qr/'deny'/, qr/refuse or allow/],
    RequireScope   => ['"a b"', qr/'a b'/, qr/without space/],
    RequireRole    => ['"a\\\\b"', qr/'a\\\\b'/, qr/backslash/],
    RequirePermission => ['posts:*', qr/'posts:\*'/, qr/RolePermissions/],
    RolePermissions => ['editor po*', qr/'po\*'/, qr/posts:\* for all/],
    RequireOwner    => ['user_id', qr/'user_id'/, qr/path:NAME/],
    RequireClaim   => ['tenant', qr/at least one value/],
    RequireAddress => ['10.0.0.1/8', qr{'10\.0\.0\.1/8'}, qr/bits set/],
    RateLimit       => ['100/1x', qr/window '1x'/, qr/s, m, h or d/],
    RateLimitStatus => ['503', qr/'503'/, qr/429 or 403/],
    RateLimitStore  => ['shm:64', qr/'64'/, qr/64M/],
    AuthReportOnly      => ['maybe', qr/'maybe'/, qr/off, on or header/],
    SecurityLog         => ['gone/a.log', qr{/gone/a\.log'}, qr/no folder/],
    AuthErrorFormat     => ['xml', qr/'xml'/, qr/problem/],
    AuthIdentityHeaders => ['"X Auth"', qr/'X Auth'/, qr/PREFIX\|off/],
    AuthStripCredentials => ['1', qr/'1'/, qr/off or on/],
    CORSOrigin        => ['https://a.example/', qr{write https://a\.example\b}],
    CORSMethods       => ['put', qr/'put'/, qr/write PUT/],
    CORSHeaders       => ['X:A', qr/'X:A'/, qr/header's name/],
    CORSExposeHeaders => ['*', qr/name each header/],
    CORSCredentials   => ['true', qr/'true'/, qr/off or on/],
    CORSMaxAge        => ['25h', qr/'25h'/, qr/at most 24h/],
    SecurityHeaders   => ['on frame=no', qr/'no'/, qr/DENY, SAMEORIGIN or off/],
    APIOperation   => ['get /a', qr/'get'/, qr/told apart by case/],
    APITitle       => ['Two words', qr/in quotes/],
    APIVersion     => ['""', qr/in quotes/],
    APIDescription => ['file:gone', qr{/gone' cannot be read}],
    APILicense     => ['MIT mit.example', qr/'mit\.example'/, qr{https://}],
    APIServer      => ['a.example', qr/'a\.example'/, qr{https://}],
    APITag         => ['a b c', qr/in quotes/],
    APIOAuth2      => ['flow=code', qr/'code'/, qr/authorizationCode/],
);

# What the module has that could be a directive, and is: it tells its usage
my %words = map { $_ => 1 }
    slurp($module)
        =~ /\b((?:Auth|Require|Rate|API|CORS|Security|Role)[A-Z]\w+)/g;
my @all = grep { (judge("$_\n"))[1] =~ /\b$_: .*\(usage: $_ / } sort keys %words;
cmp_ok(scalar @all, '>', 15, 'the module tells its directives');
for my $name (@all) {
    my ($arguments, @patterns) = @{ $misuse{$name} // [] };
    if (!defined $arguments) {
        fail("$name has no misuse here");
        next;
    }
    my $place = $name eq 'APIOperation' ? sub { in('/a', $_[0]) } : sub { $_[0] };
    refused("$name $arguments", $place->("$name $arguments\n"), qr/\b$name: /,
        qr/usage: $name /, qr/line \d+ of/, @patterns);
    refused("$name alone", $place->("$name\n"), qr/\b$name: /);
}
is_deeply([sort grep { my $one = $_; !grep { $one eq $_ } @all } keys %misuse],
    [], 'no misuse of what is no directive');

# --- A1, S48: secrets and keys -----------------------------------------------------------

for my $row (
    [ 'HS256 file:empty',      qr{/empty' is empty} ],
    [ 'HS256 file:line-feed',  qr{/line-feed' is empty} ],
    [ 'HS256 file:gone',       qr{/gone' cannot be read} ],
    [ 'HS256 file:directory',  qr{/directory' cannot be read} ],
    [ 'HS256 file:unreadable', qr{/unreadable' cannot be read} ],
    [ 'HS256 file:one',        qr/file:one: .*32/ ],
    [ 'HS256 file:weak',       qr/file:weak: .*32/ ],
    [ 'HS256 file:short',      qr/file:short: .*32/ ],
    [ 'HS256 env:UNSET',       qr/'UNSET' is not set/ ],
    [ 'HS256 env:EMPTY',       qr/'EMPTY' is empty/ ],
    [ 'HS256 env:SHORT',       qr/env:SHORT: .*32/ ],
    [ 'HS384 env:GOOD',        qr/env:GOOD: .*48/ ],
    [ "HS256 $SECRET",         qr/must be env:NAME or file:PATH/ ],
    [ "HS256 file:$pem.pub",   qr/PEM/ ],
    [ "HS256 file:$pem.pem",   qr/PEM/ ],
    [ "RS256 file:$pem.pem",   qr/private/ ],
    [ "ES256 file:$pem.pub",   qr/ES256/ ],
    [ 'RS256 file:secret',     qr/file:secret: / ],
    [ 'HS256 env:GOOD sign',   qr/'sign' is no option/ ],
    )
{
    refused("AuthTokenKey $row->[0]", "AuthTokenKey $row->[0]\n",
        qr/AuthTokenKey: /, $row->[1]);
}
SKIP: {
    my $weak = corpus('jwt/weak_secrets_wallarm.json');
    skip 'the corpus is absent (see FASTAUTH_CORPUS)', 1 if !$weak;
    my @long = grep { length >= 32 && !/[\0\n]/ } @{ $weak->{cases} };
    my (@chosen, @let_in) = @long[map { int($_ * @long / 30) } 0 .. 29];
    for my $secret (@chosen) {
        utf8::encode($secret);
        local $ENV{WEAK} = $secret;
        my ($taken, $said) = judge("AuthTokenKey HS256 env:WEAK\n");
        push @let_in, $secret
            if $taken || index($said, $secret) >= 0 || $said !~ /env:WEAK/;
    }
    is_deeply(\@let_in, [], '30 published secrets are refused');
}
for my $row (
    [ 'file:gone',       qr{/gone' cannot be read} ],
    [ 'file:directory',  qr{/directory' } ],
    [ 'file:unreadable', qr{/unreadable' cannot be read} ],
    [ 'file:bad-option', qr{/bad-option' line 1: } ],
    [ 'keys',            qr/file:PATH/ ],
    )
{
    refused("AuthAPIKeys $row->[0]", "AuthAPIKeys $row->[0]\n",
        qr/AuthAPIKeys: /, $row->[1]);
}
refused('AuthTokenKeySet without a key', "AuthTokenKeySet file:no-set\n",
    qr/AuthTokenKeySet: file:no-set: /);
refused('two keys of one kid',
    "AuthTokenKey HS256 env:GOOD kid=a\n" x 2, qr/kid=a: /);
taken('a set says what it leaves out',
    'AuthTokenKeySet file:' . keys_dir() . "/set.jwks\n");
quiet('a good key', "AuthTokenKey HS256 file:secret kid=a\n");
quiet('a good public key', "AuthTokenKey RS256 file:$pem.pub\n");

# --- the security log -----------------------------------------------------------------------

# httpd -t makes no file and starts no program
mkdir "$dir/logs";
quiet('SecurityLog', "SecurityLog logs/a.log\n");
quiet('SecurityLog to a program', "SecurityLog \"|\$touch $dir/started\"\n");
quiet('SecurityLog in a virtual host', "SecurityLog logs/a.log\n"
        . "<VirtualHost *:1>\nSecurityLog logs/b.log\n</VirtualHost>\n");
is_deeply([grep { -e } "$dir/logs/a.log", "$dir/logs/b.log", "$dir/started"],
    [], 'httpd -t makes no SecurityLog');
refused('SecurityLog twice', "SecurityLog logs/a.log\nSecurityLog logs/b.log\n",
    qr/SecurityLog: it is said already/);
refused('SecurityLog of no program', "SecurityLog \"|$dir/secret -x\"\n",
    qr{SecurityLog: '\|\S+/secret -x': '\S+/secret' is no program});

# --- where a directive may stand ----------------------------------------------------------

my @server = qw(AuthTokenKey AuthTokenKeySet AuthTokenAudience AuthTokenType
    AuthTokenLeeway AuthTokenClaims AuthAPIKeys AuthAmbiguousPath
    RateLimitStore RolePermissions APITitle APIVersion APIDescription APILicense
    APIServer APITag APIOAuth2 SecurityLog);
my %right = (
    AuthTokenKey         => 'HS256 env:GOOD',
    AuthTokenKeySet      => 'file:no-set',
    AuthTokenAudience    => 'us',
    AuthTokenType        => 'JWT',
    AuthTokenLeeway      => '1s',
    AuthTokenClaims      => 'user=sub',
    AuthAPIKeys          => 'file:keys',
    AuthAmbiguousPath    => 'refuse',
    RateLimitStore       => 'shm:64M',
    RateLimitStatus      => '429',
    RateLimit            => '9/1h',
    AuthScheme           => 'none',
    AuthTokenSource      => 'header',
    AuthPasswords        => 'file',
    AuthRequireTLS       => 'off',
    AuthReportOnly       => 'off',
    SecurityLog          => 'logs/security.log',
    AuthErrorFormat      => 'problem',
    AuthIdentityHeaders  => 'off',
    AuthStripCredentials => 'off',
    CORSOrigin           => 'none',
    CORSMethods          => '*',
    CORSHeaders          => '*',
    CORSExposeHeaders    => 'X-A',
    CORSCredentials      => 'off',
    CORSMaxAge           => '1h',
    SecurityHeaders      => 'on',
    RequireScope         => 'a',
    RequireRole          => 'a',
    RequirePermission    => 'a',
    RolePermissions      => 'editor a',
    RequireOwner         => 'path:id',
    RequireClaim         => 'a b',
    RequireAddress       => '::1',
    APIOperation         => 'GET',
    APITitle             => 'Orders',
    APIVersion           => '1.0',
    APIDescription       => 'Orders',
    APILicense           => 'MIT',
    APIServer            => 'https://a.example',
    APITag               => 'a',
    APIOAuth2            => 'flow=password token=https://a.example/t',
);
for my $name (@server) {
    refused("$name in <Location>", in('/', "$name $right{$name}"), qr/$name/,
        qr/not allowed/);
}
my @demands = qw(RequireScope RequireRole RequireClaim RequireAddress
    RateLimit RequirePermission RequireOwner);
# A section with a part of the path to name, for RequireOwner
sub in_match { return "<LocationMatch \"^/(?<id>[^/]+)\">\n$_[0]\n</LocationMatch>\n" }
for my $name (grep { my $one = $_;
        !grep { $_ eq $one } @server, @demands, 'APIOperation' }
    sort keys %right)
{
    my $line = "$name $right{$name}";
    refused("A50 $name in <Limit>", in('/', "<Limit GET>\n$line\n</Limit>"),
        qr/$name: /, qr/<Limit>/);
    refused("$name in <LimitExcept>",
        in('/', "<LimitExcept GET>\n$line\n</LimitExcept>"),
        qr/$name: /, qr/<LimitExcept>/);
    refused("$name in <If>", "<If \"true\">\n$line\n</If>\n", qr/$name: /,
        qr/<If>/);
}
for my $name (@demands) {
    my $scheme = $name =~ /^(?:RequireAddress|RateLimit)$/ ? ''
        : "AuthScheme bearer-jwt\n";
    my $line = "$name $right{$name}";
    my $in = $name eq 'RequireOwner' ? \&in_match : sub { in('/', $_[0]) };
    quiet("$name in <Limit>", $in->("$scheme<Limit GET>\n$line\n</Limit>"));
    quiet("$name in <If>", $in->("$scheme<If \"true\">\n$line\n</If>"));
    refused("$name none in <Limit>",
        in('/', "$scheme<Limit GET>\n$name none\n</Limit>"),
        qr/$name: none cannot stand in <Limit>/);
    refused("$name none in <If>", "<If \"true\">\n$name none\n</If>\n",
        qr/$name: none cannot stand in <If>/);
    for my $any (qw(RequireAny RequireAll RequireNone)) {
        refused("$name in <$any>",
            in('/', "$scheme<$any>\nRequire all granted\n$line\n</$any>"),
            qr/$name/, qr/<$any>/);
    }
    next if !$scheme;
    refused("$name beside AuthScheme none", $in->("AuthScheme none\n$line"),
        qr/AuthScheme none \(line \d+\) and $name \(line \d+\)/);
    refused("AuthScheme none beside $name", $in->("$line\nAuthScheme none"),
        qr/AuthScheme none \(line \d+\) and $name \(line \d+\)/);
}
for my $row (['outside every section', 'APIOperation GET'],
    ['in <Directory>', "<Directory \"$dir\">\nAPIOperation GET\n</Directory>"],
    ['in <Files>', "<Files x>\nAPIOperation GET\n</Files>"],
    ['in <Proxy>', "<Proxy \"*\">\nAPIOperation GET\n</Proxy>"])
{
    refused("APIOperation $row->[0]", "$row->[1]\n", qr/APIOperation: /,
        qr/<Location> and <LocationMatch> alone/);
}
refused('S4 twice in one section',
    in('/', "AuthScheme basic\nAuthScheme bearer-jwt"), qr/already/);

# --- <AuthIssuer> -----------------------------------------------------------------------------

my $key = "AuthTokenKey HS256 env:GOOD\n";
quiet('an issuer', "<AuthIssuer https://a.example>\n$key</AuthIssuer>\n");
quiet('an issuer in quotes',
    "<AuthIssuer \"https://a.example\">\n$key</AuthIssuer>\n");
refused('an issuer without a key',
    "<AuthIssuer https://a.example>\nAuthTokenType JWT\n</AuthIssuer>\n",
    qr/AuthIssuer https:\/\/a\.example/, qr/AuthTokenKey/);
refused('an empty issuer',
    "<AuthIssuer https://a.example>\n</AuthIssuer>\n", qr/AuthTokenKey/);
refused('an issuer without a name', "<AuthIssuer>\n$key</AuthIssuer>\n",
    qr/AuthIssuer>: .*name/);
refused('an issuer twice',
    "<AuthIssuer https://a.example>\n$key</AuthIssuer>\n" x 2,
    qr/'https:\/\/a\.example' has a block already/);
refused('an issuer twice, once in quotes',
    "<AuthIssuer https://a.example>\n$key</AuthIssuer>\n"
        . "<AuthIssuer \"https://a.example\">\n$key</AuthIssuer>\n",
    qr/'https:\/\/a\.example' has a block already/);
refused('an issuer of two words',
    "<AuthIssuer https://a.example discover>\n$key</AuthIssuer>\n",
    qr/AuthIssuer/, qr/discover/);
for my $line ("DocumentRoot \"$dir\"", 'AuthTokenSource header',
    'AuthScheme basic', 'RequireScope a',
    "<Location />\n</Location>", "<AuthIssuer b>\n$key</AuthIssuer>")
{
    my ($word) = $line =~ /^(<?\w+)/;
    refused("$word in <AuthIssuer>",
        "<AuthIssuer https://a.example>\n$key$line\n</AuthIssuer>\n",
        qr/AuthIssuer>: \Q$word\E/, qr/AuthTokenKey/);
}
refused('an issuer in <Location>',
    in('/', "<AuthIssuer https://a.example>\n$key</AuthIssuer>"),
    qr/AuthIssuer/);
refused('a wrong word in an issuer',
    "<AuthIssuer https://a.example>\nAuthTokenKey HS257 env:GOOD\n"
        . "</AuthIssuer>\n",
    qr/AuthTokenKey: 'HS257'/);

# --- the order of sections ----------------------------------------------------------------------

# --- schemes that could let nobody in ---------------------------------------------

for ([bearer => 'bearer-jwt', 'AuthTokenKey'], [oauth2 => 'oauth2', 'AuthTokenKey'],
    [key => 'api-key-header', 'AuthAPIKeys'], [basic => 'basic', 'AuthPasswords']) {
    my ($name, $scheme, $remedy) = @$_;
    my ($taken, $said) = judge(in('/', "AuthScheme $scheme"), $prologue);
    ok(!$taken && $said =~ /AuthScheme \Q$scheme\E \(.*:\d+\) can let nobody in: add $remedy/,
        "$name without $remedy") or diag($said);
}

my ($jwt, $basic) = ('AuthScheme bearer-jwt', "AuthScheme basic\nAuthPasswords file");
my $order = qr/<Location \/api\/admin> \(.*:\d+\).*<Location \/api> \(.*:\d+\).*shorter one first/;
quiet('the shorter path first', in('/api', $jwt) . in('/api/admin', 'AuthScheme oauth2'));
refused('a shorter path later', in('/api/admin', $jwt) . in('/api', 'AuthScheme oauth2'),
    $order);
refused('none on a shorter path later',
    in('/api/admin', $jwt) . in('/api', 'AuthScheme none'), $order);
quiet('equal schemes', in('/api/admin', $jwt) . in('/api', $jwt));
quiet('the same path twice', in('/api', $jwt) . in('/api', 'AuthScheme oauth2'));
refused('a virtual host opens the main server',
    in('/server-status', $jwt)
        . "<VirtualHost *:1>\n" . in('/', 'AuthScheme none') . "</VirtualHost>\n",
    qr{<Location /server-status>}, qr{<Location />},
    qr/in a virtual host, repeat the longer one after it/);
quiet('a virtual host that repeats the longer one',
    in('/server-status', $jwt)
        . "<VirtualHost *:1>\n" . in('/', 'AuthScheme none')
        . in('/server-status', $jwt) . "</VirtualHost>\n");
taken('a LocationMatch later is a warning',
    in('/api/admin', $jwt)
        . "<LocationMatch \"^/api\">\nAuthScheme none\n</LocationMatch>\n",
    qr/:warn\].*<Location \/api\/admin>.*<LocationMatch \^\/api>.*none/);
quiet('a LocationMatch first',
    "<LocationMatch \"^/api\">\nAuthScheme none\n</LocationMatch>\n"
        . in('/api/admin', $jwt));

# --- passwords -----------------------------------------------------------------------------------

my $file = "AuthUserFile \"$dir/passwords\"";
taken('AuthUserFile beside AuthPasswords', in('/', "$basic\n$file"),
    qr/Syntax OK/);
refused('AuthUserFile below, without AuthPasswords',
    in('/', "$basic\n$file") . in('/api', $file),
    qr/AuthUserFile \(.*:\d+\)/, qr/AuthPasswords \(.*:\d+\)/,
    qr/repeat AuthPasswords beside it/);
taken('AuthUserFile below, with AuthPasswords',
    in('/', "$basic\n$file") . in('/api', "AuthPasswords file\n$file"),
    qr/Syntax OK/);
taken('basic without TLS is a warning', in('/', "$basic\n$file"),
    qr/:warn\].*basic.*TLS/);
quiet('basic with TLS is none',
    "ServerName https://localhost\n" . in('/', "$basic\n$file"));

# --- identity headers -------------------------------------------------------------------------------

refused('an identity header that is the API key\'s',
    in('/', "AuthScheme api-key-header\nAuthIdentityHeaders X-API-"),
    qr/AuthIdentityHeaders/, qr/X-API-Key/, qr/choose another prefix/);
refused('and in another spelling, elsewhere',
    in('/a', 'AuthScheme api-key-header:X_Auth_Key')
        . in('/b', 'AuthIdentityHeaders x-auth-'),
    qr/AuthIdentityHeaders/, qr/X_Auth_Key/);
quiet('another prefix',
    in('/', "AuthScheme api-key-header\nAuthIdentityHeaders X-Auth-"));

# --- A68: what is put between quotes -------------------------------------------------------------------

refused('A68 a scope with a quote', in('/', "$jwt\nRequireScope 'a\"b'"),
    qr/RequireScope: 'a"b'/);
refused('A68 a scope with a control character',
    in('/', "$jwt\nRequireScope \"a\tb\""), qr/RequireScope: /);
refused('A68 an API key header that is none',
    in('/', 'AuthScheme "api-key-header:X Y"'), qr/api-key-header:X Y/);

# --- A75: networks ---------------------------------------------------------------------------------------

for my $row ([ '10.0.0.1/8', qr/bits set/ ], [ '0.0.0.1/0', qr/bits set/ ],
    [ '10.0.0.1/31', qr/bits set/ ], [ '2001:db8::1/127', qr/bits set/ ],
    [ '10.0.0.0/33', qr/at most 32/ ], [ '::/129', qr/at most 128/ ],
    [ '010.0.0.1', qr/no IPv4 or IPv6/ ], [ '10.0.0.0/255.0.0.0', qr/at most 32/ ],
    [ 'localhost', qr/no IPv4 or IPv6/ ])
{
    refused("A75 RequireAddress $row->[0]",
        in('/', "RequireAddress 10.0.0.0/8 $row->[0]"),
        qr/RequireAddress: '\Q$row->[0]\E'/, $row->[1]);
}
quiet('A75 the edges', in('/', 'RequireAddress 0.0.0.0/0 ::/0 10.0.0.0/31 '
        . '10.0.0.1/32 2001:db8::/127 10.0.0.0/31'));

# --- A104, A105: beside httpd's own --------------------------------------------------------------------------

taken('A105 Require all granted beside ours is warned of',
    in('/', "$jwt\nRequire all granted\nRequire scope a"),
    qr/:warn\].*Require all granted \(.*:\d+\).*Require scope a/, qr/RequireAll/);
taken('A105 in <RequireAny> too',
    in('/', "$jwt\n<RequireAny>\nRequire role a\nRequire all granted\n"
            . '</RequireAny>'),
    qr/:warn\].*Require all granted/);
quiet('A105 not in <RequireAll>',
    in('/', "$jwt\n<RequireAll>\nRequire all granted\nRequire scope a\n"
            . '</RequireAll>'));
refused('Require scope without a scope', in('/', "$jwt\nRequire scope"),
    qr/scope/);
refused('Require scope none', in('/', "$jwt\nRequire scope none"),
    qr/none has no meaning here/);
refused('A104 a directive misspelt', in('/', 'AuthSheme basic'),
    qr/AuthSheme/);
refused('A104 AuthScheme without the module\'s scheme', in('/', 'AuthScheme jwt'),
    qr/'jwt'/);
refused('A104 a provider whose module is not there',
    in('/', "AuthScheme basic\nAuthPasswords dbd"), qr/'dbd'/, qr/loaded/);

# The names of authz providers are one namespace
SKIP: {
    my $libexec = $base =~ m{^LoadModule authz_core_module (.*)/}m ? $1 : '';
    my $oidc = "$libexec/mod_auth_openidc.so";
    skip 'there is no mod_auth_openidc', 1 if !-f $oidc;
    my ($taken, $said) = judge(in('/', "$jwt\nRequire token-claim a b"),
        "LoadModule auth_openidc_module $oidc\n${prologue}AuthTokenKey HS256 env:GOOD\n");
    ok($taken, 'Require token-claim does not clash with Require claim')
        or diag($said);
}

# --- A35: roles, and what they take in ------------------------------------------------------------

for my $row (
    ['a role that takes itself in', "RolePermissions a \@a\n", 'a', 'a', 1],
    ['a circle of two', "RolePermissions a \@b\nRolePermissions b \@a\n",
        'b', 'a', 2],
    ['a circle of three', "RolePermissions a \@b\nRolePermissions b p \@c\n"
            . "RolePermissions c \@a\n", 'c', 'a', 3],
    ['a role that nobody defines', "RolePermissions a p \@b\n", 'a', 'b', 1],
    )
{
    my ($name, $text, $role, $other, $line) = @$row;
    # the prologue comes first: the number of its lines is the first row's
    my $before = ($prologue =~ tr/\n//) + $line;
    refused("A35 $name", $text, qr/RolePermissions: role $role takes in \@$other /,
        qr/httpd\.conf:$before\)/);
    refused("A35 $name, in a virtual host",
        "<VirtualHost *:1>\n$text</VirtualHost>\n",
        qr/RolePermissions: role $role takes in \@$other /);
}
refused('A35 an empty permission', "RolePermissions editor \"\"\n",
    qr/RolePermissions: '' is no permission/);
refused('A35 an empty permission that is asked for',
    in('/', "$jwt\nRequirePermission \"\""), qr/'' is no permission/);
refused('a role of the main server is none of a virtual host\'s own',
    "RolePermissions reader p\n<VirtualHost *:1>\n"
        . "RolePermissions editor \@reader\n</VirtualHost>\n",
    qr/role editor takes in \@reader .*no RolePermissions defines/);
quiet('roles, in any order', "RolePermissions admin \@editor *\n"
    . "RolePermissions editor posts:* \@reader\nRolePermissions reader a\n"
    . "<VirtualHost *:1>\nRolePermissions x y\n</VirtualHost>\n");

# --- owners ---------------------------------------------------------------------------------------

for my $where (['the server', ''], ['<Location>', in('/a', "$jwt\nLINE")],
    ['a pattern without a name',
        "<LocationMatch \"^/(a)\">\n$jwt\nLINE\n</LocationMatch>\n"],
    ['<Directory>', "<Directory \"$dir\">\n$jwt\nLINE\n</Directory>\n"],
    ['<DirectoryMatch>',
        "<DirectoryMatch \"/(?<id>a)\">\n$jwt\nLINE\n</DirectoryMatch>\n"])
{
    my ($name, $text) = @$where;
    $text ||= "LINE\n";
    for my $line ('RequireOwner path:id', 'Require owner path:id',
        'RequireOwner query:q')
    {
        next if $name eq 'the server' && $line =~ /^Require /; # httpd's own no
        (my $all = $text) =~ s/LINE/$line/;
        refused("$line in $name", $all, qr/nothing of the path has a name/,
            qr/<LocationMatch> with named groups/);
    }
}
refused('RequireOwner of a group that is not there',
    in_match("$jwt\nRequireOwner path:di"), qr/'path:di'/, qr/it has id/);
refused('Require owner of a group that is not there',
    in_match("$jwt\nRequire owner path:di"), qr/'path:di'/, qr/it has id/);
refused('Require owner hide', in_match("$jwt\nRequire owner path:id hide"),
    qr/hide has no meaning here/, qr/RequireOwner/);
refused('Require permission posts:*', in('/', "$jwt\nRequire permission posts:*"),
    qr/'posts:\*'/, qr/RolePermissions/);
quiet('<Location ~> has groups too',
    "<Location ~ \"^/(?<id>[^/]+)\">\n$jwt\nRequireOwner path:id\n</Location>\n");
quiet('Require owner in <RequireAny>, <RequireAll> and <Limit>',
    in_match("$jwt\n<Limit GET>\n<RequireAny>\nRequire owner path:id\n"
        . "<RequireAll>\nRequire permission a\nRequire owner path:id\n"
        . "</RequireAll>\n</RequireAny>\n</Limit>"));

my $query = in_match("$jwt\nRequireOwner query:owner_of");
for my $line ('RequireOwner query:owner_of', 'Require owner query:owner_of',
    'APIOperation GET owner=query:owner_of')
{
    refused("$line without mod_dbd", in_match("$jwt\n$line"),
        qr/query:owner_of \(\S*httpd\.conf:\d+\) needs mod_dbd: LoadModule/);
}
SKIP: {
    my $dbd = $base =~ m{^LoadModule authz_core_module (.*)/}m
        ? "$1/mod_dbd.so" : '';
    skip 'there is no mod_dbd', 1 if !-f $dbd;
    my $sql = 'DBDPrepareSQL "SELECT owner FROM posts WHERE id = %s';
    local $prologue = "LoadModule dbd_module $dbd\n$prologue";
    quiet('a statement for one group', "$sql\" owner_of\n$query");
    taken('the later statement of a label counts',
        "$sql AND b = %s\" owner_of\nDBDPrepareSQL owner_of\n"
            . "$sql\" owner_of\n$query");
    for my $row (['no parameter', 'SELECT 1', 0],
        ['two', 'SELECT a FROM b WHERE c = %s AND d = %s', 2],
        ['bytes', 'SELECT a FROM b WHERE c = %pDb', 'bytes'])
    {
        refused("a statement with $row->[0] for one group",
            "DBDPrepareSQL \"$row->[1]\" owner_of\n$query",
            qr/RequireOwner query:owner_of \(\S*httpd\.conf:\d+\)/,
            qr/the path has 1 named parts, and the statement takes $row->[2]/,
            qr/write one %s for each/);
    }
    my $unknown = qr/RequireOwner query:owner_of \(.*no DBDPrepareSQL has that/;
    taken('a label that nobody prepares is warned of',
        "$sql\" other\n$query", $unknown);
    taken('one that a virtual host alone prepares',
        "$query<VirtualHost *:1>\n$sql\" owner_of\n</VirtualHost>\n",
        $unknown);
    taken('one that is taken back', "$sql\" owner_of\n<VirtualHost *:1>\n"
        . "DBDPrepareSQL owner_of\n$query</VirtualHost>\n", $unknown);
    quiet('a virtual host has the main server\'s',
        "$sql\" owner_of\n<VirtualHost *:1>\n$query</VirtualHost>\n");
    quiet('an operation\'s two parameters', "$sql AND b = %s\" owner_of\n"
        . in('/a', "$jwt\nAPIOperation GET /{a}/x/{b} owner=query:owner_of"));
}

# --- more than 64 words -----------------------------------------------------------------------------------------

refused('the 100th word counts',
    in('/', "$jwt\nRequireScope " . join(' ', ('a') x 99) . ' "b c"'),
    qr/RequireScope: 'b c'/);
quiet('a hundred words are fine',
    in('/', "$jwt\nRequireScope " . join ' ', map { "s$_" } 1 .. 100));

# --- A97: nothing of ours in .htaccess --------------------------------------------------------------------------

at('misconfig');
spill("$dir/page.html", "served\n");
is(ask('GET', '/htaccess/page.html')->{status}, 200, 'A97 without .htaccess');
for my $name (sort keys %right) {
    spill("$dir/.htaccess", "$name $right{$name}\n");
    my $answer = ask('GET', '/htaccess/page.html');
    ok($answer->{status} == 500 && $answer->{body} !~ /served/,
        "A97 $name in .htaccess") or diag($answer->{raw});
}
spill("$dir/.htaccess", "<AuthIssuer a>\n$key</AuthIssuer>\n");
is(ask('GET', '/htaccess/page.html')->{status}, 500,
    'A97 <AuthIssuer> in .htaccess');
unlink "$dir/.htaccess";

# --- A79: CORS ---------------------------------------------------------------------------------------------------------

my ($any, $with) = ('CORSOrigin *', 'CORSCredentials on');
my $files = sub { "<Files $_[0]>\n$_[1]\n</Files>\n" };
my $directory = sub { "<Directory \"$_[0]\">\n$_[1]\n</Directory>\n" };
my $pattern = sub { "<LocationMatch \"$_[0]\">\n$_[1]\n</LocationMatch>\n" };
for my $two ([$any, $with], [$with, $any]) {
    my ($outer, $inner) = @$two;
    for (['in one section', in('/a', "$outer\n$inner")],
        ['in the server', "$outer\n$inner\n"],
        ['from the server', "$outer\n" . in('/a', $inner)],
        ['in a section below', in('/a', $outer) . in('/a/b', $inner)],
        ['in a pattern below', in('/a', $outer) . $pattern->('^/a/b', $inner)],
        ['in a virtual host', "$outer\n<VirtualHost *:1>\n" . in('/a', $inner)
                . "</VirtualHost>\n"],
        ['in a virtual host itself', "$outer\n<VirtualHost *:1>\n$inner\n"
                . "</VirtualHost>\n"],
        ['in directories', $directory->($dir, $outer)
                . $directory->("$dir/directory", $inner)],
        ['in files', $directory->($dir, $outer . "\n" . $files->('x', $inner))],
        ['in files of the server', "$outer\n" . $files->('x', $inner)])
    {
        my ($name, $text) = @$_;
        refused("A79 $inner below $outer $name", $text, qr/CORSOrigin \*/,
            qr/CORSCredentials on/, qr/name the origins/, $name =~ /one|itself/
            ? () : qr/httpd\.conf:\d+/);
    }
}
quiet('A79 each in a section of its own', in('/a', $any)
        . in('/b', "CORSOrigin https://a.example\n$with"));
quiet('A79 any, and none below', in('/a', $any)
        . in('/a/b', "CORSOrigin none\n$with"));
quiet('A79 credentials, and off below', in('/a',
        "CORSOrigin https://a.example\n$with")
        . in('/a/b', "$any\nCORSCredentials off"));

# --- operations ---------------------------------------------------------------------------------------------------

sub operations { return join "\n", $jwt, map { "APIOperation $_" } @_ }
sub match { return "<LocationMatch \"$_[0]\">\n$_[1]\n</LocationMatch>\n" }

# Where a line is: as httpd says it, or as we do
my $place = qr/line \d+ of \S*httpd\.conf|httpd\.conf:\d+/;
sub wrong
{
    my ($name, $text, @patterns) = @_;
    return refused("APIOperation: $name", $text, qr/APIOperation/, $place,
        @patterns);
}
sub right { return quiet("APIOperation: $_[0]", $_[1]) }

my $twice = qr/line \d+ has an operation of this method and path in this/;
for (['the same twice', 'GET /u/{id}', 'GET /u/{id}'],
    ['another name', 'GET /u/{a}', 'GET /u/{b}'],
    ['another case', 'GET /u/{a}', 'GET /U/{a}'],
    ['a slash at the end', 'GET /u/{a}', 'GET /u/{a}/'],
    ['two slashes', 'GET /u/{a}', 'GET //u//{a}'],
    ['one of several methods', 'GET,PUT /u/{a}', 'DELETE,PUT /u/{a}'],
    ['the section itself', 'GET /', 'GET /'])
{
    my ($name, @lines) = @$_;
    wrong("$name", in('/a', operations(@lines)), $twice);
}
wrong('every path twice', in('/a', operations('GET', 'POST,GET scope=a')),
    qr/line \d+ has an operation of this method and of no other path/);
wrong('two of one method in a <LocationMatch>',
    match('^/a', operations('GET /a', 'GET /a/b')),
    qr/in a <LocationMatch> every operation is of all its paths/);
right('what differs', in('/a', operations('GET /u/{id}', 'PUT /u/{id}',
    'GET /u/me', 'GET /u/{id}/x', 'GET', 'GET /')));
right('two methods in a <LocationMatch>',
    match('^/a', operations('GET /a', 'PUT,DELETE /a/b')));
right('the same in two sections', in('/a', operations('GET /b/{id} scope=a'))
        . in('/a/b', operations('GET /{id} scope=b')));

for my $pattern ('/a*', '/a?b', '/a[bc]', '/a/{id}') {
    wrong("in <Location $pattern>", in($pattern, operations('GET /b')),
        qr/\Q<Location $pattern>\E has a wildcard or a brace/,
        qr/write <LocationMatch>/);
}
wrong('in <Location> of a URL', in('http://a.example/', operations('GET /b')),
    qr/starts with a slash/);

wrong('none beside others', in('/a', operations('GET /b', 'none')),
    qr/none contradicts the operations of this section/);
wrong('others beside none', in('/a', operations('none', 'GET /b')),
    qr/APIOperation none stands in this section/);
wrong('a word behind none', in('/a', operations('none /b')),
    qr/nothing can stand beside none/);
right('none', in('/a', operations('none')));

for my $container ('Limit GET', 'LimitExcept GET', 'If "true"') {
    my ($word) = $container =~ /(\w+)/;
    my ($near) = $word =~ /(Limit|If)/;
    wrong("in <$word>",
        in('/a', "$jwt\n<$container>\nAPIOperation GET /b\n</$word>"),
        qr/it cannot stand in <$near>/);
}

for (
    ['HEAD', 'HEAD /b', qr/HEAD is what GET is: name GET/],
    ['a method of no table', 'PROPFIND /b', qr/'PROPFIND' is none of GET, PUT/],
    ['TRACE', 'TRACE', qr/'TRACE' is none of GET/],
    ['a method twice', 'GET,GET', qr/GET is there twice/],
    ['an empty method', 'GET,', qr/a method is empty/],
    ['no method', '/b', qr/'\/b' is none of GET/],
    ['PATH without a slash', 'GET b', qr/'b' is none of scope=S/],
    ['a mixed segment', 'GET /b{id}', qr/'b\{id\}' is neither a literal nor/],
    ['an empty parameter', 'GET /{}', qr/a parameter's name has letters/],
    ['a parameter of digits', 'GET /{1}', qr/no digit first/],
    ['a parameter twice', 'GET /{a}/{a}', qr/\{a\} is there twice/],
    ['dots', 'GET /b/../c', qr/'\.\.' is never in a path/],
    ['an escape', 'GET /%62', qr/'%62' has a character/],
    ['a semicolon', 'GET /b;c', qr/'b;c' has a character/],
    ['a wildcard', 'GET /b*', qr/'b\*' has a character/],
    ['65 segments', 'GET ' . '/b' x 65, qr/more than 64 segments/],
    ['an unknown option', 'GET /b scopes=a', qr/'scopes=a' is none of scope=S/],
    ['claim=', 'GET /b claim=a', qr/'claim=a' is none of/],
    ['an empty scope', 'GET /b scope=', qr/scope=: there is nothing behind it/],
    ['a scope of no name', 'GET /b scope=a,,b', qr/scope=: 'a,,b'/],
    ['a scope with a quote', q{GET /b scope='a"b'}, qr/scope=: 'a"b'/],
    ['scope twice', 'GET /b scope=a scope=b', qr/scope=: it is said twice/],
    ['role twice', 'GET /b role=a role=b', qr/role=: it is said twice/],
    ['an id with a space', 'GET /b "id=a b"', qr/id=: 'a b'/],
    ['an id of two methods', 'GET,PUT /b id=a',
        qr/an id is of one operation: give each method a line/],
    ['an example with an escape', 'GET /b example=/a/%62',
        qr/example=: '\/a\/%62' is no path/],
) {
    my ($name, $line, @patterns) = @$_;
    wrong($name, in('/a', operations($line)), @patterns);
}

wrong('an id twice', in('/a', operations('GET /b id=x', 'GET /c id=x')),
    qr/id=x is another operation's in this server/);
wrong('an id twice, in two sections', in('/a', operations('GET /b id=x'))
        . in('/c', operations('GET /b id=x')),
    qr{<Location /c> \(\S*httpd\.conf:\d+\): id=x is another});
right('an id in two servers', join '', map {
    "<VirtualHost *:$_>\n" . in('/a', operations('GET /b id=x'))
        . "</VirtualHost>\n" } 1, 2);
wrong('an id that a virtual host has of the main server',
    in('/a', operations('GET /b id=x')) . "<VirtualHost *:1>\n"
        . in('/c', operations('GET /b id=x')) . "</VirtualHost>\n",
    qr{<Location /c> \(\S*httpd\.conf:\d+\): id=x is another});
right('an id, and the same one made', in('/a',
    operations('GET /b id=get_a_c', 'GET /c')));

wrong('one path under two names', in('/a', operations('GET /b/{id}'))
        . in('/a/b', operations('PUT /{name}')),
    qr{would print /a/b/\{name\}}, qr/give the parameters the same ones/);
wrong('one path under two names in one section',
    in('/a', operations('GET /{id}', 'PUT /{name}')),
    qr{would print /a/\{name\}});
wrong('one path under two names, by a pattern',
    in('/a', operations('GET /{id}'))
        . match('^/a/(?<name>[0-9]+)$', operations('PUT')),
    qr{would print /a/\{name\}}, qr{<LocationMatch });
right('one path under two names in two servers',
    "<VirtualHost *:1>\n" . in('/a', operations('GET /{id}'))
        . "</VirtualHost>\n<VirtualHost *:2>\n"
        . in('/a', operations('PUT /{name}')) . "</VirtualHost>\n");

wrong('a pattern that cannot be printed',
    match('^/a/[0-9]+$', operations('GET')),
    qr/does not say how its path is to be printed: write PATH/);
right('and with PATH', match('^/a/[0-9]+$', operations('GET /a/{id}')));
right('a pattern that can be', match('^/a/(?<id>[0-9]+)$', operations('GET')));
my $odd = '^/a/(?<id>[0-9]+)(?<=77)$';
wrong('a pattern of which no path can be made',
    match($odd, operations('GET /a/{id}')), qr/give one by example=\//);
right('and with example=',
    match($odd, operations('GET /a/{id} example=/a/177')));
for (['in <Location>', in('/a', operations('GET /{id} example=/b/7'))],
    ['that is another operation\'s',
        in('/a', operations('GET /{id} example=/a/me', 'GET /me'))],
    ['of another method\'s template',
        in('/a', operations('GET /{id} example=/a/7/x', 'PUT /{id}/x'))],
    ['in <LocationMatch>', match('^/a/(?<id>[0-9]+)$',
            operations('GET example=/a/x'))],
    ['in <LocationMatch>, not of PATH', match('^/a/',
            operations('GET /a/{id} example=/a/x/y'))])
{
    my ($name, $text) = @$_;
    wrong("an example $name", $text,
        qr/example=\S+ is not a path that it is for/);
}
right('an example', in('/a', operations('GET /{id} example=/a/7')));
wrong('a parameter that is one of its literals',
    in('/a', operations('GET /{id}', map { "GET /$_" } qw(1 7 a x1))),
    qr/give one by example=\//);
right('and then an example', in('/a', operations('GET /{id} example=/a/z',
    map { "GET /$_" } qw(1 7 a x1))));
right('one of its literals', in('/a', operations('GET /{id}', 'GET /1',
    'GET /A scope=s')));

# What holds for one value alone is not what the operation is like; what holds
# for all numbers and for no word is for the administrator to say
my $open = 'AuthScheme none';
right('one path of it that is open', in('/a', operations('GET /{id}'))
        . in('/a/1', $open));
wrong('numbers that are open', in('/a', operations('GET /{id}'))
        . match('^/a/[0-9]+$', $open),
    qr{other sections make /a/1 and /a/a differ}, qr/example=/);
right('numbers that are open, and an example',
    in('/a', operations('GET /{id} example=/a/x'))
        . match('^/a/[0-9]+$', $open));
wrong('other requests under one printed path',
    match('^/a/(?<id>[0-9]+)$', operations('GET role=r'))
        . match('^/a/(?<id>[a-z]+)$', operations('GET')),
    qr{the document prints GET /a/\{id\} for another operation}, qr/PATH/);
right('the same requests under one printed path',
    match('^/a/(?<id>[0-9]+)$', operations('GET role=r'))
        . match('^/a/(?<id>[0-9]+)', operations('GET')));
for my $path ('/a//b', '/a/../b', '/a/./b', '/a/..') {
    refused("<Location $path>", in($path, operations('GET')),
        qr/<Location \Q$path\E> matches no path/, qr/slashes|\.\./);
    refused("<Location $path> without operations", in($path, $jwt),
        qr/<Location \Q$path\E> matches no path/);
    wrong("an example $path", in('/', operations("GET /{x} example=$path")),
        qr/no path as httpd sees it/);
}
right('a scheme in <Directory>', in('/a', 'APIOperation GET scope=s')
        . "<Directory \"$dir\">\n$jwt\n</Directory>\n");
taken('a pattern that drops a demand is told', "AuthTokenKey HS256 env:GOOD\n"
        . in('/a', operations('GET /x scope=s'))
        . match('^/a', 'RequireScope none'),
    qr{APIOperation scope s of <Location /a> .*does not hold at its own path});
taken('so it is of a section', "AuthTokenKey HS256 env:GOOD\n"
        . in('/a', "$jwt\nRequireRole r") . match('^/a', 'RequireRole none'),
    qr{RequireRole r of <Location /a> .*does not hold at its own path});

for my $demand ('scope=s', 'role=s', 'permission=s', 'owner=path:id') {
    my ($word, $value) = $demand =~ /(\w+)=(.*)/;
    wrong("$demand where no AuthScheme is in force",
        in('/a', "APIOperation GET /{id} $demand"),
        qr/APIOperation $word $value asks for an identity/,
        qr{no AuthScheme is in force at /a/1});
    wrong("$demand beside AuthScheme none",
        in('/a', "AuthScheme none\nAPIOperation GET /{id} $demand"),
        qr/AuthScheme none \(line \d+\) and APIOperation/);
    wrong("AuthScheme none behind $demand",
        in('/a', "APIOperation GET /{id} $demand\nAuthScheme none"),
        qr/AuthScheme none \(line \d+\) and APIOperation/);
    right("$demand, and AuthScheme further up", in('/a', $jwt)
            . in('/a/b', "APIOperation GET /{id} $demand"));
    right("$demand, and AuthScheme outside",
        "$jwt\n" . in('/a', "APIOperation GET /{id} $demand"));
}
right('no demand and no AuthScheme', in('/a', 'APIOperation GET /{id}'));
right('no demand beside AuthScheme none',
    in('/a', "AuthScheme none\nAPIOperation GET /{id}"));

for (['RequireScope', 'scope=s'], ['RequireRole', 'role=s'],
    ['RequirePermission', 'permission=s'], ['RequireOwner', 'owner=path:id']) {
    my ($name, $demand) = @$_;
    my ($other) = grep { $_ ne $name } qw(RequireScope RequireRole);
    my $longer  = in('/a/b', operations("GET /{id} $demand"));
    my $shorter = in('/a', "$name none");
    refused("APIOperation: a later, shorter $name none", $longer . $shorter,
        qr{<Location /a/b> \(\S*httpd\.conf:\d+\)},
        qr{<Location /a> \(\S*httpd\.conf:\d+\)}, qr/$name/,
        qr/shorter one first/);
    right("a later, shorter $name none, and it is repeated",
        $longer . $shorter . $longer);
    refused("APIOperation: a later, shorter $name none, and less is repeated",
        $longer . $shorter . in('/a/b', operations('GET /{id}')),
        qr{<Location /a/b>}, qr/$name/);
    right("the shorter $name none first", $shorter . $longer);
    right("a later, shorter $other none", $longer . in('/a', "$other none"));
    right("a later, longer $name none", $longer . in('/a/b/c', "$name none"));
    right("a later $name none beside it", $longer . in('/c', "$name none"));
    refused("APIOperation: $name none of a virtual host", $longer
            . "<VirtualHost *:1>\n" . $shorter . "</VirtualHost>\n",
        qr{<Location /a/b>}, qr/in a virtual host, repeat the longer one/);
}
finish();
