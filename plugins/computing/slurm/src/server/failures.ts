import type { ErrorCode } from '@stele/sdk';
import { SteleError } from '@stele/sdk';

interface Rule {
  readonly said: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
}

/** What Slurm says when something is wrong (22.05 to 24.11), by its commands and by its API, and what it means. The first that fits counts. */
const rules: readonly Rule[] = [
  {
    said: /Socket timed out|Unable to contact slurm(?:ctld| controller)|Unable to establish controller|Connection (?:refused|timed out|reset)|Zero Bytes were transmitted|slurmctld.*(?:down|not responding)|Unable to connect to (?:database|slurmdbd)|Unable to contact.*slurmdbd|Transport endpoint is not connected|No route to host|Slurm temporarily unable to accept job|Resource temporarily unavailable|Slurm backup controller in standby mode|Communication connection failure|Problem talking to the database|Unspecified error/i,
    code: 'UNREACHABLE',
    message: 'Slurm’s controller doesn’t answer.',
  },
  {
    said: /munge|Protocol authentication error|credential/i,
    code: 'UNREACHABLE',
    message: 'Slurm can’t prove who is asking: its authentication service (munge) fails on the login node.',
  },
  {
    said: /Pathname of a file, directory or other parameter too long/i,
    code: 'INVALID',
    message: 'Something that the job asks for is longer than Slurm takes.',
    field: 'options',
  },
  {
    said: /Invalid partition name/i,
    code: 'INVALID',
    message: 'The cluster has no such partition.',
    field: 'options.partition',
  },
  {
    said: /Required partition not available|partition.*(?:is )?(?:down|inactive)/i,
    code: 'INVALID',
    message: 'This partition takes no jobs at the moment.',
    field: 'options.partition',
  },
  {
    said: /User'?s group not permitted to use this partition|not permitted to use this partition|Access denied to requested partition/i,
    code: 'DENIED',
    message: 'This account may not use this partition.',
    field: 'options.partition',
  },
  {
    said: /Invalid account or account\/partition combination|invalid account|Job'?s account not permitted/i,
    code: 'INVALID',
    message: 'This account can’t be charged for jobs here, or not in this partition.',
    field: 'options.account',
  },
  {
    said: /Invalid qos|QOS not permitted|Job'?s QOS/i,
    code: 'INVALID',
    message: 'This quality of service can’t be used with this account or partition.',
    field: 'options.qos',
  },
  {
    said: /Invalid feature specification/i,
    code: 'INVALID',
    message: 'No node has this feature.',
    field: 'options.constraint',
  },
  {
    said: /Invalid generic resource|Invalid Trackable RESource|Invalid GRES|gres.*(?:invalid|not (?:available|supported))/i,
    code: 'INVALID',
    message: 'The cluster has no such GPUs.',
    field: 'options.gpus',
  },
  {
    said: /Requested time limit is invalid|Time limit specification required/i,
    code: 'INVALID',
    message: 'The time is not one that this partition gives.',
    field: 'options.time',
  },
  {
    said: /Memory required by task is not available|Memory specification can not be satisfied/i,
    code: 'INVALID',
    message: 'No node has this much memory.',
    field: 'options.memory',
  },
  {
    said: /CPU count per node can not be satisfied|More processors requested than permitted|Requested partition configuration not available/i,
    code: 'INVALID',
    message: 'No node of this partition has this many cores.',
    field: 'options.cpus',
  },
  {
    said: /Node count specification invalid|Requested node count/i,
    code: 'INVALID',
    message: 'The partition has not this many nodes.',
    field: 'options.nodes',
  },
  {
    said: /Requested node configuration is not available/i,
    code: 'INVALID',
    message: 'No node of the partition has what was asked for: fewer cores, less memory or other GPUs may do.',
    field: 'options',
  },
  {
    said: /violates accounting\/QOS policy|(?:Max|Grp)\w*(?:Limit|PerUser)|Job submit limit|submit\/running limit|job limit|QOS\w*Limit/i,
    code: 'LIMIT',
    message: 'A limit of your account on the cluster is reached: end other jobs, or ask for less.',
  },
  {
    said: /Disk quota exceeded|No space left/i,
    code: 'LIMIT',
    message: 'There is no room left on the cluster’s disk.',
  },
  {
    said: /Invalid job id|Job\/step already completing or completed|already (?:completing|completed)/i,
    code: 'NOT_FOUND',
    message: 'Slurm doesn’t know this job any more.',
  },
  {
    said: /Job can not be altered now|Job is (?:pending|no longer pending)|not pending|Job is in the process of/i,
    code: 'CONFLICT',
    message: 'The job is not in a state for that.',
  },
  {
    said: /Access\/permission denied|Permission denied|Invalid user|User not in|not allowed/i,
    code: 'DENIED',
    message: 'The cluster doesn’t let this account do that.',
  },
  {
    said: /unrecognized option|invalid option|Unrecognized|Requested operation not supported/i,
    code: 'UNSUPPORTED',
    message: 'The cluster’s Slurm is too old for this.',
  },
];

/**
 * What Slurm's words mean. Pure. Nothing for words that nobody foresaw.
 * @param quoted which of them to show
 */
export function meaningOfWords(said: string, quoted: string): SteleError | undefined {
  const rule = rules.find((one) => one.said.test(said));
  if (rule === undefined) return undefined;
  const message = rule.code === 'UNREACHABLE' ? rule.message : `${rule.message} Slurm says: ${quoted}`;
  return new SteleError(rule.code, message, { raw: said, ...(rule.field === undefined ? {} : { field: rule.field }) });
}
