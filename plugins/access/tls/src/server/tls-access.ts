import type { AccessMethod, AccessTarget, Call, DirectDialService, Host } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { confOf, confSchema } from './conf.ts';
import { check } from './errors.ts';
import { TlsHost } from './tls-host.ts';

/** APIs that are reached by TLS, where the platform shows a certificate of its own. */
export class TlsAccess implements AccessMethod {
  readonly title = 'TLS';
  readonly auth = ['platform-certificate'] as const;
  readonly conf = confSchema;
  readonly #direct: DirectDialService;

  constructor(direct: DirectDialService) {
    this.#direct = direct;
  }

  async open(target: AccessTarget, call: Call): Promise<Host> {
    check(call.signal);
    if (target.auth !== 'platform-certificate') {
      const message = 'TLS needs a certificate of the platform: choose “platform-certificate”.';
      throw new SteleError('INVALID', message, { field: 'auth' });
    }
    return new TlsHost(confOf(target.conf), this.#direct);
  }
}
