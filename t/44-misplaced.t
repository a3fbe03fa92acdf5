# SPDX-License-Identifier: Apache-2.0
# What httpd takes and never asks, or lets another line take away: httpd -t
# refuses it, or warns where it may be meant, and says nothing of what is fine.
use strict;
use warnings;
use File::Path qw(make_path);
use Test::More;
use FastAuthTest;

my $dir = top() . '/misplaced';
make_path("$dir/logs");
spill("$dir/passwords", '');

# --- httpd -t -----------------------------------------------------------------------

my $base    = slurp(Apache::Test::vars('top_dir') . '/base.conf');
my $modules = join '', map { "$_\n" } grep {
    /^LoadModule\ (?:mpm_\w+|access_compat|alias|auth_basic|authn_core|authn_file
        |authz_core|authz_host|authz_user|dir|log_config|mime|proxy|unixd)
        _module\ /x
} split /\n/, $base;
my ($libexec) = $base =~ m{^LoadModule authn_file_module (.*)/}m;
my $prologue = <<"END";
${modules}LoadModule fastauth_module @{[Apache::Test::vars('top_dir')]}/mod_fastauth.so
ServerRoot "$dir"
ServerName https://localhost
Listen 127.0.0.1:1
DocumentRoot "$dir"
AuthTokenKey RS256 file:@{[keys_dir()]}/rs.pub
END

sub judge
{
    my ($text) = @_;
    my $httpd = Apache::Test::vars('httpd');
    spill("$dir/httpd.conf", $prologue . $text);
    my $said = `'$httpd' -t -f '$dir/httpd.conf' 2>&1`;
    return ($? == 0, $said);
}

# wanted: whether it is taken; then what is said, and what is not (as !pattern)
sub judged
{
    my ($name, $wanted, $text, @patterns) = @_;
    my ($taken, $said) = judge($text);
    my @missing = grep { $said !~ $_ } @patterns;
    ok($taken == $wanted && !@missing, $name)
        or diag(($taken ? 'taken' : 'refused'), ": missing @missing in: $said");
    return;
}

sub refused { my ($name, @rest) = @_; return judged($name, '', @rest) }

sub warned
{
    my ($name, $text, @patterns) = @_;
    return judged($name, 1, $text, qr/:warn\]/, @patterns);
}

# Nothing is said but `Syntax OK'
sub quiet
{
    my ($name, $text) = @_;
    return judged($name, 1, $text, qr/\A(?:\[[^\n]*:notice\][^\n]*\n)*Syntax OK\s*\z/);
}

sub in { return qq(<Location "$_[0]">\n$_[1]\n</Location>\n) }
sub around { return "<$_[0] $_[1]>\n$_[2]\n</$_[0]>\n" }
sub host { return around('VirtualHost', '*:1', $_[0]) }

quiet('nothing said is fine', '');

# --- a shorter <Location>, later --------------------------------------------------------

my $file = "AuthUserFile $dir/passwords";
my @overrides = (
    # what is named, the longer one, the shorter one, the longer one again
    ['AuthScheme', 'AuthScheme bearer-jwt', 'AuthScheme bearer-jwt optional',
        'AuthScheme bearer-jwt'],
    ['AuthPasswords', "AuthScheme basic\nAuthPasswords file\n$file",
        "AuthScheme basic\nAuthPasswords file cache=0\n$file",
        "AuthPasswords file\n$file"],
    ['RequireScope', "AuthScheme bearer-jwt\nRequireScope a",
        'RequireScope none', 'RequireScope a'],
    ['RequireRole', "AuthScheme bearer-jwt\nRequireRole a", 'RequireRole none',
        'RequireRole a'],
    ['RequirePermission', "AuthScheme bearer-jwt\nRequirePermission a",
        'RequirePermission none', 'RequirePermission a'],
    ['RequireClaim', "AuthScheme bearer-jwt\nRequireClaim a b",
        'RequireClaim none', 'RequireClaim a b'],
    ['RequireAddress', 'RequireAddress ::1', 'RequireAddress none',
        'RequireAddress ::1'],
    ['AuthReportOnly', 'AuthScheme bearer-jwt', 'AuthReportOnly on',
        'AuthReportOnly off'],
    ['AuthTokenSource', "AuthScheme bearer-jwt\nAuthTokenSource header",
        'AuthTokenSource cookie:c', 'AuthTokenSource header'],
    ['AuthRequireTLS', 'AuthRequireTLS on', 'AuthRequireTLS off',
        'AuthRequireTLS on'],
    ['RateLimit', 'RateLimit 5/1m', 'RateLimit none', 'RateLimit 5/1m'],
    ['RateLimit', 'RateLimit 5/1m on=failure', 'RateLimit none on=failure',
        'RateLimit 5/1m on=failure'],
);
for (@overrides) {
    my ($what, $long, $short, $again) = @$_;
    my $order = qr{\b$what\ of\ <Location\ /api/admin>\ \([^)]*:\d+\)\ is
        \ overridden\ by\ the\ shorter\ <Location\ /api>\ \([^)]*:\d+\)}x;
    my ($longer, $shorter) = (in('/api/admin', $long), in('/api', $short));

    refused("$what, a shorter one later", $longer . $shorter, $order);
    refused("$what, from a virtual host", $longer . host($shorter), $order);
    refused("$what, both in a virtual host", host($longer . $shorter), $order);
    quiet("$what, the shorter one first", $shorter . $longer);
    quiet("$what, the shorter one first, the longer one in a virtual host",
        $shorter . host($longer));
    quiet("$what, and the longer one again",
        $longer . $shorter . in('/api/admin', $again));
    quiet("$what, and the longer one again in a virtual host",
        $longer . host($shorter . in('/api/admin', $again)));
    refused("$what, and again without it",
        $longer . $shorter . in('/api/admin', 'AuthErrorFormat httpd'), $order);
    refused("$what, and again in another virtual host",
        $longer . host($shorter) . host(in('/api/admin', $again)), $order);
    quiet("$what, unrelated sections", $longer . in('/apis', $short)
        . in('/api/administrator', $short) . in('/other', $short));
    quiet("$what, unrelated virtual hosts", host($longer) . host($shorter));
}
refused('one of two is said again',
    in('/api/admin', "AuthScheme bearer-jwt\nRequireScope a")
        . in('/api', 'AuthScheme none')
        . in('/api/admin', 'AuthScheme bearer-jwt'),
    qr{RequireScope of <Location /api/admin>});
# the throttles that hold by themselves
for my $none ('RateLimit none', 'RateLimit none on=failure') {
    my $lost = qr{RateLimit of <Location /api/admin> .* is overridden by the shorter};
    my $basic = "AuthScheme basic\nAuthPasswords file\n$file";
    my $key = 'AuthScheme api-key-header';
    my $keys = "AuthAPIKeys file:@{[keys_dir()]}/api-keys\n";
    refused("$none over AuthScheme basic", in('/api/admin', $basic)
        . in('/api', $none), $lost);
    refused("$none over an API key", $keys . in('/api/admin', $key)
        . in('/api', $none), $lost);
    refused("$none in a virtual host", in('/api/admin', $basic)
        . host(in('/api', $none)), $lost);
    quiet("$none over AuthScheme basic, first", in('/api', $none)
        . in('/api/admin', $basic));
    quiet("$none over AuthScheme basic that has none", in('/api/admin',
        "$basic\nRateLimit none on=failure") . in('/api', $none));
    quiet("$none over bearer-jwt", in('/api/admin', 'AuthScheme bearer-jwt')
        . in('/api', $none));
}
quiet('RateLimit none on=failure leaves the others',
    in('/api/admin', 'RateLimit 5/1m') . in('/api', 'RateLimit none on=failure'));
quiet('what narrows may come later', in('/api/admin', 'AuthScheme bearer-jwt')
    . in('/api', "RequireAddress ::1\nAuthErrorFormat httpd"));

for my $pattern ('^/priv/', '^/priv/[0-9]+', '^/priv') {
    my $match = around('LocationMatch', "\"$pattern\"", 'AuthScheme bearer-jwt');
    my $open  = in('/', 'AuthScheme none');
    warned("<LocationMatch $pattern> and a <Location /> later", $match . $open,
        qr{AuthScheme of <LocationMatch \Q$pattern\E>.*<Location />});
    warned('from a virtual host too', $match . host($open),
        qr{AuthScheme of <LocationMatch \Q$pattern\E>.*<Location />});
    quiet('and not if it comes first', $open . $match);
    quiet('nor if it is said again', $match . $open . $match);
    quiet('nor of another path', $match . in('/public', 'AuthScheme none'));
}

# --- passwords that another section's provider could change -------------------------------

my $passwords = "AuthScheme basic\nAuthPasswords file\n$file";
my $beside = qr/\([^)]*:\d+\) can stand in for what AuthPasswords.* beside it/;
SKIP: {
    skip 'there is no mod_authn_anon', 5 if !-f "$libexec/mod_authn_anon.so";
    my $anon = "LoadModule authn_anon_module $libexec/mod_authn_anon.so\n";
    my $all  = $passwords =~ s/file$/file anon/mr;
    refused('Anonymous * in a section below',
        $anon . in('/', $all) . in('/open', 'Anonymous *'), qr/Anonymous $beside/);
    refused('Anonymous * in a section above',
        $anon . in('/open', 'Anonymous *') . in('/open/kept', $all),
        qr/Anonymous $beside/);
    refused('Anonymous_MustGiveEmail too', $anon . in('/', $all)
        . in('/open', 'Anonymous_MustGiveEmail Off'),
        qr/Anonymous_MustGiveEmail $beside/);
    quiet('with AuthPasswords beside it', $anon . in('/', $all)
        . in('/open', "$all\nAnonymous *"));
    quiet('where nothing meets', $anon . in('/kept', $all)
        . in('/open', 'Anonymous *'));
}
SKIP: {
    skip 'there is no mod_authn_dbm', 4 if !-f "$libexec/mod_authn_dbm.so";
    my $dbm  = "LoadModule authn_dbm_module $libexec/mod_authn_dbm.so\n";
    my $file2 = "AuthDBMUserFile $dir/passwords";
    refused('AuthDBMUserFile before does not excuse AuthUserFile',
        $dbm . in('/', "$file2\n$file")
            . in('/kept', "AuthScheme basic\nAuthPasswords file dbm\n$file2"),
        qr/AuthUserFile $beside/);
    refused('nor AuthUserFile AuthDBMUserFile',
        $dbm . in('/', "$file2\n$file")
            . in('/kept', "AuthScheme basic\nAuthPasswords file dbm\n$file"),
        qr/AuthDBMUserFile $beside/);
    quiet('both make up for both', $dbm . in('/', "$file2\n$file")
        . in('/kept', "AuthScheme basic\nAuthPasswords file dbm\n$file\n$file2"));
    refused('but not where they come later', $dbm
        . in('/kept', "AuthScheme basic\nAuthPasswords file dbm\n$file\n$file2")
        . in('/', "$file2\n$file"), qr/UserFile $beside/);
}

{
    my $dbm = -f "$libexec/mod_authn_dbm.so"
        ? "LoadModule authn_dbm_module $libexec/mod_authn_dbm.so\n" : '';
    my $file2 = "AuthDBMUserFile $dir/passwords";
    my $apart = sub { return around('Directory', "\"$dir\"", $_[0]) };
    my $match = sub { return around('LocationMatch', '"^/api/"', $_[0]) };
    SKIP: {
        skip 'there is no mod_authn_dbm', 7 if !$dbm;
        quiet('a provider that AuthPasswords does not name',
            $dbm . $apart->($file2) . in('/', $passwords));
        quiet('nor where it stands below',
            $dbm . in('/', $passwords) . in('/open', $file2));
        quiet('nor with cache=', $dbm . in('/', $passwords =~ s/file$/file cache=5m/mr)
            . in('/open', $file2));
        refused('one that it names as the second', $dbm . in('/open', $file2)
            . in('/', $passwords =~ s/file$/file dbm/mr),
            qr/AuthDBMUserFile $beside/);
        refused('in any case', $dbm . in('/open', lc $file2)
            . in('/', $passwords =~ s/file$/file dbm/mr),
            qr/AuthDBMUserFile $beside/i);
        my $alias = around('AuthnProviderAlias', 'file people', $file);
        refused('an alias may stand for any', $dbm . $alias . in('/open', $file2)
            . in('/', $passwords =~ s/file$/people/mr),
            qr/AuthDBMUserFile $beside/);
        refused('beside one that is known, too', $dbm . $alias
            . in('/open', $file2) . in('/', $passwords =~ s/file$/file people/mr),
            qr/AuthDBMUserFile $beside/);
    }
    quiet('a later <LocationMatch> names its own',
        in('/legacy', $file) . $match->($passwords));
    quiet('as a later <Location> does', in('/api', $file)
        . in('/api/kept', $passwords));
    quiet('and one of a virtual host', $match->($file)
        . host($match->($passwords)));
    refused('a <LocationMatch> before does not', $match->($passwords)
        . in('/legacy', $file), qr/AuthUserFile $beside/);
    refused('nor a later one without its own', in('/legacy', $file)
        . $match->("AuthScheme basic\nAuthPasswords file"),
        qr/AuthUserFile $beside/);
    refused('nor one of the main server', host(in('/legacy', $file))
        . $match->($passwords), qr/AuthUserFile $beside/);
    refused('nor a <Directory>', $apart->($passwords) . in('/legacy', $file),
        qr/AuthUserFile $beside/);
    quiet('but over a <Directory>', $apart->($file) . $match->($passwords));
}

# --- limits ------------------------------------------------------------------------------------

{
    my $eight = join "\n", map { "RateLimit $_/1h" } 1 .. 8;
    my $deep = join '', map { in("/deep$_", $eight) } '', '/a', '/a/b';
    my $path = '/deep/a/b/c';
    my @said = (qr{RateLimit: 33 limits hold in <Location $path> \(\S+:\d+\)},
        qr/more than 32 cannot be weighed/);
    quiet('32 limits', $deep . in($path, $eight));
    refused('33 limits', $deep . in($path, $eight) . in("$path/d", 'RateLimit 9/1h'),
        qr{33 limits hold in <Location $path/d>});
    refused('33 limits of a virtual host', $deep . in($path, $eight)
        . host(in("$path/d", 'RateLimit 9/1h')), qr{33 limits hold in <Location $path/d>});
    my @seven = map { "RateLimit $_/1h" } 1 .. 7;
    my $basic = join "\n", $passwords, @seven;
    refused('33 limits with the throttles of failures', $deep . in($path, $basic),
        @said);
    quiet('32 limits with them', $deep
        . in($path, join "\n", $passwords, @seven[0 .. 5]));
    quiet('31 without them', $deep
        . in($path, join "\n", $passwords, 'RateLimit none on=failure', @seven));
    quiet('none of them', $deep . in($path, $eight)
        . in("$path/d", "RateLimit none\nRateLimit 9/1h"));
}

# --- sections that are never asked -------------------------------------------------------------

my @ours = ('AuthScheme bearer-jwt', 'RequireScope a', 'RequireAddress ::1',
    'AuthReportOnly off', 'AuthPasswords file');
for my $line (@ours) {
    my ($name) = $line =~ /^(\w+)/;
    for my $files (around('Files', '"*.txt"', $line),
        around('FilesMatch', '"txt$"', $line))
    {
        my ($kind) = $files =~ /^<(\w+)/;
        refused("$name in <If><$kind>", around('If', '"true"', $files),
            qr/$name: <$kind> inside <If> is never looked at/);
        for my $outer ('Proxy "*"', 'ProxyMatch "^http:"') {
            my ($word, $argument) = split / /, $outer;
            refused("$name in <$word><$kind>", around($word, $argument, $files),
                qr/$name: <$kind> inside <$word> is never looked at/);
        }
        judged("$name in <Directory><$kind>", 1,
            around('Directory', "\"$dir\"", $files), qr/Syntax OK/);
    }
    for my $path ('noslash', 'api/v1', 'x.php', 'localhost/x') {
        refused("$name in <Location $path>", in($path, $line),
            qr/$name: <Location \Q$path\E> matches no path/, qr/slash/);
    }
    judged("$name in <Location $_>", 1, in($_, $line), qr/Syntax OK/)
        for '/x', '/', '*.txt', '/*/x', 'http://h/x';
    judged("$name in <Location ~ x>", 1, "<Location ~ \"x\">\n$line\n</Location>\n",
        qr/Syntax OK/);
}
for my $kind (qw(Limit LimitExcept)) {
    for my $method ('delete', 'Get', 'GET post') {
        my ($wrong) = $method =~ /(\w*[a-z]\w*)/;
        refused("<$kind $method>", in('/', "AuthScheme bearer-jwt\n"
            . around($kind, $method, 'RequireScope a')),
            qr/RequireScope: <$kind $wrong>: the method is \U$wrong\E\b/);
    }
    quiet("<$kind $_>", in('/', "AuthScheme bearer-jwt\n"
        . around($kind, $_, 'RequireScope a'))) for 'DELETE', 'GET POST', 'PROPFIND';
}

for my $kind ('Proxy "*"', 'ProxyMatch "^http:"') {
    my ($word, $argument) = split / /, $kind;
    warned("$_ in <$word>", around($word, $argument, $_),
        qr/<$word.*does not count where SetHandler or RewriteRule.*<Location>/)
        for 'AuthScheme bearer-jwt', 'RequireAddress ::1', 'RequireScope a',
        'RateLimit 5/1h', 'Require scope a';
    quiet("nothing of ours in <$word>: $_", around($word, $argument, $_))
        for 'AddDefaultCharset Off', 'Require all granted', 'Require all denied',
        'Require ip ::1', 'Require host localhost';
}

# --- Require that makes ours void -----------------------------------------------------------------

my $jwt = 'AuthScheme bearer-jwt';
for my $require ('method GET', 'valid-user', 'all granted', 'ip 10.0.0.1',
    'user ann', 'local')
{
    for my $ours ('scope x', 'role x', 'permission x', 'token-claim a b') {
        warned("Require $require beside Require $ours",
            in('/', "$jwt\nRequire $require\nRequire $ours"),
            qr/Require $require \([^)]*:\d+\) makes Require $ours .*<RequireAll>/);
    }
    quiet("Require $require in <RequireAll>", in('/',
        "$jwt\n<RequireAll>\nRequire $require\nRequire scope x\n</RequireAll>"));
    quiet("Require $require in another section",
        in('/a', "Require $require") . in('/b', "$jwt\nRequire scope x"));
}
quiet('Require scope beside Require role',
    in('/', "$jwt\nRequire scope x\nRequire role y"));
quiet('an alternative that is meant',
    in('/', "$jwt\n<RequireAny>\nRequire scope x\nRequire ip 10.0.0.1\n</RequireAny>"));
for my $merging ('Or', 'or') {
    warned("AuthMerging $merging below Require all granted",
        in('/', 'Require all granted')
            . in('/a', "$jwt\nAuthMerging $merging\nRequire scope x"),
        qr/AuthMerging Or \([^)]*:\d+\).*Require scope/);
}
quiet('AuthMerging And', in('/', 'Require all granted')
    . in('/a', "$jwt\nAuthMerging And\nRequire scope x"));
quiet('AuthMerging Or without a Require of ours', in('/', 'Require all granted')
    . in('/a', "$jwt\nAuthMerging Or\nRequire valid-user"));

# --- <AuthIssuer> ------------------------------------------------------------------------------------

my $key = 'AuthTokenKey RS256 file:' . keys_dir() . "/rs.pub";
refused("<AuthIssuer $_>", around('AuthIssuer', $_, $key),
    qr/AuthIssuer/, qr/one issuer and no other word/)
    for 'a b', '"a" "b"', 'https://a.example discover', 'a b c', '"a" b';
quiet("<AuthIssuer $_>", around('AuthIssuer', $_, $key))
    for 'a', '"a"', '"a b"', 'a ';
refused('<AuthIssuer a, and no more', "<AuthIssuer a\n$key\n</AuthIssuer>\n",
    qr/AuthIssuer.*>/);
finish();
