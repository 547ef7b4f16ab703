import { type ErrorCode, SteleError } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { ImageRef } from '../resources.ts';

/** How one kind of message of an engine is told apart, and what it means. */
export interface FailureRule {
  /** Matches somewhere in what it said. */
  readonly pattern: RegExp;
  /** What it means. */
  readonly code: ErrorCode;
  /** Which value is to blame. */
  readonly field?: string;
  /** A sentence for people. The engine's own words are kept in `raw`. */
  readonly message: string;
}

/** Messages that docker-like engines share, the narrower before the wider. Seen with Podman 4.3, Docker 20.10 and 28.2. */
export const commonFailures: readonly FailureRule[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'LIMIT',
    message: 'The disk that holds images and containers is full. Remove images that nobody needs.',
  },
  {
    pattern: /too ?many ?requests|rate limit/i,
    code: 'LIMIT',
    message: 'The registry wants fewer requests. Try later.',
  },
  {
    pattern: /cannot connect to the docker daemon|connection refused.*podman\.sock|is the docker daemon running/i,
    // Not UNREACHABLE: what only has a client is no engine, and is passed over where another one works.
    code: 'UNSUPPORTED',
    message: 'Its daemon isn’t running. Start it, e.g. with “systemctl start docker”.',
  },
  {
    pattern: /permission denied while trying to connect/i,
    code: 'DENIED',
    message: 'This account may not use the engine’s daemon. Add it to the group of the daemon’s socket.',
  },
  {
    pattern: /no such (container|object)\b|no container with name or id/i,
    code: 'NOT_FOUND',
    message: 'There is no such container.',
  },
  {
    pattern: /container name .* is already in use|name is already in use/i,
    code: 'CONFLICT',
    message: 'A container with this name is there already.',
  },
  {
    pattern: /network .*already (exists|used)|networks have same bridge name/i,
    code: 'CONFLICT',
    message: 'A network with this name is there already.',
  },
  {
    pattern: /non-overlapping ipv4 address pool|could not find free subnet|subnet pools? .*(exhausted|empty)/i,
    code: 'LIMIT',
    message: 'All addresses that the engine may give to networks are in use. Remove networks that nobody needs.',
  },
  {
    pattern: /cannot restrict inter-container communication/i,
    code: 'UNSUPPORTED',
    message: 'It can’t keep containers apart here. Load the kernel module “br_netfilter” on the host.',
  },
  {
    pattern:
      /(unknown|unsupported|invalid) runtime|runtime "?[\w.-]+"? (not found|is not a valid)|failed to find runtime/i,
    code: 'INVALID',
    field: 'engine.runtime',
    message: 'The engine doesn’t know this runtime on this host.',
  },
  {
    pattern: /cgroups in hybrid mode not supported|runtime.*requires cgroup ?v2/i,
    code: 'INVALID',
    field: 'engine.runtime',
    message: 'This runtime can’t work with the control groups of this host. Choose another runtime, e.g. runc.',
  },
  {
    pattern: /address already in use|port is already allocated|bind: address/i,
    code: 'CONFLICT',
    field: 'port',
    message: 'The port that was picked on the host is taken.',
  },
  {
    pattern: /bind source path does not exist|statfs .*no such file|error mounting .*no such file/i,
    code: 'INVALID',
    field: 'binds',
    message: 'A folder that the container should see is not there on the host.',
  },
  {
    pattern: /range of cpus is/i,
    code: 'INVALID',
    field: 'options.cpus',
    message: 'The host has fewer processors.',
  },
  {
    pattern: /minimum memory limit|unable to set memory limit/i,
    code: 'INVALID',
    field: 'options.memory',
    message: 'That is too little memory for a container.',
  },
  {
    pattern: /exec:? .*(no such file or directory|not found|permission denied)|command.* not found|exec format error/i,
    code: 'INVALID',
    field: 'image',
    message: 'The image’s command can’t be run.',
  },
  {
    pattern: /no command or entrypoint|no command specified|must specify a command/i,
    code: 'INVALID',
    field: 'image',
    message: 'The image names no command to run.',
  },
  {
    pattern:
      /unauthorized|authentication required|no basic auth credentials|access denied|denied:|invalid username.password|access .* not authorized/i,
    code: 'DENIED',
    field: 'image',
    message:
      'The registry refuses the image to this user. Check the credentials, and whether the image is there at all.',
  },
  {
    pattern: /no (matching manifest|image found in (manifest list|image index)|child with platform)/i,
    code: 'NOT_FOUND',
    field: 'image',
    message: 'There is no image of that name for this architecture.',
  },
  {
    pattern:
      /manifest unknown|name unknown|image not known|no such image|repository .* not found|not found: does not exist|: not found$|reading manifest .* not found|manifest for .* not found/im,
    code: 'NOT_FOUND',
    field: 'image',
    message: 'There is no such image.',
  },
  {
    pattern:
      /connection refused|no such host|i\/o timeout|tls handshake|x509|server gave http response|network is unreachable|no route to host|context deadline exceeded|connection reset|unexpected eof/i,
    code: 'UNREACHABLE',
    field: 'image',
    message: 'The image’s registry doesn’t answer.',
  },
];

/** What an engine's words mean; nothing when nobody has taught us them. `what` begins the sentence: `Docker could not …`. Pure. */
export function readFailure(words: string, what: string, rules: readonly FailureRule[]): SteleError | undefined {
  const raw = excerpt(words);
  const rule = [...rules, ...commonFailures].find(({ pattern }) => pattern.test(raw));
  if (rule === undefined) return undefined;
  const field = rule.field === undefined ? {} : { field: rule.field };
  return new SteleError(rule.code, `${what}. ${rule.message}`, { ...field, raw });
}

/** A failure to fetch an image: what nobody has taught us the words of is about the image as well. Pure. */
export function ofImage(failure: SteleError): SteleError {
  const { code, message, raw } = failure;
  if (code !== 'PROTOCOL') return failure;
  return new SteleError(code, message, { field: 'image', ...(raw === undefined ? {} : { raw }) });
}

/**
 * Refuses to look for an image of some machine's own engine in a registry: by convention `localhost/…`, without a port, was built where it
 * lies, while engines would knock at their own host's port 443.
 * @param what begins the sentence: `Podman could not …`
 * @throws NOT_FOUND (field `image`)
 */
export function demandRegistry(image: ImageRef, what: string): void {
  if (image.registry.toLowerCase() !== 'localhost') return;
  const message = `${what}. There is no such image: what is called “localhost/…” is nowhere but on the machine that built it.`;
  throw new SteleError('NOT_FOUND', message, { field: 'image' });
}

/** The last line of what an engine said, as far as it fits into a sentence. Pure. */
export function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, 300) || 'it said nothing.';
}
