import { randomBytes, randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Call, ComputingResource, JsonObject, Launch, Observation, TaskHandle } from '@stele/sdk';
import { messageOf } from '@stele/sdk';
import { inTime, testCall, testUser } from '@stele/sdk/testing';
import { readAgent } from '../../../agent/src/index.ts';
import { CalledPlatform } from '../../../core/server/src/callbacks/testing.ts';
import { Computing, type Database } from '../../../core/server/src/model/index.ts';
import { openTestDatabase } from '../../../core/server/src/model/testing.ts';
import { DirectDialer } from '../../../core/server/src/network/index.ts';
import { signToken } from '../../../plugins/computing/slurm/src/server/rest/tokens.ts';
import { SlurmDriver } from '../../../plugins/computing/slurm/src/server/driver.ts';
import { eventually } from '../../e2e/lib/index.ts';
import { engines } from './shell-engine.ts';
import type { Site } from './site.ts';

const run = promisify(execFile);
export const patience = 60_000;

interface WorldParts {
  readonly resource: string;
  readonly conf: JsonObject;
  readonly route: AsyncDisposable;
}

/** A cluster that nobody logs in to: slurmrestd, nodes that the platform gets to, and tasks that call it. */
export class CallingWorld implements AsyncDisposable {
  readonly site: Site;
  readonly platform: CalledPlatform;
  readonly driver: SlurmDriver;
  readonly database: Database;
  /** What users and the platform have entered. */
  credentials: JsonObject = {};
  readonly #resource: string;
  readonly #conf: JsonObject;
  readonly #route: AsyncDisposable;

  private constructor(parts: Pick<CallingWorld, 'site' | 'database' | 'platform'>, more: WorldParts) {
    ({ site: this.site, database: this.database, platform: this.platform } = parts);
    const { platform } = parts;
    ({ resource: this.#resource, conf: this.#conf, route: this.#route } = more);
    this.driver = new SlurmDriver({
      hosts: { open: () => Promise.reject(new Error('there is no login node')) },
      engines,
      agent: readAgent(),
      credentials: { of: async () => this.credentials },
      direct: new DirectDialer(),
      callbacks: platform.service,
    });
  }

  static async open(site: Site): Promise<CallingWorld> {
    const database = await openTestDatabase();
    const platform = await CalledPlatform.open({ database, host: site.platform });
    const resource = randomUUID();
    const em = database.em();
    const row = { id: resource, name: 'Far', driver: 'slurm', access: 'api', auth: 'user-token' };
    em.persist(em.create(Computing, { ...row, accessConf: {}, conf: {}, engines: [], ownerKind: 'platform' } as never));
    await em.flush();
    const route = await routeToNodes(site);
    const conf = {
      ...{ restUrl: `http://${site.login}:6820`, networks: [nodesOf(site)], callers: [`${site.login}/32`] },
      ...{ partition: 'shared', grace: 3, time: 300, engines: ['shell'] },
    };
    const world = new CallingWorld({ site, database, platform }, { resource, conf, route });
    await world.enterToken();
    return world;
  }

  /** A token of bob's own. */
  async enterToken(lifespan = 3_600): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    this.credentials = { token: signToken(await this.site.jwtKey(), 'bob', now, lifespan) };
  }

  resource(conf: JsonObject = {}, auth: ComputingResource['auth'] = 'user-token'): ComputingResource {
    const whole = { ...this.#conf, ...conf };
    const about = { id: this.#resource, name: 'A cluster', driver: 'slurm', access: 'api', auth } as const;
    return { ...about, accessConf: {}, conf: whole, engines: [] };
  }

  call(): Call {
    return testCall({ signal: inTime(patience) });
  }

  async submit(launch: Omit<Launch, 'key'>, resource = this.resource()): Promise<TaskHandle> {
    const key = randomBytes(8).toString('hex');
    const ref = await this.driver.submit(resource, { ...launch, key }, () => undefined, this.call());
    return { key, ref, who: testUser };
  }

  async see(task: TaskHandle, resource = this.resource()): Promise<Observation> {
    const seen = (await this.driver.observe(resource, [task], this.call())).get(task.key);
    return seen ?? { phase: 'absent' };
  }

  /** Waits until a task is where it should be. */
  async until(task: TaskHandle, phase: Observation['phase'], milliseconds = patience): Promise<Observation> {
    let seen: Observation = { phase: 'absent' };
    await eventually(
      () => `the task is ${phase}: ${JSON.stringify(seen)}`,
      async () => (seen = await this.see(task)).phase === phase,
      milliseconds,
    );
    return seen;
  }

  /** Waits until its interface says hello. */
  async greeted(task: TaskHandle): Promise<void> {
    let said = '';
    await eventually(
      () => `its interface answers: ${said}`,
      async () => (said = await this.greeting(task).catch(messageOf)) === 'hello\n',
      10_000,
    );
  }

  /** Does something while nobody listens where tasks call. */
  async whileAway<T>(work: () => Promise<T>): Promise<T> {
    await this.platform.away();
    try {
      return await work();
    } finally {
      await this.platform.back();
    }
  }

  /** What its interface says. */
  async greeting(task: TaskHandle): Promise<string> {
    const { address, via } = await this.driver.reach(this.resource(), task, this.call());
    return text(await via.dial(address, inTime(10_000)));
  }

  async log(task: TaskHandle): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.driver.logs(this.resource(), task, {}, this.call())) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform[Symbol.asyncDispose]();
    await this.database.close();
    await this.#route[Symbol.asyncDispose]();
  }
}

/** The bed's machine reaches the login node alone: until this is disposed of, it reaches the nodes as well. */
export async function routeToNodes(site: Site): Promise<AsyncDisposable> {
  const route = [nodesOf(site), 'via', site.login];
  await run('ip', ['route', 'replace', ...route]);
  return { [Symbol.asyncDispose]: async () => void (await run('ip', ['route', 'delete', ...route])) };
}

/** The network of a site's nodes. */
export function nodesOf({ login }: Site): string {
  return `${login.split('.').slice(0, 2).join('.')}.1.0/24`;
}
