import { definePlugin, InterfaceProtocols } from '@stele/sdk';
import { Http } from './http.ts';

export default definePlugin({
  activate({ add }) {
    add(InterfaceProtocols, 'http', new Http('http'));
    add(InterfaceProtocols, 'https', new Http('https'));
  },
});
