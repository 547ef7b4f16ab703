import type { Context, Node, Rule } from './rule.ts';

const message = 'nothing is swallowed: handle the error, translate it, or report it';

/** An empty catch, and `.catch(() => {})`, lose an error for good. */
export const noSwallow: Rule = {
  create(context) {
    return {
      CatchClause: (node) => {
        if (node['body'].body.length === 0) context.report({ node, message });
      },
      CallExpression: (node) => checkCall(context, node),
    };
  },
};

function checkCall(context: Context, node: Node): void {
  const callee = node['callee'] as Node;
  if (callee.type !== 'MemberExpression' || callee['property'].name !== 'catch') return;
  const handler = (node['arguments'] as Node[])[0];
  if (handler && isEmptyFunction(handler)) context.report({ node: handler, message });
}

function isEmptyFunction({ type, body }: Node): boolean {
  if (type !== 'ArrowFunctionExpression' && type !== 'FunctionExpression') return false;
  return body.type === 'BlockStatement' ? body.body.length === 0 : isNothing(body as Node);
}

function isNothing(node: Node): boolean {
  return (
    (node.type === 'Identifier' && node['name'] === 'undefined') || (node.type === 'Literal' && node['value'] === null)
  );
}
