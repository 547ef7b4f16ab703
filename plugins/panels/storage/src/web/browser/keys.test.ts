import assert from 'node:assert/strict';
import { commandOf, type KeyPress } from './keys.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const list = { columns: 1, page: 10, count: 50, isRtl: false };
const tiles = { ...list, columns: 4 };

describe('keys in a folder', () => {
  for (const [key, held, shape, command] of [
    ['ArrowDown', {}, list, { do: 'step', by: 1 }],
    ['ArrowDown', { shiftKey: true }, tiles, { do: 'step', by: 4 }],
    ['ArrowRight', {}, list, undefined],
    ['ArrowRight', {}, tiles, { do: 'step', by: 1 }],
    ['ArrowRight', {}, { ...tiles, isRtl: true }, { do: 'step', by: -1 }],
    ['End', {}, list, { do: 'step', by: 50 }],
    ['PageUp', {}, list, { do: 'step', by: -10 }],
    ['a', { ctrlKey: true }, list, { do: 'all' }],
    ['A', { metaKey: true }, list, { do: 'all' }],
    ['r', { ctrlKey: true }, list, undefined],
    ['F2', {}, list, { do: 'rename' }],
    ['Delete', {}, list, { do: 'delete' }],
    ['Enter', {}, list, { do: 'open' }],
    ['ArrowUp', { altKey: true }, list, { do: 'up' }],
    ['ArrowLeft', { altKey: true }, tiles, undefined],
    ['F10', { shiftKey: true }, list, { do: 'menu' }],
    ['x', {}, list, { do: 'type', character: 'x' }],
    ['Tab', {}, list, undefined],
  ] as const) {
    it(`${key} ${JSON.stringify(held)}`, () => assert.deepEqual(commandOf(press(key, held), shape), command));
  }
});
