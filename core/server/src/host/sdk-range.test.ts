import assert from 'node:assert/strict';
import type { PluginFailure } from './failure.ts';
import { checkSdkRange } from './sdk-range.ts';

describe('checkSdkRange', () => {
  const cases: [range: string, version: string, code: string | undefined][] = [
    ['^1.0.0', '1.0.0', undefined],
    ['^1.0.0', '1.9.3', undefined],
    ['^1.0.0', '1.1.0-beta.1', undefined],
    ['1.0.0', '1.0.0', undefined],
    ['1.x', '1.4.0', undefined],
    ['>=1.0.0 <3', '2.0.0', undefined],
    ['^1.0.0 || ^2.0.0', '2.1.0', undefined],
    ['^1.2.0', '1.1.0', 'SDK_MISMATCH'],
    ['^2.0.0', '1.0.0', 'SDK_MISMATCH'],
    ['^1.0.0', '2.0.0', 'SDK_MISMATCH'],
    ['^1.0.0', '2.0.0-beta.1', 'SDK_MISMATCH'],
    ['*', '1.0.0', 'MANIFEST_INVALID'],
    ['', '1.0.0', 'MANIFEST_INVALID'],
    ['>=1.0.0', '1.0.0', 'MANIFEST_INVALID'],
    ['^1.0.0 || >=2.0.0', '1.0.0', 'MANIFEST_INVALID'],
    ['latest', '1.0.0', 'MANIFEST_INVALID'],
    ['workspace:*', '1.0.0', 'MANIFEST_INVALID'],
  ];
  for (const [range, version, code] of cases) {
    it(`"${range}" on ${version}: ${code ?? 'fits'}`, () => {
      if (code === undefined) checkSdkRange(range, version);
      else
        assert.throws(
          () => checkSdkRange(range, version),
          (error: PluginFailure) => error.code === code,
        );
    });
  }
});
