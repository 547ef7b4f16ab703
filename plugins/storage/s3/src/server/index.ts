import { Credentials, definePlugin, StorageBackends } from '@stele/sdk';
import type { Settings } from '../settings.ts';
import { newClients } from './clients.ts';
import { S3 } from './s3.ts';

export default definePlugin<Settings, { credentials: typeof Credentials }>({
  requires: { credentials: Credentials },
  activate({ add, deps, own, settings }) {
    const clients = own(newClients());
    add(StorageBackends, 's3', new S3({ credentials: deps.credentials, clients, settings }));
  },
});
