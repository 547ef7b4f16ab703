import { type Dial, type InterfaceProtocol, probeByConnecting, type ProbeResult } from '@stele/sdk';

/** Whatever runs over TCP: its bytes are carried and not looked at. */
export class Tcp implements InterfaceProtocol {
  readonly title = 'TCP';
  readonly exposure = 'tunnelled';
  readonly transports = ['tcp'] as const;
  readonly needsPowerUser = true;
  readonly hint = 'Connect your program to {host}, port {port}.';

  probe(dial: Dial, signal: AbortSignal): Promise<ProbeResult> {
    return probeByConnecting(dial, signal);
  }
}
