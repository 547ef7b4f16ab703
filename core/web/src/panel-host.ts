import { ContextConsumer } from '@lit/context';
import type { PanelItem } from '@stele/sdk/api';
import { baseStyles, defineOnce, hostContext, type Route, type Unsubscribe } from '@stele/sdk/web';
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { makePanel, PanelFault, panelFailed } from './panel-loader.ts';

type PanelNode = HTMLElement & { route?: Route; panelId?: string };

/** The place of one panel: loads it, hands it its route, and shows what went wrong in its place. */
class PanelHost extends LitElement {
  static override properties: PropertyDeclarations = {
    item: { attribute: false },
    route: { attribute: false },
    panel: { state: true },
    fault: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      .head {
        block-size: 2rem;
        inline-size: 12rem;
        margin-block-end: var(--stele-space-6);
      }
      .body {
        block-size: 10rem;
      }
    `,
  ];

  declare item: PanelItem;
  declare route: Route;
  declare private panel: PanelNode | undefined;
  declare private fault: PanelFault | undefined;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #attempt = 0;
  #end: Unsubscribe | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.#host.value?.events.onState((state) => {
      if (state === 'live' && this.fault?.code === 'PANEL_LOAD_FAILED') this.#retry();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('item') as PanelItem | undefined;
    if (changed.has('item') && !isSame(before, this.item)) void this.#load();
    if (this.panel) this.panel.route = this.route;
  }

  override render(): TemplateResult {
    if (this.fault) return this.#faultCard(this.fault);
    if (this.panel) return html`${this.panel}`;
    return html`<stele-loading what=${this.item.title}>
      <stele-skeleton class="head"></stele-skeleton><stele-skeleton class="body"></stele-skeleton>
    </stele-loading>`;
  }

  #faultCard(fault: PanelFault): TemplateResult {
    const words = {
      PANEL_LOAD_FAILED: `“${this.item.title}” could not be loaded`,
      PANEL_EXPORT_MISSING: `“${this.item.title}” is incomplete`,
      PANEL_FAILED: `“${this.item.title}” stopped working`,
    };
    return html`<stele-error what=${words[fault.code]} .error=${fault} retryable @retry=${this.#retry}>
      <code class="quiet">${fault.code} ${this.item.id}</code>
    </stele-error>`;
  }

  #retry(): void {
    this.#attempt++;
    void this.#load();
  }

  async #load(): Promise<void> {
    const { item } = this;
    this.panel = undefined;
    this.fault = undefined;
    try {
      const panel: PanelNode = await makePanel(item, this.#attempt);
      // The user may have gone on while it loaded.
      if (!isSame(item, this.item)) return;
      panel.panelId = item.id;
      panel.route = this.route;
      panel.addEventListener(panelFailed, (event) => this.#failed(panel, (event as CustomEvent<unknown>).detail));
      this.panel = panel;
    } catch (error) {
      if (!isSame(item, this.item)) return;
      console.error(`stele: panel ${item.id}`, error);
      this.fault = error instanceof PanelFault ? error : new PanelFault('PANEL_FAILED', String(error), error);
    }
  }

  #failed(panel: PanelNode, error: unknown): void {
    if (panel !== this.panel) return;
    console.error(`stele: panel ${this.item.id}`, error);
    this.panel = undefined;
    this.fault = new PanelFault('PANEL_FAILED', error instanceof Error ? error.message : String(error), error);
  }
}

function isSame(a: PanelItem | undefined, b: PanelItem): boolean {
  return a?.id === b.id && a.module === b.module && a.export === b.export;
}

defineOnce('stele-panel-host', PanelHost);
