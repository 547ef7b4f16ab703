import { type Dial, type InterfaceProtocol, probeByGreeting, type ProbeResult } from '@stele/sdk';

/** A shell, files, and what else SSH carries (RFC 4253). */
export class Ssh implements InterfaceProtocol {
  readonly title = 'SSH';
  readonly exposure = 'tunnelled';
  readonly transports = ['tcp'] as const;
  readonly needsPowerUser = true;
  readonly hint = 'ssh -p {port} {user}@{host}';

  probe(dial: Dial, signal: AbortSignal): Promise<ProbeResult> {
    return probeByGreeting(dial, signal, 'SSH', (line) => /^SSH-(?:2\.0|1\.99)-/.test(line));
  }
}
