import { titleOf, wordsLocale, type SteleForm } from '@stele/sdk/web';
import { css, html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { Section } from './section.ts';

const locales = [
  'en',
  'en-GB',
  'cs',
  'da',
  'de',
  'el',
  'es',
  'fi',
  'fr',
  'hu',
  'it',
  'ja',
  'ko',
  'nb',
  'nl',
  'pl',
  'pt',
  'ro',
  'sv',
  'tr',
  'uk',
  'zh',
];

/** Who one is. */
export class ProfileSection extends Section {
  static override properties: PropertyDeclarations = { problem: { state: true }, isSending: { state: true } };
  static override styles = [
    Section.styles,
    css`
      dl {
        display: grid;
        grid-template-columns: minmax(7rem, auto) minmax(0, 1fr);
        gap: var(--stele-space-2) var(--stele-space-4);
      }
      dt {
        color: var(--stele-text-quiet);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare private problem: unknown;
  declare private isSending: boolean;
  #schema: object | undefined;
  #start: object | undefined;

  override render(): TemplateResult {
    const { user } = this.host.session;
    this.#schema ??= schemaFor(user.timezone, user.locale);
    this.#start ??= { name: user.name, timezone: user.timezone, locale: user.locale };
    return html`<section>
        <h2>Profile</h2>
        <div class="form">
          <stele-form
            .schema=${this.#schema}
            .start=${this.#start}
            .problem=${this.problem}
            ?disabled=${this.isSending}
            @submit=${this.#save}
          ></stele-form>
          <div>
            <wa-button variant="brand" ?loading=${this.isSending} @click=${() => this.#form?.submit()}>Save</wa-button>
          </div>
        </div>
      </section>
      <section>
        <h2>Account</h2>
        <dl>
          <dt>E-mail</dt>
          <dd>${user.email}</dd>
          <dt>User name</dt>
          <dd class="mono">${user.username}</dd>
          <dt>Role</dt>
          <dd>${roleWords[user.role]}</dd>
          <dt>Vouched for by</dt>
          <dd>${user.provider === undefined ? 'This platform' : titleOf(user.provider)}</dd>
        </dl>
      </section>`;
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  async #save(): Promise<void> {
    const { name, timezone, locale } = this.#form?.value ?? {};
    this.isSending = true;
    this.problem = undefined;
    try {
      await this.host.api.patch('/me', { name, timezone, locale });
      await this.host.session.refresh();
      this.host.toasts.show({ text: 'Your profile is saved.', tone: 'done' });
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }
}

/** Roles in words. */
export const roleWords = { standard: 'Standard', power: 'Power user', admin: 'Administrator' } as const;

function schemaFor(timezone: string, locale: string): object {
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), timezone])];
  const names = new Intl.DisplayNames(wordsLocale(), { type: 'language' });
  const languages = [...new Set([...locales, locale])];
  return {
    type: 'object',
    required: ['name', 'timezone', 'locale'],
    properties: {
      name: { type: 'string', title: 'Name', minLength: 1, maxLength: 200, 'x-autocomplete': 'name' },
      timezone: { title: 'Time zone', oneOf: zones.map((zone) => ({ const: zone, title: zone.replaceAll('_', ' ') })) },
      locale: {
        title: 'Language',
        description: 'How dates, times and numbers are written.',
        oneOf: languages.map((code) => ({ const: code, title: names.of(code) ?? code })),
      },
    },
  };
}
