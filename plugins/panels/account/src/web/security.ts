import type { ApiTokenItem, SessionItem } from '@stele/sdk/api';
import { ApiProblem, confirm, formatExact, LiveList, ownElement, plural, type SteleForm } from '@stele/sdk/web';
import { nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { deviceOf, isHandheld } from './device.ts';
import { Section } from './section.ts';
import { WaysInSection } from './ways-in.ts';

const waysIn = ownElement('account-ways-in', WaysInSection);

const secret = { type: 'string', 'x-secret': true, maxLength: 1024 };

/** Asked of who has some: whoever knew the password may have made one, and it works on without it. */
const endTokens = {
  type: 'boolean',
  title: 'Revoke my API tokens, too',
  description: 'Programs that use them stop working. Do it if somebody else may know your password.',
  default: false,
};

/** Password, and where one is logged in. */
export class SecuritySection extends Section {
  static override properties: PropertyDeclarations = {
    problem: { state: true },
    isSending: { state: true },
    start: { state: true },
  };

  declare private problem: unknown;
  declare private isSending: boolean;
  declare private start: object;
  readonly #sessions = new LiveList<SessionItem>(this, {
    load: (signal) => this.host.api.all<SessionItem>('/sessions', { signal }),
    listen: () => [],
  });
  readonly #tokens = new LiveList<ApiTokenItem>(this, {
    load: (signal) => this.host.api.all<ApiTokenItem>('/tokens', { signal }),
    listen: () => [],
  });
  #schemas = new Map<string, object>();

  constructor() {
    super();
    this.start = {};
  }

  override render(): TemplateResult {
    const { keepsPassword } = this.host.session.user;
    return html`${keepsPassword ? this.#password() : nothing}<${waysIn}></${waysIn}>${this.#list()}`;
  }

  #password(): TemplateResult {
    const { hasPassword } = this.host.session.user;
    return html`<section>
      <div class="top">
        <div>
          <h2>Password</h2>
          <p>
            ${
              hasPassword
                ? 'Changing it logs you out everywhere else.'
                : 'You have none yet: you came in by a log-in link, or by another provider. With one you can log in with your e-mail.'
            }
          </p>
        </div>
      </div>
      <div class="form">
        <stele-form
          .schema=${this.#schema(hasPassword, hasPassword && this.#tokens.items.length > 0)}
          .start=${this.start}
          .problem=${this.problem}
          ?disabled=${this.isSending}
          @submit=${this.#save}
        ></stele-form>
        <div>
          <wa-button variant="brand" ?loading=${this.isSending} @click=${() => this.#form?.submit()}>
            ${hasPassword ? 'Change password' : 'Set password'}
          </wa-button>
        </div>
      </div>
    </section>`;
  }

  #schema(hasPassword: boolean, hasTokens: boolean): object {
    const key = `${hasPassword}/${hasTokens}`;
    const known = this.#schemas.get(key);
    if (known) return known;
    const schema = {
      type: 'object',
      required: [...(hasPassword ? ['current'] : []), 'password', 'again'],
      properties: {
        ...(hasPassword ? { current: { ...secret, title: 'Password now', 'x-autocomplete': 'current-password' } } : {}),
        password: {
          ...secret,
          title: 'New password',
          minLength: 10,
          description: 'At least 10 characters; a few words are best.',
        },
        again: { ...secret, title: 'New password again' },
        ...(hasTokens ? { endTokens } : {}),
      },
    };
    this.#schemas.set(key, schema);
    return schema;
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  async #save(): Promise<void> {
    const { current, password, again, endTokens: ends } = this.#form?.value ?? {};
    this.problem = undefined;
    if (password !== again) {
      this.problem = new ApiProblem({
        status: 0,
        code: 'INVALID',
        detail: 'The two new passwords differ.',
        field: 'again',
      });
      return;
    }
    this.isSending = true;
    try {
      await this.host.api.put('/me/password', {
        ...(current === undefined ? {} : { current }),
        password,
        ...(ends === true ? { endTokens: true } : {}),
      });
      // The server has begun a new session: its token for writes is another.
      await this.host.session.refresh();
      this.start = {};
      const andTokens = ends === true ? ', and your API tokens are revoked' : '';
      this.host.toasts.show({
        text: `Your password is set. You are logged out everywhere else${andTokens}.`,
        tone: 'done',
      });
      await Promise.all([this.#sessions.refresh(), this.#tokens.refresh()]);
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }

  #list(): TemplateResult {
    const { items } = this.#sessions;
    const others = items.filter(({ current }) => !current);
    return html`<section>
      <div class="top">
        <div>
          <h2>Sessions</h2>
          <p>Browsers in which you are logged in.</p>
        </div>
        ${others.length > 0 ? html`<wa-button appearance="outlined" @click=${() => this.#endAll(others)}>Log out everywhere else</wa-button>` : nothing}
      </div>
      ${
        this.insteadOf(this.#sessions, 'your sessions') ??
        html`<ul class="card list">
          ${items.toSorted(byUse).map((session) => this.#row(session))}
        </ul>`
      }
    </section>`;
  }

  #row(session: SessionItem): TemplateResult {
    const device = deviceOf(session.userAgent);
    return html`<li class="line">
      <stele-icon name=${isHandheld(session.userAgent) ? 'phone' : 'desktop'}></stele-icon>
      <div>
        <div class="row">
          <span class="name" title=${session.userAgent ?? nothing}>${device}</span>
          ${session.current ? html`<span class="tag here">This one</span>` : nothing}
        </div>
        <p class="quiet small">
          ${session.current ? 'Used now' : html`Used <stele-time at=${session.lastUsedAt}></stele-time>`}${
            session.address ? html` · <bdi>${session.address}</bdi>` : nothing
          }
          ·
          <span title=${formatExact(new Date(session.expiresAt))}
            >ends <stele-time at=${session.expiresAt}></stele-time
          ></span>
        </p>
      </div>
      ${
        session.current
          ? html`<span></span>`
          : html`<wa-button
              appearance="outlined"
              size="s"
              aria-label="Log out ${device}"
              @click=${() => this.#end(session)}
              >Log out</wa-button
            >`
      }
    </li>`;
  }

  async #end({ id, userAgent }: SessionItem): Promise<void> {
    const isDone = await this.run('The session could not be ended', () => this.host.api.delete(`/sessions/${id}`));
    if (!isDone) return;
    this.#sessions.remove(id);
    this.host.toasts.show({ text: `${deviceOf(userAgent)} is logged out.`, tone: 'done' });
  }

  async #endAll(others: readonly SessionItem[]): Promise<void> {
    const text = `${plural(others.length, 'other session ends', 'other sessions end')} at once; open tasks there are cut off from their page, but keep running.`;
    if (!(await confirm({ title: 'Log out everywhere else?', text, action: 'Log out' }))) return;
    const isDone = await this.run('Not every session could be ended', async () => {
      for (const { id } of others) {
        await this.host.api.delete(`/sessions/${id}`);
        this.#sessions.remove(id);
      }
    });
    if (isDone) this.host.toasts.show({ text: 'You are logged out everywhere else.', tone: 'done' });
  }
}

function byUse(a: SessionItem, b: SessionItem): number {
  return Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt);
}
