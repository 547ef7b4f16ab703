import { ContextConsumer } from '@lit/context';
import type { FileItem, FileList } from '@stele/sdk/api';
import { baseStyles, controlStyles, formatBytes, hostContext, isAbort } from '@stele/sdk/web';
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { placeStyles } from './place-styles.ts';
import type { Place } from './wish.ts';

/** What a place is chosen for. */
export interface PlaceQuestion {
  readonly title: string;
  /** On the button that takes the folder where the user is. */
  readonly verb: string;
  readonly storages: readonly { readonly id: string; readonly name: string }[];
  /** Whether a file may be chosen as well. */
  readonly files: boolean;
  readonly choose: (place: Place) => void;
}

const pageSize = 500;

/** Lets the user walk through storages to a folder, or to a file. */
export class PlaceDialog extends LitElement {
  static override properties: PropertyDeclarations = {
    question: { state: true },
    isOpen: { state: true },
    storage: { state: true },
    path: { state: true },
    items: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static override styles = [baseStyles, controlStyles, placeStyles];

  declare private question: PlaceQuestion | undefined;
  declare private isOpen: boolean;
  declare private storage: string;
  declare private path: string;
  /** `undefined` while they are read. */
  declare private items: readonly FileItem[] | undefined;
  declare private next: string | undefined;
  declare private problem: unknown;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #reading: AbortController | undefined;

  ask(question: PlaceQuestion): void {
    this.question = question;
    this.isOpen = true;
    // Where the user was the last time, if that is still among them.
    const isKnown = question.storages.some(({ id }) => id === this.storage);
    void this.#walk(isKnown ? this.storage : (question.storages[0]?.id ?? ''), isKnown ? this.path : '');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
  }

  override render(): TemplateResult {
    const { question } = this;
    return html`<stele-dialog label=${question?.title ?? ''} .open=${this.isOpen} @close=${this.#close}>
      ${question && this.isOpen ? this.#body(question) : nothing}
      <wa-button slot="footer" appearance="plain" @click=${this.#close}>Cancel</wa-button>
      <wa-button
        slot="footer"
        variant="brand"
        ?disabled=${this.items === undefined}
        @click=${() => this.#choose(this.path)}
        >${question?.verb ?? ''}</wa-button
      >
    </stele-dialog>`;
  }

  #body(question: PlaceQuestion): TemplateResult {
    return html`${question.storages.length > 1 ? this.#storageField(question) : nothing} ${this.#crumbs(question)}
      <div class="list" role="group" aria-label="In this folder" aria-busy=${this.#isReading ? 'true' : 'false'}>
        ${this.#content(question)}
      </div>
      <p class="quiet small">
        ${
          question.files
            ? 'Choose a file, or walk into a folder and bring in all of it.'
            : 'What the task leaves goes into a folder of its own in here.'
        }
      </p>
      <p class="visually-hidden" role="status">${this.#said(question)}</p>`;
  }

  #storageField({ storages }: PlaceQuestion): TemplateResult {
    return html`<div class="field">
      <label for="storage">Storage</label>
      <select id="storage" @change=${(event: Event) => this.#walk((event.target as HTMLSelectElement).value, '')}>
        ${storages.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.storage}>${name}</option>`)}
      </select>
    </div>`;
  }

  #crumbs(question: PlaceQuestion): TemplateResult {
    const parts = this.path === '' ? [] : this.path.split('/');
    const crumb = (name: string, path: string, isLast: boolean): TemplateResult =>
      html`<button
        type="button"
        dir="auto"
        aria-current=${isLast ? 'location' : nothing}
        @click=${() => this.#walk(this.storage, path)}
      >
        ${name}
      </button>`;
    return html`<nav aria-label="Folder">
      <ol>
        <li>${crumb(this.#nameOf(question), '', parts.length === 0)}</li>
        ${parts.map(
          (name, index) =>
            html`<li class="row">
              <stele-icon class="quiet" name="chevron-right"></stele-icon>
              ${crumb(name, parts.slice(0, index + 1).join('/'), index === parts.length - 1)}
            </li>`,
        )}
      </ol>
    </nav>`;
  }

  #content(question: PlaceQuestion): TemplateResult {
    if (this.problem !== undefined) {
      return html`<stele-error
        what="This folder could not be read"
        .error=${this.problem}
        retryable
        @retry=${() => this.#walk(this.storage, this.path)}
      ></stele-error>`;
    }
    if (!this.items) return html`${[1, 2, 3].map(() => html`<stele-skeleton class="entry"></stele-skeleton>`)}`;
    const shown = this.items.filter(({ kind }) => kind === 'folder' || (question.files && kind === 'file'));
    if (shown.length === 0) {
      return html`<p class="none quiet">${question.files ? 'This folder is empty.' : 'No folders in here.'}</p>`;
    }
    return html`<ul>
        ${shown.map((item) => html`<li>${this.#entry(item)}</li>`)}
      </ul>
      ${this.next === undefined ? nothing : html`<button type="button" class="more" @click=${this.#more}>Show more</button>`}`;
  }

  #entry({ name, path, kind, size }: FileItem): TemplateResult {
    const isFolder = kind === 'folder';
    const act = (): void => (isFolder ? void this.#walk(this.storage, path) : this.#choose(path, true));
    return html`<button type="button" class="entry" @click=${act}>
      <stele-icon class=${isFolder ? 'folder' : 'quiet'} name=${isFolder ? 'folder' : 'file'}></stele-icon>
      <span class="cut grow" dir="auto">${name}</span>
      ${
        isFolder
          ? html`<stele-icon class="quiet" name="chevron-right"></stele-icon>`
          : html`<span class="quiet small numbers">${formatBytes(size)}</span>`
      }
    </button>`;
  }

  get #isReading(): boolean {
    return this.items === undefined && this.problem === undefined;
  }

  #nameOf({ storages }: PlaceQuestion): string {
    return storages.find(({ id }) => id === this.storage)?.name ?? '';
  }

  #said(question: PlaceQuestion): string {
    if (this.#isReading) return '';
    return this.path === '' ? this.#nameOf(question) : (this.path.split('/').at(-1) ?? '');
  }

  async #walk(storage: string, path: string): Promise<void> {
    this.#reading?.abort();
    this.#reading = new AbortController();
    this.storage = storage;
    this.path = path;
    this.items = undefined;
    this.next = undefined;
    this.problem = undefined;
    await this.#read(this.#reading.signal, undefined);
  }

  #more(): void {
    if (this.next !== undefined && this.#reading) void this.#read(this.#reading.signal, this.next);
  }

  async #read(signal: AbortSignal, cursor: string | undefined): Promise<void> {
    const { storage, path } = this;
    try {
      const query = { path, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.#host.value?.api.get<FileList>(`/storages/${storage}/files`, { query, signal });
      this.items = [...(this.items ?? []), ...(page?.items ?? [])];
      this.next = page?.next;
    } catch (error) {
      if (isAbort(error)) return;
      this.problem = error;
    }
  }

  #choose(path: string, isFile = false): void {
    this.question?.choose({ storage: this.storage, path, isFile });
    this.#close();
  }

  #close(): void {
    this.isOpen = false;
    this.#reading?.abort();
  }
}
