import { ContextConsumer } from '@lit/context';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Computing, Owner, ResourceKinds, Storage } from '../../api/index.ts';
import { isAbort } from '../api/problem.ts';
import { hostContext, type Host, type Session } from '../context.ts';
import { defineOnce } from '../define.ts';
import {
  fitting,
  movedOn,
  ownerKey,
  resourceBody,
  resourceSchema,
  resourceStart,
  type ResourceFormFacts,
  type ResourcePart,
  type ResourceValue,
} from '../resources/resource-schema.ts';
import { baseStyles } from '../styles.ts';
import type { SteleForm } from './form.ts';
import './overlays.ts';
import './states.ts';

/**
 * `<stele-resource-sheet kind="driver" .open=${…} .resource=${…} @close @saved>`: the sheet that adds or edits a computing
 * (`driver`) or a storage (`backend`). It draws the fields from the schemas of the kind that is chosen, sends them, and
 * shows the server's words beside the field. `saved` is a CustomEvent with what the server made of it.
 */
export class SteleResourceSheet extends LitElement {
  static override properties: PropertyDeclarations = {
    kind: {},
    open: { type: Boolean },
    resource: { attribute: false },
    facts: { state: true },
    chosen: { state: true },
    loadProblem: { state: true },
    problem: { state: true },
    isSending: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      stele-skeleton {
        block-size: 38px;
        margin-block-end: var(--stele-space-6);
      }
    `,
  ];

  /** Which resource it is for. */
  declare kind: ResourcePart;
  /** Whether it is open. */
  declare open: boolean;
  /** What is edited; `undefined` adds one. */
  declare resource: Computing | Storage | undefined;
  declare private facts: ResourceFormFacts | undefined;
  declare private chosen: ResourceValue;
  declare private loadProblem: unknown;
  declare private problem: unknown;
  declare private isSending: boolean;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #reading: AbortController | undefined;
  #schema: object = {};

  constructor() {
    super();
    this.kind = 'driver';
    this.chosen = {};
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('open') && this.open) void this.#prepare();
    if (this.facts && (changed.has('facts') || changed.has('chosen'))) {
      this.#schema = resourceSchema(this.facts, this.chosen);
    }
  }

  override render(): TemplateResult {
    const noun = this.kind === 'driver' ? 'computing' : 'storage';
    const label = this.resource ? `Edit ${this.resource.name}` : `Add ${noun}`;
    return html`<stele-sheet label=${label} wide .open=${this.open} @close=${this.#close}>
      ${this.#body()}
      <div slot="footer" class="row end">
        <wa-button appearance="plain" @click=${this.#close}>Cancel</wa-button>
        <wa-button variant="brand" ?disabled=${!this.facts} ?loading=${this.isSending} @click=${this.#press}>
          ${this.resource ? 'Save' : 'Add'}
        </wa-button>
      </div>
    </stele-sheet>`;
  }

  #body(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    if (this.loadProblem !== undefined) {
      return html`<stele-error
        what="The kinds on offer could not be read"
        .error=${this.loadProblem}
        retryable
        @retry=${this.#prepare}
      ></stele-error>`;
    }
    if (!this.facts) {
      return html`<stele-loading what="what can be added"
        >${[1, 2, 3, 4].map(() => html`<stele-skeleton></stele-skeleton>`)}</stele-loading
      >`;
    }
    const { kinds, part } = this.facts;
    if ((part === 'driver' ? kinds.drivers : kinds.backends).length === 0) return this.#nothingOnOffer();
    return html`<stele-form
      autofocus
      .schema=${this.#schema}
      .start=${this.chosen}
      .problem=${this.problem}
      .kept=${this.#kept()}
      ?disabled=${this.isSending}
      @change=${this.#changed}
      @submit=${this.#send}
    ></stele-form>`;
  }

  /** Of another kind’s secrets nothing is kept. */
  #kept(): ReadonlySet<string> {
    const { resource, kind, chosen } = this;
    if (!resource) return new Set();
    const isSameKind = kindOf(resource) === chosen[kind];
    const isSame: Readonly<Record<string, boolean>> = {
      conf: isSameKind,
      credentials: isSameKind && resource.auth === chosen['auth'],
      accessConf: resource.access === chosen['access'],
    };
    return new Set(resource.secrets.filter((path) => isSame[path.split('.')[0] ?? ''] === true));
  }

  #nothingOnOffer(): TemplateResult {
    const isAdmin = this.#host.value?.session.has('admin');
    return html`<stele-empty icon="puzzle-piece" heading="Nothing to choose from">
      ${
        isAdmin
          ? 'No plugin for this is active. Enable one, then come back.'
          : 'What is on offer works with the platform’s own credentials: ask an administrator to add it.'
      }
    </stele-empty>`;
  }

  async #prepare(): Promise<void> {
    const host = this.#host.value;
    if (!host) return;
    this.#reading?.abort();
    const reading = (this.#reading = new AbortController());
    this.loadProblem = undefined;
    this.problem = undefined;
    this.facts = undefined;
    try {
      const facts = await readFacts(host, this.kind, this.resource, reading.signal);
      if (reading !== this.#reading) return;
      const owner = host.session.has('admin') ? 'platform' : `user:${host.session.user.id}`;
      this.chosen = fitting(facts, this.resource ? resourceStart(this.resource) : { owner });
      this.facts = facts;
      await this.updateComplete;
      this.#takeFocus();
    } catch (error) {
      if (reading === this.#reading && !isAbort(error)) this.loadProblem = error;
    }
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  /** The first field, unless the user has gone on to something else while the kinds were read. */
  #takeFocus(): void {
    const at = this.shadowRoot?.activeElement;
    if (this.open && (!at || at.localName === 'stele-sheet')) this.#form?.focus();
  }

  /** Another kind or access asks for other fields; what was typed stays. */
  #changed(): void {
    const value = this.#form?.value;
    if (!this.facts || !value) return;
    const next = movedOn(this.facts, this.chosen, value);
    const hasMoved = [this.kind, 'access', 'auth'].some((key) => next[key] !== this.chosen[key]);
    if (hasMoved) this.chosen = next;
  }

  #press(): void {
    this.#form?.submit();
  }

  async #send(): Promise<void> {
    const host = this.#host.value;
    const value = this.#form?.value;
    if (!host || !this.facts || !value || this.isSending) return;
    this.isSending = true;
    this.problem = undefined;
    try {
      const saved = await save(host, this.kind, this.resource, resourceBody(this.facts, { ...this.chosen, ...value }));
      host.toasts.show({ text: `“${saved.name}” is ${this.resource ? 'saved' : 'added'}.`, tone: 'done' });
      this.dispatchEvent(new CustomEvent('saved', { detail: saved }));
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

const kindOf = (resource: Computing | Storage): string => ('driver' in resource ? resource.driver : resource.backend);

const roads = { driver: '/computing', backend: '/storages' } as const;

function save(
  { api }: Host,
  part: ResourcePart,
  resource: Computing | Storage | undefined,
  body: Record<string, unknown>,
): Promise<Computing | Storage> {
  if (!resource) return api.post(roads[part], body);
  if (ownerKey(resource.owner) === ownerKey(body['owner'] as Owner)) delete body['owner'];
  return api.patch(`${roads[part]}/${resource.id}`, body);
}

async function readFacts(
  { api, session }: Host,
  part: ResourcePart,
  resource: Computing | Storage | undefined,
  signal: AbortSignal,
): Promise<ResourceFormFacts> {
  const kinds = await api.get<ResourceKinds>('/kinds', { signal });
  const owners = ownersFor(session, resource?.owner);
  const facts = { part, owners, kinds: session.has('admin') ? kinds : forUsers(kinds) };
  if (part === 'driver') return facts;
  const computings = await api.all<Computing>('/computing', { signal });
  return { ...facts, computings: computings.filter(({ rights }) => rights.change) };
}

function ownersFor(session: Session, now: Owner | undefined): { key: string; title: string }[] {
  const { user } = session;
  const groups = user.groups.filter(({ role }) => role === 'manager' || session.has('admin'));
  const owners = [
    ...(session.has('admin') ? [{ key: 'platform', title: 'The platform: everyone may use it' }] : []),
    { key: `user:${user.id}`, title: 'You alone' },
    ...groups.map(({ id, name }) => ({ key: `group:${id}`, title: `The group ${name}` })),
  ];
  if (!now || owners.some(({ key }) => key === ownerKey(now))) return owners;
  return [...owners, { key: ownerKey(now), title: now.kind === 'platform' ? 'The platform' : (now.name ?? now.id) }];
}

/** What acts with the platform’s own rights is for administrators alone. */
function forUsers(kinds: ResourceKinds): ResourceKinds {
  const isTheirs = (auth: string): boolean => auth.startsWith('user-');
  const cut = <T extends ResourceKinds['backends'][number]>(offers: readonly T[]): T[] =>
    offers
      .map((offer) => ({
        ...offer,
        accepts: offer.accepts
          .map(({ access, auth }) => ({ access, auth: auth.filter(isTheirs) }))
          .filter(({ auth }) => auth.length > 0),
      }))
      .filter(({ accepts }) => accepts.length > 0);
  return { ...kinds, drivers: cut(kinds.drivers), backends: cut(kinds.backends) };
}

defineOnce('stele-resource-sheet', SteleResourceSheet);
