import { type ErrorCode, SteleError } from '@stele/sdk';

interface Refusal {
  /** What AWS says: of a failure in an answer, or of an exception that can mean anything. */
  readonly says: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
}

/**
 * The narrower before the wider. What passes by itself (room, other tasks’ share of a quota) is UNREACHABLE and without a
 * field: it is tried again.
 */
const refusals: readonly Refusal[] = [
  {
    says: /^RESOURCE:ENI|insufficient free addresses|no available ip/i,
    code: 'UNREACHABLE',
    message: 'There is no free address in the subnets at the moment.',
  },
  {
    says: /^RESOURCE:CPU/,
    code: 'UNREACHABLE',
    message: 'AWS has not so many processors free at the moment.',
  },
  {
    says: /^RESOURCE:MEMORY/,
    code: 'UNREACHABLE',
    message: 'AWS has not so much memory free at the moment.',
  },
  {
    says: /^RESOURCE|capacity is unavailable|no capacity|insufficient capacity/i,
    code: 'UNREACHABLE',
    message: 'AWS has no room for the task at the moment.',
  },
  {
    says: /reached the limit on the number of|concurrent|quota/i,
    code: 'UNREACHABLE',
    message: 'The AWS account may run no more at a time: others have to end first, or its quota has to be raised.',
  },
  {
    says: /no fargate configuration|invalid ['"]?(?:cpu|memory)['"]? setting/i,
    code: 'INVALID',
    message: 'Fargate doesn’t give this memory with this number of processors.',
    field: 'options.memory',
  },
  {
    says: /subnet/i,
    code: 'INVALID',
    message: 'AWS doesn’t take the subnets: they are gone, or of another network than the security groups.',
    field: 'conf.subnets',
  },
  {
    says: /security ?group/i,
    code: 'INVALID',
    message: 'AWS doesn’t take the security groups: they are gone, or of another network than the subnets.',
    field: 'conf.securityGroups',
  },
  {
    says: /unable to assume|role/i,
    code: 'INVALID',
    message:
      'ECS can’t take the execution role, or the role of tasks: it is gone, or doesn’t trust ecs-tasks.amazonaws.com.',
    field: 'conf.executionRole',
  },
  {
    says: /^INACTIVE$|cluster/i,
    code: 'NOT_FOUND',
    message: 'The cluster is gone.',
    field: 'conf.cluster',
  },
  {
    says: /too many|throttl|rate exceeded/i,
    code: 'UNREACHABLE',
    message: 'AWS has been asked too often, and lets us wait.',
  },
];

/** What a refusal means that AWS tells in words alone; nothing for words that aren’t known. Pure. */
export function refusalOf(words: string, cause?: unknown): SteleError | undefined {
  const refusal = refusals.find(({ says }) => says.test(words));
  if (refusal === undefined) return undefined;
  const { code, message, field } = refusal;
  const about = field === undefined ? {} : { field };
  return new SteleError(code, message, { raw: words, ...about, ...(cause === undefined ? {} : { cause }) });
}
