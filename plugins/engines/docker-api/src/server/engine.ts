import {
  type ContainerCommand,
  type ContainerEngine,
  type ContainerOperator,
  type EngineCapabilities,
  type Host,
  SteleError,
  Turns,
} from '@stele/sdk';
import { Surveys } from '@stele/sdk/oci';
import type { DockerApiSettings } from '../settings.ts';
import type { Survey } from './flavours/flavour.ts';
import { Known } from './known.ts';
import { ApiOperator } from './operator.ts';
import { openSession, type Session } from './session.ts';

/** Docker or Podman, whichever answers on a host's socket or behind an endpoint. */
export class ApiEngine implements ContainerEngine {
  readonly title = 'Docker API';
  readonly capabilities: EngineCapabilities = {
    foreground: false,
    detached: true,
    portMapping: true,
    networkIsolation: true,
    limits: true,
    gpus: false,
    runtimes: ['runc', 'crun'],
  };
  readonly #settings: DockerApiSettings;
  readonly #turns = new Turns();
  readonly #known = new Known();
  readonly #surveys = new Surveys<Survey>();
  readonly #sessions = new WeakMap<Host, Promise<Session>>();

  constructor(settings: DockerApiSettings) {
    this.#settings = settings;
  }

  command(): ContainerCommand {
    throw new SteleError(
      'UNSUPPORTED',
      'An API runs no container in the foreground: jobs need an engine with a command line.',
    );
  }

  operator(host: Host): ContainerOperator {
    const { runtime } = this.#settings;
    return new ApiOperator(host, {
      turns: this.#turns,
      known: this.#known,
      surveys: this.#surveys,
      runtime,
      session: (signal) => this.#sessions.get(host) ?? this.#open(host, signal),
      openAgain: (signal) => this.#open(host, signal),
    });
  }

  /** Asked once for each lease, by whoever comes first. */
  #open(host: Host, signal: AbortSignal): Promise<Session> {
    const session = openSession(host, this.#settings.sockets, signal);
    this.#sessions.set(host, session);
    session.catch(() => this.#sessions.delete(host));
    return session;
  }
}
