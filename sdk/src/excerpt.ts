const [beginning, end] = [2_048, 4_096];

/**
 * The beginning and the end of what a program said. It may be anybody's program and say megabytes: patterns that are looked for in
 * all of it could take hours, and the log would hold it. Pure.
 */
export function excerpt(text: string): string {
  if (text.length <= beginning + end) return text;
  return `${text.slice(0, beginning)}\n…\n${text.slice(-end)}`;
}
