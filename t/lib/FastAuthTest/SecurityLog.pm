# SPDX-License-Identifier: Apache-2.0
# A SecurityLog read: its lines, and what is wrong with one.
#
#   use FastAuthTest::SecurityLog;
#   my $mark = events_mark('security_log');       # in t/logs
#   my @events = events_since('security_log', $mark, 1); # waits for one
#   is_deeply [wrong_lines(slurp($file))], [], 'every line is right';
package FastAuthTest::SecurityLog;
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP ();
use Time::HiRes qw(sleep);
use FastAuthTest qw(top slurp);

our @EXPORT = qw(schema_file events_mark events_since wrong_lines);

sub schema_file { return top() . '/node/security-log.schema.json' }

sub _file { return $_[0] =~ m{/} ? $_[0] : Apache::Test::vars('t_logs') . "/$_[0]" }

sub events_mark { return -s _file($_[0]) || 0 }

# The events of a file from a mark on. A line is written once the answer was
# sent: wait for so many, then a moment whether there are more.
sub events_since
{
    my ($name, $mark, $count) = @_;
    my ($bytes, $patience) = ('', $count ? 1000 : 0);
    for my $try (0 .. 1000) {
        $bytes = -e _file($name) ? substr slurp(_file($name)), $mark : '';
        last if ($bytes =~ tr/\n//) >= $count && $bytes =~ /(?:\A|\n)\z/;
        last if $try >= $patience;
        sleep 0.01;
    }
    return map { JSON::PP->new->utf8->decode($_) } split /\n/, $bytes;
}

my @order = qw(datetime event description level request_id server client method
    path location subject authenticated scheme issuer key verdict status
    directive at limit enforced dropped);
my $schema;

# A line's members in the order in which they stand. The names are ours: what a
# value holds is escaped, so that no `","name":' can be in one.
sub _names { return $_[0] =~ /(?:^\{|,)"([a-z_]+)":/g }

sub _wrong
{
    my ($line) = @_;
    my $event = eval { JSON::PP->new->utf8->decode($line) };
    return "no JSON: $@" unless ref $event eq 'HASH';
    my $properties = $schema->{properties};
    my @wrong = map { "no $_" } grep { !exists $event->{$_} }
        @{ $schema->{required} };
    for my $name (sort keys %$event) {
        my $is = $properties->{$name};
        push(@wrong, "member $name"), next unless $is;
        my $value = $event->{$name};
        push @wrong, "$name: a boolean" if ($is->{type} // '') eq 'boolean'
            && !JSON::PP::is_bool($value);
        push @wrong, "$name: no number" if ($is->{type} // '') eq 'integer'
            && $value !~ /^\d+$/;
        push @wrong, "$name: none of those"
            if $is->{enum} && !grep { $_ eq $value } @{ $is->{enum} };
        push @wrong, "$name: too long"
            if $is->{maxLength} && length $value > $is->{maxLength};
        push @wrong, "$name: '$value' !~ $is->{pattern}"
            if $is->{pattern} && $value !~ /$is->{pattern}/;
    }
    my %rank = map { $order[$_] => $_ } 0 .. $#order;
    my @names = grep { exists $event->{$_} } _names($line);
    push @wrong, 'another order' if grep {
        $rank{ $names[$_] } <= $rank{ $names[ $_ - 1 ] } } 1 .. $#names;
    return @wrong;
}

# What is wrong with the lines of a log: one by one [line, why...]; what can be
# seen without a validator of JSON Schema
sub wrong_lines
{
    my ($bytes) = @_;
    $schema //= JSON::PP->new->utf8->decode(slurp(schema_file()));
    my @wrong;
    push @wrong, ['no line feed at the end'] if length $bytes && $bytes !~ /\n\z/;
    for my $line (split /\n/, $bytes, -1) {
        next if $line eq '';
        my @why = _wrong($line);
        push @why, 'too long' if length $line >= 4096;
        push @why, 'a control character' if $line =~ /[\0-\x1f\x7f]/;
        push @why, 'no UTF-8' unless utf8::decode(my $copy = $line);
        push @wrong, [$line, @why] if @why;
    }
    push @wrong, ['an empty line'] if $bytes =~ /\n\n|\A\n/;
    return @wrong;
}

1;
