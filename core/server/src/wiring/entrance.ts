import { type InterfaceProtocol, InterfaceProtocols, type Logger, type Registry, SteleError } from '@stele/sdk';
import type { Connection } from '@stele/sdk/api';
import type { Context } from 'koa';
import { type Accounts, decide, type Viewer } from '../accounts/index.ts';
import {
  Gateway,
  type GatewayOptions,
  type SessionGuard,
  type TicketLedger,
  type TunnelPlace,
  Tunnels,
  type TunnelsOptions,
} from '../gateway/index.ts';
import { type Authenticated, type Connect, tokenSessionName } from '../http/index.ts';
import type { PluginHost } from '../host/index.ts';
import type { SecretBox, Task } from '../model/index.ts';
import { fillHint } from './hint.ts';
import { type TaskIndex, taskDirectory, type Tasks, tunnelDirectory } from '../tasks/index.ts';

/** What the way into tasks is made from. */
export interface EntranceParts {
  readonly mode: GatewayOptions['mode'];
  readonly origin: () => string;
  readonly accounts: Accounts;
  readonly tasks: Tasks;
  readonly index: TaskIndex;
  readonly host: PluginHost;
  readonly secrets: SecretBox;
  readonly tickets?: TicketLedger;
  readonly trustedProxies: readonly string[];
  readonly log: Logger;
}

export function makeGateway(parts: EntranceParts): Gateway {
  const { mode, origin, tasks, index, host, secrets, tickets, trustedProxies, log } = parts;
  return new Gateway({
    mode,
    tasks: taskDirectory(index, tasks, host.registry(InterfaceProtocols)),
    sessions: sessionGuard(parts),
    // By its key, which whoever asks has named already: strangers don't learn whether there is such a task.
    taskPage: (key) => `${origin()}/tasks?open=${key}`,
    secret: secrets.derive('gateway'),
    ...(tickets ? { tickets } : {}),
    trustedProxies,
    log,
  });
}

/** The listeners of tasks that are no web application, where the site wants them. */
export function makeTunnels(
  parts: Pick<EntranceParts, 'accounts' | 'tasks' | 'index' | 'log'>,
  where: Pick<TunnelsOptions, 'bind' | 'host' | 'ports' | 'limits'>,
): Tunnels {
  const { tasks, index, log } = parts;
  return new Tunnels({ ...where, tasks: tunnelDirectory(index, tasks), sessions: sessionGuard(parts), log });
}

/** The gateway's questions go to the same decision as everybody's. */
function sessionGuard({ accounts, index }: Pick<EntranceParts, 'accounts' | 'index'>): SessionGuard {
  return {
    mayEnter: async (session, task) => {
      const viewer = await accounts.sessions.viewer(session);
      const owner = index.getById(task)?.owner;
      const isAllowed = viewer !== undefined && owner !== undefined && decide(viewer, 'use', { owner });
      // Whoever works inside a task all day uses their session, though no request of theirs reaches the platform.
      if (isAllowed) await accounts.sessions.touch(session);
      return isAllowed;
    },
    onRevoked: (listener) => {
      const ended = accounts.news.on('session-ended', ({ session }) => listener({ session }));
      const changed = accounts.news.on('user-changed', () => listener({}));
      const missed = accounts.news.on('missed', () => listener({}));
      return {
        [Symbol.dispose]: () => {
          ended[Symbol.dispose]();
          changed[Symbol.dispose]();
          missed[Symbol.dispose]();
        },
      };
    },
  };
}

/** What answers `POST /tasks/:id/connect` is made from. */
export interface ConnectorParts {
  readonly gateway: Gateway;
  readonly tunnels: Tunnels;
  readonly tasks: Tasks;
  readonly accounts: Accounts;
  readonly protocols: Registry<InterfaceProtocol>;
}

/** Answers `POST /tasks/:id/connect`. */
export function connector({ gateway, tunnels, tasks, accounts, protocols }: ConnectorParts): Connect {
  return async (viewer, koa, id) => {
    const row = await tasks.get(viewer, id, 'use');
    if (row.hasEnded()) throw new SteleError('CONFLICT', 'This task has ended.');
    const protocol = protocols.get(row.launch.interface.protocol);
    if (protocol === undefined) {
      throw new SteleError('UNSUPPORTED', 'No active plugin opens interfaces of this kind.');
    }
    const session = await sessionOf(accounts, viewer, koa);
    const secret = passwordOf(tasks, row);
    if (protocol.exposure === 'proxied') {
      const url = await gateway.issueTicket({ task: row.key, user: viewer.id, session });
      return { kind: 'web', url, ...secret };
    }
    refuseOtherTransports(row);
    return tunnelled(row, protocol, await tunnels.open(row.key, session), secret);
  };
}

function passwordOf(tasks: Tasks, row: Task): { password?: string } {
  const password = tasks.password(row);
  return password === undefined ? {} : { password };
}

function refuseOtherTransports({ launch }: Task): void {
  const { transport } = launch.interface;
  if (transport === 'tcp') return;
  throw new SteleError(
    'UNSUPPORTED',
    `Interfaces over ${transport.toUpperCase()} can’t be reached: only TCP is carried.`,
  );
}

function tunnelled(
  { launch }: Task,
  { hint }: InterfaceProtocol,
  place: TunnelPlace,
  secret: { password?: string },
): Connection {
  const user = launch.env?.['AUTH_USER'];
  return {
    kind: 'tcp',
    ...place,
    hint: fillHint(hint, place, user),
    ...(user === undefined ? {} : { user }),
    ...secret,
  };
}

/** A token has no session that could end, so it gets one: it shows in the user's list, and ends with the token. */
async function sessionOf({ sessions }: Accounts, viewer: Viewer, koa: Context): Promise<string> {
  const { session, token } = koa.state.who as Authenticated;
  if (session) return session.id;
  const userAgent = tokenSessionName(token?.id ?? '');
  const known = (await sessions.list(viewer.id)).find((row) => row.userAgent === userAgent);
  const by = token ? { until: token.expiresAt } : {};
  return known?.id ?? (await sessions.begin(viewer.id, { userAgent }, undefined, by)).id;
}
