import assert from 'node:assert/strict';
import { describeComputingDriver, watchLeftovers } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { LoopbackDial } from './lib/loopback-dial.ts';
import { loopback, PrivateNetwork } from './lib/network.ts';
import { StandIn } from './lib/stand-in.ts';
import { behaviours, makeDriver, resourceAt } from './lib/world.ts';

describe('Fargate', function () {
  this.timeout(90_000);
  const runner = { describe, it, before, after };
  watchLeftovers(runner);

  describeComputingDriver(runner, {
    patience: 40_000,
    async open() {
      // Where there is none, interfaces are on the loopback, and are reached past what the core refuses.
      const made = await PrivateNetwork.make();
      const network = typeof made === 'string' ? undefined : made;
      const aws = new StandIn(network === undefined ? {} : { network });
      await aws.listen();
      aws.cluster.pageSize = 7;
      aws.logs.pageSize = 2;
      aws.logs.lag = 40;
      aws.logs.hasEmptyPages = true;
      const { driver, connections } = makeDriver({
        direct: network === undefined ? new LoopbackDial() : new DirectDialer(),
      });
      return {
        driver,
        resource: resourceAt(aws.endpoint, { networks: [(network ?? loopback).range] }),
        behaviours,
        async close() {
          connections[Symbol.dispose]();
          await aws[Symbol.asyncDispose]();
          await network?.[Symbol.asyncDispose]();
          assert.deepEqual(aws.problems, [], 'requests and answers have to be of AWS’s model');
          assert.equal(aws.cluster.registered.size, 2, 'a definition for each image, whatever the tasks do');
          assert.deepEqual(aws.logs.streams, [], 'no log may stay');
        },
      };
    },
  });
});
