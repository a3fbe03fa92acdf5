# SPDX-License-Identifier: Apache-2.0
# httpd is up, with the module in it.
use strict;
use warnings;
use Apache::Test ();
use Apache::TestRequest;
use Test::More;

plan tests => 3;

my $response = GET '/';
cmp_ok $response->code, '<', 500, 'httpd answers';

my $httpd = Apache::Test::vars('httpd');
my $conf  = Apache::Test::vars('t_conf_file');
my $root  = Apache::Test::vars('serverroot');
my $said  = `'$httpd' -d '$root' -f '$conf' -M 2>&1`;
like $said, qr/\bfastauth_module \(shared\)/, 'the module is loaded';

my $mpm = $ENV{FASTAUTH_MPM} // 'event';
like $said, qr/\bmpm_${mpm}_module/, "with the $mpm MPM";
