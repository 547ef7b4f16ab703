import type { Architecture, Host } from '@stele/sdk';
import { hasCode } from '@stele/sdk';

/** What a host says about itself. Absent: it can't tell. */
export interface Machine {
  readonly architecture?: Architecture;
  readonly cpus?: number;
  /** Bytes. */
  readonly memory?: number;
  readonly disk?: { readonly total: number; readonly free: number };
  /** E.g. `Debian GNU/Linux 12 (bookworm)`. */
  readonly system?: string;
}

const architectures: Readonly<Record<string, Architecture>> = {
  x86_64: 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
  armv7l: 'arm/v7',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  i386: '386',
  i686: '386',
};

const questions = {
  uname: ['uname', '-m'],
  cpus: ['getconf', '_NPROCESSORS_ONLN'],
  memory: ['cat', '/proc/meminfo'],
  disk: ['df', '-P', '-k', '/'],
  system: ['cat', '/etc/os-release'],
} as const;

/** What the host answered to each question; empty where it could not. */
export type MachineAnswers = Readonly<Record<keyof typeof questions, string>>;

/** Asks the host about itself. A question that it can't answer is left open. */
export async function askMachine(host: Host, signal: AbortSignal): Promise<Machine> {
  const answers = await Promise.all(
    Object.entries(questions).map(async ([key, argv]) => [key, await ask(host, argv, signal)] as const),
  );
  return readMachine(Object.fromEntries(answers) as MachineAnswers);
}

async function ask(host: Host, argv: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const { exitCode, stdout } = await host.exec(argv, {}, signal);
    return exitCode === 0 ? stdout : '';
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND', 'DENIED', 'UNSUPPORTED')) return '';
    throw error;
  }
}

/** Reads a host's answers. Pure. */
export function readMachine({ uname, cpus, memory, disk, system }: MachineAnswers): Machine {
  const architecture = architectures[uname.trim()];
  const kibibytes = number(/^MemTotal:\s+(\d+) kB$/m.exec(memory)?.[1]);
  const name = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(system)?.[1];
  const columns = /^\S+\s+(\d+)\s+\d+\s+(\d+)\s+\d+%/m.exec(disk);
  const count = number(cpus.trim());
  return {
    ...(architecture === undefined ? {} : { architecture }),
    ...(count === undefined ? {} : { cpus: count }),
    ...(kibibytes === undefined ? {} : { memory: kibibytes * 1024 }),
    ...(columns === null ? {} : { disk: { total: Number(columns[1]) * 1024, free: Number(columns[2]) * 1024 } }),
    ...(name === undefined ? {} : { system: name }),
  };
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
