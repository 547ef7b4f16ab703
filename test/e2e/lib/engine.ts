import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environment, root } from './environment.ts';

const run = promisify(execFile);

/** Archives of images: what one engine built, another loads in seconds. */
const archives = process.env.STELE_IMAGES ?? '/var/tmp/stele-images';

export type ImageName = 'web-echo' | 'jupyter-notebook';

/** A container engine of this machine, seen from outside of the platform. */
export class Engine {
  readonly id: 'podman' | 'docker';
  /** Settings of its plugin. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly #command: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(id: Engine['id'], command: readonly string[], host: string | undefined) {
    this.id = id;
    this.#command = [...command, ...(host === undefined ? [] : ['--host', host])];
    this.#environment = { ...environment, ...(host === undefined ? {} : { DOCKER_HOST: host }) };
    const [program = '', ...globalArguments] = this.#command;
    this.settings = { command: program, globalArguments };
  }

  /** The engine with these images, or why it can't be had here. */
  static async open(id: Engine['id'], ...images: ImageName[]): Promise<Engine | string> {
    if (id === 'docker' && process.getuid?.() !== 0) return 'dockerd needs root';
    const engine = id === 'podman' ? new Engine('podman', ['podman'], undefined) : await Engine.#docker();
    const build = join(root, 'examples/images/build');
    await run(build, ['--engine', id, '--share', archives, ...images], {
      env: engine.#environment,
      maxBuffer: 1 << 24,
    });
    return engine;
  }

  static async #docker(): Promise<Engine> {
    const bed = join(root, 'test/beds/docker');
    await run(bed, ['up'], { env: environment, maxBuffer: 1 << 24 });
    const { stdout } = await run(bed, ['env'], { env: environment });
    const [, host = ''] = /^export DOCKER_HOST=(.*)$/m.exec(stdout) ?? [];
    const debians = '/usr/bin/docker';
    const isThere = await access(debians).then(
      () => true,
      () => false,
    );
    return new Engine('docker', [isThere ? debians : 'docker'], host);
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
  }
}

/** Name of the container of the task with this key. */
export const containerOf = (key: string): string => `stele-${key}`;
