import type { Context, Node, Rule } from './rule.ts';

const message = 'nothing is swallowed: handle the error, translate it, or report it';

/** An empty catch, `.catch(() => {})`, and a `.catch(() => undefined)` whose result nobody reads, lose an error for good. */
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
  if (handler && (isEmptyFunction(handler) || (givesNothing(handler) && isUnread(node))))
    context.report({ node: handler, message });
}

function isEmptyFunction({ type, body }: Node): boolean {
  return isFunction(type) && body.type === 'BlockStatement' && body.body.length === 0;
}

function givesNothing({ type, body }: Node): boolean {
  if (!isFunction(type)) return false;
  return (body.type === 'Identifier' && body.name === 'undefined') || (body.type === 'Literal' && body.value === null);
}

function isFunction(type: string): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}

function isUnread(call: Node): boolean {
  const parent = call['parent'] as Node;
  return parent.type === 'AwaitExpression' || parent.type === 'UnaryExpression'
    ? isUnread(parent)
    : parent.type === 'ExpressionStatement';
}
