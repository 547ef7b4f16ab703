import { offlineProblem, problemFrom } from './problem.ts';

/** How a file is sent. */
export interface UploadOptions {
  /** Default `PUT`. */
  readonly method?: 'PUT' | 'POST';
  /** Told as bytes leave: how many of how many. */
  readonly onProgress?: (sent: number, total: number) => void;
  /** Ends the upload. */
  readonly signal?: AbortSignal | undefined;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a file by XMLHttpRequest: `fetch` can't tell how much has left. */
export function sendFile<T>(url: string, file: Blob, options: UploadOptions, csrf: string | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (options.signal?.aborted) return reject(abortError());
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    options.signal?.addEventListener('abort', abort);
    request.addEventListener('loadend', () => options.signal?.removeEventListener('abort', abort));
    request.addEventListener('load', () => settle(request, resolve, reject));
    request.addEventListener('error', () => reject(offlineProblem()));
    request.addEventListener('abort', () => reject(abortError()));
    request.upload.addEventListener('progress', (event) => options.onProgress?.(event.loaded, file.size));
    open(request, url, options, csrf);
    request.send(file);
  });
}

function open(request: XMLHttpRequest, url: string, options: UploadOptions, csrf: string | undefined): void {
  request.open(options.method ?? 'PUT', url);
  request.setRequestHeader('accept', 'application/json');
  if (csrf !== undefined) request.setRequestHeader('x-csrf-token', csrf);
  for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
}

function settle<T>(request: XMLHttpRequest, resolve: (value: T) => void, reject: (reason: unknown) => void): void {
  if (request.status < 200 || request.status > 299) return reject(problemFrom(request.status, request.responseText));
  try {
    resolve(request.responseText === '' ? (undefined as T) : (JSON.parse(request.responseText) as T));
  } catch {
    reject(problemFrom(request.status, request.responseText));
  }
}

function abortError(): DOMException {
  return new DOMException('The upload was cancelled.', 'AbortError');
}
