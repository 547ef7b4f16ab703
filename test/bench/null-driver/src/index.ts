import {
  type ComputingDriver,
  ComputingDrivers,
  definePlugin,
  type InterfaceProtocol,
  InterfaceProtocols,
} from '@stele/sdk';

let observations = 0;

/** Does nothing, at once: what is left of a launch is the platform's own share. */
const driver: ComputingDriver = {
  title: 'Nothing',
  kind: 'standalone',
  accepts: [{ access: 'local', auth: ['none'] }],
  capabilities: { queues: false, extend: false, hold: false },
  conf: { type: 'object' },
  describe: async () => ({
    architectures: ['amd64'],
    emulated: [],
    engines: [{ id: 'nothing', runtimes: [] }],
    facts: [],
    detail: {},
  }),
  options: () => ({ type: 'object' }),
  preview: async () => ({ language: 'shell', text: 'true' }),
  submit: async (_resource, launch) => launch.key,
  observe: async (_resource, tasks) => {
    observations += 1;
    return new Map(tasks.map(({ key }) => [key, { phase: 'running' as const }]));
  },
  cancel: async () => undefined,
  clean: async () => undefined,
  logs: async function* () {},
  reach: async () => ({
    address: { host: '127.0.0.1', port: 1 },
    via: { isDirect: false, dial: () => Promise.reject(new Error('There is nothing to dial.')) },
  }),
};

const protocol: InterfaceProtocol = {
  title: 'Nothing',
  exposure: 'proxied',
  transports: ['tcp'],
  needsPowerUser: false,
  probe: async () => ({ isReady: true }),
};

export default definePlugin({
  activate({ add, mount }) {
    add(ComputingDrivers, 'nothing', driver);
    add(InterfaceProtocols, 'nothing', protocol);
    mount(async () => Response.json({ observations }));
  },
});
