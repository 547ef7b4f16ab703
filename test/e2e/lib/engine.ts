import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environment, root } from './environment.ts';

const run = promisify(execFile);

/** Archives of images: what one engine built, another loads in seconds. */
const archives = process.env.STELE_IMAGES ?? '/var/tmp/stele-images';

export type ImageName =
  'web-echo' | 'jupyter-notebook' | 'gui-application' | 'minimal-desktop' | 'basic-desktop' | 'ssh-x';

/** A container engine of this machine, seen from outside of the platform. */
export class Engine {
  readonly id: 'podman' | 'docker';
  /** Settings of its plugin. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #command: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(id: Engine['id'], command: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    this.id = id;
    this.#command = command;
    this.#environment = { ...environment, ...variables };
    const [program = '', ...globalArguments] = this.#command;
    this.settings = { command: program, globalArguments };
  }

  /** The engine with these images, or why it can't be had here: the machine's own Podman, the bed's Docker. */
  static async open(id: Engine['id'], ...images: ImageName[]): Promise<Engine | string> {
    if (id === 'docker' && process.getuid?.() !== 0) return 'dockerd needs root';
    const engine = id === 'podman' ? new Engine('podman', ['podman']) : await Engine.#docker();
    return engine.#with(images);
  }

  /** Podman with a store and a configuration of its own, under which containers start on any machine by themselves. */
  static async openPodmanBed(...images: ImageName[]): Promise<Engine> {
    return new Engine('podman', ['podman'], await bringUp('podman')).#with(images);
  }

  static async #docker(): Promise<Engine> {
    const variables = await bringUp('docker');
    // Debian's own client, where there is one: another `docker` may come first on PATH.
    const program = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';
    return new Engine('docker', [program, '--host', variables['DOCKER_HOST'] ?? ''], variables);
  }

  /** The environment that its CLI needs. */
  get environment(): NodeJS.ProcessEnv {
    return this.#environment;
  }

  async #with(images: readonly ImageName[]): Promise<this> {
    await provideImages(this.id, images, this.#environment);
    return this;
  }

  /** Runs a command of the engine's CLI and answers what it printed. */
  async run(...args: string[]): Promise<string> {
    const [program = '', ...before] = this.#command;
    const { stdout } = await run(program, [...before, ...args], { env: this.#environment, maxBuffer: 1 << 24 });
    return stdout.trim();
  }

  /** Names of the containers of tasks, running or not, that mount something from below `folder`. */
  async containersOf(folder: string): Promise<string[]> {
    const names = await this.run('ps', '--all', '--filter', 'label=stele.task', '--format', '{{.Names}}');
    const asked = names.split('\n').filter((name) => name !== '');
    const mounted = await Promise.all(
      asked.map(async (name) => ((await this.#mounts(name, folder)) ? name : undefined)),
    );
    return mounted.filter((name) => name !== undefined);
  }

  async #mounts(name: string, folder: string): Promise<boolean> {
    const format = '{{range .Mounts}}{{println .Source}}{{end}}';
    try {
      return (await this.run('inspect', '--type', 'container', '--format', format, name)).includes(`${folder}/`);
    } catch (error) {
      // Other tests' containers come and go.
      if (/no such container/i.test(String(error))) return false;
      throw error;
    }
  }

  async exists(container: string): Promise<boolean> {
    const names = await this.run('ps', '--all', '--filter', `name=^${container}$`, '--format', '{{.Names}}');
    return names === container;
  }

  async remove(containers: readonly string[]): Promise<void> {
    if (containers.length === 0) return;
    await this.run('rm', '--force', ...(this.id === 'podman' ? ['--time', '0'] : []), ...containers);
    // Each of Podman's has a network of its own.
    if (this.id === 'podman') await this.run('network', 'rm', '--force', ...containers);
  }
}

/** Has example images in the store of an engine: of the one that `variables` lead its command to. */
export async function provideImages(
  engine: Engine['id'],
  images: readonly ImageName[],
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const args = ['--engine', engine, '--share', archives, ...images];
  const env = { ...environment, ...variables };
  await run(join(root, 'examples/images/build'), args, { env, maxBuffer: 1 << 24 });
}

/** Name of the container of the task with this key. */
export const containerOf = (key: string): string => `stele-${key}`;

/** Brings a bed up and answers the variables that it is used by. */
async function bringUp(bed: Engine['id']): Promise<Record<string, string>> {
  const script = join(root, 'test/beds', bed);
  await run(script, ['up'], { env: environment, maxBuffer: 1 << 24 });
  const { stdout } = await run(script, ['env'], { env: environment });
  return Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
