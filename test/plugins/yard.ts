import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginHost } from '../../core/server/src/host/index.ts';
import { PluginYard, startHost } from '../../core/server/src/host/testing.ts';
import type { HostOptions } from '../../core/server/src/host/types.ts';

const examples = fileURLToPath(new URL('../../examples/plugins/', import.meta.url));

/** A copy of an example far from the repository, in a plugin host of its own. */
export class Abroad {
  readonly host: PluginHost;
  /** Folder of the copy. */
  readonly path: string;
  readonly #yard: PluginYard;

  private constructor(host: PluginHost, path: string, yard: PluginYard) {
    this.host = host;
    this.path = path;
    this.#yard = yard;
  }

  static async open(name: string, settings: HostOptions['settings'] = {}): Promise<Abroad> {
    const yard = await PluginYard.open();
    const path = join(yard.path, 'plugins', name);
    await cp(join(examples, name), path, { recursive: true });
    return new Abroad(await startHost(yard, { settings }), path, yard);
  }

  async close(): Promise<void> {
    await this.host.stop();
    await this.#yard[Symbol.asyncDispose]();
  }
}
