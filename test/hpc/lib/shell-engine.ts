import type { ContainerEngine, ContainerOperator, Registry } from '@stele/sdk';
import { quoteArgument, SteleError } from '@stele/sdk';

const none = 'stele/none';

/** Not a container at all: runs the script in `SCRIPT`. What is tested is what is around it. */
const shellEngine: ContainerEngine = {
  title: 'Shell',
  capabilities: {
    detached: false,
    foreground: true,
    portMapping: false,
    networkIsolation: false,
    limits: false,
    gpus: true,
    runtimes: [],
  },
  command: ({ env, image }) => ({
    argv: ['sh', '-s'],
    stdin: [
      ...Object.entries(env).map(([name, value]) => `export ${name}=${quoteArgument(value)}`),
      image.repository === none ? 'echo no such image; exit 125' : (env['SCRIPT'] ?? 'exit 0'),
      '',
    ].join('\n'),
  }),
  operator: () =>
    ({
      status: async () => ({ version: '1', runtimes: [], architecture: 'amd64', rootless: true, limits: false }),
      hasImage: async ({ repository }) => repository !== none,
      pull: async () => {
        throw new SteleError('NOT_FOUND', 'There is no such image.', { field: 'image' });
      },
    }) satisfies Partial<ContainerOperator> as unknown as ContainerOperator,
};

export const engines: Registry<ContainerEngine> = {
  get: (id) => (id === 'shell' ? shellEngine : undefined),
  list: () => [{ id: 'shell', item: shellEngine, plugin: 'test' }],
  onChange: () => ({ [Symbol.dispose]: () => undefined }),
};

/** An image that is nowhere. */
export const missingImage = { registry: 'localhost', repository: none, tag: '1' };
