import { createContext } from '@lit/context';
import type { Me, Role } from '../api/index.ts';
import type { ApiClient } from './api/client.ts';
import type { LiveEvents } from './events/live-events.ts';

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Who is logged in. */
export interface Session {
  /** The user. */
  readonly user: Me;
  /** Whether the user's role is at least `role`. */
  has(role: Role): boolean;
  /** Reads the user again, e.g. after a change of their name. */
  refresh(): Promise<void>;
  /** Ends the session on the server and shows the log-in page. */
  logOut(): Promise<void>;
  /** Leaves the page for a provider's, whose address the API gave; the browser comes back to this place. */
  leaveFor(url: string): void;
  /** Told when the user's data changed. */
  onChange(listener: () => void): Unsubscribe;
}

/** A place in the page. Absent parts mean: the panel's start, no query. */
export interface Target {
  /** Id of a panel as its manifest says it, e.g. `tasks`, or `plugin/panel` where two plugins use the same. */
  readonly panel?: string;
  /** Path below the panel, in parts; each is encoded. */
  readonly path?: readonly string[];
  /** Query; `undefined` leaves a key out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/** Where the user is, below a panel. */
export interface Route {
  /** Path below the panel, in decoded parts. */
  readonly path: readonly string[];
  /** Query. */
  readonly query: URLSearchParams;
}

/** Moves through the page. Real URLs: back, forward and links work. */
export interface Navigation {
  /** URL of a place, for `href`. Clicks on it stay in the page. */
  href(target: Target): string;
  /** Goes there. `replace`: without a new step in the history. */
  go(target: Target, options?: { readonly replace?: boolean }): void;
  /** Whether such a panel is in the page right now. */
  hasPanel(id: string): boolean;
}

/** A short message at the edge of the page. */
export interface Toast {
  /** One sentence. */
  readonly text: string;
  /** Default `info`. Problems stay until closed. */
  readonly tone?: 'info' | 'done' | 'problem';
  /** Something to do about it, e.g. undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** A code or a word to copy. */
  readonly code?: string;
  /** Whether it stays until it is closed, as problems do. */
  readonly stays?: boolean;
  /** Id of a task: it goes once that task has ended. */
  readonly task?: string;
}

/** Shows toasts and speaks to screen readers. */
export interface Toasts {
  /** Shows one. @returns what closes it early */
  show(toast: Toast): () => void;
  /** Shows what was thrown, in its own words with its code; an abort shows nothing. */
  problem(error: unknown, what?: string): void;
  /** Says a sentence to screen readers alone, e.g. a phase that changed. */
  announce(text: string): void;
}

/** A line of the command palette. */
export interface Command {
  /** Unique in the page. */
  readonly id: string;
  /** What it does: `Go to Storage`, `Launch JupyterLab`. */
  readonly title: string;
  /** Heading that it stands below. */
  readonly group: string;
  /** Name of an icon. */
  readonly icon?: string;
  /** Further words that find it. */
  readonly keywords?: string;
  /** Does it. */
  readonly run: () => void;
}

/** The command palette (Ctrl/⌘ K). */
export interface Commands {
  /** Adds commands; asked for anew each time the palette opens. @returns what removes them */
  add(source: () => readonly Command[]): Unsubscribe;
  /** Opens the palette. */
  open(): void;
}

/** Light, dark, or as the system says. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** What the page gives to panels and to every element in it. */
export interface Host {
  /** The HTTP API, as the logged-in user. */
  readonly api: ApiClient;
  /** Who is logged in. */
  readonly session: Session;
  /** The server's news. */
  readonly events: LiveEvents;
  /** Moves through the page. */
  readonly navigation: Navigation;
  /** Short messages. */
  readonly toasts: Toasts;
  /** The command palette. */
  readonly commands: Commands;
  /** Name of the site. */
  readonly site: { readonly name: string };
}

/** How elements below the shell get the {@link Host}: `new ContextConsumer(this, { context: hostContext })`. */
export const hostContext = createContext<Host>(Symbol.for('stele:host'));
