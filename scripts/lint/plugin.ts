/** The rules that are ours, for oxlint. Each one is proved by a violation in `test/lint`. */
import { layers } from './rule-layers.ts';
import { noDecorators } from './rule-no-decorators.ts';
import { noGlobalContainer } from './rule-no-global-container.ts';
import { noShell } from './rule-no-shell.ts';
import { noSwallow } from './rule-no-swallow.ts';
import type { Plugin } from './rule.ts';

const plugin: Plugin = {
  meta: { name: 'stele' },
  rules: {
    layers,
    'no-decorators': noDecorators,
    'no-global-container': noGlobalContainer,
    'no-shell': noShell,
    'no-swallow': noSwallow,
  },
};
export default plugin;
