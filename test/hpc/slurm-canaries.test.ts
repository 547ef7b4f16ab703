import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, messageOf } from '@stele/sdk';
import { testUser } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { containerTask, containerYard, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { slurmDriver } from './lib/slurm-world.ts';
import { call, patience, randomKey, type Yard } from './lib/yard.ts';

/** Made by whatever is executed, here or on a host of the site. */
const canary = `/tmp/canary-${process.pid}`;
const touch = `touch ${canary}`;
const texts: readonly string[] = [
  `$(${touch})`,
  `\`${touch}\``,
  `'; ${touch}; '`,
  `"; ${touch}; "`,
  `a;${touch}|${touch}&`,
  `a\n${touch}\n`,
  `a\r${touch}`,
  `-oProxyCommand=${touch}`,
  `--wrap=${touch}`,
  `../../..${canary}`,
  'x\0y',
  // No UTF-8 can be made of half a pair, and the other is no letter that a name has.
  '\ud800',
  '\xff\u202e',
  'y'.repeat(10_000),
];
/** Those that an argument, a line or a path may hold as they are. */
const lines = texts.filter((text) => !/[\n\r\0]/.test(text) && text.isWellFormed() && text.length < 1_000);

/** Fails when something isn't refused by one of our codes. */
async function refused(work: Promise<unknown>, what: string, ...fields: readonly string[]): Promise<void> {
  try {
    await work;
  } catch (error) {
    assert(hasCode(error, 'INVALID', 'NOT_FOUND', 'DENIED', 'UNREACHABLE'), `${what}: ${messageOf(error)}`);
    if (fields.length > 0) assert(fields.includes(error.field ?? ''), `${what}: blames ${error.field}`);
    return;
  }
  assert.fail(`${what} was taken`);
}

describe('what is fed to a cluster is data', function () {
  this.timeout(patience * 3);
  let site: Site;
  let images: TaskImages;
  let yard: Yard;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    images = await openTaskImages(site);
    yard = containerYard(site, 'singularity', images);
  });
  after(async () => {
    await yard?.close();
    await images?.[Symbol.asyncDispose]();
  });

  afterEach('nothing was executed', async () => {
    assert(!existsSync(canary));
    for (const host of ['login', ...site.nodes]) {
      assert.equal(await site.on(host, 'sh', '-c', `ls -d ${canary} 2>/dev/null || true`), '', `on ${host}`);
    }
  });

  const show = (text: string): string => JSON.stringify(text.slice(0, 60));

  for (const name of ['partition', 'account', 'qos', 'constraint', 'gpuType']) {
    it(`the option ${name}`, async () => {
      for (const text of texts) await refused(yard.launch('', { [name]: text }), show(text), `options.${name}`);
    });
  }

  it('numbers among the options', async () => {
    for (const name of ['cpus', 'memory', 'time', 'nodes', 'gpus']) {
      for (const text of texts) await refused(yard.launch('', { [name]: text }), show(text), `options.${name}`);
    }
  });

  it('names of jobs, and their numbers', async () => {
    const { driver, resource } = yard;
    for (const text of texts) {
      const launch = { ...containerTask(images.image, 'exit 0'), key: text };
      await refused(
        driver.submit(resource, launch, () => undefined, call()),
        show(text),
        'key',
      );
      for (const handle of [
        { key: text, who: testUser },
        { key: randomKey(), ref: text, who: testUser },
      ]) {
        await refused(driver.cancel(resource, handle, call()), show(text), 'key', 'ref');
        await refused(driver.clean(resource, handle, call()), show(text), 'key', 'ref');
        await refused(driver.reach(resource, handle, call()), show(text), 'key', 'ref');
        await refused(Array.fromAsync(driver.logs(resource, handle, {}, call())), show(text), 'key', 'ref');
        await refused(driver.hold?.(resource, handle, call()) ?? Promise.resolve(), show(text), 'key', 'ref');
      }
    }
  });

  it('images', async () => {
    for (const part of ['registry', 'repository', 'tag', 'digest']) {
      for (const text of texts) {
        const parts = { image: { ...images.image, [part]: text } };
        await refused(yard.launch('', {}, { parts }), `${part} ${show(text)}`, 'image');
      }
    }
  });

  it('names of variables', async () => {
    for (const text of [...texts, '', 'A B', '1A', 'A=B']) {
      await refused(yard.launch('', {}, { parts: { env: { [text]: 'x' } } }), show(text), 'env');
    }
  });

  it('values of variables, which arrive as they are', async () => {
    for (const text of texts.filter((one) => /[\n\r\0]/.test(one) || one.length > 4_096)) {
      await refused(yard.launch('', {}, { parts: { env: { A: text } } }), show(text), 'env.A');
    }
    const names = lines.map((_, index) => `CANARY_${index}`);
    const script = names.map((name) => `printf '%s\\n' "$${name}"`).join('; ');
    const env = {
      SCRIPT: script,
      BASE_PORT: '8080',
      ...Object.fromEntries(names.map((name, at) => [name, lines[at] ?? ''])),
    };
    const handle = await yard.launch(script, {}, { parts: { env, name: texts.join(' ') } });
    await yard.until(handle, 'ended');
    assert.deepEqual((await yard.log(handle)).trimEnd().split('\n'), lines);
  });

  it('paths, which are bound as they are', async () => {
    for (const text of texts.filter((one) => /[\n\r\0]/.test(one) || one.length > 4_096)) {
      for (const side of ['source', 'target']) {
        const bind = { source: '/home/bob', target: '/bound', readOnly: true, [side]: `/${text}` };
        await refused(yard.launch('', {}, { parts: { binds: [bind] } }), show(text));
      }
    }
    const folders = lines.map((text) => text.replaceAll('/', '_'));
    const root = `canaries-${process.pid}`;
    for (const folder of folders) {
      await mkdir(join(site.home('bob'), root, folder), { recursive: true });
      await writeFile(join(site.home('bob'), root, folder, 'here'), '');
    }
    const binds = folders.map((folder) => {
      return { source: `/home/bob/${root}/${folder}`, target: `/bound/${folder}`, readOnly: true };
    });
    const script = `cd /bound; for one in * .[!.]* ..?*; do [ ! -e "$one/here" ] || echo "$one"; done`;
    const handle = await yard.launch(script, {}, { parts: { binds } });
    await yard.until(handle, 'ended');
    const bound = (await yard.log(handle)).trimEnd().split('\n');
    assert.deepEqual([...bound].sort(), [...folders].sort());
  });

  it('hosts and users', async () => {
    for (const text of texts) {
      using access = new SiteAccess(site, text);
      const driver = slurmDriver(access);
      await refused(driver.describe({ ...yard.resource, accessConf: access.conf() }, call()), `user ${show(text)}`);
      const accessConf = access.conf({ host: text });
      await refused(driver.describe({ ...yard.resource, accessConf }, call()), `host ${show(text)}`);
    }
  });

  it('what an operator sets', async () => {
    for (const text of texts) {
      const conf = (parts: object) => yard.launch('exit 0', {}, { conf: { ...parts } });
      await refused(conf({ folder: `/home/bob/${text}` }), `folder ${show(text)}`, 'conf.folder');
      await refused(conf({ partition: text }), `partition ${show(text)}`);
      // A cluster without accounting takes any account.
      await Promise.allSettled([conf({ account: text })]);
    }
  });
});
