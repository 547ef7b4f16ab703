import type { Connection } from '@stele/sdk/api';
import { html, nothing, type TemplateResult } from 'lit';

/** A way in that is no web page: an address for another program. */
export type Tunnel = Extract<Connection, { kind: 'tcp' }>;

/** How to use a way in that is no web page. */
export function tunnelDialog(tunnel: Tunnel | undefined, close: () => void): TemplateResult {
  return html`<stele-dialog label="Connect" .open=${tunnel !== undefined} @close=${close}>
    ${tunnel ? content(tunnel) : nothing}
  </stele-dialog>`;
}

function content({ host, port, hint, user, password }: Tunnel): TemplateResult {
  return html`<div class="stack">
    <dl>
      ${line('How', 'Copy how to connect', hint)} ${line('Address', 'Copy the address', address(host, port))}
      ${line('User', 'Copy the user name', user)} ${line('Password', 'Copy the password', password)}
    </dl>
    <p class="quiet">
      The address is open until the task ends, you log out, or nobody has used it for a while. Connect again opens it
      anew.
    </p>
  </div>`;
}

function line(title: string, label: string, text: string | undefined): TemplateResult | typeof nothing {
  if (text === undefined) return nothing;
  return html`<div>
    <dt>${title}</dt>
    <dd class="copied"><code class="grow">${text}</code><stele-copy text=${text} label=${label}></stele-copy></dd>
  </div>`;
}

const address = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
