import type { Connection } from '@stele/sdk/api';
import { html, nothing, type TemplateResult } from 'lit';

/** A way in that is no web page: an address for another program. */
export type Tunnel = Extract<Connection, { kind: 'tcp' }>;

/** How to use a way in that is no web page. */
export function tunnelDialog(tunnel: Tunnel | undefined, close: () => void): TemplateResult {
  const address = tunnel && `${tunnel.host}:${tunnel.port}`;
  return html`<stele-dialog label="Connect" .open=${tunnel !== undefined} @close=${close}>
    ${
      tunnel
        ? html`<div class="stack">
            <p>${tunnel.hint}</p>
            <p class="copied">
              <code>${address}</code><stele-copy text=${address ?? ''} label="Copy the address"></stele-copy>
            </p>
          </div>`
        : nothing
    }
  </stele-dialog>`;
}
