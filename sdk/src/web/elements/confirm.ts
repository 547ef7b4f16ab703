import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { defineOnce } from '../define.ts';
import { baseStyles, controlStyles } from '../styles.ts';
import './overlays.ts';

/** What is asked. */
export interface Question {
  /** The question, naming the thing: `Delete “results”?` */
  readonly title: string;
  /** What it means: what is lost, who else is touched. */
  readonly text: string;
  /** The verb on the button: `Delete`. */
  readonly action: string;
  /** Whether something is lost. Default false. */
  readonly dangerous?: boolean;
  /** Only where data dies: what has to be typed before the button can be pressed. */
  readonly typed?: string;
}

/**
 * Asks before something that can't be undone. Where something is lost, Enter alone does nothing: the focus is on Cancel.
 * @returns whether the user said yes
 */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const element = new SteleConfirm();
    element.question = question;
    element.answer = resolve;
    document.body.append(element);
  });
}

class SteleConfirm extends LitElement {
  static override properties: PropertyDeclarations = { isOpen: { state: true }, typed: { state: true } };
  static override styles = [baseStyles, controlStyles];

  question: Question = { title: '', text: '', action: '' };
  answer: (isYes: boolean) => void = () => undefined;
  declare private isOpen: boolean;
  declare private typed: string;

  constructor() {
    super();
    this.isOpen = true;
    this.typed = '';
  }

  override render(): TemplateResult {
    const { title, text, action, dangerous, typed } = this.question;
    const isHeld = typed !== undefined && this.typed !== typed;
    return html`<stele-dialog label=${title} .open=${this.isOpen} @close=${() => this.#close(false)}>
      <form id="ask" class="stack" @submit=${this.#submit}>
        <p>${text}</p>
        ${typed === undefined ? nothing : this.#typing(typed)}
      </form>
      <wa-button
        slot="footer"
        appearance="plain"
        ?autofocus=${dangerous === true && typed === undefined}
        @click=${() => this.#close(false)}
        >Cancel</wa-button
      >
      <wa-button
        slot="footer"
        variant=${dangerous ? 'danger' : 'brand'}
        ?disabled=${isHeld}
        ?autofocus=${!dangerous && typed === undefined}
        @click=${() => this.#close(true)}
        >${action}</wa-button
      >
    </stele-dialog>`;
  }

  #typing(typed: string): TemplateResult {
    return html`<div class="field">
      <label for="typed">Type <strong>${typed}</strong> to go on</label>
      <input
        id="typed"
        autocomplete="off"
        autofocus
        @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
      />
    </div>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.question.typed === undefined || this.typed === this.question.typed) this.#close(true);
  }

  #close(isYes: boolean): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.answer(isYes);
    // The dialog gives the focus back when it has closed; then nobody needs this element any more.
    setTimeout(() => this.remove(), 500);
  }
}

defineOnce('stele-confirm', SteleConfirm);
