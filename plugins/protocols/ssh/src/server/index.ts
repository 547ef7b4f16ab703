import { definePlugin, InterfaceProtocols } from '@stele/sdk';
import { Ssh } from './ssh.ts';

export default definePlugin({
  activate({ add }) {
    add(InterfaceProtocols, 'ssh', new Ssh());
  },
});
