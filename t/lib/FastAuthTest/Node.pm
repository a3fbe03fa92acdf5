# SPDX-License-Identifier: Apache-2.0
# The scripts of t/node, run by a test: whether they can be, and what they say.
#
#   use FastAuthTest::Node;
#   plan skip_all => no_node('chromium') if no_node('chromium');
#   my ($status, $out, $err) = run_node('page.mjs', [$url]);
package FastAuthTest::Node;
use strict;
use warnings;
use Exporter qw(import);
use File::Temp ();
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(sleep time);
use FastAuthTest qw(top slurp);

our @EXPORT = qw(no_node run_node);

sub _in_path
{
    my (@names) = @_;
    return grep { -x && !-d } map { my $dir = $_; map { "$dir/$_" } @names }
        split /:/, $ENV{PATH};
}

# Why the scripts cannot run here, in a sentence, or undef; 'chromium' is asked
# for where pages are to be opened
sub no_node
{
    my ($chromium) = @_;
    return 'no node: Debian has it as nodejs' unless _in_path('node');
    return 'no packages in t/npm: ./bootstrap check installs them'
        unless -r top() . '/node/node_modules/.package-lock.json';
    return 'no chromium: Debian has it'
        if $chromium && !$ENV{CHROMIUM}
        && !_in_path('chromium', 'chromium-browser');
    return;
}

# Run a script with arguments and its standard input (none: empty). Its exit
# status (of a signal, 128 and its number), standard output and error. It has a
# home and a place for what is temporary of its own, and two minutes.
sub run_node
{
    my ($script, $arguments, $input) = @_;
    my $home = File::Temp->newdir(DIR => top());
    my %file = map { $_ => "$home/$_" } qw(in out err);
    FastAuthTest::spill($file{in}, $input // '');
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        setpgrp;
        delete $ENV{NODE_PATH};
        @ENV{qw(HOME TMPDIR)} = ("$home", "$home");
        open STDIN, '<', $file{in} and open STDOUT, '>', $file{out}
            and open STDERR, '>', $file{err}
            and exec 'node', top() . "/node/$script", @{ $arguments // [] };
        POSIX::_exit(127);
    }
    # first the script, which closes its browser; then whatever is left of both
    my $started = time;
    my $signal = 'TERM';
    until (waitpid $pid, WNOHANG) {
        sleep 0.02;
        next if time - $started < ($signal eq 'TERM' ? 120 : 130);
        kill $signal, $signal eq 'TERM' ? $pid : -$pid;
        $signal = 'KILL';
    }
    my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    return ($status, slurp($file{out}), slurp($file{err}));
}

1;
