import { ContextConsumer } from '@lit/context';
import type { FileItem, FileList } from '@stele/sdk/api';
import { baseStyles, hostContext, isAbort } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { crumbsOf, isUselessMove, isWithin, nameOf } from '../model/paths.ts';

/** What a folder is chosen for. */
export interface FolderQuestion {
  readonly title: string;
  readonly verb: string;
  readonly storage: { readonly id: string; readonly name: string };
  readonly start: string;
  /** What goes there: not into itself. */
  readonly paths: readonly string[];
  /** Whether the folder where they are now may be chosen. */
  readonly mayStay: boolean;
  readonly choose: (folder: string) => void;
}

/** Lets the user walk to a folder. */
export class FolderDialog extends LitElement {
  static override properties: PropertyDeclarations = {
    question: { state: true },
    isOpen: { state: true },
    path: { state: true },
    folders: { state: true },
    problem: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      nav {
        margin-block-end: var(--stele-space-3);
      }
      nav ol {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
      }
      .list {
        block-size: min(18rem, 45vh);
        padding: var(--stele-space-1);
        overflow: auto;
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
      }
      button {
        max-inline-size: 100%;
        padding: 6px 10px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover:enabled {
        background: var(--stele-hover);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      li button {
        display: flex;
        gap: var(--stele-space-3);
        align-items: center;
        inline-size: 100%;
      }
      button:disabled {
        opacity: 0.5;
      }
      .folder {
        color: var(--stele-accent);
      }
      .none {
        padding: var(--stele-space-4);
      }
      nav button {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare private question: FolderQuestion | undefined;
  declare private isOpen: boolean;
  declare private path: string;
  declare private folders: readonly FileItem[] | undefined;
  declare private problem: unknown;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #reading: AbortController | undefined;

  ask(question: FolderQuestion): void {
    this.question = question;
    this.isOpen = true;
    void this.#walk(question.start);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
  }

  override render(): TemplateResult {
    const { question } = this;
    const isUseless = !question || (isUselessMove(question.paths, this.path) && !this.#isStay);
    return html`<stele-dialog label=${question?.title ?? ''} .open=${this.isOpen} @close=${() => (this.isOpen = false)}>
      ${question && this.isOpen ? this.#body(question) : nothing}
      <wa-button slot="footer" appearance="plain" @click=${() => (this.isOpen = false)}>Cancel</wa-button>
      <wa-button slot="footer" variant="brand" ?disabled=${isUseless} @click=${this.#choose}
        >${question?.verb ?? ''} here</wa-button
      >
    </stele-dialog>`;
  }

  get #isStay(): boolean {
    const { question } = this;
    return question !== undefined && question.mayStay && !question.paths.some((path) => isWithin(this.path, path));
  }

  #body({ storage, paths }: FolderQuestion): TemplateResult {
    return html`<nav aria-label="Where to">
        <ol>
          <li><button @click=${() => this.#walk('')}>${storage.name}</button></li>
          ${crumbsOf(this.path).map(
            ({ name, path }) =>
              html`<li class="row">
                <stele-icon class="quiet" name="chevron-right"></stele-icon
                ><button dir="auto" @click=${() => this.#walk(path)}>${name}</button>
              </li>`,
          )}
        </ol>
      </nav>
      <div class="list">
        ${this.problem !== undefined ? html`<stele-error what="This folder could not be read" .error=${this.problem}></stele-error>` : nothing}
        ${this.folders?.length === 0 ? html`<p class="none quiet">No folders in here.</p>` : nothing}
        <ul>
          ${(this.folders ?? []).map(
            ({ name, path }) =>
              html`<li>
                <button ?disabled=${paths.includes(path)} @click=${() => this.#walk(path)}>
                  <stele-icon class="folder" name="folder"></stele-icon><span class="cut grow" dir="auto">${name}</span>
                  <stele-icon class="quiet" name="chevron-right"></stele-icon>
                </button>
              </li>`,
          )}
        </ul>
      </div>
      <p class="visually-hidden" role="status">${nameOf(this.path)}</p>`;
  }

  async #walk(path: string): Promise<void> {
    const api = this.#host.value?.api;
    const storage = this.question?.storage.id;
    if (!api || storage === undefined) return;
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    this.path = path;
    this.problem = undefined;
    try {
      // Folders come first: one page shows as many as anybody looks through.
      const page = await api.get<FileList>(`/storages/${storage}/files`, {
        query: { path, limit: 1000 },
        signal: reading.signal,
      });
      this.folders = page.items.filter(({ kind }) => kind === 'folder');
    } catch (error) {
      if (isAbort(error)) return;
      this.folders = undefined;
      this.problem = error;
    }
  }

  #choose(): void {
    this.isOpen = false;
    this.question?.choose(this.path);
  }
}
