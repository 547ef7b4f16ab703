import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, type Yard } from '../../e2e/lib/index.ts';
import type { PluginText } from './plugins.ts';

/** How the engine's command line behaves. `missing`: nobody can run it. */
export type Mood = 'fine' | 'hanging' | 'garbage' | 'missing';

/** A sleep that nobody else on this machine takes. */
const long = `${600_000 + process.pid}`;

/** Podman behind a script that behaves as a test wants, and the plugin that brings it as an engine of its own. */
export class MoodyEngine {
  static readonly id = 'moody';
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(yard: Yard): Promise<MoodyEngine> {
    const engine = new MoodyEngine(await yard.folder('moody'));
    await engine.be('fine');
    return engine;
  }

  get #program(): string {
    return join(this.#folder, 'podman');
  }

  /** Its plugin: Podman's own dialect under another name, so that the real Podman stays beside it. */
  get plugin(): PluginText {
    const dialect = join(root, 'plugins/engines/podman/src/server/dialect.ts');
    const settings = {
      command: this.#program,
      globalArguments: [],
      runtimes: ['crun', 'runc'],
      insecureRegistries: [],
    };
    return {
      server: `import { ContainerEngines, definePlugin } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import { podmanDialect } from ${JSON.stringify(dialect)};
export default definePlugin({
  activate({ add }) {
    add(ContainerEngines, '${MoodyEngine.id}', new CliEngine(podmanDialect(${JSON.stringify(settings)})));
  },
});
`,
    };
  }

  async be(mood: Mood): Promise<void> {
    const words = { fine: 'exec podman "$@"', hanging: `sleep ${long}`, garbage: "echo '}{ [1,'", missing: '' };
    const script = mood === 'missing' ? '' : `#!/bin/sh\n${words[mood]}\n`;
    // An interpreter that isn't there is what ENOENT of a missing program looks like.
    await writeFile(this.#program, mood === 'missing' ? '#!/nonexistent\n' : script, { mode: 0o755 });
  }

  /** Processes that hang on, though whoever waited for them has left. */
  async hangers(): Promise<number> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    // A process may end while we look.
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return lines.filter((line) => line.split('\0').includes(long)).length;
  }
}
