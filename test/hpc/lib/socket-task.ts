import type { Launch } from '@stele/sdk';

/** Greets at the socket that it is told of. Images of tests have no program that could: the host's Perl is bound into them. */
export const socketGreeter = `echo up; exec perl -e 'use IO::Socket::UNIX; $SIG{PIPE} = "IGNORE"; my $l = IO::Socket::UNIX->new(Local => $ENV{BASE_SOCKET}, Listen => 5) or die $!; while (my $c = $l->accept) { print $c "hello\\n"; close $c }'`;

/** What a launch of it says besides. */
export const socketTask: Pick<Launch, 'interface' | 'binds' | 'env'> = {
  interface: { port: 8080, protocol: 'tcp', transport: 'tcp', takesSocket: true },
  binds: [
    ['/usr', '/usr'],
    ['/usr/lib', '/lib'],
    ['/usr/lib64', '/lib64'],
  ].map(([source = '', target = '']) => ({ source, target, readOnly: true })),
  env: { SCRIPT: socketGreeter },
};

/** Whether an account gets in to a socket, as Perl says it: `in`, or the system's words. */
export function knockAt(path: string): readonly string[] {
  const script = 'use IO::Socket::UNIX; print IO::Socket::UNIX->new(Peer => $ARGV[0]) ? "in" : $!';
  return ['perl', '-e', script, path];
}
