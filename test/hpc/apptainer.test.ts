import assert from 'node:assert/strict';
import type { Host } from '@stele/sdk';
import { describeContainerEngine, eventually, rejectsWith } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { CommandLines } from '../e2e/lib/command-lines.ts';
import {
  apptainerWorld,
  engineAt,
  home,
  openPlace,
  type Place,
  publishTiny,
  signal,
  tinyAt,
} from './apptainer/world.ts';
import { siteMissing } from './lib/site.ts';

describe('apptainer', function () {
  this.timeout(120_000);
  let place: Place;

  before(async function () {
    this.timeout(900_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    place = await openPlace();
    await publishTiny(place);
  });
  after(async () => place?.[Symbol.asyncDispose]());

  describeContainerEngine({ describe, it, before, after }, { open: () => apptainerWorld(place), patience: 30_000 });

  describe('images on the resource', () => {
    let host: Host;
    const folder = (): string => `${home}/images-${process.pid}`;
    before(async () => {
      host = await place.access.open();
    });
    after(async () => {
      await host.exec(['rm', '-rf', '--', folder()], {}, signal());
      await host[Symbol.asyncDispose]();
    });

    it('are fetched once by two who ask at once, and say how far they are', async () => {
      const engine = engineAt(place.registry, { imageFolder: folder() });
      const operator = engine.operator(host);
      const sentences: string[] = [];
      const onProgress = (sentence: string): unknown => sentences.push(sentence);
      assert.equal(await operator.hasImage(tinyAt(place.registry), signal()), false);
      await Promise.all([1, 2, 3].map(() => operator.pull(tinyAt(place.registry), { onProgress }, signal())));
      assert.equal(await operator.hasImage(tinyAt(place.registry), signal()), true);
      const [tiny, digest] = [tinyAt(place.registry), await place.digestOf('stele/tiny')];
      assert.equal(await operator.digest?.(tiny, signal()), digest);
      assert.deepEqual(await operator.lookUp?.(tiny, signal()), { image: tiny, digest });
      assert.equal(await operator.lookUp?.({ ...tiny, tag: 'none' }, signal()), undefined);
      assert(sentences.includes('Fetching the image.'), sentences.join(' '));
      assert(sentences.includes('Fetching the image: another task is fetching it.'), sentences.join(' '));
      assert.equal(sentences.filter((sentence) => sentence === 'Fetching the image.').length, 1, 'once');
      const { stdout } = await host.exec(['find', folder(), '-type', 'f', '-printf', '%f\\n'], {}, signal());
      assert.match(stdout, /^(?:tiny-[0-9a-f]{16}\.sif(?:\.digest)?\n){2}$/, 'nothing else is left');
    });

    it('leave nothing when they are not there, or their registry isn’t', async () => {
      const operator = engineAt(place.registry, { imageFolder: folder() }).operator(host);
      await rejectsWith(
        'NOT_FOUND',
        operator.pull({ ...tinyAt(place.registry), tag: 'no-such' }, {}, signal()),
        'image',
      );
      await rejectsWith(
        'UNREACHABLE',
        operator.pull({ registry: '127.0.0.1:1', repository: 'stele/none' }, {}, signal()),
      );
      const { stdout } = await host.exec(['find', folder()], {}, signal());
      assert.doesNotMatch(stdout, /\.work|\.lock/);
    });
  });

  describe('a container', () => {
    const name = `stele-real-${process.pid}`;
    let host: Host;
    before(async () => {
      host = await place.access.open();
    });
    after(async () => {
      await engineAt(place.registry).operator(host).remove(name, signal());
      await host[Symbol.asyncDispose]();
    });

    async function printed(args: readonly string[], env: Record<string, string> = {}, port?: number): Promise<string> {
      const operator = engineAt(place.registry).operator(host);
      await operator.remove(name, signal());
      const spec = { name, image: tinyAt(place.registry), env, binds: [], labels: {}, args };
      await operator.start(port === undefined ? spec : { ...spec, port }, signal());
      let text = '';
      for await (const chunk of operator.logs(name, { follow: true }, signal())) text += String(chunk);
      return text;
    }

    it('has a home of its own and room on disk, and no process or folder of the host’s', async () => {
      const script =
        'pwd; echo "$HOME"; ls -A ~ | wc -l; ls /home; for f in / /tmp "$HOME"; do df -k "$f" | tail -n 1 | tr -s " " | cut -d" " -f4; done; touch /x /etc/y ~/z /tmp/t && echo written; ps | wc -l';
      const lines = (await printed(['sh', '-c', script])).split('\n');
      assert.deepEqual(lines.slice(0, 4), [home, home, '0', 'bob']);
      for (const free of lines.slice(4, 7)) assert(Number(free) > 1e6, `more than memory would have: ${free} KiB`);
      assert.equal(lines[7], 'written');
      assert(Number(lines[8]) < 10, 'only its own processes');
    });

    it('listens where the agent found room', async () => {
      const script = ['sh', '-c', 'echo "$BASE_PORT"'];
      const text = await printed(script, { BASE_PORT: '8888' }, 8888);
      assert.match(text, /^\d{5}\n$/);
      assert.notEqual(text, '8888\n');
      assert.equal(await printed(script, { BASE_PORT: '8888' }), '8888\n');
    });

    it('leaves nothing on the host when it is removed, even by force', async () => {
      const operator = engineAt(place.registry).operator(host);
      await printed(['sh', '-c', 'mkdir -p ~/a/b /tmp/c /d; chmod 0 ~/a /tmp/c /d']);
      await operator.remove(name, signal());
      const args = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
      await operator.start({ name, image: tinyAt(place.registry), env: {}, binds: [], labels: {}, args }, signal());
      await operator.remove(name, signal());
      const places = ['/tmp/stele-*', '/var/tmp/stele-*', '/tmp/.stele-*', `.stele/containers/${name}`];
      const { stdout } = await host.exec(['sh', '-c', `ls -d ${places.join(' ')}`], {}, signal());
      assert.equal(stdout, '');
      // What it was mounted with ends by itself when the last of it has ended.
      const left = async () => (await host.exec(['ps', '-eo', 'args'], {}, signal())).stdout;
      await eventually('it has ended', async () => !/squashfuse|fuse-overlayfs|stele/.test(await left()), 10_000);
    });
  });

  describe('a guarded registry', () => {
    it('is told who asks, by no argument and no file', async () => {
      const { guarded, access } = place;
      await using host = await access.open();
      const imageFolder = `${home}/guarded-${process.pid}`;
      const operator = engineAt(guarded, { imageFolder }).operator(host);
      const image = tinyAt(guarded);
      const credentials = { username: 'tester', password: 'correct-horse' };
      await publishTiny({ registry: guarded }, credentials);
      await rejectsWith('DENIED', operator.pull(image, {}, signal()));
      await rejectsWith('DENIED', operator.pull(image, { credentials: { ...credentials, password: 'x' } }, signal()));
      using lines = CommandLines.sample(2);
      await operator.pull(image, { credentials }, signal());
      assert.deepEqual(lines.end(credentials.password), []);
      assert.equal(await operator.hasImage(image, signal()), true);
      const found = await host.exec(['grep', '-rl', credentials.password, home], {}, signal());
      assert.equal(found.stdout, '');
      await host.exec(['rm', '-rf', '--', imageFolder], {}, signal());
    });
  });
});
