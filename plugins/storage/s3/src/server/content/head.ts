/** What an answer begins with. */
export interface Head {
  readonly status: number;
  readonly reason: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that follow; `undefined` where that isn’t told beforehand. */
  readonly length: number | undefined;
  /** Whether another request may follow on the connection. */
  readonly isKept: boolean;
}

const first = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: (.*))?$/;
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const digits = /^\d{1,15}$/;

/** The lines before the empty one. `undefined` for what could be read in two ways, or in none. Pure. */
export function headOf(text: string): Head | undefined {
  const [line = '', ...lines] = text.split('\r\n');
  const [, minor, status, reason = ''] = first.exec(line) ?? [];
  const headers = headersOf(lines);
  if (status === undefined || headers === undefined) return undefined;
  const { 'content-length': told, 'transfer-encoding': coding, connection = '' } = headers;
  if (told !== undefined && (coding !== undefined || !digits.test(told))) return undefined;
  return {
    status: Number(status),
    reason,
    headers,
    length: told === undefined ? undefined : Number(told),
    isKept: minor === '1' && !/\bclose\b/i.test(connection),
  };
}

function headersOf(lines: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value] = field.exec(line) ?? [];
    if (name === undefined || value === undefined || /[\0\r\n]/.test(value)) return undefined;
    const lower = name.toLowerCase();
    headers[lower] = lower in headers ? `${headers[lower]}, ${value}` : value;
  }
  return headers;
}
