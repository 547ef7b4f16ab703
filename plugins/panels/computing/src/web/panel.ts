import type { Computing, Health, ResourceKinds } from '@stele/sdk/api';
import {
  cardStyles,
  confirm,
  controlStyles,
  healthStatus,
  isAbort,
  LiveList,
  matches,
  ownElement,
  ownerWords,
  PanelElement,
  type Command,
  type Unsubscribe,
} from '@stele/sdk/web';
import { nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { ComputingDetail } from './detail.ts';
import { panelStyles } from './styles.ts';
import { anyEngineWords, engineWords, iconOf, kindLine } from './words.ts';

const detail = ownElement('computing-detail', ComputingDetail);

/** Where tasks run. URL: `` = the list, `/new`, `/<id>` = its sheet, `/<id>/edit`. */
export class ComputingPanel extends PanelElement {
  static override properties: PropertyDeclarations = { kinds: { state: true }, search: { state: true } };
  static override styles = [PanelElement.styles, cardStyles, controlStyles, panelStyles];

  declare private kinds: ResourceKinds | undefined;
  declare private search: string;
  readonly #list = new LiveList<Computing>(this, {
    load: (signal) => this.api.all<Computing>('/computing', { signal }),
    listen: () => this.#listen(),
  });

  constructor() {
    super();
    this.search = '';
  }

  protected override whileConnected(): Unsubscribe[] {
    void this.#readKinds();
    return super.whileConnected();
  }

  protected override commands(): readonly Command[] {
    const open = this.#list.items.map((one) => ({
      id: `computing-${one.id}`,
      title: one.name,
      group: 'Computing',
      icon: iconOf(one),
      run: () => this.go({ path: [one.id] }),
    }));
    const add = {
      id: 'computing-add',
      title: 'Add computing',
      group: 'Computing',
      icon: 'plus',
      run: () => this.go({ path: ['new'] }),
    };
    return this.#mayAdd ? [add, ...open] : open;
  }

  override render(): TemplateResult {
    const [id, verb] = this.route.path;
    const chosen = this.#list.items.find((one) => one.id === id);
    return html`
      <stele-page-header heading="Computing" description="Machines and clusters that your tasks run on.">
        ${
          this.#mayAdd
            ? html`<wa-button variant="brand" href=${this.href({ path: ['new'] })}>
                <stele-icon slot="start" name="plus"></stele-icon>Add computing
              </wa-button>`
            : nothing
        }
        ${this.#list.items.length > 6 ? this.#searchBox() : nothing}
      </stele-page-header>
      ${this.#content()}
      <${detail}
        .computing=${chosen}
        .kinds=${this.kinds}
        .isGone=${id !== undefined && id !== 'new' && !chosen && this.#list.state === 'ready'}
        .isOpen=${id !== undefined && id !== 'new' && verb === undefined && this.#list.state === 'ready'}
        @close=${() => this.go({})}
        @edit=${() => this.go({ path: [id ?? '', 'edit'] })}
        @remove=${() => chosen && this.#remove(chosen)}
        @checked=${(event: CustomEvent<Health>) => chosen && this.#list.put({ ...chosen, health: event.detail })}
      ></${detail}>
      <stele-resource-sheet
        kind="driver"
        .resource=${chosen}
        .open=${(id === 'new' && this.#mayAdd) || (verb === 'edit' && chosen?.rights.change === true)}
        @close=${() => this.go(chosen ? { path: [chosen.id] } : {})}
        @saved=${(event: CustomEvent<Computing>) => this.#saved(event.detail)}
      ></stele-resource-sheet>
    `;
  }

  get #mayAdd(): boolean {
    return this.session.has('power');
  }

  #searchBox(): TemplateResult {
    return html`<input
      slot="below"
      class="search"
      type="search"
      placeholder="Search computing"
      aria-label="Search computing"
      .value=${this.search}
      @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
    />`;
  }

  #content(): TemplateResult {
    const { state, error, items } = this.#list;
    if (state === 'failed') {
      return html`<stele-error
        what="The computing resources could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#list.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading') {
      return html`<stele-loading what="computing resources"
        ><div class="cards">
          ${[1, 2, 3].map(() => html`<stele-skeleton class="card"></stele-skeleton>`)}
        </div></stele-loading
      >`;
    }
    if (items.length === 0) return this.#empty();
    const found = items.filter((one) =>
      matches(this.search, one.name, kindLine(one, this.kinds), ...engineWords(one, this.kinds)),
    );
    if (found.length === 0)
      return html`<stele-empty icon="search" heading="Nothing found">No computing fits “${this.search}”.</stele-empty>`;
    return html`<ul class="cards">
      ${found.map((one) => html`<li>${this.#card(one)}</li>`)}
    </ul>`;
  }

  #empty(): TemplateResult {
    return html`<stele-empty icon="server" heading="No computing yet">
      ${
        this.#mayAdd
          ? 'Add a machine that containers can run on: this host, or one that is reached over the network.'
          : 'Nobody has shared a machine with you yet. The people who run this site can add one.'
      }
      ${
        this.#mayAdd
          ? html`<wa-button slot="actions" variant="brand" href=${this.href({ path: ['new'] })}
              >Add computing</wa-button
            >`
          : nothing
      }
    </stele-empty>`;
  }

  #card(computing: Computing): TemplateResult {
    const engines = engineWords(computing, this.kinds);
    const { health } = computing;
    return html`<article class="card link">
      <div class="head">
        <stele-tile icon=${iconOf(computing)} seed=${computing.driver}></stele-tile>
        <div class="grow">
          <h2 class="clamp title">
            <a class="whole" href=${this.href({ path: [computing.id] })} dir="auto">${computing.name}</a>
          </h2>
          <p class="quiet small clamp" dir="auto">
            ${kindLine(computing, this.kinds)} · ${ownerWords(computing.owner, this.session.user.id)}
          </p>
        </div>
        ${computing.isDeclared ? html`<stele-icon class="quiet" name="lock" label="Declared in the site file"></stele-icon>` : nothing}
      </div>
      <ul class="chips" aria-label="Engines">
        ${engines.length > 0 ? engines.map((engine) => html`<li>${engine}</li>`) : html`<li>${anyEngineWords(computing, this.kinds)}</li>`}
      </ul>
      <div class="foot small">
        <stele-status .status=${healthStatus(health)}></stele-status>
        ${health.since ? html`<span class="quiet">since <stele-time clock at=${health.since}></stele-time></span>` : nothing}
      </div>
      ${health.state === 'failing' && health.reason ? html`<p class="reason small clamp">${health.reason}</p>` : nothing}
    </article>`;
  }

  #listen(): Unsubscribe[] {
    return [
      this.events.on('resource', ({ kind, id, gone }) => {
        if (kind !== 'computing') return;
        if (gone) this.#list.remove(id);
        else void this.#readOne(id);
      }),
      this.events.on('resync', () => void this.#list.refresh()),
    ];
  }

  async #readOne(id: string): Promise<void> {
    try {
      this.#list.put(await this.api.get<Computing>(`/computing/${id}`, { signal: this.signal }));
    } catch (error) {
      // It may have gone meanwhile, or be hidden now: the list knows.
      if (!isAbort(error)) await this.#list.refresh();
    }
  }

  async #readKinds(): Promise<void> {
    try {
      this.kinds = await this.api.get<ResourceKinds>('/kinds', { signal: this.signal });
    } catch (error) {
      // Titles of kinds only: their ids serve as well, and a person would learn nothing from a message.
      if (!isAbort(error)) console.warn('stele: the kinds of resources could not be read', error);
    }
  }

  #saved(computing: Computing): void {
    this.#list.put(computing);
    this.go({ path: [computing.id] }, { replace: true });
  }

  async #remove(computing: Computing): Promise<void> {
    const isSure = await confirm({
      title: `Delete “${computing.name}”?`,
      text: 'Nobody can launch there any more. Its finished tasks stay in the lists; running ones have to be stopped first. The machine itself is not touched.',
      action: 'Delete',
      dangerous: true,
    });
    if (!isSure) return;
    const isDone = await this.run(`“${computing.name}” could not be deleted`, () =>
      this.api.delete(`/computing/${computing.id}`),
    );
    if (!isDone) return;
    this.go({}, { replace: true });
    this.#list.remove(computing.id);
    this.host.toasts.show({ text: `“${computing.name}” is deleted.`, tone: 'done' });
  }
}
