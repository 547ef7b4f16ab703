import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import type { Address, Call, ComputingDriver, ComputingResource, Host, Identity, JsonObject, Launch } from '@stele/sdk';
import type { ContainerEngine, Observation, Registry, TaskHandle } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { eventually, inTime, testCall, testUser } from '@stele/sdk/testing';
import { SiteAccess } from './site-access.ts';
import type { Site } from './site.ts';
import type { SlurmDriver } from '../../../plugins/computing/slurm/src/server/driver.ts';
import { slurmDriver, slurmResource, task } from './slurm-world.ts';
import { WatchedHost } from './watched-host.ts';

/** Milliseconds for anything to happen. */
export const patience = 60_000;

/** Script of a task that prints `up` and stays. */
export const sleeper = 'echo up; exec sleep 300';

/** What accompanies a call here. */
export const call = (who: Identity = testUser): Call => testCall({ who, signal: inTime(patience) });

type MakeTask = (script: string, options?: JsonObject) => Omit<Launch, 'key'>;

/** An engine, and how a task of a script is launched in it. */
export interface YardEngine {
  readonly engines: Registry<ContainerEngine>;
  readonly task: MakeTask;
}

/** A site in use by one driver: it knows its tasks, and counts commands. */
export class Yard {
  readonly site: Site;
  readonly access: SiteAccess;
  readonly resource: ComputingResource;
  readonly driver: SlurmDriver;
  /** Commands that the driver ran. */
  readonly commands: (readonly string[])[] = [];
  /** The same, never forgotten. */
  readonly allCommands: (readonly string[])[] = [];
  /** Addresses that the driver dialled by itself. */
  readonly dialled: Address[] = [];
  readonly #tasks: TaskHandle[] = [];
  readonly #fakes: string[] = [];
  readonly #task: MakeTask;

  /** @param engine what tasks run in; absent: the node's own shell */
  constructor(site: Site, access: SiteAccess = new SiteAccess(site), conf: JsonObject = {}, engine?: YardEngine) {
    this.site = site;
    this.access = access;
    this.resource = slurmResource(access, conf);
    const seen = (argv: readonly string[]) => {
      this.commands.push(argv);
      this.allCommands.push(argv);
    };
    const watched = (host: Host) => new WatchedHost(host, { seen, dialled: (address) => this.dialled.push(address) });
    this.driver = slurmDriver(access, watched, engine?.engines);
    this.#task = engine?.task ?? task;
  }

  get home(): string {
    return `/home/${this.access.user}`;
  }

  /** A driver for which one of Slurm's programs does something else. */
  async withFake(program: string, script: string): Promise<ComputingDriver> {
    const folder = `${this.home}/fake-${program}-${this.#fakes.length}`;
    this.#fakes.push(folder);
    await using host = await this.access.open();
    await must(host, ['mkdir', '-p', folder]);
    await must(host, ['dd', `of=${folder}/${program}`], `#!/bin/sh\n${script}\n`);
    await must(host, ['chmod', '755', `${folder}/${program}`]);
    return slurmDriver(this.access, (one) => new WatchedHost(one, { programs: folder }));
  }

  async launch(
    script: string,
    options: JsonObject = {},
    { key = randomKey(), who = testUser as Identity, conf = {} as JsonObject, parts = {} as Partial<Launch> } = {},
  ): Promise<TaskHandle> {
    const lost = { key, who };
    this.#tasks.push(lost);
    const resource = { ...this.resource, conf: { ...this.resource.conf, ...conf } };
    const ref = await this.driver.submit(
      resource,
      { ...this.#task(script, options), ...parts, key },
      () => undefined,
      call(who),
    );
    return { ...lost, ref };
  }

  /** A task whose container runs. */
  async running(script = sleeper, options: JsonObject = {}): Promise<TaskHandle> {
    const handle = await this.launch(script, options);
    await this.until(handle, 'running');
    return handle;
  }

  async see(handle: TaskHandle): Promise<Observation> {
    const seen = (await this.driver.observe(this.resource, [handle], call())).get(handle.key);
    assert(seen !== undefined);
    return seen;
  }

  async until(handle: TaskHandle, phase: Observation['phase']): Promise<Record<string, unknown>> {
    let seen: Observation = { phase: 'absent' };
    const isThere = async () => (seen = await this.see(handle)).phase === phase;
    try {
      await eventually(`the task is ${phase}`, isThere, patience * 2);
    } catch (error) {
      throw new Error(`the task is not ${phase}: ${JSON.stringify(seen)}`, { cause: error });
    }
    return { ...seen };
  }

  async cancel(handle: TaskHandle): Promise<void> {
    await this.driver.cancel(this.resource, handle, call());
  }

  async log(handle: TaskHandle): Promise<string> {
    const decoder = new TextDecoder();
    let all = '';
    for await (const chunk of this.driver.logs(this.resource, handle, {}, call())) all += decoder.decode(chunk);
    return all;
  }

  /** Until a task has printed this. */
  async logged(handle: TaskHandle, words: string): Promise<void> {
    await eventually(`it prints ${words}`, async () => (await this.log(handle)).includes(words), patience);
  }

  /** What a task's interface says to who connects. */
  async greeting(handle: TaskHandle, signal = inTime(patience)): Promise<string> {
    const { address, via } = await this.driver.reach(this.resource, handle, call());
    const stream = await via.dial(address, signal);
    return text(stream);
  }

  /** Until a task’s interface greets, however often it can’t be reached before. */
  async greeted(handle: TaskHandle): Promise<void> {
    const answers = async () => {
      try {
        return (await this.greeting(handle)) === 'hello\n';
      } catch (error) {
        if (hasCode(error, 'UNREACHABLE', 'CONFLICT', 'DENIED')) return false;
        throw error;
      }
    };
    await eventually('it greets', answers, patience);
  }

  async close(): Promise<void> {
    // One after the other: a login node has few seats, and every step of a removal waits for one.
    for (const handle of this.#tasks) await this.driver.clean(this.resource, handle, call(handle.who));
    if (this.#fakes.length > 0) {
      await using host = await this.access.open();
      await must(host, ['rm', '-rf', '--', ...this.#fakes]);
    }
    this.access[Symbol.dispose]();
  }
}

async function must(host: Host, argv: readonly string[], stdin = ''): Promise<void> {
  const { exitCode, stderr } = await host.exec(argv, { stdin }, inTime(patience));
  assert.equal(exitCode, 0, stderr);
}

export function randomKey(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 16 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
