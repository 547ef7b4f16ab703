import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's usual report, and the numbers in the file that STELE_TEST_COUNTS names, for `test/run` to add up. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const target = process.env['STELE_TEST_COUNTS'];
    if (target) runner.once('end', () => writeFileSync(target, counts(this.stats)));
  }
}

function counts({ passes, failures, pending }: Mocha.Stats): string {
  return `${passes} ${failures} ${pending}\n`;
}
