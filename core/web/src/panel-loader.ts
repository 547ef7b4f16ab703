import type { PanelItem } from '@stele/sdk/api';

/** A panel that can't be shown. */
export class PanelFault extends Error {
  /** For the error card. */
  readonly code: 'PANEL_LOAD_FAILED' | 'PANEL_EXPORT_MISSING' | 'PANEL_FAILED';

  constructor(code: PanelFault['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PanelFault';
    this.code = code;
  }
}

/** Fired by a panel whose own code threw; `detail` is what was thrown. */
export const panelFailed = 'stele-panel-failed';

interface Updating extends HTMLElement {
  connectedCallback?(): void;
  performUpdate?(): void;
}

/**
 * Imports a panel's class and makes one. The page picks the tag, from the panel and the version of its module: names of
 * two plugins never clash, and an upgrade is a new tag.
 * @param attempt a module that failed to load is remembered by the browser: each try asks by another address
 */
export async function makePanel(item: PanelItem, attempt: number): Promise<HTMLElement> {
  const panel = classIn(await load(item, attempt), item);
  const tag = tagOf(item, attempt);
  if (!customElements.get(tag)) customElements.define(tag, guarded(panel));
  try {
    return new (customElements.get(tag) as CustomElementConstructor)();
  } catch (error) {
    throw new PanelFault('PANEL_FAILED', wordsOf(error), error);
  }
}

async function load(item: PanelItem, attempt: number): Promise<Readonly<Record<string, unknown>>> {
  const url = attempt === 0 ? item.module : `${item.module}${item.module.includes('?') ? '&' : '?'}try=${attempt}`;
  try {
    return (await import(/* @vite-ignore */ url)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new PanelFault('PANEL_LOAD_FAILED', loadWords(error), error);
  }
}

/** Browsers say it with an address and no help; what a module says that throws while it loads is its own. */
function loadWords(error: unknown): string {
  const isFetch = /dynamically imported module|importing a module script/i.test(wordsOf(error));
  return isFetch ? 'The server did not send it. It is fetched again when the connection is back.' : wordsOf(error);
}

function classIn(module: Readonly<Record<string, unknown>>, item: PanelItem): CustomElementConstructor {
  const found = module[item.export];
  if (typeof found === 'function' && found.prototype instanceof HTMLElement) return found as CustomElementConstructor;
  throw new PanelFault(
    'PANEL_EXPORT_MISSING',
    `The plugin ${item.plugin} has no element class called “${item.export}” in its web half.`,
  );
}

/** The class with what it throws while it lives turned into an event, so that one broken panel hurts no other. */
function guarded(panel: CustomElementConstructor): CustomElementConstructor {
  const Panel = panel as new () => Updating;
  return class extends Panel {
    override connectedCallback(): void {
      this.#guard(() => super.connectedCallback?.());
    }

    override performUpdate(): void {
      this.#guard(() => super.performUpdate?.());
    }

    #guard(step: () => void): void {
      try {
        step();
      } catch (error) {
        this.dispatchEvent(new CustomEvent(panelFailed, { detail: error }));
      }
    }
  };
}

/** `p-<panel>-<hash>`. */
export function tagOf(item: Pick<PanelItem, 'id' | 'module' | 'export'>, attempt: number): string {
  const name = item.id
    .slice(item.id.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `p-${name}-${hashOf(`${item.id} ${item.module} ${item.export} ${attempt}`)}`;
}

function hashOf(text: string): string {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0).toString(36);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
