/**
 * Puts each block between its marks, `<!-- made: NAME -->` and `<!-- end: NAME -->`, in place of what is there. Pure.
 * Throws for a block without marks.
 */
export function fill(text: string, blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks).reduce((page, [name, block]) => {
    const [from, to] = [`<!-- made: ${name} -->\n`, `<!-- end: ${name} -->`];
    const [before, rest] = cut(page, from);
    const [, after] = cut(rest, to);
    return `${before}${from}${block}\n${to}${after}`;
  }, text);
}

function cut(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the page lacks the mark ${mark.trim()}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** A Markdown table. What has a meaning in a cell is escaped. Pure. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cellOf).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cellOf(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}

/** Text as code, or nothing for none. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
