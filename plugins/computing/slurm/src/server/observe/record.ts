/** What a task's folder on the cluster says. */
export interface Record {
  /** Whether it is there. `unknown`: it could not be looked at. */
  readonly folder: 'there' | 'gone' | 'unknown';
  /** Of the task's image, as its submission wrote it down. */
  readonly digest?: string;
  /** Whether the agent calls the platform with it, and leaves no folder. */
  readonly isTold?: boolean;
  /** The agent's `status`, where there is one. */
  readonly status?: Status;
}

/** The agent's own account of a task. */
export interface Status {
  readonly phase: 'starting' | 'running' | 'ended';
  readonly node?: string;
  /** Address of the node, by its own word. */
  readonly address?: string;
  readonly port?: number;
  /** Path of the interface on its node, where that is a socket. */
  readonly socket?: string;
  /** What listens on the task's ports, as its agent writes it. */
  readonly listening?: string;
  /** Seconds since 1970, by the node's clock. */
  readonly heartbeat?: number;
  readonly exit?: number;
  readonly signal?: number;
  readonly started?: number;
  readonly ended?: number;
  readonly reason?: string;
}

/** Nobody could look. */
export const unseen: Record = { folder: 'unknown' };

/** The question about the folders of these tasks: one command that names each line's file, and says what is missing. */
export function recordQuestion(tasks: string, keys: readonly string[]): readonly string[] {
  const files = keys.flatMap((key) => [`${tasks}/${key}/settings`, `${tasks}/${key}/status`]);
  return ['env', 'LC_ALL=C', 'grep', '-H', '', '--', tasks, ...files];
}

/** Reads the answer, for each key that was asked about. */
export function parseRecords(
  tasks: string,
  keys: readonly string[],
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): ReadonlyMap<string, Record> {
  const lines = Map.groupBy(stdout.split('\n'), (line) => line.slice(0, line.indexOf(':')));
  // A file system that isn't mounted has no folder at all: then nothing is said of those that should be in it.
  const isMounted =
    stderr.includes(`${tasks}: Is a directory`) || stderr.includes(`${tasks}: is a directory`) || lines.size > 1;
  return new Map(
    keys.map((key) => {
      const folder = `${tasks}/${key}`;
      const status = parseStatus((lines.get(`${folder}/status`) ?? []).map((line) => line.slice(folder.length + 8)));
      const digest = digestIn(lines.get(`${folder}/settings`) ?? []);
      const isThere = status !== undefined || lines.has(`${folder}/settings`);
      const isMissing = isMounted && stderr.includes(`${folder}/settings: No such file or directory`);
      const where = isThere ? 'there' : isMissing ? 'gone' : 'unknown';
      return [
        key,
        { folder: where, ...(digest === undefined ? {} : { digest }), ...(status === undefined ? {} : { status }) },
      ];
    }),
  );
}

function digestIn(settings: readonly string[]): string | undefined {
  return settings.map((line) => /:digest=(sha256:[0-9a-f]{64})$/.exec(line)?.[1]).find((found) => found !== undefined);
}

/** Reads the lines of a `status` file. Nothing for one that isn't whole. */
export function parseStatus(lines: readonly string[]): Status | undefined {
  const values = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const phase = values.get('phase');
  if (phase !== 'starting' && phase !== 'running' && phase !== 'ended') return undefined;
  const texts = pick(
    values,
    ['node', 'address', 'reason', 'listening', 'socket'],
    (text) => text.slice(0, 500) || undefined,
  );
  return { phase, ...texts, ...pick(values, ['port', 'heartbeat', 'exit', 'signal', 'started', 'ended'], number) };
}

function pick<T>(
  values: ReadonlyMap<string, string>,
  names: readonly string[],
  read: (text: string) => T | undefined,
): { readonly [name: string]: T } {
  const found = names.map((name) => [name, read(values.get(name) ?? '')] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, T] => pair[1] !== undefined));
}

function number(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
