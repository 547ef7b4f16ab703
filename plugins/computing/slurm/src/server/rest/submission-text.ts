import { quoteForReading } from '../commands/submit.ts';
import type { Order } from '../scheduler.ts';
import type { Version } from './versions.ts';

/** What hands a job over, as a command that people can read. Without the token. Pure. */
export function submissionText(url: string, { name, dialect }: Version, order: Order): string {
  const target = `${url.replace(/\/+$/, '')}/slurm/${name}/job/submit`;
  const body = JSON.stringify(dialect.submission({ ...order, script: '…' }, { PATH: '…' }), undefined, 2);
  return [
    `${quoteForReading(['curl', '--json', '@-', target])} <<'EOF'`,
    body,
    'EOF',
    '',
    '# its script:',
    order.script.trimEnd(),
  ].join('\n');
}
