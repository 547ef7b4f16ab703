import { type ErrorCode, type Observation, SteleError } from '@stele/sdk';

type Outcome = Extract<Observation, { phase: 'ended' }>['outcome'];

/** Why a task never came to run. */
export interface StartFailure {
  /** What AWS says. */
  readonly says: RegExp;
  readonly outcome: Outcome;
  readonly message: string;
  /** For what is the image’s fault, or the way to it: as what a submission fails. */
  readonly image?: { readonly code: ErrorCode; readonly field: string };
}

const pulling = /CannotPull(?:Container|ImageManifest)Error|pull image manifest/i;

/** Of an image that couldn’t be had, the narrower before the wider. */
const pullFailures: readonly StartFailure[] = [
  {
    says: /toomanyrequests|rate limit|\b429\b/i,
    outcome: 'rejected',
    message: 'The image’s registry gives no more images for now: its limit is reached.',
    image: { code: 'LIMIT', field: 'image' },
  },
  {
    says: /no space left/i,
    outcome: 'rejected',
    message: 'The image doesn’t fit on the task’s disk.',
    image: { code: 'LIMIT', field: 'image' },
  },
  {
    says: /descriptor matching platform|no matching manifest|exec format/i,
    outcome: 'rejected',
    message: 'The image isn’t there for this architecture.',
    image: { code: 'INVALID', field: 'architecture' },
  },
  {
    says: /timeout|deadline|no such host|connection (?:refused|reset)|unreachable|request cancell?ed|\bEOF\b|dial tcp/i,
    outcome: 'rejected',
    message:
      'The image’s registry isn’t reached from the task’s subnet: that needs a NAT gateway, an endpoint, or public addresses.',
    image: { code: 'UNREACHABLE', field: 'image' },
  },
  {
    says: /not found|manifest unknown|name unknown|does not exist|\b404\b/i,
    outcome: 'rejected',
    message: 'There is no such image, or it is private.',
    image: { code: 'NOT_FOUND', field: 'image' },
  },
  {
    says: /denied|unauthorized|authorization|no basic auth|\b40[13]\b/i,
    outcome: 'rejected',
    message: 'The image’s registry doesn’t give it to the execution role.',
    image: { code: 'DENIED', field: 'image' },
  },
  {
    says: /(?:)/,
    outcome: 'rejected',
    message: 'The image couldn’t be fetched.',
    image: { code: 'UNREACHABLE', field: 'image' },
  },
];

const others: readonly StartFailure[] = [
  {
    says: /Cannot(?:Start|Create)Container|ContainerRuntime/i,
    outcome: 'failed',
    message: 'The image was fetched, and what is in it couldn’t be started.',
  },
  {
    says: /ResourceInitializationError.*(?:secret|registry auth)/is,
    outcome: 'rejected',
    message:
      'ECS couldn’t get the registry’s credentials: look at the execution role, and at the way out of the subnets.',
  },
  {
    says: /ResourceInitializationError.*log/is,
    outcome: 'rejected',
    message:
      'ECS couldn’t write to the log group: look at its name, at the execution role, and at the way out of the subnets.',
  },
  {
    says: /ResourceInitializationError/i,
    outcome: 'rejected',
    message: 'ECS couldn’t get ready what the task needs.',
  },
  {
    says: /capacity is unavailable|no capacity/i,
    outcome: 'rejected',
    message: 'AWS had no room for the task. Try again later.',
  },
  {
    says: /network interface/i,
    outcome: 'node-failed',
    message: 'AWS couldn’t connect the task to its network.',
  },
  {
    says: /InternalError|internal error/i,
    outcome: 'node-failed',
    message: 'Something broke at AWS before the task could start.',
  },
];

/** Why a task was never started, by what AWS says of it and of its container; nothing where they don’t tell. Pure. */
export function startFailure(words: string): StartFailure | undefined {
  if (pulling.test(words)) return pullFailures.find(({ says }) => says.test(words.replace(pulling, '')));
  return others.find(({ says }) => says.test(words));
}

/** The error that a submission ends with whose image can’t be had; nothing where it isn’t the image. Pure. */
export function imageError(words: string): SteleError | undefined {
  const failure = startFailure(words);
  if (failure?.image === undefined) return undefined;
  const { code, field } = failure.image;
  return new SteleError(code, failure.message, { field, raw: words });
}
