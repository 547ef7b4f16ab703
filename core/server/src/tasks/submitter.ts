import {
  type ComputingDriver,
  hasCode,
  isSteleError,
  type Launch,
  type Logger,
  messageOf,
  type RegistryCredentials,
} from '@stele/sdk';
import { openSecrets } from './secrets.ts';
import type { SecretBox, Task } from '../model/index.ts';
import type { Keyring } from '../registries/index.ts';
import { resourceOf } from '../computing/index.ts';
import { nextStep } from '../staging/index.ts';
import { callFor, identityOf } from './handle.ts';
import { Censor } from './censor.ts';
import { refused } from './refused.ts';
import { untold } from './untold.ts';
import { Paced } from '../paced.ts';
import type { Fence } from '../replicas/index.ts';
import type { TaskChange, TaskStore } from './task-store.ts';

/** Milliseconds between two writes of how far a submission is. */
const progressPeriod = 1_000;

/** What tasks are submitted with. */
export interface SubmitterParts {
  readonly store: TaskStore;
  readonly secrets: SecretBox;
  readonly keyring: Pick<Keyring, 'open'>;
  readonly log: Logger;
  readonly fence: Fence;
}

/** Brings a task to its resource. */
export class Submitter {
  readonly #store: TaskStore;
  readonly #secrets: SecretBox;
  readonly #keyring: Pick<Keyring, 'open'>;
  readonly #log: Logger;
  readonly #fence: Fence;

  constructor({ store, secrets, keyring, log, fence }: SubmitterParts) {
    this.#store = store;
    this.#secrets = secrets;
    this.#keyring = keyring;
    this.#log = log;
    this.#fence = fence;
  }

  /**
   * Submits and writes down what came of it. An aborted submission leaves the row as it is: the next round looks at it.
   * @throws UNREACHABLE when the resource didn't answer, which is to be tried again
   */
  async submit(seen: Task, driver: ComputingDriver, signal: AbortSignal): Promise<void> {
    // It waited in line: what was submitted meanwhile may have run and gone by now, and would be started again. And what was
    // wrong with the resource may be right.
    const row = await this.#store.withComputing(seen.id);
    if (!row?.computing || row.phase !== 'submitting' || row.stopRequestedAt || nextStep(row)) return;
    const call = callFor(identityOf(row.owner), this.#log, signal);
    const progress = this.#progress(row.id);
    try {
      this.#fence.demand();
      const resource = resourceOf(row.computing, this.#secrets);
      const ref = await this.#fetchingImage(row, driver, (credentials, censor) => {
        const launch = { ...this.#launch(row), ...(credentials === undefined ? {} : { credentials }) };
        return driver.submit(resource, launch, (reason) => progress.say(censor.text(reason)), call);
      });
      await progress.end();
      await this.#store.change(row.id, (fresh) => submitted(fresh, ref));
    } catch (error) {
      await progress.end();
      if (signal.aborted) return;
      await this.#failed(row, error);
    }
  }

  /** Does what needs a task's image with the credentials for its registry, of which no error says a word. */
  async #fetchingImage(
    { launch: { image, registryCredential: id } }: Task,
    { capabilities }: ComputingDriver,
    work: (credentials: RegistryCredentials | undefined, censor: Censor) => Promise<string>,
  ): Promise<string> {
    if (capabilities.registryCredentials === false) return work(undefined, new Censor(undefined));
    const lent = id === undefined ? undefined : await this.#keyring.open(id, image.registry);
    const censor = new Censor(lent?.credentials);
    try {
      return await work(lent?.credentials, censor);
    } catch (error) {
      throw refused(censor.error(error), image.registry, lent?.owner);
    }
  }

  async #failed(row: Task, error: unknown): Promise<void> {
    // What names a field is the wish's fault, e.g. an image from a registry that nobody answers for.
    const mayTryAgain = hasCode(error, 'UNREACHABLE') && error.field === undefined;
    const { isRegistryGuarded, image } = row.launch;
    const told = isRegistryGuarded ? untold(error, image.registry) : error;
    const outcome = mayTryAgain ? { reason: `${messageOf(error)} It is tried again.` } : rejected(told);
    await this.#store.change(row.id, (fresh) => (fresh.phase === 'submitting' ? outcome : {}));
    if (mayTryAgain) throw error;
    this.#log[isSteleError(error) ? 'info' : 'error']('submission failed', { task: row.id, error });
  }

  #launch(row: Task): Launch {
    const { image, interface: port, architecture, engine, binds = [], env = {}, stage } = row.launch;
    const secret = row.secrets ? openSecrets(this.#secrets, row.key, row.secrets) : {};
    return {
      key: row.key,
      name: row.name,
      image,
      interface: port,
      ...(architecture ? { architecture } : {}),
      ...(engine ? { engine } : {}),
      binds,
      ...(stage === undefined ? {} : { stage }),
      env: { ...env, ...secret },
      options: row.options,
    };
  }

  /** Writes how far a submission is. */
  #progress(id: string): Paced<string> {
    return new Paced(progressPeriod, async (reason) => {
      try {
        await this.#store.change(id, (fresh) => (fresh.phase === 'submitting' ? { reason } : {}));
      } catch (error) {
        this.#log.debug('progress', { error });
      }
    });
  }
}

function submitted(fresh: Task, ref: string): TaskChange {
  if (fresh.phase !== 'submitting') return { ref };
  const now = new Date();
  if (fresh.stopRequestedAt) return { ref, submittedAt: now, phase: 'stopping', reason: 'Stopping.' };
  return { ref, submittedAt: now, phase: 'starting', reason: null };
}

function rejected(error: unknown): TaskChange {
  const detail = isSteleError(error) ? (error.raw ?? error.code) : messageOf(error);
  const reason = isSteleError(error) ? error.message : 'The driver failed. The platform’s log has the details.';
  return { phase: 'ended', outcome: 'rejected', reason, detail, endedAt: new Date() };
}
