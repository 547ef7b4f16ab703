import { quoteCommand, SteleError } from '@stele/sdk';
import { requestArguments } from '../launch/request.ts';
import type { Ending, Order } from '../scheduler.ts';

/**
 * The command that submits; the script is its standard input. Two jobs of one name never run at once (`singleton`), so that
 * a submission that was repeated after a crash can't start a task twice. Pure.
 */
export function submitCommand({ name, request, requeue, output }: Order): readonly string[] {
  return [
    'sbatch',
    '--parsable',
    `--job-name=${name}`,
    ...requestArguments(request),
    '--dependency=singleton',
    requeue ? '--requeue' : '--no-requeue',
    '--open-mode=append',
    `--output=${output}`,
    '--chdir=/',
    '--mail-type=NONE',
  ];
}

/** The command and its input, for people. Pure. */
export function submitText(order: Order): string {
  return [`${quoteForReading(submitCommand(order))} <<'EOF'`, order.script.trimEnd(), 'EOF'].join('\n');
}

/** Quotes only what needs it: nobody has to run this, everybody has to read it. */
export function quoteForReading(argv: readonly string[]): string {
  return argv.map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : quoteCommand([argument]))).join(' ');
}

/** Reads what `sbatch --parsable` prints: `12`, or `12;cluster`. Sites' own scripts may print before it. */
export function parseJobId(text: string): string {
  const id = text
    .split('\n')
    .map((line) => /^([1-9]\d{0,9})(?:;\S*)?$/.exec(line.trim())?.[1])
    .findLast((found) => found !== undefined);
  if (id !== undefined) return id;
  throw new SteleError('PROTOCOL', '“sbatch” didn’t say which number the job has.', { raw: text });
}

const endings: Readonly<Record<Ending, readonly string[]>> = {
  waiting: ['--state=PENDING'],
  script: ['--state=RUNNING', '--batch', '--signal=TERM'],
  all: [],
};

/** The command that ends jobs of one account by their name. Pure. */
export function endCommand(user: string, name: string, which: Ending, id?: string): readonly string[] {
  const one = id === undefined ? [] : [id];
  return ['scancel', '--quiet', `--user=${user}`, `--name=${name}`, ...endings[which], ...one];
}
