import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import type { Host } from '../../access.ts';
import type {
  ContainerCommand,
  ContainerEngine,
  ContainerOperator,
  ContainerSpec,
  ContainerState,
  EngineStatus,
  LogOptions,
  PullOptions,
} from '../../engine.ts';
import { SteleError } from '../../errors.ts';
import { formatImage } from '../../grammar.ts';
import { checkLabel, checkName, checkSpec } from '../../oci/checks.ts';
import type { Bind, ImageRef } from '../../resources.ts';
import type { Behaviours, EngineWorld } from './subject.ts';

/** An engine without containers: what the kit has to find right, and the base of what it has to find wrong. */
export const memoryImage: ImageRef = { registry: 'localhost', repository: 'stele/memory', tag: '1' };

/** The first argument names what the “container” does. */
export const memoryBehaviours: Behaviours = {
  print: (lines, exitCode) => ['print', String(exitCode), ...lines],
  show: (names) => ['show', ...names],
  stay: () => ['stay'],
  ignore: () => ['ignore'],
  greet: (port) => ['greet', String(port)],
  expose: (port) => ['expose', String(port)],
  knock: (addresses, port) => ['knock', String(port), ...addresses],
  touch: (path) => ['touch', path],
  hog: () => ['hog'],
};

export class Container {
  readonly spec: ContainerSpec;
  state: Exclude<ContainerState, { phase: 'absent' }> = { phase: 'created' };
  log = '';
  server: Server | undefined;
  readonly #ended = Promise.withResolvers<void>();

  constructor(spec: ContainerSpec) {
    this.spec = spec;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  end(exitCode: number, outOfMemory = false): void {
    if (this.state.phase === 'ended') return;
    const startedAt = this.state.phase === 'running' ? this.state.startedAt : now();
    this.state = { phase: 'ended', exitCode, outOfMemory, startedAt, endedAt: now() };
    this.server?.close();
    this.#ended.resolve();
  }
}

export class MemoryOperator implements ContainerOperator {
  readonly containers = new Map<string, Container>();
  readonly files: Set<string>;

  constructor(files: Set<string>) {
    this.files = files;
  }

  async status(signal: AbortSignal): Promise<EngineStatus> {
    check(signal);
    return { version: '1.0', runtimes: ['plain'], architecture: 'amd64', rootless: true, limits: true };
  }

  async hasImage(image: ImageRef, signal: AbortSignal): Promise<boolean> {
    check(signal);
    return formatImage(image) === formatImage(memoryImage);
  }

  async pull(image: ImageRef, _options: PullOptions, signal: AbortSignal): Promise<void> {
    check(signal);
    throw new SteleError('UNREACHABLE', `${image.registry} doesn’t answer.`);
  }

  async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    checkSpec(spec);
    formatImage(spec.image);
    check(signal);
    if (this.containers.has(spec.name)) return;
    await this.refuse(spec, signal);
    const container = new Container(spec);
    this.containers.set(spec.name, container);
    await this.run(container);
  }

  async preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    check(signal);
    return [['memory', 'run', spec.name]];
  }

  async observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>> {
    names.forEach(checkName);
    check(signal);
    return new Map(names.map((name) => [name, this.containers.get(name)?.state ?? { phase: 'absent' }]));
  }

  async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
    checkLabel(label, value);
    check(signal);
    return [...this.containers.values()].filter((c) => c.spec.labels[label] === value).map((c) => c.spec.name);
  }

  async stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
    checkName(name);
    check(signal);
    const container = this.containers.get(name);
    if (container?.spec.args?.[0] !== 'ignore') return container?.end(143);
    await new Promise((resolve) => setTimeout(resolve, grace * 50));
    container.end(137);
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    checkName(name);
    check(signal);
    this.containers.get(name)?.end(137);
    this.containers.delete(name);
  }

  async *logs(name: string, { follow, tail }: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    checkName(name);
    const container = this.containers.get(name);
    if (container === undefined) throw new SteleError('NOT_FOUND', 'There is no such container.');
    const lines = container.log.split('\n').slice(0, -1);
    const shown = tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail));
    if (shown.length > 0) yield Buffer.from(shown.map((line) => `${line}\n`).join(''));
    if (follow === true && !signal.aborted) await Promise.race([container.ended, once(signal, 'abort')]);
  }

  /** What can't be started. */
  async refuse(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    const image = { field: 'image' };
    if (!(await this.hasImage(spec.image, signal))) throw new SteleError('NOT_FOUND', 'There is no such image.', image);
    if ((spec.runtime ?? 'plain') !== 'plain') {
      throw new SteleError('INVALID', 'There is no such runtime.', { field: 'engine.runtime' });
    }
    if (spec.args?.[0]?.startsWith('/')) throw new SteleError('INVALID', 'There is no such command.', image);
  }

  async run(container: Container): Promise<void> {
    const [what, ...rest] = container.spec.args ?? [];
    container.state = { phase: 'running', startedAt: now() };
    if (what === 'print') print(container, rest);
    if (what === 'show') print(container, ['0', ...rest.map((name) => container.spec.env[name] ?? '')]);
    if (what === 'stay' || what === 'ignore') container.log = 'up\n';
    if (what === 'greet') await this.greet(container);
    if (what === 'expose') await this.expose(container);
    if (what === 'knock') this.knock(container, rest.slice(1));
    if (what === 'touch') container.end(this.touch(container.spec, rest[0] ?? '') ? 0 : 1);
    if (what === 'hog') container.end(137, true);
  }

  async greet(container: Container, host = '127.0.0.1'): Promise<void> {
    container.server = createServer((socket) => socket.end('hello\n'))
      .listen(0, host)
      .unref();
    await once(container.server, 'listening');
    const { port } = container.server.address() as AddressInfo;
    container.state = { phase: 'running', startedAt: now(), address: { host, port } };
  }

  async expose(container: Container): Promise<void> {
    await this.greet(container);
    container.log = '10.0.0.2\nup\n';
  }

  knock(container: Container, addresses: readonly string[]): void {
    const heard = addresses.map((address) => `${address} ${this.answerAt(address)}`);
    print(container, ['0', '127.0.0.1 hello', ...heard]);
  }

  /** What a container hears from another at an address of the containers' network. */
  answerAt(_address: string): string {
    return '';
  }

  touch(spec: ContainerSpec, path: string): boolean {
    const bind = spec.binds.find(({ target }) => path.startsWith(`${target}/`));
    if (bind === undefined || !this.mayWrite(bind)) return false;
    this.files.add(path.slice(bind.target.length + 1));
    return true;
  }

  mayWrite(bind: Bind): boolean {
    return !bind.readOnly;
  }
}

export class MemoryEngine implements ContainerEngine {
  readonly title = 'Memory';
  readonly capabilities = {
    foreground: true,
    detached: true,
    portMapping: true,
    networkIsolation: true,
    limits: true,
    gpus: false,
    runtimes: ['plain'],
  };
  readonly #operator: ContainerOperator;

  constructor(operator: ContainerOperator) {
    this.#operator = operator;
  }

  command(spec: ContainerSpec): ContainerCommand {
    checkSpec(spec);
    const stdin = Object.entries(spec.env).map(([name, value]) => `${name}=${value}\n`);
    return { argv: ['memory', spec.name], stdin: stdin.join('') };
  }

  operator(): ContainerOperator {
    return this.#operator;
  }
}

/** The kit's world with an operator that may be broken. */
export function memoryWorld(Operator: new (files: Set<string>) => MemoryOperator): EngineWorld {
  const files = new Set<string>();
  return {
    engine: new MemoryEngine(new Operator(files)),
    host: undefined as unknown as Host,
    image: memoryImage,
    behaviours: memoryBehaviours,
    folder: '/memory',
    hasFile: async (name) => files.has(name),
    greetingAt,
    close: async () => undefined,
  };
}

async function greetingAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString();
}

function print(container: Container, [exitCode, ...lines]: readonly string[]): void {
  container.log += lines.map((line) => `${line}\n`).join('');
  container.end(Number(exitCode));
}

export function check(signal: AbortSignal): void {
  if (signal.aborted) throw new SteleError('UNREACHABLE', 'The call was ended.');
}

function now(): string {
  return new Date().toISOString();
}
