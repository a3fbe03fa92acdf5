# SPDX-License-Identifier: Apache-2.0
# A69: no cache gives one caller what another was answered.
use strict;
use warnings;
use Test::More;
use FastAuthTest;

my $secret = secret('hs256');
sub bearer
{
    return (Authorization => 'Bearer ' . mint('HS256', $secret, claims(@_)));
}
my @alice = bearer();
my @bob   = bearer(sub => 'bob');
my $kim   = api_key('kim');
my $lee   = api_key('lee');
my $fresh = 0;

# A path that no cache has seen, read by a handler that says this of caches
sub handler
{
    my ($section, $says, $vary) = @_;
    $fresh++;
    $says =~ s/ /%20/g;
    return "/$section/lua/$says" . ($vary ? "?$vary" : "?x-$fresh");
}

sub is_hit { return (header($_[0], 'X-Cache') // '') =~ /^HIT/ }

for my $host (qw(cache_quick cache_normal)) {
    at($host);

    # the cache does work here
    for my $path ('/public/file.txt', '/public/lua/max-age=60?x') {
        ask('GET', $path);
        ok is_hit(ask('GET', $path)), "$host: $path comes from the cache";
    }

    # what a handler says nothing of
    for (['kept', \@alice, \@bob, 'Authorization'],
        ['key', ['X-Order-Key' => $kim], ['X-Order-Key' => $lee], 'X-Order-Key'],
        ['cookie', [Cookie => "key=$kim"], [Cookie => "key=$lee"], 'Cookie'],
        ['optional', \@alice, \@bob, 'Authorization'])
    {
        my ($section, $one, $other, $vary) = @$_;
        my $path  = handler($section, '');
        my $first = ask('GET', $path, $one);
        is $first->{status}, 200, "A69 $host: $section";
        is header($first, 'Cache-Control'), 'private', 'A69 it is private';
        like header($first, 'Vary') // '', qr/(?:^|, )\Q$vary\E(?:,|$)/,
            'A69 and varies with the credential';
        for my $again ($one, $other) {
            my $response = ask('GET', $path, $again);
            ok !is_hit($response), "A69 $host: $section, not from the cache";
            isnt $response->{body}, $first->{body}, 'A69 but made anew';
        }
        next if $section eq 'optional';
        my $response = ask('GET', $path);
        is $response->{status}, 401, "A69 $host: $section, then anonymous";
        is header($response, 'Cache-Control'), 'no-store', 'A69 no-store';
        is ask('GET', $path, $one)->{status}, 200,
            "A69 $host: $section, the 401 is not kept either";
    }

    # whoever is anonymous under optional gets what is made for nobody
    my $optional = handler('optional', '');
    like ask('GET', $optional)->{body}, qr/^for nobody/, "A69 $host: for nobody";
    like ask('GET', $optional, [@alice])->{body}, qr/^for alice/,
        "A69 $host: for alice";
    like ask('GET', $optional)->{body}, qr/^for nobody/, "A69 $host: for nobody";

    # a handler that says something keeps it; the header of the credential joins
    for (['kept', \@alice, \@bob], ['key', ['X-Order-Key' => $kim],
            ['X-Order-Key' => $lee]], ['cookie', [Cookie => "key=$kim"],
            [Cookie => "key=$lee"]])
    {
        my ($section, $one, $other) = @$_;
        for my $says ('max-age=60', 'no-cache', 'private, max-age=60',
            'no-store', 'max-age=60, must-revalidate', 's-maxage=60',
            'public, max-age=60')
        {
            my $path  = handler($section, $says);
            my $first = ask('GET', $path, $one);
            is header($first, 'Cache-Control'), $says,
                "A69 $host: $section, the handler's $says stays";
            like header($first, 'Vary') // '', qr/Authorization|Key|Cookie/,
                'A69 and the answer varies';
            my $second = ask('GET', $path, $other);
            isnt $second->{body}, $first->{body},
                'A69 another caller gets their own';
            my $nobody = ask('GET', $path);
            is $nobody->{status}, 401, 'A69 and nobody gets nothing';
            unlike $nobody->{body}, qr/^for /, 'A69 of it';
        }
    }
    my $own = ask('GET', handler('kept', '', 'Accept,Authorization'), [@alice]);
    is header($own, 'Vary'), 'Accept,Authorization',
        "A69 $host: a handler's own Vary is not said twice";

    # files: conditional requests and HEAD
    for my $method (qw(GET HEAD)) {
        my $first = ask($method, '/kept/file.txt', [@alice]);
        is $first->{status}, 200, "A69 $host: $method of a file";
        is header($first, 'Cache-Control'), 'private', 'A69 is private';
        my $etag = header($first, 'ETag');
        ok $etag, 'A69 and has an ETag';
        my $same = ask($method, '/kept/file.txt',
            [@alice, 'If-None-Match' => $etag]);
        is $same->{status}, 304, "A69 $host: $method, not changed";
        is header($same, 'Cache-Control'), 'private', 'A69 304 is private';
        like header($same, 'Vary') // '', qr/Authorization/, 'A69 304 varies';
        ok !is_hit($same), 'A69 304 not from the cache';
        for my $headers (['If-None-Match' => $etag], ['If-None-Match' => '*'],
            ['If-Modified-Since' => 'Thu, 01 Jan 2026 00:00:00 GMT'],
            ['Cache-Control' => 'only-if-cached'], ['Cache-Control' => 'max-stale'],
            [Range => 'bytes=0-3'], ['If-Match' => $etag])
        {
            my $response = ask($method, '/kept/file.txt', $headers);
            is $response->{status}, 401,
                "A69 $host: $method, $headers->[0] for nobody"
                unless ($headers->[1] // '') eq 'only-if-cached';
            unlike $response->{body}, qr/the kept file/, 'A69 nothing of it';
        }
    }
    unlike ask('GET', '/public/file.txt')->{raw}, qr/private/i,
        "A69 $host: what nobody guards stays public";
}
finish();
