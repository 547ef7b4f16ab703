import { describeComputingDriver, skip } from '@stele/sdk/testing';
import { isMetHere, subjects } from './api-world.ts';
import { bringUp, importTask } from './bed.ts';
import { driverWorld } from './standalone-world.ts';

for (const [name, bed, command, open] of subjects.filter(([subject]) => isMetHere(subject))) {
  describe(`standalone in ${name}`, function () {
    before(async function () {
      this.timeout(300_000);
      const why = await bringUp(bed);
      if (why !== undefined) return skip(this, why);
      await importTask([command]);
    });

    describeComputingDriver(
      { describe, it, before, after },
      {
        open: async () => {
          const subject = await open();
          return { ...driverWorld({ [bed]: subject.engine }), close: async () => subject[Symbol.asyncDispose]() };
        },
      },
    );
  });
}
