/**
 * The files of a task's folder as the agent unpacks them: `=NAME`, then its lines, each after a blank, a last one without a line end
 * after a dash; a dot ends it all. Pure.
 */
export function parcelOf(files: Readonly<Record<string, string>>): string {
  return `${Object.entries(files).map(packed).join('')}.\n`;
}

function packed([name, text]: readonly [string, string]): string {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  return `=${name}\n${lines.map((line) => ` ${line}\n`).join('')}${rest === '' ? '' : `-${rest}\n`}`;
}
