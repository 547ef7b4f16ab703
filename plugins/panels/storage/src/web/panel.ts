import type { CheckResult, FileList, Storage } from '@stele/sdk/api';
import {
  confirm,
  controlStyles,
  formatBytes,
  isAbort,
  LiveList,
  ownElement,
  PanelElement,
  type Command,
  type Unsubscribe,
} from '@stele/sdk/web';
import { css, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { FileBrowser } from './browser/browser.ts';
import { tags } from './browser/elements.ts';
import type { MenuItem, FileMenu } from './browser/menu.ts';
import { placeOf, targetOf, type Place } from './model/place.ts';

const browser = ownElement('file-browser', FileBrowser);
const remembered = 'stele.storage.last';

/** Files. URL: `/<storage>/<path…>?view&sort&order&hidden&show`, and `?edit=new|<id>` for the form. */
export class StoragePanel extends PanelElement {
  static override properties: PropertyDeclarations = { usage: { state: true } };
  static override styles = [
    PanelElement.styles,
    controlStyles,
    css`
      .pick {
        display: grid;
        grid-template-columns: minmax(8rem, 22rem) auto;
        gap: var(--stele-space-1);
        align-items: center;
      }
      .room {
        display: grid;
        gap: 5px;
        min-inline-size: 9rem;
        color: var(--stele-text-quiet);
      }
      .room {
        min-block-size: 30px;
      }
      .unknown {
        visibility: hidden;
      }
      .meter {
        block-size: 5px;
        overflow: hidden;
        border-radius: var(--stele-radius-pill);
        background: var(--stele-ended-quiet);
      }
      .meter div {
        block-size: 100%;
        border-radius: inherit;
        background: var(--stele-accent-fill);
      }
      .full .meter div {
        background: var(--stele-attention);
      }
      .full {
        color: var(--stele-attention);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--stele-space-3) var(--stele-space-5);
        align-items: center;
        min-block-size: 40px;
      }
      .block {
        block-size: 60vh;
        border-radius: var(--stele-radius-l);
      }
    `,
  ];

  declare private usage: FileList['usage'];
  readonly #list = new LiveList<Storage>(this, {
    load: (signal) => this.api.all<Storage>('/storages', { signal }),
    listen: () => this.#listen(),
  });

  protected override commands(): readonly Command[] {
    return this.#list.items.map((storage) => ({
      id: `storage-${storage.id}`,
      title: `Files in ${storage.name}`,
      group: 'Storage',
      icon: 'folder',
      run: () => this.go({ path: [storage.id] }),
    }));
  }

  override updated(): void {
    const place = placeOf(this.route);
    if (this.#list.state !== 'ready' || place.storage !== undefined) return;
    const [first] = this.#browsable;
    const last = this.#browsable.find(({ id }) => id === localStorage.getItem(remembered));
    const storage = last ?? first;
    if (!storage) return;
    const { path = [], query } = targetOf({ ...place, storage: storage.id });
    this.go({ path, query: { ...query, edit: this.route.query.get('edit') ?? undefined } }, { replace: true });
  }

  get #browsable(): readonly Storage[] {
    return this.#list.items.filter(({ browsable, rights }) => browsable && rights.use);
  }

  override render(): TemplateResult {
    const place = placeOf(this.route);
    const storage = this.#list.items.find(({ id }) => id === place.storage);
    const edited = this.route.query.get('edit') ?? undefined;
    return html`
      <stele-page-header heading="Storage"><div class="actions">${this.#room()}${this.#picker(storage)}</div></stele-page-header>
      ${this.#content(place, storage)}
      <stele-resource-sheet
        kind="backend"
        .resource=${this.#list.items.find(({ id }) => id === edited)}
        .open=${edited === 'new' ? this.#mayAdd : this.#list.items.some(({ id, rights }) => id === edited && rights.change)}
        @close=${() => this.setQuery({ edit: undefined })}
        @saved=${(event: CustomEvent<Storage>) => this.#saved(event.detail)}
      ></stele-resource-sheet>
      <${tags.menu}></${tags.menu}>
      <${tags.clash}></${tags.clash}>
      <${tags.tray}></${tags.tray}>
    `;
  }

  get #mayAdd(): boolean {
    return this.session.has('power');
  }

  #picker(storage: Storage | undefined): TemplateResult | typeof nothing {
    if (this.#list.state !== 'ready') return nothing;
    const listed = this.#list.items;
    if (listed.length === 0) return nothing;
    return html`<div class="pick">
      <select aria-label="Storage" @change=${(event: Event) => this.#pick((event.target as HTMLSelectElement).value)}>
        ${storage ? nothing : html`<option value="" selected>Choose a storage</option>`}
        ${listed.map(({ id, name }) => html`<option value=${id} ?selected=${id === storage?.id}>${name}</option>`)}
      </select>
      ${
        this.#mayAdd || storage?.rights.change
          ? html`<stele-icon-button
              icon="ellipsis"
              label="Manage storages"
              @click=${(event: Event) => this.#manage(event, storage)}
            ></stele-icon-button>`
          : nothing
      }
    </div>`;
  }

  #room(): TemplateResult | typeof nothing {
    const { usage } = this;
    // Its place is kept until it is known: nothing below moves.
    if (!usage)
      return this.#browsable.length > 0 ? html`<div class="room small unknown"><span>…</span></div>` : nothing;
    if (usage.total <= 0) return nothing;
    const share = Math.min(1, Math.max(0, 1 - usage.free / usage.total));
    const words = usage.free < 1_000_000 ? 'Full' : `${formatBytes(usage.free)} of ${formatBytes(usage.total)} free`;
    return html`<div class="room small numbers ${share > 0.95 ? 'full' : ''}">
      <span>${share > 0.95 ? html`<stele-icon name="triangle-alert"></stele-icon> ` : nothing}<bdi>${words}</bdi></span>
      <div
        class="meter"
        role="meter"
        aria-label="Used room"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(share * 100)}
      >
        <div style="inline-size: ${share * 100}%"></div>
      </div>
    </div>`;
  }

  #content(place: Place, storage: Storage | undefined): TemplateResult {
    const { state, error, items } = this.#list;
    if (state === 'failed') {
      return html`<stele-error
        what="The storages could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#list.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading')
      return html`<stele-loading what="storages"><stele-skeleton class="block"></stele-skeleton></stele-loading>`;
    if (items.length === 0) return this.#none();
    if (!storage) {
      return place.storage === undefined
        ? html`<stele-empty icon="folder" heading="Choose a storage"
            >None of them is open for you to browse yet.</stele-empty
          >`
        : html`<stele-empty icon="folder" heading="This storage is not there"
            >It was removed, or is not shared with you.</stele-empty
          >`;
    }
    if (!storage.browsable) {
      return html`<stele-empty icon="lock" heading="Not open for browsing"
        >“${storage.name}” is mounted by tasks; its files can’t be seen here.</stele-empty
      >`;
    }
    if (!storage.rights.use) {
      return html`<stele-empty icon="lock" heading="Not yours to open"
        >You may change how “${storage.name}” is set up, but its files are for its users alone.</stele-empty
      >`;
    }
    return html`<${browser}
      .storage=${storage}
      .place=${place}
      .href=${(to: Place) => this.href(targetOf(to))}
      @go=${(event: CustomEvent<{ place: Place; isReplacing: boolean }>) =>
        this.go(targetOf(event.detail.place), { replace: event.detail.isReplacing })}
      @usage=${(event: CustomEvent<FileList['usage']>) => (this.usage = event.detail)}
    ></${browser}>`;
  }

  #none(): TemplateResult {
    return html`<stele-empty icon="folder" heading="No storage yet">
      ${
        this.#mayAdd
          ? 'Add a folder of this machine: users browse it here, and tasks find it in their containers.'
          : 'Nobody has given you a place for files yet. The people who run this site can.'
      }
      ${
        this.#mayAdd
          ? html`<wa-button slot="actions" variant="brand" @click=${() => this.setQuery({ edit: 'new' })}
              >Add storage</wa-button
            >`
          : nothing
      }
    </stele-empty>`;
  }

  #pick(id: string): void {
    localStorage.setItem(remembered, id);
    this.usage = undefined;
    this.go(targetOf({ ...placeOf(this.route), storage: id, path: '', shown: undefined }));
  }

  #manage(event: Event, storage: Storage | undefined): void {
    const button = event.currentTarget as HTMLElement;
    const { right, bottom } = button.getBoundingClientRect();
    const add: MenuItem[] = this.#mayAdd
      ? [{ title: 'Add storage…', icon: 'plus', run: () => this.setQuery({ edit: 'new' }) }]
      : [];
    const change: MenuItem[] = storage?.rights.change
      ? [
          { title: 'Check', icon: 'refresh', run: () => void this.#check(storage) },
          { title: `Edit “${short(storage.name)}”…`, icon: 'pen', run: () => this.setQuery({ edit: storage.id }) },
          {
            title: `Remove “${short(storage.name)}”…`,
            icon: 'trash',
            isDangerous: true,
            run: () => void this.#remove(storage),
          },
        ]
      : [];
    const menu = [...this.renderRoot.children].find(({ localName }) => localName.startsWith('file-menu-')) as
      FileMenu | undefined;
    void menu?.show([add, change], { x: right - 220, y: bottom + 4 }, button);
  }

  async #remove(storage: Storage): Promise<void> {
    const isSure = await confirm({
      title: `Remove “${storage.name}”?`,
      text: 'It is no longer listed, and new tasks don’t mount it. Its files stay where they are.',
      action: 'Remove',
      dangerous: true,
    });
    if (
      !isSure ||
      !(await this.run(`“${storage.name}” could not be removed`, () => this.api.delete(`/storages/${storage.id}`)))
    )
      return;
    this.#list.remove(storage.id);
    this.usage = undefined;
    this.go({}, { replace: true });
    this.host.toasts.show({ text: `“${storage.name}” is removed. Its files are still there.`, tone: 'done' });
  }

  #saved(storage: Storage): void {
    this.#list.put(storage);
    if (this.route.query.get('edit') === 'new') this.go({ path: [storage.id] }, { replace: true });
    else this.setQuery({ edit: undefined }, { replace: true });
    if (storage.rights.use) void this.#check(storage);
  }

  /** Says what is wrong with a storage, if anything is, to who sets it up. */
  async #check({ id, name }: Storage): Promise<void> {
    await this.run(`“${name}” could not be checked`, async () => {
      const path = `/storages/${id}/check`;
      const { ok, reason = '' } = await this.api.post<CheckResult>(path, undefined, { signal: this.signal });
      const text = ok ? `“${name}” opens.` : `“${name}” does not open. ${reason}`;
      this.host.toasts.show({ text, tone: ok ? 'done' : 'problem' });
    });
  }

  #listen(): Unsubscribe[] {
    return [
      this.events.on('resource', ({ kind, id, gone }) => {
        if (kind !== 'storage') return;
        if (gone) this.#list.remove(id);
        else void this.#readOne(id);
      }),
      this.events.on('resync', () => void this.#list.refresh()),
    ];
  }

  async #readOne(id: string): Promise<void> {
    try {
      this.#list.put(await this.api.get<Storage>(`/storages/${id}`, { signal: this.signal }));
    } catch (error) {
      // It may have gone meanwhile, or be hidden now: the list knows.
      if (!isAbort(error)) await this.#list.refresh();
    }
  }
}

function short(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
