import { baseStyles, ownElement, type SteleForm } from '@stele/sdk/web';
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { StaticValue } from 'lit/static-html.js';

/** What a form holds when it is sent. */
export type FormValue = Readonly<Record<string, unknown>>;

/**
 * A dialog that asks for a few values and sends them. It stays open, with the server's words beside the field, until
 * `send` has worked; then, and when the user leaves it, it fires `close`.
 */
class FormDialog extends LitElement {
  static override properties: PropertyDeclarations = {
    label: {},
    action: {},
    open: { type: Boolean },
    schema: { attribute: false },
    start: { attribute: false },
    kept: { attribute: false },
    prefix: {},
    send: { attribute: false },
    problem: { state: true },
    isSending: { state: true },
    given: { state: true },
  };
  static override styles = baseStyles;

  declare label: string;
  /** The verb on the button. */
  declare action: string;
  declare open: boolean;
  declare schema: object;
  /** What the fields start with, at each opening. */
  declare start: FormValue | undefined;
  /** Secrets that the server has, as `stele-form` takes them. */
  declare kept: ReadonlySet<string>;
  /** What stands before the fields in the server’s words about them. */
  declare prefix: string;
  declare send: (value: FormValue) => Promise<void>;
  declare private problem: unknown;
  declare private isSending: boolean;
  declare private given: FormValue;

  constructor() {
    super();
    this.given = {};
    this.kept = new Set();
    this.prefix = '';
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('open') || !this.open) return;
    this.given = { ...this.start };
    this.problem = undefined;
  }

  override render(): TemplateResult {
    return html`<stele-dialog label=${this.label} .open=${this.open} @close=${this.#close}>
      <stele-form
        autofocus
        .schema=${this.schema}
        .start=${this.given}
        .problem=${this.problem}
        .kept=${this.kept}
        .prefix=${this.prefix}
        ?disabled=${this.isSending}
        @submit=${this.#submit}
      ></stele-form>
      <wa-button slot="footer" appearance="plain" @click=${this.#close}>Cancel</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.isSending} @click=${() => this.#form?.submit()}
        >${this.action}</wa-button
      >
    </stele-dialog>`;
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  async #submit(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    this.problem = undefined;
    try {
      await this.send(this.#form?.value ?? {});
      this.#close();
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }

  #close(): void {
    this.dispatchEvent(new Event('close'));
  }
}

/** Tag of the dialog. */
export const formDialog: StaticValue = ownElement('account-form-dialog', FormDialog);
