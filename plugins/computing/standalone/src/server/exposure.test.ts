import assert from 'node:assert/strict';
import type { ContainerEngine, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { checkExposure, exposureOf, exposuresOf } from './exposure.ts';

const engine = (portMapping: boolean, sockets?: boolean) =>
  ({ capabilities: { portMapping, sockets } }) as unknown as ContainerEngine;
const [mapping, sharing] = [engine(true), engine(false, true)];
const conf = (openInterfaces: 'warn' | 'refuse', shared = false) => ({ openInterfaces, shared });

describe('who gets to interfaces on a single host', () => {
  const cases: readonly (readonly [string, ContainerEngine, boolean, RegExp | undefined])[] = [
    ['nobody, where ports are published on a host that others don’t use', mapping, false, undefined],
    ['who has an account, where ports are published', mapping, true, /^Others who have an account .*open on the host/],
    [
      'who gets to the host, where containers share its network',
      sharing,
      false,
      /^Others who get to this host .*shares/,
    ],
    ['the same where others use the host', sharing, true, /^Others who get to this host .*shares/],
  ];
  for (const [what, by, isShared, words] of cases) {
    it(`is ${what}`, () => {
      const exposure = exposureOf(conf('warn', isShared), by);
      if (words === undefined) return assert.equal(exposure, undefined);
      assert.match(exposure?.says ?? '', words);
      assert.deepEqual([exposure?.isRefused, exposure?.sparesSockets], [false, by === sharing ? true : undefined]);
    });
  }

  it('is told by engine', () => {
    const engines = [
      { id: 'a', engine: mapping },
      { id: 'b', engine: sharing },
    ];
    assert.deepEqual(Object.keys(exposuresOf(conf('warn'), engines)), ['b']);
    assert.deepEqual(Object.keys(exposuresOf(conf('warn', true), engines)), ['a', 'b']);
  });

  const launch = { env: {}, interface: { port: 1, protocol: 'http', transport: 'tcp' } } as unknown as Launch;
  const asking: Launch = { ...launch, env: { AUTH_PASS: 'x' } };
  const listening: Launch = { ...launch, interface: { ...launch.interface, takesSocket: true } };

  it('may be refused by the operator, unless a password or a socket keeps them out', () => {
    const check = (one: Launch, by: ContainerEngine, isShared = true) =>
      checkExposure(one, conf('refuse', isShared), by);
    for (const [one, by] of [
      [launch, sharing],
      [launch, mapping],
      [listening, mapping],
    ] as const) {
      assert.throws(
        () => check(one, by),
        (error) => hasCode(error, 'DENIED') && error.field === 'software',
      );
    }
    for (const by of [sharing, mapping]) check(asking, by);
    check(listening, sharing);
    check(launch, mapping, false);
    checkExposure(launch, conf('warn', true), sharing);
  });
});
