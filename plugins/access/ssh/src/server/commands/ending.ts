import type { ClientChannel } from 'ssh2';
import type { Endpoint } from '../connection/endpoint.ts';
import { endingLine } from './command-line.ts';

const patience = 2_000;
const limit = 15_000;

/**
 * Ends a process group on a host through a second session, since SSH's own signals are refused by many servers and reach nobody
 * whose leader has gone. Where no session is to be had, SSH's own signals are better than nothing.
 * @throws UNREACHABLE when the connection is lost
 */
export async function endProcesses(endpoint: Endpoint, channel: ClientChannel, target: string): Promise<void> {
  const room = AbortSignal.timeout(patience);
  try {
    await endpoint
      .session(
        (client, opened) => client.exec(endingLine([target]), opened),
        (session) => done(session),
        room,
      )
      .then(({ finished }) => finished);
  } catch (error) {
    if (!room.aborted) throw error;
    channel.signal('KILL');
  }
}

/** In an object, since a promise would be waited for before the session counts as opened. */
function done(session: ClientChannel): { readonly finished: Promise<void> } {
  session.resume();
  session.stderr.resume();
  session.end();
  const finished = new Promise<void>((resolve) => {
    const late = setTimeout(() => session.close(), limit);
    session.once('exit', () => session.close());
    session.once('close', () => {
      clearTimeout(late);
      resolve();
    });
  });
  return { finished };
}
