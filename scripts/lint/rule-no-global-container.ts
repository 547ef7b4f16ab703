import { pathOf, textOf, type Node, type Rule } from './rule.ts';

const HOME = 'core/server/src/main.ts';

/** tsyringe's global container outlives every plugin; only the program's start may touch it. */
export const noGlobalContainer: Rule = {
  create(context) {
    const isHome = pathOf(context) === HOME;
    return {
      ImportDeclaration(node) {
        if (isHome || textOf(node['source'] as Node) !== 'tsyringe') return;
        for (const part of node['specifiers'] as Node[]) {
          if (givesContainer(part))
            context.report({ node: part, message: `the global container is for ${HOME} alone` });
        }
      },
    };
  },
};

function givesContainer(part: Node): boolean {
  return part.type !== 'ImportSpecifier' || part['imported'].name === 'container';
}
