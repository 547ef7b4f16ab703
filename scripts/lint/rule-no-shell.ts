import { textOf, type Context, type Node, type Rule } from './rule.ts';

const SHELLS = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|dash|zsh)$/;
const STARTERS = new Set(['spawn', 'spawnSync', 'execFile', 'execFileSync']);
const message = 'no shell strings: spawn or execFile with an argument list';

/** A program is started with a list of arguments; text that a shell would parse is never built. */
export const noShell: Rule = {
  create(context) {
    return {
      ImportDeclaration: (node) => checkImport(context, node),
      ImportExpression: (node) => {
        if (isChildProcess(node)) context.report({ node, message: 'import child_process by name, at the top' });
      },
      Property: (node) => {
        if (keyOf(node) === 'shell' && node['value'].value === true) context.report({ node, message });
      },
      CallExpression: (node) => checkCall(context, node),
    };
  },
};

function isChildProcess(node: Node): boolean {
  return /^(node:)?child_process$/.test(textOf(node['source'] as Node) ?? '');
}

function checkImport(context: Context, node: Node): void {
  if (!isChildProcess(node) || node['importKind'] === 'type') return;
  for (const part of node['specifiers'] as Node[]) {
    const isNamed = part.type === 'ImportSpecifier';
    if (!isNamed || ['exec', 'execSync'].includes(part['imported'].name)) context.report({ node: part, message });
  }
}

function checkCall(context: Context, node: Node): void {
  if (!STARTERS.has(calleeName(node['callee'] as Node))) return;
  const [program, list, ...rest] = node['arguments'] as Node[];
  const asksForText = list?.type === 'ArrayExpression' && list['elements'].some(isCommandFlag);
  if (SHELLS.test(textOf(program) ?? '') && asksForText) context.report({ node, message });
  for (const option of [list, ...rest]) {
    if (option?.type === 'ObjectExpression' && option['properties'].some(namesShell)) context.report({ node, message });
  }
}

function calleeName(callee: Node): string {
  return (callee.type === 'MemberExpression' ? callee['property'].name : callee['name']) ?? '';
}

function isCommandFlag(element: Node | null): boolean {
  return /^-[a-z]*c$/.test(textOf(element) ?? '');
}

function namesShell(property: Node): boolean {
  return keyOf(property) === 'shell' && property['value'].value !== false && property['value'].value !== true;
}

function keyOf(property: Node): string | undefined {
  if (property.type !== 'Property') return undefined;
  return property['computed'] ? textOf(property['key']) : (property['key'].name ?? textOf(property['key']));
}
