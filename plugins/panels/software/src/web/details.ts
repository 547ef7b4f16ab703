import type { Me, Software } from '@stele/sdk/api';
import { titleOf } from '@stele/sdk/web';
import { html, nothing, type TemplateResult } from 'lit';
import { ownerWord } from './families.ts';
import { formatReference } from './reference.ts';

/** Everything about one software. */
export function softwareDetails(software: Software, me: Me): TemplateResult {
  const flags = Object.entries(software.flags).filter(([, isSet]) => isSet);
  return html`<div class="stack">
    <div class="who">
      <stele-tile icon=${software.icon} seed=${software.name}></stele-tile>
      <p class="quiet">
        ${ownerWord(software.owner, me)}${software.isDeclared ? ', declared by the operator of this site' : ''}
      </p>
    </div>
    ${software.description ? html`<p class="text">${software.description}</p>` : nothing}
    <dl>
      ${line('Image', copied(formatReference(software)))} ${line('Registry', html`<code>${software.registry}</code>`)}
      ${line('Architecture', software.architecture ?? 'whatever the computing runs')}
      ${line('Interface', html`${software.protocol} on port <span class="numbers">${software.port}</span>${software.transport === 'udp' ? ' (UDP)' : ''}`)}
      ${flags.length > 0 ? line('Image can', flags.map(([flag]) => titleOf(flag)).join(', ')) : nothing}
      ${line('Added', html`<stele-time at=${software.createdAt}></stele-time>`)}
    </dl>
    ${environment(software.env)}
  </div>`;
}

function environment(env: Software['env']): TemplateResult | typeof nothing {
  const names = Object.keys(env);
  if (names.length === 0) return nothing;
  return html`<h3>Environment</h3>
    <dl>
      ${names.map(
        (name) =>
          html`<div>
            <dt><code>${name}</code></dt>
            <dd><code>${env[name]}</code></dd>
          </div>`,
      )}
    </dl>`;
}

function line(label: string, value: TemplateResult | string): TemplateResult {
  return html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}

function copied(text: string): TemplateResult {
  return html`<span class="copied"><code>${text}</code><stele-copy text=${text}></stele-copy></span>`;
}
