import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isSteleError, type Logger } from '@stele/sdk';
import { type Fault, faultOf } from '../computing/index.ts';
import type { Computing } from '../model/index.ts';
import { Jobs } from './jobs.ts';
import { Newcomers } from './newcomers.ts';
import { gapOf, jittered, paceOf } from './pace.ts';
import { type RoundJobs, type RoundParts, type RoundResult, round, submitUntried } from './round.ts';

const jobsAtOnce = 4;
/** Files come from wherever a user says: from a store that sends a byte a minute as well. */
const stagingsOfEach = 2;

/** What a loop tells about its resource. */
export interface LoopEvents {
  /** Reads the resource as it is now; `undefined` when it is gone. */
  readonly load: (id: string) => Promise<Computing | undefined>;
  /** It answered, or why it didn't. */
  readonly health: (id: string, fault: Fault | undefined) => Promise<void>;
  /** Nothing is left to look after. */
  readonly idle: (id: string) => void;
}

/** Looks at one resource again and again: quickly while something moves, calmly otherwise, ever more rarely while it fails. */
export class ComputingLoop {
  readonly #id: string;
  readonly #parts: RoundParts;
  readonly #events: LoopEvents;
  readonly #log: Logger;
  readonly #jobs: RoundJobs;
  readonly #ended = new AbortController();
  readonly #newcomers: Newcomers;
  readonly #done: Promise<void>;
  #wake: () => void = () => undefined;
  #isAwake = true;
  /** When it began to fail, if every look since then has failed. */
  #failingFrom: number | undefined;
  /** What the last answer took, in milliseconds. */
  #took = 0;
  #changedAt = performance.now();
  /** It didn't answer when it was last asked; not known before the first look. */
  #isAway: boolean | undefined;
  /** How the resource answered the newest work on a task since the last round. */
  #heard: { readonly error?: unknown } | undefined;

  /** @param over aborts when another process may look after the resource: everything under way ends with it */
  constructor(id: string, parts: RoundParts, events: LoopEvents, over: AbortSignal) {
    this.#id = id;
    this.#parts = parts;
    this.#events = events;
    this.#log = parts.log;
    this.#jobs = {
      submissions: this.#newJobs(),
      cancels: this.#newJobs(),
      settlements: this.#newJobs(),
      stagings: this.#newJobs(stagingsOfEach),
    };
    this.#newcomers = new Newcomers(
      () => this.#submitNew(),
      (error) =>
        this.#log[isSteleError(error) ? 'debug' : 'error']('what has come waits for a round', { computing: id, error }),
    );
    over.addEventListener('abort', () => this.#end(), { once: true, signal: this.#ended.signal });
    if (over.aborted) this.#end();
    this.#done = this.#run();
  }

  /** Submits what has just come at once, and looks again as soon as the resource may be asked again. */
  poke(): void {
    if (this.#isWell) this.#newcomers.ask();
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#isAwake = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#done;
    await this.#newcomers.idle();
    await Promise.all(Object.values(this.#jobs).map((jobs: Jobs) => jobs.idle()));
  }

  #end(): void {
    this.#ended.abort();
    this.#wake();
  }

  #worked(): void {
    this.#heard = {};
    this.#changedAt = performance.now();
    this.#lookAgain();
  }

  /** Whether its last word was a good one. Else what comes waits for a round, which asks it one thing first. */
  get #isWell(): boolean {
    return this.#isAway === false && this.#failingFrom === undefined && this.#heard?.error === undefined;
  }

  async #submitNew(): Promise<void> {
    const { signal } = this.#ended;
    if (signal.aborted || !this.#isWell) return;
    const computing = await this.#events.load(this.#id);
    if (computing) await submitUntried(this.#parts, this.#jobs, computing, { signal, wake: () => this.#worked() });
  }

  #newJobs(each = jobsAtOnce): Jobs {
    return new Jobs({ all: jobsAtOnce, each }, (task, error) => {
      this.#log[isSteleError(error) ? 'warn' : 'error']('work on a task failed', { task, computing: this.#id, error });
      if (hasCode(error, 'UNREACHABLE')) this.#heard = { error };
    });
  }

  async #run(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      this.#isAwake = false;
      const from = Date.now();
      const pause = await this.#once();
      if (pause === undefined && !this.#isAwake) return this.#events.idle(this.#id);
      if (!this.#isAwake) await this.#sleep(jittered(pause ?? 0));
      await this.#rest(from + gapOf({ took: this.#took, failing: this.#failing }) - Date.now());
    }
  }

  /** Milliseconds until the next round; `undefined` when none is needed. */
  async #once(): Promise<number | undefined> {
    const { signal } = this.#ended;
    try {
      const computing = await this.#events.load(this.#id);
      if (!computing) return undefined;
      // Begun anew while it is away, e.g. after a restart: as careful as before.
      this.#isAway ??= computing.healthCode === 'UNREACHABLE';
      const result = await round(this.#parts, this.#jobs, computing, {
        signal,
        wake: () => this.#worked(),
        isAway: this.#isAway,
      });
      await this.#judge(result.took !== undefined);
      return result.tasks === 0 ? undefined : this.#pace(result);
    } catch (error) {
      if (signal.aborted) return 0;
      return this.#failed(error);
    }
  }

  /** Where nothing runs, only submitting and cleaning up tell how the resource is: until one of them does, it stays away. */
  async #judge(hasAnswered: boolean): Promise<void> {
    const heard = hasAnswered ? {} : this.#heard;
    this.#heard = undefined;
    if (heard?.error !== undefined) throw heard.error;
    if (!heard && this.#isAway) return;
    this.#isAway = false;
    this.#failingFrom = undefined;
    await this.#events.health(this.#id, undefined);
  }

  #pace({ tasks, isMoving, hasChanged, took }: RoundResult): number {
    const now = performance.now();
    if (hasChanged) this.#changedAt = now;
    if (took !== undefined) this.#took = took;
    return paceOf({ tasks, isMoving, unchanged: now - this.#changedAt, took: this.#took, failing: this.#failing });
  }

  get #failing(): number | undefined {
    return this.#failingFrom === undefined ? undefined : performance.now() - this.#failingFrom;
  }

  async #failed(error: unknown): Promise<number> {
    this.#failingFrom ??= performance.now();
    this.#isAway = hasCode(error, 'UNREACHABLE');
    this.#log[isSteleError(error) ? 'warn' : 'error']('a resource could not be looked at', {
      computing: this.#id,
      error,
    });
    await this.#events
      .health(this.#id, faultOf(error))
      .catch((again: unknown) => this.#log.debug('health', { error: again }));
    return paceOf({ tasks: 1, isMoving: false, unchanged: 0, took: 0, failing: this.#failing });
  }

  /** A pause that nobody but the end cuts short. */
  async #rest(milliseconds: number): Promise<void> {
    const { signal } = this.#ended;
    if (milliseconds <= 0 || signal.aborted) return;
    const isEnd = await sleep(milliseconds, false, { signal }).catch(() => true);
    if (isEnd) this.#log.debug('a pause was cut short by the end', { computing: this.#id });
  }

  #sleep(pause: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended.signal.aborted) return resolve();
      const timer = setTimeout(resolve, pause);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
