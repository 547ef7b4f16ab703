import type { Rule } from './rule.ts';

/** Node.js strips types but cannot run decorators, and the bundler passes them through to a browser that cannot either. */
export const noDecorators: Rule = {
  create(context) {
    const message = 'no decorators: tokens and factories, defineEntity, static properties';
    return { Decorator: (node) => context.report({ node, message }) };
  },
};
