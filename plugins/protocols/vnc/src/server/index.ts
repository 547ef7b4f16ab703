import { definePlugin, InterfaceProtocols } from '@stele/sdk';
import { Vnc } from './vnc.ts';

export default definePlugin({
  activate({ add }) {
    add(InterfaceProtocols, 'vnc', new Vnc());
  },
});
