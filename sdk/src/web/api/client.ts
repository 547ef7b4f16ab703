import type { List } from '../../api/index.ts';
import { ApiProblem, isAbort, isApiProblem, offlineProblem, problemFrom } from './problem.ts';
import { sendFile, type UploadOptions } from './upload.ts';

/** Values of a query string; `undefined` leaves the key out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; it then rejects with the `AbortError` that {@link isAbort} knows. */
  readonly signal?: AbortSignal | undefined;
  /** Query string. */
  readonly query?: Query;
}

/** What a client is made with. The page's host makes it; panels take theirs from the host. */
export interface ApiClientOptions {
  /** Where the API lives. Default `/api/v1`. */
  readonly base?: string;
  /** The session's token for writes. */
  readonly csrf: () => string | undefined;
  /** Called when the server says that nobody is logged in. */
  readonly onLoggedOut?: () => void;
  /** Default: the browser's. */
  readonly fetch?: typeof fetch;
}

/** Milliseconds after which a read is asked for once more. */
const pause = 300;

/**
 * Speaks `/api/v1`. Paths are relative to it: `api.get<Task>('/tasks/…')`. Every failure is an {@link ApiProblem},
 * except a caller's own abort. Browsers give up all that is under way when this computer's network changes, such as when a
 * container starts on it: so a read that got no answer is asked for once more.
 */
export class ApiClient {
  readonly #base: string;
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
    this.#base = options.base ?? '/api/v1';
  }

  /** Reads. */
  get<T>(path: string, options?: CallOptions): Promise<T> {
    return this.#call<T>('GET', path, undefined, options);
  }

  /** Makes, or does. */
  post<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('POST', path, body, options);
  }

  /** Replaces. */
  put<T = void>(path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('PUT', path, body, options);
  }

  /** Changes what `body` names. */
  patch<T = void>(path: string, body: unknown, options?: CallOptions): Promise<T> {
    return this.#call<T>('PATCH', path, body, options);
  }

  /** Removes. */
  delete<T = void>(path: string, options?: CallOptions): Promise<T> {
    return this.#call<T>('DELETE', path, undefined, options);
  }

  /** Reads a list page by page; stop reading to stop asking. */
  async *pages<T>(path: string, options: CallOptions = {}): AsyncGenerator<readonly T[]> {
    let cursor: string | undefined;
    do {
      const query = { ...options.query, cursor };
      const page: List<T> = await this.get(path, { ...options, query });
      yield page.items;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** Reads a whole list, up to `max` rows (default 5,000). */
  async all<T>(path: string, options: CallOptions & { readonly max?: number } = {}): Promise<T[]> {
    const rows: T[] = [];
    for await (const page of this.pages<T>(path, options)) {
      rows.push(...page);
      if (rows.length >= (options.max ?? 5000)) break;
    }
    return rows;
  }

  /** Reads a text that may go on for ever (logs that follow), piece by piece as it arrives. */
  async *text(path: string, options: CallOptions = {}): AsyncGenerator<string> {
    const response = await this.#send('GET', path, undefined, options, 'text/plain');
    if (!response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } catch (error) {
      throw isAbort(error) ? error : offlineProblem(error);
    } finally {
      // The stream may be broken already; then there is nothing left to cancel, and nobody to tell.
      await reader.cancel().catch((error: unknown) => error);
    }
  }

  /** Sends a file with progress. */
  upload<T = void>(path: string, file: Blob, options: UploadOptions & CallOptions = {}): Promise<T> {
    return sendFile<T>(this.url(path, options.query), file, options, this.#options.csrf());
  }

  /** URL of a path of the API, e.g. for a download link or an image. */
  url(path: string, query: Query = {}): string {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
    const text = search.toString();
    return `${this.#base}${path}${text ? `${path.includes('?') ? '&' : '?'}${text}` : ''}`;
  }

  async #call<T>(method: string, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    try {
      return await this.#once<T>(method, path, body, options);
    } catch (error) {
      if (method !== 'GET' || !isApiProblem(error) || error.code !== 'OFFLINE') throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
      return this.#once<T>(method, path, body, options);
    }
  }

  async #once<T>(method: string, path: string, body: unknown, options: CallOptions): Promise<T> {
    const response = await this.#send(method, path, body, options, 'application/json');
    const text = await whole(response);
    if (text === '') return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      const detail = 'The server answered something that is not JSON. Reload the page, or try again later.';
      throw new ApiProblem({ status: response.status, code: 'BAD_ANSWER', detail }, error);
    }
  }

  async #send(method: string, path: string, body: unknown, options: CallOptions, accept: string): Promise<Response> {
    const init = this.#init(method, body, accept);
    const url = this.url(path, options.query);
    const response = await this.#fetch(url, { ...init, signal: options.signal ?? null });
    if (response.ok) return response;
    const requestId = response.headers.get('x-request-id') ?? undefined;
    const problem = problemFrom(response.status, await whole(response), requestId);
    if (response.status === 401) this.#options.onLoggedOut?.();
    throw problem;
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    return answered((this.#options.fetch ?? fetch)(url, init));
  }

  #init(method: string, body: unknown, accept: string): RequestInit {
    const headers: Record<string, string> = { accept };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const csrf = this.#options.csrf();
    if (csrf !== undefined && method !== 'GET') headers['x-csrf-token'] = csrf;
    return { method, headers, credentials: 'same-origin', body: body === undefined ? null : JSON.stringify(body) };
  }
}

/** The whole body. */
function whole(response: Response): Promise<string> {
  return answered(response.text());
}

/** What the network gives; or the words for that it gives nothing. */
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isAbort(error) ? error : offlineProblem(error);
  }
}
