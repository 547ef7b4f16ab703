import assert from 'node:assert/strict';
import type { Software, Task } from '@stele/sdk/api';
import type { ApiClient } from '@stele/sdk/web';
import { LaunchModel } from './launch-model.ts';

describe('a launch', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  let kept: Map<string, string>;
  let sent: unknown[];

  beforeEach(() => {
    kept = new Map();
    sent = [];
    const value = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
    Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });
  });
  after(() => {
    if (own) Object.defineProperty(globalThis, 'localStorage', own);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  });

  const model = (): LaunchModel => {
    const post = (_path: string, body: unknown) => (sent.push(body), Promise.resolve({} as Task));
    return new LaunchModel({ id: 's', name: 'Desktop' } as Software, { post } as unknown as ApiClient, () => undefined);
  };

  it('asks for no password by itself', async () => {
    await model().launch();
    assert.equal('password' in (sent[0] as object), false);
  });

  it('sends the password that was chosen, and remembers it nowhere', async () => {
    const launch = model();
    launch.password = 'correct horse';
    await launch.launch();
    assert.equal((sent[0] as { password: string }).password, 'correct horse');
    assert.equal(kept.size, 1);
    assert(![...kept.values()].join().includes('correct horse'));
  });
});
