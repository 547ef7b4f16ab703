import { ownElement, PanelElement, type Command, type Unsubscribe } from '@stele/sdk/web';
import { css, nothing, type TemplateResult } from 'lit';
import { html, type StaticValue } from 'lit/static-html.js';
import { CredentialsSection } from './credentials.ts';
import { GroupsSection } from './groups.ts';
import { ProfileSection } from './profile.ts';
import { RegistriesSection } from './registries.ts';
import { SecuritySection } from './security.ts';
import { SshSection } from './ssh.ts';
import { TokensSection } from './tokens.ts';
import { UsersSection } from './users.ts';

interface Tab {
  readonly id: string;
  readonly title: string;
  readonly icon: string;
  readonly tag: StaticValue;
  readonly isForAdmins?: boolean;
}

const tabs: readonly Tab[] = [
  { id: 'profile', title: 'Profile', icon: 'user', tag: ownElement('account-profile', ProfileSection) },
  { id: 'security', title: 'Security', icon: 'shield', tag: ownElement('account-security', SecuritySection) },
  { id: 'ssh', title: 'SSH', icon: 'terminal', tag: ownElement('account-ssh', SshSection) },
  { id: 'credentials', title: 'Credentials', icon: 'lock', tag: ownElement('account-credentials', CredentialsSection) },
  { id: 'registries', title: 'Registries', icon: 'box', tag: ownElement('account-registries', RegistriesSection) },
  { id: 'tokens', title: 'API tokens', icon: 'key', tag: ownElement('account-tokens', TokensSection) },
  { id: 'groups', title: 'Groups', icon: 'users', tag: ownElement('account-groups', GroupsSection) },
  { id: 'users', title: 'Users', icon: 'list', tag: ownElement('account-users', UsersSection), isForAdmins: true },
];

/** Oneself; for administrators everybody. URL: `/<tab>`. */
export class AccountPanel extends PanelElement {
  static override styles = [
    PanelElement.styles,
    css`
      nav {
        margin-block-end: var(--stele-space-8);
        border-block-end: 1px solid var(--stele-border);
        overflow: auto hidden;
        scrollbar-width: none;
      }
      nav ul {
        display: flex;
        gap: var(--stele-space-1);
        inline-size: max-content;
      }
      nav a {
        display: flex;
        gap: var(--stele-space-2);
        align-items: center;
        padding: var(--stele-space-2) var(--stele-space-3) 10px;
        border-block-end: 2px solid transparent;
        border-radius: var(--stele-radius-s) var(--stele-radius-s) 0 0;
        color: var(--stele-text-quiet);
        font-weight: 560;
        text-decoration: none;
        white-space: nowrap;
        outline-offset: -2px;
      }
      nav a:hover {
        color: var(--stele-text);
        background: var(--stele-hover);
      }
      nav a[aria-current] {
        color: var(--stele-accent);
        border-color: var(--stele-accent);
      }
    `,
  ];

  protected override whileConnected(): Unsubscribe[] {
    return [...super.whileConnected(), this.session.onChange(() => this.requestUpdate())];
  }

  protected override commands(): readonly Command[] {
    return this.#tabs.map(({ id, title, icon }) => ({
      id: `account-${id}`,
      title: `Account: ${title}`,
      group: 'Account',
      icon,
      run: () => this.go({ path: [id] }),
    }));
  }

  get #tabs(): readonly Tab[] {
    return tabs.filter(({ isForAdmins }) => !isForAdmins || this.session.has('admin'));
  }

  /** A phone that is turned has another width, and nothing else has changed. */
  override firstUpdated(): void {
    const nav = this.renderRoot.querySelector('nav');
    if (nav) new ResizeObserver(() => this.#showChosen()).observe(nav);
  }

  override updated(): void {
    this.#showChosen();
  }

  /** Where the tabs don't fit they scroll: the one that is open comes into sight. */
  #showChosen(): void {
    this.renderRoot.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  override render(): TemplateResult {
    const [chosen = 'profile'] = this.route.path;
    const tab = this.#tabs.find(({ id }) => id === chosen);
    return html`<stele-page-header
        heading="Account"
        description="${this.session.user.name} · ${this.session.user.email}"
      ></stele-page-header>
      <nav aria-label="Parts of the account">
        <ul>
          ${this.#tabs.map(
            ({ id, title, icon }) =>
              html`<li>
                <a href=${this.href({ path: [id] })} aria-current=${id === chosen ? 'page' : nothing}
                  ><stele-icon name=${icon}></stele-icon>${title}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
      ${
        tab
          ? html`<${tab.tag}></${tab.tag}>`
          : html`<stele-empty icon="user" heading="Nothing here"
              >This part of the account does not exist, or is not for you.</stele-empty
            >`
      }`;
  }
}
