# SPDX-License-Identifier: Apache-2.0
# A second httpd, which a test starts for itself: what it says and who it is.
package FastAuthTest::Second;
use strict;
use warnings;
use Exporter qw(import);
use Time::HiRes qw(sleep);
use FastAuthTest qw(slurp);

our @EXPORT = qw(second_dir said generations pid wait_for);

my $dir;

# The folder of its httpd.conf, httpd.pid and error_log
sub second_dir { ($dir) = @_; return $dir }

sub said { return -e "$dir/error_log" ? slurp("$dir/error_log") : '' }

# How often it has come up: at first, and after each graceful restart
sub generations { return scalar(() = said() =~ /resuming normal operations/g) }

sub pid { return -e "$dir/httpd.pid" ? slurp("$dir/httpd.pid") + 0 : 0 }

# Wait for something that comes of itself; at most twenty seconds
sub wait_for
{
    my ($what) = @_;
    for (1 .. 2000) {
        return 1 if $what->();
        sleep 0.01;
    }
    return 0;
}

1;
