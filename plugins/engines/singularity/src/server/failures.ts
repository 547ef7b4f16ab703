import { type ErrorCode, excerpt, type ExecResult, SteleError } from '@stele/sdk';

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly field?: string;
  readonly message: string;
}

/** What Apptainer 1.4 and SingularityCE 3.11 write, the narrower before the wider. */
const rules: readonly Rule[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'LIMIT',
    message: 'The disk that holds images is full. Remove images that nobody needs.',
  },
  {
    pattern: /too ?many ?requests|rate limit/i,
    code: 'LIMIT',
    message: 'The registry wants fewer requests. Try later.',
  },
  {
    pattern:
      /image is for other machines|manifest unknown|name unknown|not found in manifest list|no image found in (image index|manifest)|status code 404/i,
    code: 'NOT_FOUND',
    field: 'image',
    message: 'The registry has no such image for this architecture.',
  },
  {
    pattern:
      /unauthorized|authentication required|access to the (resource|requested).* denied|denied:|status code 40[13]/i,
    code: 'DENIED',
    field: 'image',
    message: 'The registry refuses these credentials, or has no such image for whom they belong to.',
  },
  {
    pattern:
      /connection refused|no such host|i\/o timeout|network is unreachable|no route to host|server gave http response|tls: |x509:|context deadline exceeded/i,
    code: 'UNREACHABLE',
    field: 'image',
    message: 'The registry doesn’t answer.',
  },
];

/** What it means that the host's script ended badly. Pure. */
export function failureOf({ exitCode, stderr }: ExecResult, doing: string, host: string): SteleError {
  const raw = excerpt(stderr.trim());
  if (exitCode === 43) return missing(host);
  if (exitCode === 45) {
    return new SteleError('LIMIT', `“.stele” can’t be written on ${host}: is the home directory full?`, { raw });
  }
  if (exitCode === 46) return foreign(host);
  const rule = rules.find(({ pattern }) => pattern.test(raw));
  if (rule === undefined) return new SteleError('PROTOCOL', `${host} could not ${doing}.`, { raw });
  const { code, field, message } = rule;
  return new SteleError(code, message, { raw, ...(field === undefined ? {} : { field }) });
}

function foreign(host: string): SteleError {
  const message = `The folder of this account in the common folder of images on ${host} is somebody else’s, or others may write to it: whatever lies in it is not run. Have it removed.`;
  return new SteleError('DENIED', message);
}

function missing(host: string): SteleError {
  return new SteleError(
    'UNSUPPORTED',
    `Neither Apptainer nor Singularity is installed on ${host}. Install the package “apptainer”, or name the program in the plugin’s settings.`,
  );
}
