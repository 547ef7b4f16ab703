import assert from 'node:assert/strict';
import { describeComputingDriver, watchLeftovers } from '@stele/sdk/testing';
import { StandIn } from './lib/stand-in.ts';
import { behaviours, makeDriver, resourceAt } from './lib/world.ts';

describe('Fargate', function () {
  this.timeout(90_000);
  const runner = { describe, it, before, after };
  watchLeftovers(runner);

  describeComputingDriver(runner, {
    patience: 40_000,
    async open() {
      const aws = new StandIn();
      await aws.listen();
      aws.cluster.pageSize = 7;
      aws.logs.pageSize = 2;
      aws.logs.lag = 40;
      aws.logs.hasEmptyPages = true;
      const { driver, connections } = makeDriver();
      return {
        driver,
        resource: resourceAt(aws.endpoint),
        behaviours,
        async close() {
          connections[Symbol.dispose]();
          await aws[Symbol.asyncDispose]();
          assert.deepEqual(aws.problems, [], 'requests and answers have to be of AWS’s model');
          assert.equal(aws.cluster.registered.size, 2, 'a definition for each image, whatever the tasks do');
          assert.deepEqual(aws.logs.streams, [], 'no log may stay');
        },
      };
    },
  });
});
