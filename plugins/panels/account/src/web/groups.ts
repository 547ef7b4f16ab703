import type { Group, UserItem } from '@stele/sdk/api';
import { confirm, LiveList, plural, type SteleForm } from '@stele/sdk/web';
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { Section } from './section.ts';

type Member = Group['members'][number];

const schema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', title: 'Name', minLength: 1, maxLength: 200 } },
};

/** Groups: what owns things together. Administrators make them, managers say who is what in them. */
export class GroupsSection extends Section {
  static override properties: PropertyDeclarations = {
    named: { state: true },
    problem: { state: true },
    isSending: { state: true },
    people: { state: true },
  };
  static override styles = [
    Section.styles,
    css`
      .group {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--stele-space-2);
        align-items: center;
        padding: var(--stele-space-3) var(--stele-space-2) var(--stele-space-3) var(--stele-space-4);
      }
      .head:dir(rtl) {
        padding: var(--stele-space-3) var(--stele-space-4) var(--stele-space-3) var(--stele-space-2);
      }
      h3 {
        overflow-wrap: anywhere;
      }
      .line {
        border-block-start: 1px solid var(--stele-border);
      }
      .add {
        display: flex;
        align-items: center;
        gap: var(--stele-space-2);
        padding: var(--stele-space-3) var(--stele-space-4);
        border-block-start: 1px solid var(--stele-border);
      }
      .who {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** The group that is being named; `new` for one to come. */
  declare private named: Group | 'new' | undefined;
  declare private problem: unknown;
  declare private isSending: boolean;
  declare private people: readonly UserItem[];
  readonly #list = new LiveList<Group>(this, {
    load: (signal) => this.host.api.all<Group>('/groups', { signal }),
    listen: () => [],
  });
  #start: object = {};

  constructor() {
    super();
    this.people = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#isAdmin) void this.run('The users could not be read', () => this.#readPeople());
  }

  get #isAdmin(): boolean {
    return this.host.session.has('admin');
  }

  override render(): TemplateResult {
    return html`<section>
        <div class="top">
          <div>
            <h2>Groups</h2>
            <p>
              Software, computing and storage may belong to a group: its members use them, its managers change them.
            </p>
          </div>
          ${
            this.#isAdmin
              ? html`<wa-button variant="brand" @click=${() => this.#name('new')}
                  ><stele-icon slot="start" name="plus"></stele-icon>Make group</wa-button
                >`
              : nothing
          }
        </div>
        ${this.#content()}
      </section>
      <stele-dialog
        label=${this.named === 'new' ? 'Make a group' : 'Rename the group'}
        .open=${this.named !== undefined}
        @close=${() => (this.named = undefined)}
      >
        <stele-form
          .schema=${schema}
          .start=${this.#start}
          .problem=${this.problem}
          ?disabled=${this.isSending}
          @submit=${this.#save}
        ></stele-form>
        <wa-button slot="footer" appearance="plain" @click=${() => (this.named = undefined)}>Cancel</wa-button>
        <wa-button slot="footer" variant="brand" ?loading=${this.isSending} @click=${() => this.#form?.submit()}>
          ${this.named === 'new' ? 'Make group' : 'Rename'}
        </wa-button>
      </stele-dialog>`;
  }

  #content(): TemplateResult | readonly TemplateResult[] {
    const { state, error, items } = this.#list;
    if (state === 'failed') {
      return html`<stele-error
        what="The groups could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#list.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading') return this.waiting('the groups');
    if (items.length === 0) {
      return html`<stele-empty icon="users" heading="No groups">
        ${this.#isAdmin ? 'Make one for people who share software, machines or files.' : 'You are in no group yet. Administrators make them.'}
      </stele-empty>`;
    }
    return items.map((group) => this.#group(group));
  }

  #group(group: Group): TemplateResult {
    const isManaged =
      this.#isAdmin || group.members.some(({ id, role }) => id === this.host.session.user.id && role === 'manager');
    return html`<article class="card list group">
      <div class="head">
        <h3 class="grow" dir="auto">${group.name}</h3>
        <span class="quiet small">${plural(group.members.length, 'member', 'members')}</span>
        ${
          this.#isAdmin
            ? html`<stele-icon-button
                  icon="pen"
                  label="Rename ${group.name}"
                  @click=${() => this.#name(group)}
                ></stele-icon-button>
                <stele-icon-button
                  icon="trash"
                  label="Delete ${group.name}"
                  @click=${() => this.#remove(group)}
                ></stele-icon-button>`
            : nothing
        }
      </div>
      <ul>
        ${group.members.map((member) => this.#member(group, member, isManaged))}
      </ul>
      ${this.#isAdmin ? this.#adding(group) : nothing}
    </article>`;
  }

  #member(group: Group, member: Member, isManaged: boolean): TemplateResult {
    const isSelf = member.id === this.host.session.user.id;
    return html`<li class="line">
      <stele-icon name="user"></stele-icon>
      <div class="who">
        <span class="name" dir="auto">${member.name}</span>
        ${isSelf ? html`<span class="tag here">You</span>` : nothing}
        <p class="quiet small">${member.email}</p>
      </div>
      <div class="row">
        ${
          isManaged
            ? html`<select
                class="short"
                aria-label="Role of ${member.name}"
                @change=${(event: Event) => this.#setRole(group, member, event)}
              >
                <option value="member" ?selected=${member.role === 'member'}>Member</option>
                <option value="manager" ?selected=${member.role === 'manager'}>Manager</option>
              </select>`
            : html`<span class="quiet small">${member.role === 'manager' ? 'Manager' : 'Member'}</span>`
        }
        ${
          isManaged || isSelf
            ? html`<stele-icon-button
                icon=${isSelf ? 'log-out' : 'x'}
                label=${isSelf ? `Leave ${group.name}` : `Remove ${member.name}`}
                @click=${() => this.#drop(group, member)}
              ></stele-icon-button>`
            : nothing
        }
      </div>
    </li>`;
  }

  #adding(group: Group): TemplateResult | typeof nothing {
    const inside = new Set(group.members.map(({ id }) => id));
    const outside = this.people.filter(({ id, isDisabled }) => !inside.has(id) && !isDisabled);
    if (outside.length === 0) return nothing;
    return html`<form class="add" @submit=${(event: Event) => this.#add(group, event)}>
      <select name="user" class="grow" aria-label="User to add to ${group.name}" required>
        <option value="">Add somebody…</option>
        ${outside.map(({ id, name, email }) => html`<option value=${id}>${name} (${email})</option>`)}
      </select>
      <wa-button appearance="outlined" type="submit">Add</wa-button>
    </form>`;
  }

  async #readPeople(): Promise<void> {
    this.people = await this.host.api.all<UserItem>('/users', { signal: this.signal });
  }

  async #add(group: Group, event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const user = new FormData(form).get('user');
    if (typeof user !== 'string' || user === '') return;
    await this.run('They could not be added', async () => {
      this.#list.put(await this.host.api.put<Group>(`/groups/${group.id}/members/${user}`, { role: 'member' }));
    });
    form.reset();
  }

  async #setRole(group: Group, { id, role }: Member, event: Event): Promise<void> {
    const select = event.target as HTMLSelectElement;
    const isDone = await this.run('The role could not be changed', async () => {
      this.#list.put(await this.host.api.put<Group>(`/groups/${group.id}/members/${id}`, { role: select.value }));
    });
    if (!isDone) select.value = role;
  }

  async #drop(group: Group, member: Member): Promise<void> {
    const isSelf = member.id === this.host.session.user.id;
    const title = isSelf ? `Leave “${group.name}”?` : `Remove ${member.name} from “${group.name}”?`;
    const text = `What belongs to the group can’t be used any more by ${isSelf ? 'you' : 'them'}.`;
    if (!(await confirm({ title, text, action: isSelf ? 'Leave' : 'Remove', dangerous: true }))) return;
    const path = `/groups/${group.id}/members/${member.id}`;
    if (!(await this.run('The member could not be removed', () => this.host.api.delete(path)))) return;
    if (isSelf) await this.host.session.refresh();
    if (isSelf && !this.#isAdmin) this.#list.remove(group.id);
    else this.#list.put({ ...group, members: group.members.filter(({ id }) => id !== member.id) });
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  #name(group: Group | 'new'): void {
    this.#start = group === 'new' ? {} : { name: group.name };
    this.problem = undefined;
    this.named = group;
  }

  async #save(): Promise<void> {
    const { named } = this;
    const { name } = this.#form?.value ?? {};
    if (!named) return;
    this.isSending = true;
    this.problem = undefined;
    try {
      const { api } = this.host;
      const saved = await (named === 'new'
        ? api.post<Group>('/groups', { name })
        : api.patch<Group>(`/groups/${named.id}`, { name }));
      this.#list.put(saved);
      this.named = undefined;
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }

  async #remove(group: Group): Promise<void> {
    const text = 'Its members lose what they could use through it. A group that still owns something can’t be deleted.';
    if (!(await confirm({ title: `Delete “${group.name}”?`, text, action: 'Delete', dangerous: true }))) return;
    if (!(await this.run('The group could not be deleted', () => this.host.api.delete(`/groups/${group.id}`)))) return;
    this.#list.remove(group.id);
    this.host.toasts.show({ text: `“${group.name}” is deleted.`, tone: 'done' });
  }
}
