import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

/**
 * Mocha's usual report; and in the file that STELE_TEST_COUNTS names, for `test/run`, a line of numbers to add up and then
 * what failed, to be said again where everybody looks: at the end. Beside it, `<that file>.times`: the seconds of each file,
 * and `<that file>.again`: the outermost suites in which something failed, as mocha's `--grep` takes them, a line each.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const target = process.env['STELE_TEST_COUNTS'];
    const failures: string[] = [];
    const suites = new Set<string>();
    if (!target) return;
    const times = timesOf(runner);
    runner.on('fail', (test, error: Error) => {
      failures.push(`${test.titlePath().join(' › ')}\n${wordsOf(error)}\n`);
      suites.add(`^${RegExp.escape(test.titlePath()[0] ?? '')} `);
    });
    runner.once('end', () => {
      writeFileSync(target, counts(this.stats) + failures.join(''));
      writeFileSync(
        `${target}.times`,
        [...times].map(([file, time]) => `${Math.round(time / 1000)} ${file}\n`).join(''),
      );
      writeFileSync(`${target}.again`, [...suites].map((suite) => `${suite}\n`).join(''));
    });
  }
}

/** Milliseconds by file, while the run goes on. */
function timesOf(runner: Mocha.Runner): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  let from = 0;
  const isOutermost = ({ parent }: Mocha.Suite): boolean => parent?.root === true;
  runner.on('suite', (suite) => {
    if (isOutermost(suite)) from = performance.now();
  });
  runner.on('suite end', (suite) => {
    if (!isOutermost(suite)) return;
    const file = relative('.', suite.file ?? '');
    times.set(file, (times.get(file) ?? 0) + performance.now() - from);
  });
  return times;
}

function counts({ passes, failures, pending }: Mocha.Stats): string {
  return `${passes} ${failures} ${pending}\n`;
}

function wordsOf(error: Error): string {
  return (error.stack ?? String(error)).replace(/^/gm, '    ');
}
