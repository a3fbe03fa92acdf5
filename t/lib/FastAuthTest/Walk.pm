# SPDX-License-Identifier: Apache-2.0
# Configurations made by chance that is the same everywhere, and what they must
# come to: the model that t/72-walk.t holds against the document and the server.
#
# A configuration is what one virtual host says. It is a list of sections, as
# hashes; text_of() writes them for httpd. policy_at() is the model: sections
# that a path falls into, merged in the order written.
package FastAuthTest::Walk;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(configuration main_configuration text_of policy_at verdict
    operations_of falls_into @METHODS @SCOPES @ROLES %ZONES zone_in);

our @METHODS = qw(GET PUT POST DELETE OPTIONS PATCH);
our @SCOPES  = qw(a b c);
our @ROLES   = qw(r s t);

# Networks, and the others that each is part of. `out' is none of them; `local'
# is this machine, and a request that no address is set for.
our %ZONES = (
    n1  => { text => '198.18.0.0/16', in => [] },
    n2  => { text => '198.19.0.0/16', in => [] },
    n3  => { text => '198.18.128.0/17', in => ['n1'] },
    n4  => { text => '2001:db8::/32', in => [] },
    out => { text => '100.64.0.0/10', in => [] },
);

sub zone_in
{
    my ($zone, @networks) = @_;
    my @of = ($zone, @{ ($ZONES{$zone} // { in => [] })->{in} });
    return scalar grep { my $one = $_; grep { $_ eq $one } @networks } @of;
}

# --- chance -----------------------------------------------------------------

my $state;

sub seed
{
    my ($number) = @_;
    $state = ($number * 40503 + 12345) & 0x7fffffff;
    dice(2) for 1 .. 8;
    return;
}

# 0 to sides - 1; the low bits of such a generator are poor
sub dice
{
    my ($sides) = @_;
    $state = ($state * 1103515245 + 12345) & 0x7fffffff;
    return ($state >> 8) % $sides;
}
sub chance { return dice(100) < $_[0] }
sub pick { return $_[dice(scalar @_)] }

# So many of these, in their order
sub some
{
    my ($least, $most, @of) = @_;
    my $count = $least + dice($most - $least + 1);
    splice @of, dice(scalar @of), 1 while @of > $count;
    return @of;
}

sub shuffled
{
    my (@of) = @_;
    return map { splice @of, dice(scalar @of), 1 } 1 .. @of;
}

# --- sections ---------------------------------------------------------------

my @PATHS = qw(/ /a /a/x /a/x/y /a/items /a/items/1 /b /b/x /b/long/way /c);
my @TEMPLATES = qw(/x /items /items/{id} /items/me /items/{id}/parts/{part}
    /{one} /x/{one});

# Patterns, each with the path that it prints, or the PATH that it needs, and the
# example= that it does not go without
my @PATTERNS = (
    ['^/y/(?<x>(?!1|a|x1|example)[a-z0-9]+)$', undef, '/y/{x}', '/y/b7'],
    ['^/u/(?<id>[0-9]+)$', '/u/{id}'],
    ['^/u/(?<id>[0-9]+)/posts/(?<post>[a-z]+)$', '/u/{id}/posts/{post}'],
    ['^/a/u/(?<name>[a-z]+)/?$', '/a/u/{name}'],
    ['^/b/(?<day>[0-9]{4}-[0-9]{2})$', '/b/{day}'],
    ['^/v(?:1|2)/things$', undef, '/v1/things'],
    ['^/w/(?<kind>cat|dog)/(?!none)[^/]+$', undef, '/w/{kind}/{name}'],
    ['^/a(?:/|$)'],
    ['^/[abc]/x'],
);

sub some_scheme
{
    return 'none' if chance(6);
    my @list = some(1, chance(40) ? 3 : 1,
        shuffled('bearer-jwt', 'oauth2', 'api-key-header:X-Key',
            'api-key-header', 'api-key-query:k', 'api-key-cookie:kc', 'basic'));
    my %seen;
    @list = grep { !$seen{ s/:.*//r }++ } @list;
    return { list => \@list, optional => chance(20) };
}

sub some_demands
{
    my @found;
    push @found, { kind => 'Scope', values => [some(1, 2, @SCOPES)] } if chance(30);
    push @found, { kind => 'Role', values => [some(1, 2, @ROLES)] } if chance(25);
    push @found, { kind => 'Claim', claim => 'tenant',
        values => [some(1, 2, qw(acme globex))] } if chance(12);
    push @found, { kind => 'Claim', claim => 'org.level', values => ['7'] }
        if chance(4);
    push @found, { kind => 'Address',
        values => [some(1, 2, qw(n1 n2 n3 n4))] } if chance(15);
    return @found;
}

# A name is of all virtual hosts, of which each is asked as the first
sub some_limits
{
    my ($name) = @_;
    my @found;
    if (chance(22)) {
        my $n = 1 + dice(4);
        push @found, { n => $n, by => [ @{ pick(['ip'], ['user'], ['api-key'],
            ['ip', 'user'], ['header:X-Tenant'], ['claim:team']) } ],
            $n > 1 && chance(30) ? (cost => 2) : () };
        $found[0]{name} = "$name-of" . dice(1000) if chance(20) && $name;
    }
    push @found, { n => 1 + dice(3), failure => 1,
        by => pick(['ip'], ['ip', 'user'], ['header:X-Tenant']) } if chance(35);
    return @found;
}

# As `methods' a list, or none for all
sub some_limited
{
    my ($make) = @_;
    return $make->() unless chance(25);
    my @named = some(1, 3, @METHODS);
    my $except = chance(30);
    my %named = map { $_ => 1 } @named;
    my @methods = grep { $except xor $named{$_} } @METHODS;
    return map { { %$_, methods => \@methods, except => $except,
        named => \@named } } $make->();
}

sub some_operations
{
    my ($section, $number, $path, $example) = @_;
    my @list;
    my %taken;
    for my $template ($section->{match} ? $path
        : some(1, 3, undef, @TEMPLATES)) {
        my @methods = grep { !$taken{ ($template // '') . $_ }++ }
            some(1, chance(30) ? 3 : 1, @METHODS);
        @methods = ('GET', grep { $_ ne 'GET' } @methods) if chance(40)
            && !$taken{ ($template // '') . 'GET' }++;
        my %one = (methods => \@methods, path => $template);
        $one{Scope} = [some(1, 2, @SCOPES)] if chance(22);
        $one{Role}  = [some(1, 2, @ROLES)] if chance(18);
        $one{id} = 'id' . $number . 'n' . @list if @methods == 1 && chance(10);
        $one{summary} = 'What it does' if chance(20);
        $one{tag} = pick('first', 'second', 'first,third') if chance(20);
        $one{deprecated} = 1 if chance(5);
        $one{example} = $example if $example;
        $one{example} = join_paths($section->{pattern},
            $template =~ s/\{\w+\}/some7/gr) if !$section->{match}
            && ($template // '') =~ /\{/ && chance(20);
        push @list, \%one if @methods;
    }
    return \@list;
}

sub some_section
{
    my ($number, $path, $pattern, $depth) = @_;
    my %section = $pattern
        ? (match => 1, pattern => $pattern->[0], print => $pattern->[1])
        : (pattern => $path);
    my $is_main = $number > 9e6;
    my $name = $is_main ? '' : "l$number-" . dice(1000);

    $section{scheme} = some_scheme() if chance($depth ? 40 : 75);
    $section{sources} = pick(['cookie:tok'], ['query:tok'], ['header', 'cookie:tok'],
        ['header', 'query:tok'], ['cookie:tok', 'query:tok', 'header'])
        if ref $section{scheme} && chance(25);
    # a demand beside `none', or without any scheme, is what mistakes are for
    my @demands = some_limited(\&some_demands);
    @demands = grep { $_->{kind} eq 'Address' } @demands
        if ($section{scheme} // '') eq 'none'
        || (!$section{scheme} && !$depth && chance(85));
    $section{demands} = \@demands;
    $section{none} = { map { ($_ => 1) } grep { chance(5) }
        qw(Scope Role Claim Address) } if $depth;
    $section{limits} = [some_limited(sub { some_limits($name) })];
    push @{ $section{limits} }, { n => 4000, by => ['location'],
        name => "drain$number" } if chance(5) && !$is_main;
    $section{no_limits} = pick(qw(all failure failure)) if chance(12);
    $section{limit_status} = pick(403, 403, 429) if chance(12);
    $section{tls} = pick(qw(on loopback off)) if chance(7) && !$is_main;
    $section{format} = pick(qw(problem fastopenapi httpd)) if chance(25);
    $section{report} = pick(qw(on on off)) if chance(6);
    $section{handler} = pick(qw(status status docs openapi))
        if !$pattern && $path ne '/' && chance(8);
    if (chance(55) && (!$pattern || $pattern->[1] || $pattern->[2])) {
        $section{operations} = some_operations(\%section, $number,
            $pattern && ($pattern->[2] || (chance(30) ? $pattern->[1] : undef)),
            $pattern && $pattern->[3]);
        # nobody could be let in
        if (($section{scheme} // '') eq 'none' || (!$section{scheme} && !$depth)) {
            delete @$_{qw(Scope Role)} for @{ $section{operations} };
        }
    }
    elsif (chance(6)) {
        $section{hidden} = 1;
    }
    return \%section;
}

# --- mistakes: each is refused, and so --------------------------------------

my @MISTAKES = ( # what it is, its lines
    [order => "<Location /z/deep>\nAuthScheme bearer-jwt\n</Location>\n"
        . "<Location /z>\nAuthScheme api-key-header\n</Location>\n"],
    [contradiction =>
        "<Location /z>\nAuthScheme none\nRequireScope a\n</Location>\n"],
    ['none in <Limit>' => "<Location /z>\n<Limit GET>\nRequireRole none\n"
        . "</Limit>\n</Location>\n"],
    [twice => "<Location /z>\nAPIOperation GET /{x}\nAPIOperation GET /{y}\n"
        . "</Location>\n"],
    ['other names' => "<Location /z>\nAPIOperation GET /{x}\n"
        . "APIOperation PUT /{y}\n</Location>\n"],
    ['wrong example' => "<Location /z>\nAPIOperation GET /{x} example=/z/a/b\n"
        . "</Location>\n"],
    ['no path' => "<LocationMatch \"^/z/[ab]+\">\nAPIOperation GET\n"
        . "</LocationMatch>\n"],
    ['one name' => "<Location /z>\nRateLimit 1/1h name=z@\n</Location>\n"
        . "<Location /y>\nRateLimit 2/1h name=z@\n</Location>\n"],
    ['one id' => "<Location /z>\nAPIOperation GET id=z\nAPIOperation PUT id=z\n"
        . "</Location>\n"],
    ['no scheme' => "<Location /z>\nAuthScheme none\n</Location>\n"
        . "<Location /z/x>\nAPIOperation GET scope=a\n</Location>\n"],
    [example => '<LocationMatch "^/z/(?<x>(?=q7)[a-z0-9]+)$">'
        . "\nAPIOperation GET /z/{x}\n</LocationMatch>\n"],
);

# --- configurations ---------------------------------------------------------

# What the test asks by whatever chance has made of the rest
my %OPEN = (scheme => 'none', none => { Address => 1 }, no_limits => 'all',
    tls => 'off', report => 'off', demands => [], limits => []);

sub of_server
{
    my %base = (demands => [], limits => [], pattern => '/');
    $base{format} = pick(qw(fastopenapi httpd)) if chance(10);
    $base{limit_status} = 403 if chance(5);
    $base{sources} = ['header', 'cookie:tok'] if chance(5);
    $base{scheme} = { list => ['bearer-jwt'], optional => 0 } if chance(4);
    return \%base;
}

# Shorter paths first, which is what httpd wants, but for a few
sub in_some_order
{
    my (@sections) = @_;
    return shuffled(@sections) if chance(10);
    return sort { length $a->{pattern} <=> length $b->{pattern} } @sections;
}

sub sections_of
{
    my ($number, @paths) = @_;
    my @made = map { my $path = $_;
        some_section($number, $path, undef,
            scalar grep { $path =~ m{^\Q$_\E/} } @paths) } @paths;
    push @made, some_section($number, undef, $_, 0)
        for some(0, 2, @PATTERNS);
    return in_some_order(@made);
}

sub finished
{
    my ($number, $configuration) = @_;
    my @drained = grep { ($_->{name} // '') eq "drain$number" }
        map { @{ $_->{limits} } } @{ $configuration->{sections} };
    my @sections = @{ $configuration->{sections} };
    for (@drained ? (['/drain', 1000], ['/sip', 50]) : ()) {
        push @sections, { %OPEN, pattern => $_->[0], hidden => 1,
            limits => [{ %{ $drained[0] }, cost => $_->[1] }] };
        delete @{ $sections[-1]{limits}[0] }{qw(methods except named)};
    }
    push @sections, { %OPEN, pattern => '/openapi.json', handler => 'openapi' };
    return { %$configuration, number => $number, sections => \@sections,
        needs_tls => scalar(grep { ($_->{tls} // 'off') ne 'off' } @sections) };
}

# The same for a number on every machine
sub configuration
{
    my ($number) = @_;
    seed($number);
    my @paths = some(2, 4, @PATHS[1 .. $#PATHS]);
    unshift @paths, '/' if chance(6);
    push @paths, chance(80) ? qw(/m /m/x) : '/m' if chance(25);
    my %made = (base => of_server(), other_key => chance(15),
        sections => [sections_of($number, @paths)]);
    if ($number % 9 == 0) {
        my $mistake = $MISTAKES[$number / 9 % @MISTAKES];
        @made{qw(mistake wrong)} = @$mistake;
        $made{wrong} =~ s/@/$number/g;
    }
    return finished($number, \%made);
}

# The main server's sections, which hold in every virtual host
sub main_configuration
{
    my ($number) = @_;
    seed($number + 9e6);
    return finished($number + 9e6, { base => of_server(),
        sections => [sections_of($number + 9e6, some(1, 3, qw(/m /m/x /n)))] });
}

# --- as httpd reads them ----------------------------------------------------

sub demand_line
{
    my ($demand) = @_;
    my @values = @{ $demand->{values} };
    @values = map { $ZONES{$_}{text} } @values if $demand->{kind} eq 'Address';
    return join ' ', "Require$demand->{kind}", $demand->{claim} // (), @values;
}

sub limit_line
{
    my ($limit) = @_;
    return join ' ', "RateLimit $limit->{n}/1h",
        'by=' . join(',', @{ $limit->{by} }),
        $limit->{name} ? "name=$limit->{name}" : (),
        $limit->{cost} ? "cost=$limit->{cost}" : (),
        $limit->{failure} ? 'on=failure' : ();
}

# Under its <Limit>, where it has one
sub limited
{
    my ($what, $line) = @_;
    return $line unless $what->{named};
    my $container = $what->{except} ? 'LimitExcept' : 'Limit';
    return ("<$container @{ $what->{named} }>", "    $line", "</$container>");
}

sub operation_line
{
    my ($operation) = @_;
    return join ' ', 'APIOperation', join(',', @{ $operation->{methods} }),
        $operation->{path} // (),
        (map { $operation->{$_}
            ? lc . '=' . join(',', @{ $operation->{$_} }) : () } qw(Scope Role)),
        $operation->{id} ? "id=$operation->{id}" : (),
        $operation->{tag} ? "tag=$operation->{tag}" : (),
        $operation->{summary} ? "summary=\"$operation->{summary}\"" : (),
        $operation->{example} ? "example=$operation->{example}" : (),
        $operation->{deprecated} ? 'deprecated' : ();
}

sub lines_of
{
    my ($section) = @_;
    my $scheme = $section->{scheme};
    my @lines;

    push @lines, ref $scheme ? join ' ', 'AuthScheme', @{ $scheme->{list} },
        $scheme->{optional} ? 'optional' : () : "AuthScheme $scheme" if $scheme;
    push @lines, 'AuthPasswords file', 'AuthUserFile passwords'
        if ref $scheme && grep { $_ eq 'basic' } @{ $scheme->{list} };
    push @lines, "AuthTokenSource @{ $section->{sources} }" if $section->{sources};
    push @lines, "Require$_ none" for sort keys %{ $section->{none} // {} };
    push @lines, map { limited($_, demand_line($_)) } @{ $section->{demands} };
    push @lines, 'RateLimit none' . ($section->{no_limits} eq 'all' ? ''
        : ' on=failure') if $section->{no_limits};
    push @lines, map { limited($_, limit_line($_)) } @{ $section->{limits} };
    push @lines, "RateLimitStatus $section->{limit_status}" if $section->{limit_status};
    push @lines, "AuthRequireTLS $section->{tls}" if $section->{tls};
    push @lines, "AuthErrorFormat $section->{format}" if $section->{format};
    push @lines, "AuthReportOnly $section->{report}" if $section->{report};
    push @lines, "SetHandler fastauth-$section->{handler}" if $section->{handler};
    push @lines, 'APIOperation none' if $section->{hidden};
    push @lines, map { operation_line($_) } @{ $section->{operations} // [] };
    return @lines;
}

sub text_of
{
    my ($configuration) = @_;
    my $text = join '', map { "$_\n" } lines_of($configuration->{base}),
        $configuration->{other_key} ? 'AuthTokenKey HS256 file:other.secret' : ();
    for my $section (@{ $configuration->{sections} }) {
        my $kind = $section->{match} ? 'LocationMatch' : 'Location';
        $text .= "<$kind \"$section->{pattern}\">\n"
            . join('', map { "    $_\n" } lines_of($section)) . "</$kind>\n";
    }
    return $text . ($configuration->{wrong} // '');
}

# --- the model: what holds at a path ----------------------------------------

sub falls_into
{
    my ($section, $path) = @_;
    my $pattern = $section->{pattern};
    return $path =~ /$pattern/ if $section->{match};
    return $pattern eq '/' || $path eq $pattern || index($path, "$pattern/") == 0;
}

sub is_for { return !$_[0]{methods} || grep { $_ eq $_[1] } @{ $_[0]{methods} } }

# A template as a pattern, and how special it is: a literal before a parameter
sub as_pattern
{
    my ($template) = @_;
    my $pattern = join '/', map { /^\{/ ? '[^/]+' : quotemeta } split m{/}, $template;
    return qr/^$pattern$/;
}
sub rank { return join '', map { /^\{/ ? 1 : 0 } grep { length } split m{/}, $_[0] }

# Of one section: that of all its paths, and the most special of this one
sub operations_in
{
    my ($section, $path, $method) = @_;
    my @for = grep { is_for($_, $method) } @{ $section->{operations} // [] };
    return @for if $section->{match};
    my $rest = $section->{pattern} eq '/' ? $path
        : substr $path, length $section->{pattern};
    my ($best) = sort { rank($a->{path}) cmp rank($b->{path}) }
        grep { defined $_->{path} && $rest =~ as_pattern($_->{path}) } @for;
    return (grep { !defined $_->{path} } @for), $best // ();
}

# What tells a limit's counter from others
sub counter
{
    my ($limit, $section) = @_;
    return join '|', $limit->{name} // (($section->{match} // 0),
        $section->{pattern}, @{ $limit->{methods} // ['all'] }),
        $limit->{n}, sort(@{ $limit->{by} }), $limit->{failure} // 0;
}

my @IDENTITY = qw(Scope Role Claim);

sub add_section
{
    my ($so_far, $section, $path, $method) = @_;
    my %dropped = (%{ $section->{none} // {} },
        ($section->{scheme} // '') eq 'none' ? map { ($_ => 1) } @IDENTITY : ());
    for my $list (qw(demands of_operations)) {
        @{ $so_far->{$list} } = grep { !$dropped{ $_->{kind} } } @{ $so_far->{$list} };
    }
    push @{ $so_far->{demands} }, grep { is_for($_, $method) } @{ $section->{demands} };
    for my $operation (operations_in($section, $path, $method)) {
        push @{ $so_far->{of_operations} }, map { { kind => $_,
            values => $operation->{$_} } } grep { $operation->{$_} } qw(Scope Role);
    }
    if (my $none = $section->{no_limits}) {
        @{ $so_far->{limits} } = grep { $none eq 'failure' && !$_->{failure} }
            @{ $so_far->{limits} };
        $so_far->{no_usual} = 1;
    }
    push @{ $so_far->{limits} }, map { { %$_, counter => counter($_, $section) } }
        grep { is_for($_, $method) } @{ $section->{limits} };
    for my $field (qw(scheme sources limit_status tls format report handler)) {
        $so_far->{$field} = $section->{$field} if defined $section->{$field};
    }
    return;
}

# The ways in: kind, where, name; of tokens elsewhere than in Authorization the
# first bearer scheme's alone
sub ways_of
{
    my ($policy) = @_;
    return () unless ref $policy->{scheme};
    my (@ways, $bearer);
    for my $scheme (@{ $policy->{scheme}{list} }) {
        my ($kind, $name) = split /:/, $scheme;
        if ($kind eq 'bearer-jwt' || $kind eq 'oauth2') {
            for (@{ $policy->{sources} // ['header'] }) {
                my ($in, $where) = split /:/;
                push @ways, { kind => 'bearer', scheme => $kind, in => $in,
                    name => $where // 'Authorization' }
                    unless $bearer && $in ne 'header';
            }
            $bearer = 1;
        }
        elsif ($kind eq 'basic') {
            push @ways, { kind => 'basic', scheme => $kind, in => 'header',
                name => 'Authorization' };
        }
        else {
            my ($in) = $kind =~ /^api-key-(.*)/;
            push @ways, { kind => 'key', scheme => $kind, in => $in,
                name => $name // ($in eq 'header' ? 'X-API-Key' : 'api_key') };
        }
    }
    return @ways;
}

my %HOLDS = (bearer => { map { ($_ => 1) } @IDENTITY },
    key => { Scope => 1, Role => 1 }, basic => {});

# What holds for a method at a path of a virtual host
sub policy_at
{
    my ($main, $configuration, $path, $method) = @_;
    my %all = (demands => [], of_operations => [], limits => [], tls => 'off',
        format => 'problem', report => 'off', limit_status => 429, handler => '');
    $method = 'GET' if $method eq 'HEAD';
    my @sections = grep { falls_into($_, $path) } map { @{ $_->{sections} } }
        $main, $configuration == $main ? () : $configuration;
    add_section(\%all, $_, $path, $method) for $main->{base},
        $configuration == $main ? () : $configuration->{base}, @sections;

    my @demands = (@{ $all{demands} }, @{ delete $all{of_operations} });
    $all{addresses} = [grep { $_->{kind} eq 'Address' } @demands];
    $all{demands} = [grep { $_->{kind} ne 'Address' } @demands];
    $all{ways} = [ways_of(\%all)];
    $all{optional} = ref $all{scheme} && $all{scheme}{optional} && !@{ $all{demands} };
    for my $way (@{ $all{ways} }) {
        $way->{admits} = !grep { !$HOLDS{ $way->{kind} }{ $_->{kind} } }
            @{ $all{demands} };
    }
    my %usual = (failure => 1, guessable => 1);
    push @{ $all{limits} }, { %usual, n => 30, by => ['ip', 'user'], counter => 'usual' },
        { %usual, n => 300, by => ['ip'], counter => 'usual of an address' }
        if !$all{no_usual} && grep { $_->{kind} ne 'bearer' } @{ $all{ways} };
    $_->{identity} = !$_->{failure} && grep { /^(?:user|api-key|claim)/ } @{ $_->{by} }
        for @{ $all{limits} };
    my %cost;
    for (@{ $all{limits} }) {
        my $cost = $_->{cost} // 1;
        $cost{ $_->{counter} } = $cost if $cost > ($cost{ $_->{counter} } // 0);
    }
    $_->{room} = int $_->{n} / $cost{ $_->{counter} } for @{ $all{limits} };
    return \%all;
}

# --- the model: what becomes of a request -----------------------------------

sub is_met
{
    my ($demand, $holds) = @_;
    my $held = $demand->{kind} eq 'Claim' ? $holds->{claims}{ $demand->{claim} }
        : $holds->{ $demand->{kind} };
    my %held = map { ($_ => 1) } @{ $held // [] };
    my $met = grep { $held{$_} } @{ $demand->{values} };
    return $demand->{kind} eq 'Scope' ? $met == @{ $demand->{values} } : $met > 0;
}

# The status, and why. A request: zone, tls, method, credentials: each with its
# way, good or not, and what it holds
sub verdict
{
    my ($policy, $request) = @_;
    my @came = @{ $request->{credentials} };
    my @sent = grep { $_->{way}{in} ne 'cookie' } @came;
    my $in_force = @{ $policy->{ways} };
    my ($one) = @sent ? @sent : @came;

    return _handled($policy, $request) if $policy->{report} eq 'on';
    return (403, 'tls') if !$request->{tls} && ($policy->{tls} eq 'on'
        || ($policy->{tls} eq 'loopback' && $request->{zone} ne 'local'));
    for (@{ $policy->{addresses} }) {
        return (403, 'address') unless zone_in($request->{zone}, @{ $_->{values} });
    }
    if ($in_force) {
        return (400, 'two') if @sent > 1;
        return (401, 'none') if !$one && !$policy->{optional};
        return (401, 'bad') if $one && (!$one->{good} || (!@sent && @came > 1));
    }
    elsif (@{ $policy->{demands} }) {
        return (500, 'nobody can');
    }
    for (@{ $policy->{demands} }) {
        return (403, $_->{kind}) unless is_met($_, $one);
    }
    return _handled($policy, $request);
}

sub _handled
{
    my ($policy, $request) = @_;
    return ($request->{handled} // 200, 'in') unless $policy->{handler};
    return (405, 'in') unless $request->{method} =~ /^(?:GET|HEAD)$/;
    return ($request->{handled} // 200, 'in');
}

# --- the model: what is in the document -------------------------------------

sub join_paths { return $_[0] eq '/' ? $_[1] : $_[0] . ($_[1] eq '/' ? '' : $_[1]) }

# Whether a printed path is a plain one, or below it
sub is_below
{
    my ($printed, $path) = @_;
    return 1 if $path eq '/';
    my @of = split m{/}, $path;
    my @printed = split m{/}, $printed;
    return 0 if @printed < @of;
    return !grep { $of[$_] ne $printed[$_] } 0 .. $#of;
}

# Operations as "GET /path", and of each section that says who may ask and is
# in none of these why
sub operations_of
{
    my ($main, $configuration) = @_;
    my @sections = map { @{ $_->{sections} } } $main,
        $configuration == $main ? () : $configuration;
    my (%found, %path);
    for my $section (@sections) {
        for my $operation (@{ $section->{operations} // [] }) {
            my $path = $section->{match} ? $operation->{path} // $section->{print}
                : join_paths($section->{pattern}, $operation->{path} // '/');
            $path{$path} = 1;
            $found{"$_ $path"} = 1 for @{ $operation->{methods} };
        }
    }
    for my $section (@sections) {
        my $path = $section->{pattern};
        next if $section->{match} || $section->{hidden}
            || @{ $section->{operations} // [] }
            || !($section->{scheme} || @{ $section->{demands} }
                || @{ $section->{limits} } || %{ $section->{none} // {} }
                || $section->{no_limits} || $section->{tls} || $section->{handler})
            || grep { is_below($_, $path) } keys %path;
        my @methods = ('GET', map { @{ $_->{methods} // [] } }
            @{ $section->{demands} }, @{ $section->{limits} });
        my $handler = policy_at($main, $configuration, $path, 'GET')->{handler};
        @methods = ('GET') if $handler;
        $found{"$_ $path"} = 1 for @methods;
    }
    return \%found;
}

1;
