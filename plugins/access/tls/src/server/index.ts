import { AccessMethods, definePlugin, DirectDial } from '@stele/sdk';
import { TlsAccess } from './tls-access.ts';

export default definePlugin({
  requires: { direct: DirectDial },
  activate({ add, deps }) {
    add(AccessMethods, 'tls', new TlsAccess(deps.direct));
  },
});
