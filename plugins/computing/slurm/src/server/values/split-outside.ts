/** Splits at commas that stand outside brackets. */
export function splitOutside(text: string, open: string, close: string): readonly string[] {
  let depth = 0;
  const parts = [''];
  for (const letter of text) {
    if (letter === open) depth += 1;
    if (letter === close) depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part !== '');
}
