import {
  type AccessMethod,
  type Call,
  type Host,
  type HostService,
  type HostTarget,
  type Registry,
  SteleError,
} from '@stele/sdk';

/** Opens hosts through whichever access method a resource names. */
export class AccessHosts implements HostService {
  readonly #methods: Registry<AccessMethod>;

  constructor(methods: Registry<AccessMethod>) {
    this.#methods = methods;
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
    return method.open({ resource: target.through ?? target.id, conf: target.accessConf, auth: target.auth }, call);
  }
}
