import { relative, sep } from 'node:path';

/** A node of the syntax tree (ESTree): its fields depend on its type, and a rule reads only those of the types it asked for. */
export interface Node {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- the tree is not typed by oxlint's plugin interface
  readonly [field: string]: any;
}

export interface Context {
  readonly filename: string;
  readonly cwd: string;
  report(finding: { node: Node; message: string }): void;
}

export interface Rule {
  create(context: Context): Record<string, (node: Node) => void>;
}

export interface Plugin {
  readonly meta: { readonly name: string };
  readonly rules: Readonly<Record<string, Rule>>;
}

/** The linted file's path below the repository's root, with forward slashes. */
export function pathOf({ filename, cwd }: Context): string {
  return relative(cwd, filename).split(sep).join('/');
}

/** The text of a string literal, or nothing for any other expression. */
export function textOf(node: Node | null | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}
