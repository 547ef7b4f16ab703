import assert from 'node:assert/strict';
import type { Call } from '../../call.ts';
import type { ComputingDriver, Launch, Observation, TaskHandle } from '../../computing.ts';
import type { LogOptions } from '../../engine.ts';
import { SteleError } from '../../errors.ts';
import type { ComputingResource } from '../../resources.ts';
import { collect, failures } from '../collect.ts';
import { Container } from '../engine/memory-engine.ts';
import { describeComputingDriver } from './index.ts';
import { MemoryDriver, memoryDriverWorld, nameOf, refOf, specOf } from './memory-driver.ts';
import { KeepingDriver, MemoryStage } from '../reference/memory-stage.ts';

type Resource = ComputingResource;
type Tasks = readonly TaskHandle[];

/** Changes what a driver says of each task. */
function seeing(change: (seen: Observation, task: TaskHandle) => Observation | undefined): new () => MemoryDriver {
  return class extends MemoryDriver {
    override async observe(resource: Resource, tasks: Tasks, call: Call) {
      const seen = await super.observe(resource, tasks, call);
      const changed = tasks.map((task) => [task.key, change(seen.get(task.key) ?? { phase: 'absent' }, task)] as const);
      return new Map(changed.flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])));
    }
  };
}

/** A driver that keeps folders of tasks' own in another way. */
function staging(Stage: new () => MemoryStage): new () => MemoryDriver {
  return class extends KeepingDriver {
    override readonly stage = new Stage();
  };
}

/** Implementations with one bug each, and the test that has to catch it. */
const broken: Readonly<Record<string, readonly [new () => ComputingDriver, RegExp]>> = {
  'calls an unknown task completed': [
    seeing((seen) => (seen.phase === 'absent' ? { phase: 'ended', outcome: 'completed' } : seen)),
    /answers for each task in one batch/,
  ],
  'says nothing of absent tasks': [
    seeing((seen) => (seen.phase === 'absent' ? undefined : seen)),
    /answers for each task in one batch/,
  ],
  'calls every end completed': [
    seeing((seen) => (seen.phase === 'ended' ? { ...seen, outcome: 'completed' } : seen)),
    /tells when a task began and ended/,
  ],
  'loses the exit code': [
    seeing((seen) => {
      if (seen.phase !== 'ended') return seen;
      const { exitCode: _, ...rest } = seen;
      return rest;
    }),
    /keeps how a task ended/,
  ],
  'needs the reference': [
    seeing((seen, { ref }) => (ref === undefined ? { phase: 'absent' } : seen)),
    /whose reference was lost/,
  ],
  'does not give the reference back': [
    seeing((seen) => ('ref' in seen ? ({ ...seen, ref: undefined } as unknown as Observation) : seen)),
    /whose reference was lost, and gives it back/,
  ],
  'falls over one wrong reference': [
    class extends MemoryDriver {
      override async observe(resource: Resource, tasks: Tasks, call: Call) {
        const wrong = tasks.some(({ key, ref }) => ref !== undefined && ref !== refOf(key));
        if (wrong) throw new SteleError('INVALID', 'No.', { field: 'ref' });
        return super.observe(resource, tasks, call);
      }
    },
    /one wrong reference/,
  ],
  'makes a task for each call': [
    class extends MemoryDriver {
      override async submit(resource: Resource, launch: Launch, progress: unknown, call: Call): Promise<string> {
        await this.operator.remove(`stele-${specOf(launch).name.slice(6)}`, call.signal);
        await super.submit(resource, launch, progress, call);
        return `${refOf(launch.key)}-${Math.random()}`;
      }
    },
    /makes one task of a key, however often/,
  ],
  'runs an ended task again': [
    class extends MemoryDriver {
      override async submit(resource: Resource, launch: Launch, progress: unknown, call: Call): Promise<string> {
        const known = this.operator.containers.get(specOf(launch).name);
        if (known?.state.phase === 'ended') await this.operator.run(known);
        return super.submit(resource, launch, progress, call);
      }
    },
    /makes one task of a key/,
  ],
  'leaves what it could not start': [
    class extends MemoryDriver {
      override async submit(resource: Resource, launch: Launch, progress: unknown, call: Call): Promise<string> {
        const spec = specOf(launch);
        const isThere = await this.operator.hasImage(launch.image, call.signal);
        if (!isThere) this.operator.containers.set(spec.name, new Container(spec));
        if (!isThere) throw new SteleError('NOT_FOUND', 'There is no such image.', { field: 'image' });
        return super.submit(resource, launch, progress, call);
      }
    },
    /image can’t be had, and leaves nothing/,
  ],
  'shows secrets': [
    class extends MemoryDriver {
      override async preview(_resource: Resource, launch: Launch) {
        return { language: 'shell' as const, text: `memory ${launch.key} ${Object.values(launch.env).join(' ')}` };
      }
    },
    /without secrets/,
  ],
  'starts what it should show': [
    class extends MemoryDriver {
      override async preview(_resource: Resource, launch: Launch) {
        await this.operator.start(specOf(launch), AbortSignal.timeout(1_000));
        return { language: 'shell' as const, text: launch.key };
      }
    },
    /sends nothing/,
  ],
  'takes any option': [
    class extends MemoryDriver {
      override options() {
        return { type: 'object' };
      }
    },
    /refuses others/,
  ],
  'does not accept its own resource': [
    class extends MemoryDriver {
      override readonly accepts = [{ access: 'ssh', auth: ['user-keys'] as const }];
    },
    /accepts the access/,
  ],
  'cancels only once': [
    class extends MemoryDriver {
      override async cancel(resource: Resource, task: TaskHandle, call: Call): Promise<void> {
        const hasEnded = this.operator.containers.get(nameOf(task))?.state.phase !== 'running';
        await super.cancel(resource, task, call);
        if (hasEnded) throw new SteleError('CONFLICT', 'It has ended.');
      }
    },
    /may be asked for again/,
  ],
  'cancels nobody who does not listen': [
    class extends MemoryDriver {
      override async cancel(resource: Resource, task: TaskHandle, call: Call): Promise<void> {
        const isDeaf = this.operator.containers.get(nameOf(task))?.spec.args?.[0] === 'ignore';
        if (!isDeaf) await super.cancel(resource, task, call);
      }
    },
    /doesn’t listen/,
  ],
  'cleans up only once': [
    class extends MemoryDriver {
      override async clean(resource: Resource, task: TaskHandle, call: Call): Promise<void> {
        const isThere = this.operator.containers.has(nameOf(task));
        await super.clean(resource, task, call);
        if (!isThere) throw new SteleError('NOT_FOUND', 'No.');
      }
    },
    /may be done again/,
  ],
  'cleans up nothing without a reference': [
    class extends MemoryDriver {
      override async clean(resource: Resource, task: TaskHandle, call: Call): Promise<void> {
        if (task.ref !== undefined) await super.clean(resource, task, call);
      }
    },
    /by their keys alone/,
  ],
  'takes any reference': [
    class extends MemoryDriver {
      override cancel(resource: Resource, { ref: _, ...task }: TaskHandle, call: Call): Promise<void> {
        return super.cancel(resource, task, call);
      }
    },
    /references that aren’t its own/,
  ],
  'reaches what has ended': [
    class extends MemoryDriver {
      override async reach(resource: Resource, task: TaskHandle, call: Call) {
        const way = await super.reach(resource, task, call).catch(() => undefined);
        return way ?? { address: { host: '127.0.0.1', port: 1 }, via: undefined as never };
      }
    },
    /a task isn’t running/,
  ],
  'ignores tail': [
    class extends MemoryDriver {
      override logs(resource: Resource, task: TaskHandle, _options: LogOptions, call: Call) {
        return super.logs(resource, task, {}, call);
      }
    },
    /cut to their last lines/,
  ],
  'has empty logs of nothing': [
    class extends MemoryDriver {
      override async *logs(resource: Resource, task: TaskHandle, options: LogOptions, call: Call) {
        if (this.operator.containers.has(nameOf(task))) yield* super.logs(resource, task, options, call);
      }
    },
    /gone when the task was cleaned up/,
  ],
  'follows for ever': [
    class extends MemoryDriver {
      override async *logs(resource: Resource, task: TaskHandle, options: LogOptions, call: Call) {
        yield* super.logs(resource, task, options, call);
        if (options.follow) await new Promise<never>(() => undefined);
      }
    },
    /follow until the end/,
  ],
  'tells what happened backwards': [
    class extends MemoryDriver {
      override async events(resource: Resource, task: TaskHandle, call: Call) {
        const [first] = await super.events(resource, task, call);
        return first === undefined ? [] : [{ reason: 'Ended', at: '2999-01-01T00:00:00Z' }, first];
      }
    },
    /the oldest first/,
  ],
  'tells what happened to everybody': [
    class extends MemoryDriver {
      override async events() {
        return [{ reason: 'Started' }];
      }
    },
    /a task’s own/,
  ],
  'throws files away when it cleans up': [
    class extends KeepingDriver {
      override async clean(resource: Resource, task: TaskHandle, call: Call): Promise<void> {
        await super.clean(resource, task, call);
        await this.stage.remove(resource, task);
      }
    },
    /before the task and after it/,
  ],
  'keeps files when they are to be removed': [
    staging(
      class extends MemoryStage {
        override async remove(): Promise<void> {}
      },
    ),
    /until it is removed/,
  ],
  'removes files only once': [
    staging(
      class extends MemoryStage {
        override async remove(resource: Resource, task: TaskHandle): Promise<void> {
          if (!this.disks.has(task.key)) throw new SteleError('NOT_FOUND', 'No.');
          await super.remove(resource, task);
        }
      },
    ),
    /nobody else’s/,
  ],
  'keeps one folder for all': [
    staging(
      class extends MemoryStage {
        override open(resource: Resource, task: TaskHandle) {
          return super.open(resource, { ...task, key: 'all' });
        }
      },
    ),
    /nobody else’s/,
  ],
  'leaves half a file': [
    staging(
      class extends MemoryStage {
        override readonly faults = ['writes in place'] as const;
      },
    ),
    /whole or not at all/,
  ],
  'goes on without its caller': [
    class extends MemoryDriver {
      override submit(resource: Resource, launch: Launch, progress: unknown, call: Call): Promise<string> {
        return super.submit(resource, launch, progress, { ...call, signal: new AbortController().signal });
      }
    },
    /submits nothing/,
  ],
};

describe('kit of computing drivers', function () {
  this.timeout(60_000);

  it('finds nothing wrong with what is right', async () => {
    assert.deepEqual(await failuresOf(KeepingDriver, 15_000), []);
  });

  for (const [bug, [Driver, test]] of Object.entries(broken)) {
    it(`catches a driver that ${bug}`, async () => {
      const failed = await failuresOf(Driver, 400);
      assert(
        failed.some((title) => test.test(title)),
        `${test} must fail, but only these did: ${failed.join('; ')}`,
      );
    });
  }
});

async function failuresOf(Driver: new () => ComputingDriver, patience: number): Promise<readonly string[]> {
  const subject = { open: async () => memoryDriverWorld(new Driver()), patience };
  return failures(await collect((runner) => describeComputingDriver(runner, subject)));
}
