import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerEngine, type ContainerOperator, SteleError } from '@stele/sdk';
import { skip } from '../e2e/lib/skip.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import { containerEngine, containerTask, onlyEngine, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { patience, Yard } from './lib/yard.ts';

const hasPodman = process.env['SITE_PODMAN'] === '1';

/** As where the login node has no engine: nodes fetch the image by themselves. */
function onlyOnNodes(engine: ContainerEngine): ContainerEngine {
  const missing = async () => {
    throw new SteleError('UNSUPPORTED', 'Not on the login node.');
  };
  const operator: Partial<ContainerOperator> = { status: missing, hasImage: missing, pull: missing };
  return { ...engine, command: (spec) => engine.command(spec), operator: () => operator as ContainerOperator };
}

for (const id of ['singularity', 'podman'] as const) {
  describe(`a node that fetches an image of a guarded registry with ${id}`, function () {
    this.timeout(patience * 3);
    let site: Site;
    let images: TaskImages;
    let yard: Yard;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      if (id === 'podman' && !hasPodman) return skip(this, 'nodes have Podman with SITE_PODMAN=1 only');
      site = await openSite({ suite: 'trixie' });
      images = await openTaskImages(site);
      const engine = onlyOnNodes(containerEngine(id, images.address, images.guarded.image.registry));
      const task = (script: string, options = {}) => {
        return { ...containerTask(images.guarded.image, script, options), engine: { id } };
      };
      yard = new Yard(site, new SiteAccess(site), {}, { engines: onlyEngine(id, engine), task });
    });
    after(async () => {
      await yard?.close();
      await images?.[Symbol.asyncDispose]();
    });

    const secrets = (password = images.guarded.credentials.password) => {
      const { username } = images.guarded.credentials;
      return [password, Buffer.from(`${username}:${password}`).toString('base64')];
    };
    const partition = (state: 'up' | 'down') =>
      site.on('login', 'scontrol', 'update', 'PartitionName=gpu', `State=${state}`);
    /** Files below these folders of a host that hold a secret. */
    const found = (host: string, ...folders: string[]) =>
      site.on(host, 'sh', '-c', `grep -rlF -e "$0" -e "$1" "$@" 2>/dev/null || true`, ...secrets(), ...folders);

    it('is told the credentials by a file of the account’s alone, which is gone when the image is there', async () => {
      const { credentials } = images.guarded;
      using lines = CommandLines.sample(2);
      await partition('down');
      const look = 'env; cat /proc/[0-9]*/environ | tr "\\0" "\\n"; echo up; exec sleep 300';
      const task = await yard.launch(look, { partition: 'gpu' }, { parts: { credentials } });
      const file = join(site.home('bob'), '.stele/tasks', task.key, 'auth');
      try {
        const { mode, uid } = await stat(file);
        assert.deepEqual([mode & 0o777, uid], [0o600, (await stat(site.home('bob'))).uid]);
        assert((await readFile(file, 'utf8')).includes(secrets()[1] ?? '-'));
      } finally {
        await partition('up');
      }
      await yard.until(task, 'running');
      await yard.logged(task, 'up');
      // Before we look for it ourselves.
      assert.deepEqual(lines.end(...secrets()), []);
      assert.equal(await found('node1', '/tmp', '/var/tmp', '/home/bob', '/run'), '');
      for (const secret of secrets()) assert(!(await yard.log(task)).includes(secret));
      await assert.rejects(stat(file), { code: 'ENOENT' });
    });

    it('runs nothing where the registry refuses them, and says so', async () => {
      const credentials = { ...images.guarded.credentials, password: 'wrong-horse' };
      const task = await yard.launch('echo up', { partition: 'long' }, { parts: { credentials } });
      assert.equal((await yard.until(task, 'ended'))['outcome'], 'failed');
      assert.match(await yard.log(task), /unauthorized|authentication required/i);
      for (const secret of secrets('wrong-horse')) assert(!(await yard.log(task)).includes(secret));
      assert.equal(await site.on('node2', 'sh', '-c', 'ls -d /tmp/stele-* 2>/dev/null || true'), '');
    });
  });
}
