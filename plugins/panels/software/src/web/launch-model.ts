import type { Computing, LaunchOptions, Software, Task, TaskPreview } from '@stele/sdk/api';
import { isAbort, randomKey, type ApiClient } from '@stele/sdk/web';
import { LaunchPreview } from './launch-preview.ts';
import { nothingStaged, stagingPart, type StagingWish } from './staging/wish.ts';
import { engineChoices, enginePart, firstFitting, type EngineOption, type Offer } from './launch-choice.ts';

/** What the user chose the last time, for each software. */
interface Memory {
  readonly computing: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly engine?: string;
}

/** What the user enters in the form, beside where it runs. */
type Entered = Pick<LaunchModel, 'name' | 'options' | 'engine' | 'staging' | 'password' | 'mailAtStart'>;

/** One launch while it is put together: where it may run, what was chosen, and what the server said. */
export class LaunchModel {
  readonly software: Software;
  computing: readonly Computing[] | undefined;
  readonly offers = new Map<string, Offer>();
  chosen: string | undefined;
  engine: string | undefined;
  name: string;
  options: Readonly<Record<string, unknown>> = {};
  start: Readonly<Record<string, unknown>> = {};
  fault: unknown;
  problem: unknown;
  isBusy = false;
  /** What is to be brought into it and back. */
  staging: StagingWish = nothingStaged;
  /** The one-time password, where a user who may has chosen it. Empty: one is made. Remembered nowhere. */
  password = '';
  /** Whether an e-mail is wanted when it starts. */
  mailAtStart = false;
  readonly preview: LaunchPreview;

  readonly #api: ApiClient;
  readonly #changed: () => void;
  readonly #ends = new AbortController();
  #key = randomKey();
  #hasChosen = false;

  constructor(software: Software, api: ApiClient, changed: () => void) {
    this.software = software;
    this.name = software.name;
    this.#api = api;
    this.#changed = changed;
    const ask = (signal: AbortSignal) => api.post<TaskPreview>('/tasks/preview', this.#body(), { signal });
    this.preview = new LaunchPreview(ask, changed);
  }

  /** Reads where it may run, and asks each what it offers. */
  async load(): Promise<void> {
    this.fault = undefined;
    try {
      this.computing = await this.#api.all<Computing>('/computing', { signal: this.#ends.signal });
      this.#changed();
      await Promise.all(this.computing.map((one) => this.ask(one.id)));
    } catch (error) {
      if (isAbort(error)) return;
      this.fault = error;
      this.#changed();
    }
  }

  /** Asks one computing what it offers. */
  async ask(id: string): Promise<void> {
    this.#offer(id, { state: 'asking' });
    try {
      const query = { software: this.software.id };
      const options = await this.#api.get<LaunchOptions>(`/computing/${id}/options`, {
        query,
        signal: this.#ends.signal,
      });
      this.#offer(id, { state: 'known', options });
    } catch (error) {
      if (!isAbort(error)) this.#offer(id, { state: 'failed', error });
    }
  }

  /** What the chosen computing offers. */
  get offer(): LaunchOptions | undefined {
    const offer = this.offers.get(this.chosen ?? '');
    return offer?.state === 'known' ? offer.options : undefined;
  }

  /** Engines and runtimes to choose from. */
  get engines(): readonly EngineOption[] {
    return this.offer ? engineChoices(this.offer.engines) : [];
  }

  /** Chooses where it runs. */
  choose(id: string): void {
    this.#hasChosen = true;
    this.#choose(id);
  }

  /** Takes what the user has entered. */
  enter(part: Partial<Entered>): void {
    Object.assign(this, part);
    this.preview.follow();
  }

  /** Sends it. @returns the task, or nothing when the server says what is wrong */
  async launch(): Promise<Task | undefined> {
    this.isBusy = true;
    this.problem = undefined;
    this.#changed();
    try {
      const task = await this.#api.post<Task>('/tasks', this.#body());
      this.#remember();
      return task;
    } catch (error) {
      this.problem = error;
      return undefined;
    } finally {
      this.isBusy = false;
      this.#changed();
    }
  }

  /** Ends all that is still asked. */
  close(): void {
    this.#ends.abort();
    this.preview.close();
  }

  #offer(id: string, offer: Offer): void {
    this.offers.set(id, offer);
    if (!this.#hasChosen) {
      const next = firstFitting(this.computing ?? [], this.offers, this.#memory()?.computing);
      if (next !== this.chosen) this.#choose(next);
    }
    this.#changed();
  }

  #choose(id: string | undefined): void {
    const memory = this.#memory();
    const isRemembered = memory?.computing === id;
    this.chosen = id;
    this.problem = undefined;
    this.start = isRemembered ? (memory?.options ?? {}) : {};
    this.options = this.start;
    const wish = isRemembered ? memory?.engine : undefined;
    this.engine = this.engines.find((one) => one.value === wish)?.value ?? this.engines[0]?.value;
    this.preview.follow();
    this.#changed();
  }

  #body(): Readonly<Record<string, unknown>> {
    const engine = this.engines.length > 1 ? enginePart(this.engine) : {};
    const staging = this.offer && stagingPart(this.staging, this.offer.staging);
    const name = this.name.trim() === '' ? {} : { name: this.name.trim() };
    return {
      ...name,
      software: this.software.id,
      computing: this.chosen,
      options: this.options,
      ...(this.password === '' ? {} : { password: this.password }),
      ...(this.mailAtStart && this.offer?.mail ? { mailAtStart: true } : {}),
      ...engine,
      ...(staging ? { staging } : {}),
      key: this.#key,
    };
  }

  get #place(): string {
    return `stele.launch.${this.software.id}`;
  }

  #remember(): void {
    const memory = { computing: this.chosen, options: this.options, engine: this.engine };
    localStorage.setItem(this.#place, JSON.stringify(memory));
    this.#key = randomKey();
  }

  #memory(): Memory | undefined {
    try {
      return JSON.parse(localStorage.getItem(this.#place) ?? 'null') ?? undefined;
    } catch {
      // What an older page stored and this one can't read is as good as nothing.
      return undefined;
    }
  }
}
