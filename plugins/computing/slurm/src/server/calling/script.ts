import type { AgentProgram, CallbackPlace } from '@stele/sdk';
import { quoteArgument } from '@stele/sdk';

/** What the script of a job says beside the agent. */
export interface CallingScript {
  readonly place: CallbackPlace;
  readonly agent: AgentProgram;
  /** Where folders of tasks are made before `$TMPDIR` and `/tmp`. */
  readonly sandbox?: string;
  /** Certificates that the platform's may be signed by. */
  readonly ca?: string;
}

/**
 * The script of a job that has no folder to read. It holds the agent and the ticket for its first call, which is good once, and no word
 * of the user's. Slurm shows a script to its job's account and to the cluster's operators. Pure.
 */
export function callingScript({ place, agent, sandbox, ca }: CallingScript): string {
  return [
    '#!/bin/sh',
    'umask 077',
    '# slurmrestd knows no home',
    '[ -n "${HOME-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)',
    'export HOME',
    'folder=',
    `for base in ${sandbox === undefined ? '' : `${quoteArgument(sandbox)} `}"\${TMPDIR-}" /tmp /var/tmp; do`,
    '  case $base in /*) folder=$(mktemp -d "$base/stele-XXXXXXXXXX" 2>/dev/null) && break ;; esac',
    'done',
    '[ -n "$folder" ] || exit 73',
    ...file('callback', 'STELE_CALLBACK', [`url=${place.url}`, `ticket=${place.ticket}`, 'temporary=yes']),
    ...(ca === undefined || ca === '' ? [] : file('ca', 'STELE_CA', ca.replaceAll('\r', '').trimEnd().split('\n'))),
    ...file('agent.sh', 'STELE_AGENT', agent.text.trimEnd().split('\n')),
    'exec sh "$folder/agent.sh" "$folder"',
    '',
  ].join('\n');
}

/** Nothing in it is looked at by the shell. No line of it may be the mark. */
function file(name: string, mark: string, lines: readonly string[]): readonly string[] {
  return [`cat >"$folder/${name}" <<'${mark}' || exit 73`, ...lines, mark];
}

/** What keeps a job's script from running its task, by its exit code: nothing else tells it. */
const failures: Readonly<Record<number, string>> = {
  69: 'The task’s node never reached the platform.',
  70: 'The task’s node has no random numbers.',
  72: 'The task’s node has nothing that speaks HTTP to the platform: it needs curl or wget.',
  73: 'No folder for the task could be made on its node: is its disk full?',
  76: 'The task’s node doesn’t believe the platform’s certificate: it is for another name, over, or of an authority that nodes don’t know. Name that in “callCa”.',
  77: 'The platform refused the first call of the task’s node: had the job been started before?',
};

/** Why a job of ours that told nothing ended as it did. Pure. */
export function unheardFailure(code: number | undefined): string | undefined {
  return code === undefined ? undefined : failures[code];
}
