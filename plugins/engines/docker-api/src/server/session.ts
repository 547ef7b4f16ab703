import { hasCode, type Host, SteleError } from '@stele/sdk';
import { docker } from './flavours/docker.ts';
import type { Flavour, Greeting, Survey } from './flavours/flavour.ts';
import { podman } from './flavours/podman.ts';
import { Api, limits } from './http/api.ts';
import { textOf } from './http/bodies.ts';
import { type Way, waysOn } from './http/way.ts';
import { greetingOf } from './versions.ts';

/** One engine that answered, and how it is spoken to. */
export interface Session {
  readonly api: Api;
  readonly flavour: Flavour;
  readonly greeting: Greeting;
}

/**
 * The first engine of a host that answers. One that isn't there, or that refuses us, is passed over.
 * @throws UNSUPPORTED, DENIED when there is none; UNREACHABLE when one should answer and doesn't
 */
export async function openSession(host: Host, sockets: readonly string[], signal: AbortSignal): Promise<Session> {
  const refusals: unknown[] = [];
  for (const way of waysOn(host, sockets)) {
    try {
      return await greet(way, signal);
    } catch (error) {
      if (!hasCode(error, 'UNSUPPORTED', 'DENIED') || host.endpoint !== undefined) throw error;
      refusals.push(error);
    }
  }
  throw refusals.find((error) => hasCode(error, 'DENIED')) ?? refusals[0] ?? noSocket();
}

/** Asks the engine who it is. Every version answers this. */
async function greet(way: Way, signal: AbortSignal): Promise<Session> {
  const api = new Api(way, 'The engine');
  const headers = await api.inTime(limits.question, signal, async (until) => {
    const answer = await api.send({ method: 'GET', path: '/_ping' }, until);
    const text = await api.read(() => textOf(answer), until);
    if (answer.statusCode !== 200) throw api.failure(answer.statusCode ?? 0, text, 'say how it is');
    return answer.headers;
  });
  const greeting = greetingOf(headers, way.name);
  const flavour = greeting.own === undefined ? docker(greeting) : podman(greeting);
  return { api: new Api(way, flavour.title), flavour, greeting };
}

/** Asks the engine about itself and its host. */
export async function survey(
  { api, flavour }: Session,
  runtime: string | undefined,
  signal: AbortSignal,
): Promise<Survey> {
  const answer = await api.json(flavour.survey, { doing: 'say how it is', limit: limits.question }, signal);
  return flavour.readSurvey(answer, runtime);
}

function noSocket(): SteleError {
  const message = 'No socket of Docker or Podman is named: set “sockets” of the plugin “engine-docker-api”.';
  return new SteleError('UNSUPPORTED', message);
}
