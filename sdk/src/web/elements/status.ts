import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { defineOnce } from '../define.ts';
import { formatExact, formatRelative, formatWhen } from '../format.ts';
import type { Unsubscribe } from '../context.ts';
import type { Status } from '../phase.ts';
import { onRegionalChange } from '../regional.ts';
import './icon.ts';

/** `<stele-status .status=${statusOf(task)}>`: a state as icon, word and colour. */
export class SteleStatus extends LitElement {
  static override properties: PropertyDeclarations = { status: { attribute: false } };
  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
    }
    span {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 2px 10px 2px 7px;
      border-radius: var(--stele-radius-pill);
      font-size: var(--stele-size-s);
      font-weight: 580;
      line-height: 1.6;
      white-space: nowrap;
    }
    span:dir(rtl) {
      padding: 2px 7px 2px 10px;
    }
    .waiting {
      color: var(--stele-waiting);
      background: var(--stele-waiting-quiet);
    }
    .working {
      color: var(--stele-working);
      background: var(--stele-working-quiet);
    }
    .ready {
      color: var(--stele-ready);
      background: var(--stele-ready-quiet);
    }
    .attention {
      color: var(--stele-attention);
      background: var(--stele-attention-quiet);
    }
    .ended {
      color: var(--stele-ended);
      background: var(--stele-ended-quiet);
    }
    .turns {
      animation: turn 2s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .turns {
        animation: none;
      }
    }
  `;

  /** What to show. */
  declare status: Status;

  override render(): TemplateResult | typeof nothing {
    if (!this.status) return nothing;
    const { word, icon, tone } = this.status;
    return html`<span class=${tone}
      ><stele-icon name=${icon} class=${icon === 'loader' ? 'turns' : ''}></stele-icon>${word}</span
    >`;
  }
}

/**
 * `<stele-time at="2026-05-01T12:00:00Z">`: how long ago (or until), kept true; the exact time on hover. With `clock` the
 * time of day, or the date: what goes with “since”.
 */
export class SteleTime extends LitElement {
  static override properties: PropertyDeclarations = { at: {}, clock: { type: Boolean }, now: { state: true } };
  static override styles = css`
    :host {
      display: inline;
    }
    time {
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }
  `;

  /** ISO 8601. */
  declare at: string;
  /** Whether it says when, rather than how long ago. */
  declare clock: boolean;
  declare private now: number;
  #ends: readonly Unsubscribe[] = [];

  constructor() {
    super();
    this.clock = false;
    this.now = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.now = Date.now();
    const timer = setInterval(() => (this.now = Date.now()), 20_000);
    this.#ends = [() => clearInterval(timer), onRegionalChange(() => this.requestUpdate())];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  override render(): TemplateResult | typeof nothing {
    const moment = new Date(this.at);
    if (Number.isNaN(moment.getTime())) return nothing;
    const now = new Date(Math.max(this.now, Date.now()));
    const words = this.clock ? formatWhen(moment, now) : formatRelative(moment, now);
    return html`<time datetime=${this.at} title=${formatExact(moment)}>${words}</time>`;
  }
}

defineOnce('stele-status', SteleStatus);
defineOnce('stele-time', SteleTime);
