import { InterfaceProtocols, type Logger, SteleError } from '@stele/sdk';
import type { Context } from 'koa';
import { type Accounts, decide, type Viewer } from '../accounts/index.ts';
import { Gateway, type GatewayOptions, type SessionGuard } from '../gateway/index.ts';
import { type Authenticated, type Connect, tokenSessionName } from '../http/index.ts';
import type { PluginHost } from '../host/index.ts';
import type { SecretBox } from '../model/index.ts';
import { type TaskIndex, taskDirectory, type Tasks } from '../tasks/index.ts';

/** What the way into tasks is made from. */
export interface EntranceParts {
  readonly mode: GatewayOptions['mode'];
  readonly origin: () => string;
  readonly accounts: Accounts;
  readonly tasks: Tasks;
  readonly index: TaskIndex;
  readonly host: PluginHost;
  readonly secrets: SecretBox;
  readonly trustedProxies: readonly string[];
  readonly log: Logger;
}

export function makeGateway(parts: EntranceParts): Gateway {
  const { mode, origin, tasks, index, host, secrets, trustedProxies, log } = parts;
  return new Gateway({
    mode,
    tasks: taskDirectory(index, tasks, host.registry(InterfaceProtocols)),
    sessions: sessionGuard(parts),
    // By its key, which whoever asks has named already: strangers don't learn whether there is such a task.
    taskPage: (key) => `${origin()}/tasks?open=${key}`,
    secret: secrets.derive('gateway'),
    trustedProxies,
    log,
  });
}

/** The gateway's questions go to the same decision as everybody's. */
function sessionGuard({ accounts, index }: EntranceParts): SessionGuard {
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
      return {
        [Symbol.dispose]: () => {
          ended[Symbol.dispose]();
          changed[Symbol.dispose]();
        },
      };
    },
  };
}

/** Answers `POST /tasks/:id/connect`. */
export function connector(gateway: Gateway, tasks: Tasks, accounts: Accounts): Connect {
  return async (viewer, koa, id) => {
    const row = await tasks.get(viewer, id, 'use');
    if (row.hasEnded()) throw new SteleError('CONFLICT', 'This task has ended.');
    if (tasks.view(row).exposure !== 'proxied') {
      throw new SteleError('UNSUPPORTED', 'No active plugin opens interfaces of this kind.');
    }
    const session = await sessionOf(accounts, viewer, koa);
    const url = await gateway.issueTicket({ task: row.key, user: viewer.id, session });
    const password = tasks.password(row);
    return { kind: 'web', url, ...(password === undefined ? {} : { password }) };
  };
}

/** A token has no session that could end, so it gets one: it shows in the user's list, and ends with the token. */
async function sessionOf({ sessions }: Accounts, viewer: Viewer, koa: Context): Promise<string> {
  const { session, token } = koa.state.who as Authenticated;
  if (session) return session.id;
  const userAgent = tokenSessionName(token?.id ?? '');
  const known = (await sessions.list(viewer.id)).find((row) => row.userAgent === userAgent);
  return known?.id ?? (await sessions.begin(viewer.id, { userAgent })).id;
}
