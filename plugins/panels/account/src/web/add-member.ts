import type { Group, UserItem } from '@stele/sdk/api';
import { baseStyles, controlStyles, ownElement, wordsOf, type ApiClient } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { StaticValue } from 'lit/static-html.js';

/**
 * The line that adds somebody to a group by their e-mail: managers don't see who else is here; administrators are offered
 * everybody while they type. Fires `added`, a CustomEvent of the group.
 */
class AddMember extends LitElement {
  static override properties: PropertyDeclarations = {
    api: { attribute: false },
    group: { attribute: false },
    people: { attribute: false },
    problem: { state: true },
    isSending: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 8rem auto;
        gap: var(--stele-space-2);
        align-items: center;
        padding: var(--stele-space-3) var(--stele-space-4);
      }
      .wrong {
        grid-column: 1 / -1;
      }
      @media (max-width: 479px) {
        form {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        input {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare api: ApiClient;
  declare group: Group;
  /** Who can be offered; empty for who may not see everybody. */
  declare people: readonly UserItem[];
  declare private problem: unknown;
  declare private isSending: boolean;

  override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#submit}>
      <input
        name="email"
        type="email"
        list="people"
        autocomplete="off"
        spellcheck="false"
        placeholder="E-mail of who joins"
        aria-label="E-mail of who joins ${this.group.name}"
        aria-invalid=${this.problem ? 'true' : 'false'}
        aria-describedby="wrong"
        @input=${() => (this.problem = undefined)}
      />
      <datalist id="people">
        ${this.#outside.map(({ email, name }) => html`<option value=${email}>${name}</option>`)}
      </datalist>
      <select name="role" aria-label="Role of who joins ${this.group.name}">
        <option value="member" selected>Member</option>
        <option value="manager">Manager</option>
      </select>
      <wa-button appearance="outlined" type="submit" ?loading=${this.isSending}>Add</wa-button>
      ${
        this.problem
          ? html`<div class="wrong" id="wrong" role="alert">
              <stele-icon name="triangle-alert"></stele-icon><span>${wordsOf(this.problem).detail}</span>
            </div>`
          : nothing
      }
    </form>`;
  }

  get #outside(): readonly UserItem[] {
    const inside = new Set(this.group.members.map(({ id }) => id));
    return this.people.filter(({ id, isDisabled }) => !inside.has(id) && !isDisabled);
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { email, role } = Object.fromEntries(new FormData(form));
    const input = form.elements.namedItem('email') as HTMLInputElement;
    if (typeof email !== 'string' || email.trim() === '') return input.focus();
    this.isSending = true;
    this.problem = undefined;
    try {
      const detail = await this.api.post<Group>(`/groups/${this.group.id}/members`, { email: email.trim(), role });
      form.reset();
      this.dispatchEvent(new CustomEvent('added', { detail }));
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
    input.focus();
  }
}

/** Tag of the line. */
export const addMember: StaticValue = ownElement('account-add-member', AddMember);
