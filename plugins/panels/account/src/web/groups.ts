import type { Group, UserItem } from '@stele/sdk/api';
import { confirm, LiveList, plural } from '@stele/sdk/web';
import { css, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { addMember } from './add-member.ts';
import { formDialog, type FormValue } from './form-dialog.ts';
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
      .line:last-child {
        border-block-end: 1px solid var(--stele-border);
      }
      article > ul:last-child .line:last-child {
        border-block-end: 0;
      }
      .count {
        margin-inline-end: var(--stele-space-2);
      }
      .who {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** The group that is being named; `new` for one to come. */
  declare private named: Group | 'new' | undefined;
  declare private people: readonly UserItem[];
  readonly #list = new LiveList<Group>(this, {
    load: (signal) => this.host.api.all<Group>('/groups', { signal }),
    listen: () => [],
  });

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
    const isNew = this.named === 'new';
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
              ? html`<wa-button variant="brand" @click=${() => (this.named = 'new')}
                  ><stele-icon slot="start" name="plus"></stele-icon>Make group</wa-button
                >`
              : nothing
          }
        </div>
        ${this.#content()}
      </section>
      <${formDialog}
        label=${isNew ? 'Make a group' : 'Rename the group'}
        action=${isNew ? 'Make group' : 'Rename'}
        .schema=${schema}
        .start=${typeof this.named === 'object' ? { name: this.named.name } : {}}
        .open=${this.named !== undefined}
        .send=${(value: FormValue) => this.#save(value)}
        @close=${() => (this.named = undefined)}
      ></${formDialog}>`;
  }

  #content(): TemplateResult | readonly TemplateResult[] {
    const instead = this.insteadOf(this.#list, 'the groups');
    if (instead) return instead;
    const { items } = this.#list;
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
        ${group.provider === undefined ? nothing : html`<span class="tag" title="Members follow what this provider says at each log-in">${group.provider}</span>`}
        <span class="quiet small count">${plural(group.members.length, 'member', 'members')}</span>
        ${
          this.#isAdmin
            ? html`<stele-icon-button
                  icon="pen"
                  label="Rename ${group.name}"
                  @click=${() => (this.named = group)}
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
        ${group.members.toSorted(byName).map((member) => this.#member(group, member, isManaged))}
      </ul>
      ${
        isManaged
          ? html`<${addMember}
              .api=${this.host.api}
              .group=${group}
              .people=${this.people}
              @added=${(event: CustomEvent<Group>) => void this.#added(event.detail)}
            ></${addMember}>`
          : nothing
      }
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

  async #readPeople(): Promise<void> {
    this.people = await this.host.api.all<UserItem>('/users', { signal: this.signal });
  }

  async #added(group: Group): Promise<void> {
    this.#list.put(group);
    this.host.toasts.announce(`${group.name} has one member more.`);
    if (group.members.some(({ id }) => id === this.host.session.user.id)) await this.host.session.refresh();
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

  async #save({ name }: FormValue): Promise<void> {
    const { named } = this;
    const { api } = this.host;
    if (!named) return;
    const saved = await (named === 'new'
      ? api.post<Group>('/groups', { name })
      : api.patch<Group>(`/groups/${named.id}`, { name }));
    this.#list.put(saved);
  }

  async #remove(group: Group): Promise<void> {
    const text = 'Its members lose what they could use through it. A group that still owns something can’t be deleted.';
    if (!(await confirm({ title: `Delete “${group.name}”?`, text, action: 'Delete', dangerous: true }))) return;
    if (!(await this.run('The group could not be deleted', () => this.host.api.delete(`/groups/${group.id}`)))) return;
    this.#list.remove(group.id);
    this.host.toasts.show({ text: `“${group.name}” is deleted.`, tone: 'done' });
  }
}

/** Whoever is added finds their place: the list does not turn over from one reading to the next. */
function byName(a: Member, b: Member): number {
  return a.name.localeCompare(b.name) || a.email.localeCompare(b.email);
}
