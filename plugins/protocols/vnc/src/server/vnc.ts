import { type Dial, type InterfaceProtocol, probeByGreeting, type ProbeResult } from '@stele/sdk';

/** A desktop's picture for a viewer outside of the browser (RFC 6143). */
export class Vnc implements InterfaceProtocol {
  readonly title = 'VNC';
  readonly exposure = 'tunnelled';
  readonly transports = ['tcp'] as const;
  readonly needsPowerUser = true;
  // Two colons: viewers take one for a display's number.
  readonly hint = 'vncviewer {host}::{port}';

  probe(dial: Dial, signal: AbortSignal): Promise<ProbeResult> {
    return probeByGreeting(dial, signal, 'VNC', (line) => /^RFB 00[34]\.\d{3}$/.test(line));
  }
}
