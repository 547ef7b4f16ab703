import { AccessMethods, definePlugin, DirectDial, RemoteAccounts } from '@stele/sdk';
import type { SshSettings } from '../settings.ts';
import { hasNativeAddon } from './connection/native-addon.ts';
import { Pool } from './connection/pool.ts';
import { SshAccess } from './ssh-access.ts';

/** Said to who uses SSH, when they do; the doctor says it to all. */
const slow =
  'ssh2’s native addon is missing, so SSH moves data at a quarter of its speed; “./stele doctor” says what helps';

export default definePlugin<SshSettings, { accounts: typeof RemoteAccounts; direct: typeof DirectDial }>({
  requires: { accounts: RemoteAccounts, direct: DirectDial },
  activate({ add, own, deps, log, settings }) {
    const pool = own(
      new Pool({
        connectTimeout: settings.connectTimeout * 1000,
        idleTimeout: settings.idleTimeout * 1000,
        keepAlive: settings.keepAlive * 1000,
        connections: settings.connections,
        vet: (host, publicOr, signal) => deps.direct.addressesOf(host, { publicOr }, signal),
        onFirst: () => {
          if (!hasNativeAddon()) log.warn(slow);
        },
        onLeftOut: (name, why) => log.warn('An SSH certificate was not offered', { name, why }),
        onOldKey: (name) => log.warn('A host doesn’t know the new SSH key yet; the one before was taken', { name }),
      }),
    );
    add(AccessMethods, 'ssh', new SshAccess(pool, deps.accounts, settings.userNetworks));
  },
});
