import { baseStyles, controlStyles, isApiProblem } from '@stele/sdk/web';
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { nameComplaint, splitName } from '../model/paths.ts';

/** What a name is asked for. */
export interface NameQuestion {
  readonly title: string;
  readonly action: string;
  readonly value: string;
  /** Does it with the name; what it throws is shown beside the field. */
  readonly submit: (name: string) => Promise<unknown>;
}

/** Asks for the name of a file or folder. */
export class NameDialog extends LitElement {
  static override properties: PropertyDeclarations = {
    question: { state: true },
    isOpen: { state: true },
    wrong: { state: true },
    isSending: { state: true },
  };
  static override styles = [baseStyles, controlStyles];

  declare private question: NameQuestion | undefined;
  declare private isOpen: boolean;
  declare private wrong: string | undefined;
  declare private isSending: boolean;

  async ask(question: NameQuestion): Promise<void> {
    this.question = question;
    this.wrong = undefined;
    this.isSending = false;
    this.isOpen = true;
    await this.updateComplete;
    const input = this.#input;
    if (!input) return;
    input.value = question.value;
    input.setSelectionRange(0, splitName(question.value)[0].length);
  }

  override render(): TemplateResult {
    const { title = '', action = '' } = this.question ?? {};
    return html`<stele-dialog label=${title} .open=${this.isOpen} @close=${() => (this.isOpen = false)}>
      <form @submit=${this.#submit}>
        <div class="field">
          <label for="name">Name</label>
          <input
            id="name"
            autofocus
            autocomplete="off"
            spellcheck="false"
            dir="auto"
            aria-invalid=${this.wrong === undefined ? 'false' : 'true'}
            aria-describedby="wrong"
            @input=${() => (this.wrong = undefined)}
          />
          ${
            this.wrong === undefined
              ? nothing
              : html`<div class="wrong" id="wrong" role="alert">
                  <stele-icon name="triangle-alert"></stele-icon><span>${this.wrong}</span>
                </div>`
          }
        </div>
        <button type="submit" hidden></button>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.isOpen = false)}>Cancel</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.isSending} @click=${this.#send}>${action}</wa-button>
    </stele-dialog>`;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  #submit(event: Event): void {
    event.preventDefault();
    void this.#send();
  }

  async #send(): Promise<void> {
    const name = this.#input?.value ?? '';
    this.wrong = nameComplaint(name);
    if (this.wrong !== undefined || !this.question || this.isSending) return this.#input?.focus();
    this.isSending = true;
    try {
      await this.question.submit(name);
      this.isOpen = false;
    } catch (error) {
      this.wrong = wordsFor(error, name);
      this.#input?.focus();
    } finally {
      this.isSending = false;
    }
  }
}

function wordsFor(error: unknown, name: string): string {
  if (isApiProblem(error) && error.code === 'CONFLICT') return `“${name}” is there already. Choose another name.`;
  return error instanceof Error ? error.message : String(error);
}
