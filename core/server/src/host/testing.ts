import 'reflect-metadata';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
// oxlint-disable-next-line stele/no-global-container -- a test is a program of its own
import { container } from 'tsyringe';
import { PluginHost } from './host.ts';
import type { HostLogger, HostOptions, PluginStateStore } from './types.ts';

/** A plugin's package as a test writes it. */
export interface Fixture {
  readonly id: string;
  /** Further keys of `stele`. */
  readonly stele?: Readonly<Record<string, unknown>>;
  /** Further keys of `package.json`. */
  readonly package?: Readonly<Record<string, unknown>>;
  /** Text of the server half; none without. */
  readonly server?: string;
  /** Further files by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A temporary folder that plugins are written to, removed with all that is in it. */
export class PluginYard implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(): Promise<PluginYard> {
    return new PluginYard(await realpath(await mkdtemp(join(tmpdir(), 'stele-plugins-'))));
  }

  /** Writes a real package and returns its folder. */
  async write(fixture: Fixture, below = 'plugins'): Promise<string> {
    const { id, stele, server, files = {} } = fixture;
    const root = join(this.path, below, id);
    const packageJson = {
      name: id,
      version: '1.2.3',
      type: 'module',
      engines: { stele: '^1.0.0' },
      stele: { id, ...(server !== undefined && { server: './index.ts' }), ...stele },
      ...fixture.package,
    };
    await writeText(join(root, 'package.json'), JSON.stringify(packageJson));
    if (server !== undefined) await writeText(join(root, 'index.ts'), server);
    for (const [path, text] of Object.entries(files)) await writeText(join(root, path), text);
    return root;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Options of a host over the yard's `plugins` folder. */
export function hostOptions(yard: PluginYard, options: Partial<HostOptions> = {}): HostOptions {
  return {
    folders: [{ kind: 'site', path: join(yard.path, 'plugins') }],
    services: [],
    state: memoryState(),
    container: container.createChildContainer(),
    log: silent,
    ...options,
  };
}

export async function startHost(yard: PluginYard, options: Partial<HostOptions> = {}): Promise<PluginHost> {
  const host = new PluginHost(hostOptions(yard, options));
  await host.start();
  return host;
}

/** What was enabled and disabled, kept by the test. */
export function memoryState(rows: Record<string, { enabled?: boolean }> = {}): PluginStateStore {
  return {
    load: () => Promise.resolve(rows),
    save: (id, state) => {
      rows[id] = state;
      return Promise.resolve();
    },
  };
}

const nothing = (): void => undefined;
export const silent: HostLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };
