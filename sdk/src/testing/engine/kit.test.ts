import assert from 'node:assert/strict';
import type { ContainerSpec, ContainerState, EngineStatus, LogOptions } from '../../engine.ts';
import { SteleError } from '../../errors.ts';
import { checkSpec } from '../../oci/checks.ts';
import type { ImageRef } from '../../resources.ts';
import { collect, failures } from '../collect.ts';
import { describeContainerEngine } from './index.ts';
import { Container, MemoryOperator, memoryWorld } from './memory-engine.ts';

const patience = 400;

/** Implementations with one bug each, and the test that has to catch it. */
const broken: Readonly<Record<string, readonly [new (files: Set<string>) => MemoryOperator, RegExp]>> = {
  'runs an ended container again': [
    class extends MemoryOperator {
      override async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
        const known = this.containers.get(spec.name);
        if (known === undefined || known.state.phase === 'running') return super.start(spec, signal);
        return this.run(known);
      }
    },
    /does not run a container again/,
  ],
  'starts one for each caller': [
    class extends MemoryOperator {
      override async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
        checkSpec(spec);
        const known = this.containers.get(spec.name);
        await super.start(spec, signal);
        const made = this.containers.get(spec.name);
        if (known !== undefined && made !== undefined && spec.args?.[0] === 'print') made.log += 'once\n';
      }
    },
    /for callers who ask at once/,
  ],
  'takes silence for absence': [
    class extends MemoryOperator {
      override async observe(names: readonly string[], signal: AbortSignal) {
        const states = await super.observe(names, signal);
        return new Map([...states].filter(([, state]) => state.phase !== 'absent'));
      }
    },
    /says absent only of what isn’t there/,
  ],
  'takes the absent for ended': [
    class extends MemoryOperator {
      override async observe(names: readonly string[], signal: AbortSignal) {
        const states = await super.observe(names, signal);
        const end: ContainerState = { phase: 'ended', exitCode: 0, outOfMemory: false };
        return new Map([...states].map(([name, state]) => [name, state.phase === 'absent' ? end : state]));
      }
    },
    /says absent only of what isn’t there/,
  ],
  'leaves a container of an unknown image': [
    class extends MemoryOperator {
      override async refuse(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
        if (!(await this.hasImage(spec.image, signal))) this.containers.set(spec.name, new Container(spec));
        return super.refuse(spec, signal);
      }
    },
    /names the image .* leaves nothing/,
  ],
  'does not name the image': [
    class extends MemoryOperator {
      override async refuse(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
        if (!(await this.hasImage(spec.image, signal))) throw new SteleError('NOT_FOUND', 'No.');
        return super.refuse(spec, signal);
      }
    },
    /names the image/,
  ],
  'has every image': [
    class extends MemoryOperator {
      override async hasImage(_image: ImageRef, signal: AbortSignal): Promise<boolean> {
        await super.hasImage(_image, signal);
        return true;
      }
    },
    /knows which images are there/,
  ],
  'ignores the runtime': [
    class extends MemoryOperator {
      override refuse({ runtime: _, ...spec }: ContainerSpec, signal: AbortSignal): Promise<void> {
        return super.refuse(spec, signal);
      }
    },
    /refuses an unknown runtime/,
  ],
  'shows secrets': [
    class extends MemoryOperator {
      override async preview(spec: ContainerSpec) {
        return [['memory', spec.name, ...Object.values(spec.env)]];
      }
    },
    /is no value in any argument/,
  ],
  'unquotes values': [
    class extends MemoryOperator {
      override run(container: Container): Promise<void> {
        const { env } = container.spec;
        const plain = Object.entries(env).map(([name, value]) => [name, value.replaceAll('"', '')]);
        const other = new Container({ ...container.spec, env: Object.fromEntries(plain) });
        this.containers.set(container.spec.name, other);
        return super.run(other);
      }
    },
    /byte for byte/,
  ],
  'publishes to the world': [
    class extends MemoryOperator {
      override greet(container: Container): Promise<void> {
        return super.greet(container, '0.0.0.0');
      }
    },
    /loopback alone/,
  ],
  'writes where it may only read': [
    class extends MemoryOperator {
      override mayWrite(): boolean {
        return true;
      }
    },
    /may only read/,
  ],
  'forgets the last lines': [
    class extends MemoryOperator {
      override logs(name: string, options: LogOptions, signal: AbortSignal) {
        return super.logs(name, { ...options, tail: options.tail ?? 10 }, signal);
      }
    },
    /are what it printed/,
  ],
  'ignores tail': [
    class extends MemoryOperator {
      override logs(name: string, { tail: _, ...options }: LogOptions, signal: AbortSignal) {
        return super.logs(name, options, signal);
      }
    },
    /cut to their last lines/,
  ],
  'does not follow to the end': [
    class extends MemoryOperator {
      override async *logs(name: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
        yield* super.logs(name, options, signal);
        if (options.follow) await new Promise<never>(() => undefined);
      }
    },
    /follow until the container ends/,
  ],
  'follows for ever': [
    class extends MemoryOperator {
      override logs(name: string, options: LogOptions, signal: AbortSignal) {
        return super.logs(name, { ...options, follow: true }, signal);
      }
    },
    /end at once unless they follow/,
  ],
  'has no word for absent logs': [
    class extends MemoryOperator {
      override async *logs(name: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
        if (this.containers.has(name)) yield* super.logs(name, options, signal);
      }
    },
    /say when there is no such container/,
  ],
  'loses the exit code': [
    class extends MemoryOperator {
      override async observe(names: readonly string[], signal: AbortSignal) {
        const states = await super.observe(names, signal);
        return new Map(
          [...states].map(([name, state]) => [name, 'exitCode' in state ? { ...state, exitCode: 0 } : state]),
        );
      }
    },
    /keeps the exit code 3/,
  ],
  'calls every kill out of memory': [
    class extends MemoryOperator {
      override async observe(names: readonly string[], signal: AbortSignal) {
        const states = await super.observe(names, signal);
        const killed = (state: ContainerState) => 'exitCode' in state && state.exitCode === 137;
        return new Map(
          [...states].map(([name, state]) => [
            name,
            killed(state) ? ({ ...state, outOfMemory: true } as ContainerState) : state,
          ]),
        );
      }
    },
    /ignores the request/,
  ],
  'gives up on the deaf': [
    class extends MemoryOperator {
      override async stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
        if (this.containers.get(name)?.spec.args?.[0] !== 'ignore') await super.stop(name, grace, signal);
      }
    },
    /after the grace time/,
  ],
  'stops only what is there': [
    class extends MemoryOperator {
      override async stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
        await super.stop(name, grace, signal);
        if (!this.containers.has(name)) throw new SteleError('NOT_FOUND', 'No.');
      }
    },
    /may be asked for again/,
  ],
  'removes only once': [
    class extends MemoryOperator {
      override async remove(name: string, signal: AbortSignal): Promise<void> {
        const isThere = this.containers.has(name);
        await super.remove(name, signal);
        if (!isThere) throw new SteleError('NOT_FOUND', 'No.');
      }
    },
    /takes away again/,
  ],
  'removes only what has ended': [
    class extends MemoryOperator {
      override async remove(name: string, signal: AbortSignal): Promise<void> {
        if (this.containers.get(name)?.state.phase !== 'running') await super.remove(name, signal);
      }
    },
    /takes a running container away/,
  ],
  'finds by the beginning of a value': [
    class extends MemoryOperator {
      override async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
        await super.find(label, value, signal);
        const all = [...this.containers.values()];
        return all.filter(({ spec }) => spec.labels[label]?.startsWith(value)).map(({ spec }) => spec.name);
      }
    },
    /finds containers by label/,
  ],
  'finds only what runs': [
    class extends MemoryOperator {
      override async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
        const names = await super.find(label, value, signal);
        return names.filter((name) => this.containers.get(name)?.state.phase === 'running');
      }
    },
    /finds containers by label/,
  ],
  'goes on without its caller': [
    class extends MemoryOperator {
      override status(): Promise<EngineStatus> {
        return super.status(new AbortController().signal);
      }
    },
    /is told nothing/,
  ],
  'starts without its caller': [
    class extends MemoryOperator {
      override start(spec: ContainerSpec): Promise<void> {
        return super.start(spec, new AbortController().signal);
      }
    },
    /starts nothing/,
  ],
  'lets containers meet': [
    class extends MemoryOperator {
      override answerAt(): string {
        return 'hello';
      }
    },
    /doesn’t lead to other containers/,
  ],
  'does not look at what it is given': [
    class extends MemoryOperator {
      override async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
        const { name, image, args = [], labels } = spec;
        return super.start({ name, image, args, labels, env: {}, binds: [] }, signal);
      }
    },
    /refuses › a folder with “\.\.”/,
  ],
};

describe('kit of container engines', function () {
  this.timeout(60_000);

  it('finds nothing wrong with what is right', async () => {
    assert.deepEqual(await failuresOf(MemoryOperator, 15_000), []);
  });

  for (const [bug, [Operator, test]] of Object.entries(broken)) {
    it(`catches an engine that ${bug}`, async () => {
      const failed = await failuresOf(Operator, patience);
      assert(
        failed.some((title) => test.test(title)),
        `${test} must fail, but only these did: ${failed.join('; ')}`,
      );
    });
  }
});

async function failuresOf(Operator: (typeof broken)[string][0], limit: number): Promise<readonly string[]> {
  const subject = { open: async () => memoryWorld(Operator), patience: limit };
  return failures(await collect((runner) => describeContainerEngine(runner, subject)));
}
