import type { Software } from '@stele/sdk/api';
import {
  cardStyles,
  confirm,
  controlStyles,
  factStyles,
  LiveList,
  PanelElement,
  type Command,
  type Segment,
  type SteleForm,
  type SteleSegmented,
  type Unsubscribe,
} from '@stele/sdk/web';
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { familyCard, type CardActions } from './card.ts';
import { softwareDetails } from './details.ts';
import { EditModel } from './edit-model.ts';
import { editSheet } from './edit-sheet.ts';
import { familiesOf, isShown, type Family, type Whose } from './families.ts';
import { LaunchModel } from './launch-model.ts';
import { launchSheet } from './launch-sheet.ts';
import { softwareStyles } from './styles.ts';

/** What can be run: found, looked at, made, and launched. */
export class SoftwarePanel extends PanelElement {
  static override properties: PropertyDeclarations = {
    ...PanelElement.properties,
    versions: { state: true },
  };
  static override styles = [PanelElement.styles, cardStyles, controlStyles, factStyles, softwareStyles];

  declare private versions: Readonly<Record<string, string>>;

  #launch: LaunchModel | undefined;
  #edit: EditModel | undefined;
  #editKey: string | null = null;
  readonly #list = new LiveList<Software>(this, {
    load: (signal) => this.api.all<Software>('/software', { signal }),
    listen: (list) => [
      this.events.on('resource', ({ kind, id, gone }) => {
        if (kind !== 'software') return;
        if (gone) list.remove(id);
        else void list.refresh();
      }),
      this.events.on('resync', () => void list.refresh()),
    ],
  });

  constructor() {
    super();
    this.versions = {};
  }

  protected override whileConnected(): Unsubscribe[] {
    return [...super.whileConnected(), () => this.#launch?.close(), () => this.#edit?.close()];
  }

  protected override commands(): readonly Command[] {
    return this.#list.items
      .filter((software) => software.rights.use)
      .map((software) => ({
        id: `launch:${software.id}`,
        title: `Launch ${software.name}`,
        group: 'Software',
        icon: 'play',
        keywords: `${software.image} ${software.tag}`,
        run: () => this.setQuery({ launch: software.id, open: undefined, edit: undefined }),
      }));
  }

  override willUpdate(): void {
    this.#followLaunch();
    this.#followEdit();
  }

  override render(): TemplateResult {
    return html`<stele-page-header heading="Software" description="Choose one, press play, and be in it.">
        <wa-button
          variant="brand"
          appearance="outlined"
          @click=${() => this.setQuery({ edit: 'new', open: undefined })}
        >
          <stele-icon slot="start" name="plus"></stele-icon>Add software
        </wa-button>
        ${this.#hasNothing ? nothing : this.#filters()}
      </stele-page-header>
      ${this.#content()} ${this.#detailsSheet()}
      ${editSheet({ model: this.#edit, close: () => this.setQuery({ edit: undefined }), save: (value) => void this.#save(value) })}
      ${this.#launchSheet()}`;
  }

  /** Known to be empty, or not known at all: nothing to search through. */
  get #hasNothing(): boolean {
    const { state, items } = this.#list;
    return state === 'failed' || (state === 'ready' && items.length === 0);
  }

  #filters(): TemplateResult {
    const groups: readonly Segment[] = [
      { value: 'all', title: 'All' },
      { value: 'platform', title: 'Platform' },
      { value: 'mine', title: 'Mine' },
      ...(this.session.user.groups.length > 0 ? [{ value: 'group', title: 'Groups' }] : []),
    ];
    const typed = (event: Event): void => {
      this.setQuery({ q: (event.target as HTMLInputElement).value || undefined }, { replace: true });
    };
    const chosen = (event: Event): void => {
      const { value } = event.target as SteleSegmented;
      this.setQuery({ whose: value === 'all' ? undefined : value }, { replace: true });
    };
    return html`<div slot="below" class="bar">
      <input type="search" aria-label="Search software" placeholder="Search" .value=${this.#search} @input=${typed} />
      <stele-segmented label="Whose" .segments=${groups} value=${this.#whose} @change=${chosen}></stele-segmented>
    </div>`;
  }

  #content(): TemplateResult {
    const { state, error, items } = this.#list;
    if (state === 'failed') {
      return html`<stele-error
        what="The software could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#list.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading') {
      return html`<stele-loading what="the software">
        <div class="cards">${[1, 2, 3, 4].map(() => html`<stele-skeleton class="card"></stele-skeleton>`)}</div>
      </stele-loading>`;
    }
    if (items.length === 0) return this.#empty();
    return this.#cards(familiesOf(items.filter((one) => isShown(one, this.#search, this.#whose))));
  }

  #cards(families: readonly Family[]): TemplateResult {
    if (families.length === 0) {
      return html`<stele-empty icon="search" heading="Nothing fits">
        <p>No software is called so, or none of it is there.</p>
        <wa-button slot="actions" @click=${() => this.setQuery({ q: undefined, whose: undefined })}>Show all</wa-button>
      </stele-empty>`;
    }
    const actions = this.#actions();
    return html`<h2 class="visually-hidden">All software</h2>
      <div class="cards">
        ${repeat(
          families,
          (family) => family.id,
          (family) => familyCard(family, actions),
        )}
      </div>`;
  }

  #empty(): TemplateResult {
    return html`<stele-empty icon="cube" heading="No software yet">
      <p>
        A software names a container image and the interface that it opens: a notebook, a desktop, any web application.
      </p>
      <wa-button slot="actions" variant="brand" @click=${() => this.setQuery({ edit: 'new' })}>Add the first</wa-button>
    </stele-empty>`;
  }

  #detailsSheet(): TemplateResult {
    const software = this.#named('open');
    return html`<stele-sheet
      label=${software?.name ?? ''}
      .open=${software !== undefined}
      @close=${() => this.setQuery({ open: undefined })}
    >
      ${
        software
          ? html`${softwareDetails(software, this.session.user)}
              <div slot="footer" class="foot">${this.#detailsActions(software)}</div>`
          : nothing
      }
    </stele-sheet>`;
  }

  #detailsActions(software: Software): TemplateResult {
    const button = (action: string, title: string): TemplateResult =>
      html`<wa-button
        appearance=${action === 'delete' ? 'plain' : 'outlined'}
        variant=${action === 'delete' ? 'danger' : 'neutral'}
        @click=${() => this.#act(action, software)}
        >${title}</wa-button
      >`;
    const mayChange = software.rights.change && !software.isDeclared;
    return html`${mayChange ? button('delete', 'Delete') : nothing} ${button('duplicate', 'Duplicate')}
      ${mayChange ? button('edit', 'Edit') : nothing}
      <wa-button variant="brand" ?disabled=${!software.rights.use} @click=${() => this.#act('launch', software)}>
        Launch
      </wa-button>`;
  }

  #launchSheet(): TemplateResult {
    const model = this.#launch;
    const family = model && this.#familyOf(model.software);
    return html`<stele-sheet
      wide
      label="Launch"
      .open=${model !== undefined}
      @close=${() => this.setQuery({ launch: undefined })}
    >
      ${
        model && family
          ? html`${launchSheet({
                model,
                family,
                changeVersion: (id) => this.setQuery({ launch: id }, { replace: true }),
                changed: () => this.requestUpdate(),
                launch: () => void this.#start(model),
                accountHref: this.href({ panel: 'account', path: ['ssh'] }),
                mayChoosePassword: this.session.has('power'),
              })}
              <div slot="footer" class="foot">
                <wa-button appearance="plain" @click=${() => this.setQuery({ launch: undefined })}>Cancel</wa-button>
                <wa-button
                  variant="brand"
                  ?disabled=${!model.offer}
                  ?loading=${model.isBusy}
                  @click=${() => this.#submitLaunch(model)}
                >
                  <stele-icon slot="start" name="play"></stele-icon>Launch
                </wa-button>
              </div>`
          : nothing
      }
    </stele-sheet>`;
  }

  get #search(): string {
    return this.route.query.get('q') ?? '';
  }

  get #whose(): Whose {
    const whose = this.route.query.get('whose');
    return whose === 'platform' || whose === 'mine' || whose === 'group' ? whose : 'all';
  }

  #actions(): CardActions {
    return {
      me: this.session.user,
      chosen: (family) => family.members.find((one) => one.id === this.versions[family.id]) ?? family.members[0],
      choose: (family, id) => (this.versions = { ...this.versions, [family.id]: id }),
      href: (software) => this.href({ query: { ...Object.fromEntries(this.route.query), open: software.id } }),
      launch: (software) => this.#act('launch', software),
      act: (action, software) => this.#act(action, software),
    };
  }

  #act(action: string, software: Software): void {
    if (action === 'duplicate') void this.#duplicate(software);
    else if (action === 'delete') void this.#remove(software);
    else this.setQuery({ open: undefined, edit: undefined, launch: undefined, [action]: software.id });
  }

  #named(key: 'open' | 'launch' | 'edit'): Software | undefined {
    const id = this.route.query.get(key);
    return this.#list.items.find((software) => software.id === id);
  }

  #familyOf(software: Software): Family {
    const families = familiesOf(this.#list.items);
    const found = families.find((family) => family.members.some((one) => one.id === software.id));
    return found ?? { id: software.id, name: software.name, members: [software] };
  }

  /** The address says which launch is open. */
  #followLaunch(): void {
    const software = this.#named('launch');
    if (software?.id === this.#launch?.software.id) return;
    this.#launch?.close();
    this.#launch = software && new LaunchModel(software, this.api, () => this.requestUpdate());
    void this.#launch?.load();
  }

  /** The address says what is edited. */
  #followEdit(): void {
    const software = this.#named('edit');
    const wish = this.route.query.get('edit');
    const key = wish === 'new' || software ? wish : null;
    if (key === this.#editKey) return;
    this.#editKey = key;
    this.#edit?.close();
    this.#edit = key === null ? undefined : new EditModel(software, this.host, () => this.requestUpdate());
    void this.#edit?.load();
  }

  async #save(value: Readonly<Record<string, unknown>>): Promise<void> {
    const edit = this.#edit;
    const saved = await edit?.save(value);
    if (!saved) return;
    this.#list.put(saved);
    this.setQuery({ edit: undefined });
    this.host.toasts.show({ text: `“${saved.name}” was ${edit?.software ? 'saved' : 'added'}.`, tone: 'done' });
  }

  async #duplicate(software: Software): Promise<void> {
    await this.run(`Duplicate “${software.name}”`, async () => {
      const copy = await this.api.post<Software>(`/software/${software.id}/duplicate`);
      this.#list.put(copy);
      this.setQuery({ open: undefined, launch: undefined, edit: copy.id });
    });
  }

  async #remove(software: Software): Promise<void> {
    const title = `Delete “${software.name}”?`;
    const text = 'Nobody can launch it any more. Tasks that run go on.';
    if (!(await confirm({ title, text, action: 'Delete', dangerous: true }))) return;
    await this.run(title, async () => {
      await this.api.delete(`/software/${software.id}`);
      this.#list.remove(software.id);
      this.setQuery({ open: undefined, edit: undefined });
      this.host.toasts.show({ text: `“${software.name}” was deleted.`, tone: 'done' });
    });
  }

  /** The form says what is plainly wrong first; it starts the launch by its `submit`. */
  #submitLaunch(model: LaunchModel): void {
    const form = this.renderRoot.querySelector('.step stele-form') as SteleForm | null;
    if (form) form.submit();
    else void this.#start(model);
  }

  async #start(model: LaunchModel): Promise<void> {
    const task = await model.launch();
    if (!task) return;
    this.host.toasts.show({ text: `“${task.name}” is on its way.`, tone: 'done' });
    if (this.host.navigation.hasPanel('tasks')) this.host.navigation.go({ panel: 'tasks' }, { replace: true });
    else this.setQuery({ launch: undefined });
  }
}
