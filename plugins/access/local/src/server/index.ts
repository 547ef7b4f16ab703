import { AccessMethods, definePlugin } from '@stele/sdk';
import { LocalAccess } from './local-access.ts';

export default definePlugin({
  activate({ add }) {
    add(AccessMethods, 'local', new LocalAccess());
  },
});
