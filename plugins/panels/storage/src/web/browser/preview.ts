import { ContextConsumer } from '@lit/context';
import type { FileItem } from '@stele/sdk/api';
import {
  baseStyles,
  formatBytes,
  formatExact,
  hostContext,
  isAbort,
  problemFrom,
  type ApiClient,
} from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { extensionOf, iconOf, kindOf } from '../model/sort.ts';
import { isText } from '../model/text.ts';

const imageTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
};
const largestImage = 40_000_000;
const longestText = 200_000;

type Content =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'none'; readonly why: string };

/** A file at the side. Its bytes become text or a picture in memory: the browser never opens it as a page of ours. */
export class FilePreview extends LitElement {
  static override properties: PropertyDeclarations = {
    storage: {},
    item: { attribute: false },
    content: { state: true },
    problem: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      .frame {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-4);
      }
      .content {
        display: grid;
        place-items: center;
        min-block-size: 12rem;
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
        background: var(--stele-sunken);
        overflow: hidden;
      }
      img {
        max-inline-size: 100%;
        max-block-size: 60vh;
        object-fit: contain;
      }
      pre {
        place-self: stretch;
        max-block-size: 60vh;
        padding: var(--stele-space-3);
        overflow: auto;
        font-size: var(--stele-size-s);
        line-height: 1.5;
        white-space: pre-wrap;
        tab-size: 4;
      }
      .none {
        display: grid;
        justify-items: center;
        gap: var(--stele-space-3);
        padding: var(--stele-space-6);
        color: var(--stele-text-quiet);
        text-align: center;
      }
      .none stele-icon {
        font-size: 32px;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--stele-space-1) var(--stele-space-4);
      }
      dt {
        color: var(--stele-text-quiet);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare storage: string;
  declare item: FileItem | undefined;
  declare private content: Content | undefined;
  declare private problem: unknown;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #reading: AbortController | undefined;
  #shown = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
    this.#shown = '';
  }

  override willUpdate(): void {
    const { item } = this;
    const shown = item ? `${this.storage}/${item.path}@${item.modifiedAt ?? ''}/${item.size}` : '';
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#forget();
    if (item) void this.#read(item);
  }

  override render(): TemplateResult | typeof nothing {
    const { item } = this;
    if (!item) return nothing;
    return html`<div class="frame">
      <div class="content">${this.#picture(item)}</div>
      <dl class="small numbers">
        <dt>Kind</dt>
        <dd>${kindOf(item)}</dd>
        ${
          item.kind === 'folder'
            ? nothing
            : html`<dt>Size</dt>
                <dd>${formatBytes(item.size)}</dd>`
        }
        ${
          item.modifiedAt === undefined
            ? nothing
            : html`<dt>Changed</dt>
                <dd>${formatExact(new Date(item.modifiedAt))}</dd>`
        }
        ${
          item.mode === undefined
            ? nothing
            : html`<dt>Rights</dt>
                <dd class="mono">${(item.mode & 0o7777).toString(8).padStart(4, '0')}</dd>`
        }
      </dl>
    </div>`;
  }

  #picture(item: FileItem): TemplateResult {
    if (this.problem !== undefined)
      return html`<stele-error what="It could not be read" .error=${this.problem}></stele-error>`;
    if (!this.content)
      return html`<stele-loading what="the file"><stele-icon name="loader"></stele-icon></stele-loading>`;
    if (this.content.kind === 'image') {
      return html`<img src=${this.content.url} alt=${item.name} @error=${() => this.#unreadable()} />`;
    }
    if (this.content.kind === 'none') {
      return html`<div class="none">
        <stele-icon name=${iconOf(item)}></stele-icon>
        <p>${this.content.why}</p>
      </div>`;
    }
    const { text, isCut } = this.content;
    return html`<pre tabindex="0" dir="auto" aria-label="Contents of ${item.name}">${text}${isCut ? '\n…' : ''}</pre>`;
  }

  async #read(item: FileItem): Promise<void> {
    const api = this.#host.value?.api;
    if (!api) return;
    const reading = (this.#reading = new AbortController());
    try {
      const content = await contentOf(api, this.storage, item, reading.signal);
      if (reading === this.#reading) this.content = content;
      else if (content.kind === 'image') URL.revokeObjectURL(content.url);
    } catch (error) {
      if (reading === this.#reading && !isAbort(error)) this.problem = error;
    }
  }

  #unreadable(): void {
    this.#forget();
    this.content = {
      kind: 'none',
      why: 'This picture can’t be shown: it is broken, or of a kind that the browser doesn’t know.',
    };
  }

  #forget(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    if (this.content?.kind === 'image') URL.revokeObjectURL(this.content.url);
    this.content = undefined;
    this.problem = undefined;
  }
}

async function contentOf(api: ApiClient, storage: string, item: FileItem, signal: AbortSignal): Promise<Content> {
  if (item.kind === 'folder') return { kind: 'none', why: 'A folder. Press Enter to open it.' };
  if (item.kind !== 'file')
    return { kind: 'none', why: 'This can’t be shown: it leads out of the storage, or is not a file.' };
  if (item.size === 0) return { kind: 'none', why: 'The file is empty.' };
  const type = imageTypes[extensionOf(item.name)];
  if (type !== undefined && item.size <= largestImage)
    return { kind: 'image', url: await imageUrl(api, storage, item, type, signal) };
  return textOf(api, storage, item, signal);
}

async function imageUrl(
  api: ApiClient,
  storage: string,
  { path }: FileItem,
  type: string,
  signal: AbortSignal,
): Promise<string> {
  const answer = await fetch(api.url(`/storages/${storage}/content`, { path }), { signal, credentials: 'same-origin' });
  if (!answer.ok) throw problemFrom(answer.status, await answer.text());
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }));
}

async function textOf(api: ApiClient, storage: string, { path }: FileItem, signal: AbortSignal): Promise<Content> {
  let text = '';
  for await (const part of api.text(`/storages/${storage}/content`, { query: { path }, signal })) {
    text += part;
    if (text.includes('\0') || text.length > longestText) break;
  }
  if (!isText(text)) return { kind: 'none', why: 'This is not text or a picture. Download it to open it.' };
  return { kind: 'text', text: text.slice(0, longestText), isCut: text.length > longestText };
}
