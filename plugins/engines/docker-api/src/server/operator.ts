import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ContainerOperator,
  ContainerSpec,
  ContainerState,
  EngineStatus,
  Host,
  ImageRef,
  LogOptions,
  PullOptions,
  StatusOptions,
} from '@stele/sdk';
import { hasCode, type SteleError, type Turns } from '@stele/sdk';
import {
  checkLabel,
  checkName,
  checkSpec,
  registryDigest,
  startOnce,
  type StartSteps,
  type Surveys,
} from '@stele/sdk/oci';
import { imagePath } from './flavours/common.ts';
import type { Survey, Traits } from './flavours/flavour.ts';
import { limits, isGood, type Purpose } from './http/api.ts';
import { jsonOf } from './http/bodies.ts';
import { type ApiRequest, curlOf } from './http/request.ts';
import type { Known } from './known.ts';
import { logs } from './logs.ts';
import { inspect, listed, observe, ownLabel } from './observe.ts';
import { pull } from './pull.ts';
import { type Session, survey } from './session.ts';
import { checkWish, hidden } from './wish.ts';

/** What operators of one engine share. */
export interface Shared {
  /** Order among calls about the same container. */
  readonly turns: Turns;
  readonly known: Known;
  readonly surveys: Surveys<Survey>;
  /** OCI runtime of containers that ask for none. */
  readonly runtime: string | undefined;
  /** Who answers on this lease. */
  session(signal: AbortSignal): Promise<Session>;
  /** Asks anew. */
  openAgain(signal: AbortSignal): Promise<Session>;
}

/** How often a container is removed that is just ending, and the time between, in milliseconds. */
const removals = 10;
const removalPause = 200;

/** Looks after the detached containers of one Docker or Podman by its API. */
export class ApiOperator implements ContainerOperator {
  readonly #host: Host;
  readonly #shared: Shared;

  constructor(host: Host, shared: Shared) {
    this.#host = host;
    this.#shared = shared;
  }

  async status(signal: AbortSignal, { maxAge = 0 }: StatusOptions = {}): Promise<EngineStatus> {
    const known = this.#shared.surveys.of(this.#host, maxAge);
    return (known ?? (await this.#survey(await this.#shared.openAgain(signal), signal))).status;
  }

  async hasImage(image: ImageRef, signal: AbortSignal): Promise<boolean> {
    return (await this.#image(await this.#shared.session(signal), image, signal)) !== undefined;
  }

  async digest(image: ImageRef, signal: AbortSignal): Promise<string | undefined> {
    return this.#digest(await this.#shared.session(signal), image, signal);
  }

  async pull(image: ImageRef, options: PullOptions, signal: AbortSignal): Promise<void> {
    await pull(await this.#shared.session(signal), image, options, signal);
  }

  async preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    const { session, traits } = await this.#prepare(spec, signal);
    const { api, flavour, greeting } = session;
    const shown = marked(hidden(spec));
    const start: ApiRequest = { method: 'POST', path: `${greeting.prefix}/containers/${spec.name}/start` };
    const requests = [flavour.makeNetwork(shown, traits), flavour.create(shown, traits, undefined), start];
    return requests.flatMap((request) => (request === undefined ? [] : [curlOf(request, api.way.curl)]));
  }

  async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    const { session, traits } = await this.#prepare(spec, signal);
    await this.#inTurn(spec.name, signal, () => startOnce(this.#steps(session, marked(spec), traits, signal)));
  }

  async observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>> {
    names.forEach(checkName);
    return observe(this.#host, await this.#shared.session(signal), this.#shared.known, names, signal);
  }

  async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
    checkLabel(label, value);
    const { api, flavour, greeting } = await this.#shared.session(signal);
    const purpose = { doing: 'list containers', limit: limits.question };
    const filters = JSON.stringify({ label: [`${label}=${value}`] });
    const list: ApiRequest = {
      method: 'GET',
      path: `${greeting.prefix}/containers/json`,
      query: { all: 'true', filters },
    };
    const names = listed(await api.json(list, purpose, signal)).flatMap(({ Names }) => Names);
    // A network whose container was never made, or was removed by somebody else, is to be found as well.
    const networks = flavour.findNetworks(filters);
    const others = networks === undefined ? [] : ((await api.json(networks, purpose, signal)) as { name: string }[]);
    return [...new Set([...names.map((name) => name.replace(/^\//, '')), ...others.map(({ name }) => name)])];
  }

  async stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
    checkName(name);
    const session = await this.#shared.session(signal);
    await this.#inTurn(name, signal, async () => {
      const query = { t: String(Math.max(0, Math.ceil(grace))) };
      const path = `${session.greeting.prefix}/containers/${name}/stop`;
      const purpose = { doing: 'stop a container', limit: grace + limits.remove };
      await this.#unless('NOT_FOUND', session, { method: 'POST', path, query }, purpose, signal);
      if ((await this.#phase(session, name, signal)) === 'created') await this.#remove(session, name, signal);
    });
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    checkName(name);
    const session = await this.#shared.session(signal);
    await this.#inTurn(name, signal, () => this.#remove(session, name, signal));
  }

  async *logs(name: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    checkName(name);
    yield* logs(await this.#shared.session(signal), name, options, signal);
  }

  async #prepare(spec: ContainerSpec, signal: AbortSignal): Promise<{ session: Session; traits: Traits }> {
    checkSpec(spec);
    const session = await this.#shared.session(signal);
    const { traits } = this.#shared.surveys.of(this.#host) ?? (await this.#survey(session, signal));
    checkWish(spec, traits);
    return { session, traits };
  }

  async #survey(session: Session, signal: AbortSignal): Promise<Survey> {
    const found = await survey(session, this.#shared.runtime, signal);
    this.#shared.surveys.keep(this.#host, found);
    return found;
  }

  #steps(session: Session, spec: ContainerSpec, traits: Traits, signal: AbortSignal): StartSteps {
    return {
      makeNetwork: () => this.#makeNetwork(session, spec, traits, signal),
      removeNetwork: () => this.#removeNetwork(session, spec.name, signal),
      create: () => this.#create(session, spec, traits, signal),
      start: () => this.#startCreated(session, spec.name, signal),
      phase: () => this.#phase(session, spec.name, signal),
      remove: () => this.#remove(session, spec.name, signal),
    };
  }

  async #makeNetwork(session: Session, spec: ContainerSpec, traits: Traits, signal: AbortSignal): Promise<void> {
    const request = session.flavour.makeNetwork(spec, traits);
    if (request === undefined) return;
    await this.#unless('CONFLICT', session, request, { doing: 'make a network', limit: limits.start }, signal);
  }

  async #removeNetwork(session: Session, name: string, signal: AbortSignal): Promise<void> {
    const request = session.flavour.removeNetwork(name);
    if (request === undefined) return;
    await this.#unless('NOT_FOUND', session, request, { doing: 'remove a network', limit: limits.remove }, signal);
  }

  async #create(session: Session, spec: ContainerSpec, traits: Traits, signal: AbortSignal): Promise<boolean> {
    const digest = await this.#digest(session, spec.image, signal);
    const request = session.flavour.create(spec, traits, digest);
    try {
      await session.api.ask(request, { doing: 'make a container', limit: limits.start }, signal);
      return true;
    } catch (error) {
      if (hasCode(error, 'CONFLICT') && error.field === undefined) return false;
      throw error;
    }
  }

  async #startCreated(session: Session, name: string, signal: AbortSignal): Promise<SteleError | undefined> {
    const { api, greeting } = session;
    const request: ApiRequest = { method: 'POST', path: `${greeting.prefix}/containers/${name}/start` };
    const purpose = { doing: 'start a container', limit: limits.start };
    const { status, text } = await api.answer(request, purpose, signal);
    return isGood(status) ? undefined : api.failure(status, text, purpose.doing);
  }

  async #phase(session: Session, name: string, signal: AbortSignal): Promise<ContainerState['phase']> {
    return (await inspect(session, this.#shared.known, name, signal))?.state.phase ?? 'absent';
  }

  async #remove(session: Session, name: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { failure, isEnding } = await this.#removeOnce(session, name, signal);
      if (failure === undefined || failure.code === 'NOT_FOUND') break;
      if (!isEnding || attempt === removals) throw failure;
      await sleep(removalPause);
    }
    await this.#removeNetwork(session, name, signal);
  }

  async #removeOnce(session: Session, name: string, signal: AbortSignal) {
    const purpose = { doing: 'remove a container', limit: limits.remove };
    const { api, flavour } = session;
    const { status, text } = await api.answer(flavour.remove(name), purpose, signal);
    const problem = isGood(status) ? flavour.problemOf(text) : text;
    if (problem === undefined) return {};
    return { failure: api.failure(status, problem, purpose.doing), isEnding: flavour.isEnding(problem) };
  }

  async #image({ api, greeting }: Session, image: ImageRef, signal: AbortSignal): Promise<unknown> {
    const request: ApiRequest = { method: 'GET', path: imagePath(greeting.prefix, image) };
    const purpose = { doing: 'look for the image', limit: limits.question };
    const { status, text } = await api.answer(request, purpose, signal);
    if (isGood(status)) return jsonOf(text);
    const failure = api.failure(status, text, purpose.doing);
    if (failure.code === 'NOT_FOUND') return undefined;
    throw failure;
  }

  /** None when the image isn't there: to say so is for `create`. */
  async #digest(session: Session, image: ImageRef, signal: AbortSignal): Promise<string | undefined> {
    if (image.digest !== undefined) return image.digest;
    const found = (await this.#image(session, image, signal)) as { RepoDigests?: readonly string[] } | undefined;
    return registryDigest(image, JSON.stringify(found?.RepoDigests ?? []));
  }

  /** Asks, content with one kind of failure. */
  async #unless(
    content: 'NOT_FOUND' | 'CONFLICT',
    { api }: Session,
    request: ApiRequest,
    purpose: Purpose,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await api.ask(request, purpose, signal);
    } catch (error) {
      if (!hasCode(error, content)) throw error;
    }
  }

  #inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#shared.turns.take(`${this.#host.name}\n${name}`, signal, work);
  }
}

/** Marked, so that one list finds all. */
function marked(spec: ContainerSpec): ContainerSpec {
  return { ...spec, labels: { ...spec.labels, [ownLabel]: 'docker-api' } };
}
