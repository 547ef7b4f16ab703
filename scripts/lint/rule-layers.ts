import { layerViolation } from './layers.ts';
import { pathOf, textOf, type Context, type Node, type Rule } from './rule.ts';

/** Every way to name another module ends here: import, export from, import(), import type. */
export const layers: Rule = {
  create(context) {
    return {
      ImportDeclaration: (node) => check(context, node, node['importKind'] === 'type'),
      ExportNamedDeclaration: (node) => check(context, node, node['exportKind'] === 'type'),
      ExportAllDeclaration: (node) => check(context, node, node['exportKind'] === 'type'),
      ImportExpression: (node) => check(context, node, false),
      TSImportType: (node) => check(context, node, true),
    };
  },
};

function check(context: Context, node: Node, typeOnly: boolean): void {
  const specifier = textOf(node['source'] as Node | null);
  if (specifier === undefined) return;
  const message = layerViolation({ from: pathOf(context), specifier, typeOnly });
  if (message) context.report({ node, message });
}
