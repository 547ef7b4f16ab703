import assert from 'node:assert/strict';
import {
  among,
  chooseAll,
  chooseOnly,
  nothingChosen,
  press,
  startingWith,
  step,
  toggle,
  type Selection,
} from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const chosen = (selection: Selection): string => [...selection.chosen].sort().join('');

describe('selection in a folder', () => {
  it('a press chooses one, Ctrl adds and takes away', () => {
    let selection = press(nothingChosen, order, 'b', {});
    selection = press(selection, order, 'd', { isAdding: true });
    assert.equal(chosen(selection), 'bd');
    assert.equal(chosen(press(selection, order, 'b', { isAdding: true })), 'd');
    assert.equal(chosen(press(selection, order, 'c', {})), 'c');
  });

  it('Shift chooses from the anchor, again and again', () => {
    const from = chooseOnly('b');
    const down = press(from, order, 'd', { isExtending: true });
    assert.equal(chosen(down), 'bcd');
    assert.equal(chosen(press(down, order, 'a', { isExtending: true })), 'ab');
  });

  it('Ctrl and Shift add a range', () => {
    const both = toggle(chooseOnly('a'), 'd');
    assert.equal(chosen(press(both, order, 'e', { isExtending: true, isAdding: true })), 'ade');
  });

  it('arrows move, stop at the ends, and extend with Shift', () => {
    assert.equal(chosen(step(nothingChosen, order, 1, {})), 'a');
    assert.equal(chosen(step(nothingChosen, order, -1, {})), 'e');
    assert.equal(chosen(step(chooseOnly('e'), order, 1, {})), 'e');
    assert.equal(chosen(step(chooseOnly('b'), order, 100, {})), 'e');
    const two = step(step(chooseOnly('b'), order, 1, { isExtending: true }), order, 1, { isExtending: true });
    assert.equal(chosen(two), 'bcd');
    assert.equal(chosen(step(two, order, -1, { isExtending: true })), 'bc');
  });

  it('Ctrl and arrows move the cursor alone', () => {
    const moved = step(chooseOnly('b'), order, 2, { isAdding: true });
    assert.deepEqual([chosen(moved), moved.cursor], ['b', 'd']);
  });

  it('all, and what is left when rows are gone', () => {
    const all = chooseAll(chooseOnly('c'), order);
    assert.equal(chosen(all), 'abcde');
    assert.equal(all.cursor, 'c');
    const left = among(all, new Set(['a', 'b']));
    assert.deepEqual([chosen(left), left.cursor], ['ab', undefined]);
  });

  it('typing jumps to a name', () => {
    const names = ['Alpha', 'beta', 'Bravo', 'gamma'];
    assert.equal(startingWith(nothingChosen, names, 'g').cursor, 'gamma');
    assert.equal(startingWith(chooseOnly('beta'), names, 'b').cursor, 'Bravo');
    assert.equal(startingWith(chooseOnly('Bravo'), names, 'b').cursor, 'beta');
    assert.equal(startingWith(chooseOnly('beta'), names, 'br').cursor, 'Bravo');
    assert.equal(startingWith(chooseOnly('beta'), names, 'x').cursor, 'beta');
  });

  it('nothing breaks on an empty folder', () => {
    assert.equal(step(nothingChosen, [], 1, {}).cursor, undefined);
    assert.equal(chosen(chooseAll(nothingChosen, [])), '');
  });
});
