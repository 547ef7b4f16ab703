import { type AgentProgram, type ContainerCommand, type ContainerSpec, SteleError } from '@stele/sdk';

/** What an agent's log may hold, in bytes. */
const logLimit = 10 * 1024 * 1024;

/** The files that an agent on this host needs, as the host's script receives them: `NAME LINES`, then the lines. Pure. */
export function taskFiles(
  spec: ContainerSpec,
  { argv, stdin, env = {} }: ContainerCommand,
  agent: AgentProgram,
): string {
  const files: readonly (readonly [string, readonly string[]])[] = [
    ['command', argv],
    ['stdin', linesOf(stdin)],
    ['env', Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    ['settings', settings(spec)],
    ['labels', Object.entries(spec.labels).map(([key, value]) => `${key}\t${value}`)],
    ['agent', linesOf(agent.text)],
  ];
  return files.map(([name, lines]) => `${name} ${lines.length}\n${lines.map(checked).join('')}`).join('');
}

function settings(spec: ContainerSpec): readonly string[] {
  return [...whereItListens(spec), `log_limit=${logLimit}`, 'listen=loopback'];
}

function whereItListens({ port, env, takesSocket }: ContainerSpec): readonly string[] {
  if (takesSocket === true) return ['socket=yes'];
  if (port === undefined) return [];
  return [`port=${'BASE_PORT' in env ? 'pick' : port}`];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function checked(line: string): string {
  if (/[\n\0]/.test(line)) throw new SteleError('INVALID', 'A line for the agent can’t hold a line break or a NUL.');
  return `${line}\n`;
}
