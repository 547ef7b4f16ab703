import { type ErrorCode, SteleError } from '@stele/sdk';

/** What the API says when something is wrong. */
export interface Status {
  readonly code: number;
  /** E.g. `AlreadyExists`, `Forbidden`; empty where something in between answered. */
  readonly reason: string;
  readonly message: string;
}

/** Reads the body of an answer that isn't good. A proxy in between answers with a page of its own. Pure. */
export function statusOf(code: number, text: string): Status {
  const { kind, reason, message } = fieldsOf(text);
  if (kind === 'Status') return { code, reason: wordOf(reason), message: wordOf(message) };
  return { code, reason: '', message: text.trim().slice(0, 300) };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface Meaning {
  readonly applies: (status: Status) => boolean;
  readonly code: ErrorCode;
  readonly field?: string;
  readonly message: (status: Status, where: string) => string;
}

const meanings: readonly Meaning[] = [
  {
    // Of a namespace that was made a moment ago.
    applies: ({ code, message }) => code === 403 && /looking up service account|status unknown for quota/.test(message),
    code: 'UNREACHABLE',
    message: () => 'The namespace isn’t ready yet.',
  },
  {
    applies: ({ code, message }) => code === 403 && /exceeded quota/.test(message),
    code: 'LIMIT',
    message: ({ message }) => quotaWords(message),
  },
  {
    applies: ({ code, message }) =>
      code === 403 && /(?:maximum|minimum) .* (?:usage per|limit to request)/.test(message),
    code: 'INVALID',
    field: 'options',
    message: ({ message }) => `The namespace’s limits don’t allow this: ${afterForbidden(message)}.`,
  },
  {
    applies: ({ code, message }) => code === 403 && /is being terminated/.test(message),
    code: 'CONFLICT',
    message: () => 'The namespace is being removed. Choose another, or have it made anew.',
  },
  {
    applies: ({ code, message }) => code === 403 && /PodSecurity|PodSecurityPolicy|securityContext/.test(message),
    code: 'INVALID',
    message: ({ message }) =>
      `The cluster’s rules for the security of pods refuse this task: ${afterForbidden(message)}.`,
  },
  {
    applies: ({ code }) => code === 401,
    code: 'DENIED',
    message: (_, where) => `${where} doesn’t take the platform’s credentials. They may have expired: give new ones.`,
  },
  {
    applies: ({ code }) => code === 403,
    code: 'DENIED',
    message: ({ message }, where) => `${where} doesn’t allow this to the platform’s account: ${message}.`,
  },
  { applies: ({ code }) => code === 404, code: 'NOT_FOUND', message: ({ message }) => `The cluster says: ${message}.` },
  {
    applies: ({ code }) => code === 410,
    code: 'CONFLICT',
    message: () => 'The cluster’s API doesn’t remember that far back.',
  },
  { applies: ({ code }) => code === 409, code: 'CONFLICT', message: ({ message }) => `The cluster says: ${message}.` },
  {
    applies: ({ code }) => code === 422 || code === 400,
    code: 'INVALID',
    message: ({ message }) => `The cluster refuses this as invalid: ${message}.`,
  },
  {
    applies: ({ code }) => code === 429,
    code: 'UNREACHABLE',
    message: (_, where) => `${where} has too much to do, and asks to come back later.`,
  },
  {
    applies: ({ code }) => code >= 500,
    code: 'UNREACHABLE',
    message: ({ code, message }, where) => `${where} is in trouble (${code})${message === '' ? '' : `: ${message}`}.`,
  },
];

/** What an answer that isn't good means. Pure. */
export function failureOf(status: Status, where: string): SteleError {
  const raw = status.message;
  const meaning = meanings.find(({ applies }) => applies(status));
  if (meaning === undefined) {
    return new SteleError('PROTOCOL', `${where} answered with ${status.code}, which means nothing here.`, { raw });
  }
  const field = meaning.field === undefined ? {} : { field: meaning.field };
  return new SteleError(meaning.code, sentence(meaning.message(status, where)), { ...field, raw });
}

function afterForbidden(message: string): string {
  return message.replace(/^.*? is forbidden: /, '');
}

/** `… exceeded quota: small, requested: cpu=1, used: cpu=3, limited: cpu=3`. */
function quotaWords(message: string): string {
  const [, name, requested, used, limited] =
    /exceeded quota: (\S+), requested: (.*), used: (.*), limited: (.*)$/.exec(message) ?? [];
  if (name === undefined) return `The namespace’s quota is exhausted: ${afterForbidden(message)}.`;
  return `The quota “${name}” of the namespace is exhausted: of ${limited}, ${used} is in use, and this task needs ${requested}. End other tasks, or ask for less.`;
}

function sentence(text: string): string {
  return text.replace(/\.\.$/, '.');
}
