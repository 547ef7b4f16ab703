import type { Engine } from '../../e2e/lib/index.ts';

/** Where tasks run, asked past the platform: what it has there has names that begin with `prefix`. */
export interface Place {
  /** What is there, in whatever state, or in one of `states`. */
  readonly names: (prefix: string, states: readonly string[]) => Promise<string[]>;
  /** What has been started since a moment, in seconds since 1970: a name as often as it was started. */
  readonly starts: (prefix: string, since: number) => Promise<string[]>;
}

/** Podman's containers. */
export function podmanPlace(engine: Engine): Place {
  return {
    names: async (prefix, states) => {
      const filters = states.flatMap((state) => ['--filter', `status=${state}`]);
      const ours = ['--filter', 'label=stele.task', '--filter', `name=^${prefix}`];
      return lines(await engine.run('ps', '--all', ...ours, ...filters, '--format', '{{.Names}}'));
    },
    starts: async (prefix, since) => {
      const filters = ['--filter', 'event=start', '--since', String(since)];
      const all = lines(await engine.run('events', '--stream=false', ...filters, '--format', '{{.Name}}'));
      return all.filter((name) => name.startsWith(prefix));
    },
  };
}

/** Lines of what a program printed. */
export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
