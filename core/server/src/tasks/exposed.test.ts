import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { checkPermitted, exposureOf, permitted, refusal } from './exposed.ts';

const engines = [
  { id: 'open', runtimes: [] },
  { id: 'closed', runtimes: [] },
];
const described = (isRefused: boolean) => ({ exposures: { open: { says: 'Others get there.', isRefused } } });
const [asks, asksNot] = [{ interfaceAuth: true }, { interfaceAuth: false }];

describe('an interface that others get to', () => {
  it('is cautioned of when it asks for no password', () => {
    assert.equal(exposureOf(asksNot, described(false), 'open')?.says, 'Others get there.');
    assert.equal(exposureOf(asksNot, described(false), 'closed'), undefined);
    assert.equal(exposureOf(asks, described(false), 'open'), undefined);
    assert.equal(exposureOf(asksNot, {}, 'open'), undefined);
  });

  it('is no socket, where the engine has one for it', () => {
    const [spares, not] = [true, false].map((sparesSockets) => ({
      exposures: { open: { says: 'Others get there.', isRefused: true, sparesSockets } },
    }));
    const socket = { interfaceAuth: false, customSocket: true };
    assert(spares && not);
    assert.equal(exposureOf(socket, spares, 'open'), undefined);
    assert.notEqual(exposureOf(socket, not, 'open'), undefined);
    assert.notEqual(exposureOf(asksNot, spares, 'open'), undefined);
    assert.deepEqual(permitted(socket, spares, engines), engines);
  });

  it('is left to engines that close it where the operator refuses it', () => {
    const ids = (flags: { interfaceAuth: boolean } | undefined, isRefused: boolean) =>
      permitted(flags, described(isRefused), engines).map(({ id }) => id);
    assert.deepEqual(ids(asksNot, true), ['closed']);
    assert.deepEqual(ids(asksNot, false), ['open', 'closed']);
    assert.deepEqual(ids(asks, true), ['open', 'closed']);
    assert.deepEqual(ids(undefined, true), ['open', 'closed']);
  });

  it('is refused where there is no such engine', () => {
    const only = engines.slice(0, 1);
    assert.match(refusal(asksNot, described(true), only) ?? '', /^Others get there\. .*password/);
    assert.equal(refusal(asksNot, described(true), []), undefined);
    assert.throws(
      () => checkPermitted(asksNot, described(true), only),
      (error) => hasCode(error, 'DENIED') && error.field === 'software',
    );
    checkPermitted(asks, described(true), only);
    checkPermitted(asksNot, described(true), engines);
  });
});
