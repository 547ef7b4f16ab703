import { definePlugin, InterfaceProtocols } from '@stele/sdk';
import { Tcp } from './tcp.ts';

export default definePlugin({
  activate({ add }) {
    add(InterfaceProtocols, 'tcp', new Tcp());
  },
});
