import type { ContainerCommand, Launch } from '@stele/sdk';
import { quoteArgument } from '@stele/sdk';
import { quoteForReading } from '../commands/submit.ts';
import type { Conf } from '../conf.ts';
import { jobName } from '../grammar.ts';
import type { Folders } from '../home.ts';
import type { Order } from '../scheduler.ts';
import type { Container } from './container.ts';
import type { Request } from './request.ts';

/** Where a job finds what it runs. */
export interface JobFiles {
  /** The task's folder. */
  readonly folder: string;
  /** The agent's program. */
  readonly agent: string;
}

/** The name that the agent's program has on the cluster. */
export function agentName(version: string): string {
  return `agent-${version}.sh`;
}

/** Paths of a task's files. */
export function jobFiles({ state, tasks }: Folders, key: string, agentVersion: string): JobFiles {
  return { folder: `${tasks}/${key}`, agent: `${state}/${agentName(agentVersion)}` };
}

/** A task's job. Pure. */
export function orderOf(key: string, request: Request, conf: Conf, files: JobFiles): Order {
  return {
    name: jobName(key),
    request,
    requeue: conf.requeue,
    output: `${files.folder}/job.log`,
    script: jobScript(files),
  };
}

/**
 * The script. It holds no word of the user's, and no secret: what runs is told in the task's folder. The first job of a
 * task writes down its number; a second one ends. Pure.
 */
export function jobScript({ folder, agent }: JobFiles): string {
  return [
    '#!/bin/sh',
    `cd ${quoteArgument(folder)} || exit 1`,
    'umask 077',
    '(set -C; echo "$SLURM_JOB_ID" >job) 2>/dev/null || [ ! -s job ] || [ "$(cat job)" = "$SLURM_JOB_ID" ] || {',
    '  echo "job $(cat job) has this task" >&2',
    '  exit 75',
    '}',
    '# a job that was queued again runs anew',
    'rm -f status',
    `exec sh ${quoteArgument(agent)} ${quoteArgument(folder)}`,
    '',
  ].join('\n');
}

/**
 * The files that tell the agent what to do, by name. Pure. Secret: `stdin` and `env` hold the task's environment, `auth` the
 * credentials for its image's registry.
 */
export function taskFiles(command: ContainerCommand, settings: Settings): Readonly<Record<string, string>> {
  return {
    command: lines(command.argv),
    after: lines(command.after ?? []),
    stdin: command.stdin,
    env: lines(Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${value}`)),
    ...(command.auth === undefined ? {} : { auth: command.auth }),
    settings: lines(Object.entries(settings).map(([name, value]) => `${name}=${value}`)),
  };
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

/** The agent's settings, as its page tells them. */
export type Settings = Readonly<Record<string, string | number>>;

/** What the agent is told. Where the container insists on no port, and has no socket, the agent picks a free one. Pure. */
export function agentSettings(conf: Conf, { port, takesSocket }: Omit<Container, 'command'>): Settings {
  return {
    ...(takesSocket ? { socket: 'yes' } : { port: port ?? 'pick' }),
    listen: conf.reach === 'jump' ? 'loopback' : 'any',
    log_limit: conf.logLimit,
    heartbeat: 30,
    grace: conf.grace,
    ...(conf.ports === undefined ? {} : { port_range: conf.ports }),
    ...(conf.sandbox === undefined ? {} : { sandbox: conf.sandbox }),
  };
}

/** All of a launch that is not secret, for people. Pure. @param submit how the job is handed over */
export function previewText(submit: string, command: ContainerCommand, env: Launch['env']): string {
  const names = Object.keys(env).sort();
  return [
    submit,
    '',
    '# what the job runs on its node:',
    `# ${quoteForReading(command.argv)}`,
    ...(names.length === 0 ? [] : ['# its environment:', ...names.map((name) => `#   ${name}=…`)]),
  ].join('\n');
}
