import type { AccessMethod, AccessTarget, Call, Host } from '@stele/sdk';
import { check, invalid } from './errors.ts';
import { LocalHost } from './local-host.ts';

/** The machine that the platform runs on, as the platform's own process sees it. */
export class LocalAccess implements AccessMethod {
  readonly title = 'This machine';
  readonly auth = ['none'] as const;
  readonly isHere = true;
  readonly conf = { type: 'object', properties: {}, additionalProperties: false };

  async open(target: AccessTarget, call: Call): Promise<Host> {
    check(call.signal);
    if (target.auth !== 'none') throw invalid('auth', 'This machine is used without credentials: choose “none”.');
    const [unknown] = Object.keys(target.conf);
    if (unknown !== undefined) throw invalid(`access.${unknown}`, `This machine has no setting “${unknown}”.`);
    return new LocalHost();
  }
}
