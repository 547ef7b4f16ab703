import { AccessMethods, definePlugin, DirectDial, RemoteAccounts } from '@stele/sdk';
import type { SshSettings } from '../settings.ts';
import { hasNativeAddon } from './connection/native-addon.ts';
import { Pool } from './connection/pool.ts';
import { SshAccess } from './ssh-access.ts';

export default definePlugin<SshSettings, { accounts: typeof RemoteAccounts; direct: typeof DirectDial }>({
  requires: { accounts: RemoteAccounts, direct: DirectDial },
  activate({ add, own, deps, log, settings }) {
    if (!hasNativeAddon()) {
      log.warn(
        'ssh2’s native addon is missing, so SSH moves data at a quarter of its speed; “./stele doctor” says what helps',
      );
    }
    const pool = own(
      new Pool({
        connectTimeout: settings.connectTimeout * 1000,
        idleTimeout: settings.idleTimeout * 1000,
        keepAlive: settings.keepAlive * 1000,
        connections: settings.connections,
        vet: (host, publicOr, signal) => deps.direct.addressesOf(host, { publicOr }, signal),
        onLeftOut: (name, why) => log.warn('An SSH certificate was not offered', { name, why }),
        onOldKey: (name) => log.warn('A host doesn’t know the new SSH key yet; the one before was taken', { name }),
      }),
    );
    add(AccessMethods, 'ssh', new SshAccess(pool, deps.accounts, settings.userNetworks));
  },
});
