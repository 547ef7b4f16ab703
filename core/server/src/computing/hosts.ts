import {
  type AccessMethod,
  type Call,
  type Host,
  type HostService,
  type HostTarget,
  type Registry,
  SteleError,
} from '@stele/sdk';

/** Whether a resource's host was named by somebody who is no administrator. */
type IsGuarded = (resource: string) => Promise<boolean>;

/** Opens hosts through whichever access method a resource names. */
export class AccessHosts implements HostService {
  readonly #methods: Registry<AccessMethod>;
  readonly #isGuarded: IsGuarded;

  constructor(methods: Registry<AccessMethod>, isGuarded: IsGuarded) {
    this.#methods = methods;
    this.#isGuarded = isGuarded;
  }

  async open(target: HostTarget, call: Call): Promise<Host> {
    const method = this.#methods.get(target.access);
    if (!method) {
      const message = `No active plugin offers access “${target.access}”. Enable one, or choose another access.`;
      throw new SteleError('UNSUPPORTED', message, { field: 'access' });
    }
    if (!method.auth.includes(target.auth)) {
      const message = `${method.title} does not work with credentials “${target.auth}”.`;
      throw new SteleError('INVALID', message, { field: 'auth' });
    }
    const resource = target.through ?? target.id;
    const isGuarded = await this.#isGuarded(resource);
    return method.open({ resource, conf: target.accessConf, auth: target.auth, isGuarded }, call);
  }
}
