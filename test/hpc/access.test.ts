import { describeAccessMethod, type AccessMethodSubject, testCall } from '@stele/sdk/testing';
import type { AccessMethod, AccessTarget, Host } from '@stele/sdk';
import { confSchema } from '../../plugins/access/ssh/src/server/conf.ts';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing, type Suite } from './lib/site.ts';
import { siteTrees } from './lib/site-trees.ts';

const folder = `/home/bob/access-${process.pid}`;
const never = new AbortController().signal;

/** Perl that says where it listens, and sends back what it gets. */
const echo = `use IO::Socket::INET; use IO::Socket::UNIX; $SIG{PIPE} = "IGNORE"; $| = 1;
my ($path) = @ARGV;
my $l = $path ? IO::Socket::UNIX->new(Local => $path, Listen => 5) : IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5);
print $path || $l->sockport, "\\n";
while (my $c = $l->accept) {
  while (sysread($c, my $bytes, 65536)) {
    my $sent = 0;
    while ($sent < length $bytes) { my $n = syswrite($c, $bytes, length($bytes) - $sent, $sent) or last; $sent += $n }
  }
  close $c;
}`;

/** Something on the host that answers with what it hears, until the host is given back. */
async function echoOn(host: Host, path?: string): ReturnType<AccessMethodSubject['listen']> {
  const { stdout } = await host.spawn(['perl', '-e', echo, ...(path === undefined ? [] : [path])], {}, never);
  const [where] = (await stdout.take(1).toArray()) as Buffer[];
  const address = path === undefined ? { host: '127.0.0.1', port: Number(where) } : { socket: path };
  return { address, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

for (const suite of ['trixie', 'bookworm'] satisfies Suite[]) {
  describe(`access by SSH to the login node of ${suite}`, function () {
    this.timeout(60_000);
    let site: Site;
    let access: SiteAccess;
    let sockets = 0;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
      access = new SiteAccess(site, 'bob', () => 'bob', 0);
      await using host = await access.open();
      await host.ensureFolder(folder, 0o700, never);
    });
    after(async () => {
      await site?.as('bob', 'login', 'rm', '-rf', folder);
      access?.[Symbol.dispose]();
    });

    // Kits are told what they test before there is a site: what it says of its host is added when it is opened.
    const method: AccessMethod = {
      title: 'SSH',
      auth: ['user-keys', 'platform-keys'],
      conf: confSchema,
      open: (target, call) => access.method.open({ ...target, conf: access.conf(target.conf) }, call),
    };
    const target: AccessTarget = { resource: '0197a3c0-0000-7000-8000-00000000000b', auth: 'user-keys', conf: {} };
    const listen: AccessMethodSubject['listen'] = async (kind) =>
      echoOn(await access.open(), kind === 'socket' ? `${folder}/${(sockets += 1)}.sock` : undefined);
    const trees = siteTrees(
      () => site,
      'access-tree',
      async (root) => {
        const host = await method.open(target, testCall());
        return { tree: host.files(root), close: () => host[Symbol.asyncDispose]() };
      },
    );

    describeAccessMethod(
      { describe, it, before, after },
      {
        ...{ method, target, folder, listen, trees },
        refused: [
          { what: 'no credentials', target: { ...target, auth: 'none' }, code: 'INVALID' },
          { what: 'settings that it doesn’t know', target: { ...target, conf: { x: 1 } }, code: 'INVALID' },
          {
            what: 'a host whose key nobody has pinned',
            target: { ...target, conf: { hostKeys: [] } },
            code: 'INVALID',
          },
          {
            what: 'a host that isn’t there',
            target: { ...target, conf: { host: 'nowhere.invalid' } },
            code: 'UNREACHABLE',
          },
        ],
      },
    );
  });
}
