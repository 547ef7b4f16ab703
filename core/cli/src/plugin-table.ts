import { paint } from './terminal.ts';

/** What is shown of a plugin. */
export interface PluginRow {
  readonly id: string;
  readonly version: string;
  readonly source: string;
  readonly path: string;
  readonly state: string;
  readonly code?: string;
  readonly reason?: string;
}

const styles: Readonly<Record<string, 'green' | 'red' | 'yellow' | 'gray'>> = {
  active: 'green',
  failed: 'red',
  blocked: 'yellow',
  disabled: 'gray',
};

/** Plugins as a table, in the order of their ids; why one isn't active stands below it. */
export function pluginTable(rows: readonly PluginRow[]): string {
  const sorted = rows.toSorted((a, b) => a.id.localeCompare(b.id));
  const width = (key: 'id' | 'state' | 'version'): number => Math.max(...sorted.map((row) => row[key].length));
  const widths = { id: width('id'), state: width('state'), version: width('version') };
  return sorted.map((row) => lines(row, widths)).join('\n');
}

function lines(row: PluginRow, widths: { id: number; state: number; version: number }): string {
  const state = paint(styles[row.state] ?? 'reset', row.state.padEnd(widths.state));
  const line = `${row.id.padEnd(widths.id)}  ${state}  ${row.version.padEnd(widths.version)}  ${row.source}`.trimEnd();
  return row.reason === undefined ? line : `${line}\n  ${row.code ? `${row.code}: ` : ''}${row.reason}`;
}
