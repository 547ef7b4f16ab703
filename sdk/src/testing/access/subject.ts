import type { AccessMethod, AccessTarget, Host } from '../../access.ts';
import type { Address } from '../../address.ts';
import type { ErrorCode } from '../../errors.ts';
import { testCall } from '../call.ts';
import type { FileTreeSubject } from '../files/index.ts';
import type { Census } from '../leftovers.ts';

/** What the {@link describeAccessMethod} kit tests, and the host that it may use. */
export interface AccessMethodSubject {
  /** What is tested. */
  readonly method: AccessMethod;
  /** A POSIX host with `sh`, `cat`, `printf`, `sleep` that can be reached. */
  readonly target: AccessTarget;
  /** Targets that must be refused, and how. */
  readonly refused?: readonly {
    /** What is wrong with it. */
    readonly what: string;
    /** The target. */
    readonly target: AccessTarget;
    /** The code it must be refused with. */
    readonly code: ErrorCode;
  }[];
  /** Absolute path of a folder on the host, writable, empty, the test's own. */
  readonly folder: string;
  /** Starts something that sends back what it gets, ends when the other side ends, and can be dialled from the host. */
  listen(kind: 'tcp' | 'socket'): Promise<{ readonly address: Address } & AsyncDisposable>;
  /** Trees of the host, opened through {@link Host.files}, for the kit of file trees. */
  readonly trees: FileTreeSubject;
  /** Counts what may be left behind, such as connections. */
  count?(): Census | Promise<Census>;
}

/** Opens a host, uses it, and gives it back. */
export async function withHost(subject: AccessMethodSubject, use: (host: Host) => Promise<void>): Promise<void> {
  await using host = await subject.method.open(subject.target, testCall());
  await use(host);
}
