import type { LogInLink, UserItem } from '@stele/sdk/api';
import { confirm, LiveList, matches } from '@stele/sdk/web';
import { css, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { formDialog, type FormValue } from './form-dialog.ts';
import { onceCard } from './once.ts';
import { roleWords } from './profile.ts';
import { Section } from './section.ts';

const roles = Object.entries(roleWords).map(([value, title]) => ({ const: value, title }));

const schema = {
  type: 'object',
  required: ['email', 'name', 'role'],
  properties: {
    email: { type: 'string', format: 'email', title: 'E-mail', maxLength: 254 },
    name: { type: 'string', title: 'Name', minLength: 1, maxLength: 200 },
    role: {
      title: 'Role',
      oneOf: roles,
      default: 'standard',
      description: 'Power users set task passwords and open ports beyond the web; administrators run the site.',
    },
  },
};

/** Everybody, for administrators. */
export class UsersSection extends Section {
  static override properties: PropertyDeclarations = {
    link: { state: true },
    isOpen: { state: true },
    search: { state: true },
  };
  static override styles = [
    Section.styles,
    css`
      .who {
        overflow-wrap: anywhere;
      }
      @media (max-width: 719px) {
        .line .does {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare private link: { readonly user: UserItem; readonly link: LogInLink } | undefined;
  declare private isOpen: boolean;
  declare private search: string;
  readonly #list = new LiveList<UserItem>(this, {
    load: (signal) => this.host.api.all<UserItem>('/users', { signal }),
    listen: () => [],
  });

  constructor() {
    super();
    this.search = '';
  }

  override render(): TemplateResult {
    return html`<section>
        <div class="top">
          <div>
            <h2>Users</h2>
            <p>Everybody who has an account here.</p>
          </div>
          <wa-button variant="brand" @click=${() => (this.isOpen = true)}
            ><stele-icon slot="start" name="plus"></stele-icon>Add user</wa-button
          >
        </div>
        ${this.link ? this.#once(this.link) : nothing}
        ${
          this.#list.items.length > 8
            ? html`<input
                type="search"
                placeholder="Search users"
                aria-label="Search users"
                @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
              />`
            : nothing
        }
        ${this.#content()}
      </section>
      <${formDialog}
        label="Add a user"
        action="Add and make link"
        .schema=${schema}
        .open=${this.isOpen}
        .send=${(value: FormValue) => this.#add(value)}
        @close=${() => (this.isOpen = false)}
      ></${formDialog}>`;
  }

  #once({ user, link }: { readonly user: UserItem; readonly link: LogInLink }): TemplateResult {
    return onceCard({
      label: 'The log-in link',
      icon: 'link',
      heading: html`Send this link to <bdi>${user.name}</bdi>. It is not shown again.`,
      secret: link.url,
      copy: 'Copy the link',
      more: html`<p class="small quiet">
        Whoever opens it first is logged in as ${user.email}. It works once, and ends
        <stele-time at=${link.expiresAt}></stele-time>.
      </p>`,
      done: () => (this.link = undefined),
    });
  }

  #content(): TemplateResult {
    const instead = this.insteadOf(this.#list, 'the users');
    if (instead) return instead;
    const found = this.#list.items.filter(({ name, email, username }) => matches(this.search, name, email, username));
    if (found.length === 0)
      return html`<stele-empty icon="search" heading="Nobody found">No user fits “${this.search}”.</stele-empty>`;
    return html`<ul class="card list">
      ${found.map((user) => this.#row(user))}
    </ul>`;
  }

  #row(user: UserItem): TemplateResult {
    const isSelf = user.id === this.host.session.user.id;
    return html`<li class="line">
      <stele-icon name="user"></stele-icon>
      <div class="who">
        <div class="row">
          <span class="name" dir="auto">${user.name}</span>
          ${isSelf ? html`<span class="tag here">You</span>` : nothing}
          ${user.isDisabled ? html`<span class="tag off">Disabled</span>` : nothing}
          ${user.provider === undefined ? nothing : html`<span class="tag">${user.provider}</span>`}
        </div>
        <p class="quiet small">${user.email} · <span class="mono">${user.username}</span></p>
      </div>
      <div class="row does">
        <select
          class="short"
          aria-label="Role of ${user.name}"
          ?disabled=${isSelf}
          @change=${(event: Event) => this.#setRole(user, event)}
        >
          ${roles.map((role) => html`<option value=${role.const} ?selected=${role.const === user.role}>${role.title}</option>`)}
        </select>
        <stele-icon-button
          icon="link"
          label="Make a log-in link for ${user.name}"
          ?disabled=${user.isDisabled}
          @click=${() => this.#makeLink(user)}
        ></stele-icon-button>
        <stele-icon-button
          icon=${user.isDisabled ? 'circle-check' : 'circle-stop'}
          label=${user.isDisabled ? `Enable ${user.name}` : `Disable ${user.name}`}
          ?disabled=${isSelf}
          @click=${() => this.#flip(user)}
        ></stele-icon-button>
      </div>
    </li>`;
  }

  async #add({ email, name, role }: FormValue): Promise<void> {
    const user = await this.host.api.post<UserItem>('/users', { email, name, role });
    this.#list.put(user);
    await this.#makeLink(user);
  }

  async #makeLink(user: UserItem): Promise<void> {
    const isDone = await this.run('The link could not be made', async () => {
      this.link = { user, link: await this.host.api.post<LogInLink>(`/users/${user.id}/link`) };
    });
    if (!isDone) return;
    await this.updateComplete;
    this.renderRoot.querySelector('.once')?.scrollIntoView({ block: 'nearest' });
    this.host.toasts.announce(`The log-in link for ${user.name} is made.`);
  }

  async #setRole(user: UserItem, event: Event): Promise<void> {
    const select = event.target as HTMLSelectElement;
    const isDone = await this.run('The role could not be changed', async () => {
      this.#list.put(await this.host.api.patch<UserItem>(`/users/${user.id}`, { role: select.value }));
    });
    if (!isDone) select.value = user.role;
  }

  async #flip(user: UserItem): Promise<void> {
    const text =
      'They are logged out at once and can’t log in; their tokens are refused. Running tasks go on. You can enable them again.';
    const isSure =
      user.isDisabled || (await confirm({ title: `Disable ${user.name}?`, text, action: 'Disable', dangerous: true }));
    if (!isSure) return;
    await this.run('The user could not be changed', async () => {
      this.#list.put(await this.host.api.patch<UserItem>(`/users/${user.id}`, { isDisabled: !user.isDisabled }));
    });
  }
}
