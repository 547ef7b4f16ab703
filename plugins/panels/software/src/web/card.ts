import type { Me, Software } from '@stele/sdk/api';
import { html, nothing, type TemplateResult } from 'lit';
import { ownerWord, versionOf, type Family } from './families.ts';
import { formatReference } from './reference.ts';

/** What a card can ask for. */
export interface CardActions {
  readonly me: Me;
  /** The member of a family that its card shows. */
  readonly chosen: (family: Family) => Software;
  readonly choose: (family: Family, id: string) => void;
  readonly href: (software: Software) => string;
  readonly launch: (software: Software) => void;
  readonly act: (action: string, software: Software) => void;
}

/** One family: what it is, whose, which version, and play. */
export function familyCard(family: Family, actions: CardActions): TemplateResult {
  const software = actions.chosen(family);
  return html`<article class="card object software" aria-labelledby="n-${software.id}">
    <header>
      <stele-tile icon=${software.icon} seed=${software.name}></stele-tile>
      <div class="grow">
        <h3 class="clamp"><a id="n-${software.id}" href=${actions.href(software)}>${family.name}</a></h3>
        <p class="quiet small owner">
          <stele-icon name=${ownerIcon(software)}></stele-icon
          ><span class="cut">${ownerWord(software.owner, actions.me)}</span>
        </p>
      </div>
      ${menu(software, actions)}
    </header>
    <p class="about clamp quiet">${software.description || formatReference(software)}</p>
    <footer>${version(family, software, actions)} ${play(software, actions)}</footer>
  </article>`;
}

function ownerIcon(software: Software): string {
  return { platform: 'globe', user: 'user', group: 'users' }[software.owner.kind];
}

function version(family: Family, software: Software, actions: CardActions): TemplateResult {
  if (family.members.length === 1) {
    return html`<span class="quiet small cut grow">Version <code>${versionOf(software)}</code></span>`;
  }
  return html`<select
    class="grow"
    aria-label="Version of ${family.name}"
    @change=${(event: Event) => actions.choose(family, (event.target as HTMLSelectElement).value)}
  >
    ${family.members.map((one) => html`<option value=${one.id} ?selected=${one === software}>${versionOf(one)}</option>`)}
  </select>`;
}

function play(software: Software, actions: CardActions): TemplateResult {
  return html`<wa-button
    variant="brand"
    size="s"
    ?disabled=${!software.rights.use}
    title=${software.rights.use ? nothing : 'You may see it, but not use it.'}
    @click=${() => actions.launch(software)}
    ><stele-icon slot="start" name="play"></stele-icon>Launch</wa-button
  >`;
}

function menu(software: Software, actions: CardActions): TemplateResult {
  const choose = (event: CustomEvent<{ item: { value: string } }>): void =>
    actions.act(event.detail.item.value, software);
  const mayChange = software.rights.change && !software.isDeclared;
  return html`<wa-dropdown placement="bottom-end" @wa-select=${choose}>
    <button slot="trigger" class="dots" aria-label="More about ${software.name.slice(0, 60)}" title="More">
      <stele-icon name="ellipsis-vertical"></stele-icon>
    </button>
    ${item('open', 'circle-info', 'Details')} ${item('duplicate', 'copy', 'Duplicate')}
    ${mayChange ? html`${item('edit', 'pen', 'Edit')} ${item('delete', 'trash', 'Delete')}` : nothing}
  </wa-dropdown>`;
}

function item(value: string, icon: string, title: string): TemplateResult {
  return html`<wa-dropdown-item value=${value} variant=${value === 'delete' ? 'danger' : 'default'}>
    <stele-icon slot="icon" name=${icon}></stele-icon>${title}
  </wa-dropdown-item>`;
}
