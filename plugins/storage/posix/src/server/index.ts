import { definePlugin, Hosts, StorageBackends } from '@stele/sdk';
import type { Settings } from '../settings.ts';
import { Posix } from './posix.ts';

export default definePlugin<Settings, { hosts: typeof Hosts }>({
  requires: { hosts: Hosts },
  activate({ add, deps, settings }) {
    add(StorageBackends, 'posix', new Posix(deps.hosts, settings.bases));
  },
});
