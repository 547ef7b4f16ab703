import type { ResourceKinds, Software } from '@stele/sdk/api';
import { isAbort, type Host } from '@stele/sdk/web';
import { draftOf, problemOfForm, softwareForm, softwareFrom, type Draft } from './edit.ts';

/** A software while it is written: the form that it needs, and what the server said of it. */
export class EditModel {
  /** What is edited; nothing for one to come. */
  readonly software: Software | undefined;
  form: { readonly schema: object; readonly start: Draft } | undefined;
  problem: unknown;
  isBusy = false;
  readonly #host: Host;
  readonly #changed: () => void;
  readonly #ends = new AbortController();

  constructor(software: Software | undefined, host: Host, changed: () => void) {
    this.software = software;
    this.#host = host;
    this.#changed = changed;
  }

  /** Reads the kinds first: the form offers what the plugins speak. */
  async load(): Promise<void> {
    const { software } = this;
    const kinds = await this.#kinds();
    if (this.#ends.signal.aborted) return;
    const schema = softwareForm(this.#host.session.user, kinds, software === undefined);
    this.form = { schema, start: software ? draftOf(software) : {} };
    this.#changed();
  }

  /** Sends it. @returns what the server made of it, or nothing when it says what is wrong */
  async save(value: Readonly<Record<string, unknown>>): Promise<Software | undefined> {
    if (this.isBusy) return undefined;
    const { api, session } = this.#host;
    const body = softwareFrom(value, session.user);
    this.#set(true, undefined);
    try {
      return await (this.software
        ? api.patch<Software>(`/software/${this.software.id}`, body)
        : api.post<Software>('/software', body));
    } catch (error) {
      this.problem = problemOfForm(error);
      return undefined;
    } finally {
      this.#set(false, this.problem);
    }
  }

  /** Ends what is still asked. */
  close(): void {
    this.#ends.abort();
  }

  async #kinds(): Promise<ResourceKinds | undefined> {
    try {
      return await this.#host.api.get<ResourceKinds>('/kinds', { signal: this.#ends.signal });
    } catch (error) {
      if (!isAbort(error)) this.#host.toasts.problem(error, 'Read the protocols');
      return undefined;
    }
  }

  #set(isBusy: boolean, problem: unknown): void {
    this.isBusy = isBusy;
    this.problem = problem;
    this.#changed();
  }
}
