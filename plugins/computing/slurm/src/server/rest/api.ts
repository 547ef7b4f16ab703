import { SteleError } from '@stele/sdk';
import {
  failureOf,
  isAmbiguous,
  isGood,
  knowsNoSuchJob,
  readAnswer,
  type Said,
  saysZeroBytes,
  tokenRefused,
} from './answers.ts';
import type { Door, Question } from './door.ts';
import type { Tokens } from './tokens.ts';
import { type Version, versions } from './versions.ts';

/** More than any job's number: `MaxJobId` is 67,108,863 at most. */
const nobody = '/job/99999999';

/** Which version each slurmrestd speaks, found once. */
export type KnownVersions = Map<string, Version>;

/** What an {@link Api} needs. */
export interface ApiParts {
  readonly door: Door;
  readonly tokens: Tokens;
  /** Account that asks. */
  readonly user: string;
  /** What tells this slurmrestd from others. */
  readonly name: string;
  readonly known: KnownVersions;
}

/** What is asked of which part, without the version: `/jobs` of the controller, `/jobs` of accounting. */
export interface Wish extends Question {
  readonly part: 'slurm' | 'slurmdb';
  /** As it follows “could not”. */
  readonly doing: string;
}

/** Asks slurmrestd as one account, in the newest version that both sides know. */
export class Api {
  readonly #parts: ApiParts;

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  /** @throws UNSUPPORTED when there is none that is known; else as {@link Api.ask} */
  async version(): Promise<Version> {
    const { known, name } = this.#parts;
    const found = known.get(name) ?? (await this.#findVersion());
    known.set(name, found);
    return found;
  }

  /** The body of a good answer. @throws UNREACHABLE, DENIED, UNSUPPORTED, PROTOCOL and whatever Slurm's words mean */
  async ask(wish: Wish): Promise<Said['body']> {
    const said = await this.say(wish);
    if (isGood(said)) return said.body;
    throw await this.failure(said, wish.doing);
  }

  /** The answer, whatever it says. A version that is gone after an upgrade is looked for anew. */
  async say({ part, path, method, body, choice }: Wish): Promise<Said> {
    const { name } = await this.version();
    const question = {
      method,
      path: `/${part}/${name}${path}`,
      ...(body === undefined ? {} : { body }),
      ...(choice === undefined ? {} : { choice }),
    };
    const answer = await this.#send(question);
    if (part === 'slurm' && answer.status === 404 && !answer.text.startsWith('{'))
      this.#parts.known.delete(this.#parts.name);
    return readAnswer(answer);
  }

  /**
   * What a failure means. 22.05 has the same words for a controller that is away and for a token that isn't believed: then an
   * order that can do nothing is asked, whose failures differ.
   */
  async failure(said: Said, doing: string): Promise<SteleError> {
    if (!isAmbiguous(said)) return failureOf(said, doing);
    const { name } = await this.version();
    const trial = readAnswer(await this.#send({ method: 'DELETE', path: `/slurm/${name}${nobody}` }));
    if (saysZeroBytes(trial)) return tokenRefused();
    return knowsNoSuchJob(trial) ? failureOf(said, doing) : failureOf(trial, doing);
  }

  async #findVersion(): Promise<Version> {
    for (const version of versions) {
      const answer = await this.#send({ method: 'GET', path: `/slurm/${version.name}/ping` });
      if (answer.status === 401) readAnswer(answer);
      if (answer.status === 404 && !answer.text.startsWith('{')) continue;
      // Whether the controller answers is another question: this one tells that the version is there.
      readAnswer(answer);
      return version;
    }
    const names = versions.map(({ name }) => name).join(', ');
    const message = `Slurm’s REST API has no version that is known here: ${names}.`;
    throw new SteleError('UNSUPPORTED', message, { field: 'conf.restUrl' });
  }

  #send(question: Question): ReturnType<Door['ask']> {
    const { door, tokens, user } = this.#parts;
    return door.ask(question, { 'x-slurm-user-name': user, 'x-slurm-user-token': tokens.of(user) });
  }
}
