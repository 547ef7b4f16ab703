import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's usual report; and in the file that STELE_TEST_COUNTS names, for `test/run`, a line of numbers to add up and then
 * what failed, to be said again where everybody looks: at the end.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const target = process.env['STELE_TEST_COUNTS'];
    const failures: string[] = [];
    if (!target) return;
    runner.on('fail', (test, error: Error) => failures.push(`${test.titlePath().join(' › ')}\n${wordsOf(error)}\n`));
    runner.once('end', () => writeFileSync(target, counts(this.stats) + failures.join('')));
  }
}

function counts({ passes, failures, pending }: Mocha.Stats): string {
  return `${passes} ${failures} ${pending}\n`;
}

function wordsOf(error: Error): string {
  return (error.stack ?? String(error)).replace(/^/gm, '    ');
}
