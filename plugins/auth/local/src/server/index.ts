import { AuthProviders, definePlugin, Store } from '@stele/sdk';
import { LocalAuth } from './local-auth.ts';
import { Passwords } from './passwords.ts';

export default definePlugin({
  requires: { store: Store },
  activate({ add, deps }) {
    add(AuthProviders, 'local', new LocalAuth(new Passwords(deps.store)));
  },
});
