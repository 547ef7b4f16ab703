import { paint } from '../terminal.ts';
import type { Finding, State } from './finding.ts';

const marks = { fine: '✓', weak: '!', broken: '✗' } as const;
const styles = { fine: 'green', weak: 'yellow', broken: 'red' } as const;

/** One line a finding, what to do below it, and the sum. */
export function asText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, says, advice }) => {
    const line = `${paint(styles[state], marks[state])} ${check.padEnd(width)}  ${says}`;
    return advice === undefined ? [line] : [line, `  ${' '.repeat(width)}  → ${advice}`];
  });
  return [...lines, '', sum(findings)].join('\n');
}

/** For programs. Pure. */
export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ broken: count(findings, 'broken'), weak: count(findings, 'weak'), findings });
}

export function count(findings: readonly Finding[], state: State): number {
  return findings.filter((finding) => finding.state === state).length;
}

function sum(findings: readonly Finding[]): string {
  const [wrong, poor] = [count(findings, 'broken'), count(findings, 'weak')];
  return wrong + poor === 0 ? 'All is well.' : `${wrong} broken, ${poor} weak`;
}
