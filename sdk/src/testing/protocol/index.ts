import { watchLeftovers } from '../leftovers.ts';
import type { Runner } from '../runner.ts';
import { describeManners } from './manners.ts';
import { describeVerdicts } from './verdicts.ts';
import type { InterfaceProtocolSubject } from './subject.ts';

export type { InterfaceProtocolSubject, ProtocolPeer } from './subject.ts';

/**
 * Tests what every `InterfaceProtocol` promises.
 * @example
 * describeInterfaceProtocol({ describe, it, before, after }, {
 *   protocol: new Vnc(),
 *   ready: [{ what: 'a server that greets', serve: (socket) => socket.write('RFB 003.008\n') }],
 *   unready: [],
 * });
 */
export function describeInterfaceProtocol(runner: Runner, subject: InterfaceProtocolSubject): void {
  runner.describe(`interface protocol “${subject.protocol.title}”`, () => {
    watchLeftovers(runner);
    describeManners(runner, subject);
    describeVerdicts(runner, subject);
  });
}
