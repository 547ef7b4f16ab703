import { describeFileTree } from '@stele/sdk/testing';
import { noSmallWorld, openSmallWorld, openWorld } from '../../testing/tree-world.ts';

const reason = await noSmallWorld();

describe('files of this machine', () => {
  describeFileTree(
    { describe, it, before, after },
    { open: openWorld, ...(reason === undefined ? { openSmall: openSmallWorld } : {}) },
  );
  if (reason !== undefined) it.skip(`says LIMIT on a full disk (${reason})`, () => undefined);
});
