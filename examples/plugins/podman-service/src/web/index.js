// Plain JavaScript: the page loads this file as it is. Its import map knows `lit` and `@stele/sdk/web`.
import { css, html } from 'lit';
import { cardStyles, PanelElement } from '@stele/sdk/web';

/** How the Podman service of each host was when it was last asked. The page picks the tag, so none is defined here. */
export class ServicesPanel extends PanelElement {
  static properties = { services: { state: true }, problem: { state: true } };

  static styles = [
    PanelElement.styles,
    cardStyles,
    css`
      .card > .row {
        flex-wrap: nowrap;
        gap: var(--stele-space-4);
        margin-block-end: var(--stele-space-3);
      }
      h2 {
        font-size: var(--stele-size-l);
      }
      stele-skeleton {
        block-size: 100px;
      }
    `,
  ];

  constructor() {
    super();
    // Set here and not as class fields: a field would hide the property that Lit watches.
    this.services = undefined;
    this.problem = undefined;
  }

  whileConnected() {
    void this.#load();
    return super.whileConnected();
  }

  async #load() {
    this.problem = undefined;
    const { signal } = this;
    try {
      const { items } = await this.api.get('/plugins/podman-service/services', { signal });
      this.services = items;
    } catch (error) {
      if (!signal.aborted) this.problem = error;
    }
  }

  render() {
    return html`<stele-page-header
        heading="Podman services"
        description="How the service of each host was when a computing resource last asked it."
      >
        <wa-button size="s" appearance="outlined" @click=${this.#load}>Read again</wa-button>
      </stele-page-header>
      ${this.#content()}`;
  }

  #content() {
    if (this.problem)
      return html`<stele-error
        .error=${this.problem}
        what="The services could not be read"
        retryable
        @retry=${this.#load}
      ></stele-error>`;
    if (!this.services)
      return html`<stele-loading what="the services"><stele-skeleton></stele-skeleton></stele-loading>`;
    if (this.services.length === 0)
      return html`<stele-empty icon="box" heading="No service was asked yet">
        Open a computing resource that names the engine “podman-service”.
      </stele-empty>`;
    return html`<ul class="cards">
      ${this.services.map(card)}
    </ul>`;
  }
}

function card({ host, askedAt, answer }) {
  return html`<li class="card">
    <div class="row">
      <stele-tile icon="box" seed=${host}></stele-tile>
      <h2 class="grow cut">${host}</h2>
      <stele-status .status=${answer.problem ? failing : answers}></stele-status>
    </div>
    <p class="small quiet">${answer.problem ?? words(answer)} · <stele-time at=${askedAt}></stele-time></p>
  </li>`;
}

const answers = { word: 'Answers', icon: 'circle-check', tone: 'ready' };
const failing = { word: 'Fails', icon: 'triangle-alert', tone: 'attention' };

function words({ version, architecture, rootless, limits }) {
  return `Podman ${version}, ${architecture}, ${rootless ? 'rootless' : 'as root'}${limits ? '' : ', without limits'}`;
}
